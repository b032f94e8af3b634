//! Every reason to say no. A code is stable for ever; the sentence is made in the caller's
//! language from the code and the facts.

mod samples;

use crate::{
    case::Stage,
    command::Action,
    facts::FactsError,
    finding::{Fact, FactValue, Judgement, Verdict},
    money::{Money, MoneyError},
};

/// A rule says no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such order.
    NoSuchOrder,
    /// There is no such case.
    NoSuchCase,
    /// There is no such refund on the case.
    NoSuchRefund,
    /// There is no such ticket on the case.
    NoSuchTicket,
    /// It belongs to another buyer.
    NotYours,
    /// Not at this stage, or not by this side.
    NotNow {
        /// What was tried.
        action: Action,
        /// Where the case stands.
        stage: Stage,
    },
    /// The policy blocks it; the findings say why and what to do.
    Judged(Judgement),
    /// Nothing to refund.
    NothingDue,
    /// More than 105 % of what was paid (F2).
    AboveCap {
        /// The most that can still be given.
        left: Money,
    },
    /// More than the buyer may get in a calendar year (F2).
    AboveYear {
        /// The most that can still be given.
        left: Money,
    },
    /// The buyer must agree first: to a designated account (Q1), to send goods back.
    TermsNeedAgreement,
    /// The second person must be another one (M1).
    SecondPersonMustDiffer,
    /// A reason is required.
    ReasonMissing,
    /// A text is too long.
    TextTooLong {
        /// The most bytes.
        bytes_max: usize,
    },
    /// A list of a case is full.
    TooMany {
        /// Of what.
        what: &'static str,
        /// The most.
        max: u32,
    },
    /// Carrier and waybill must both be there and plausible (F9).
    TrackingMissing,
    /// The refund is not in a state for it.
    RefundNotFailed,
    /// The designated account must be named first.
    AccountMissing,
    /// The facts of an order cannot be true.
    FactsInvalid(FactsError),
    /// The new facts take away what refunds already rest on.
    FactsContradict {
        /// What.
        what: &'static str,
    },
    /// Somebody changed it in between.
    VersionPassed {
        /// The version now.
        now: u64,
    },
    /// The order has had as many events as one may have.
    OrderFull,
    /// An amount cannot be represented, or its currency is not the order's.
    Amount(MoneyError),
}

impl From<MoneyError> for Refusal {
    fn from(error: MoneyError) -> Self {
        Self::Amount(error)
    }
}

impl From<FactsError> for Refusal {
    fn from(error: FactsError) -> Self {
        Self::FactsInvalid(error)
    }
}

impl Refusal {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::NoSuchOrder => "no_such_order",
            Self::NoSuchCase => "no_such_case",
            Self::NoSuchRefund => "no_such_refund",
            Self::NoSuchTicket => "no_such_ticket",
            Self::NotYours => "not_yours",
            Self::NotNow { .. } => "not_now",
            Self::Judged(_) => "policy_blocks",
            Self::NothingDue => "nothing_due",
            Self::AboveCap { .. } => "above_cap",
            Self::AboveYear { .. } => "above_year",
            Self::TermsNeedAgreement => "terms_need_agreement",
            Self::SecondPersonMustDiffer => "second_person_must_differ",
            Self::ReasonMissing => "reason_missing",
            Self::TextTooLong { .. } => "text_too_long",
            Self::TooMany { .. } => "too_many",
            Self::TrackingMissing => "tracking_missing",
            Self::RefundNotFailed => "refund_not_failed",
            Self::AccountMissing => "account_missing",
            Self::FactsInvalid(error) => error.code(),
            Self::FactsContradict { .. } => "facts_contradict",
            Self::VersionPassed { .. } => "version_passed",
            Self::OrderFull => "order_full",
            Self::Amount(MoneyError::Range) => "amount_range",
            Self::Amount(MoneyError::Currency) => "currency_invalid",
            Self::Amount(MoneyError::Mixed) => "currency_mixed",
        }
    }

    /// The clause it rests on, where it rests on one.
    #[must_use]
    pub fn clause(&self) -> Option<&str> {
        match self {
            Self::Judged(judgement) => {
                let mut findings = judgement.findings.iter();
                let blocking = findings.find(|finding| finding.verdict == Verdict::Blocks);
                blocking.map(|finding| finding.clause.as_str())
            }
            Self::AboveCap { .. } | Self::AboveYear { .. } => Some("F2"),
            Self::TrackingMissing => Some("F9"),
            Self::TermsNeedAgreement | Self::AccountMissing => Some("Q1"),
            Self::SecondPersonMustDiffer => Some("M1"),
            Self::NotNow { .. }
            | Self::NoSuchOrder
            | Self::NoSuchCase
            | Self::NoSuchRefund
            | Self::NoSuchTicket
            | Self::NotYours
            | Self::NothingDue
            | Self::ReasonMissing
            | Self::TextTooLong { .. }
            | Self::TooMany { .. }
            | Self::RefundNotFailed
            | Self::FactsInvalid(_)
            | Self::FactsContradict { .. }
            | Self::VersionPassed { .. }
            | Self::OrderFull
            | Self::Amount(_) => None,
        }
    }

    /// The facts that its sentence names.
    #[must_use]
    pub fn facts(&self) -> Vec<Fact> {
        let fact = |name: &str, value| vec![Fact { name: name.to_owned(), value }];
        let text = |text: &str| FactValue::Text(text.to_owned());
        match self {
            Self::NotNow { action, stage } => vec![
                Fact { name: "action".into(), value: text(&action.name()) },
                Fact { name: "stage".into(), value: text(stage.as_str()) },
            ],
            Self::AboveCap { left } | Self::AboveYear { left } => {
                fact("left", FactValue::Money(*left))
            }
            Self::TextTooLong { bytes_max } => {
                fact("max", FactValue::Count(i64::try_from(*bytes_max).unwrap_or(i64::MAX)))
            }
            Self::TooMany { what, max } => vec![
                Fact { name: "what".into(), value: text(what) },
                Fact { name: "max".into(), value: FactValue::Count(i64::from(*max)) },
            ],
            Self::FactsInvalid(error) => fact("detail", text(&error.to_string())),
            Self::FactsContradict { what } => fact("what", text(what)),
            Self::VersionPassed { now } => {
                fact("now", FactValue::Count(i64::try_from(*now).unwrap_or(i64::MAX)))
            }
            Self::NoSuchOrder
            | Self::NoSuchCase
            | Self::NoSuchRefund
            | Self::NoSuchTicket
            | Self::NotYours
            | Self::Judged(_)
            | Self::NothingDue
            | Self::TermsNeedAgreement
            | Self::SecondPersonMustDiffer
            | Self::ReasonMissing
            | Self::TrackingMissing
            | Self::RefundNotFailed
            | Self::AccountMissing
            | Self::OrderFull
            | Self::Amount(_) => Vec::new(),
        }
    }
}
