//! The policy (退款政策细则): versioned rules as data. One document decides cases, explains every
//! decision in both languages, and is the page that is published.

mod catalogue;
mod clause;
mod condition;
pub(crate) mod document;
mod judge;
pub(crate) mod mistake;
mod parameter;
mod reason;
mod sentence;
mod template;
mod window;
mod word;

pub use catalogue::{Entry, FINDINGS};
pub use condition::{CONDITION_FAILED, CONDITION_MET};
pub use judge::{ItemHistory, Question};
pub use mistake::Mistake;
pub use parameter::{Deadlines, FastLane, Limits, MoneyRules};
pub use reason::{EvidenceKind, EvidenceRule, Reason};
pub use sentence::{Answer, Language, PublicClause, Sentence, money, time_in_china};

use crate::{finding::Fact, id::ReasonCode};
use clause::{Clause, Ruling};
use condition::Condition;
use document::Section;
use mistake::{Incomplete, Mistakes, Problem};
use parameter::{FastLaneText, Parameters};
use reason::Reasons;
use std::sync::{Arc, LazyLock};

const DEFAULT: &str = include_str!("../policy/default.toml");

/// A policy, read and checked. Share it as `Arc<Policy>`.
#[derive(Debug)]
pub struct Policy {
    /// What it is called.
    pub name: String,
    /// When the system acts by itself.
    pub deadlines: Deadlines,
    /// How much and how often.
    pub limits: Limits,
    /// Amounts and rates.
    pub money: MoneyRules,
    /// An order not yet sent is cancelled and refunded without asking the merchant (F1).
    pub cancellation_automatic: bool,
    /// Small amounts refunded at once, if the shop opened it (I2).
    pub fast_lane: Option<FastLane>,
    parameters: Parameters,
    reasons: Reasons,
    clauses: Vec<Clause>,
    rulings: Vec<Ruling>,
    conditions: Vec<Condition>,
    source: Box<str>,
}

impl Policy {
    /// The policy that the house ships. A test proves that it has no mistake; if it had one, the
    /// faulty value would be replaced by the same default that the reader falls back to.
    #[must_use]
    pub fn default_policy() -> Arc<Self> {
        static BUILT_IN: LazyLock<Arc<Policy>> =
            LazyLock::new(|| Arc::new(read(DEFAULT, &mut Mistakes::new(DEFAULT))));
        Arc::clone(&BUILT_IN)
    }

    /// Reads a policy document.
    ///
    /// # Errors
    /// Every mistake found, with its line.
    pub fn parse(text: &str) -> Result<Self, Vec<Mistake>> {
        let mut mistakes = Mistakes::new(text);
        let policy = read(text, &mut mistakes);
        let mistakes = mistakes.into_list();
        if mistakes.is_empty() { Ok(policy) } else { Err(mistakes) }
    }

    /// The document it was read from.
    #[must_use]
    pub const fn source(&self) -> &str {
        &self.source
    }

    /// The reason of that code.
    #[must_use]
    pub fn reason(&self, code: &ReasonCode) -> Option<&Reason> {
        self.reasons.get(code)
    }

    /// The tree of reasons, in the order of the document.
    #[must_use]
    pub fn reasons(&self) -> &[Reason] {
        self.reasons.list()
    }

    /// Names and values of its parameters, as its sentences use them.
    #[must_use]
    pub fn parameters(&self) -> &[Fact] {
        self.parameters.facts()
    }
}

/// Reads a document; what is missing or wrong is written down and replaced by the default.
fn read(text: &str, mistakes: &mut Mistakes<'_>) -> Policy {
    let mut document = Section::whole(text, mistakes);
    let mut parameters = Parameters::default();
    let name = document.text(mistakes, "name").unwrap_or_default().text;
    let deadlines = document.section(mistakes, "deadlines");
    let deadlines = parameter::deadlines(deadlines, mistakes, &mut parameters);
    let limits = document.section(mistakes, "limits");
    let limits = parameter::limits(limits, mistakes, &mut parameters);
    let currency = limits.yearly.currency();
    let money = document.section(mistakes, "money");
    let money = parameter::money(money, mistakes, &mut parameters, currency);
    let mut cancellation = document.section(mistakes, "cancellation");
    let cancellation_automatic = cancellation.flag(mistakes, "automatic", true);
    cancellation.finish(mistakes);
    let fast_lane = document.section(mistakes, "fast_lane");
    let fast_lane = parameter::fast_lane(fast_lane, mistakes, &mut parameters, currency);
    let mut reasons = reason::read(&mut document, mistakes);
    window::read(&mut document, mistakes, &mut parameters, &mut reasons);
    let fast_lane = open_lane(fast_lane, &reasons, mistakes);
    let (clauses, rulings) = clause::read(&mut document, mistakes, &parameters);
    let conditions = condition::read(&mut document, mistakes, &parameters);
    document.finish(mistakes);
    Policy {
        name,
        deadlines,
        limits,
        money,
        cancellation_automatic,
        fast_lane,
        parameters,
        reasons,
        clauses,
        rulings,
        conditions,
        source: text.into(),
    }
}

/// The fast lane, if it is open; its reasons must be in the tree either way.
fn open_lane(
    text: FastLaneText,
    reasons: &Reasons,
    mistakes: &mut Mistakes<'_>,
) -> Option<FastLane> {
    if text.enabled && text.reasons.is_empty() {
        mistakes.add(text.at.clone(), "fast_lane.reasons", &Problem::Empty);
    }
    let mut codes = Vec::new();
    for place in &text.reasons {
        let Some(code) = reason::code_of(place, mistakes) else { continue };
        if reasons.get(&code).is_none() {
            let problem = Incomplete::NoSuchReason(place.text.clone()).into();
            mistakes.add(place.at.clone(), place.key.as_str(), &problem);
        }
        codes.push(code);
    }
    text.enabled.then_some(FastLane { amount: text.amount, reasons: codes })
}
