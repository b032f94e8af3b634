//! Whether a request is the merchant's: `Authorization` over the raw bytes received.

use std::collections::BTreeMap;

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use axum::http::{Method, request::Parts};
use base64::{Engine, prelude::BASE64_STANDARD};

use super::{problem::Problem, text};
use crate::world::{MerchantAccess, World};

/// How far the merchant's clock may be from WeChat Pay's.
const SKEW_S_MAX: u64 = 300;

const KEYS: [&str; 5] = ["mchid", "nonce_str", "timestamp", "serial_no", "signature"];

/// The merchant who signed this request.
pub(super) fn authorise<'a>(
    world: &'a World,
    parts: &Parts,
    body: &[u8],
) -> Result<&'a MerchantAccess, Problem> {
    check_headers(parts, body)?;
    let malformed = || {
        Problem::authorization(
            "Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》",
        )
    };
    let header = text(&parts.headers, "authorization").ok_or_else(malformed)?;
    let fields = fields(header).ok_or_else(malformed)?;
    let field = |name: &str| fields.get(name).copied().ok_or_else(malformed);
    let (timestamp, nonce) = (field("timestamp")?, field("nonce_str")?);
    let signed_at_s: i64 = timestamp.parse().map_err(|_| malformed())?;
    if signed_at_s.abs_diff(world.clock.now_ms() / 1_000) > SKEW_S_MAX {
        return Err(Problem::authorization(
            "Http头Authorization中的timestamp与发起请求的时间不得超过5分钟",
        ));
    }
    let merchant = world.merchants.get(field("mchid")?).ok_or_else(Problem::no_such_merchant)?;
    if !merchant.certificate_serial.eq_ignore_ascii_case(field("serial_no")?) {
        return Err(Problem::authorization("商户证书序列号有误。请使用签名私钥匹配的证书序列号"));
    }
    let url = parts.uri.path_and_query().map_or("", |whole| whole.as_str());
    let method = parts.method.as_str();
    let lines = [method, url, timestamp, nonce].join("\n");
    let message = [lines.as_bytes(), b"\n", body, b"\n"].concat();
    let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &merchant.public_key_der);
    let signature = BASE64_STANDARD.decode(field("signature")?).unwrap_or_default();
    key.verify(&message, &signature)
        .map_err(|_| Problem::signature(method, url, &message))
        .map(|()| merchant)
}

/// WeChat Pay refuses requests that do not say what they take or who they are.
fn check_headers(parts: &Parts, body: &[u8]) -> Result<(), Problem> {
    let header = |name: &str| text(&parts.headers, name).unwrap_or_default();
    let accept = header("accept");
    let takes_json = accept.contains("application/json") || accept.contains("*/*");
    if !takes_json || header("user-agent").is_empty() {
        return Err(Problem::headers("Http头缺少Accept或User-Agent"));
    }
    let is_json = header("content-type").starts_with("application/json");
    if parts.method == Method::POST && !body.is_empty() && !is_json {
        return Err(Problem::headers("Http头Content-Type应为application/json"));
    }
    Ok(())
}

/// Five `key="value"` items in any order.
fn fields(header: &str) -> Option<BTreeMap<&str, &str>> {
    let items = header.strip_prefix("WECHATPAY2-SHA256-RSA2048 ")?;
    let mut fields = BTreeMap::new();
    for item in items.split(',') {
        let (key, value) = item.trim().split_once('=')?;
        let value = value.strip_prefix('"')?.strip_suffix('"')?;
        if value.is_empty() || fields.insert(key, value).is_some() {
            return None;
        }
    }
    let whole = fields.len() == KEYS.len() && KEYS.iter().all(|key| fields.contains_key(key));
    whole.then_some(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_five_items_come_in_any_order() {
        let php = r#"WECHATPAY2-SHA256-RSA2048 mchid="1",serial_no="2",timestamp="3",nonce_str="4",signature="5=""#;
        let python = r#"WECHATPAY2-SHA256-RSA2048 mchid="1",nonce_str="4",signature="5=",timestamp="3",serial_no="2""#;

        assert_eq!(fields(php), fields(python));
        assert_eq!(fields(php).unwrap()["signature"], "5=");
    }

    #[test]
    fn missing_repeated_or_unquoted_items_are_refused() {
        for header in [
            "",
            "Bearer x",
            r#"WECHATPAY2-SHA256-RSA2048 mchid="1""#,
            r#"WECHATPAY2-SHA256-RSA2048 mchid=1,serial_no="2",timestamp="3",nonce_str="4",signature="5""#,
            r#"WECHATPAY2-SHA256-RSA2048 mchid="1",mchid="1",timestamp="3",nonce_str="4",signature="5""#,
        ] {
            assert_eq!(fields(header), None, "{header}");
        }
    }
}
