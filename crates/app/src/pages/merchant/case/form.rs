//! The forms of the decision panel: which there are, where each is sent, and who may use it.

use crate::pages::visit::Visit;
use domain::{
    allowed::{
        is_allowed, may_be_paid, may_be_replaced, may_take_account, may_take_card,
        waits_for_finance,
    },
    case::Case,
    command::Action,
    id::RefundNo,
    refund::{Refund, State},
};

/// A form of the panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// Confirm what a colleague proposed.
    ConfirmProposal,
    /// Decline it.
    DeclineProposal,
    /// Approve all that is due.
    Approve,
    /// Approve another amount, or with other goods.
    ApprovePart,
    /// Offer other terms.
    Offer,
    /// Ask for evidence.
    RequestEvidence,
    /// Refuse.
    Reject,
    /// The goods have come.
    Receive,
    /// Say what the inspection found.
    Inspect,
    /// Send other goods.
    SendReplacement,
    /// Call the platform.
    Escalate,
    /// Order a failed refund anew.
    Replace(RefundNo),
    /// Name a card for a refund that cannot arrive.
    NameCard(RefundNo),
    /// Name the designated account.
    NameAccount(RefundNo),
    /// Approve a payout.
    ApprovePayout(RefundNo),
    /// Say that a payout was carried out.
    MarkPaid(RefundNo),
    /// Ask the channel where money is.
    OpenTicket(RefundNo),
    /// Close a ticket.
    CloseTicket(u32),
}

/// The forms of the case itself, in the order of the panel.
const TABS: [Form; 11] = [
    Form::ConfirmProposal,
    Form::DeclineProposal,
    Form::Approve,
    Form::ApprovePart,
    Form::Offer,
    Form::RequestEvidence,
    Form::Receive,
    Form::Inspect,
    Form::SendReplacement,
    Form::Reject,
    Form::Escalate,
];

impl Form {
    /// The form that a path means: its last part, and the names in it.
    #[must_use]
    pub fn of(matched: &str, refund_no: Option<&str>, ticket_no: Option<&str>) -> Option<Self> {
        let slug = matched.rsplit('/').next()?;
        if let Some(ticket_no) = ticket_no {
            return Some(Self::CloseTicket(ticket_no.parse().ok()?));
        }
        let Some(refund_no) = refund_no else {
            return TABS.into_iter().find(|form| form.slug() == slug);
        };
        let refund_no = RefundNo::parse(refund_no).ok()?;
        let forms = [
            Self::Replace(refund_no.clone()),
            Self::NameCard(refund_no.clone()),
            Self::NameAccount(refund_no.clone()),
            Self::ApprovePayout(refund_no.clone()),
            Self::MarkPaid(refund_no.clone()),
            Self::OpenTicket(refund_no),
        ];
        forms.into_iter().find(|form| form.slug() == slug)
    }

