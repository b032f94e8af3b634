//! The bank's books against ours.

use super::originals;
use crate::{bank::MCHID, mirror::Violation, wire::at_bank, world::World};
use domain::refund::{Refund, State};
use sandbox::books::refund::{Refund as Booked, Status};
use std::collections::BTreeMap;

impl World {
    /// The bank was never asked for anything but what the log had ordered before.
    ///
    /// # Errors
    /// The [`Violation`] that was found.
    pub fn bank_asked_for_what_was_ordered(&self) -> Result<(), Violation> {
        let ours: BTreeMap<&str, &Refund> = originals(&self.mirror)
            .map(|(_, refund)| (refund.refund_no.as_str(), refund))
            .collect();
        for (refund_no, (transaction_id, fen)) in at_bank(&self.ground.bank).asked() {
            let known = ours.get(refund_no.as_str()).is_some_and(|refund| {
                let to = refund.path.transaction().map(|id| id.as_str());
                to == Some(transaction_id.as_str()) && refund.amount.minor() == *fen
            });
            if !known {
                let what = format!("{refund_no}: {fen} fen of {transaction_id}");
                return Err(Violation::of("only what was ordered is asked for", what));
            }
        }
        Ok(())
    }

    /// What we say for good of a refund the bank has said before: that it has gone, and that it
    /// was refused.
    ///
    /// # Errors
    /// The [`Violation`] that was found.
    pub fn bank_said_what_we_say(&self) -> Result<(), Violation> {
        let bank = at_bank(&self.ground.bank);
        for (key, refund) in originals(&self.mirror) {
            let no = refund.refund_no.as_str();
            let booked = bank.books().refund(MCHID, no).map(|booked| booked.status);
            let said = match refund.state {
                State::Succeeded => booked == Some(Status::Success),
                State::Declined => bank.refused(no),
                State::Ordered
                | State::Waiting
                | State::Uncertain
                | State::Accepted
                | State::Abnormal
                | State::ClosedByChannel
                | State::Replaced
                | State::AwaitingApproval
                | State::Approved
                | State::Paid => true,
            };
            if !said {
                let what =
                    format!("{:?} {no}: {:?}, theirs {booked:?}", key.order_id, refund.state);
                return Err(Violation::of("the bank has said what we say", what));
            }
        }
        Ok(())
    }

    /// The bank's books are ours, fen by fen, and nobody was paid twice.
    ///
    /// # Errors
    /// The [`Violation`] that was found.
    pub fn books_are_ours(&self) -> Result<(), Violation> {
        let bank = at_bank(&self.ground.bank);
        for (key, refund) in originals(&self.mirror) {
            let booked = bank.books().refund(MCHID, refund.refund_no.as_str());
            if !agree(refund, booked) {
                let theirs = booked.map(|booked| (booked.status, booked.refund_fen));
                let (no, state, fen) = (&refund.refund_no, refund.state, refund.amount.minor());
                let what = format!("{:?} {no}: {state:?} {fen}, theirs {theirs:?}", key.order_id);
                return Err(Violation::of("the bank's books are ours", what));
            }
        }
        for payment in bank.books().transactions() {
            let gone = bank.books().refunded_fen(&payment.transaction_id);
            if gone > payment.total_fen {
                let what = format!("{}: {gone}", payment.transaction_id);
                return Err(Violation::of("a payment gives back no more than was paid", what));
            }
        }
        drop(bank);
        self.nobody_was_paid_twice()
    }

    /// What went to a buyer for a case is what was ordered for it.
    fn nobody_was_paid_twice(&self) -> Result<(), Violation> {
        let bank = at_bank(&self.ground.bank);
        for (key, stream) in &self.mirror.streams {
            for case in &stream.order.cases {
                let ordered = case.allocation.as_ref().and_then(|all| all.total().ok());
                let ordered = ordered.map_or(0, |total| total.minor());
                let by_bank = case.refunds.iter().filter_map(|refund| {
                    let booked = bank.books().refund(MCHID, refund.refund_no.as_str())?;
                    (booked.status != Status::Closed).then_some(booked.refund_fen)
                });
                let by_hand = case.refunds.iter().filter(|refund| refund.state == State::Paid);
                let by_hand = by_hand.map(|refund| refund.amount.minor());
                let gone: i64 = by_bank.chain(by_hand).sum();
                if gone != ordered {
                    let what = format!(
                        "{:?} case {}: {gone} went, {ordered} was ordered",
                        key.order_id, case.case_id
                    );
                    return Err(Violation::of("what was ordered went once", what));
                }
            }
        }
        Ok(())
    }
}

/// Whether the bank says of a refund what we say, once all is at rest.
fn agree(refund: &Refund, booked: Option<&Booked>) -> bool {
    let theirs = booked.map(|booked| booked.status);
    let same_fen = booked.is_none_or(|booked| booked.refund_fen == refund.amount.minor());
    let same_state = match refund.state {
        State::Succeeded => theirs == Some(Status::Success),
        State::Abnormal => theirs == Some(Status::Abnormal),
        State::Declined => theirs.is_none(),
        State::ClosedByChannel => theirs == Some(Status::Closed),
        State::Replaced => theirs.is_none_or(|status| status == Status::Closed),
        State::Accepted => theirs == Some(Status::Processing),
        State::Ordered | State::Waiting | State::Uncertain => true,
        State::AwaitingApproval | State::Approved | State::Paid => theirs.is_none(),
    };
    same_fen && same_state
}
