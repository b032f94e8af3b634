//! Signs a request; pure given the moment and the nonce.

use aws_lc_rs::{rand::SystemRandom, signature};
use base64::{Engine, prelude::BASE64_STANDARD};
use http::{HeaderName, HeaderValue, header};

use super::credentials::Credentials;
use crate::http::Request;

/// Scheme of the `Authorization` header.
pub const SCHEME: &str = "WECHATPAY2-SHA256-RSA2048";

/// WeChat Pay refuses requests without one.
const USER_AGENT: &str = concat!("wanbi/", env!("CARGO_PKG_VERSION"), " (after-sales)");

const SERIAL: HeaderName = HeaderName::from_static("wechatpay-serial");

/// The moment and the randomness of one request. Every attempt is stamped afresh.
#[derive(Clone, Copy, Debug)]
pub struct Stamp<'a> {
    /// Unix seconds.
    pub now_s: i64,
    /// 16 to 36 characters of `[0-9A-Za-z-]`, never used before.
    pub nonce: &'a str,
}

/// Why a request could not be signed; it never left.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    #[error("the nonce is not 16 to 36 letters, digits or hyphens")]
    Nonce,
    #[error("a header value cannot be sent")]
    Header,
    #[error("the merchant key cannot sign")]
    Key,
}

/// The request with everything WeChat Pay wants in its headers.
pub fn signed(
    mut request: Request,
    credentials: &Credentials,
    stamp: Stamp<'_>,
) -> Result<Request, SignError> {
    let authorization = authorization(&request, credentials, stamp)?;
    let headers = &mut request.headers;
    headers.insert(header::AUTHORIZATION, value(&authorization)?);
    headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(header::USER_AGENT, HeaderValue::from_static(USER_AGENT));
    // A request with encrypted fields already names the key they were encrypted with.
    if let Some(id) =
        credentials.platform().announced_id().filter(|_| !headers.contains_key(SERIAL))
    {
        headers.insert(SERIAL, value(id)?);
    }
    Ok(request)
}

/// The `Authorization` header. WeChat Pay API v3, request signature: method, URL, timestamp, nonce
/// and body, each line ended by a line feed.
pub fn authorization(
    request: &Request,
    credentials: &Credentials,
    stamp: Stamp<'_>,
) -> Result<String, SignError> {
    let Stamp { now_s, nonce } = stamp;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if !(16..=36).contains(&nonce.len()) || !nonce.bytes().all(plain) {
        return Err(SignError::Nonce);
    }
    let mut message =
        format!("{}\n{}\n{now_s}\n{nonce}\n", request.method, request.path_and_query).into_bytes();
    message.extend_from_slice(&request.body);
    message.push(b'\n');
    let signature = sign(&message, credentials)?;
    Ok(format!(
        "{SCHEME} mchid=\"{}\",nonce_str=\"{nonce}\",timestamp=\"{now_s}\",serial_no=\"{}\",\
         signature=\"{signature}\"",
        credentials.mchid(),
        credentials.certificate_serial(),
    ))
}

/// RSA PKCS#1 v1.5 with SHA-256, Base64 in one line.
fn sign(message: &[u8], credentials: &Credentials) -> Result<String, SignError> {
    let key = credentials.private_key();
    let mut signature = vec![0; key.public_modulus_len()];
    // This padding is deterministic: the source of randomness is asked for but not used.
    key.sign(&signature::RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
        .map_err(|_| SignError::Key)?;
    Ok(BASE64_STANDARD.encode(signature))
}

fn value(text: &str) -> Result<HeaderValue, SignError> {
    HeaderValue::from_str(text).map_err(|_| SignError::Header)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wechat_pay::fixtures;

    const STAMP: Stamp<'_> =
        Stamp { now_s: 1_554_208_460, nonce: "593BEC0C930BF1AFEB40B4A08C8FB242" };

    #[test]
    fn a_signature_is_the_one_openssl_makes() {
        let request = Request::get("/v3/refund/domestic/refunds/R20261123-1");

        let text = authorization(&request, &fixtures::public_key_credentials(), STAMP).unwrap();

        assert_eq!(
            text,
            format!(
                "WECHATPAY2-SHA256-RSA2048 mchid=\"1900000001\",\
                 nonce_str=\"593BEC0C930BF1AFEB40B4A08C8FB242\",timestamp=\"1554208460\",\
                 serial_no=\"3775B6A45ACD588826D15E583A95F5DD00000001\",signature=\"{}\"",
                include_str!("../../tests/fixtures/test_only_query.sig")
            )
        );
    }

    #[test]
    fn the_public_key_id_is_announced_unless_fields_were_encrypted_with_another() {
        let plain = Request::get("/v3/certificates");
        let mut encrypted = plain.clone();
        encrypted.headers.insert(SERIAL, HeaderValue::from_static("70806CE6"));
        let credentials = fixtures::public_key_credentials();

        let plain = signed(plain, &credentials, STAMP).unwrap();
        let encrypted = signed(encrypted, &credentials, STAMP).unwrap();

        assert_eq!(plain.headers[SERIAL], fixtures::PUBLIC_KEY_ID);
        assert_eq!(plain.headers[header::ACCEPT], "application/json");
        assert!(plain.headers[header::USER_AGENT].to_str().unwrap().starts_with("wanbi/"));
        assert_eq!(encrypted.headers[SERIAL], "70806CE6");
    }

    #[test]
    fn a_certificate_merchant_announces_nothing() {
        let request = Request::get("/v3/certificates");

        let request = signed(request, &fixtures::certificate_credentials(), STAMP).unwrap();

        assert!(!request.headers.contains_key(SERIAL));
    }

    #[test]
    fn a_nonce_that_could_break_the_header_is_refused() {
        for nonce in ["short", "with\"quote-0123456789", "with\nline-0123456789", &"a".repeat(37)] {
            let stamp = Stamp { now_s: 0, nonce };
            let credentials = fixtures::public_key_credentials();

            let refused = authorization(&Request::get("/v3/certificates"), &credentials, stamp);

            assert!(matches!(refused, Err(SignError::Nonce)), "{nonce:?}");
        }
    }
}
