//! What may be done with a case at a stage, by whom: the one table that decisions, lists of
//! actions and tests read.

use crate::{
    actor::{Actor, Side},
    case::{Case, Stage},
    command::Action,
    refund::{Path, Refund, State},
};

/// What this actor may do with the case now, in the order of [`Action::ALL`].
#[must_use]
pub fn allowed_actions(case: &Case, by: &Actor) -> Vec<Action> {
    Action::ALL.into_iter().filter(|action| is_allowed(case, by, *action)).collect()
}

/// Whether this actor may do this now. Rules about amounts, texts and persons come after.
#[must_use]
pub fn is_allowed(case: &Case, by: &Actor, action: Action) -> bool {
    match by.side() {
        Side::Buyer => buyer_may(case, action),
        Side::Merchant => merchant_may(case, by, action),
        Side::Platform => platform_may(case, by, action),
        Side::System => system_may(action),
    }
}

fn buyer_may(case: &Case, action: Action) -> bool {
    let stage = case.stage;
    match action {
        Action::Amend => {
            matches!(stage, Stage::UnderReview | Stage::AwaitingEvidence | Stage::Rejected)
                && case.returned.is_none()
        }
        Action::Withdraw => {
            case.returned.is_none()
                && matches!(
                    stage,
                    Stage::UnderReview
                        | Stage::AwaitingEvidence
                        | Stage::Offered
                        | Stage::AwaitingReturn
                        | Stage::Rejected
                        | Stage::Disputed
                )
        }
        Action::AcceptOffer | Action::DeclineOffer => stage == Stage::Offered,
        Action::ShipReturn => matches!(stage, Stage::AwaitingReturn | Stage::ReturnInTransit),
        Action::ConfirmReplacement => stage == Stage::ReplacementInTransit,
        Action::Escalate => matches!(stage, Stage::Rejected | Stage::ReplacementInTransit),
        Action::AddEvidence => case.is_open(),
        Action::PostMessage => true,
        Action::OpenTicket => stage == Stage::Refunding,
        Action::NameCard => any(case, may_take_card),
        Action::NameAccount => any(case, may_take_account),
        Action::RequestEvidence
        | Action::Approve
        | Action::Offer
        | Action::ConfirmProposal
        | Action::DeclineProposal
        | Action::Reject
        | Action::Receive
        | Action::Inspect
        | Action::SendReplacement
        | Action::Rule
        | Action::CloseTicket
        | Action::ReplaceRefund
        | Action::ApprovePayout
        | Action::MarkPaid
        | Action::Mark => false,
    }
}

fn merchant_may(case: &Case, by: &Actor, action: Action) -> bool {
    let stage = case.stage;
    match action {
        Action::Approve => match stage {
            Stage::UnderReview | Stage::AwaitingEvidence | Stage::Rejected | Stage::Disputed => {
                true
            }
            Stage::Offered => !offered_after_inspection(case),
            Stage::AwaitingReturn
            | Stage::ReturnInTransit
            | Stage::Inspecting
            | Stage::AwaitingReplacement
            | Stage::ReplacementInTransit
            | Stage::Refunding
            | Stage::Closed => false,
        },
        Action::Offer => {
            matches!(stage, Stage::UnderReview | Stage::AwaitingEvidence | Stage::Rejected)
                && case.returned.is_none()
        }
        Action::RequestEvidence | Action::Reject => stage == Stage::UnderReview,
        Action::ConfirmProposal | Action::DeclineProposal => {
            case.proposal.is_some() && by.may_confirm()
        }
        Action::Receive => stage == Stage::ReturnInTransit,
        Action::Inspect => matches!(stage, Stage::ReturnInTransit | Stage::Inspecting),
        Action::SendReplacement => stage == Stage::AwaitingReplacement,
        Action::Escalate => matches!(stage, Stage::ReturnInTransit | Stage::Inspecting),
        Action::AddEvidence => case.is_open(),
        Action::PostMessage | Action::Mark => true,
        Action::OpenTicket => stage == Stage::Refunding,
        Action::CloseTicket => has_open_ticket(case),
        Action::ReplaceRefund => any(case, may_be_replaced),
        Action::NameCard => any(case, may_take_card),
        Action::NameAccount => any(case, may_take_account),
        Action::ApprovePayout => {
            by.may_pay_out() && any(case, waits_for_finance) && !may_go_twice(case)
        }
        Action::MarkPaid => by.may_pay_out() && any(case, may_be_paid) && !may_go_twice(case),
        Action::Amend
        | Action::Withdraw
        | Action::AcceptOffer
        | Action::DeclineOffer
        | Action::ShipReturn
        | Action::ConfirmReplacement
        | Action::Rule => false,
    }
}

