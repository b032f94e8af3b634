//! One of every refusal, for tests that must not forget any: every code has a sentence in both
//! languages, a page shows each.

use super::Refusal;
use crate::{
    case::Stage,
    command::Action,
    facts::FactsError,
    finding::{Finding, Judgement, Remedy, Verdict},
    id::ClauseId,
    money::{Currency, Money, MoneyError},
};

impl Refusal {
    /// One of every refusal, in the order of their declaration.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        std::iter::successors(Some(Self::NoSuchOrder), Self::next_sample).collect()
    }

    /// The one that comes after; the compiler asks for every new one to be put in its place.
    fn next_sample(&self) -> Option<Self> {
        let left = Money::zero(Currency::CNY);
        Some(match self {
            Self::NoSuchOrder => Self::NoSuchCase,
            Self::NoSuchCase => Self::NoSuchRefund,
            Self::NoSuchRefund => Self::NoSuchTicket,
            Self::NoSuchTicket => Self::NotYours,
            Self::NotYours => Self::NotNow { action: Action::Approve, stage: Stage::Closed },
            Self::NotNow { .. } => Self::Judged(judgement()),
            Self::Judged(_) => Self::NothingDue,
            Self::NothingDue => Self::AboveCap { left },
            Self::AboveCap { .. } => Self::AboveYear { left },
            Self::AboveYear { .. } => Self::TermsNeedAgreement,
            Self::TermsNeedAgreement => Self::SecondPersonMustDiffer,
            Self::SecondPersonMustDiffer => Self::ReasonMissing,
            Self::ReasonMissing => Self::TextTooLong { bytes_max: 6_000 },
            Self::TextTooLong { .. } => Self::TooMany { what: "offers", max: 5 },
            Self::TooMany { .. } => Self::TrackingMissing,
            Self::TrackingMissing => Self::RefundNotFailed,
            Self::RefundNotFailed => Self::AccountMissing,
            Self::AccountMissing => Self::FactsInvalid(FactsError::Money(MoneyError::Range)),
            Self::FactsInvalid(error) => next_of_facts(error),
            Self::FactsContradict { .. } => Self::VersionPassed { now: 7 },
            Self::VersionPassed { .. } => Self::OrderFull,
            Self::OrderFull => Self::Amount(MoneyError::Range),
            Self::Amount(MoneyError::Range) => Self::Amount(MoneyError::Currency),
            Self::Amount(MoneyError::Currency) => Self::Amount(MoneyError::Mixed),
            Self::Amount(MoneyError::Mixed) => return None,
        })
    }
}

fn next_of_facts(error: &FactsError) -> Refusal {
    let (paid, due) = (Money::zero(Currency::CNY), Money::zero(Currency::CNY));
    Refusal::FactsInvalid(match error {
        FactsError::Money(_) => FactsError::Count { list: "items", min: 1, max: 200 },
        FactsError::Count { .. } => FactsError::Twice("A1".to_owned()),
        FactsError::Twice(_) => FactsError::Range("quantity"),
        FactsError::Range(_) => FactsError::Discount("A1".to_owned()),
        FactsError::Discount(_) => FactsError::Sum { paid, due },
        FactsError::Sum { .. } => return Refusal::FactsContradict { what: "items" },
    })
}

fn judgement() -> Judgement {
    let clause = ClauseId::parse("F6").ok();
    let findings = clause.map(|clause| Finding {
        clause,
        code: "window_closed".to_owned(),
        verdict: Verdict::Blocks,
        facts: Vec::new(),
        remedy: Some(Remedy::ChooseOtherReason),
    });
    Judgement { findings: findings.into_iter().collect() }
}
