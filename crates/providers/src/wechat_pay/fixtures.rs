//! Test-only keys and answers for the unit tests of this folder.

use base64::{Engine, prelude::BASE64_STANDARD};
use http::HeaderMap;

use super::{
    credentials::{Credentials, MerchantSource},
    platform_keys::{Certificate, PlatformKeys, PublicKey},
};
use crate::http::Response;

pub const NOW_S: i64 = 1_800_000_000;
pub const APIV3_KEY: &str = "test-only-apiv3-key-32-bytes-xyz";
pub const PUBLIC_KEY_ID: &str = "PUB_KEY_ID_0119000000012026112300000000000001";
pub const CERTIFICATE_SERIAL: &str = "70806CE61990E2AAF559EC92EBD2058E6FA733EB";
pub const PLATFORM_PUBLIC_PEM: &str =
    include_str!("../../tests/fixtures/test_only_platform_pub_key.pem");
pub const PLATFORM_CERTIFICATE_PEM: &str =
    include_str!("../../tests/fixtures/test_only_platform_cert.pem");

pub fn merchant_source() -> MerchantSource {
    MerchantSource {
        mchid: "1900000001".into(),
        certificate_serial: "3775B6A45ACD588826D15E583A95F5DD00000001".into(),
        private_key_pem: include_str!("../../tests/fixtures/test_only_merchant_key.pem").into(),
        apiv3_key: APIV3_KEY.into(),
    }
}

fn public_key() -> PublicKey {
    PublicKey::from_pem(PUBLIC_KEY_ID, PLATFORM_PUBLIC_PEM).unwrap()
}

fn certificate() -> Certificate {
    Certificate::from_pem(PLATFORM_CERTIFICATE_PEM).unwrap()
}

pub fn public_key_platform() -> PlatformKeys {
    PlatformKeys::public_key(public_key())
}

pub fn switching_platform() -> PlatformKeys {
    PlatformKeys::switching(public_key(), vec![certificate()])
}

pub fn platform_spki() -> Vec<u8> {
    let keys = public_key_platform();
    keys.encrypting(NOW_S).map(|(_, spki)| spki.to_vec()).unwrap()
}

pub fn credentials(platform: PlatformKeys) -> Credentials {
    Credentials::new(&merchant_source(), platform).unwrap()
}

pub fn public_key_credentials() -> Credentials {
    credentials(public_key_platform())
}

pub fn switching_credentials() -> Credentials {
    credentials(switching_platform())
}

pub fn certificate_credentials() -> Credentials {
    credentials(PlatformKeys::certificates(vec![certificate()]))
}

pub fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
}

pub fn response(status: u16, body: &str) -> Response {
    let headers = headers(&[("request-id", "08F78BB5AF0610D302189F91C1580820-0")]);
    Response { status, headers, body: body.into() }
}

pub fn signed(response: Response) -> Response {
    signed_under(PUBLIC_KEY_ID, response)
}

pub fn signed_by_certificate(response: Response) -> Response {
    signed_under(CERTIFICATE_SERIAL, response)
}

/// The platform's side, with the same throw-away key behind both of its names.
fn signed_under(serial: &str, mut response: Response) -> Response {
    let pem = include_bytes!("../../tests/fixtures/test_only_platform_key.pem");
    let (_, pem) = x509_parser::pem::parse_x509_pem(pem).unwrap();
    let pair = aws_lc_rs::rsa::KeyPair::from_pkcs8(&pem.contents).unwrap();
    let mut message = format!("{NOW_S}\nc5ac7061fccab6bf3e254dcf98995b8c\n").into_bytes();
    message.extend_from_slice(&response.body);
    message.push(b'\n');
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(
        &aws_lc_rs::signature::RSA_PKCS1_SHA256,
        &aws_lc_rs::rand::SystemRandom::new(),
        &message,
        &mut signature,
    )
    .unwrap();
    response.headers.extend(headers(&[
        ("wechatpay-timestamp", &NOW_S.to_string()),
        ("wechatpay-nonce", "c5ac7061fccab6bf3e254dcf98995b8c"),
        ("wechatpay-serial", serial),
        ("wechatpay-signature", &BASE64_STANDARD.encode(signature)),
        ("wechatpay-signature-type", "WECHATPAY2-SHA256-RSA2048"),
    ]));
    response
}
