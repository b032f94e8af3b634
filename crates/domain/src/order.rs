//! An order with all its cases: the boundary inside which everything is consistent.

use crate::{
    application::CaseType,
    case::Case,
    facts::Facts,
    id::{CaseId, ItemId, TransactionId},
    moment::{Moment, Span},
    money::{Money, MoneyError},
    policy::ItemHistory,
    record::Receipt,
    refund::{REFUNDS_PER_PAYMENT_MAX, Refund},
    working::{ItemTaken, Taken},
};

/// The most cases an order may have.
pub const CASES_MAX: usize = 200;
/// The most records an order may have; what the system must still say has room above it.
pub const RECORDS_MAX: u64 = 5_000;
/// Refunds of one payment keep so far apart (WeChat Pay API v3: one a minute).
pub const REFUND_GAP: Span = Span::seconds(61);
/// So long after payment the original route is open (WeChat Pay API v3).
pub const ROUTE_OPEN: Span = Span::days(365);

/// An order with all its cases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// The version: how many records it is folded from.
    pub version: u64,
    /// What the shop says of it; absent before the first record.
    pub facts: Option<Facts>,
    /// In the order of opening.
    pub cases: Vec<Case>,
    /// The receipts of requests that came with an idempotency key, and the version each left.
    pub receipts: Vec<(Receipt, u64)>,
}

impl Order {
    /// The case of that id.
    #[must_use]
    pub fn case(&self, case_id: CaseId) -> Option<&Case> {
        self.cases.iter().find(|case| case.case_id == case_id)
    }

    /// All refunds of all cases.
    pub fn refunds(&self) -> impl Iterator<Item = &Refund> {
        self.cases.iter().flat_map(|case| &case.refunds)
    }

    /// What cases have taken of the order: the allocations of refunds ordered.
    ///
    /// # Errors
    /// [`MoneyError`] if a sum cannot be represented.
    pub fn taken(&self, facts: &Facts) -> Result<Taken, MoneyError> {
        let zero = Money::zero(facts.currency);
        let mut taken = Taken {
            items: vec![ItemTaken { pieces: 0, goods: zero, duty: zero }; facts.items.len()],
            freight: zero,
            total: zero,
        };
        for allocation in self.cases.iter().filter_map(|case| case.allocation.as_ref()) {
            taken.add(facts, allocation)?;
        }
        Ok(taken)
    }

    /// What can still go back to one payment.
    ///
    /// # Errors
    /// [`MoneyError`] if a sum cannot be represented.
    pub fn left_of(&self, transaction_id: &TransactionId) -> Result<Money, MoneyError> {
        let Some(facts) = &self.facts else { return Err(MoneyError::Range) };
        let paid = facts.tender(transaction_id).map(|tender| tender.amount);
        let sent = self
            .refunds()
            .filter(|refund| refund.path.transaction() == Some(transaction_id))
            .filter(|refund| refund.state.counts());
        let sent = Money::sum(facts.currency, sent.map(|refund| refund.amount))?;
        paid.unwrap_or(Money::zero(facts.currency)).minus_at_most(sent)
    }

    /// Whether one payment can take another refund at a moment: not too old, not too often.
    #[must_use]
    pub fn takes_refunds(&self, transaction_id: &TransactionId, at: Moment) -> bool {
        let tender = self.facts.as_ref().and_then(|facts| facts.tender(transaction_id));
        let young = tender.is_some_and(|tender| at < tender.paid_at.after(ROUTE_OPEN));
        let refunds = self.refunds();
        let sent = refunds.filter(|refund| refund.path.transaction() == Some(transaction_id));
        young && sent.count() < REFUNDS_PER_PAYMENT_MAX
    }

    /// When the next refund of one payment may be sent.
    #[must_use]
    pub fn next_slot(&self, transaction_id: &TransactionId, at: Moment) -> Moment {
        let refunds = self.refunds();
        let sent = refunds.filter(|refund| refund.path.transaction() == Some(transaction_id));
        let free = sent.map(|refund| refund.send_at.after(REFUND_GAP)).max();
        free.map_or(at, |free| free.max(at))
    }

    /// What can still go the original route at a moment.
    ///
    /// # Errors
    /// [`MoneyError`] if a sum cannot be represented.
    pub fn original_left(&self, at: Moment) -> Result<Money, MoneyError> {
        let Some(facts) = &self.facts else { return Err(MoneyError::Range) };
        let open = facts.tenders.iter().map(|tender| &tender.transaction_id);
        let open = open.filter(|id| self.takes_refunds(id, at));
        open.map(|id| self.left_of(id))
            .try_fold(Money::zero(facts.currency), |sum, left| sum.plus(left?))
    }

    /// What the policy needs to know of earlier cases, item by item. A case being amended does
    /// not stand in its own way.
    #[must_use]
    pub fn history(&self, facts: &Facts, except: Option<CaseId>) -> Vec<ItemHistory> {
        let of_item = |item_id: &ItemId| ItemHistory {
            item_id: item_id.clone(),
            pieces_settled: self.pieces_settled(item_id),
            applications: u32::try_from(
                self.cases
                    .iter()
                    .filter(|case| Some(case.case_id) != except && touches(case, item_id))
                    .count(),
            )
            .unwrap_or(u32::MAX),
            open_case: self.cases.iter().any(|case| {
                Some(case.case_id) != except && case.is_open() && touches(case, item_id)
            }),
        };
        facts.items.iter().map(|item| of_item(&item.item_id)).collect()
    }

    fn pieces_settled(&self, item_id: &ItemId) -> u32 {
        let allocations = self.cases.iter().filter_map(|case| case.allocation.as_ref());
        let shares = allocations.flat_map(|allocation| &allocation.items);
        let shares = shares.filter(|share| share.item_id == *item_id);
        shares.fold(0, |sum, share| sum.saturating_add(share.quantity))
    }

    /// The version that the command with this idempotency key left, if there was one.
    #[must_use]
    pub fn receipt(&self, key: &str) -> Option<(&Receipt, u64)> {
        let mut receipts = self.receipts.iter().rev();
        receipts.find(|(receipt, _)| receipt.key == key).map(|(receipt, left)| (receipt, *left))
    }
}

/// A claim for the delivery fee alone stands in nobody's way.
fn touches(case: &Case, item_id: &ItemId) -> bool {
    if case.application.case_type == CaseType::ShippingFee {
        return false;
    }
    let items = &case.application.items;
    items.is_empty() || items.iter().any(|pieces| pieces.item_id == *item_id)
}
