//! Tokens: what a caller shows. They say which shop and which holder; the secret part is compared
//! with a stored hash. Only the hash is kept, so a stolen database opens nothing.

use domain::id::{KeyId, PersonId, ShopId};
use sha2::{Digest, Sha256};

/// A token as shown, taken apart. The secret stays inside.
#[derive(Clone, PartialEq, Eq)]
pub enum Token {
    /// A machine's: `wk_SHOP_KEY_SECRET`.
    Key(ShopId, KeyId, Secret),
    /// A person's: `wp_SHOP_PERSON_SECRET`.
    Person(ShopId, PersonId, Secret),
    /// A buyer's: `wb_…`, see [`super::link`].
    Buyer(String),
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Key(shop, key, _) => write!(f, "Key({shop}, {key})"),
            Self::Person(shop, person, _) => write!(f, "Person({shop}, {person})"),
            Self::Buyer(_) => f.write_str("Buyer"),
        }
    }
}

/// The secret part of a token: 32 random bytes in hexadecimal.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Makes one of fresh random digits.
    #[must_use]
    pub const fn new(hex: String) -> Self {
        Self(hex)
    }

    /// Reads one that is shown; nothing if it cannot be one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let plausible = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        plausible.then(|| Self(text.to_owned()))
    }

    /// The digits, to be shown once.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.0
    }

    /// What is stored of it. The secret has 256 random bits, so a plain hash is enough.
    #[must_use]
    pub fn hash(&self) -> String {
        Sha256::digest(self.0.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether it is the secret whose hash is stored. Hashes are compared, so the time it takes
    /// tells nothing about the secret.
    #[must_use]
    pub fn matches(&self, stored: &str) -> bool {
        self.hash() == stored
    }
}

/// The token of a machine key, shown once when it is made.
#[must_use]
pub fn key_token(shop_id: &ShopId, key_id: &KeyId, secret: &Secret) -> String {
    format!("wk_{shop_id}_{key_id}_{}", secret.0)
}

/// The token of a person, shown once when it is made.
#[must_use]
pub fn person_token(shop_id: &ShopId, person_id: &PersonId, secret: &Secret) -> String {
    format!("wp_{shop_id}_{person_id}_{}", secret.0)
}

/// Takes a token apart; nothing if it is none.
#[must_use]
pub fn parse(text: &str) -> Option<Token> {
    let (kind, rest) = text.split_once('_')?;
    if kind == "wb" {
        return Some(Token::Buyer(rest.to_owned()));
    }
    let (shop, rest) = rest.split_once('_')?;
    let (holder, secret) = rest.rsplit_once('_')?;
    let shop_id = ShopId::parse(shop).ok()?;
    let secret = Secret::parse(secret)?;
    match kind {
        "wk" => Some(Token::Key(shop_id, KeyId::parse(holder).ok()?, secret)),
        "wp" => Some(Token::Person(shop_id, PersonId::parse(holder).ok()?, secret)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Secret, Token, key_token, parse};
    use domain::id::{KeyId, ShopId};
    use proptest::prelude::proptest;

    #[test]
    fn a_token_is_taken_apart_as_it_was_put_together() {
        let (shop, key) = (ShopId::parse("tea").unwrap(), KeyId::parse("erp_1").unwrap());
        let secret = Secret::new("ab".repeat(32));
        let token = parse(&key_token(&shop, &key, &secret)).unwrap();
        assert_eq!(token, Token::Key(shop, key, secret.clone()));
        assert!(secret.matches(&secret.hash()));
        assert!(!format!("{token:?}").contains("abab"));
    }

    #[test]
    fn what_is_no_token_is_none() {
        for text in ["", "wk", "wk_", "wk_tea_k_short", "xx_tea_k_00", "wk__k_", "Bearer x"] {
            assert!(parse(text).is_none(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_token_or_none(text in "w[bkp]_[a-z0-9_.~-]{0,20}_?[ -~]{0,70}") {
            if let Some(Token::Key(shop, id, secret)) = parse(&text) {
                assert_eq!(key_token(&shop, &id, &secret), text);
            }
        }
    }
}
