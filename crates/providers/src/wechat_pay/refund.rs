//! Refunds back the way the buyer paid.
//!
//! WeChat Pay API v3, refund apply, refund query, abnormal refund. A 200 to an application means
//! accepted, not refunded: the [`Refund`] in it says how far it is.

pub mod abnormal;
pub mod apply;
pub mod checks;
pub mod object;

pub use object::{Refund, Status};

use super::answer::{Answer, Why, breakage, classify, request_id};
use super::credentials::Credentials;
use crate::http::{Request, Response};
use checks::{Invalid, OutRefundNo};

/// A question about one refund, by the merchant's own number.
#[derive(Clone, Debug)]
pub struct Query {
    out_refund_no: OutRefundNo,
}

impl Query {
    /// Checks the number.
    pub fn new(out_refund_no: &str) -> Result<Self, Invalid> {
        Ok(Self { out_refund_no: OutRefundNo::new(out_refund_no)? })
    }

    /// The number asked about.
    pub fn out_refund_no(&self) -> &OutRefundNo {
        &self.out_refund_no
    }

    /// WeChat Pay API v3, refund query by out_refund_no.
    pub fn request(&self) -> Request {
        Request::get(format!("/v3/refund/domestic/refunds/{}", self.out_refund_no.in_path()))
    }
}

/// Which of the three calls was made: a missing refund is an answer to a query only. To an
/// application the same code says that the order is absent or unpaid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    Apply,
    Query,
    ApplyAbnormal,
}

/// What the answer to a call about this refund number means.
pub fn outcome(
    response: &Response,
    call: Call,
    out_refund_no: &OutRefundNo,
    credentials: &Credentials,
    now_s: i64,
) -> Answer<Refund> {
    let absent: &[&str] = match call {
        Call::Query => &["RESOURCE_NOT_EXISTS"],
        Call::Apply | Call::ApplyAbnormal => &[],
    };
    let read = |body: Vec<u8>, id| match serde_json::from_slice::<Refund>(&body) {
        Ok(refund) if refund.out_refund_no == out_refund_no.as_str() => {
            Answer::Known(Box::new(refund))
        }
        Ok(_) => Answer::unknown(Why::AnotherSubject, id),
        Err(error) => Answer::unknown(Why::Unreadable(breakage(&error)), id),
    };
    classify(response, credentials, now_s, absent).and_then(read, request_id(response))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wechat_pay::fixtures::{self, NOW_S};

    const BODY: &str = r#"{
        "refund_id":"50000000382019052709732678859","out_refund_no":"R-1",
        "transaction_id":"1217752501201407033233368018","out_trade_no":"ORDER-1",
        "channel":"ORIGINAL","user_received_account":"招商银行信用卡0403",
        "create_time":"2020-12-01T16:18:12+08:00","status":"PROCESSING","funds_account":"AVAILABLE",
        "amount":{"total":100,"refund":30,"payer_total":90,"payer_refund":27,"settlement_refund":30,
        "settlement_total":100,"discount_refund":3,"currency":"CNY","from":[]},
        "promotion_detail":[{"promotion_id":"109519","scope":"GLOBAL","type":"CASH","amount":10,
        "refund_amount":3,"a_key_of_tomorrow":{}}],"another":null}"#;

    fn ask(response: &Response, call: Call) -> Answer<Refund> {
        let number = OutRefundNo::new("R-1").unwrap();
        outcome(response, call, &number, &fixtures::public_key_credentials(), NOW_S)
    }

    #[test]
    fn a_signed_refund_is_known_and_unknown_keys_are_ignored() {
        let response = fixtures::signed(fixtures::response(200, BODY));

        let Answer::Known(refund) = ask(&response, Call::Apply) else { panic!("not known") };

        assert_eq!(refund.status, Status::Processing);
        assert_eq!((refund.amount.refund_fen, refund.amount.payer_refund_fen), (30, 27));
        assert_eq!(refund.promotion_detail[0].kind, "CASH");
        assert_eq!(refund.success_time, None);
        assert!(!format!("{refund:?}").contains("招商银行"));
    }

    #[test]
    fn a_refund_of_another_number_or_another_shape_decides_nothing() {
        let other = BODY.replace("\"R-1\"", "\"R-2\"");
        let shape = BODY.replace("PROCESSING", "DREAMING");

        let unknown = |body: &str| {
            let answer = ask(&fixtures::signed(fixtures::response(200, body)), Call::Query);
            let Answer::Unknown(unknown) = answer else { panic!("{answer:?}") };
            unknown.why
        };

        assert_eq!(unknown(&other), Why::AnotherSubject);
        assert!(matches!(unknown(&shape), Why::Unreadable(_)));
        assert!(matches!(unknown("[]"), Why::Unreadable(_)));
    }

    #[test]
    fn absence_is_an_answer_to_a_query_only() {
        let body = r#"{"code":"RESOURCE_NOT_EXISTS","message":"退款单不存在"}"#;
        let response = fixtures::response(404, body);

        assert!(matches!(ask(&response, Call::Query), Answer::NotFound(_)));
        assert!(matches!(ask(&response, Call::Apply), Answer::Declined(_)));
        assert!(matches!(ask(&response, Call::ApplyAbnormal), Answer::Declined(_)));
    }

    #[test]
    fn a_refund_number_is_escaped_in_the_path() {
        let request = Query::new("R|1*a@b-c_d").unwrap().request();

        assert_eq!(request.path_and_query, "/v3/refund/domestic/refunds/R%7C1*a@b-c_d");
    }
}
