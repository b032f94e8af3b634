//! Platform certificates: asked for, opened with the APIv3 key, and only then used to verify the
//! very answer they came in.
//!
//! WeChat Pay API v3, get platform certificates; the documents advise a refresh at least every
//! twelve hours.

use serde::Deserialize;

use super::{
    answer::{Answer, Unknown, Why, breakage, classify},
    credentials::{Credentials, CredentialsError},
    platform_keys::Certificate,
    seal::{self, SealError, Sealed},
    time::WireTime,
    verify::{VerifyError, verify},
};
use crate::http::{Request, Response};

/// More than WeChat Pay has ever had at once.
const CERTIFICATES_MAX: usize = 32;

/// Why no certificates were taken over; the ones known before stay.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificatesError {
    /// A merchant who only has the public key; observed as 404 `RESOURCE_NOT_EXISTS`.
    #[error("this merchant has no platform certificates")]
    NoneIssued,
    #[error("WeChat Pay declined with HTTP {http_status} {code}")]
    Declined { http_status: u16, code: String },
    #[error(transparent)]
    Unknown(#[from] Why),
    #[error("a certificate cannot be opened: {0}")]
    Sealed(#[from] SealError),
    #[error("certificate {0:?} is not what the answer says it is")]
    Inconsistent(String),
}

/// Asks for the RSA certificates.
pub fn request() -> Request {
    Request::get("/v3/certificates?algorithm_type=RSA")
}

#[derive(Deserialize)]
struct List {
    data: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    serial_no: String,
    effective_time: WireTime,
    expire_time: WireTime,
    encrypt_certificate: Sealed,
}

/// Opens first, verifies afterwards: at the first start the key that signed the answer is one of
/// those inside it, and the APIv3 key is what proves them.
pub fn outcome(
    response: &Response,
    credentials: &Credentials,
    now_s: i64,
) -> Result<Vec<Certificate>, CertificatesError> {
    if response.status != 200 {
        return Err(refusal(response, credentials, now_s));
    }
    let list: List = serde_json::from_slice(&response.body)
        .map_err(|error| Why::Unreadable(breakage(&error)))?;
    if list.data.is_empty() || list.data.len() > CERTIFICATES_MAX {
        return Err(Why::Unreadable(format!("{} certificates", list.data.len())).into());
    }
    let mut certificates = Vec::with_capacity(list.data.len());
    for item in list.data {
        certificates.push(certificate(item, credentials)?);
    }
    verify_by_any(response, credentials, &certificates, now_s).map_err(Why::Unverified)?;
    Ok(certificates)
}

fn certificate(item: Item, credentials: &Credentials) -> Result<Certificate, CertificatesError> {
    let pem = seal::open(&item.encrypt_certificate, credentials.apiv3_key())?;
    let inconsistent = || CertificatesError::Inconsistent(item.serial_no.clone());
    let pem = String::from_utf8(pem).map_err(|_| inconsistent())?;
    let certificate = Certificate::from_pem(&pem).map_err(|_: CredentialsError| inconsistent())?;
    let same = certificate.serial().eq_ignore_ascii_case(&item.serial_no)
        && certificate.not_after_s() == item.expire_time.unix_s()
        && item.effective_time < item.expire_time;
    if same { Ok(certificate) } else { Err(inconsistent()) }
}

/// By the keys already believed, or by the certificates just opened.
fn verify_by_any(
    response: &Response,
    credentials: &Credentials,
    certificates: &[Certificate],
    now_s: i64,
) -> Result<(), VerifyError> {
    let check = |keys: &_| verify(&response.headers, &response.body, keys, now_s);
    check(credentials.platform())
        .or_else(|_| check(&credentials.platform().renewed(certificates.to_vec())))
}

fn refusal(response: &Response, credentials: &Credentials, now_s: i64) -> CertificatesError {
    let absent = ["RESOURCE_NOT_EXISTS", "NOT_FOUND"];
    match classify(response, credentials, now_s, &absent) {
        Answer::NotFound(_) => CertificatesError::NoneIssued,
        Answer::Declined(declined) => {
            CertificatesError::Declined { http_status: declined.http_status, code: declined.code }
        }
        Answer::Unknown(Unknown { why, .. }) => CertificatesError::Unknown(why),
        Answer::Known(_) => Why::Unexpected { http_status: response.status }.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wechat_pay::{
        fixtures::{self, NOW_S},
        platform_keys::PlatformKeys,
    };

    fn body(certificate_pem: &str, serial: &str) -> String {
        let sealed = seal::seal(
            certificate_pem.as_bytes(),
            fixtures::public_key_credentials().apiv3_key(),
            "61f9c719728a",
            "certificate",
        );
        let expire = Certificate::from_pem(certificate_pem).unwrap().not_after_s();
        serde_json::json!({ "data": [{
            "serial_no": serial,
            "effective_time": "2020-06-08T10:34:56+08:00",
            "expire_time": WireTime::from_unix_s(expire),
            "encrypt_certificate": sealed.unwrap(),
        }]})
        .to_string()
    }

    fn nobody_known() -> Credentials {
        fixtures::credentials(PlatformKeys::certificates(Vec::new()))
    }

    #[test]
    fn the_first_answer_is_verified_by_a_certificate_inside_it() {
        let body = body(fixtures::PLATFORM_CERTIFICATE_PEM, fixtures::CERTIFICATE_SERIAL);
        let response = fixtures::signed_by_certificate(fixtures::response(200, &body));

        let certificates = outcome(&response, &nobody_known(), NOW_S).unwrap();

        assert_eq!(certificates[0].serial(), fixtures::CERTIFICATE_SERIAL);
    }

    #[test]
    fn an_answer_signed_by_nobody_inside_it_brings_nothing() {
        let body = body(fixtures::PLATFORM_CERTIFICATE_PEM, fixtures::CERTIFICATE_SERIAL);
        let unsigned = fixtures::response(200, &body);
        let mut tampered = fixtures::signed_by_certificate(unsigned.clone());
        tampered.body.push(b' ');

        for response in [unsigned, tampered] {
            assert!(matches!(
                outcome(&response, &nobody_known(), NOW_S),
                Err(CertificatesError::Unknown(Why::Unverified(_)))
            ));
        }
    }

    #[test]
    fn a_certificate_under_another_serial_is_not_taken() {
        let body = body(fixtures::PLATFORM_CERTIFICATE_PEM, "70806CE6");
        let response = fixtures::signed_by_certificate(fixtures::response(200, &body));

        let refused = outcome(&response, &nobody_known(), NOW_S).unwrap_err();

        assert_eq!(refused, CertificatesError::Inconsistent("70806CE6".into()));
    }

    #[test]
    fn a_public_key_merchant_is_told_there_are_none() {
        let body = r#"{"code":"RESOURCE_NOT_EXISTS","message":"无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥。"}"#;
        let response = fixtures::response(404, body);

        let refused = outcome(&response, &fixtures::public_key_credentials(), NOW_S).unwrap_err();

        assert_eq!(refused, CertificatesError::NoneIssued);
    }
}
