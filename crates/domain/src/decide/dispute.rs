//! The platform steps in and rules (平台介入): a result within three working days (Q5).

use super::{Matter, check_reason, decision, goods};
use crate::{
    actor::Side,
    ask::Ask,
    case::{Deadline, Goods, Otherwise, Outcome, Terms},
    event::CaseEvent,
    moment::{Moment, Span},
    refusal::Refusal,
};

/// Where the calendar does not reach, it is asked again so much later.
const CALENDAR_AGAIN: Span = Span::hours(24);

pub(super) fn escalate(reason: &str, ask: &Ask<'_>) -> Result<Vec<CaseEvent>, Refusal> {
    check_reason(reason)?;
    Ok(vec![by_system(reason, ask)])
}

/// The event alone, for disputes that begin by themselves.
pub(super) fn by_system(reason: &str, ask: &Ask<'_>) -> CaseEvent {
    let deadline = arbiter_decides(ask.at, ask.policy.deadlines.arbiter_working_days, ask);
    CaseEvent::Escalated { reason: reason.to_owned(), deadline }
}

/// So many working days after a moment. Beyond the calendar nothing is guessed: the deadline is
/// worked out as soon as the calendar knows.
fn arbiter_decides(from: Moment, working_days: u32, ask: &Ask<'_>) -> Deadline {
    match ask.calendar.end_of_working_day_after(from, working_days) {
        Ok(due_at) => {
            let otherwise = Otherwise::RemindArbiter;
            Deadline { due_at, waits_for: Side::Platform, otherwise }
        }
        Err(_) => Deadline {
            due_at: ask.at.after(CALENDAR_AGAIN),
            waits_for: Side::Platform,
            otherwise: Otherwise::LookUpCalendar,
        },
    }
}

/// The arbiter's deadline passed: another working day. Or the calendar may know now.
pub(super) fn remind(matter: Matter<'_>, passed: Otherwise, ask: &Ask<'_>) -> CaseEvent {
    let since = matter.case.dispute.as_ref().map_or(ask.at, |dispute| dispute.at);
    let deadline = if passed == Otherwise::LookUpCalendar {
        arbiter_decides(since, ask.policy.deadlines.arbiter_working_days, ask)
    } else {
        arbiter_decides(ask.at, 1, ask)
    };
    CaseEvent::DisputeReminded { passed, deadline }
}

pub(super) fn rule(
    matter: Matter<'_>,
    terms: Option<&Terms>,
    reason: &str,
    ask: &Ask<'_>,
) -> Result<Vec<CaseEvent>, Refusal> {
    check_reason(reason)?;
    let reason = reason.to_owned();
    let Some(terms) = terms else {
        let ruled = CaseEvent::Ruled { terms: None, reason, deadline: None };
        return Ok(vec![ruled, CaseEvent::Closed { outcome: Outcome::RuledForMerchant }]);
    };
    decision::check_terms(matter, terms, ask)?;
    let returns = terms.goods == Goods::Return && matter.case.returned.is_none();
    let deadline = returns.then(|| goods::buyer_ships(ask));
    let mut events = vec![CaseEvent::Ruled { terms: Some(terms.clone()), reason, deadline }];
    if !returns {
        events.extend(decision::order_money(matter, terms, ask)?);
    }
    Ok(events)
}
