//! Everything that may have happened to an order. Append-only: a released kind never changes.

use crate::{
    application::{Application, Fault},
    case::{
        Audience, ChannelAnswer, Deadline, Inspection, Marks, Offer, Otherwise, Outcome,
        ProposedDecision, Terms,
    },
    facts::Facts,
    finding::Judgement,
    id::{CaseId, FileId, RefundNo},
    moment::Moment,
    refund::Refund,
    working::{Allocation, Working},
};
use serde::{Deserialize, Serialize};

/// One thing that happened to an order or to one of its cases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Event {
    /// The shop told the facts of the order, for the first time or anew.
    OrderRecorded(Box<Facts>),
    /// Something happened to a case.
    Case {
        /// Which.
        case_id: CaseId,
        /// What.
        what: CaseEvent,
    },
}

/// One thing that happened to a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum CaseEvent {
    /// The buyer applied (申请售后).
    Opened(Box<Filed>),
    /// The buyer changed the application (修改申请).
    Amended(Box<Filed>),
    /// The buyer withdrew it (撤销申请).
    Withdrawn,
    /// The merchant asked for more evidence (要求补充凭证).
    EvidenceRequested {
        /// What is missing.
        text: String,
        /// The buyer's deadline.
        deadline: Deadline,
    },
    /// A side put files on record (举证).
    EvidenceAdded {
        /// Which files.
        files: Vec<FileId>,
        /// What they show.
        note: String,
        /// The deadline from now on, if this changed it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deadline: Option<Deadline>,
    },
    /// The evidence asked for did not come.
    EvidenceLapsed {
        /// The merchant's deadline.
        deadline: Deadline,
    },
    /// A side wrote to the others (留言).
    MessagePosted {
        /// What.
        text: String,
        /// With which files.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<FileId>,
        /// Who may read it.
        audience: Audience,
    },
    /// The merchant offered other terms (协商方案).
    OfferMade {
        /// The offer.
        offer: Offer,
        /// The buyer's deadline.
        deadline: Deadline,
    },
    /// The buyer accepted them.
    OfferAccepted,
    /// The buyer declined them.
    OfferDeclined {
        /// Why.
        note: String,
        /// The merchant's deadline; absent where the platform decides next.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deadline: Option<Deadline>,
    },
    /// The buyer did not answer.
    OfferLapsed {
        /// The merchant's deadline.
        deadline: Deadline,
    },
    /// A decision above the shop's limit waits for a second person.
    DecisionProposed {
        /// What is to be done.
        decision: ProposedDecision,
    },
    /// The second person said no.
    ProposalDeclined {
        /// Why.
        note: String,
    },
    /// The application was approved (同意).
    Approved {
        /// On which terms.
        terms: Terms,
        /// The remark (M4).
        note: String,
        /// The buyer's deadline to send the goods back; absent where none go back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deadline: Option<Deadline>,
    },
    /// The merchant refused (拒绝).
    Rejected {
        /// Why, as the buyer reads it.
        reason: String,
        /// The policy found the request justified all the same (P1).
        against_policy: bool,
        /// Until when the buyer may escalate.
        deadline: Deadline,
    },
    /// The buyer sent the goods back, with full tracking (F9).
    ReturnShipped {
        /// Who carries them.
        carrier: String,
        /// Under which number.
        waybill: String,
        /// The merchant's deadline.
        deadline: Deadline,
    },
    /// The merchant received them.
    ReturnReceived,
    /// The merchant inspected them.
    ReturnInspected {
        /// What was found.
        result: Inspection,
        /// The remark.
        note: String,
        /// What is due next, where something is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deadline: Option<Deadline>,
    },
    /// The merchant sent other goods (换货发出).
    ReplacementSent {
        /// Who carries them.
        carrier: String,
        /// Under which number.
        waybill: String,
        /// Until when the buyer may complain.
        deadline: Deadline,
    },
    /// Money was ordered back: from here on it counts as given.
    RefundOrdered {
        /// Where it comes from.
        allocation: Allocation,
        /// The refunds, one for each way.
        refunds: Vec<Refund>,
    },
    /// A failed refund was replaced by another.
    RefundReplaced {
        /// The failed one.
        refund_no: RefundNo,
        /// What takes its place; together the same amount.
        refunds: Vec<Refund>,
    },
    /// Something was learned about a refund.
    RefundMoved {
        /// Which.
        refund_no: RefundNo,
        /// What.
        step: RefundStep,
    },
    /// A ticket was opened (F8).
    TicketOpened {
        /// Counted from 1 within the case.
        ticket_no: u32,
        /// About which refund.
        refund_no: RefundNo,
    },
    /// The payment channel answered.
    TicketAnswered {
        /// Which ticket.
        ticket_no: u32,
        /// What it said.
        answer: ChannelAnswer,
    },
    /// The ticket is done.
    TicketClosed {
        /// Which.
        ticket_no: u32,
    },
    /// The platform was called (平台介入).
    Escalated {
        /// Why.
        reason: String,
        /// The arbiter's deadline.
        deadline: Deadline,
    },
    /// The arbiter's deadline passed, or became known.
    DisputeReminded {
        /// What passed.
        passed: Otherwise,
        /// The next one.
        deadline: Deadline,
    },
    /// The arbiter ruled (平台裁决).
    Ruled {
        /// The terms; absent where the ruling is for the merchant.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        terms: Option<Terms>,
        /// Why.
        reason: String,
        /// The buyer's deadline to send the goods back; absent where none go back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deadline: Option<Deadline>,
    },
    /// What the system watches while money is on its way.
    WatchSet {
        /// The next moment to look; absent where nothing is due.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deadline: Option<Deadline>,
    },
    /// It ended (完结).
    Closed {
        /// How.
        outcome: Outcome,
    },
    /// The shop sorted it: who handles it, tags, tier (I3).
    Marked {
        /// How it is sorted now.
        marks: Marks,
    },
}

