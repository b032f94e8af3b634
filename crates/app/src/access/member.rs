//! A person by name: in which shop, or on the platform, and which of its people.

use super::{PLATFORM, people::Office, token::Secret};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::id::{PersonId, ShopId};
use serde::{Deserialize, Serialize};

/// One of the people of a shop or of the platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Whose.
    pub shop_id: ShopId,
    /// Which one.
    pub person_id: PersonId,
}

impl Member {
    /// The member that two texts name; none if they cannot name one.
    #[must_use]
    pub fn named(shop: &str, person: &str) -> Option<Self> {
        let shop_id = ShopId::parse(shop).ok()?;
        Some(Self { shop_id, person_id: PersonId::parse(person).ok()? })
    }

    /// Whether they belong to the platform.
    #[must_use]
    pub fn is_of_platform(&self) -> bool {
        self.shop_id.as_str() == PLATFORM
    }

    /// Whether this is an office that such a member can have.
    #[must_use]
    pub fn may_be(&self, office: Office) -> bool {
        office.role().is_none() == self.is_of_platform()
    }

    /// The member and a secret as one text that fits cookies and addresses.
    #[must_use]
    pub fn with_secret(&self, secret: &Secret) -> String {
        let name = format!("{}/{}", self.shop_id, self.person_id);
        format!("{}.{}", URL_SAFE_NO_PAD.encode(name), secret.shown())
    }

    /// Takes such a text apart; none if it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<(Self, Secret)> {
        let (name, secret) = text.split_once('.')?;
        let name = String::from_utf8(URL_SAFE_NO_PAD.decode(name).ok()?).ok()?;
        let (shop, person) = name.split_once('/')?;
        Some((Self::named(shop, person)?, Secret::parse(secret)?))
    }
}

#[cfg(test)]
mod tests {
    use super::{Member, Secret};

    #[test]
    fn a_member_is_taken_apart_as_it_was_put_together() {
        let member = Member::named("tea", "li#4|客".trim_end_matches('客')).unwrap();
        let secret = Secret::new("ab".repeat(32));
        let text = member.with_secret(&secret);
        assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)));
        assert!(Member::parse(&text) == Some((member, secret)));
    }

    #[test]
    fn what_is_no_member_is_none() {
        for text in ["", ".", "dGVh.00", "dGVhL2xp.zz", "!!.aa"] {
            assert!(Member::parse(text).is_none(), "{text}");
        }
    }
}
