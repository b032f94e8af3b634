//! Event → effects: the outbox is a function of the log.

use crate::{
    effect::{Effect, RefundOrder},
    event::{CaseEvent, Event, RefundStep},
    facts::Facts,
    id::{CaseId, EffectId, RefundNo},
    moment::{Moment, Span},
    order::Order,
    record::Record,
    refund::{Path, Refund},
};

/// The channel is first asked about an accepted refund after so long; balances arrive sooner.
pub const FIRST_QUERY_AFTER: Span = Span::seconds(60);

/// An effect that an event calls for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Called {
    /// Derived from the event's place in the log.
    pub effect_id: EffectId,
    /// The case it belongs to.
    pub case_id: CaseId,
    /// Not before.
    pub due_at: Moment,
    /// What the world is asked.
    pub effect: Effect,
}

/// What the world must be asked because of a record. `order` is the order after it.
#[must_use]
pub fn react(order: &Order, record: &Record) -> Vec<Called> {
    let Event::Case { case_id, what } = &record.event else { return Vec::new() };
    let Some(facts) = &order.facts else { return Vec::new() };
    let called = effects(order, facts, (*case_id, what), record.at).into_iter().enumerate();
    called
        .map(|(n, (due_at, effect))| Called {
            effect_id: EffectId::derive(&facts.order_id, record.version, n),
            case_id: *case_id,
            due_at,
            effect,
        })
        .collect()
}

fn effects(
    order: &Order,
    facts: &Facts,
    (case_id, what): (CaseId, &CaseEvent),
    at: Moment,
) -> Vec<(Moment, Effect)> {
    let refund_of = |refund_no| order.case(case_id).and_then(|case| case.refund(refund_no));
    match what {
        CaseEvent::RefundOrdered { refunds, .. } | CaseEvent::RefundReplaced { refunds, .. } => {
            refunds.iter().filter_map(|refund| send(case_id, refund, facts)).collect()
        }
        CaseEvent::RefundMoved { refund_no, step } => {
            follow(refund_no, refund_of(refund_no), step, at).into_iter().collect()
        }
        CaseEvent::TicketOpened { refund_no, .. } => {
            look_into(refund_no, refund_of(refund_no), at).into_iter().collect()
        }
        CaseEvent::Opened(_)
        | CaseEvent::Amended(_)
        | CaseEvent::Withdrawn
        | CaseEvent::EvidenceRequested { .. }
        | CaseEvent::EvidenceAdded { .. }
        | CaseEvent::EvidenceLapsed { .. }
        | CaseEvent::MessagePosted { .. }
        | CaseEvent::Marked { .. }
        | CaseEvent::OfferMade { .. }
        | CaseEvent::OfferAccepted
        | CaseEvent::OfferDeclined { .. }
        | CaseEvent::OfferLapsed { .. }
        | CaseEvent::DecisionProposed { .. }
        | CaseEvent::ProposalDeclined { .. }
        | CaseEvent::Approved { .. }
        | CaseEvent::Rejected { .. }
        | CaseEvent::ReturnShipped { .. }
        | CaseEvent::ReturnReceived
        | CaseEvent::ReturnInspected { .. }
        | CaseEvent::ReplacementSent { .. }
        | CaseEvent::TicketAnswered { .. }
        | CaseEvent::TicketClosed { .. }
        | CaseEvent::Escalated { .. }
        | CaseEvent::DisputeReminded { .. }
        | CaseEvent::Ruled { .. }
        | CaseEvent::WatchSet { .. }
        | CaseEvent::Closed { .. } => Vec::new(),
    }
}

/// What was learned about a refund calls for the next question, or for another card.
fn follow(
    refund_no: &RefundNo,
    refund: Option<&Refund>,
    step: &RefundStep,
    at: Moment,
) -> Option<(Moment, Effect)> {
    match step {
        RefundStep::Accepted { .. } => {
            let effect = Effect::QueryRefund { refund_no: refund_no.clone() };
            Some((at.after(FIRST_QUERY_AFTER), effect))
        }
        RefundStep::CardNamed { sealed, .. } => {
            let channel_no = refund.and_then(|refund| refund.channel_no.clone());
            let effect = Effect::RefundToCard {
                refund_no: refund_no.clone(),
                channel_no: channel_no.unwrap_or_default(),
                sealed: sealed.clone(),
            };
            Some((at, effect))
        }
        RefundStep::Waits { .. }
        | RefundStep::Uncertain
        | RefundStep::Succeeded { .. }
        | RefundStep::BecameAbnormal { .. }
        | RefundStep::Declined { .. }
        | RefundStep::ClosedByChannel
        | RefundStep::AccountNamed { .. }
        | RefundStep::PayoutApproved
        | RefundStep::PaidOut { .. } => None,
    }
}

/// A ticket about a refund through the channel asks the channel, with the transaction number.
fn look_into(
    refund_no: &RefundNo,
    refund: Option<&Refund>,
    at: Moment,
) -> Option<(Moment, Effect)> {
    let Path::Original(transaction_id) = &refund?.path else { return None };
    let (transaction_id, refund_no) = (transaction_id.clone(), refund_no.clone());
    Some((at, Effect::QueryTransaction { transaction_id, refund_no }))
}

/// A refund that goes through the channel's API is sent when its slot comes.
fn send(case_id: CaseId, refund: &Refund, facts: &Facts) -> Option<(Moment, Effect)> {
    let Path::Original(transaction_id) = &refund.path else { return None };
    let total = facts.tender(transaction_id)?.amount;
    let order = RefundOrder {
        refund_no: refund.refund_no.clone(),
        case_id,
        transaction_id: transaction_id.clone(),
        amount: refund.amount,
        total,
    };
    Some((refund.send_at, Effect::Refund(order)))
}