/// The system answers for the shop where the shop has switched that on (I1); what else it does has
/// no name among the actions.
const fn system_may(action: Action) -> bool {
    match action {
        Action::PostMessage => true,
        Action::Amend
        | Action::Withdraw
        | Action::AddEvidence
        | Action::RequestEvidence
        | Action::Approve
        | Action::Offer
        | Action::AcceptOffer
        | Action::DeclineOffer
        | Action::ConfirmProposal
        | Action::DeclineProposal
        | Action::Reject
        | Action::ShipReturn
        | Action::Receive
        | Action::Inspect
        | Action::SendReplacement
        | Action::ConfirmReplacement
        | Action::Escalate
        | Action::Rule
        | Action::OpenTicket
        | Action::CloseTicket
        | Action::ReplaceRefund
        | Action::NameCard
        | Action::NameAccount
        | Action::ApprovePayout
        | Action::MarkPaid
        | Action::Mark => false,
    }
}

fn platform_may(case: &Case, by: &Actor, action: Action) -> bool {
    let disputed = case.stage == Stage::Disputed;
    match action {
        Action::Rule | Action::RequestEvidence => disputed && matches!(by, Actor::Arbiter(_)),
        Action::AddEvidence => disputed,
        Action::PostMessage => true,
        Action::OpenTicket => case.stage == Stage::Refunding,
        Action::CloseTicket => has_open_ticket(case),
        Action::ApprovePayout => any(case, waits_for_platform) && !may_go_twice(case),
        Action::Amend
        | Action::Withdraw
        | Action::Approve
        | Action::Offer
        | Action::AcceptOffer
        | Action::DeclineOffer
        | Action::ConfirmProposal
        | Action::DeclineProposal
        | Action::Reject
        | Action::ShipReturn
        | Action::Receive
        | Action::Inspect
        | Action::SendReplacement
        | Action::ConfirmReplacement
        | Action::Escalate
        | Action::ReplaceRefund
        | Action::NameCard
        | Action::NameAccount
        | Action::MarkPaid
        | Action::Mark => false,
    }
}

fn any(case: &Case, which: fn(&Refund) -> bool) -> bool {
    case.refunds.iter().any(which)
}

fn has_open_ticket(case: &Case) -> bool {
    case.tickets.iter().any(|ticket| ticket.closed_at.is_none())
}

/// A refund is carried out although another took its place: nothing is paid out until people have
/// looked into it and closed its ticket.
#[must_use]
pub fn may_go_twice(case: &Case) -> bool {
    let is_done = |refund_no| case.refund(refund_no).is_some_and(|refund| refund.state.is_done());
    case.tickets.iter().any(|ticket| ticket.closed_at.is_none() && is_done(&ticket.refund_no))
}

fn offered_after_inspection(case: &Case) -> bool {
    case.offer.as_ref().is_some_and(|offer| offer.after_inspection)
}

/// Money that has left the merchant and cannot arrive can only go to another card.
#[must_use]
pub fn may_take_card(refund: &Refund) -> bool {
    refund.state == State::Abnormal
}

/// A designated account may be named until the payout is carried out.
#[must_use]
pub fn may_take_account(refund: &Refund) -> bool {
    refund.path == Path::Designated
        && matches!(refund.state, State::AwaitingApproval | State::Approved)
}

/// A refund that the channel will never carry out may be ordered anew.
#[must_use]
pub fn may_be_replaced(refund: &Refund) -> bool {
    matches!(refund.state, State::Declined | State::ClosedByChannel)
}

/// Finance approves payouts to designated accounts (Q1).
#[must_use]
pub fn waits_for_finance(refund: &Refund) -> bool {
    refund.state == State::AwaitingApproval && refund.path == Path::Designated
}

/// The platform approves payouts through a third party's channel (F3).
#[must_use]
pub fn waits_for_platform(refund: &Refund) -> bool {
    refund.state == State::AwaitingApproval && matches!(refund.path, Path::ThirdParty(_))
}

/// An approved payout may be carried out.
#[must_use]
pub fn may_be_paid(refund: &Refund) -> bool {
    refund.state == State::Approved
}
