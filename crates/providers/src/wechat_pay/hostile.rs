//! Whatever comes from the network is read or refused, and only what WeChat Pay signed is believed.

use super::{
    answer::Answer,
    certificates,
    credentials::Credentials,
    fixtures::{self, NOW_S},
    notice,
    refund::{self, Call, checks::OutRefundNo},
    seal, transaction,
};
use crate::http::Response;
use proptest::{
    prelude::{Just, ProptestConfig, Strategy, any, prop, prop_assert, prop_oneof, proptest},
    sample::Index,
};
use std::sync::LazyLock;

const REFUND: &str = r#"{"refund_id":"50000000382019052709732678859","out_refund_no":"R-1",
    "transaction_id":"1217752501201407033233368018","out_trade_no":"ORDER-1",
    "channel":"ORIGINAL","user_received_account":"招商银行信用卡0403",
    "create_time":"2020-12-01T16:18:12+08:00","status":"PROCESSING","funds_account":"AVAILABLE",
    "amount":{"total":100,"refund":30,"payer_total":90,"payer_refund":27,"settlement_refund":30,
    "settlement_total":100,"discount_refund":3,"currency":"CNY","from":[]},"promotion_detail":[]}"#;
const NOTICE: &str = r#"{"mchid":"1900000001","transaction_id":"4200001",
    "out_trade_no":"ORDER-1","refund_id":"5000","out_refund_no":"R-1",
    "refund_status":"SUCCESS","success_time":"2018-06-08T10:34:56+08:00",
    "user_received_account":"招商银行信用卡0403",
    "amount":{"total":999,"refund":999,"payer_total":999,"payer_refund":999}}"#;

static CREDENTIALS: LazyLock<Credentials> = LazyLock::new(fixtures::switching_credentials);
static SIGNED_REFUND: LazyLock<Response> =
    LazyLock::new(|| fixtures::signed(fixtures::response(200, REFUND)));
static SIGNED_NOTICE: LazyLock<Response> =
    LazyLock::new(|| fixtures::signed(fixtures::response(200, &envelope(NOTICE))));

fn envelope(plain: &str) -> String {
    let sealed = seal::seal(plain.as_bytes(), CREDENTIALS.apiv3_key(), "Mw40GMRVWziD", "refund");
    let sealed = sealed.unwrap();
    serde_json::json!({
        "id": "4b652507-f4e0-5400-9bd4-160b351fc535", "create_time": "2018-06-08T10:34:56+08:00",
        "resource_type": "encrypt-resource", "event_type": "REFUND.SUCCESS", "summary": "退款成功",
        "resource": {"original_type": "refund", "algorithm": sealed.algorithm,
            "ciphertext": sealed.ciphertext, "associated_data": sealed.associated_data,
            "nonce": sealed.nonce},
    })
    .to_string()
}

/// What is done to some bytes: one put in the place of another, one taken out, some put in.
#[derive(Clone, Debug)]
enum Change {
    Put(Index, u8),
    Take(Index),
    Add(Index, Vec<u8>),
    Cut(Index),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let odd = prop_oneof![
        prop::collection::vec(any::<u8>(), 1..6),
        Just(b"[[[[[[[[".to_vec()),
        Just(b"1e400".to_vec()),
        Just(b"-9223372036854775809".to_vec()),
        Just(b"\\ud800".to_vec()),
        Just(b"null".to_vec()),
    ];
    let change = prop_oneof![
        4 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Put(at, byte)),
        2 => any::<Index>().prop_map(Change::Take),
        2 => (any::<Index>(), odd).prop_map(|(at, bytes)| Change::Add(at, bytes)),
        1 => any::<Index>().prop_map(Change::Cut),
    ];
    prop::collection::vec(change, 1..6)
}

