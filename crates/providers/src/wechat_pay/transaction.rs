//! The payment behind an order, asked for by WeChat's number.

use serde::{Deserialize, Serialize};

use super::{
    answer::{Answer, Why, breakage, classify, request_id},
    credentials::Credentials,
    private::Private,
    refund::checks::{self, Invalid},
    time::WireTime,
};
use crate::http::{Request, Response};

/// A question about one payment.
#[derive(Clone, Debug)]
pub struct Query {
    transaction_id: String,
}

impl Query {
    /// Checks the number.
    pub fn new(transaction_id: &str) -> Result<Self, Invalid> {
        checks::id("transaction_id", transaction_id)?;
        Ok(Self { transaction_id: transaction_id.to_owned() })
    }

    /// WeChat Pay API v3, query order by transaction_id.
    pub fn request(&self, credentials: &Credentials) -> Request {
        let (id, mchid) = (&self.transaction_id, credentials.mchid());
        Request::get(format!("/v3/pay/transactions/id/{id}?mchid={mchid}"))
    }

    /// What the answer means.
    pub fn outcome(
        &self,
        response: &Response,
        credentials: &Credentials,
        now_s: i64,
    ) -> Answer<Transaction> {
        let absent = ["RESOURCE_NOT_EXISTS", "NOT_FOUND", "ORDER_NOT_EXIST"];
        let read = |body: Vec<u8>, id| match serde_json::from_slice::<Transaction>(&body) {
            Ok(found) if found.is_asked(&self.transaction_id, credentials) => {
                Answer::Known(Box::new(found))
            }
            Ok(_) => Answer::unknown(Why::AnotherSubject, id),
            Err(error) => Answer::unknown(Why::Unreadable(breakage(&error)), id),
        };
        classify(response, credentials, now_s, &absent).and_then(read, request_id(response))
    }
}

/// Where a payment stands. `Refund` from the first refund on, partial ones too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum TradeState {
    Success,
    Refund,
    NotPay,
    Closed,
    Revoked,
    UserPaying,
    PayError,
    Accept,
}

/// WeChat Pay API v3, order object; only what after-sales reads.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Transaction {
    pub mchid: String,
    pub transaction_id: String,
    pub out_trade_no: String,
    pub trade_state: TradeState,
    pub success_time: Option<WireTime>,
    pub amount: Option<Amount>,
    pub payer: Option<Payer>,
}

impl Transaction {
    fn is_asked(&self, transaction_id: &str, credentials: &Credentials) -> bool {
        self.transaction_id == transaction_id && self.mchid == credentials.mchid()
    }
}

/// All in fen.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Amount {
    #[serde(rename = "total")]
    pub total_fen: i64,
    #[serde(rename = "payer_total")]
    pub payer_total_fen: Option<i64>,
    pub currency: Option<String>,
}

/// Who paid.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Payer {
    pub openid: Option<Private>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wechat_pay::fixtures::{self, NOW_S};

    const BODY: &str = r#"{"appid":"wx1","mchid":"1900000001","out_trade_no":"ORDER-1",
        "transaction_id":"4200001","trade_type":"JSAPI","trade_state":"REFUND",
        "trade_state_desc":"转入退款","bank_type":"CMB_DEBIT","attach":"",
        "success_time":"2018-06-08T10:34:56+08:00","payer":{"openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},
        "amount":{"total":100,"payer_total":90,"currency":"CNY","payer_currency":"CNY"}}"#;

    fn ask(body: &str) -> Answer<Transaction> {
        let response = fixtures::signed(fixtures::response(200, body));
        let query = Query::new("4200001").unwrap();
        query.outcome(&response, &fixtures::public_key_credentials(), NOW_S)
    }

    #[test]
    fn a_refunded_payment_is_known() {
        let Answer::Known(transaction) = ask(BODY) else { panic!("not known") };

        assert_eq!(transaction.trade_state, TradeState::Refund);
        assert_eq!(transaction.success_time, Some(WireTime::from_unix_s(1_528_425_296)));
        assert_eq!(transaction.amount.as_ref().unwrap().payer_total_fen, Some(90));
        assert!(!format!("{transaction:?}").contains("oUpF8"));
    }

    #[test]
    fn another_payment_or_another_merchants_is_no_answer() {
        for (from, to) in [("4200001", "4200002"), ("1900000001", "1900000002")] {
            let Answer::Unknown(unknown) = ask(&BODY.replace(from, to)) else { panic!("known") };
            assert_eq!(unknown.why, Why::AnotherSubject);
        }
    }

    #[test]
    fn the_request_names_the_merchant() {
        let request = Query::new("4200001").unwrap().request(&fixtures::public_key_credentials());

        assert_eq!(request.path_and_query, "/v3/pay/transactions/id/4200001?mchid=1900000001");
    }
}
