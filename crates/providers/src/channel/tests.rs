//! What the channel makes of answers, without a socket.

use super::{Account, Accounts};
use crate::{
    client::{Fault, Transport},
    http::{Request, Response},
    pace::Pace,
    wechat_pay::{
        WechatPay,
        fixtures::{self, NOW_S},
    },
};
use async_trait::async_trait;
use domain::{
    command::RefundNews,
    effect::{Effect, RefundOrder},
    event::SealedCard,
    id::{CaseId, RefundNo, ShopId, TransactionId},
    moment::Moment,
    money::Money,
};
use engine::{
    ports::{Asked, Channel, Next, Outcome},
    pump::LEASE,
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

/// Answers in the order given, whatever is asked.
#[derive(Debug)]
struct Script(Mutex<Vec<Response>>);

#[async_trait]
impl Transport for Script {
    async fn send(&self, _: &Request) -> Result<Response, Fault> {
        Ok(self.0.lock().unwrap().remove(0))
    }
}

fn refund(status: &str) -> Response {
    let body = format!(
        r#"{{"refund_id":"5000","out_refund_no":"R-1","transaction_id":"4200","out_trade_no":"O-1",
        "create_time":"2020-12-01T16:18:12+08:00","status":"{status}",
        "amount":{{"total":100,"refund":30,"payer_total":100,"payer_refund":30,"currency":"CNY"}}}}"#
    );
    fixtures::signed(fixtures::response(200, &body))
}

async fn to_card(answers: Vec<Response>) -> Outcome {
    let effect = Effect::RefundToCard {
        refund_no: RefundNo::parse("R-1").unwrap(),
        channel_no: "5000".into(),
        sealed: SealedCard {
            bank_type: "ICBC_DEBIT".into(),
            bank_account: "sealed".into(),
            real_name: "sealed".into(),
            key_id: fixtures::PUBLIC_KEY_ID.into(),
        },
    };
    carried_out(&effect, (2, ""), answers).await
}

/// What comes of an attempt of a refund, with what the one before left.
async fn refunded(attempt: (u32, &str), answers: Vec<Response>) -> Outcome {
    let yuan = |minor| Money::cny(minor).unwrap();
    let effect = Effect::Refund(RefundOrder {
        refund_no: RefundNo::parse("R-1").unwrap(),
        case_id: CaseId::parse("00000000-0000-0000-0000-000000000001").unwrap(),
        transaction_id: TransactionId::parse("4200").unwrap(),
        amount: yuan(30),
        total: yuan(100),
    });
    carried_out(&effect, attempt, answers).await
}

async fn carried_out(
    effect: &Effect,
    (attempt, note): (u32, &str),
    answers: Vec<Response>,
) -> Outcome {
    let line = WechatPay::new(Script(Mutex::new(answers)), fixtures::public_key_credentials());
    let account = Account {
        line: Arc::new(line),
        notify_url: None,
        renews: false,
        pace: Arc::new(Pace::per_second(150)),
        nonce: || "0123456789abcdef".to_owned(),
    };
    let shop_id = ShopId::parse("shop").unwrap();
    let accounts = Accounts::new(BTreeMap::from([(shop_id.clone(), account)]));
    let at = Moment::from_seconds(NOW_S);
    let asked = Asked { shop_id: &shop_id, effect, attempt, note, at };
    accounts.carry_out(&asked).await
}

#[tokio::test]
async fn a_card_refused_because_the_first_application_was_taken_is_no_failure() {
    let refused = fixtures::response(400, r#"{"code":"INVALID_REQUEST","message":"状态不对"}"#);

    let outcome = to_card(vec![refused.clone(), refund("SUCCESS")]).await;
    assert_eq!(outcome.next, Next::Settle);
    assert!(matches!(outcome.news, Some(RefundNews::Succeeded { .. })));

    let outcome = to_card(vec![refused, refund("ABNORMAL")]).await;
    assert_eq!(outcome.next, Next::Bury { note: "INVALID_REQUEST".into() });
}

/// Two processes may ask for the same refund when a lease has run out: the one that is told no
/// must not say so while the other may be told yes.
#[tokio::test]
async fn a_final_no_is_believed_when_the_number_is_not_known_later() {
    let gone = fixtures::response(403, r#"{"code":"USER_ACCOUNT_ABNORMAL","message":"注销"}"#);
    let unheard = fixtures::response(404, r#"{"code":"RESOURCE_NOT_EXISTS","message":"不存在"}"#);

    let first = refunded((1, ""), vec![gone]).await;
    assert_eq!(first.news, Some(RefundNews::Unknown));
    let Next::Again { after, note } = first.next else { panic!("{:?}", first.next) };
    assert!(after > LEASE, "requests of an earlier lease may be on their way: {after:?}");

    let taken = refunded((2, &note), vec![refund("PROCESSING")]).await;
    assert!(matches!(taken.news, Some(RefundNews::Processing { .. })), "{taken:?}");
    assert_eq!(taken.next, Next::Settle);

    let refused = refunded((2, &note), vec![unheard.clone()]).await;
    let code = "USER_ACCOUNT_ABNORMAL".to_owned();
    assert_eq!(refused.news, Some(RefundNews::Declined { code }));
    assert_eq!(refused.next, Next::Settle);

    let lost = refunded((2, "no answer"), vec![unheard, refund("PROCESSING")]).await;
    assert!(matches!(lost.news, Some(RefundNews::Processing { .. })), "it is sent again: {lost:?}");
}
