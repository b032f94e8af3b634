//! A case (售后单): the state that its events fold into. It has questions, no setters.

mod marks;
mod stage;
mod terms;

pub use marks::{Marks, TAG_CHARS_MAX, TAGS_MAX, Tier};
pub use stage::{Deadline, Otherwise, Outcome, Stage};
pub use terms::{Goods, Inspection, Offer, Proposal, ProposedDecision, Route, Terms};

use crate::{
    actor::{Actor, Side},
    application::{Application, Fault},
    finding::Judgement,
    id::{CaseId, FileId, RefundNo},
    moment::Moment,
    money::Money,
    refund::Refund,
    working::{Allocation, Working},
};
use serde::{Deserialize, Serialize};

/// Goods on their way, either way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Parcel {
    /// Who carries it.
    pub carrier: String,
    /// Its number.
    pub waybill: String,
    /// Since when.
    pub sent_at: Moment,
}

/// One file or fact on record (凭证).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Exhibit {
    /// The file.
    pub file_id: FileId,
    /// Who put it there.
    pub side: Side,
    /// When.
    pub at: Moment,
}

/// One line of the conversation (C2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// Who says it.
    pub side: Side,
    /// When.
    pub at: Moment,
    /// What.
    pub text: String,
    /// With which files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileId>,
    /// Who may read it.
    pub audience: Audience,
}

/// Who may read a message (M4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Buyer, merchant and platform.
    Everyone,
    /// The merchant's people only (内部备注).
    Merchant,
}

/// A work item for people about a refund that has not arrived (工单, F8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Ticket {
    /// Counted from 1 within the case.
    pub ticket_no: u32,
    /// About which refund.
    pub refund_no: RefundNo,
    /// Who opened it.
    pub opened_by: Side,
    /// When.
    pub opened_at: Moment,
    /// What the payment channel answered, in the channel's own words and codes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<ChannelAnswer>,
    /// When it was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Moment>,
}

/// What the payment channel said of a transaction and a refund.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChannelAnswer {
    /// When it was asked.
    pub at: Moment,
    /// The state of the transaction, such as `REFUND`.
    pub trade_state: String,
    /// The state of the refund, such as `PROCESSING`.
    pub refund_status: String,
}

/// A dispute before the platform (平台介入).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Dispute {
    /// Who called the platform.
    pub by: Side,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Moment,
    /// How often the arbiter was reminded.
    pub reminders: u32,
}

/// What the arbiter ruled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Ruling {
    /// On which terms the buyer gets money; absent if the ruling is for the merchant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<Terms>,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Moment,
}

/// One after-sale request on an order, from application to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Case {
    /// Its id.
    pub case_id: CaseId,
    /// When it was opened.
    pub opened_at: Moment,
    /// When it last changed.
    pub updated_at: Moment,
    /// The version of the policy it is judged by.
    pub policy_version: u32,
    /// What the buyer asks.
    pub application: Application,
    /// Who is at fault by the reason.
    pub fault: Fault,
    /// What the policy says of it.
    pub judgement: Judgement,
    /// What it is entitled to.
    pub working: Working,
    /// Where it stands.
    pub stage: Stage,
    /// Who must act next, by when, and what happens otherwise.
    pub deadline: Option<Deadline>,
    /// What waits for a second person.
    pub proposal: Option<Proposal>,
    /// What was last offered.
    pub offer: Option<Offer>,
    /// Who offered it.
    pub offered_by: Option<Actor>,
    /// How often something was offered.
    pub offers_made: u32,
    /// What evidence was last asked for.
    pub evidence_request: Option<String>,
    /// How often evidence was asked for.
    pub evidence_requests: u32,
    /// On which terms it was approved.
    pub approved: Option<Terms>,
    /// Who decided it; for an offer carried out, who made the offer.
    pub decided_by: Option<Actor>,
    /// The remark with the decision (M4).
    pub remark: Option<String>,
    /// The goods on their way back.
    pub returned: Option<Parcel>,
    /// When they were received.
    pub received_at: Option<Moment>,
    /// What was found.
    pub inspection: Option<Inspection>,
    /// The other goods on their way.
    pub replacement: Option<Parcel>,
    /// The dispute, if there is or was one.
    pub dispute: Option<Dispute>,
    /// The ruling.
    pub ruling: Option<Ruling>,
    /// Where the money refunded comes from.
    pub allocation: Option<Allocation>,
    /// The money on its way.
    pub refunds: Vec<Refund>,
    /// What is on record.
    pub exhibits: Vec<Exhibit>,
    /// The conversation.
    pub messages: Vec<Message>,
    /// Work items.
    pub tickets: Vec<Ticket>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// How the shop sorts it.
    pub marks: Marks,
}

impl Case {
    /// Whether it has not ended.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.stage != Stage::Closed
    }

    /// The refund of that number.
    #[must_use]
    pub fn refund(&self, refund_no: &RefundNo) -> Option<&Refund> {
        self.refunds.iter().find(|refund| refund.refund_no == *refund_no)
    }

    /// What the buyer asks for: the amount named, or all there is.
    #[must_use]
    pub fn asked(&self) -> Money {
        self.application.amount.unwrap_or(self.working.entitled)
    }

    /// What the system grants when a deadline passes: never more than was asked nor than the
    /// policy allows.
    #[must_use]
    pub fn due_to_buyer(&self) -> Money {
        let asked = self.asked();
        if asked.exceeds(self.working.entitled) { self.working.entitled } else { asked }
    }

    /// What the case is about in money, as lists show it.
    #[must_use]
    pub fn at_stake(&self) -> Money {
        self.approved.as_ref().map_or_else(|| self.asked(), |terms| terms.amount)
    }

    /// Whether the goods must still come back before money goes.
    #[must_use]
    pub const fn goods_are_out(&self) -> bool {
        self.application.case_type.returns_goods() && self.returned.is_none()
    }
}
