//! Can the facts of an order be true? Sizes, texts, unique ids, and sums to the fen.

use super::{
    COUPONS_MAX, Facts, ITEMS_MAX, QUANTITY_MAX, SHIPMENTS_MAX, TENDERS_MAX, TITLE_BYTES_MAX,
};
use crate::money::{Money, MoneyError};

/// Why the facts of an order cannot be true.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FactsError {
    /// An amount overflows or has another currency than the order.
    #[error("{0}")]
    Money(#[from] MoneyError),
    /// A list is empty or too long.
    #[error("{list} must have {min} to {max} entries")]
    Count {
        /// Which list.
        list: &'static str,
        /// The fewest allowed.
        min: usize,
        /// The most allowed.
        max: usize,
    },
    /// Two entries have the same id.
    #[error("{0} appears twice")]
    Twice(String),
    /// A number or text is out of its range.
    #[error("{0} is out of range")]
    Range(&'static str),
    /// Discounts are larger than what they discount.
    #[error("discounts exceed the price of {0}")]
    Discount(String),
    /// What was paid is not what the order comes to.
    #[error("paid {paid} but items, freight and duty less discounts come to {due}")]
    Sum {
        /// The sum of the payments.
        paid: Money,
        /// What the order comes to.
        due: Money,
    },
}

impl FactsError {
    /// The stable code shown to callers.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Money(_) => "order_amount_invalid",
            Self::Count { .. } => "order_list_size",
            Self::Twice(_) => "order_duplicate_id",
            Self::Range(_) => "order_value_range",
            Self::Discount(_) => "order_discount_exceeds_price",
            Self::Sum { .. } => "order_sum_mismatch",
        }
    }
}

impl Facts {
    /// Checks that the facts hang together: sizes, currencies, unique ids, and that what was
    /// paid is exactly what the order comes to.
    ///
    /// # Errors
    /// The first thing that cannot be true.
    pub fn check(&self) -> Result<(), FactsError> {
        self.check_sizes()?;
        self.check_texts()?;
        self.check_unique()?;
        self.check_sum()
    }

    fn check_sizes(&self) -> Result<(), FactsError> {
        let lists = [
            ("items", self.items.len(), 1, ITEMS_MAX),
            ("tenders", self.tenders.len(), usize::from(self.is_paid()), TENDERS_MAX),
            ("shipments", self.shipments.len(), 0, SHIPMENTS_MAX),
            ("coupons", self.coupons.len(), 0, COUPONS_MAX),
        ];
        for (list, len, min, max) in lists {
            if len < min || len > max {
                return Err(FactsError::Count { list, min, max });
            }
        }
        Ok(())
    }

    fn check_texts(&self) -> Result<(), FactsError> {
        for item in &self.items {
            if item.title.is_empty() || item.title.len() > TITLE_BYTES_MAX {
                return Err(FactsError::Range("title"));
            }
            if item.quantity == 0 || item.quantity > QUANTITY_MAX {
                return Err(FactsError::Range("quantity"));
            }
            let clause = item.clause_accepted.as_ref().map_or(0, |accepted| accepted.clause.len());
            let sku = item.sku.as_ref().map_or(0, String::len);
            let batch = item.batch.as_ref().map_or(0, String::len);
            if clause > 2_000 || sku > 100 || batch > 100 {
                return Err(FactsError::Range("text of an item"));
            }
        }
        for shipment in &self.shipments {
            let report = shipment.quality_report.as_ref().map_or(0, String::len);
            if shipment.carrier.len() > 100 || shipment.waybill.len() > 100 || report > 2_000 {
                return Err(FactsError::Range("text of a shipment"));
            }
        }
        if self.coupons.iter().any(|coupon| coupon.name.len() > 200) {
            return Err(FactsError::Range("name of a coupon"));
        }
        Ok(())
    }

    fn check_unique(&self) -> Result<(), FactsError> {
        let mut items: Vec<&str> = self.items.iter().map(|item| item.item_id.as_str()).collect();
        items.sort_unstable();
        let mut paid: Vec<&str> =
            self.tenders.iter().map(|tender| tender.transaction_id.as_str()).collect();
        paid.sort_unstable();
        for ids in [items, paid] {
            let twice = ids.iter().zip(ids.iter().skip(1)).find(|(id, next)| id == next);
            if let Some((id, _)) = twice {
                return Err(FactsError::Twice((*id).to_owned()));
            }
        }
        Ok(())
    }

    fn check_sum(&self) -> Result<(), FactsError> {
        let mut goods = Money::zero(self.currency);
        for item in &self.items {
            let line = item
                .before_coupons()
                .map_err(|_| FactsError::Discount(item.item_id.to_string()))?;
            goods = goods.plus(line)?;
        }
        let coupons = Money::sum(self.currency, self.coupons.iter().map(|coupon| coupon.amount))?;
        let duties = Money::sum(self.currency, self.items.iter().filter_map(|item| item.duty))?;
        let due = goods
            .minus(coupons)
            .map_err(|_| FactsError::Discount("the order".into()))?
            .plus(self.freight)?
            .plus(duties)?;
        let paid = self.paid()?;
        if !self.tenders.is_empty() && paid != due {
            return Err(FactsError::Sum { paid, due });
        }
        Ok(())
    }
}