fn changed(good: &[u8], changes: Vec<Change>) -> Vec<u8> {
    let mut bytes = good.to_vec();
    for change in changes {
        if bytes.is_empty() {
            break;
        }
        match change {
            Change::Put(at, byte) => {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            Change::Take(at) => drop(bytes.remove(at.index(bytes.len()))),
            Change::Add(at, more) => {
                let at = at.index(bytes.len());
                drop(bytes.splice(at..at, more));
            }
            Change::Cut(at) => bytes.truncate(at.index(bytes.len())),
        }
    }
    bytes
}

fn asked(response: &Response) -> Answer<refund::Refund> {
    let number = OutRefundNo::new("R-1").unwrap();
    refund::outcome(response, Call::Query, &number, &CREDENTIALS, NOW_S)
}

/// The same answer with another body, and the signature that it had.
fn forged(signed: &Response, body: Vec<u8>) -> Response {
    Response { status: signed.status, headers: signed.headers.clone(), body }
}

/// A header of a signed answer that says something else.
fn header() -> impl Strategy<Value = (&'static str, Vec<u8>)> {
    let name = prop_oneof![
        Just("wechatpay-timestamp"),
        Just("wechatpay-nonce"),
        Just("wechatpay-serial"),
        Just("wechatpay-signature"),
        Just("wechatpay-signature-type"),
    ];
    (name, prop::collection::vec(any::<u8>(), 0..400))
}

proptest! {
    #[test]
    fn any_change_of_a_signed_answer_is_seen(changes in changes()) {
        let body = changed(REFUND.as_bytes(), changes);
        let same = body == REFUND.as_bytes();
        let known = matches!(asked(&forged(&SIGNED_REFUND, body)), Answer::Known(_));
        prop_assert!(known == same);
    }

    #[test]
    fn any_change_of_a_notice_is_seen(changes in changes()) {
        let good = &SIGNED_NOTICE.body;
        let body = changed(good, changes);
        let same = body == good[..];
        let opened = notice::open(&SIGNED_NOTICE.headers, &body, &CREDENTIALS, NOW_S).is_ok();
        prop_assert!(opened == same);
    }

    #[test]
    fn any_header_is_read_or_refused((name, value) in header()) {
        let Ok(value) = http::HeaderValue::from_bytes(&value) else { return Ok(()) };
        let mut response = forged(&SIGNED_REFUND, REFUND.into());
        response.headers.insert(name, value.clone());
        let known = matches!(asked(&response), Answer::Known(_));
        prop_assert!(!known || SIGNED_REFUND.headers.get(name) == Some(&value));
    }

    #[test]
    fn any_unsigned_answer_is_no_knowledge(status in 100_u16..600, body in any::<Vec<u8>>()) {
        let response = Response { body, ..fixtures::response(status, "") };
        prop_assert!(!matches!(asked(&response), Answer::Known(_)));
        prop_assert!(certificates::outcome(&response, &CREDENTIALS, NOW_S).is_err());
    }
}

/// To sign takes a thousand times as long as to read.
fn fewer() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig { cases: usual.cases.div_ceil(10), ..usual }
}

proptest! {
    #![proptest_config(fewer())]

    /// Should WeChat Pay itself say something odd: it is read or refused, and it is about what
    /// was asked.
    #[test]
    fn any_signed_answer_is_read_or_refused(changes in changes()) {
        let body = changed(REFUND.as_bytes(), changes);
        let text = String::from_utf8_lossy(&body);
        let response = fixtures::signed(fixtures::response(200, &text));
        if let Answer::Known(refund) = asked(&response) {
            prop_assert!(refund.out_refund_no == "R-1");
        }
        let asked = transaction::Query::new("1217752501201407033233368018").unwrap();
        let _transaction = asked.outcome(&response, &CREDENTIALS, NOW_S);
        let _certificates = certificates::outcome(&response, &CREDENTIALS, NOW_S);
    }

    #[test]
    fn any_signed_notice_is_read_or_refused(within in changes(), around in changes(), deep: bool) {
        let body = if deep {
            envelope(&String::from_utf8_lossy(&changed(NOTICE.as_bytes(), within)))
        } else {
            String::from_utf8_lossy(&changed(envelope(NOTICE).as_bytes(), around)).into_owned()
        };
        let sent = fixtures::signed(fixtures::response(200, &body));
        if let Ok(notice) = notice::open(&sent.headers, &sent.body, &CREDENTIALS, NOW_S)
            && let notice::Content::Refund(refund) = notice.content
        {
            prop_assert!(refund.mchid == "1900000001");
        }
    }
}
