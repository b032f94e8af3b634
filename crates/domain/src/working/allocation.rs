//! Where an amount comes from: the shares of items, delivery fee and what goes beyond.

use crate::{
    id::ItemId,
    money::{Money, MoneyError},
};
use serde::{Deserialize, Serialize};

/// Where an amount comes from, item by item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Allocation {
    /// Shares of items.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ItemShare>,
    /// Share of the delivery fee.
    pub freight: Money,
    /// What goes beyond the order's own amounts: return freight, goodwill.
    pub extra: Money,
}

/// The share of one item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ItemShare {
    /// Which line.
    pub item_id: ItemId,
    /// How many pieces are settled by it; 0 for a price difference.
    pub quantity: u32,
    /// Of the price.
    pub goods: Money,
    /// Of tax and duty.
    pub duty: Money,
}

impl Allocation {
    /// Nothing of anything.
    #[must_use]
    pub const fn nothing(zero: Money) -> Self {
        Self { items: Vec::new(), freight: zero, extra: zero }
    }

    /// The sum of its shares.
    ///
    /// # Errors
    /// [`MoneyError`] if it cannot be represented.
    pub fn total(&self) -> Result<Money, MoneyError> {
        Money::sum(self.freight.currency(), self.shares())
    }

    fn shares(&self) -> impl Iterator<Item = Money> {
        self.items
            .iter()
            .flat_map(|share| [share.goods, share.duty])
            .chain([self.freight, self.extra])
    }

    /// The same shares for another amount: less is taken from all in proportion, to the fen;
    /// what is more is extra.
    ///
    /// # Errors
    /// [`MoneyError`] if it cannot be represented.
    pub fn scaled(&self, amount: Money) -> Result<Self, MoneyError> {
        let total = self.total()?;
        let mut scaled = self.clone();
        if !total.exceeds(amount) {
            scaled.extra = self.extra.plus(amount.minus(total)?)?;
            return Ok(scaled);
        }
        let weights: Vec<i64> = self.shares().map(Money::minor).collect();
        let mut parts = amount.split(&weights)?.into_iter();
        let mut next = || parts.next().ok_or(MoneyError::Range);
        for share in &mut scaled.items {
            share.goods = next()?;
            share.duty = next()?;
        }
        scaled.freight = next()?;
        scaled.extra = next()?;
        Ok(scaled)
    }
}
