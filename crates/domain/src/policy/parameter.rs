//! The parameters of a policy: deadlines, limits and amounts, and their names in its sentences.

use crate::{
    finding::{Fact, FactValue},
    id::ReasonCode,
    moment::Span,
    money::{Currency, Money},
    policy::{
        document::{Placed, Section},
        mistake::{Mistakes, Problem},
    },
};
use std::ops::Range;

/// The most a parameter may say in minor units (40 million yuan in fen).
const MINOR_MAX: u32 = 4_000_000_000;
/// The longest deadline in hours (one year).
const HOURS_MAX: u32 = 8_760;
/// The longest deadline in days (one year).
const DAYS_MAX: u32 = 365;

/// When the system acts by itself (B4, C4, Q5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// The merchant decides, else the application is approved (B4).
    pub merchant_decides: Span,
    /// The buyer sends the goods, else the case is closed (F9).
    pub buyer_ships: Span,
    /// The merchant confirms the returned goods, else they count as received.
    pub merchant_receives: Span,
    /// The buyer answers an offer, else it lapses (M3).
    pub buyer_answers: Span,
    /// The buyer adds the evidence asked for (M3).
    pub buyer_adds_evidence: Span,
    /// The buyer brings a rejection before the platform (Q5).
    pub buyer_escalates: Span,
    /// The merchant sends the replacement (B2).
    pub merchant_replaces: Span,
    /// The buyer confirms the replacement, else it counts as received (B2).
    pub buyer_confirms: Span,
    /// Statutory working days until the platform's result (Q5).
    pub arbiter_working_days: u32,
    /// The money arrives, else a ticket is opened (F8).
    pub refund_arrives: Span,
}

/// How much and how often (F2, F7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// One refund in per cent of what was paid (F2).
    pub refund_percent: u32,
    /// Refunds of one buyer from one shop in a calendar year (F2).
    pub yearly: Money,
    /// Applications for one item (S2).
    pub applications_per_item: u32,
    /// Offers the merchant may make in one case (M3).
    pub offers: u32,
    /// Times the merchant may ask for evidence in one case (M3).
    pub evidence_requests: u32,
    /// So many cases of one buyer start the risk control (F7) …
    pub risk_cases: u32,
    /// … within so many days (F7).
    pub risk_days: u32,
}

/// Amounts and rates (Q2, S1, S3, C4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MoneyRules {
    /// The platform's fee in hundredths of a per cent where the seller is at fault (Q2).
    pub fee_basis_points: u32,
    /// The most return freight a buyer may claim where the seller is at fault (S1).
    pub return_freight_claim: Money,
    /// Return freight of cross-border goods that the buyer bears (S3, Q4).
    pub cross_border_return_freight: Money,
    /// From this amount in dispute on, online mediation is open (C4).
    pub mediation_minimum: Money,
}

/// Small amounts and known problems refunded at once (I2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FastLane {
    /// Up to this amount.
    pub amount: Money,
    /// For these reasons only.
    pub reasons: Vec<ReasonCode>,
}

/// Names and values for the sentences of the policy.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parameters(Vec<Fact>);

impl Parameters {
    /// Adds a count under a name.
    pub(crate) fn count(&mut self, name: impl Into<String>, count: u32) {
        self.0.push(Fact { name: name.into(), value: FactValue::Count(i64::from(count)) });
    }

    fn money(&mut self, name: &str, amount: Money) {
        self.0.push(Fact { name: name.to_owned(), value: FactValue::Money(amount) });
    }

    /// The value of a name.
    pub(crate) fn get(&self, name: &str) -> Option<&FactValue> {
        self.0.iter().find(|fact| fact.name == name).map(|fact| &fact.value)
    }

    /// Every name.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|fact| fact.name.as_str())
    }

    /// All of them.
    pub(crate) fn facts(&self) -> &[Fact] {
        &self.0
    }
}

/// One section of numbers being read; every number read is a parameter too.
struct Numbers<'a, 't, 'm> {
    section: Section<'t>,
    mistakes: &'a mut Mistakes<'m>,
    parameters: &'a mut Parameters,
    currency: Currency,
}

impl Numbers<'_, '_, '_> {
    fn number(&mut self, key: &str, min: u32, max: u32, default: u32) -> u32 {
        let number = self.section.number(self.mistakes, key, min..=max, default);
        self.parameters.count(key, number);
        number
    }

    fn hours(&mut self, key: &str, default: u32) -> Span {
        Span::hours(self.number(key, 1, HOURS_MAX, default))
    }

    fn days(&mut self, key: &str, default: u32) -> Span {
        Span::days(self.number(key, 1, DAYS_MAX, default))
    }

    /// Reads `<name>_minor`; the parameter is called `<name>`.
    fn money(&mut self, name: &str, default: u32) -> Money {
        let key = format!("{name}_minor");
        let minor = self.section.number(self.mistakes, &key, 0..=MINOR_MAX, default);
        let amount = Money::new(i64::from(minor), self.currency);
        let amount = amount.unwrap_or(Money::zero(self.currency));
        self.parameters.money(name, amount);
        amount
    }

    fn finish(self) {
        self.section.finish(self.mistakes);
    }
}

