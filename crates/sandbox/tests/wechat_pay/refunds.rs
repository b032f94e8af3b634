//! What happens to a refund when nothing goes wrong, and when the buyer's account does.

use providers::wechat_pay::{
    answer::{Answer, Retry},
    private::Private,
    refund::{
        Status,
        abnormal::{Bank, Route, SealedBankCard},
    },
    transaction::{self, TradeState},
};
use sandbox::{
    books::transaction::{Card, PayerAccount},
    faults::Kind,
};

use crate::harness::{BALANCE_FEN, Bench, MCHID, MINUTE, declined, known, nonce};

#[tokio::test]
async fn a_refund_is_accepted_then_done_then_told() {
    let bench = Bench::new().await;
    let id = bench.paid(9_900);

    let accepted = known(bench.apply(&id, "R-1", 9_900, 9_900).await);
    bench.pass(MINUTE).await;
    let done = known(bench.query("R-1").await);

    assert_eq!(accepted.status, Status::Processing);
    assert_eq!(accepted.success_time, None);
    assert_eq!(accepted.refund_id.len(), 29);
    assert_eq!(done.status, Status::Success);
    assert_eq!(done.refund_id, accepted.refund_id);
    assert_eq!(done.channel.as_deref(), Some("ORIGINAL"));
    assert_eq!(done.user_received_account.unwrap().reveal(), "支付用户零钱");
    assert_eq!(done.success_time.unwrap().unix_s() - done.create_time.unix_s(), 3);
    assert_eq!(bench.told(), [("R-1".into(), Status::Success)]);
}

#[tokio::test]
async fn the_same_number_refunds_once_however_often_it_is_sent() {
    let bench = Bench::new().await;
    let id = bench.paid(10_000);

    let first = known(bench.apply(&id, "R-1", 5_000, 10_000).await);
    let second = known(bench.apply(&id, "R-1", 5_000, 10_000).await);
    bench.pass(MINUTE).await;
    let third = known(bench.apply(&id, "R-1", 5_000, 10_000).await);

    assert_eq!(first, second);
    assert_eq!((third.refund_id, third.status), (first.refund_id, Status::Success));
    let books = bench.sandbox.books();
    assert_eq!(books.refunds().count(), 1);
    assert_eq!(books.refunded_fen(&id), 5_000);
    // 50 yuan less the fee that comes back.
    assert_eq!(books.balance_fen(MCHID), BALANCE_FEN - 4_970);
    assert_eq!(bench.receiver.count(), 1);
}

#[tokio::test]
async fn a_race_of_the_same_number_refunds_once_and_of_two_numbers_never_too_much() {
    let bench = Bench::new().await;
    let (id, other) = (bench.paid(10_000), bench.paid(10_000));

    let same = futures_util::future::join_all((0..8).map(|_| bench.apply(&id, "R-1", 100, 10_000)));
    let ids: Vec<_> = same.await.into_iter().map(|answer| known(answer).refund_id).collect();
    let two = ["R-2", "R-3"].map(|no| bench.apply(&other, no, 6_000, 10_000));
    let accepted = futures_util::future::join_all(two).await;

    assert!(ids.iter().all(|refund_id| *refund_id == ids[0]));
    let known = accepted.iter().filter(|answer| matches!(answer, Answer::Known(_))).count();
    assert_eq!(known, 1);
    assert_eq!(bench.sandbox.books().refunded_fen(&other), 6_000);
}

#[tokio::test]
async fn the_same_number_with_other_amounts_or_another_order_is_refused() {
    let bench = Bench::new().await;
    let (id, other) = (bench.paid(10_000), bench.paid(10_000));
    known(bench.apply(&id, "R-1", 5_000, 10_000).await);

    let amount = declined(bench.apply(&id, "R-1", 4_000, 10_000).await);
    let order = declined(bench.apply(&other, "R-1", 5_000, 10_000).await);

    assert_eq!((amount.http_status, amount.code.as_str()), (400, "INVALID_REQUEST"));
    assert_eq!(amount.message, "订单金额或退款金额与之前请求不一致，请核实后再试");
    assert_eq!(order.message, "您的请求参数与订单信息不一致");
    assert!(order.request_id.unwrap().ends_with("-268498688"));
    assert_eq!(bench.sandbox.books().refunded_fen(&id), 5_000);
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    let bench = Bench::new().await;

    let order = declined(bench.apply("4200000000000000000000000000", "R-1", 1, 1).await);
    let Answer::NotFound(refund) = bench.query("R-1").await else { panic!("found") };

    assert_eq!((order.http_status, order.code.as_str()), (404, "RESOURCE_NOT_EXISTS"));
    assert_eq!(refund.code, "RESOURCE_NOT_EXISTS");
}

#[tokio::test]
async fn a_coupon_is_shared_between_the_parts() {
    let bench = Bench::new().await;
    let id = bench.put(|payment| payment.payer_total_fen = 700, 1_000);

    let first = known(bench.apply(&id, "R-1", 900, 1_000).await);
    bench.pass(MINUTE).await;
    let last = known(bench.apply(&id, "R-2", 100, 1_000).await);

    assert_eq!(first.amount.payer_refund_fen, 630);
    assert_eq!(first.amount.discount_refund_fen, Some(270));
    assert_eq!(first.amount.settlement_total_fen, Some(700));
    assert_eq!(first.promotion_detail[0].refund_amount_fen, 270);
    assert_eq!(last.amount.payer_refund_fen, 70);
}

