//! Everything one may ask of an order. A command names what it wants; whether it may is decided.

use crate::{
    application::Application,
    case::{Audience, Inspection, Marks, Terms},
    event::SealedCard,
    facts::Facts,
    id::{CaseId, FileId, RefundNo},
    moment::Moment,
    policy::EvidenceKind,
};

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// The shop tells the facts of an order.
    RecordOrder(Box<Facts>),
    /// The buyer applies; the case gets the id of the command.
    Open(Box<Filing>),
    /// Something about one case.
    Case {
        /// Which.
        case_id: CaseId,
        /// What.
        act: Act,
    },
}

/// An application as it comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filing {
    /// What the buyer asks.
    pub application: Application,
    /// The sniffed kinds of the files attached.
    pub evidence_kinds: Vec<EvidenceKind>,
}

/// What is asked about a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// The buyer changes the application.
    Amend(Box<Filing>),
    /// The buyer withdraws it.
    Withdraw,
    /// A side puts files on record.
    AddEvidence {
        /// Which.
        files: Vec<FileId>,
        /// What they show.
        note: String,
    },
    /// The merchant or the arbiter asks for more evidence.
    RequestEvidence {
        /// What is missing.
        text: String,
    },
    /// A side writes to the others.
    PostMessage {
        /// What.
        text: String,
        /// With which files.
        files: Vec<FileId>,
        /// Who may read it.
        audience: Audience,
    },
    /// The merchant approves; no terms means all that is due, the original route.
    Approve {
        /// On which terms.
        terms: Option<Terms>,
        /// The remark.
        note: String,
    },
    /// The merchant offers other terms.
    Offer {
        /// Which.
        terms: Terms,
        /// What the buyer reads.
        note: String,
    },
    /// The buyer accepts the offer.
    AcceptOffer,
    /// The buyer declines it.
    DeclineOffer {
        /// Why.
        note: String,
    },
    /// A second person confirms a proposed decision.
    ConfirmProposal,
    /// A second person declines it.
    DeclineProposal {
        /// Why.
        note: String,
    },
    /// The merchant refuses.
    Reject {
        /// Why.
        reason: String,
    },
    /// The buyer sent the goods back.
    ShipReturn {
        /// Who carries them.
        carrier: String,
        /// Under which number.
        waybill: String,
    },
    /// The merchant received them.
    Receive,
    /// The merchant inspected them.
    Inspect {
        /// What was found.
        result: Inspection,
        /// The remark.
        note: String,
    },
    /// The merchant sent other goods.
    SendReplacement {
        /// Who carries them.
        carrier: String,
        /// Under which number.
        waybill: String,
    },
    /// The buyer received them.
    ConfirmReplacement,
    /// A side calls the platform.
    Escalate {
        /// Why.
        reason: String,
    },
    /// The arbiter rules; no terms means for the merchant.
    Rule {
        /// The terms.
        terms: Option<Terms>,
        /// Why.
        reason: String,
    },
    /// Somebody opens a ticket about a refund.
    OpenTicket {
        /// Which refund.
        refund_no: RefundNo,
    },
    /// Somebody closes it.
    CloseTicket {
        /// Which.
        ticket_no: u32,
    },
    /// The merchant orders a failed refund anew, or to a designated account.
    ReplaceRefund {
        /// Which.
        refund_no: RefundNo,
        /// Where it goes now.
        route: crate::case::Route,
    },
    /// The buyer or the merchant names another card for an abnormal refund.
    NameCard {
        /// Which refund.
        refund_no: RefundNo,
        /// With all but its end hidden.
        account_masked: String,
        /// Encrypted for the channel.
        sealed: SealedCard,
    },
    /// The buyer or the merchant names the designated account.
    NameAccount {
        /// Which refund.
        refund_no: RefundNo,
        /// With all but its end hidden.
        account_masked: String,
    },
    /// Finance (or the platform, for a third party's channel) approves a payout.
    ApprovePayout {
        /// Which.
        refund_no: RefundNo,
    },
    /// Finance carried it out.
    MarkPaid {
        /// Which.
        refund_no: RefundNo,
        /// The voucher's number.
        voucher: String,
    },
    /// The shop sorts it: who handles it, tags, tier.
    Mark {
        /// How.
        marks: Marks,
    },
    /// A deadline may have passed.
    Expire,
    /// The channel said something about a refund.
    RecordRefund {
        /// Which.
        refund_no: RefundNo,
        /// What.
        news: RefundNews,
    },
    /// The channel answered a ticket.
    RecordAnswer {
        /// Which refund it is about.
        refund_no: RefundNo,
        /// The state of the transaction.
        trade_state: String,
        /// The state of the refund.
        refund_status: String,
    },
}

