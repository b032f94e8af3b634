//! A killed sandbox wakes up with the same books.

use providers::wechat_pay::refund::Status;
use sandbox::{config::KeyMode, faults::Kind};

use crate::harness::{Bench, DAY, MCHID, MINUTE, config, known};

#[tokio::test]
async fn books_clock_and_unanswered_notices_survive_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let kept = || {
        let mut kept = config(KeyMode::PublicKey);
        kept.journal = Some(folder.path().join("books.jsonl"));
        kept
    };
    let bench = Bench::with(kept()).await;
    let (id, other) = (bench.paid(10_000), bench.paid(100));
    bench.receiver.answers(&[500]);
    bench.fault(Kind::RefundAbnormal);
    known(bench.apply(&id, "R-1", 5_000, 10_000).await);
    bench.pass(DAY).await;
    known(bench.apply(&other, "R-2", 100, 100).await);
    let before = bench.sandbox.books();
    let Bench { sandbox, receiver, .. } = bench;
    let was_s = sandbox.now_s();
    drop(sandbox);

    let bench = Bench { receiver, ..Bench::with(kept()).await };

    assert_eq!(bench.sandbox.books(), before);
    assert!(bench.sandbox.now_s() >= was_s);
    assert_eq!(known(bench.query("R-1").await).status, Status::Abnormal);
    bench.pass(MINUTE).await;
    assert_eq!(known(bench.query("R-2").await).status, Status::Success);
    assert_eq!(bench.receiver.count(), 3);
    assert_eq!(bench.sandbox.books().balance_fen(MCHID), before.balance_fen(MCHID));
}
