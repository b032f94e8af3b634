//! What a shop tells every buyer: how it is reached, and where goods go back.

use crate::registry::{Change, Entry, Registry};
use domain::{actor::Actor, id::ShopId, moment::Moment};
use engine::ports::StoreFault;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// The document of the contact channels: kind and id.
pub const CONTACTS: (&str, &str) = ("contacts", "contacts");
/// The document of where goods go back: kind and id.
pub const SHIPPING: (&str, &str) = ("shipping", "shipping");
/// The longest address of a page.
const URL_CHARS_MAX: usize = 500;
/// The longest telephone number.
const HOTLINE_CHARS_MAX: usize = 30;
/// The longest plain line.
const LINE_CHARS_MAX: usize = 60;
/// The longest address where goods go back.
const ADDRESS_CHARS_MAX: usize = 300;
/// The most carriers named.
const CARRIERS_MAX: usize = 30;

/// How a shop is reached (Q4). What is empty is not offered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contacts {
    /// The link of its WeChat customer service (微信客服).
    pub service_url: String,
    /// Its telephone (客服电话).
    pub hotline: String,
    /// When somebody answers.
    pub hours: String,
    /// Its official account (公众号).
    pub official_account: String,
}

/// Where goods go back, and with whom (F9).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Shipping {
    /// To whom and where.
    pub return_address: String,
    /// Carriers that the shop prefers; empty if all are the same to it.
    pub carriers: Vec<String>,
}

impl Contacts {
    /// Whether nothing is offered.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.service_url.is_empty()
            && self.hotline.is_empty()
            && self.hours.is_empty()
            && self.official_account.is_empty()
    }

    /// The name of the first thing that will not do.
    #[must_use]
    pub fn mistake(&self) -> Option<&'static str> {
        let url = &self.service_url;
        let plain = url.bytes().all(|byte| byte.is_ascii_graphic());
        let web = url.starts_with("https://") && url.len() > 12 && plain;
        if !url.is_empty() && (!web || url.len() > URL_CHARS_MAX) {
            return Some("service_url_invalid");
        }
        let dialled = |letter: char| letter.is_ascii_digit() || "+-() ".contains(letter);
        if self.hotline.chars().count() > HOTLINE_CHARS_MAX || !self.hotline.chars().all(dialled) {
            return Some("hotline_invalid");
        }
        let long = |text: &String| text.chars().count() > LINE_CHARS_MAX;
        (long(&self.hours) || long(&self.official_account)).then_some("text_too_long_here")
    }
}

impl Shipping {
    /// Carriers as typed, one a line.
    #[must_use]
    pub fn carriers_of(text: &str) -> Vec<String> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let mut carriers: Vec<String> = Vec::new();
        for line in lines {
            if !carriers.iter().any(|known| known == line) {
                carriers.push(line.to_owned());
            }
        }
        carriers
    }

    /// The name of the first thing that will not do.
    #[must_use]
    pub fn mistake(&self) -> Option<&'static str> {
        let long = |text: &String| text.chars().count() > LINE_CHARS_MAX;
        let address = self.return_address.chars().count() > ADDRESS_CHARS_MAX;
        let carriers = self.carriers.len() > CARRIERS_MAX || self.carriers.iter().any(long);
        (address || carriers).then_some("text_too_long_here")
    }
}

/// How a shop is reached.
///
/// # Errors
/// [`StoreFault`] if it cannot be read.
pub async fn contacts(
    registry: &Registry,
    shop_id: &ShopId,
) -> Result<(u64, Contacts), StoreFault> {
    load(registry, shop_id, CONTACTS).await
}

/// Where a shop's goods go back.
///
/// # Errors
/// [`StoreFault`] if it cannot be read.
pub async fn shipping(
    registry: &Registry,
    shop_id: &ShopId,
) -> Result<(u64, Shipping), StoreFault> {
    load(registry, shop_id, SHIPPING).await
}

async fn load<T: DeserializeOwned + Default>(
    registry: &Registry,
    shop_id: &ShopId,
    (kind, id): (&str, &str),
) -> Result<(u64, T), StoreFault> {
    let found: Option<Entry<T>> = registry.entry(shop_id, kind, id).await?;
    Ok(found.map_or_else(|| (0, T::default()), |entry| (entry.version, entry.body)))
}

/// Puts one of them in place of a version. False if somebody else was first.
///
/// # Errors
/// [`StoreFault`] if it cannot be written.
pub async fn put<T: Serialize + Sync>(
    registry: &Registry,
    shop_id: &ShopId,
    ((kind, id), replaces, body): ((&str, &str), u64, &T),
    by: &Actor,
    at: Moment,
) -> Result<bool, StoreFault> {
    let change = Change { shop_id, kind, id, replaces, body };
    registry.put(change, by, &format!("{kind}.changed"), at).await
}

#[cfg(test)]
mod tests {
    use super::{Contacts, Shipping};

    #[test]
    fn what_buyers_cannot_use_is_refused() {
        let with_url = |url: &str| Contacts { service_url: url.into(), ..Contacts::default() };
        assert_eq!(with_url("https://work.weixin.qq.com/kfid/kfc1").mistake(), None);
        for url in ["javascript:alert(1)", "http://x.example", "https://", "https://a b.example"] {
            assert_eq!(with_url(url).mistake(), Some("service_url_invalid"), "{url}");
        }
        let call = |hotline: &str| Contacts { hotline: hotline.into(), ..Contacts::default() };
        assert_eq!(call("400-123-4567").mistake(), None);
        assert_eq!(call("打我电话").mistake(), Some("hotline_invalid"));
        assert!(Contacts::default().is_empty() && !call("1").is_empty());
    }

    #[test]
    fn carriers_are_read_one_a_line_each_once() {
        let carriers = Shipping::carriers_of(" 顺丰速运\r\n\n中通快递\n顺丰速运 ");
        assert_eq!(carriers, ["顺丰速运", "中通快递"]);
        let many = Shipping { carriers: vec!["x".into(); 31], ..Shipping::default() };
        assert!(many.mistake().is_some());
    }
}
