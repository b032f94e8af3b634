//! A deadline passed: the system acts by itself, as was said beforehand.

use super::{Matter, decision, dispute, goods, merchant_decides, ticket};
use crate::{
    ask::Ask,
    case::{Inspection, Otherwise, Outcome, Terms},
    event::CaseEvent,
    refusal::Refusal,
};

/// Nothing is due, nothing happens: asking too early or twice is harmless.
pub(super) fn decide(matter: Matter<'_>, ask: &Ask<'_>) -> Result<Vec<CaseEvent>, Refusal> {
    let Some(deadline) = matter.case.deadline.filter(|deadline| deadline.due_at <= ask.at) else {
        return Ok(Vec::new());
    };
    let closed = |outcome| Ok(vec![CaseEvent::Closed { outcome }]);
    match deadline.otherwise {
        Otherwise::Approve => or_dispute(approve(matter, ask), ask),
        Otherwise::LapseOffer => {
            Ok(vec![CaseEvent::OfferLapsed { deadline: merchant_decides(ask) }])
        }
        Otherwise::CarryOutOffer => {
            let offer = matter.case.offer.as_ref();
            let terms = offer.map(|offer| offer.terms.clone());
            or_dispute(carry_out(matter, terms, ask), ask)
        }
        Otherwise::ReviewWithout => {
            Ok(vec![CaseEvent::EvidenceLapsed { deadline: merchant_decides(ask) }])
        }
        Otherwise::CloseUnreturned => closed(Outcome::NotReturned),
        Otherwise::RefundReturn => or_dispute(refund_return(matter, ask), ask),
        Otherwise::RefundInstead => {
            let terms = goods::agreed(matter, ask);
            or_dispute(terms.and_then(|terms| decision::order_money(matter, &terms, ask)), ask)
        }
        Otherwise::CloseExchanged => closed(Outcome::Exchanged),
        Otherwise::CloseRejected => closed(Outcome::Rejected),
        Otherwise::RemindArbiter | Otherwise::LookUpCalendar => {
            Ok(vec![dispute::remind(matter, deadline.otherwise, ask)])
        }
        Otherwise::OpenTicket => Ok(ticket::not_arrived(matter, ask)),
    }
}

fn approve(matter: Matter<'_>, ask: &Ask<'_>) -> Result<Vec<CaseEvent>, Refusal> {
    let terms = decision::usual_terms(matter, ask)?;
    decision::carry_out(matter, terms, "", ask)
}

fn carry_out(
    matter: Matter<'_>,
    terms: Option<Terms>,
    ask: &Ask<'_>,
) -> Result<Vec<CaseEvent>, Refusal> {
    let terms = terms.map_or_else(|| goods::agreed(matter, ask), Ok)?;
    let mut events = vec![CaseEvent::OfferAccepted];
    events.extend(decision::carry_out(matter, terms, "", ask)?);
    Ok(events)
}

/// The merchant did not confirm a return that was tracked: it counts as accepted.
fn refund_return(matter: Matter<'_>, ask: &Ask<'_>) -> Result<Vec<CaseEvent>, Refusal> {
    let terms = goods::agreed(matter, ask)?;
    let result = Inspection::Accepted;
    let mut events =
        vec![CaseEvent::ReturnInspected { result, note: String::new(), deadline: None }];
    events.extend(decision::order_money(matter, &terms, ask)?);
    Ok(events)
}

/// Where the system may not pay, by a cap or because nothing is left, people of the platform
/// decide: a deadline never leads into a dead end.
fn or_dispute(
    events: Result<Vec<CaseEvent>, Refusal>,
    ask: &Ask<'_>,
) -> Result<Vec<CaseEvent>, Refusal> {
    Ok(events.unwrap_or_else(|refusal| vec![dispute::by_system(refusal.code(), ask)]))
}
