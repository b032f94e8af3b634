//! The keys of a sandbox: made here, kept in a folder, given to a merchant.
//!
//! They are worth nothing outside the sandbox that made them.

mod files;

use std::{fmt, io, path::Path};

use jiff::{Timestamp, tz::TimeZone};
use rcgen::{
    CertificateParams, DnType, KeyPair, PKCS_RSA_SHA256, RsaKeySize, SerialNumber, date_time_ymd,
};
use x509_parser::pem::parse_x509_pem;

use crate::{clock::Clock, config::Merchant, random};

/// Why keys could not be made, kept or read.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    #[error("a key or certificate could not be made")]
    Generate(#[from] rcgen::Error),
    #[error("key file {path:?} could not be read or written")]
    File { path: String, source: io::Error },
    #[error("{0} is not what it should be")]
    Malformed(&'static str),
}

/// What a merchant has: its private key, its API certificate, its APIv3 key.
#[derive(Clone)]
pub struct MerchantKeys {
    pub private_key_pem: String,
    pub public_key_pem: String,
    pub certificate_pem: String,
    /// 40 upper-case hexadecimal digits.
    pub certificate_serial: String,
    /// 32 letters and digits.
    pub apiv3_key: String,
}

/// What WeChat Pay has: the key pair behind the WeChat Pay public key and the one behind the
/// platform certificate.
#[derive(Clone)]
pub struct PlatformKeys {
    pub public_key_id: String,
    pub public_key_pem: String,
    pub certificate_pem: String,
    /// 40 upper-case hexadecimal digits.
    pub certificate_serial: String,
    pub(crate) public_key_private_pem: String,
    pub(crate) certificate_private_pem: String,
}

/// Both sides.
#[derive(Clone, Debug)]
pub struct Keys {
    pub merchant: MerchantKeys,
    pub platform: PlatformKeys,
}

impl MerchantKeys {
    /// A new merchant.
    pub fn generate() -> Result<Self, KeysError> {
        let pair = rsa()?;
        let (certificate_pem, certificate_serial) = certificate(&pair, "Sandbox merchant")?;
        Ok(Self {
            private_key_pem: pair.serialize_pem(),
            public_key_pem: pair.public_key_pem(),
            certificate_pem,
            certificate_serial,
            apiv3_key: random::letters::<32>(),
        })
    }

    /// The merchant as the sandbox shall know it.
    pub fn merchant(&self, mchid: &str, balance_fen: i64) -> Merchant {
        Merchant {
            mchid: mchid.to_owned(),
            apiv3_key: self.apiv3_key.clone(),
            certificate_serial: self.certificate_serial.clone(),
            public_key_pem: self.public_key_pem.clone(),
            balance_fen,
            fee_rate_ppm: 6_000,
        }
    }
}

impl PlatformKeys {
    /// A new WeChat Pay.
    pub fn generate() -> Result<Self, KeysError> {
        let (public, certified) = (rsa()?, rsa()?);
        let (certificate_pem, certificate_serial) =
            certificate(&certified, "Sandbox platform certificate")?;
        let id: String = random::bytes::<28>().iter().map(|b| char::from(b'0' + b % 10)).collect();
        Ok(Self {
            public_key_id: format!("PUB_KEY_ID_01{id}"),
            public_key_pem: public.public_key_pem(),
            certificate_pem,
            certificate_serial,
            public_key_private_pem: public.serialize_pem(),
            certificate_private_pem: certified.serialize_pem(),
        })
    }
}

impl Keys {
    /// One new merchant and a new WeChat Pay.
    pub fn generate() -> Result<Self, KeysError> {
        Ok(Self { merchant: MerchantKeys::generate()?, platform: PlatformKeys::generate()? })
    }

    /// Reads the keys of an earlier start, or makes them and keeps them there.
    pub fn load_or_generate(folder: &Path) -> Result<Self, KeysError> {
        if folder.join(files::MERCHANT_KEY).exists() {
            return Self::load(folder);
        }
        let keys = Self::generate()?;
        keys.save(folder)?;
        Ok(keys)
    }

    /// Writes every key under the name a merchant knows it by.
    pub fn save(&self, folder: &Path) -> Result<(), KeysError> {
        files::save(self, folder)
    }

    /// Reads what [`Keys::save`] wrote.
    pub fn load(folder: &Path) -> Result<Self, KeysError> {
        files::load(folder)
    }
}

fn rsa() -> Result<KeyPair, rcgen::Error> {
    KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048)
}

/// A self-signed certificate of five years, begun a year ago so that the clock may be moved.
fn certificate(pair: &KeyPair, name: &str) -> Result<(String, String), rcgen::Error> {
    let now = Timestamp::from_millisecond(Clock::default().now_ms()).unwrap_or_default();
    let year = i32::from(now.to_zoned(TimeZone::UTC).year());
    // Positive, and with no leading zero that some libraries would leave out of its text.
    let mut serial = random::bytes::<20>();
    serial[0] = (serial[0] & 0x3f) | 0x40;
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(year - 1, 1, 1);
    params.not_after = date_time_ymd(year + 4, 1, 1);
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    let serial = serial.iter().map(|byte| format!("{byte:02X}")).collect();
    Ok((params.self_signed(pair)?.pem(), serial))
}

/// The bytes inside a PEM text with the expected label.
pub(crate) fn der(pem: &str, label: &'static str) -> Result<Vec<u8>, KeysError> {
    let (_, pem) = parse_x509_pem(pem.as_bytes()).map_err(|_| KeysError::Malformed(label))?;
    if pem.label == label { Ok(pem.contents) } else { Err(KeysError::Malformed(label)) }
}

impl fmt::Debug for MerchantKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MerchantKeys").field(&self.certificate_serial).finish()
    }
}

impl fmt::Debug for PlatformKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids = (&self.public_key_id, &self.certificate_serial);
        f.debug_tuple("PlatformKeys").field(&ids).finish()
    }
}
