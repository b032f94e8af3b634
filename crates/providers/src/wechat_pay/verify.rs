//! Verifies that an answer or a notice was signed by WeChat Pay, a moment ago.

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::{Engine, prelude::BASE64_STANDARD};
use http::HeaderMap;

use super::{
    platform_keys::{Found, PlatformKeys},
    sign::SCHEME,
};

/// How far the signer's clock may be from ours, either way.
pub const SKEW_S_MAX: u64 = 300;

/// What the value of a deliberately wrong signature begins with.
const PROBE_PREFIX: &str = "WECHATPAY/SIGNTEST/";

/// Why a message is not believed. All of them mean the same for what to do: treat it as not
/// received.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    #[error("header {0} is missing or unreadable")]
    Header(&'static str),
    #[error("the signature type {0:?} is not supported")]
    SignatureType(String),
    #[error("the timestamp is {0} seconds from our clock")]
    Skew(i64),
    #[error("no key has the serial {0:?}")]
    UnknownSerial(String),
    #[error("the certificate {0:?} is not valid now")]
    ExpiredCertificate(String),
    #[error("the signature does not fit the message")]
    Mismatch,
    /// WeChat Pay sends a wrong signature now and then to see whether it is checked. It is refused
    /// like any other and follows again properly signed; only alarms may leave it out.
    #[error("the signature is a probe and does not fit the message")]
    Probe,
}

impl VerifyError {
    /// Whether this is WeChat Pay testing us, so nobody need be woken.
    pub fn is_probe(&self) -> bool {
        *self == Self::Probe
    }
}

/// WeChat Pay API v3, signature of answers and notices: timestamp, nonce and the raw body, each
/// line ended by a line feed; the key is chosen by the serial received.
pub fn verify(
    headers: &HeaderMap,
    body: &[u8],
    keys: &PlatformKeys,
    now_s: i64,
) -> Result<(), VerifyError> {
    let signature = text(headers, "wechatpay-signature")?;
    let timestamp = text(headers, "wechatpay-timestamp")?;
    let nonce = text(headers, "wechatpay-nonce")?;
    let serial = text(headers, "wechatpay-serial")?;
    // The type is documented as optional; when it is there it must be the one we know.
    if headers.contains_key("wechatpay-signature-type") {
        let kind = text(headers, "wechatpay-signature-type")?;
        if kind != SCHEME {
            return Err(VerifyError::SignatureType(kind.to_owned()));
        }
    }
    let signed_at: i64 =
        timestamp.parse().map_err(|_| VerifyError::Header("wechatpay-timestamp"))?;
    if now_s.abs_diff(signed_at) > SKEW_S_MAX {
        return Err(VerifyError::Skew(signed_at.saturating_sub(now_s)));
    }
    let key = match keys.find(serial, now_s) {
        Found::Key(key) => key,
        Found::Expired => return Err(VerifyError::ExpiredCertificate(serial.to_owned())),
        Found::Absent => return Err(VerifyError::UnknownSerial(serial.to_owned())),
    };
    let mut message = format!("{timestamp}\n{nonce}\n").into_bytes();
    message.extend_from_slice(body);
    message.push(b'\n');
    if fits(key, &message, signature) {
        return Ok(());
    }
    let probe = signature.starts_with(PROBE_PREFIX);
    Err(if probe { VerifyError::Probe } else { VerifyError::Mismatch })
}

fn fits(spki: &[u8], message: &[u8], signature: &str) -> bool {
    let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, spki);
    BASE64_STANDARD.decode(signature).is_ok_and(|bytes| key.verify(message, &bytes).is_ok())
}

fn text<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<&'a str, VerifyError> {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.filter(|text| !text.is_empty()).ok_or(VerifyError::Header(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wechat_pay::fixtures;

    const BODY: &[u8] = r#"{"code":"简单","n":1}"#.as_bytes();
    const SIGNED_AT_S: i64 = 1_554_209_980;

    /// An answer signed with openssl.
    fn headers() -> HeaderMap {
        fixtures::headers(&[
            ("wechatpay-timestamp", "1554209980"),
            ("wechatpay-nonce", "c5ac7061fccab6bf3e254dcf98995b8c"),
            ("wechatpay-serial", fixtures::PUBLIC_KEY_ID),
            ("wechatpay-signature", include_str!("../../tests/fixtures/test_only_answer.sig")),
            ("wechatpay-signature-type", "WECHATPAY2-SHA256-RSA2048"),
        ])
    }

    fn check(headers: &HeaderMap, body: &[u8], now_s: i64) -> Result<(), VerifyError> {
        verify(headers, body, &fixtures::public_key_platform(), now_s)
    }

    fn with(name: &'static str, value: &str) -> HeaderMap {
        let mut headers = headers();
        headers.insert(name, value.parse().unwrap());
        headers
    }

    #[test]
    fn a_signature_made_by_openssl_is_believed() {
        assert_eq!(check(&headers(), BODY, SIGNED_AT_S), Ok(()));
    }

    #[test]
    fn the_clock_may_differ_by_five_minutes_either_way_and_no_more() {
        for now_s in [SIGNED_AT_S - 300, SIGNED_AT_S + 300] {
            assert_eq!(check(&headers(), BODY, now_s), Ok(()));
        }
        assert_eq!(check(&headers(), BODY, SIGNED_AT_S + 301), Err(VerifyError::Skew(-301)));
        assert_eq!(check(&headers(), BODY, SIGNED_AT_S - 301), Err(VerifyError::Skew(301)));
    }

    #[test]
    fn a_changed_body_timestamp_or_nonce_is_not_believed() {
        let mismatch = Err(VerifyError::Mismatch);
        let nonce = with("wechatpay-nonce", "c5ac7061fccab6bf3e254dcf98995b8d");
        let timestamp = with("wechatpay-timestamp", "1554209981");

        assert_eq!(check(&headers(), b"{}", SIGNED_AT_S), mismatch);
        assert_eq!(check(&nonce, BODY, SIGNED_AT_S), mismatch);
        assert_eq!(check(&timestamp, BODY, SIGNED_AT_S), mismatch);
    }

    #[test]
    fn a_probe_fails_like_any_wrong_signature_but_can_be_told_apart() {
        let probe = with("wechatpay-signature", "WECHATPAY/SIGNTEST/UtOLLQrnPcfqBvXBDNTNkFxQ");

        let refused = check(&probe, BODY, SIGNED_AT_S).unwrap_err();

        assert!(refused.is_probe());
        assert!(!VerifyError::Mismatch.is_probe());
    }

    #[test]
    fn an_unknown_serial_or_another_scheme_is_not_believed() {
        let serial = with("wechatpay-serial", "70806CE61990E2AAF559EC92EBD2058E6FA733EB");
        let kind = with("wechatpay-signature-type", "WECHATPAY2-SM2-WITH-SM3");

        assert!(matches!(check(&serial, BODY, SIGNED_AT_S), Err(VerifyError::UnknownSerial(_))));
        assert!(matches!(check(&kind, BODY, SIGNED_AT_S), Err(VerifyError::SignatureType(_))));
    }

    #[test]
    fn every_header_but_the_type_is_needed() {
        let names =
            ["wechatpay-timestamp", "wechatpay-nonce", "wechatpay-serial", "wechatpay-signature"];
        for name in names {
            let mut headers = headers();
            headers.remove(name);
            assert_eq!(check(&headers, BODY, SIGNED_AT_S), Err(VerifyError::Header(name)));
        }
        let mut headers = headers();
        headers.remove("wechatpay-signature-type");
        assert_eq!(check(&headers, BODY, SIGNED_AT_S), Ok(()));
    }
}