/// Reads `[deadlines]`.
pub(crate) fn deadlines(
    section: Section<'_>,
    mistakes: &mut Mistakes<'_>,
    parameters: &mut Parameters,
) -> Deadlines {
    let mut numbers = Numbers { section, mistakes, parameters, currency: Currency::CNY };
    let deadlines = Deadlines {
        merchant_decides: numbers.hours("merchant_decides_hours", 48),
        buyer_ships: numbers.days("buyer_ships_days", 7),
        merchant_receives: numbers.days("merchant_receives_days", 10),
        buyer_answers: numbers.hours("buyer_answers_hours", 48),
        buyer_adds_evidence: numbers.hours("buyer_adds_evidence_hours", 48),
        buyer_escalates: numbers.days("buyer_escalates_days", 7),
        merchant_replaces: numbers.hours("merchant_replaces_hours", 72),
        buyer_confirms: numbers.days("buyer_confirms_days", 10),
        arbiter_working_days: numbers.number("arbiter_working_days", 1, 30, 3),
        refund_arrives: numbers.hours("refund_arrives_hours", 48),
    };
    numbers.finish();
    deadlines
}

/// Reads `[limits]`.
pub(crate) fn limits(
    mut section: Section<'_>,
    mistakes: &mut Mistakes<'_>,
    parameters: &mut Parameters,
) -> Limits {
    let currency = currency(&mut section, mistakes);
    let mut numbers = Numbers { section, mistakes, parameters, currency };
    let limits = Limits {
        refund_percent: numbers.number("refund_percent", 1, 200, 105),
        yearly: numbers.money("yearly", 50_000_000),
        applications_per_item: numbers.number("applications_per_item", 1, 100, 5),
        offers: numbers.number("offers", 1, 50, 5),
        evidence_requests: numbers.number("evidence_requests", 0, 20, 3),
        risk_cases: numbers.number("risk_cases", 1, 10_000, 10),
        risk_days: numbers.number("risk_days", 1, DAYS_MAX, 30),
    };
    numbers.finish();
    limits
}

/// Reads `[money]`; its amounts are of the currency of the limits.
pub(crate) fn money(
    section: Section<'_>,
    mistakes: &mut Mistakes<'_>,
    parameters: &mut Parameters,
    currency: Currency,
) -> MoneyRules {
    let mut numbers = Numbers { section, mistakes, parameters, currency };
    let rules = MoneyRules {
        fee_basis_points: numbers.number("fee_basis_points", 0, 2_000, 60),
        return_freight_claim: numbers.money("return_freight_claim", 2_500),
        cross_border_return_freight: numbers.money("cross_border_return_freight", 3_000),
        mediation_minimum: numbers.money("mediation_minimum", 50_000),
    };
    numbers.finish();
    rules
}

/// The fast lane as written, with its reasons not yet looked up.
pub(crate) struct FastLaneText {
    /// Whether it is open.
    pub enabled: bool,
    /// Where the section begins.
    pub at: Range<usize>,
    /// Up to this amount.
    pub amount: Money,
    /// For these reasons.
    pub reasons: Vec<Placed>,
}

/// Reads `[fast_lane]`.
pub(crate) fn fast_lane(
    mut section: Section<'_>,
    mistakes: &mut Mistakes<'_>,
    parameters: &mut Parameters,
    currency: Currency,
) -> FastLaneText {
    let at = section.at();
    let enabled = section.flag(mistakes, "enabled", false);
    let reasons = section.words(mistakes, "reasons");
    let mut numbers = Numbers { section, mistakes, parameters, currency };
    let minor = numbers.section.number(numbers.mistakes, "amount_minor", 0..=MINOR_MAX, 2_000);
    let amount = Money::new(i64::from(minor), currency).unwrap_or(Money::zero(currency));
    numbers.parameters.money("fast_lane_amount", amount);
    numbers.finish();
    FastLaneText { enabled, at, amount, reasons }
}

fn currency(section: &mut Section<'_>, mistakes: &mut Mistakes<'_>) -> Currency {
    let Some(code) = section.text(mistakes, "currency") else { return Currency::CNY };
    Currency::parse(&code.text).unwrap_or_else(|_| {
        mistakes.add(code.at, code.key, &Problem::NotACurrency);
        Currency::CNY
    })
}
