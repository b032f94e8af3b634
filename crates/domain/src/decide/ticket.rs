//! Tickets (工单): money that has not arrived is looked into, with the transaction number (F8).

use super::{Matter, refunding};
use crate::{ask::Ask, case::ChannelAnswer, event::CaseEvent, id::RefundNo, refusal::Refusal};

/// The most tickets of one case.
const TICKETS_MAX: usize = 100;

pub(super) fn open(matter: Matter<'_>, refund_no: &RefundNo) -> Result<Vec<CaseEvent>, Refusal> {
    let refund = matter.case.refund(refund_no).ok_or(Refusal::NoSuchRefund)?;
    if refund.state.is_done() || has_open(matter, refund_no) {
        return Err(Refusal::NothingDue);
    }
    if matter.case.tickets.len() >= TICKETS_MAX {
        return Err(Refusal::TooMany { what: "tickets", max: 100 });
    }
    let ticket_no = next_no(matter);
    Ok(vec![CaseEvent::TicketOpened { ticket_no, refund_no: refund_no.clone() }])
}

/// A ticket by the system, whatever the stage; none if there is no room for one more.
pub(super) fn about(matter: Matter<'_>, refund_no: &RefundNo) -> Option<CaseEvent> {
    let room = matter.case.tickets.len() < TICKETS_MAX;
    let ticket_no = next_no(matter);
    room.then(|| CaseEvent::TicketOpened { ticket_no, refund_no: refund_no.clone() })
}

pub(super) fn close(matter: Matter<'_>, ticket_no: u32) -> Result<Vec<CaseEvent>, Refusal> {
    let mut tickets = matter.case.tickets.iter();
    let ticket = tickets.find(|ticket| ticket.ticket_no == ticket_no);
    if ticket.ok_or(Refusal::NoSuchTicket)?.closed_at.is_some() {
        return Err(Refusal::NothingDue);
    }
    Ok(vec![CaseEvent::TicketClosed { ticket_no }])
}

/// What the channel said goes to the open tickets about that refund.
pub(super) fn answer(
    matter: Matter<'_>,
    refund_no: &RefundNo,
    (trade_state, refund_status): (&str, &str),
    ask: &Ask<'_>,
) -> Vec<CaseEvent> {
    let tickets = matter.case.tickets.iter();
    let tickets =
        tickets.filter(|ticket| ticket.refund_no == *refund_no && ticket.closed_at.is_none());
    let answer = ChannelAnswer {
        at: ask.at,
        trade_state: trade_state.to_owned(),
        refund_status: refund_status.to_owned(),
    };
    tickets
        .map(|ticket| CaseEvent::TicketAnswered {
            ticket_no: ticket.ticket_no,
            answer: answer.clone(),
        })
        .collect()
}

/// A ticket for every refund that has not arrived and has none yet; then the next look.
pub(super) fn not_arrived(matter: Matter<'_>, ask: &Ask<'_>) -> Vec<CaseEvent> {
    let late = matter.case.refunds.iter().filter(|refund| !refund.state.is_done());
    let late = late.filter(|refund| !has_open(matter, &refund.refund_no));
    let first_no = next_no(matter);
    let room = TICKETS_MAX.saturating_sub(matter.case.tickets.len());
    let mut events: Vec<CaseEvent> = (first_no..)
        .zip(late.take(room))
        .map(|(ticket_no, refund)| CaseEvent::TicketOpened {
            ticket_no,
            refund_no: refund.refund_no.clone(),
        })
        .collect();
    events.push(CaseEvent::WatchSet { deadline: Some(refunding::watch_from(ask.at, ask)) });
    events
}

pub(super) fn has_open(matter: Matter<'_>, refund_no: &RefundNo) -> bool {
    let mut tickets = matter.case.tickets.iter();
    tickets.any(|ticket| ticket.refund_no == *refund_no && ticket.closed_at.is_none())
}

fn next_no(matter: Matter<'_>) -> u32 {
    u32::try_from(matter.case.tickets.len()).unwrap_or(u32::MAX).saturating_add(1)
}
