//! Names of things. Ids are parsed once at the door; ids of effects are derived, never drawn.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};
use std::{fmt, sync::Arc};
use uuid::Uuid;

/// A text is not an id: empty, too long, or with a character that ids may not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id has 1 to {max} characters out of 0-9 A-Z a-z _ - . : @ | * #")]
pub struct IdError {
    /// The longest text allowed here.
    pub max: usize,
}

fn check(text: &str, max: usize) -> Result<(), IdError> {
    let fits = (1..=max).contains(&text.len());
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.:@|*#".contains(&byte);
    if fits && text.bytes().all(allowed) { Ok(()) } else { Err(IdError { max }) }
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $max:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// # Errors
            /// [`IdError`] if the text is not an id.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                check(text, $max)?;
                Ok(Self(Arc::from(text)))
            }

            /// The text of the id.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

text_id! {
    /// A shop (店铺): the tenant.
    ShopId, 64
}
text_id! {
    /// An order (订单), as the shop names it.
    OrderId, 64
}
text_id! {
    /// A buyer (买家), as the shop names it; for WeChat Stores the openid.
    BuyerId, 128
}
text_id! {
    /// A line of an order: a product and its price, bought so many times.
    ItemId, 64
}
text_id! {
    /// A payment of an order, by the channel's transaction number (交易流水号).
    TransactionId, 64
}
text_id! {
    /// A person with a role, in a shop or on the platform.
    PersonId, 64
}
text_id! {
    /// A machine key.
    KeyId, 64
}
text_id! {
    /// A stored file of evidence.
    FileId, 64
}
text_id! {
    /// A reason (原因) of the policy's tree.
    ReasonCode, 64
}
text_id! {
    /// A clause of the policy, such as `F2`.
    ClauseId, 32
}
text_id! {
    /// A number of a refund (商户退款单号), the provider's idempotency key.
    RefundNo, 64
}
text_id! {
    /// A message to the outside world.
    EffectId, 96
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Takes a UUID, version 7 wherever it is made anew.
            #[must_use]
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// Reads the usual form with hyphens.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                Uuid::try_parse(text).ok().map(Self)
            }

            /// The UUID.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }
    };
}

uuid_id! {
    /// One command, named at the door it came in by.
    CommandId
}
uuid_id! {
    /// An after-sale case (售后单). It has the id of the command that opened it.
    CaseId
}

impl CommandId {
    /// For questions that are not commands and derive nothing.
    pub const NONE: Self = Self(Uuid::nil());

    /// The command that follows from something known by this hash: a UUID of version 8.
    #[must_use]
    pub const fn derived_from(hash: [u8; 32]) -> Self {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ..] = hash;
        let bytes = [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p];
        Self(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }
}

impl CaseId {
    /// The case that this command opens.
    #[must_use]
    pub const fn opened_by(command: CommandId) -> Self {
        Self(command.0)
    }
}

/// The digits of a derived number: no letter that is easily misread.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl RefundNo {
    /// The number of the `n`-th refund that a command orders on a case: the same command gives
    /// the same number however often it is decided.
    #[must_use]
    pub fn derive(case: CaseId, command: CommandId, n: usize) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"wanbi refund\0");
        hash.update(case.0.as_bytes());
        hash.update(command.0.as_bytes());
        hash.update(u64::try_from(n).unwrap_or(u64::MAX).to_be_bytes());
        let digits: String = hash
            .finalize()
            .iter()
            .take(28)
            .map(|byte| char::from(*DIGITS.get(usize::from(byte % 32)).unwrap_or(&b'0')))
            .collect();
        Self(Arc::from(format!("WB{digits}").as_str()))
    }
}

impl EffectId {
    /// The `n`-th effect of the event at `version` of an order's stream.
    #[must_use]
    pub fn derive(order: &OrderId, version: u64, n: usize) -> Self {
        Self(Arc::from(format!("{order}.{version}.{n}").as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::{CaseId, CommandId, OrderId, RefundNo};
    use uuid::Uuid;

    #[test]
    fn a_refund_number_is_derived_and_fits_the_channel() {
        let command = CommandId::new(Uuid::from_u128(7));
        let case = CaseId::opened_by(command);
        let number = RefundNo::derive(case, command, 0);
        assert_eq!(number, RefundNo::derive(case, command, 0));
        assert_ne!(number, RefundNo::derive(case, command, 1));
        assert_eq!(number.as_str().len(), 30);
    }

    #[test]
    fn an_id_is_short_and_plain() {
        for bad in ["", " ", "a b", "é", "a/b", "a\n", &"x".repeat(65)] {
            assert!(OrderId::parse(bad).is_err(), "{bad:?}");
        }
        assert!(OrderId::parse("3700000000000000001").is_ok());
    }
}
