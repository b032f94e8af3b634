//! What the channel says about a refund. News that changes nothing is no event: a notice may
//! come twice, early or late.

use super::{Matter, payout, refunding, ticket};
use crate::{
    ask::Ask,
    command::RefundNews,
    event::{CaseEvent, RefundStep},
    id::RefundNo,
    refund::{Path, Refund, State},
    refusal::Refusal,
};

pub(super) fn record(
    matter: Matter<'_>,
    refund_no: &RefundNo,
    news: &RefundNews,
    ask: &Ask<'_>,
) -> Result<Vec<CaseEvent>, Refusal> {
    let refund = matter.case.refund(refund_no).ok_or(Refusal::NoSuchRefund)?;
    if !matches!(refund.path, Path::Original(_)) {
        return Err(Refusal::RefundNotFailed);
    }
    let Some(step) = step(refund, news) else {
        return Ok(alarm(matter, refund, news).into_iter().collect());
    };
    if matches!(step, RefundStep::Succeeded { .. }) {
        let mut events = payout::with_end(matter, refund_no, step);
        // Another refund took its place: the money may have gone twice, and people must look.
        if refund.state == State::Replaced {
            events.extend(ticket::about(matter, refund_no));
        }
        return Ok(events);
    }
    let accepted = matches!(step, RefundStep::Accepted { .. });
    let mut events = vec![CaseEvent::RefundMoved { refund_no: refund_no.clone(), step }];
    if accepted {
        let deadline = Some(refunding::watch_from(ask.at, ask));
        events.push(CaseEvent::WatchSet { deadline });
    }
    Ok(events)
}

/// A ticket, once, if another refund took the place of one that the channel carries out all the
/// same.
fn alarm(matter: Matter<'_>, refund: &Refund, news: &RefundNews) -> Option<CaseEvent> {
    let lives = matches!(news, RefundNews::Processing { .. } | RefundNews::Abnormal { .. });
    let is_news = lives && refund.state == State::Replaced;
    let told = ticket::has_open(matter, &refund.refund_no);
    (is_news && !told).then(|| ticket::about(matter, &refund.refund_no)).flatten()
}

/// What the news means for a refund in its state; nothing if it is known or has been overtaken.
fn step(refund: &Refund, news: &RefundNews) -> Option<RefundStep> {
    let state = refund.state;
    let unsent = matches!(state, State::Ordered | State::Waiting | State::Uncertain);
    let card_named = state == State::Abnormal && refund.account_masked.is_some();
    // A no said to one process does not undo what the channel says later.
    let declined = state == State::Declined;
    match news {
        RefundNews::Succeeded { at, arrived_in, .. } => (state != State::Succeeded)
            .then(|| RefundStep::Succeeded { at: *at, arrived_in: arrived_in.clone() }),
        RefundNews::Processing { channel_no } => (unsent || card_named || declined)
            .then(|| RefundStep::Accepted { channel_no: channel_no.clone() }),
        RefundNews::Abnormal { channel_no } => (state.is_on_its_way() || declined)
            .then(|| RefundStep::BecameAbnormal { channel_no: channel_no.clone() }),
        RefundNews::Closed { .. } => {
            (state.is_on_its_way() || state == State::Abnormal || declined)
                .then_some(RefundStep::ClosedByChannel)
        }
        RefundNews::Declined { code } => {
            unsent.then(|| RefundStep::Declined { code: code.clone() })
        }
        RefundNews::Waits { code } => {
            let known = state == State::Waiting && refund.code.as_ref() == Some(code);
            (unsent && !known).then(|| RefundStep::Waits { code: code.clone() })
        }
        RefundNews::Unknown => {
            matches!(state, State::Ordered | State::Waiting).then_some(RefundStep::Uncertain)
        }
    }
}
