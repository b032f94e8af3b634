//! Keys as files, named as the merchant platform names its downloads.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use rcgen::KeyPair;
use x509_parser::{certificate::X509Certificate, prelude::FromDer};

use super::{Keys, KeysError, MerchantKeys, PlatformKeys, der};

pub(super) const MERCHANT_KEY: &str = "apiclient_key.pem";
const MERCHANT_CERTIFICATE: &str = "apiclient_cert.pem";
const APIV3_KEY: &str = "apiv3_key.txt";
const PUBLIC_KEY: &str = "pub_key.pem";
const PUBLIC_KEY_ID: &str = "pub_key_id.txt";
const PLATFORM_CERTIFICATE: &str = "platform_cert.pem";
/// The two below exist only in a sandbox: outside, only WeChat Pay has them.
const PUBLIC_KEY_PRIVATE: &str = "sandbox_pub_key_private.pem";
const PLATFORM_KEY: &str = "sandbox_platform_key.pem";

pub(super) fn save(keys: &Keys, folder: &Path) -> Result<(), KeysError> {
    fs::create_dir_all(folder).map_err(|source| fault(folder, source))?;
    let (merchant, platform) = (&keys.merchant, &keys.platform);
    let files = [
        (MERCHANT_CERTIFICATE, &merchant.certificate_pem),
        (APIV3_KEY, &merchant.apiv3_key),
        (PUBLIC_KEY, &platform.public_key_pem),
        (PUBLIC_KEY_ID, &platform.public_key_id),
        (PLATFORM_CERTIFICATE, &platform.certificate_pem),
        (PUBLIC_KEY_PRIVATE, &platform.public_key_private_pem),
        (PLATFORM_KEY, &platform.certificate_private_pem),
        // Last: its presence says that the set is whole.
        (MERCHANT_KEY, &merchant.private_key_pem),
    ];
    for (name, text) in files {
        let path = folder.join(name);
        let written = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&path)
            .and_then(|mut file| file.write_all(text.as_bytes()));
        written.map_err(|source| fault(&path, source))?;
    }
    Ok(())
}

pub(super) fn load(folder: &Path) -> Result<Keys, KeysError> {
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read_to_string(&path).map_err(|source| fault(&path, source))
    };
    let private_key_pem = read(MERCHANT_KEY)?;
    let merchant_certificate = read(MERCHANT_CERTIFICATE)?;
    let platform_certificate = read(PLATFORM_CERTIFICATE)?;
    let merchant = MerchantKeys {
        public_key_pem: KeyPair::from_pem(&private_key_pem)?.public_key_pem(),
        private_key_pem,
        certificate_serial: serial(&merchant_certificate)?,
        certificate_pem: merchant_certificate,
        apiv3_key: read(APIV3_KEY)?.trim().to_owned(),
    };
    let platform = PlatformKeys {
        public_key_id: read(PUBLIC_KEY_ID)?.trim().to_owned(),
        public_key_pem: read(PUBLIC_KEY)?,
        certificate_serial: serial(&platform_certificate)?,
        certificate_pem: platform_certificate,
        public_key_private_pem: read(PUBLIC_KEY_PRIVATE)?,
        certificate_private_pem: read(PLATFORM_KEY)?,
    };
    Ok(Keys { merchant, platform })
}

fn serial(pem: &str) -> Result<String, KeysError> {
    let der = der(pem, "CERTIFICATE")?;
    let (_, x509) =
        X509Certificate::from_der(&der).map_err(|_| KeysError::Malformed("CERTIFICATE"))?;
    Ok(x509.raw_serial().iter().map(|byte| format!("{byte:02X}")).collect())
}

fn fault(path: &Path, source: std::io::Error) -> KeysError {
    KeysError::File { path: path.display().to_string(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_keys_are_the_same_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let made = Keys::load_or_generate(folder.path()).unwrap();

        let read = Keys::load_or_generate(folder.path()).unwrap();

        assert_eq!(made.merchant.private_key_pem, read.merchant.private_key_pem);
        assert_eq!(made.merchant.public_key_pem, read.merchant.public_key_pem);
        assert_eq!(made.merchant.certificate_serial, read.merchant.certificate_serial);
        assert_eq!(made.merchant.apiv3_key, read.merchant.apiv3_key);
        assert_eq!(made.platform.public_key_id, read.platform.public_key_id);
        assert_eq!(made.platform.certificate_serial, read.platform.certificate_serial);
        assert_eq!(made.platform.certificate_serial.len(), 40);
    }
}
