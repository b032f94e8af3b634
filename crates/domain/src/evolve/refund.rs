//! What becomes of a refund, step by step.

use crate::{
    event::RefundStep,
    record::Record,
    refund::{Refund, State},
};

/// A refund comes to another state.
pub(super) const fn move_to(refund: &mut Refund, state: State, record: &Record) {
    refund.state = state;
    refund.since = record.at;
}

/// Whoever has a hand in where the money goes is remembered (four eyes).
pub(super) fn lend_a_hand(refund: &mut Refund, record: &Record) {
    if let Some(person) = record.by.person()
        && !refund.hands.contains(person)
    {
        refund.hands.push(person.clone());
    }
}

/// What was learned about a refund.
pub(super) fn step(refund: &mut Refund, step: &RefundStep, record: &Record) {
    match step {
        RefundStep::Accepted { channel_no } => {
            move_to(refund, State::Accepted, record);
            refund.channel_no = Some(channel_no.clone());
            refund.accepted_at = refund.accepted_at.or(Some(record.at));
            refund.code = None;
        }
        RefundStep::Waits { code } => {
            move_to(refund, State::Waiting, record);
            refund.code = Some(code.clone());
        }
        RefundStep::Uncertain => move_to(refund, State::Uncertain, record),
        RefundStep::Succeeded { at, arrived_in } => {
            move_to(refund, State::Succeeded, record);
            refund.since = *at;
            refund.arrived_in = Some(arrived_in.clone());
            refund.code = None;
        }
        RefundStep::BecameAbnormal { channel_no } => {
            move_to(refund, State::Abnormal, record);
            refund.channel_no = Some(channel_no.clone());
        }
        RefundStep::Declined { code } => {
            move_to(refund, State::Declined, record);
            refund.code = Some(code.clone());
        }
        RefundStep::ClosedByChannel => move_to(refund, State::ClosedByChannel, record),
        RefundStep::CardNamed { account_masked, .. } => {
            refund.account_masked = Some(account_masked.clone());
        }
        RefundStep::AccountNamed { account_masked } => {
            refund.account_masked = Some(account_masked.clone());
            lend_a_hand(refund, record);
            // What was approved was the other account.
            if refund.state == State::Approved {
                move_to(refund, State::AwaitingApproval, record);
            }
        }
        RefundStep::PayoutApproved => move_to(refund, State::Approved, record),
        RefundStep::PaidOut { voucher } => {
            move_to(refund, State::Paid, record);
            refund.voucher = Some(voucher.clone());
        }
    }
}
