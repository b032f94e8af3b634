//! The keys WeChat Pay signs with, and which of them we believe.
//!
//! WeChat Pay API v3 knows two kinds: the WeChat Pay public key (`PUB_KEY_ID_…`, no expiry) and
//! platform certificates (hexadecimal serial, five years). A merchant moving from the second to
//! the first receives both for a while, so the key is always chosen by the `Wechatpay-Serial`
//! received.

use std::{collections::BTreeMap, fmt};

use aws_lc_rs::rsa::PublicEncryptingKey;
use x509_parser::{certificate::X509Certificate, pem::parse_x509_pem, prelude::FromDer};

use super::credentials::{CredentialsError, MODULUS_BYTES_MIN};

/// What every public key id begins with.
pub const PUBLIC_KEY_ID_PREFIX: &str = "PUB_KEY_ID_";

/// The WeChat Pay public key, downloaded once from the merchant platform.
#[derive(Clone)]
pub struct PublicKey {
    id: String,
    spki: Vec<u8>,
}

impl PublicKey {
    /// Reads `pub_key.pem` (SPKI).
    pub fn from_pem(id: &str, pem: &str) -> Result<Self, CredentialsError> {
        if !id.starts_with(PUBLIC_KEY_ID_PREFIX) || !id.bytes().all(is_serial_byte) {
            return Err(CredentialsError::PublicKeyId);
        }
        let wrong = || CredentialsError::PublicKey;
        let (_, pem) = parse_x509_pem(pem.as_bytes()).map_err(|_| wrong())?;
        if pem.label != "PUBLIC KEY" || !is_strong_rsa(&pem.contents) {
            return Err(wrong());
        }
        Ok(Self { id: id.to_owned(), spki: pem.contents })
    }
}

/// A platform certificate: its serial, key and validity.
#[derive(Clone)]
pub struct Certificate {
    serial: String,
    spki: Vec<u8>,
    not_before_s: i64,
    not_after_s: i64,
    pem: String,
}

impl Certificate {
    /// Reads an X.509 certificate.
    pub fn from_pem(pem_text: &str) -> Result<Self, CredentialsError> {
        let wrong = || CredentialsError::Certificate;
        let (_, pem) = parse_x509_pem(pem_text.as_bytes()).map_err(|_| wrong())?;
        let (_, x509) = X509Certificate::from_der(&pem.contents).map_err(|_| wrong())?;
        let spki = x509.public_key().raw.to_vec();
        if !is_strong_rsa(&spki) {
            return Err(wrong());
        }
        let hex: String = x509.raw_serial().iter().map(|byte| format!("{byte:02X}")).collect();
        Ok(Self {
            // DER puts a zero byte before a serial whose first bit is set; WeChat prints none.
            serial: hex.trim_start_matches("00").to_owned(),
            spki,
            not_before_s: x509.validity().not_before.timestamp(),
            not_after_s: x509.validity().not_after.timestamp(),
            pem: pem_text.to_owned(),
        })
    }

    /// Upper-case hexadecimal, as in `Wechatpay-Serial`.
    pub fn serial(&self) -> &str {
        &self.serial
    }

    /// Unix seconds of the last moment it is good for.
    pub fn not_after_s(&self) -> i64 {
        self.not_after_s
    }

    /// The certificate as it was received, to be kept for the next start.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    fn is_valid_at(&self, now_s: i64) -> bool {
        (self.not_before_s..=self.not_after_s).contains(&now_s)
    }
}

/// Which keys are believed.
#[derive(Clone)]
pub struct PlatformKeys(Mode);

#[derive(Clone)]
enum Mode {
    PublicKey(PublicKey),
    Certificates(BTreeMap<String, Certificate>),
    Switching(PublicKey, BTreeMap<String, Certificate>),
}

/// A key that may verify a signature: its SPKI bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found<'a> {
    Key(&'a [u8]),
    /// The certificate exists but is not valid at this moment.
    Expired,
    Absent,
}

impl PlatformKeys {
    /// Only the public key: every merchant opened since late 2024.
    pub fn public_key(key: PublicKey) -> Self {
        Self(Mode::PublicKey(key))
    }

    /// Only certificates; none yet is fine, the first refresh brings them.
    pub fn certificates(certificates: Vec<Certificate>) -> Self {
        Self(Mode::Certificates(by_serial(certificates)))
    }

    /// Both, while WeChat Pay moves the merchant over.
    pub fn switching(key: PublicKey, certificates: Vec<Certificate>) -> Self {
        Self(Mode::Switching(key, by_serial(certificates)))
    }

    /// The same kind of merchant with fresh certificates; a public-key merchant has none to renew.
    pub fn renewed(&self, certificates: Vec<Certificate>) -> Self {
        match &self.0 {
            Mode::PublicKey(key) => Self(Mode::PublicKey(key.clone())),
            Mode::Certificates(_) => Self::certificates(certificates),
            Mode::Switching(key, _) => Self::switching(key.clone(), certificates),
        }
    }