/// An application as it was filed, with what the policy made of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Filed {
    /// What the buyer asks.
    pub application: Application,
    /// The version of the policy that judged it.
    pub policy_version: u32,
    /// Who is at fault by the reason.
    pub fault: Fault,
    /// The findings.
    pub judgement: Judgement,
    /// What it is entitled to.
    pub working: Working,
    /// The merchant's deadline.
    pub deadline: Deadline,
}

/// What was learned about a refund.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum RefundStep {
    /// The channel accepted it.
    Accepted {
        /// The channel's number.
        channel_no: String,
    },
    /// It waits for something that passes.
    Waits {
        /// The channel's code, such as `NOT_ENOUGH`.
        code: String,
    },
    /// Nobody knows yet.
    Uncertain,
    /// The money has gone.
    Succeeded {
        /// When, by the channel.
        at: Moment,
        /// Where it arrived.
        arrived_in: String,
    },
    /// It cannot reach the payer.
    BecameAbnormal {
        /// The channel's number.
        channel_no: String,
    },
    /// The channel refused it for good.
    Declined {
        /// The channel's code.
        code: String,
    },
    /// The channel closed it.
    ClosedByChannel,
    /// Another card was named for an abnormal refund.
    CardNamed {
        /// With all but its end hidden.
        account_masked: String,
        /// The request's sensitive parts, encrypted for the channel alone.
        sealed: SealedCard,
    },
    /// The designated account was named.
    AccountNamed {
        /// With all but its end hidden.
        account_masked: String,
    },
    /// A payout was approved by a second person.
    PayoutApproved,
    /// A payout was carried out.
    PaidOut {
        /// The voucher's number.
        voucher: String,
    },
}

/// A bank card encrypted for the payment channel (WeChat Pay API v3, apply-abnormal-refund).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SealedCard {
    /// The bank, such as `ICBC_DEBIT`.
    pub bank_type: String,
    /// The card number, encrypted.
    pub bank_account: String,
    /// The holder's name, encrypted.
    pub real_name: String,
    /// The id of the channel's key that can open it.
    pub key_id: String,
}

impl Event {
    /// The kind, for reading by eye.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::OrderRecorded(_) => "order_recorded",
            Self::Case { what, .. } => what.kind(),
        }
    }

    /// The case it happened to.
    #[must_use]
    pub const fn case_id(&self) -> Option<CaseId> {
        match self {
            Self::OrderRecorded(_) => None,
            Self::Case { case_id, .. } => Some(*case_id),
        }
    }
}

impl CaseEvent {
    /// The kind, for reading by eye.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Opened(_) => "opened",
            Self::Amended(_) => "amended",
            Self::Withdrawn => "withdrawn",
            Self::EvidenceRequested { .. } => "evidence_requested",
            Self::EvidenceAdded { .. } => "evidence_added",
            Self::EvidenceLapsed { .. } => "evidence_lapsed",
            Self::MessagePosted { .. } => "message_posted",
            Self::OfferMade { .. } => "offer_made",
            Self::OfferAccepted => "offer_accepted",
            Self::OfferDeclined { .. } => "offer_declined",
            Self::OfferLapsed { .. } => "offer_lapsed",
            Self::DecisionProposed { .. } => "decision_proposed",
            Self::ProposalDeclined { .. } => "proposal_declined",
            Self::Approved { .. } => "approved",
            Self::Rejected { .. } => "rejected",
            Self::ReturnShipped { .. } => "return_shipped",
            Self::ReturnReceived => "return_received",
            Self::ReturnInspected { .. } => "return_inspected",
            Self::ReplacementSent { .. } => "replacement_sent",
            Self::RefundOrdered { .. } => "refund_ordered",
            Self::RefundReplaced { .. } => "refund_replaced",
            Self::RefundMoved { .. } => "refund_moved",
            Self::TicketOpened { .. } => "ticket_opened",
            Self::TicketAnswered { .. } => "ticket_answered",
            Self::TicketClosed { .. } => "ticket_closed",
            Self::Escalated { .. } => "escalated",
            Self::DisputeReminded { .. } => "dispute_reminded",
            Self::Ruled { .. } => "ruled",
            Self::WatchSet { .. } => "watch_set",
            Self::Closed { .. } => "closed",
            Self::Marked { .. } => "marked",
        }
    }
}