/// What the channel said about a refund: an outcome of an effect, or a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefundNews {
    /// It is being carried out.
    Processing {
        /// The channel's number.
        channel_no: String,
    },
    /// The money has gone.
    Succeeded {
        /// The channel's number.
        channel_no: String,
        /// When.
        at: Moment,
        /// Where it arrived.
        arrived_in: String,
    },
    /// It cannot reach the payer.
    Abnormal {
        /// The channel's number.
        channel_no: String,
    },
    /// The channel closed it.
    Closed {
        /// The channel's number.
        channel_no: String,
    },
    /// The channel refused it for good.
    Declined {
        /// Its code.
        code: String,
    },
    /// The channel refuses it for now.
    Waits {
        /// Its code.
        code: String,
    },
    /// Nobody knows.
    Unknown,
}

/// The names of what one may do with a case: verbs of the API, buttons of the pages.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// 修改申请
    Amend,
    /// 撤销申请
    Withdraw,
    /// 补充凭证
    AddEvidence,
    /// 要求举证
    RequestEvidence,
    /// 留言
    PostMessage,
    /// 同意
    Approve,
    /// 协商
    Offer,
    /// 接受方案
    AcceptOffer,
    /// 拒绝方案
    DeclineOffer,
    /// 复核通过
    ConfirmProposal,
    /// 复核驳回
    DeclineProposal,
    /// 拒绝
    Reject,
    /// 寄回
    ShipReturn,
    /// 收货
    Receive,
    /// 验货
    Inspect,
    /// 换货发出
    SendReplacement,
    /// 确认收到换货
    ConfirmReplacement,
    /// 申请平台介入
    Escalate,
    /// 裁决
    Rule,
    /// 提交工单
    OpenTicket,
    /// 关闭工单
    CloseTicket,
    /// 重新退款
    ReplaceRefund,
    /// 提供银行卡
    NameCard,
    /// 提供指定账户
    NameAccount,
    /// 批准打款
    ApprovePayout,
    /// 登记打款凭证
    MarkPaid,
    /// 分派与标记
    Mark,
}

impl Act {
    /// What it is called; absent for what only the system says.
    #[must_use]
    pub const fn action(&self) -> Option<Action> {
        Some(match self {
            Self::Amend(_) => Action::Amend,
            Self::Withdraw => Action::Withdraw,
            Self::AddEvidence { .. } => Action::AddEvidence,
            Self::RequestEvidence { .. } => Action::RequestEvidence,
            Self::PostMessage { .. } => Action::PostMessage,
            Self::Approve { .. } => Action::Approve,
            Self::Offer { .. } => Action::Offer,
            Self::AcceptOffer => Action::AcceptOffer,
            Self::DeclineOffer { .. } => Action::DeclineOffer,
            Self::ConfirmProposal => Action::ConfirmProposal,
            Self::DeclineProposal { .. } => Action::DeclineProposal,
            Self::Reject { .. } => Action::Reject,
            Self::ShipReturn { .. } => Action::ShipReturn,
            Self::Receive => Action::Receive,
            Self::Inspect { .. } => Action::Inspect,
            Self::SendReplacement { .. } => Action::SendReplacement,
            Self::ConfirmReplacement => Action::ConfirmReplacement,
            Self::Escalate { .. } => Action::Escalate,
            Self::Rule { .. } => Action::Rule,
            Self::OpenTicket { .. } => Action::OpenTicket,
            Self::CloseTicket { .. } => Action::CloseTicket,
            Self::ReplaceRefund { .. } => Action::ReplaceRefund,
            Self::NameCard { .. } => Action::NameCard,
            Self::NameAccount { .. } => Action::NameAccount,
            Self::ApprovePayout { .. } => Action::ApprovePayout,
            Self::MarkPaid { .. } => Action::MarkPaid,
            Self::Mark { .. } => Action::Mark,
            Self::Expire | Self::RecordRefund { .. } | Self::RecordAnswer { .. } => return None,
        })
    }
}

impl Action {
    /// Its name on the wire.
    #[must_use]
    pub fn name(self) -> String {
        let name = serde_json::to_value(self).ok();
        name.and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// Every action.
    pub const ALL: [Self; 27] = [
        Self::Amend,
        Self::Withdraw,
        Self::AddEvidence,
        Self::RequestEvidence,
        Self::PostMessage,
        Self::Approve,
        Self::Offer,
        Self::AcceptOffer,
        Self::DeclineOffer,
        Self::ConfirmProposal,
        Self::DeclineProposal,
        Self::Reject,
        Self::ShipReturn,
        Self::Receive,
        Self::Inspect,
        Self::SendReplacement,
        Self::ConfirmReplacement,
        Self::Escalate,
        Self::Rule,
        Self::OpenTicket,
        Self::CloseTicket,
        Self::ReplaceRefund,
        Self::NameCard,
        Self::NameAccount,
        Self::ApprovePayout,
        Self::MarkPaid,
        Self::Mark,
    ];
}
