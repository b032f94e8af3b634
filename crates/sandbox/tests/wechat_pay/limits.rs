//! The published limits: parts, minutes, days, sums, and a week without money.

use std::time::Duration;

use providers::wechat_pay::{answer::Why, refund::Status};
use sandbox::faults::{Fault, Kind, Scope};

use crate::harness::{BALANCE_FEN, Bench, DAY, MCHID, MINUTE, declined, known, unknown};

#[tokio::test]
async fn two_refunds_of_one_order_are_a_minute_apart() {
    let bench = Bench::new().await;
    let id = bench.paid(100);
    known(bench.apply(&id, "R-1", 1, 100).await);

    bench.pass(Duration::from_secs(59)).await;
    let too_soon = unknown(bench.apply(&id, "R-2", 1, 100).await);
    let other_order = bench.apply(&bench.paid(100), "R-3", 1, 100).await;
    bench.pass(Duration::from_secs(1)).await;
    let in_time = bench.apply(&id, "R-2", 1, 100).await;

    assert_eq!(too_soon, Why::TooMany { code: "FREQUENCY_LIMITED".into() });
    known(other_order);
    known(in_time);
}

#[tokio::test]
async fn an_order_is_refunded_in_fifty_parts_at_most() {
    let bench = Bench::new().await;
    let id = bench.paid(100);
    for part in 0..50 {
        known(bench.apply(&id, &format!("R-{part}"), 1, 100).await);
        bench.pass(MINUTE).await;
    }

    let refused = declined(bench.apply(&id, "R-50", 1, 100).await);

    assert_eq!(refused.code, "INVALID_REQUEST");
    assert_eq!(bench.sandbox.books().refunds_of(&id).count(), 50);
    assert_eq!(bench.receiver.count(), 50);
}

#[tokio::test]
async fn a_year_after_payment_nothing_is_refunded() {
    let bench = Bench::new().await;
    let id = bench.paid(100);

    bench.pass(DAY * 365).await;
    known(bench.apply(&id, "R-1", 1, 100).await);
    bench.pass(MINUTE).await;
    let refused = declined(bench.apply(&id, "R-2", 1, 100).await);

    assert_eq!(refused.code, "INVALID_REQUEST");
}

#[tokio::test]
async fn never_more_than_was_paid() {
    let bench = Bench::new().await;
    let id = bench.paid(100);
    known(bench.apply(&id, "R-1", 60, 100).await);
    bench.pass(MINUTE).await;

    let too_much = declined(bench.apply(&id, "R-2", 41, 100).await);
    let wrong_total = declined(bench.apply(&id, "R-2", 40, 99).await);
    known(bench.apply(&id, "R-2", 40, 100).await);
    bench.pass(MINUTE).await;
    let after_all = declined(bench.apply(&id, "R-3", 1, 100).await);

    assert_eq!(too_much.message, "refund_fee大于可退金额");
    assert_eq!(wrong_total.code, "INVALID_REQUEST");
    assert_eq!(after_all.message, "订单已全额退款");
}

#[tokio::test]
async fn a_week_without_money_closes_a_refund_and_frees_its_part() {
    let bench = Bench::new().await;
    let id = bench.paid(100);
    bench.fault(Kind::RefundShort);
    known(bench.apply(&id, "R-1", 100, 100).await);

    bench.pass(DAY * 7 - Duration::from_secs(1)).await;
    let waiting = known(bench.query("R-1").await);
    bench.pass(Duration::from_secs(1)).await;
    let closed = known(bench.query("R-1").await);
    let again = known(bench.apply(&id, "R-1", 100, 100).await);
    let new_number = known(bench.apply(&id, "R-2", 100, 100).await);

    assert_eq!(waiting.status, Status::Processing);
    assert_eq!(closed.status, Status::Closed);
    assert_eq!(again.status, Status::Closed);
    assert_eq!(new_number.status, Status::Processing);
    assert_eq!(bench.told(), [("R-1".into(), Status::Closed)]);
}

#[tokio::test]
async fn money_within_the_week_pays_a_waiting_refund() {
    let bench = Bench::new().await;
    let id = bench.paid(100);
    bench.fault(Kind::RefundShort);
    known(bench.apply(&id, "R-1", 100, 100).await);
    bench.pass(DAY).await;

    bench.sandbox.set_balance(MCHID, 500).unwrap();
    bench.pass(MINUTE).await;

    assert_eq!(known(bench.query("R-1").await).status, Status::Success);
    // 100 fen less the fee of one that comes back.
    assert_eq!(bench.sandbox.books().balance_fen(MCHID), 401);
}

#[tokio::test]
async fn a_closed_refund_gives_the_money_back_to_the_merchant() {
    let bench = Bench::new().await;
    let id = bench.paid(10_000);
    bench.fault(Kind::RefundClosed);

    known(bench.apply(&id, "R-1", 10_000, 10_000).await);
    assert!(bench.sandbox.books().balance_fen(MCHID) < BALANCE_FEN);
    bench.pass(MINUTE).await;

    assert_eq!(known(bench.query("R-1").await).status, Status::Closed);
    assert_eq!(bench.sandbox.books().balance_fen(MCHID), BALANCE_FEN);
}

#[tokio::test]
async fn the_books_balance_whatever_happens() {
    let bench = Bench::new().await;
    bench.sandbox.add_fault(Fault {
        scope: Scope::OutRefundNo("R-7".into()),
        ..Fault::next(Kind::RefundClosed)
    });
    for order in 0..10 {
        let id = bench.put(|payment| payment.payer_total_fen -= order * 7, 1_000);
        known(bench.apply(&id, &format!("R-{order}"), 333, 1_000).await);
        known(bench.apply(&id, &format!("R-{order}"), 333, 1_000).await);
        bench.pass(MINUTE).await;
    }

    let books = bench.sandbox.books();
    let open = || books.refunds().filter(|refund| !refund.is_closed());
    let debited_fen: i64 = open().map(|refund| refund.shares.debited_fen).sum();
    let told: Vec<_> = bench.told();

    assert_eq!(books.refunds().count(), 10);
    assert_eq!(open().count(), 9);
    assert_eq!(books.balance_fen(MCHID), BALANCE_FEN - debited_fen);
    assert_eq!(told.len(), 10);
    for transaction in books.transactions() {
        assert!(books.refunded_fen(&transaction.transaction_id) <= transaction.total_fen);
    }
    for refund in books.refunds() {
        let shares = refund.shares;
        assert_eq!(shares.payer_refund_fen + shares.discount_refund_fen, refund.refund_fen);
        assert_eq!(shares.settlement_refund_fen - shares.fee_returned_fen, shares.debited_fen);
    }
}
