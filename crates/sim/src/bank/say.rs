//! What the bank says, as bytes: written and signed here, apart from the client's code.

use crate::bank::MCHID;
use aws_lc_rs::{
    rand::SystemRandom,
    rsa::{KeyPair, OAEP_SHA1_MGF1SHA1, OaepPrivateDecryptingKey, PrivateDecryptingKey},
    signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use domain::moment::Moment;
use providers::{
    http::{HeaderMap, HeaderName, HeaderValue, Request, Response},
    wechat_pay::time::WireTime,
};
use sandbox::books::{refund::Refund, transaction::Transaction};
use serde::Serialize;
use serde_json::{Value, json};

/// The key with which notices are sealed.
pub(super) const APIV3_KEY: &str = "test-only-apiv3-key-32-bytes-xyz";
/// The id of the platform's public key.
pub const PUBLIC_KEY_ID: &str = "PUB_KEY_ID_0119000000012026112300000000000001";

/// How an answer or a notice is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signed {
    /// Rightly.
    Well,
    /// By nobody.
    Wrongly,
    /// As WeChat Pay tests those who listen.
    AsProbe,
    /// Rightly, ten minutes ago.
    LongAgo,
}

/// An answer before it is signed.
pub struct Said {
    status: u16,
    body: Vec<u8>,
}

impl Said {
    /// A refusal or trouble; these carry no signature.
    #[must_use]
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        Self { status, body: bytes(&json!({"code": code, "message": message})) }
    }

    /// What a gateway says when it cannot reach anybody.
    #[must_use]
    pub fn gateway() -> Self {
        Self { status: 502, body: b"<html><h1>502 Bad Gateway</h1></html>".to_vec() }
    }

    /// The answer as it goes on the wire.
    #[must_use]
    pub fn dressed(self, keys: &Keys, how: Signed, now: Moment) -> Response {
        let mut headers = HeaderMap::new();
        if self.status == 200 {
            headers = keys.headers(&self.body, how, now);
        }
        Response { status: self.status, headers, body: self.body }
    }
}