    /// The last part of its path, also the name of its texts.
    #[must_use]
    pub const fn slug(&self) -> &'static str {
        match self {
            Self::ConfirmProposal => "confirm-proposal",
            Self::DeclineProposal => "decline-proposal",
            Self::Approve => "approve",
            Self::ApprovePart => "approve-part",
            Self::Offer => "offer",
            Self::RequestEvidence => "request-evidence",
            Self::Reject => "reject",
            Self::Receive => "receive",
            Self::Inspect => "inspect",
            Self::SendReplacement => "send-replacement",
            Self::Escalate => "escalate",
            Self::Replace(_) => "replace",
            Self::NameCard(_) => "name-card",
            Self::NameAccount(_) => "name-account",
            Self::ApprovePayout(_) => "approve-payout",
            Self::MarkPaid(_) => "mark-paid",
            Self::OpenTicket(_) => "ticket",
            Self::CloseTicket(_) => "close",
        }
    }

    /// Where it is sent, below the case's own path.
    #[must_use]
    pub fn below(&self) -> String {
        match self.place() {
            Place::Case => self.slug().to_owned(),
            Place::Refund(refund_no) => format!("refunds/{refund_no}/{}", self.slug()),
            Place::Ticket(ticket_no) => format!("tickets/{ticket_no}/close"),
        }
    }

    /// What it is as a route.
    fn route(&self) -> String {
        let below = match self.place() {
            Place::Case => self.slug().to_owned(),
            Place::Refund(_) => format!("refunds/{{refund_no}}/{}", self.slug()),
            Place::Ticket(_) => "tickets/{ticket_no}/close".to_owned(),
        };
        format!("/m/cases/{{case_id}}/{below}")
    }

    const fn place(&self) -> Place<'_> {
        match self {
            Self::ConfirmProposal
            | Self::DeclineProposal
            | Self::Approve
            | Self::ApprovePart
            | Self::Offer
            | Self::RequestEvidence
            | Self::Reject
            | Self::Receive
            | Self::Inspect
            | Self::SendReplacement
            | Self::Escalate => Place::Case,
            Self::Replace(no)
            | Self::NameCard(no)
            | Self::NameAccount(no)
            | Self::ApprovePayout(no)
            | Self::MarkPaid(no)
            | Self::OpenTicket(no) => Place::Refund(no),
            Self::CloseTicket(no) => Place::Ticket(*no),
        }
    }

    const fn action(&self) -> Action {
        match self {
            Self::ConfirmProposal => Action::ConfirmProposal,
            Self::DeclineProposal => Action::DeclineProposal,
            Self::Approve | Self::ApprovePart => Action::Approve,
            Self::Offer => Action::Offer,
            Self::RequestEvidence => Action::RequestEvidence,
            Self::Reject => Action::Reject,
            Self::Receive => Action::Receive,
            Self::Inspect => Action::Inspect,
            Self::SendReplacement => Action::SendReplacement,
            Self::Escalate => Action::Escalate,
            Self::Replace(_) => Action::ReplaceRefund,
            Self::NameCard(_) => Action::NameCard,
            Self::NameAccount(_) => Action::NameAccount,
            Self::ApprovePayout(_) => Action::ApprovePayout,
            Self::MarkPaid(_) => Action::MarkPaid,
            Self::OpenTicket(_) => Action::OpenTicket,
            Self::CloseTicket(_) => Action::CloseTicket,
        }
    }

    /// Whether this visitor may use it now on this case.
    #[must_use]
    pub fn is_open(&self, case: &Case, visit: &Visit) -> bool {
        visit.may("POST", &self.route())
            && is_allowed(case, &visit.asked.caller.actor(), self.action())
            && self.fits(case)
    }

    /// Whether the refund or ticket it names is one it can be used for.
    fn fits(&self, case: &Case) -> bool {
        let which: fn(&Refund) -> bool = match self {
            Self::Replace(_) => may_be_replaced,
            Self::NameCard(_) => may_take_card,
            Self::NameAccount(_) => may_take_account,
            Self::ApprovePayout(_) => waits_for_finance,
            Self::MarkPaid(_) => may_be_paid,
            Self::OpenTicket(no) => {
                return case.refund(no).is_some_and(is_late_or_on_its_way)
                    && !case
                        .tickets
                        .iter()
                        .any(|ticket| ticket.refund_no == *no && ticket.closed_at.is_none());
            }
            Self::CloseTicket(no) => {
                return case
                    .tickets
                    .iter()
                    .any(|ticket| ticket.ticket_no == *no && ticket.closed_at.is_none());
            }
            Self::ConfirmProposal
            | Self::DeclineProposal
            | Self::Approve
            | Self::ApprovePart
            | Self::Offer
            | Self::RequestEvidence
            | Self::Reject
            | Self::Receive
            | Self::Inspect
            | Self::SendReplacement
            | Self::Escalate => return true,
        };
        let Place::Refund(refund_no) = self.place() else { return false };
        case.refund(refund_no).is_some_and(which)
    }

    /// Whether money hangs on it, so that what is shown must be what is sent.
    #[must_use]
    pub const fn moves_money(&self) -> bool {
        match self {
            Self::ConfirmProposal
            | Self::Approve
            | Self::ApprovePart
            | Self::Offer
            | Self::Inspect
            | Self::Replace(_) => true,
            Self::DeclineProposal
            | Self::RequestEvidence
            | Self::Reject
            | Self::Receive
            | Self::SendReplacement
            | Self::Escalate
            | Self::NameCard(_)
            | Self::NameAccount(_)
            | Self::ApprovePayout(_)
            | Self::MarkPaid(_)
            | Self::OpenTicket(_)
            | Self::CloseTicket(_) => false,
        }
    }
}

const fn is_late_or_on_its_way(refund: &Refund) -> bool {
    matches!(refund.state, State::Accepted | State::Uncertain | State::Waiting)
}

/// What a form is about.
enum Place<'a> {
    Case,
    Refund(&'a RefundNo),
    Ticket(u32),
}

/// The forms of the case itself that this visitor may use now.
#[must_use]
pub fn tabs(case: &Case, visit: &Visit) -> Vec<Form> {
    TABS.into_iter().filter(|form| form.is_open(case, visit)).collect()
}

/// The forms of one refund that this visitor may use now.
#[must_use]
pub fn of_refund(case: &Case, refund_no: &RefundNo, visit: &Visit) -> Vec<Form> {
    let forms = [
        Form::NameCard(refund_no.clone()),
        Form::NameAccount(refund_no.clone()),
        Form::ApprovePayout(refund_no.clone()),
        Form::MarkPaid(refund_no.clone()),
        Form::Replace(refund_no.clone()),
        Form::OpenTicket(refund_no.clone()),
    ];
    forms.into_iter().filter(|form| form.is_open(case, visit)).collect()
}
