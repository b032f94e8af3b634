//! A buyer's link: signed by the shop's server, for one buyer, until a moment. Nothing is stored.

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    id::{BuyerId, ShopId},
    moment::Moment,
};
use serde::{Deserialize, Serialize};

/// The longest a link may live, in seconds: 30 days.
pub const LIFE_SECONDS_MAX: u32 = 30 * 86_400;

/// Signs and reads links.
pub struct Links(hmac::Key);

/// What a link says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claim {
    shop: ShopId,
    buyer: BuyerId,
    until: Moment,
}

impl Links {
    /// Links signed with a secret.
    #[must_use]
    pub fn new(secret: &str) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()))
    }

    /// The token that lets a buyer in until a moment; none if it cannot be written.
    #[must_use]
    pub fn sign(&self, shop: &ShopId, buyer: &BuyerId, until: Moment) -> Option<String> {
        let claim = Claim { shop: shop.clone(), buyer: buyer.clone(), until };
        let body = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&claim).ok()?);
        let signature = URL_SAFE_NO_PAD.encode(hmac::sign(&self.0, body.as_bytes()));
        Some(format!("wb_{body}.{signature}"))
    }

    /// Who a token lets in at a moment; nobody if it was not signed here or has run out.
    #[must_use]
    pub fn read(&self, token: &str, at: Moment) -> Option<(ShopId, BuyerId)> {
        let (body, signature) = token.split_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        hmac::verify(&self.0, body.as_bytes(), &signature).ok()?;
        let claim: Claim = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).ok()?).ok()?;
        (at < claim.until).then_some((claim.shop, claim.buyer))
    }
}

#[cfg(test)]
mod tests {
    use super::Links;
    use domain::{
        id::{BuyerId, ShopId},
        moment::{Moment, Span},
    };
    use proptest::prelude::{any, prop_assert, proptest};

    const SECRET: &str = "0123456789abcdef0123456789abcdef";

    fn signed() -> (String, Moment) {
        let until = Moment::from_seconds(1_800_000_000);
        let (shop, buyer) = (ShopId::parse("tea").unwrap(), BuyerId::parse("oB1").unwrap());
        let token = Links::new(SECRET).sign(&shop, &buyer, until).unwrap();
        (token.strip_prefix("wb_").unwrap().to_owned(), until)
    }

    #[test]
    fn a_link_opens_until_it_runs_out() {
        let (token, until) = signed();
        let links = Links::new(SECRET);
        let read = links.read(&token, until.before(Span::from_ms(1))).unwrap();
        assert_eq!(read.1.as_str(), "oB1");
        assert!(links.read(&token, until).is_none());
    }

    #[test]
    fn another_secret_opens_nothing() {
        let (token, until) = signed();
        let other = Links::new("ffffffffffffffffffffffffffffffff");
        assert!(other.read(&token, until.before(Span::seconds(1))).is_none());
    }

    proptest! {
        #[test]
        fn any_other_text_is_refused(text in any::<String>(), at in 0usize..100) {
            let links = Links::new(SECRET);
            prop_assert!(links.read(&text, Moment::from_ms(0)).is_none());
            let (token, _) = signed();
            let mut bytes = token.clone().into_bytes();
            let at = at % bytes.len();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            // The last digit of base64 may carry bits that mean nothing.
            let refused = links.read(&changed, Moment::from_ms(0)).is_none();
            prop_assert!(refused || at + 1 == token.len());
        }
    }
}