    /// The platform certificates now believed, oldest expiry first.
    pub fn known_certificates(&self) -> Vec<&Certificate> {
        let mut all: Vec<_> = match &self.0 {
            Mode::PublicKey(_) => Vec::new(),
            Mode::Certificates(map) | Mode::Switching(_, map) => map.values().collect(),
        };
        all.sort_by_key(|certificate| certificate.not_after_s);
        all
    }

    /// The id to send in `Wechatpay-Serial` on every request: it makes WeChat Pay answer with that
    /// key. Certificate merchants send none.
    pub fn announced_id(&self) -> Option<&str> {
        match &self.0 {
            Mode::PublicKey(key) | Mode::Switching(key, _) => Some(&key.id),
            Mode::Certificates(_) => None,
        }
    }

    /// Id and SPKI bytes of the key to encrypt with: the public key where there is one, else the
    /// valid certificate that expires last.
    pub(super) fn encrypting(&self, now_s: i64) -> Option<(&str, &[u8])> {
        match &self.0 {
            Mode::PublicKey(key) | Mode::Switching(key, _) => Some((&key.id, &key.spki)),
            Mode::Certificates(map) => map
                .values()
                .filter(|certificate| certificate.is_valid_at(now_s))
                .max_by_key(|certificate| certificate.not_after_s)
                .map(|certificate| (certificate.serial.as_str(), certificate.spki.as_slice())),
        }
    }

    /// The key a received `Wechatpay-Serial` names.
    pub(super) fn find(&self, serial: &str, now_s: i64) -> Found<'_> {
        let public = match &self.0 {
            Mode::PublicKey(key) | Mode::Switching(key, _) => Some(key),
            Mode::Certificates(_) => None,
        };
        if let Some(key) = public.filter(|key| key.id == serial) {
            return Found::Key(&key.spki);
        }
        let certificates = match &self.0 {
            Mode::PublicKey(_) => None,
            Mode::Certificates(map) | Mode::Switching(_, map) => Some(map),
        };
        match certificates.and_then(|map| map.get(&serial.to_ascii_uppercase())) {
            Some(certificate) if certificate.is_valid_at(now_s) => Found::Key(&certificate.spki),
            Some(_) => Found::Expired,
            None => Found::Absent,
        }
    }
}

/// Ids and serials are public; key bytes are only noise.
impl fmt::Debug for PlatformKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let serials: Vec<_> = self.known_certificates().iter().map(|c| c.serial.clone()).collect();
        f.debug_struct("PlatformKeys")
            .field("public_key", &self.announced_id())
            .field("certificates", &serials)
            .finish()
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Certificate").field(&self.serial).finish()
    }
}

fn by_serial(certificates: Vec<Certificate>) -> BTreeMap<String, Certificate> {
    certificates.into_iter().map(|one| (one.serial.clone(), one)).collect()
}

fn is_serial_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_strong_rsa(spki: &[u8]) -> bool {
    PublicEncryptingKey::from_der(spki).is_ok_and(|key| key.key_size_bytes() >= MODULUS_BYTES_MIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wechat_pay::fixtures;

    #[test]
    fn a_certificate_is_found_by_its_serial_while_it_is_valid() {
        let certificate = Certificate::from_pem(fixtures::PLATFORM_CERTIFICATE_PEM).unwrap();
        let end_s = certificate.not_after_s();
        let keys = PlatformKeys::certificates(vec![certificate]);
        let serial = fixtures::CERTIFICATE_SERIAL;

        assert!(matches!(keys.find(serial, end_s), Found::Key(_)));
        assert!(matches!(keys.find(&serial.to_lowercase(), end_s), Found::Key(_)));
        assert_eq!(keys.find(serial, end_s + 1), Found::Expired);
        assert_eq!(keys.find("7080", end_s), Found::Absent);
        assert_eq!(keys.encrypting(end_s).map(|(id, _)| id), Some(serial));
        assert_eq!(keys.encrypting(end_s + 1), None);
    }

    #[test]
    fn a_public_key_merchant_believes_no_certificate() {
        let keys = fixtures::public_key_platform();
        let certificate = Certificate::from_pem(fixtures::PLATFORM_CERTIFICATE_PEM).unwrap();
        let keys = keys.renewed(vec![certificate]);

        assert_eq!(keys.find(fixtures::CERTIFICATE_SERIAL, fixtures::NOW_S), Found::Absent);
        assert!(matches!(keys.find(fixtures::PUBLIC_KEY_ID, fixtures::NOW_S), Found::Key(_)));
    }

    #[test]
    fn a_switching_merchant_believes_both_and_announces_the_public_key() {
        let keys = fixtures::switching_platform();

        assert!(matches!(keys.find(fixtures::PUBLIC_KEY_ID, fixtures::NOW_S), Found::Key(_)));
        assert!(matches!(keys.find(fixtures::CERTIFICATE_SERIAL, fixtures::NOW_S), Found::Key(_)));
        assert_eq!(keys.announced_id(), Some(fixtures::PUBLIC_KEY_ID));
    }
}
