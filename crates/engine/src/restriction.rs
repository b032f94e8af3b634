//! Restrictions of buyers who ask for refunds very often (F7): appeals, and what a reviewer made
//! of them. Documents of the registry, one for each buyer of a shop.

use crate::ports::{Store, StoreFault};
use domain::{
    id::{BuyerId, ShopId},
    moment::Moment,
};
use serde::{Deserialize, Serialize};

/// The kind of the documents.
pub const APPEAL: &str = "appeal";

/// An appeal (申诉) against a restriction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appeal {
    /// Whose.
    pub buyer_id: BuyerId,
    /// Why it should be lifted, in the buyer's words.
    pub material: String,
    /// When it was made.
    pub made_at: Moment,
    /// What the reviewer decided; absent while it waits.
    pub decision: Option<Decision>,
    /// Until when the restriction is lifted.
    pub lifted_until: Option<Moment>,
    /// Why, in the reviewer's words.
    pub note: String,
}

/// What a reviewer decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// The restriction is lifted for a time.
    Lifted,
    /// It is kept.
    Kept,
}

/// Until when the restriction of a buyer is lifted.
///
/// # Errors
/// [`StoreFault`] if the registry cannot be read.
pub async fn lifted_until(
    store: &dyn Store,
    shop_id: &ShopId,
    buyer_id: &BuyerId,
) -> Result<Option<Moment>, StoreFault> {
    let found = store.document(shop_id, APPEAL, buyer_id.as_str()).await?;
    let Some(document) = found else { return Ok(None) };
    let appeal: Appeal = serde_json::from_str(&document.body)
        .map_err(|error| StoreFault::Broken(format!("an appeal cannot be read: {error}")))?;
    Ok(appeal.lifted_until)
}
