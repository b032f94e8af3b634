//! What must be true of a record the moment it is there.

use super::Violation;
use crate::town::Stall;
use domain::{
    actor::Actor,
    event::{CaseEvent, Event},
    id::CommandId,
    moment::{Moment, Span},
    money::Money,
    order::Order,
    record::Record,
    refund::{REFUNDS_PER_PAYMENT_MAX, Refund, State},
};
use engine::rows::StreamKey;

/// Clocks of processes stand apart by less than this.
const APART: Span = Span::seconds(5);
/// Refunds of one payment keep so far apart at least (WeChat Pay API v3).
const GAP: Span = Span::seconds(60);

/// Against the order as it was.
pub(super) fn before(
    key: &StreamKey,
    (order, last): (&Order, Option<CommandId>),
    record: &Record,
    now: Moment,
) -> Result<(), Violation> {
    let broken = |law| {
        let (version, kind) = (record.version, record.event.kind());
        Err(Violation::of(law, format!("{key:?} version {version} {kind} at {}", record.at)))
    };
    if record.version != order.version.saturating_add(1) {
        return broken("versions have no gaps and no twins");
    }
    if record.at > now.after(APART) {
        return broken("nothing happens before its time");
    }
    let Event::Case { case_id, what } = &record.event else { return Ok(()) };
    let case = order.case(*case_id);
    if let CaseEvent::RefundMoved { refund_no, .. } = what {
        let gone = case.and_then(|case| case.refund(refund_no));
        if gone.is_some_and(|refund| refund.state == State::Succeeded) {
            return broken("a refund that has gone moves no more");
        }
    }
    let from_channel = matches!(
        what,
        CaseEvent::RefundMoved { .. } | CaseEvent::TicketAnswered { .. } | CaseEvent::Opened(_)
    );
    let first = last != Some(record.command);
    if record.by == Actor::System && first && !from_channel {
        let due = case.and_then(|case| case.deadline).map(|deadline| deadline.due_at);
        if due.is_none_or(|due_at| due_at > record.at) {
            return broken("the system acts when a deadline has passed, not before");
        }
    }
    Ok(())
}

/// Against the order as it is now.
pub(super) fn after(
    key: &StreamKey,
    order: &Order,
    record: &Record,
    stall: &Stall,
) -> Result<(), Violation> {
    let Event::Case { case_id, what } = &record.event else { return Ok(()) };
    let broken = |law, seen: String| {
        Err(Violation::of(
            law,
            format!("{key:?} version {} case {case_id}: {seen}", record.version),
        ))
    };
    let (CaseEvent::RefundOrdered { refunds, .. } | CaseEvent::RefundReplaced { refunds, .. }) =
        what
    else {
        return Ok(());
    };
    if let CaseEvent::RefundOrdered { allocation, .. } = what {
        let parts = allocation.total().ok().map(Money::minor);
        let whole: i64 = refunds.iter().map(|refund| refund.amount.minor()).sum();
        if parts != Some(whole) {
            return broken("an amount is the sum of its parts", format!("{parts:?} and {whole}"));
        }
    }
    let Some(facts) = &order.facts else { return Ok(()) };
    let paid = facts.paid().map_or(0, Money::minor);
    let taken = order.taken(facts).map_or(i64::MAX, |taken| taken.total.minor());
    let given: i64 = counted(order).map(|refund| refund.amount.minor()).sum();
    let cap = paid.saturating_mul(stall.percent) / 100;
    if taken > cap || given > cap {
        let seen = format!("{taken} taken, {given} given, {paid} paid, {cap} allowed");
        return broken("never more goes back than may", seen);
    }
    for tender in &facts.tenders {
        let id = &tender.transaction_id;
        let of = || order.refunds().filter(|refund| refund.path.transaction() == Some(id));
        let sent: i64 =
            of().filter(|refund| refund.state.counts()).map(|refund| refund.amount.minor()).sum();
        if sent > tender.amount.minor() {
            return broken("a payment gives back no more than was paid", format!("{id}: {sent}"));
        }
        if of().count() > REFUNDS_PER_PAYMENT_MAX {
            return broken("a payment has at most 50 refunds", id.to_string());
        }
        let mut slots: Vec<Moment> = of().map(|refund| refund.send_at).collect();
        slots.sort_unstable();
        let mut pairs = slots.iter().zip(slots.iter().skip(1));
        if pairs.any(|(one, next)| next.since(*one).ms() < GAP.ms()) {
            return broken("refunds of a payment are sent a minute apart", id.to_string());
        }
    }
    Ok(())
}

fn counted(order: &Order) -> impl Iterator<Item = &Refund> {
    order.refunds().filter(|refund| refund.state.counts())
}

/// What a record gives to a buyer, in fen.
pub(super) fn given(record: &Record) -> Option<i64> {
    let Event::Case { what: CaseEvent::RefundOrdered { refunds, .. }, .. } = &record.event else {
        return None;
    };
    Some(refunds.iter().map(|refund| refund.amount.minor()).sum())
}
