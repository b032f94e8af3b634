//! How much: the amount an application is entitled to, with its working, exact to the fen for
//! any sequence of partial refunds (S1, S2, S3).
//!
//! Every share is cumulative: the share of the first `j` of `n` pieces is `⌊paid × j / n⌋`, and
//! an application for the next `k` pieces gets the difference of two such shares. Differences
//! telescope, so whatever the sequence, the whole comes to exactly what was paid.

mod allocation;

pub use allocation::{Allocation, ItemShare};

use crate::{
    application::{Application, CaseType, Fault, Pieces},
    facts::{Category, Facts, Item},
    id::ItemId,
    money::{Money, MoneyError},
    policy::MoneyRules,
};
use serde::{Deserialize, Serialize};

/// The amount an application is entitled to, and how it comes about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Working {
    /// Line by line, as shown to people.
    pub steps: Vec<Step>,
    /// The most that may be asked.
    pub entitled: Money,
    /// Where it comes from.
    pub allocation: Allocation,
}

/// One line of the working.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What it is.
    pub kind: StepKind,
    /// Of which item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_id: Option<ItemId>,
    /// Of how many pieces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<u32>,
    /// How much.
    pub amount: Money,
}

/// What a line of the working is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// Added: the pieces' share of what was paid for the line, after discounts and coupons.
    Goods,
    /// Added: their share of tax and duty.
    Duty,
    /// Added: their share of the delivery fee.
    Freight,
    /// Added: return freight that the buyer laid out.
    ReturnFreight,
    /// Shown only: duty that stays with the buyer (Q4).
    DutyKept,
    /// Shown only: delivery fee that stays with the buyer.
    FreightKept,
    /// Deducted: return freight of cross-border goods (S3).
    CrossBorderReturn,
    /// Deducted: what exceeds the rest of the order.
    AlreadyRefunded,
    /// Shown only: the platform's fee, which the merchant bears (Q2).
    Fee,
}

/// What earlier cases of the order have taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// In the order of the order's items.
    pub items: Vec<ItemTaken>,
    /// Delivery fee.
    pub freight: Money,
    /// Everything together.
    pub total: Money,
}

/// What earlier cases have taken of one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ItemTaken {
    /// Pieces settled.
    pub pieces: u32,
    /// Of its price.
    pub goods: Money,
    /// Of its duty.
    pub duty: Money,
}

impl Taken {
    /// Adds what another case has taken.
    ///
    /// # Errors
    /// [`MoneyError`] if a sum cannot be represented.
    pub fn add(&mut self, facts: &Facts, allocation: &Allocation) -> Result<(), MoneyError> {
        self.freight = self.freight.plus(allocation.freight)?;
        self.total = self.total.plus(allocation.total()?)?;
        for share in &allocation.items {
            let mut lines = facts.items.iter().zip(&mut self.items);
            let line = lines.find(|(item, _)| item.item_id == share.item_id);
            if let Some((_, line)) = line {
                line.pieces = line.pieces.saturating_add(share.quantity);
                line.goods = line.goods.plus(share.goods)?;
                line.duty = line.duty.plus(share.duty)?;
            }
        }
        Ok(())
    }
}

/// The rules that an amount is worked out by.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// Who is at fault by the reason.
    pub fault: Fault,
    /// The policy's amounts.
    pub money: &'a MoneyRules,
}

impl Rules<'_> {
    /// The platform's fee on an amount, which the merchant bears where the seller is at fault
    /// (Q2); none otherwise.
    ///
    /// # Errors
    /// [`MoneyError`] if it cannot be represented.
    pub fn fee(&self, amount: Money) -> Result<Option<Money>, MoneyError> {
        if self.fault != Fault::Seller {
            return Ok(None);
        }
        amount.share(i64::from(self.money.fee_basis_points), 10_000).map(Some)
    }
}

/// Works out what an application is entitled to. Items that do not exist or pieces that are no
/// longer there count as nothing; the policy's findings name them.
///
/// # Errors
/// [`MoneyError`] if an amount cannot be represented.
pub fn entitle(
    facts: &Facts,
    taken: &Taken,
    application: &Application,
    rules: Rules<'_>,
) -> Result<Working, MoneyError> {
    let bench = Bench::new(facts, taken, application, rules)?;
    match application.case_type {
        CaseType::RefundOnly
        | CaseType::ReturnAndRefund
        | CaseType::Exchange
        | CaseType::Cancellation => bench.goods(),
        CaseType::ShippingFee => bench.shipping_fee(),
        CaseType::PriceDifference => bench.price_difference(),
    }
}

