//! Opens what WeChat Pay sealed with the APIv3 key, and encrypts what only WeChat Pay may read.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    rsa::{OAEP_SHA1_MGF1SHA1, OaepPublicEncryptingKey, PublicEncryptingKey},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};

use super::credentials::ApiV3Key;

/// The only algorithm of API v3 for merchants who do not use the Chinese national ciphers.
pub const ALGORITHM: &str = "AEAD_AES_256_GCM";

/// A sealed text: the `resource` of a notice, the `encrypt_certificate` of a certificate.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sealed {
    pub algorithm: String,
    /// Base64 of the ciphertext and its 16-byte tag.
    pub ciphertext: String,
    #[serde(default)]
    pub associated_data: String,
    /// 12 bytes.
    pub nonce: String,
}

/// Why a text could not be opened or sealed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    #[error("the algorithm {0:?} is not supported")]
    Algorithm(String),
    #[error("the nonce is not 12 bytes")]
    Nonce,
    #[error("the ciphertext is not Base64")]
    Base64,
    #[error("the text was not sealed with this key, nonce and associated data")]
    Tag,
    #[error("the text does not fit the public key or is too long for it")]
    Encrypt,
}

/// The text inside, or nothing at all: a wrong tag gives no bytes.
pub fn open(sealed: &Sealed, key: &ApiV3Key) -> Result<Vec<u8>, SealError> {
    if sealed.algorithm != ALGORITHM {
        return Err(SealError::Algorithm(sealed.algorithm.clone()));
    }
    let mut bytes = BASE64_STANDARD.decode(&sealed.ciphertext).map_err(|_| SealError::Base64)?;
    let aad = Aad::from(sealed.associated_data.as_bytes());
    let plain_bytes = cipher(key)?
        .open_in_place(nonce(&sealed.nonce)?, aad, &mut bytes)
        .map_err(|_| SealError::Tag)?
        .len();
    bytes.truncate(plain_bytes);
    Ok(bytes)
}

/// Seals as WeChat Pay does; the nonce must never have been used with this key.
pub fn seal(
    plain: &[u8],
    key: &ApiV3Key,
    nonce_text: &str,
    associated_data: &str,
) -> Result<Sealed, SealError> {
    let mut bytes = plain.to_vec();
    cipher(key)?
        .seal_in_place_append_tag(
            nonce(nonce_text)?,
            Aad::from(associated_data.as_bytes()),
            &mut bytes,
        )
        .map_err(|_| SealError::Encrypt)?;
    Ok(Sealed {
        algorithm: ALGORITHM.to_owned(),
        ciphertext: BASE64_STANDARD.encode(bytes),
        associated_data: associated_data.to_owned(),
        nonce: nonce_text.to_owned(),
    })
}

/// RSA-OAEP with SHA-1, the padding WeChat Pay API v3 prescribes for sensitive fields; at most 214
/// bytes for a key of 2048 bits. The padding draws its own randomness inside the library: no
/// decision depends on it, and a padding given from outside would be a way to get it wrong.
pub fn encrypt(plain: &str, spki: &[u8]) -> Result<String, SealError> {
    let encrypted = || {
        let key = PublicEncryptingKey::from_der(spki).ok()?;
        let key = OaepPublicEncryptingKey::new(key).ok()?;
        let mut out = vec![0; key.ciphertext_size()];
        let written = key.encrypt(&OAEP_SHA1_MGF1SHA1, plain.as_bytes(), &mut out, None).ok()?;
        Some(BASE64_STANDARD.encode(written))
    };
    encrypted().ok_or(SealError::Encrypt)
}

fn cipher(key: &ApiV3Key) -> Result<LessSafeKey, SealError> {
    UnboundKey::new(&AES_256_GCM, key.bytes()).map(LessSafeKey::new).map_err(|_| SealError::Encrypt)
}

fn nonce(text: &str) -> Result<Nonce, SealError> {
    let bytes: [u8; NONCE_LEN] = text.as_bytes().try_into().map_err(|_| SealError::Nonce)?;
    Ok(Nonce::assume_unique_for_key(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wechat_pay::fixtures;

    fn key() -> ApiV3Key {
        ApiV3Key::new(fixtures::APIV3_KEY).unwrap()
    }

    /// Made with Python's `cryptography`: AESGCM(key).encrypt(nonce, text, b"refund").
    fn sealed() -> Sealed {
        Sealed {
            algorithm: ALGORITHM.into(),
            ciphertext: include_str!("../../tests/fixtures/sealed_refund.b64").trim().into(),
            associated_data: "refund".into(),
            nonce: "Mw40GMRVWziD".into(),
        }
    }

    #[test]
    fn a_text_sealed_by_another_library_is_opened() {
        assert_eq!(open(&sealed(), &key()).unwrap(), r#"{"summary":"退款成功"}"#.as_bytes());
    }

    #[test]
    fn what_we_seal_is_what_the_other_library_sealed() {
        let ours = seal(r#"{"summary":"退款成功"}"#.as_bytes(), &key(), "Mw40GMRVWziD", "refund");

        assert_eq!(ours.unwrap().ciphertext, sealed().ciphertext);
    }

    #[test]
    fn a_tampered_tag_or_other_associated_data_opens_nothing() {
        let mut tampered = sealed();
        let mut bytes = BASE64_STANDARD.decode(&tampered.ciphertext).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        tampered.ciphertext = BASE64_STANDARD.encode(bytes);
        let other_data = Sealed { associated_data: String::new(), ..sealed() };
        let other_nonce = Sealed { nonce: "Mw40GMRVWziE".into(), ..sealed() };

        for sealed in [tampered, other_data, other_nonce] {
            assert_eq!(open(&sealed, &key()), Err(SealError::Tag));
        }
    }

    #[test]
    fn malformed_sealed_texts_are_refused() {
        let algorithm = Sealed { algorithm: "AEAD_SM4_GCM".into(), ..sealed() };
        let nonce = Sealed { nonce: "short".into(), ..sealed() };
        let base64 = Sealed { ciphertext: "*".into(), ..sealed() };
        let empty = Sealed { ciphertext: String::new(), ..sealed() };

        assert!(matches!(open(&algorithm, &key()), Err(SealError::Algorithm(_))));
        assert_eq!(open(&nonce, &key()), Err(SealError::Nonce));
        assert_eq!(open(&base64, &key()), Err(SealError::Base64));
        assert_eq!(open(&empty, &key()), Err(SealError::Tag));
    }

    #[test]
    fn a_sensitive_field_is_344_characters_and_at_most_214_bytes_long() {
        let spki = fixtures::platform_spki();

        assert_eq!(encrypt("6225760000000000", &spki).unwrap().len(), 344);
        assert!(encrypt(&"a".repeat(214), &spki).is_ok());
        assert_eq!(encrypt(&"a".repeat(215), &spki), Err(SealError::Encrypt));
    }
}
