//! A finding (诊断): one answer of the policy, with the facts that led to it and the remedy.

use crate::{id::ClauseId, moment::Moment, money::Money};
use serde::{Deserialize, Serialize};

/// One answer of the policy. Its sentence is made from the policy document, in either language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// The clause that speaks, such as `F6`.
    pub clause: ClauseId,
    /// Which of the clause's answers it is, such as `window_closed`; stable.
    pub code: String,
    /// What it means for the application.
    pub verdict: Verdict,
    /// The facts used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Fact>,
    /// What can be done about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<Remedy>,
}

/// What a finding means for the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It speaks for the application.
    Supports,
    /// Worth knowing; changes nothing.
    Notes,
    /// It speaks against the application, but people may agree otherwise.
    Doubts,
    /// It can be submitted only after the remedy.
    Blocks,
}

/// A named fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// The name used in the policy's sentence, such as `signed_at`.
    pub name: String,
    /// Its value.
    pub value: FactValue,
}

/// The value of a fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FactValue {
    /// An amount.
    Money(Money),
    /// A point in time.
    Moment(Moment),
    /// A number.
    Count(i64),
    /// A word or a name.
    Text(String),
}

/// What can be done about a finding, offered as an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    /// Cancel the order instead (F1).
    CancelOrder,
    /// Pay or wait; nothing was taken (F1).
    NothingPaid,
    /// Ask for less (F2).
    LowerAmount,
    /// What lies above goes to a designated account (F2).
    UseDesignatedAccount,
    /// Confirm that the card can take the refund (F3).
    ConfirmRoute,
    /// The platform approves the third party's route (F3).
    AwaitPlatformApproval,
    /// The shop completes its account; the refund waits and goes on by itself (F4).
    CompleteShopAccount,
    /// Show proof of no use (F5).
    ProveNoUse,
    /// Agree on a reduced refund (F5, Q3).
    NegotiateAmount,
    /// Choose a reason or type whose window is open (F6).
    ChooseOtherReason,
    /// Appeal with material (F7).
    Appeal,
    /// Open a ticket (F8).
    OpenTicket,
    /// Add carrier and waybill (F9).
    AddLogistics,
    /// Add the evidence that the reason requires (B3, K1).
    AddEvidence,
    /// Choose other items or fewer pieces (S2).
    ChooseOtherItems,
    /// Ask the shop's people (C2).
    ContactShop,
}

/// The findings of one judgement, and whether it may be submitted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Judgement {
    /// In the order of the policy's clauses.
    pub findings: Vec<Finding>,
}

impl Judgement {
    /// Whether nothing blocks it.
    #[must_use]
    pub fn may_submit(&self) -> bool {
        !self.findings.iter().any(|finding| finding.verdict == Verdict::Blocks)
    }

    /// Whether the policy finds the request justified: nothing blocks and nothing doubts (P1).
    #[must_use]
    pub fn is_justified(&self) -> bool {
        !self
            .findings
            .iter()
            .any(|finding| matches!(finding.verdict, Verdict::Blocks | Verdict::Doubts))
    }
}
