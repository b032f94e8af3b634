//! Stamps: small facts that we hand out and take back, such as "the password was right, the code
//! is still missing". Signed with the server's secret for one purpose; nothing is stored.

use aws_lc_rs::{digest, hmac};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};

/// Signs facts and reads them back.
pub struct Stamps(hmac::Key);

impl Stamps {
    /// Stamps under a secret.
    #[must_use]
    pub fn new(secret: &str) -> Self {
        let labelled = format!("wanbi stamps\0{secret}");
        let material = digest::digest(&digest::SHA256, labelled.as_bytes());
        Self(hmac::Key::new(hmac::HMAC_SHA256, material.as_ref()))
    }

    /// A fact as text that fits forms and addresses; none if it cannot be written.
    #[must_use]
    pub fn stamp<T: Serialize>(&self, purpose: &str, fact: &T) -> Option<String> {
        let body = URL_SAFE_NO_PAD.encode(serde_json::to_vec(fact).ok()?);
        let signature = URL_SAFE_NO_PAD.encode(self.digest(purpose, body.as_bytes()));
        Some(format!("{body}.{signature}"))
    }

    /// The fact of such a text; none if it was not stamped here for this purpose.
    #[must_use]
    pub fn read<T: DeserializeOwned>(&self, purpose: &str, text: &str) -> Option<T> {
        let (body, signature) = text.split_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        hmac::verify(&self.0, &labelled(purpose, body.as_bytes()), &signature).ok()?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).ok()?).ok()
    }

    /// A digest that nobody without the secret can work out, for one purpose.
    #[must_use]
    pub fn digest(&self, purpose: &str, bytes: &[u8]) -> [u8; 32] {
        let tag = hmac::sign(&self.0, &labelled(purpose, bytes));
        let mut out = [0; 32];
        for (to, from) in out.iter_mut().zip(tag.as_ref()) {
            *to = *from;
        }
        out
    }

    /// The beginning of a digest, in hexadecimal digits.
    #[must_use]
    pub fn hex(&self, purpose: &str, bytes: &[u8], digits: usize) -> String {
        let all: String =
            self.digest(purpose, bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        all.chars().take(digits).collect()
    }
}

/// No purpose has a NUL character, so no two pairs are the same bytes.
fn labelled(purpose: &str, bytes: &[u8]) -> Vec<u8> {
    [purpose.as_bytes(), b"\0", bytes].concat()
}

#[cfg(test)]
mod tests {
    use super::Stamps;
    use proptest::prelude::{any, proptest};

    #[test]
    fn a_stamp_is_good_for_its_purpose_and_its_secret_only() {
        let stamps = Stamps::new("one");
        let text = stamps.stamp("code", &("tea", 7)).unwrap();
        assert_eq!(stamps.read("code", &text), Some(("tea".to_owned(), 7)));
        assert_eq!(stamps.read::<(String, i32)>("state", &text), None);
        assert_eq!(Stamps::new("two").read::<(String, i32)>("code", &text), None);
        for text in ["", ".", "a.b", "WyJ0ZWEiLDhd.AAAA"] {
            assert_eq!(stamps.read::<(String, i32)>("code", text), None, "{text}");
        }
        assert_eq!(stamps.hex("x", b"y", 4).len(), 4);
    }

    proptest! {
        #[test]
        fn any_text_that_was_not_stamped_is_refused(
            at in any::<proptest::sample::Index>(), byte in 0x21_u8..0x7f, text in "[ -~]{0,80}",
        ) {
            let stamps = Stamps::new("one");
            assert_eq!(stamps.read::<(String, i32)>("code", &text), None);
            let good = stamps.stamp("code", &("tea", 7)).unwrap();
            let mut bytes = good.clone().into_bytes();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            let changed = String::from_utf8(bytes).unwrap();
            let read = stamps.read::<(String, i32)>("code", &changed);
            assert!(read.is_none() || changed == good, "{changed}");
        }
    }
}