/// One line with everything needed to share it.
struct Line<'a> {
    item: &'a Item,
    paid: Money,
    taken: ItemTaken,
    asked: u32,
}

impl Line<'_> {
    /// `⌊whole × pieces / quantity⌋`.
    fn cumulative(&self, whole: Money, pieces: u32) -> Result<Money, MoneyError> {
        whole.share(i64::from(pieces), i64::from(self.item.quantity))
    }

    fn difference(&self, whole: Money) -> Result<Money, MoneyError> {
        let after = self.taken.pieces.saturating_add(self.asked).min(self.item.quantity);
        self.cumulative(whole, after)?.minus_at_most(self.cumulative(whole, self.taken.pieces)?)
    }
}

struct Bench<'a> {
    facts: &'a Facts,
    taken: &'a Taken,
    application: &'a Application,
    rules: Rules<'a>,
    lines: Vec<Line<'a>>,
    zero: Money,
}

impl<'a> Bench<'a> {
    fn new(
        facts: &'a Facts,
        taken: &'a Taken,
        application: &'a Application,
        rules: Rules<'a>,
    ) -> Result<Self, MoneyError> {
        let zero = Money::zero(facts.currency);
        let paid = facts.line_paid()?;
        let lines = facts
            .items
            .iter()
            .zip(paid)
            .zip(&taken.items)
            .map(|((item, paid), taken)| {
                let left = item.quantity.saturating_sub(taken.pieces);
                Line { item, paid, taken: *taken, asked: asked(application, item).min(left) }
            })
            .collect();
        Ok(Self { facts, taken, application, rules, lines, zero })
    }

    /// Goods that were never sent, or that came wrong, give back freight and duty too.
    fn buyer_bears_costs(&self) -> bool {
        self.rules.fault == Fault::Buyer && !self.facts.is_unshipped()
    }

    fn goods(&self) -> Result<Working, MoneyError> {
        let mut sheet = Sheet::new(self.zero);
        for line in self.lines.iter().filter(|line| line.asked > 0) {
            self.goods_of(line, &mut sheet)?;
        }
        let freight = self.freight_share()?;
        if self.buyer_bears_costs() {
            sheet.show(StepKind::FreightKept, freight);
        } else {
            sheet.show(StepKind::Freight, freight);
            sheet.allocation.freight = freight;
        }
        if self.application.case_type.returns_goods() {
            self.return_freight(&mut sheet)?;
        }
        self.finish(sheet)
    }

    fn goods_of(&self, line: &Line<'_>, sheet: &mut Sheet) -> Result<(), MoneyError> {
        let left = line.paid.minus_at_most(line.taken.goods)?;
        let mut goods = line.difference(line.paid)?.at_most(left)?;
        sheet.show_item(StepKind::Goods, line, goods);
        let mut duty = self.zero;
        if let Some(whole) = line.item.duty {
            duty = line.difference(whole)?.at_most(whole.minus_at_most(line.taken.duty)?)?;
            if self.buyer_bears_costs() {
                sheet.show_item(StepKind::DutyKept, line, duty);
                duty = self.zero;
            } else {
                sheet.show_item(StepKind::Duty, line, duty);
            }
        }
        let abroad = line.item.category == Category::CrossBorder;
        let sent_back = self.application.case_type == CaseType::ReturnAndRefund;
        if abroad && sent_back && self.buyer_bears_costs() {
            let deduction = self.rules.money.cross_border_return_freight.at_most(goods)?;
            sheet.show_item(StepKind::CrossBorderReturn, line, deduction);
            goods = goods.minus(deduction)?;
        }
        sheet.allocation.items.push(ItemShare {
            item_id: line.item.item_id.clone(),
            quantity: line.asked,
            goods,
            duty,
        });
        Ok(())
    }

