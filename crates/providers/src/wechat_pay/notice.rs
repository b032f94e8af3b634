//! Opens what WeChat Pay posts to us: verify, decrypt, read, in this order.
//!
//! WeChat Pay API v3, refund notice. Notices may come twice, late, out of order or never: the
//! caller dedupes by [`Notice::id`], compares amounts with its own, and polls as well. Answer 200
//! or 204 within five seconds, or 4xx/5xx with `{"code":"FAIL","message":"失败"}` to have it again.

use http::HeaderMap;
use serde::Deserialize;

use super::{
    answer::breakage,
    credentials::Credentials,
    private::Private,
    refund::Status,
    seal::{self, SealError, Sealed},
    time::WireTime,
    verify::{VerifyError, verify},
};

/// A notice from WeChat Pay, proven and open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The same for every delivery of the same notice.
    pub id: String,
    pub create_time: WireTime,
    pub content: Content,
}

/// What the notice is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    Refund(Box<RefundNotice>),
    /// Proven to be WeChat Pay's, but of a kind this program does not act upon: acknowledge it.
    Other {
        event_type: String,
    },
}

/// The plaintext of a `REFUND.*` notice: fewer fields than a refund object, and `refund_status`
/// where that says `status`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RefundNotice {
    pub mchid: String,
    pub transaction_id: String,
    pub out_trade_no: String,
    pub refund_id: String,
    pub out_refund_no: String,
    pub refund_status: Status,
    pub success_time: Option<WireTime>,
    pub user_received_account: Option<Private>,
    pub amount: Amount,
}

/// All in fen.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Amount {
    #[serde(rename = "total")]
    pub total_fen: i64,
    #[serde(rename = "refund")]
    pub refund_fen: i64,
    #[serde(rename = "payer_total")]
    pub payer_total_fen: i64,
    #[serde(rename = "payer_refund")]
    pub payer_refund_fen: i64,
}