#[tokio::test]
async fn too_little_money_is_refused_and_the_same_number_works_after_topping_up() {
    let bench = Bench::new().await;
    let id = bench.paid(10_000);
    bench.sandbox.set_balance(MCHID, 100).unwrap();

    let refused = declined(bench.apply(&id, "R-1", 10_000, 10_000).await);
    bench.sandbox.set_balance(MCHID, BALANCE_FEN).unwrap();
    let accepted = known(bench.apply(&id, "R-1", 10_000, 10_000).await);

    assert_eq!((refused.http_status, refused.code.as_str()), (403, "NOT_ENOUGH"));
    assert_eq!(refused.message, "基本账户余额不足，请充值后重新发起");
    assert_eq!(refused.retry, Retry::AfterTopUp);
    assert_eq!(accepted.status, Status::Processing);
}

#[tokio::test]
async fn an_abnormal_refund_reaches_a_card_of_the_buyer() {
    let bench = Bench::new().await;
    let card = Card { bank: "招商银行".into(), last_four: "0403".into() };
    let id = bench.put(|payment| payment.payer_account = PayerAccount::CreditCard(card), 9_900);
    bench.fault(Kind::RefundAbnormal);
    let refund = known(bench.apply(&id, "R-1", 9_900, 9_900).await);
    bench.pass(MINUTE).await;

    let abnormal = known(bench.query("R-1").await);
    let again = known(bench.to_card(&refund.refund_id, "R-1", "6225880000001234").await);
    bench.pass(MINUTE).await;
    let done = known(bench.query("R-1").await);

    assert_eq!(abnormal.status, Status::Abnormal);
    assert_eq!(abnormal.user_received_account.unwrap().reveal(), "招商银行信用卡0403");
    assert_eq!(again.status, Status::Processing);
    assert_eq!(done.status, Status::Success);
    assert_eq!(done.channel.as_deref(), Some("OTHER_BANKCARD"));
    assert_eq!(done.user_received_account.unwrap().reveal(), "招商银行借记卡1234");
    assert_eq!(bench.told(), [("R-1".into(), Status::Abnormal), ("R-1".into(), Status::Success)]);
}

#[tokio::test]
async fn a_card_sealed_when_it_was_named_is_opened_when_it_is_needed() {
    let bench = Bench::new().await;
    let id = bench.paid(100);
    let (account, name) = (Private::new("6225880000001234"), Private::new("张三"));
    let payee = (Bank::IcbcDebit, &account, &name);
    let credentials = bench.pay.credentials();
    let card = SealedBankCard::seal(&credentials, payee, bench.sandbox.now_s()).unwrap();
    bench.fault(Kind::RefundAbnormal);
    let refund = known(bench.apply(&id, "R-1", 100, 100).await);
    bench.pass(MINUTE).await;

    let again = known(bench.abnormal(&refund.refund_id, "R-1", Route::Sealed(card)).await);

    assert_eq!(again.user_received_account.unwrap().reveal(), "工商银行借记卡1234");
}

#[tokio::test]
async fn an_abnormal_refund_can_come_back_to_the_merchant() {
    let bench = Bench::new().await;
    let id = bench.paid(100);
    bench.fault(Kind::RefundAbnormal);
    let refund = known(bench.apply(&id, "R-1", 100, 100).await);
    bench.pass(MINUTE).await;

    let again = bench.abnormal(&refund.refund_id, "R-1", Route::MerchantBankCard).await;

    assert_eq!(known(again).user_received_account.unwrap().reveal(), "商户结算银行账户");
}

#[tokio::test]
async fn only_an_abnormal_refund_with_a_real_card_is_sent_another_way() {
    let bench = Bench::new().await;
    let (id, other) = (bench.paid(100), bench.paid(100));
    let processing = known(bench.apply(&other, "R-2", 100, 100).await);
    bench.fault(Kind::RefundAbnormal);
    let refund = known(bench.apply(&id, "R-1", 100, 100).await);
    bench.pass(MINUTE).await;
    let card = "6225880000001234";

    let not_abnormal = declined(bench.to_card(&processing.refund_id, "R-2", card).await);
    let other_number = declined(bench.to_card(&refund.refund_id, "R-2", card).await);
    let no_card = declined(bench.to_card(&refund.refund_id, "R-1", "not-a-card").await);
    let nobody = declined(bench.to_card("50000000", "R-1", card).await);

    assert_eq!(not_abnormal.code, "INVALID_REQUEST");
    assert_eq!(other_number.code, "INVALID_REQUEST");
    assert_eq!(no_card.code, "PARAM_ERROR");
    assert_eq!((nobody.http_status, nobody.code.as_str()), (404, "RESOURCE_NOT_EXISTS"));
}

#[tokio::test]
async fn an_order_says_refund_from_the_first_part_on() {
    let bench = Bench::new().await;
    let id = bench.paid(10_000);
    let query = transaction::Query::new(&id).unwrap();
    let state = async || {
        let nonce = nonce();
        let answer = bench.pay.query_transaction(&query, bench.stamp(&nonce)).await;
        let Answer::Known(transaction) = answer else { panic!("{answer:?}") };
        (transaction.trade_state, transaction.amount.unwrap().total_fen)
    };

    assert_eq!(state().await, (TradeState::Success, 10_000));
    known(bench.apply(&id, "R-1", 1, 10_000).await);
    assert_eq!(state().await, (TradeState::Refund, 10_000));
}

#[tokio::test]
async fn an_unknown_order_is_not_found() {
    let bench = Bench::new().await;
    let query = transaction::Query::new("4200000000000000000000000000").unwrap();
    let nonce = nonce();

    let answer = bench.pay.query_transaction(&query, bench.stamp(&nonce)).await;

    assert!(matches!(answer, Answer::NotFound(_)), "{answer:?}");
}