    /// The delivery fee is shared by the value of the goods settled; where nothing has a value,
    /// by pieces.
    fn freight_share(&self) -> Result<Money, MoneyError> {
        let goods = Money::sum(self.facts.currency, self.lines.iter().map(|line| line.paid))?;
        let (mut before, mut after, mut whole) = (0i64, 0i64, 0i64);
        for line in &self.lines {
            let settled = line.taken.pieces.saturating_add(line.asked);
            let (all, was, is) = if goods.is_zero() {
                let quantity = i64::from(line.item.quantity);
                (quantity, i64::from(line.taken.pieces), i64::from(settled))
            } else {
                let was = line.cumulative(line.paid, line.taken.pieces)?;
                let is = line.cumulative(line.paid, settled)?;
                (line.paid.minor(), was.minor(), is.minor())
            };
            whole = whole.checked_add(all).ok_or(MoneyError::Range)?;
            before = before.checked_add(was).ok_or(MoneyError::Range)?;
            after = after.checked_add(is).ok_or(MoneyError::Range)?;
        }
        let freight = self.facts.freight;
        let share = freight.share(after, whole)?.minus_at_most(freight.share(before, whole)?)?;
        share.at_most(freight.minus_at_most(self.taken.freight)?)
    }

    /// Return freight the buyer laid out, where the seller is at fault, up to the policy's limit.
    fn return_freight(&self, sheet: &mut Sheet) -> Result<(), MoneyError> {
        let Some(claimed) = self.application.declared.return_freight else { return Ok(()) };
        if self.rules.fault == Fault::Seller {
            let granted = claimed.at_most(self.rules.money.return_freight_claim)?;
            sheet.show(StepKind::ReturnFreight, granted);
            sheet.allocation.extra = granted;
        }
        Ok(())
    }

    fn shipping_fee(&self) -> Result<Working, MoneyError> {
        let mut sheet = Sheet::new(self.zero);
        let left = self.facts.freight.minus_at_most(self.taken.freight)?;
        sheet.show(StepKind::Freight, left);
        sheet.allocation.freight = left;
        self.return_freight(&mut sheet)?;
        self.finish(sheet)
    }

    fn price_difference(&self) -> Result<Working, MoneyError> {
        let mut sheet = Sheet::new(self.zero);
        for line in self.lines.iter().filter(|line| line.asked > 0) {
            let goods = line.paid.minus_at_most(line.taken.goods)?;
            sheet.show_item(StepKind::Goods, line, goods);
            let item_id = line.item.item_id.clone();
            let share = ItemShare { item_id, quantity: 0, goods, duty: self.zero };
            sheet.allocation.items.push(share);
        }
        self.finish(sheet)
    }

    /// What earlier price differences and goodwill have used up of the order is not there any
    /// more: the own amounts of an order never come to more than was paid.
    fn finish(&self, mut sheet: Sheet) -> Result<Working, MoneyError> {
        let total = sheet.allocation.total()?;
        let own = total.minus(sheet.allocation.extra)?;
        let left = self.facts.paid()?.minus_at_most(self.taken.total)?;
        if own.exceeds(left) {
            sheet.show(StepKind::AlreadyRefunded, own.minus(left)?);
            let extra = sheet.allocation.extra;
            sheet.allocation.extra = self.zero;
            sheet.allocation = sheet.allocation.scaled(left)?;
            sheet.allocation.extra = extra;
        }
        let entitled = sheet.allocation.total()?;
        if let Some(fee) = self.rules.fee(entitled)? {
            sheet.show(StepKind::Fee, fee);
        }
        Ok(Working { steps: sheet.steps, entitled, allocation: sheet.allocation })
    }
}

/// How many pieces of an item are asked for; an empty list means everything.
fn asked(application: &Application, item: &Item) -> u32 {
    if application.items.is_empty() {
        return item.quantity;
    }
    let pieces = application.items.iter().filter(|pieces| pieces.item_id == item.item_id);
    pieces.fold(0, |sum, Pieces { quantity, .. }| sum.saturating_add(*quantity))
}

struct Sheet {
    steps: Vec<Step>,
    allocation: Allocation,
}

impl Sheet {
    const fn new(zero: Money) -> Self {
        let allocation = Allocation { items: Vec::new(), freight: zero, extra: zero };
        Self { steps: Vec::new(), allocation }
    }

    fn show(&mut self, kind: StepKind, amount: Money) {
        if !amount.is_zero() {
            self.steps.push(Step { kind, item_id: None, quantity: None, amount });
        }
    }

    fn show_item(&mut self, kind: StepKind, line: &Line<'_>, amount: Money) {
        let item_id = Some(line.item.item_id.clone());
        self.steps.push(Step { kind, item_id, quantity: Some(line.asked), amount });
    }
}
