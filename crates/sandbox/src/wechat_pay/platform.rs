//! WeChat Pay's side of the keys: it signs, opens and seals.
//!
//! Written apart from the client's code on purpose: were both sides one function, a mistake in it
//! would agree with itself.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    rand::SystemRandom,
    rsa::{KeyPair, OAEP_SHA1_MGF1SHA1, OaepPrivateDecryptingKey, PrivateDecryptingKey},
    signature::RSA_PKCS1_SHA256,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use crate::{
    books::notice::Spoil,
    config::KeyMode,
    keys::{KeysError, PlatformKeys, der},
    random,
};

/// What no client knows: the serial printed in WeChat Pay's documents.
const SERIAL_OF_NOBODY: &str = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";

/// How old a stale signature is.
const STALE_S: i64 = 600;

/// One key pair under its name.
pub(crate) struct Signer {
    pub serial: String,
    pair: KeyPair,
    opener: OaepPrivateDecryptingKey,
}

/// Both key pairs, and which of them this merchant is served with.
pub(crate) struct Platform {
    pub mode: KeyMode,
    public: Signer,
    certified: Signer,
    pub certificate_pem: String,
}

/// The five headers of a signed message.
pub(crate) struct Signature {
    pub nonce: String,
    pub signature: String,
    pub timestamp: String,
    pub serial: String,
}

impl Signer {
    fn new(serial: &str, pem: &str) -> Result<Self, KeysError> {
        const LABEL: &str = "PRIVATE KEY";
        let der = der(pem, LABEL)?;
        let wrong = KeysError::Malformed(LABEL);
        let key = PrivateDecryptingKey::from_pkcs8(&der);
        let opener = key.ok().and_then(|key| OaepPrivateDecryptingKey::new(key).ok());
        let (Ok(pair), Some(opener)) = (KeyPair::from_pkcs8(&der), opener) else {
            return Err(wrong);
        };
        Ok(Self { serial: serial.to_owned(), pair, opener })
    }

    /// Signs `timestamp\nnonce\nbody\n`, rightly or as spoiled.
    pub(crate) fn sign(
        &self,
        body: &[u8],
        nonce: String,
        now_s: i64,
        spoil: Option<Spoil>,
    ) -> Signature {
        let signed_at_s = if spoil == Some(Spoil::Stale) { now_s - STALE_S } else { now_s };
        let timestamp = signed_at_s.to_string();
        let message = [timestamp.as_bytes(), b"\n", nonce.as_bytes(), b"\n", body, b"\n"].concat();
        let mut signature = vec![0; self.pair.public_modulus_len()];
        let done =
            self.pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &message, &mut signature);
        let mut signature = BASE64_STANDARD.encode(signature);
        if done.is_err() || spoil == Some(Spoil::Probe) {
            let rest = random::letters::<255>();
            signature = format!("WECHATPAY/SIGNTEST/{rest}");
        }
        let serial = match spoil {
            Some(Spoil::WrongSerial) => SERIAL_OF_NOBODY.to_owned(),
            Some(Spoil::Probe | Spoil::Stale) | None => self.serial.clone(),
        };
        Signature { nonce, signature, timestamp, serial }
    }

    /// Opens a sensitive field; nothing when it was not encrypted for this key with OAEP and SHA-1.
    pub(crate) fn open(&self, text: &str) -> Option<String> {
        let cipher = BASE64_STANDARD.decode(text).ok()?;
        let mut plain = vec![0; self.opener.min_output_size()];
        let plain = self.opener.decrypt(&OAEP_SHA1_MGF1SHA1, &cipher, &mut plain, None).ok()?;
        String::from_utf8(plain.to_vec()).ok()
    }
}

impl Platform {
    pub(crate) fn new(mode: KeyMode, keys: &PlatformKeys) -> Result<Self, KeysError> {
        Ok(Self {
            mode,
            public: Signer::new(&keys.public_key_id, &keys.public_key_private_pem)?,
            certified: Signer::new(&keys.certificate_serial, &keys.certificate_private_pem)?,
            certificate_pem: keys.certificate_pem.clone(),
        })
    }

    /// While a merchant is switching, the answer is signed with the key the request announced, and
    /// with the certificate when it announced none.
    pub(crate) fn for_answer(&self, announced: Option<&str>) -> &Signer {
        match self.mode {
            KeyMode::PublicKey => &self.public,
            KeyMode::Certificate => &self.certified,
            KeyMode::Switching if announced == Some(self.public.serial.as_str()) => &self.public,
            KeyMode::Switching => &self.certified,
        }
    }

    /// While a merchant is switching, notices come under both keys; here in turn.
    pub(crate) fn for_notice(&self, seq: u64) -> &Signer {
        match self.mode {
            KeyMode::PublicKey => &self.public,
            KeyMode::Certificate => &self.certified,
            KeyMode::Switching if seq % 2 == 1 => &self.public,
            KeyMode::Switching => &self.certified,
        }
    }

    /// The key a merchant may have encrypted with.
    pub(crate) fn by_serial(&self, serial: &str) -> Option<&Signer> {
        let known: &[&Signer] = match self.mode {
            KeyMode::PublicKey => &[&self.public],
            KeyMode::Certificate => &[&self.certified],
            KeyMode::Switching => &[&self.public, &self.certified],
        };
        known.iter().find(|signer| signer.serial.eq_ignore_ascii_case(serial)).copied()
    }

    pub(crate) fn certificate_serial(&self) -> &str {
        &self.certified.serial
    }
}

/// Seals with the merchant's APIv3 key: algorithm, ciphertext, associated data and nonce.
pub(crate) fn seal(plain: &[u8], apiv3_key: &[u8], associated_data: &str) -> Option<Value> {
    let nonce = random::letters::<NONCE_LEN>();
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, apiv3_key).ok()?);
    let once = Nonce::try_assume_unique_for_key(nonce.as_bytes()).ok()?;
    let mut bytes = plain.to_vec();
    let aad = Aad::from(associated_data.as_bytes());
    key.seal_in_place_append_tag(once, aad, &mut bytes).ok()?;
    Some(json!({
        "algorithm": "AEAD_AES_256_GCM",
        "ciphertext": BASE64_STANDARD.encode(bytes),
        "associated_data": associated_data,
        "nonce": nonce,
    }))
}
