//! Passwords: what may be one, and how they are kept and compared.
//!
//! Kept as argon2id with what OWASP asks for at least (19 MiB, 2 rounds, 1 lane). Hashing takes a
//! processor for a while on purpose, so few are hashed at once and the others wait; when too many
//! wait already, the caller is told to come back.

use super::fault::Fault;
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier},
};
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The shortest password, in characters.
pub const CHARS_MIN: usize = 8;
/// The longest password, in characters: more is an attack on our processors.
pub const CHARS_MAX: usize = 200;
/// The memory of one hash, in KiB.
const MEMORY_KIB: u32 = 19 * 1024;
/// How often the memory is gone through.
const ROUNDS: u32 = 2;
/// The salt of what is hashed for nobody, so that a person who does not exist takes as long.
const NOBODY: [u8; 16] = *b"nobody's own sal";
/// Passwords hashed at once in this process.
const AT_ONCE: usize = 4;
/// Passwords hashed or waiting at once in this process.
const WAITING_MAX: usize = 64;

/// Why a text may not be a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// Shorter than [`CHARS_MIN`].
    TooShort,
    /// Longer than [`CHARS_MAX`].
    TooLong,
    /// It is the name of the person or of the shop.
    Name,
    /// The same character again and again, or a run such as `12345678`.
    Guessable,
}

impl Weakness {
    /// Every one, for the test that each has its sentence.
    pub const ALL: [Self; 4] = [Self::TooShort, Self::TooLong, Self::Name, Self::Guessable];

    /// Its stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooShort => "password_too_short",
            Self::TooLong => "password_too_long",
            Self::Name => "password_is_name",
            Self::Guessable => "password_guessable",
        }
    }
}

/// Those that everybody tries first and that no run of characters gives away.
const COMMON: [&str; 8] = [
    "password",
    "passw0rd",
    "iloveyou",
    "qwertyui",
    "qwertyuiop",
    "woaini1314",
    "5201314520",
    "1qaz2wsx",
];

/// Why a text may not be the password of somebody with these names; nothing if it may.
#[must_use]
pub fn weakness(password: &str, names: &[&str]) -> Option<Weakness> {
    let chars = password.chars().count();
    if chars < CHARS_MIN {
        return Some(Weakness::TooShort);
    }
    if chars > CHARS_MAX {
        return Some(Weakness::TooLong);
    }
    let lower = password.to_lowercase();
    if names.iter().any(|name| lower == name.to_lowercase()) {
        return Some(Weakness::Name);
    }
    let codes: Vec<i64> = lower.chars().map(|letter| i64::from(u32::from(letter))).collect();
    let mut steps = codes.iter().zip(codes.iter().skip(1)).map(|(one, next)| next - one);
    let first = steps.next().unwrap_or(0);
    let is_run = (-1..=1).contains(&first) && steps.all(|step| step == first);
    (is_run || COMMON.contains(&lower.as_str())).then_some(Weakness::Guessable)
}

/// Hashes and compares passwords, a few at once.
#[derive(Debug)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self {
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            places: Arc::new(Semaphore::new(WAITING_MAX)),
        }
    }
}

impl Passwords {
    /// What is kept of a password.
    ///
    /// # Errors
    /// [`Fault::Busy`] if too many wait already.
    pub async fn hash(&self, password: &str, salt: [u8; 16]) -> Result<String, Fault> {
        let password = password.to_owned();
        let hashed = self.blocking(move || {
            let made = hasher()?.hash_password_with_salt(password.as_bytes(), &salt);
            made.map(|hash| hash.to_string()).map_err(|_| Fault::Broken("a hash of a password"))
        });
        hashed.await?
    }

    /// Whether it is the password of which this is kept. Where nothing is kept it takes as long,
    /// so that nobody learns from the time who has a password.
    ///
    /// # Errors
    /// [`Fault::Busy`] if too many wait already.
    pub async fn matches(&self, password: &str, kept: Option<String>) -> Result<bool, Fault> {
        let password: String = password.chars().take(CHARS_MAX.saturating_add(1)).collect();
        let compared = self.blocking(move || {
            let hasher = hasher()?;
            let Some(kept) = kept else {
                let for_nobody = hasher.hash_password_with_salt(password.as_bytes(), &NOBODY);
                return for_nobody.map(|_| false).map_err(|_| Fault::Broken("a hash for nobody"));
            };
            Ok(hasher.verify_password(password.as_bytes(), kept.as_str()).is_ok())
        });
        compared.await?
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| Fault::Busy)?;
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| Fault::Busy)?;
        // The permits go along, so that a caller who went away does not make room too early.
        let held: [OwnedSemaphorePermit; 2] = [place, turn];
        let done = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(held);
            result
        });
        done.await.map_err(|_| Fault::Broken("a thread for a password"))
    }
}

fn hasher() -> Result<Argon2<'static>, Fault> {
    let params = Params::new(MEMORY_KIB, ROUNDS, 1, None);
    let params = params.map_err(|_| Fault::Broken("the measure of a hash"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::{Fault, NOBODY, Passwords, Weakness, weakness};

    #[tokio::test]
    async fn a_password_opens_and_no_other_does() {
        let passwords = Passwords::default();
        let kept = passwords.hash("推门进来 2026", [7; 16]).await.unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(passwords.matches("推门进来 2026", Some(kept.clone())).await.unwrap());
        assert!(!passwords.matches("推门进来 2027", Some(kept)).await.unwrap());
        assert!(!passwords.matches("推门进来 2026", None).await.unwrap());
        let nobodys = passwords.hash("x", NOBODY).await.unwrap();
        assert!(!passwords.matches("x", Some(nobodys[..40].to_owned())).await.unwrap());
    }

    #[tokio::test]
    async fn when_too_many_wait_the_next_is_told_to_come_back() {
        let passwords = Passwords::default();
        let _all = passwords.places.acquire_many(64).await.unwrap();
        assert!(matches!(passwords.matches("x", None).await, Err(Fault::Busy)));
    }

    #[test]
    fn what_is_easily_guessed_is_no_password() {
        let weak = |text: &str| weakness(text, &["zhang-wei", "tea-house"]);
        assert_eq!(weak("短密码"), Some(Weakness::TooShort));
        assert_eq!(weak(&"长".repeat(201)), Some(Weakness::TooLong));
        assert_eq!(weak("Zhang-Wei"), Some(Weakness::Name));
        for text in ["aaaaaaaa", "12345678", "87654321", "abcdefgh", "Password", "woaini1314"] {
            assert_eq!(weak(text), Some(Weakness::Guessable), "{text}");
        }
        for text in ["茶铺的后门在左边", "12345679", "zhang-wei-1"] {
            assert_eq!(weak(text), None, "{text}");
        }
    }
}
