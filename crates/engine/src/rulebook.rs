//! The rules of each shop: its settings, the policy in force, and every version that a case was
//! ever opened under. Versions never change, so they are kept; settings are looked at again.

use crate::{
    ports::{Clock, Store, StoreFault},
    rows::Document,
};
use domain::{
    calendar::Calendar,
    id::ShopId,
    moment::{Moment, Span},
    policy::Policy,
    standing::ShopSettings,
};
use moka::sync::Cache;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Settings are looked at again after so long; another process may have changed them.
const FRESH_FOR: Span = Span::seconds(2);
/// Version 0 is the policy built into the program.
pub const BUILT_IN: u32 = 0;
/// The document that holds a shop: kind and id.
pub const SHOP: (&str, &str) = ("shop", "shop");
/// The kind of documents that hold versions of a policy.
pub const POLICY: &str = "policy";

/// A shop as the registry keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shop {
    /// What people call it.
    pub name: String,
    /// What it has set.
    pub settings: ShopSettings,
    /// The version of the policy in force; [`BUILT_IN`] at first.
    pub policy_version: u32,
}

/// A published version of a policy as the registry keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedPolicy {
    /// The TOML text.
    pub text: String,
    /// What changed, in the publisher's words.
    pub note: String,
}

/// The id of a version's document; sorts as the versions do.
#[must_use]
pub fn policy_id(version: u32) -> String {
    format!("{version:010}")
}

/// Why the rules of a shop cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum RulesFault {
    /// There is no such shop.
    #[error("there is no shop {0}")]
    NoShop(ShopId),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreFault),
    /// What is stored cannot be read.
    #[error("the {0} of a shop cannot be read")]
    Unreadable(&'static str),
}

/// The rules of every shop.
pub struct Rulebook {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    calendar: Arc<Calendar>,
    shops: Cache<ShopId, (Moment, Arc<Shop>)>,
    policies: Cache<(ShopId, u32), Arc<Policy>>,
}

impl Rulebook {
    /// A rulebook over a store.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, calendar: Arc<Calendar>) -> Self {
        let (shops, policies) = (Cache::new(10_000), Cache::new(10_000));
        Self { store, clock, calendar, shops, policies }
    }

    /// The working days.
    #[must_use]
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// A shop.
    ///
    /// # Errors
    /// [`RulesFault`] if there is none or it cannot be read.
    pub async fn shop(&self, shop_id: &ShopId) -> Result<Arc<Shop>, RulesFault> {
        let now = self.clock.now();
        if let Some((loaded_at, shop)) = self.shops.get(shop_id)
            && now < loaded_at.after(FRESH_FOR)
            && now >= loaded_at
        {
            return Ok(shop);
        }
        let found = self.store.document(shop_id, SHOP.0, SHOP.1).await?;
        let document = found.ok_or_else(|| RulesFault::NoShop(shop_id.clone()))?;
        let shop: Shop =
            serde_json::from_str(&document.body).map_err(|_| RulesFault::Unreadable("settings"))?;
        let shop = Arc::new(shop);
        self.shops.insert(shop_id.clone(), (now, Arc::clone(&shop)));
        Ok(shop)
    }

    /// A version of a shop's policy.
    ///
    /// # Errors
    /// [`RulesFault`] if it is not there or cannot be read.
    pub async fn policy(&self, shop_id: &ShopId, version: u32) -> Result<Arc<Policy>, RulesFault> {
        if version == BUILT_IN {
            return Ok(Policy::default_policy());
        }
        let key = (shop_id.clone(), version);
        if let Some(policy) = self.policies.get(&key) {
            return Ok(policy);
        }
        let unreadable = RulesFault::Unreadable("policy");
        let found = self.store.document(shop_id, POLICY, &policy_id(version)).await?;
        let Some(Document { body, .. }) = found else { return Err(unreadable) };
        let published: PublishedPolicy =
            serde_json::from_str(&body).map_err(|_| RulesFault::Unreadable("policy"))?;
        let policy = Policy::parse(&published.text).map(Arc::new).map_err(|_| unreadable)?;
        self.policies.insert(key, Arc::clone(&policy));
        Ok(policy)
    }

    /// A shop, and the policy that is in force there.
    ///
    /// # Errors
    /// [`RulesFault`] if there is no such shop, or its rules cannot be read.
    pub async fn in_force(&self, shop_id: &ShopId) -> Result<(Arc<Shop>, Arc<Policy>), RulesFault> {
        let shop = self.shop(shop_id).await?;
        let policy = self.policy(shop_id, shop.policy_version).await?;
        Ok((shop, policy))
    }

    /// Forgets a shop's settings, after they were changed here.
    pub fn forget(&self, shop_id: &ShopId) {
        self.shops.invalidate(shop_id);
    }
}
