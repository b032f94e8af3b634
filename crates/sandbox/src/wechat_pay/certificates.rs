//! `GET /v3/certificates`.

use serde_json::{Value, json};
use x509_parser::{certificate::X509Certificate, prelude::FromDer};

use super::{Authorised, answer::Answer, platform::seal, problem::Problem};
use crate::{clock::rfc3339, config::KeyMode, keys::der};

/// The platform certificate sealed with the merchant's APIv3 key; a merchant who only has the
/// public key is told that there is none.
pub(super) fn answer(request: &Authorised<'_>) -> Result<Answer, Problem> {
    let platform = &request.world.platform;
    if platform.mode == KeyMode::PublicKey {
        return Err(Problem::no_certificates());
    }
    let pem = &platform.certificate_pem;
    let sealed = seal(pem.as_bytes(), request.merchant.apiv3_key.as_bytes(), "certificate");
    let (effective, expire) = validity(pem).ok_or_else(Problem::system_error)?;
    let list: Value = json!({ "data": [{
        "serial_no": platform.certificate_serial(),
        "effective_time": effective,
        "expire_time": expire,
        "encrypt_certificate": sealed.ok_or_else(Problem::system_error)?,
    }]});
    Ok(Answer::ok(&list))
}

fn validity(pem: &str) -> Option<(String, String)> {
    let der = der(pem, "CERTIFICATE").ok()?;
    let (_, x509) = X509Certificate::from_der(&der).ok()?;
    let text = |seconds: i64| rfc3339(seconds.saturating_mul(1_000));
    let validity = x509.validity();
    Some((text(validity.not_before.timestamp()), text(validity.not_after.timestamp())))
}
