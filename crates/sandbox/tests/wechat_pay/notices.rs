//! Notices: repeated, doubled, late, out of order, lost, spoiled, too early.

use std::time::Duration;

use providers::wechat_pay::{notice::NoticeError, refund::Status, verify::VerifyError};
use sandbox::{books::notice::RETRIES_S, faults::Kind};

use crate::harness::{Bench, MINUTE, known};

async fn refund(bench: &Bench, no: &str) {
    let id = bench.paid(100);
    known(bench.apply(&id, no, 100, 100).await);
}

#[tokio::test]
async fn a_notice_has_the_form_seen_in_the_wild() {
    let bench = Bench::new().await;
    refund(&bench, "R-1").await;
    bench.pass(MINUTE).await;

    let received = &bench.receiver.received()[0];
    let body: serde_json::Value = serde_json::from_slice(&received.body).unwrap();
    let header = |name: &str| received.headers[name].to_str().unwrap().to_owned();

    assert_eq!(body["event_type"], "REFUND.SUCCESS");
    assert_eq!(body["resource_type"], "encrypt-resource");
    assert_eq!(body["summary"], "退款成功");
    assert_eq!(body["id"].as_str().unwrap().len(), 36);
    assert!(body["create_time"].as_str().unwrap().ends_with("+08:00"));
    assert_eq!(body["resource"]["original_type"], "refund");
    assert_eq!(body["resource"]["associated_data"], "refund");
    assert_eq!(body["resource"]["nonce"].as_str().unwrap().len(), 12);
    assert_eq!(header("content-type"), "application/json");
    assert_eq!(header("wechatpay-nonce").len(), 32);
    assert_eq!(header("wechatpay-signature-type"), "WECHATPAY2-SHA256-RSA2048");
    assert!(header("request-id").ends_with("-0"));
}

#[tokio::test]
async fn an_unanswered_notice_comes_again_by_the_schedule_with_the_same_id() {
    let bench = Bench::new().await;
    bench.receiver.answers(&[500; 20]);
    refund(&bench, "R-1").await;
    bench.pass(Duration::from_secs(3)).await;
    assert_eq!(bench.receiver.count(), 1);

    for (index, seconds) in RETRIES_S.into_iter().enumerate() {
        let seconds = u64::try_from(seconds).unwrap();
        bench.pass(Duration::from_secs(seconds - 1)).await;
        assert_eq!(bench.receiver.count(), index + 1, "before retry {index}");
        bench.pass(Duration::from_secs(1)).await;
        assert_eq!(bench.receiver.count(), index + 2, "at retry {index}");
    }
    bench.pass(Duration::from_secs(7 * 86_400)).await;

    assert_eq!(bench.receiver.count(), 16);
    let ids: Vec<_> = bench.opened().into_iter().map(|notice| notice.unwrap().id).collect();
    assert!(ids.iter().all(|id| *id == ids[0]));
}

#[tokio::test]
async fn an_answered_notice_does_not_come_again() {
    let bench = Bench::new().await;
    bench.receiver.answers(&[500, 200]);
    refund(&bench, "R-1").await;

    for _ in 0..100 {
        bench.pass(MINUTE).await;
    }

    assert_eq!(bench.receiver.count(), 2);
}

#[tokio::test]
async fn a_notice_may_come_twice() {
    let bench = Bench::new().await;
    bench.fault(Kind::NoticeDuplicate);
    refund(&bench, "R-1").await;
    bench.pass(MINUTE).await;

    let ids: Vec<_> = bench.opened().into_iter().map(|notice| notice.unwrap().id).collect();

    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0], ids[1]);
}

#[tokio::test]
async fn a_notice_may_be_late_or_lost() {
    let bench = Bench::new().await;
    bench.fault(Kind::NoticeLate { seconds: 3_600 });
    refund(&bench, "R-1").await;
    bench.pass(MINUTE).await;
    bench.fault(Kind::NoticeLost);
    refund(&bench, "R-2").await;
    bench.pass(MINUTE).await;
    assert_eq!(bench.receiver.count(), 0);

    bench.pass(MINUTE * 60).await;

    assert_eq!(bench.told(), [("R-1".into(), Status::Success)]);
    assert_eq!(known(bench.query("R-2").await).status, Status::Success);
}

#[tokio::test]
async fn notices_may_come_out_of_order() {
    let bench = Bench::new().await;
    bench.fault(Kind::NoticeHeld);
    refund(&bench, "R-1").await;
    bench.pass(Duration::from_secs(5)).await;
    assert_eq!(bench.receiver.count(), 0);
    refund(&bench, "R-2").await;
    bench.pass(Duration::from_secs(5)).await;

    let order: Vec<_> = bench.told().into_iter().map(|(no, _)| no).collect();

    assert_eq!(order, ["R-2", "R-1"]);
}

#[tokio::test]
async fn a_spoiled_notice_is_refused_and_comes_again_properly_signed() {
    type Refused = fn(&NoticeError) -> bool;
    let cases: [(Kind, Refused); 3] = [
        (Kind::NoticeProbe, NoticeError::is_probe),
        (Kind::NoticeWrongSerial, |error| {
            matches!(error, NoticeError::Unverified(VerifyError::UnknownSerial(_)))
        }),
        (Kind::NoticeStale, |error| matches!(error, NoticeError::Unverified(VerifyError::Skew(_)))),
    ];
    for (kind, refused) in cases {
        let bench = Bench::new().await;
        bench.receiver.answers(&[401]);
        bench.fault(kind.clone());
        refund(&bench, "R-1").await;
        bench.pass(Duration::from_secs(3)).await;
        bench.pass(Duration::from_secs(15)).await;

        let opened = bench.opened();

        assert_eq!(opened.len(), 2, "{kind:?}");
        assert!(refused(opened[0].as_ref().unwrap_err()), "{kind:?}: {:?}", opened[0]);
        assert!(opened[1].is_ok(), "{kind:?}: {:?}", opened[1]);
    }
}

#[tokio::test]
async fn a_notice_may_come_before_the_answer_to_the_application() {
    let bench = Bench::new().await;
    let id = bench.paid(100);
    bench.fault(Kind::NoticeBeforeAnswer);

    let answer = known(bench.apply(&id, "R-1", 100, 100).await);

    // No tick in between: the notice was there before the answer was.
    assert_eq!(bench.told(), [("R-1".into(), Status::Success)]);
    assert_eq!(answer.status, Status::Processing);
}

#[tokio::test]
async fn no_address_no_notice() {
    let bench = Bench::new().await;
    let id = bench.paid(100);
    let mut draft = bench.draft(&id, "R-1", 100, 100);
    draft.notify_url = None;
    let apply = providers::wechat_pay::refund::apply::Apply::new(draft).unwrap();
    let nonce = crate::harness::nonce();
    known(bench.pay.apply_refund(&apply, bench.stamp(&nonce)).await);

    bench.pass(MINUTE).await;

    assert_eq!(bench.receiver.count(), 0);
    assert_eq!(bench.sandbox.books().notices().count(), 0);
}