/// Why a notice was not accepted. The sender learns only that it was not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoticeError {
    #[error("the notice is not proven to be WeChat Pay's: {0}")]
    Unverified(#[from] VerifyError),
    #[error("the notice cannot be opened: {0}")]
    Sealed(#[from] SealError),
    #[error("the notice cannot be read: {0}")]
    Unreadable(String),
    #[error("the notice is about another merchant")]
    AnotherMerchant,
    /// The event and the status inside contradict each other.
    #[error("the notice says {event_type} and {status:?}")]
    Contradiction { event_type: String, status: Status },
}

impl NoticeError {
    /// Whether this is WeChat Pay's signature probe, so nobody need be woken.
    pub fn is_probe(&self) -> bool {
        matches!(self, Self::Unverified(error) if error.is_probe())
    }
}

#[derive(Deserialize)]
struct Envelope {
    id: String,
    create_time: WireTime,
    event_type: String,
    resource_type: String,
    resource: Resource,
}

#[derive(Deserialize)]
struct Resource {
    original_type: String,
    #[serde(flatten)]
    sealed: Sealed,
}

/// The notice, if it is proven to be WeChat Pay's and meant for this merchant.
pub fn open(
    headers: &HeaderMap,
    body: &[u8],
    credentials: &Credentials,
    now_s: i64,
) -> Result<Notice, NoticeError> {
    verify(headers, body, credentials.platform(), now_s)?;
    let envelope: Envelope = serde_json::from_slice(body).map_err(unreadable)?;
    if envelope.resource_type != "encrypt-resource" {
        return Err(NoticeError::Unreadable(format!("resource {:?}", envelope.resource_type)));
    }
    let plain = seal::open(&envelope.resource.sealed, credentials.apiv3_key())?;
    let content = match expected_status(&envelope.event_type) {
        Some(status) if envelope.resource.original_type == "refund" => {
            refund(&plain, status, &envelope.event_type, credentials)?
        }
        _ => Content::Other { event_type: envelope.event_type },
    };
    Ok(Notice { id: envelope.id, create_time: envelope.create_time, content })
}

fn expected_status(event_type: &str) -> Option<Status> {
    match event_type {
        "REFUND.SUCCESS" => Some(Status::Success),
        "REFUND.ABNORMAL" => Some(Status::Abnormal),
        "REFUND.CLOSED" => Some(Status::Closed),
        _ => None,
    }
}

fn refund(
    plain: &[u8],
    status: Status,
    event_type: &str,
    credentials: &Credentials,
) -> Result<Content, NoticeError> {
    let refund: RefundNotice = serde_json::from_slice(plain).map_err(unreadable)?;
    if refund.mchid != credentials.mchid() {
        return Err(NoticeError::AnotherMerchant);
    }
    if refund.refund_status != status {
        let event_type = event_type.to_owned();
        return Err(NoticeError::Contradiction { event_type, status: refund.refund_status });
    }
    Ok(Content::Refund(Box::new(refund)))
}

fn unreadable(error: serde_json::Error) -> NoticeError {
    NoticeError::Unreadable(breakage(&error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wechat_pay::fixtures::{self, NOW_S};

    const PLAIN: &str = r#"{"mchid":"1900000001","transaction_id":"4200001",
        "out_trade_no":"ORDER-1","refund_id":"5000","out_refund_no":"R-1",
        "refund_status":"SUCCESS","success_time":"2018-06-08T10:34:56+08:00",
        "user_received_account":"招商银行信用卡0403",
        "amount":{"total":999,"refund":999,"payer_total":999,"payer_refund":999}}"#;

    fn envelope(event_type: &str, plain: &str) -> String {
        let credentials = fixtures::public_key_credentials();
        let key = credentials.apiv3_key();
        let sealed = seal::seal(plain.as_bytes(), key, "Mw40GMRVWziD", "refund").unwrap();
        serde_json::json!({
            "id": "4b652507-f4e0-5400-9bd4-160b351fc535",
            "create_time": "2018-06-08T10:34:56+08:00",
            "resource_type": "encrypt-resource",
            "event_type": event_type,
            "summary": "退款成功",
            "resource": {
                "original_type": "refund",
                "algorithm": sealed.algorithm,
                "ciphertext": sealed.ciphertext,
                "associated_data": sealed.associated_data,
                "nonce": sealed.nonce,
            },
        })
        .to_string()
    }

    fn receive(body: &str) -> Result<Notice, NoticeError> {
        let sent = fixtures::signed(fixtures::response(200, body));
        open(&sent.headers, &sent.body, &fixtures::switching_credentials(), NOW_S)
    }

    #[test]
    fn a_refund_notice_is_opened() {
        let notice = receive(&envelope("REFUND.SUCCESS", PLAIN)).unwrap();

        assert_eq!(notice.id, "4b652507-f4e0-5400-9bd4-160b351fc535");
        let Content::Refund(refund) = &notice.content else { panic!("not a refund") };
        assert_eq!(refund.refund_status, Status::Success);
        assert_eq!(refund.amount.refund_fen, 999);
        assert!(!format!("{notice:?}").contains("招商银行"));
    }

    #[test]
    fn a_notice_is_verified_before_anything_in_it_is_read() {
        let mut sent = fixtures::signed(fixtures::response(200, "not even JSON"));
        sent.body.push(b' ');

        let refused = open(&sent.headers, &sent.body, &fixtures::switching_credentials(), NOW_S);

        assert_eq!(refused, Err(NoticeError::Unverified(VerifyError::Mismatch)));
    }

    #[test]
    fn a_notice_sealed_with_other_associated_data_is_not_opened() {
        let body = envelope("REFUND.SUCCESS", PLAIN)
            .replace(r#""associated_data":"refund""#, r#""associated_data":"""#);

        assert_eq!(receive(&body), Err(NoticeError::Sealed(SealError::Tag)));
    }

    #[test]
    fn a_notice_of_another_merchant_or_a_contradiction_is_refused() {
        let other = PLAIN.replace("1900000001", "1900000002");

        assert_eq!(receive(&envelope("REFUND.SUCCESS", &other)), Err(NoticeError::AnotherMerchant));
        assert!(matches!(
            receive(&envelope("REFUND.CLOSED", PLAIN)),
            Err(NoticeError::Contradiction { .. })
        ));
    }

    #[test]
    fn a_proven_notice_of_another_kind_is_named_and_left_alone() {
        let notice = receive(&envelope("TRANSACTION.SUCCESS", "{}")).unwrap();

        let event_type = "TRANSACTION.SUCCESS".to_owned();
        assert_eq!(notice.content, Content::Other { event_type });
    }

    #[test]
    fn an_unreadable_notice_does_not_quote_itself() {
        let body = envelope("REFUND.SUCCESS", r#"{"mchid":"招商银行信用卡0403"}"#);

        let text = receive(&body).unwrap_err().to_string();

        assert!(!text.contains("招商银行"), "{text}");
    }
}
