//! What lets us speak as a merchant: its number, its keys, and the keys we believe.

use std::{fmt, sync::Arc};

use aws_lc_rs::rsa::KeyPair;
use x509_parser::pem::parse_x509_pem;

use super::platform_keys::PlatformKeys;

/// Why credentials were not accepted; never shows key material.
#[derive(Debug, thiserror::Error)]
pub enum CredentialsError {
    #[error("the merchant number is not 1 to 32 digits")]
    MerchantNo,
    #[error("the merchant certificate serial is not 1 to 40 hexadecimal digits")]
    CertificateSerial,
    #[error("the merchant private key is not an RSA key in PKCS#8 PEM of 2048 bits or more")]
    PrivateKey,
    #[error("the APIv3 key is not 32 bytes")]
    ApiV3Key,
    #[error("the WeChat Pay public key id does not begin with PUB_KEY_ID_")]
    PublicKeyId,
    #[error("the WeChat Pay public key is not an RSA key in SPKI PEM of 2048 bits or more")]
    PublicKey,
    #[error("a platform certificate is not an X.509 certificate in PEM with an RSA key")]
    Certificate,
}

/// The merchant's side as configured, not yet checked.
#[derive(Clone)]
pub struct MerchantSource {
    pub mchid: String,
    /// Serial of the merchant API certificate, upper-case hexadecimal.
    pub certificate_serial: String,
    /// `apiclient_key.pem`, PKCS#8.
    pub private_key_pem: String,
    /// 32 bytes, set in the merchant platform.
    pub apiv3_key: String,
}

impl fmt::Debug for MerchantSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MerchantSource").field("mchid", &self.mchid).finish_non_exhaustive()
    }
}

/// The key of callbacks and certificates: 32 ASCII bytes taken as they are.
#[derive(Clone)]
pub struct ApiV3Key([u8; 32]);

impl ApiV3Key {
    /// Takes the 32 bytes of the text.
    pub fn new(text: &str) -> Result<Self, CredentialsError> {
        text.as_bytes().try_into().map(Self).map_err(|_| CredentialsError::ApiV3Key)
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for ApiV3Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiV3Key([private])")
    }
}

/// The merchant's side, checked.
struct Merchant {
    mchid: String,
    certificate_serial: String,
    private_key: KeyPair,
    apiv3_key: ApiV3Key,
}

/// Everything needed to sign, verify, seal and open; cheap to clone.
#[derive(Clone)]
pub struct Credentials {
    merchant: Arc<Merchant>,
    platform: PlatformKeys,
}

impl Credentials {
    /// Checks the merchant's side and joins it with the keys WeChat Pay signs with.
    pub fn new(source: &MerchantSource, platform: PlatformKeys) -> Result<Self, CredentialsError> {
        let mchid = source.mchid.clone();
        if !(1..=32).contains(&mchid.len()) || !mchid.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(CredentialsError::MerchantNo);
        }
        let serial = source.certificate_serial.to_ascii_uppercase();
        if !(1..=40).contains(&serial.len()) || !serial.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(CredentialsError::CertificateSerial);
        }
        let merchant = Merchant {
            mchid,
            certificate_serial: serial,
            private_key: private_key(&source.private_key_pem)?,
            apiv3_key: ApiV3Key::new(&source.apiv3_key)?,
        };
        Ok(Self { merchant: Arc::new(merchant), platform })
    }

    /// The same merchant believing other keys, after certificates were refreshed.
    pub fn with_platform_keys(&self, platform: PlatformKeys) -> Self {
        Self { merchant: Arc::clone(&self.merchant), platform }
    }

    /// The merchant's number.
    pub fn mchid(&self) -> &str {
        &self.merchant.mchid
    }

    /// Serial of the merchant API certificate, upper-case hexadecimal.
    pub fn certificate_serial(&self) -> &str {
        &self.merchant.certificate_serial
    }

    /// The keys of WeChat Pay that are believed.
    pub fn platform(&self) -> &PlatformKeys {
        &self.platform
    }

    /// The key of notices and certificates.
    pub fn apiv3_key(&self) -> &ApiV3Key {
        &self.merchant.apiv3_key
    }

    pub(super) fn private_key(&self) -> &KeyPair {
        &self.merchant.private_key
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("mchid", &self.merchant.mchid)
            .field("certificate_serial", &self.merchant.certificate_serial)
            .field("platform", &self.platform)
            .finish_non_exhaustive()
    }
}

/// The smallest RSA modulus accepted, in bytes.
pub(super) const MODULUS_BYTES_MIN: usize = 2048 / 8;

fn private_key(pem: &str) -> Result<KeyPair, CredentialsError> {
    let wrong = || CredentialsError::PrivateKey;
    let (_, pem) = parse_x509_pem(pem.as_bytes()).map_err(|_| wrong())?;
    if pem.label != "PRIVATE KEY" {
        return Err(wrong());
    }
    let pair = KeyPair::from_pkcs8(&pem.contents).map_err(|_| wrong())?;
    if pair.public_modulus_len() < MODULUS_BYTES_MIN {
        return Err(wrong());
    }
    Ok(pair)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wechat_pay::fixtures;

    #[test]
    fn credentials_never_show_their_secrets() {
        let shown =
            format!("{:?} {:?}", fixtures::public_key_credentials(), fixtures::merchant_source());

        assert!(shown.contains("1900000001"));
        assert!(!shown.contains(fixtures::APIV3_KEY));
        assert!(!shown.contains("PRIVATE KEY"));
    }

    #[test]
    fn malformed_credentials_are_refused_one_by_one() {
        let refused = |change: fn(&mut MerchantSource)| {
            let mut source = fixtures::merchant_source();
            change(&mut source);
            Credentials::new(&source, fixtures::public_key_platform()).unwrap_err()
        };

        assert!(matches!(refused(|s| s.mchid = "x".into()), CredentialsError::MerchantNo));
        assert!(matches!(
            refused(|s| s.certificate_serial = "zz".into()),
            CredentialsError::CertificateSerial
        ));
        assert!(matches!(
            refused(|s| s.private_key_pem = "-----".into()),
            CredentialsError::PrivateKey
        ));
        assert!(matches!(
            refused(|s| s.private_key_pem = fixtures::PLATFORM_PUBLIC_PEM.into()),
            CredentialsError::PrivateKey
        ));
        assert!(matches!(refused(|s| s.apiv3_key = "short".into()), CredentialsError::ApiV3Key));
    }
}