fn bytes(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

pub(super) fn time(ms: i64) -> Value {
    serde_json::to_value(WireTime::from_unix_s(ms.div_euclid(1_000))).unwrap_or_default()
}

/// WeChat Pay API v3, refund object.
pub(super) fn refund(refund: &Refund, payment: &Transaction) -> Said {
    let mut body = json!({
        "refund_id": refund.refund_id,
        "out_refund_no": refund.out_refund_no,
        "transaction_id": refund.transaction_id,
        "out_trade_no": refund.out_trade_no,
        "channel": refund.channel,
        "user_received_account": refund.received_account,
        "create_time": time(refund.created_ms),
        "status": refund.status,
        "funds_account": "AVAILABLE",
        "amount": {
            "total": refund.total_fen,
            "refund": refund.refund_fen,
            "payer_total": payment.payer_total_fen,
            "payer_refund": refund.shares.payer_refund_fen,
            "settlement_refund": refund.shares.settlement_refund_fen,
            "settlement_total": payment.settlement_total_fen(),
            "discount_refund": refund.shares.discount_refund_fen,
            "currency": "CNY",
        },
        "promotion_detail": [],
    });
    if let (Some(at_ms), Some(fields)) = (refund.success_ms, body.as_object_mut()) {
        fields.insert("success_time".to_owned(), time(at_ms));
    }
    Said { status: 200, body: bytes(&body) }
}

/// WeChat Pay API v3, order object.
pub(super) fn payment(payment: &Transaction, refunded: bool) -> Said {
    let body = json!({
        "mchid": MCHID,
        "transaction_id": payment.transaction_id,
        "out_trade_no": payment.out_trade_no,
        "trade_state": if refunded { "REFUND" } else { "SUCCESS" },
        "success_time": time(payment.paid_at_ms),
        "amount": {"total": payment.total_fen, "payer_total": payment.payer_total_fen},
    });
    Said { status: 200, body: bytes(&body) }
}

/// The plaintext of a notice.
pub(super) fn plain(refund: &Refund, payment: &Transaction) -> Vec<u8> {
    let mut body = json!({
        "mchid": MCHID,
        "transaction_id": refund.transaction_id,
        "out_trade_no": refund.out_trade_no,
        "refund_id": refund.refund_id,
        "out_refund_no": refund.out_refund_no,
        "refund_status": refund.status,
        "user_received_account": refund.received_account,
        "amount": {
            "total": refund.total_fen,
            "refund": refund.refund_fen,
            "payer_total": payment.payer_total_fen,
            "payer_refund": refund.shares.payer_refund_fen,
        },
    });
    if let (Some(at_ms), Some(fields)) = (refund.success_ms, body.as_object_mut()) {
        fields.insert("success_time".to_owned(), time(at_ms));
    }
    bytes(&body)
}

/// The bank's keys, and the merchant's public one.
pub struct Keys {
    pair: KeyPair,
    opener: OaepPrivateDecryptingKey,
    merchant: Vec<u8>,
}

impl Keys {
    /// Reads the throw-away keys of the tests.
    #[must_use]
    pub fn of(platform_pem: &str, merchant_pem: &str) -> Option<Self> {
        let platform = der(platform_pem)?;
        let pair = KeyPair::from_pkcs8(&platform).ok()?;
        let opener = PrivateDecryptingKey::from_pkcs8(&platform).ok()?;
        let merchant = KeyPair::from_pkcs8(&der(merchant_pem)?).ok()?;
        Some(Self {
            pair,
            opener: OaepPrivateDecryptingKey::new(opener).ok()?,
            merchant: merchant.public_key().as_ref().to_vec(),
        })
    }

    /// The five headers of a signed message.
    #[must_use]
    pub fn headers(&self, body: &[u8], how: Signed, now: Moment) -> HeaderMap {
        let ago_s = if how == Signed::LongAgo { 600 } else { 0 };
        let timestamp = now.seconds().saturating_sub(ago_s).to_string();
        let nonce = "c5ac7061fccab6bf3e254dcf98995b8c";
        let mut message = format!("{timestamp}\n{nonce}\n").into_bytes();
        message.extend_from_slice(body);
        message.push(b'\n');
        if how == Signed::Wrongly {
            message.push(b' ');
        }
        let mut signature = vec![0; self.pair.public_modulus_len()];
        let random = SystemRandom::new();
        // A signature that could not be made is no signature, and is refused as one.
        let _made = self.pair.sign(&RSA_PKCS1_SHA256, &random, &message, &mut signature);
        let signature = match how {
            Signed::AsProbe => format!("WECHATPAY/SIGNTEST/{}", BASE64_STANDARD.encode(signature)),
            Signed::Well | Signed::Wrongly | Signed::LongAgo => BASE64_STANDARD.encode(signature),
        };
        let pairs = [
            ("wechatpay-timestamp", timestamp.as_str()),
            ("wechatpay-nonce", nonce),
            ("wechatpay-serial", PUBLIC_KEY_ID),
            ("wechatpay-signature", signature.as_str()),
            ("wechatpay-signature-type", "WECHATPAY2-SHA256-RSA2048"),
        ];
        let headers = pairs.into_iter().filter_map(|(name, value)| {
            Some((HeaderName::from_static(name), HeaderValue::from_str(value).ok()?))
        });
        headers.collect()
    }

    /// Whether the merchant signed this request, a short while ago.
    #[must_use]
    pub fn is_merchants(&self, request: &Request, now: Moment) -> bool {
        let header = request.headers.get("authorization").and_then(|value| value.to_str().ok());
        let Some(items) = header.and_then(|text| text.strip_prefix("WECHATPAY2-SHA256-RSA2048 "))
        else {
            return false;
        };
        let field = |name: &str| {
            let found = items.split(',').find_map(|item| item.trim().strip_prefix(name));
            found.map(|value| value.trim_start_matches('=').trim_matches('"')).unwrap_or_default()
        };
        let (timestamp, nonce) = (field("timestamp"), field("nonce_str"));
        let fresh = timestamp.parse::<i64>().is_ok_and(|at_s| now.seconds().abs_diff(at_s) <= 300);
        let (method, path) = (&request.method, &request.path_and_query);
        let mut message = format!("{method}\n{path}\n{timestamp}\n{nonce}\n").into_bytes();
        message.extend_from_slice(&request.body);
        message.push(b'\n');
        // Base64 ends with signs that the trimming above leaves alone.
        let signature = BASE64_STANDARD.decode(field("signature")).unwrap_or_default();
        let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.merchant);
        fresh && field("mchid") == MCHID && key.verify(&message, &signature).is_ok()
    }

    /// Whether a text was encrypted for the bank.
    #[must_use]
    pub fn opens(&self, sealed: &str) -> bool {
        let Ok(sealed) = BASE64_STANDARD.decode(sealed) else { return false };
        let mut plain = vec![0; self.opener.min_output_size()];
        self.opener.decrypt(&OAEP_SHA1_MGF1SHA1, &sealed, &mut plain, None).is_ok()
    }
}

/// The bytes between the lines of a PEM text.
fn der(pem: &str) -> Option<Vec<u8>> {
    let lines: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    BASE64_STANDARD.decode(lines).ok()
}
