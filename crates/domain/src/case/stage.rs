//! Where a case stands, how it ends, and what happens by itself when a deadline passes.

use crate::{actor::Side, moment::Moment};
use serde::{Deserialize, Serialize};

/// Where a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The merchant decides (待商家处理).
    UnderReview,
    /// The buyer adds evidence that was asked for (待买家补充凭证).
    AwaitingEvidence,
    /// The buyer answers an offer (待买家确认方案).
    Offered,
    /// The buyer sends the goods back (待买家退货).
    AwaitingReturn,
    /// The goods are on their way back (退货运输中).
    ReturnInTransit,
    /// The goods are back; the merchant inspects them (待商家验货).
    Inspecting,
    /// The merchant sends other goods (待商家换货).
    AwaitingReplacement,
    /// Other goods are on their way (换货运输中).
    ReplacementInTransit,
    /// The merchant refused; the buyer may escalate (商家已拒绝).
    Rejected,
    /// The platform decides (平台介入中).
    Disputed,
    /// Money is on its way (退款中).
    Refunding,
    /// The end (已完结).
    Closed,
}

impl Stage {
    /// Every stage, in the order of a life.
    pub const ALL: [Self; 12] = [
        Self::UnderReview,
        Self::AwaitingEvidence,
        Self::Offered,
        Self::AwaitingReturn,
        Self::ReturnInTransit,
        Self::Inspecting,
        Self::AwaitingReplacement,
        Self::ReplacementInTransit,
        Self::Rejected,
        Self::Disputed,
        Self::Refunding,
        Self::Closed,
    ];

    /// Its name on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnderReview => "under_review",
            Self::AwaitingEvidence => "awaiting_evidence",
            Self::Offered => "offered",
            Self::AwaitingReturn => "awaiting_return",
            Self::ReturnInTransit => "return_in_transit",
            Self::Inspecting => "inspecting",
            Self::AwaitingReplacement => "awaiting_replacement",
            Self::ReplacementInTransit => "replacement_in_transit",
            Self::Rejected => "rejected",
            Self::Disputed => "disputed",
            Self::Refunding => "refunding",
            Self::Closed => "closed",
        }
    }
}

/// How a case ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Money went back.
    Refunded,
    /// Other goods were sent.
    Exchanged,
    /// The buyer withdrew.
    Withdrawn,
    /// The merchant's refusal stood.
    Rejected,
    /// The arbiter ruled for the merchant.
    RuledForMerchant,
    /// The goods were not sent back in time.
    NotReturned,
}

/// A moment at which the system acts by itself (时限).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// When.
    pub due_at: Moment,
    /// Who can act before.
    pub waits_for: Side,
    /// What happens otherwise.
    pub otherwise: Otherwise,
}

/// What the system does when a deadline passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Otherwise {
    /// Approves the application (B4).
    Approve,
    /// The offer lapses; the merchant decides again.
    LapseOffer,
    /// The offer made after inspection is carried out.
    CarryOutOffer,
    /// The merchant decides without the evidence asked for.
    ReviewWithout,
    /// Closes: the goods were not sent back.
    CloseUnreturned,
    /// Refunds: the merchant did not confirm the return.
    RefundReturn,
    /// Refunds instead of sending other goods.
    RefundInstead,
    /// Closes: other goods were sent and nobody complained.
    CloseExchanged,
    /// Closes: the refusal stands.
    CloseRejected,
    /// Reminds the arbiter and the operator, and counts another working day (Q5).
    RemindArbiter,
    /// Works out the arbiter's deadline, which the calendar did not know yet.
    LookUpCalendar,
    /// Opens a ticket: the money has not arrived (F8).
    OpenTicket,
}
