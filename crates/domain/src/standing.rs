//! What spans orders: how a buyer and a shop stand. It reaches a decision as facts, and what is
//! limited is checked once more when the decision is committed.

use crate::{moment::Moment, money::Money};
use serde::{Deserialize, Serialize};

/// How one buyer stands with one shop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Refunds ordered for the buyer in this calendar year (F2).
    pub refunded_this_year: Money,
    /// Cases the buyer opened in the policy's window of days (F7).
    pub cases_in_window: u32,
    /// A reviewer lifted the restriction until then (F7).
    pub restriction_lifted_until: Option<Moment>,
}

/// What the shop has set, and how its account stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ShopSettings {
    /// The shop's qualification and its payment account are verified (F4).
    pub account_verified: bool,
    /// Above this a second person confirms; absent means never (M1, M3).
    pub approval_limit: Option<Money>,
}

impl Default for ShopSettings {
    fn default() -> Self {
        Self { account_verified: true, approval_limit: None }
    }
}
