//! May this happen? An order, a command and what is known, to events or a refusal. Pure and
//! total: the same three give the same answer, whenever and wherever they are put.

mod application;
mod decision;
mod dispute;
mod expire;
mod goods;
mod payout;
mod record_order;
mod refund_news;
mod refunding;
mod ticket;
mod words;

pub use application::{Assessment, assess, check_sizes};
pub use refunding::{split, ways};

use crate::{
    actor::{Actor, Side},
    allowed::is_allowed,
    application::{FILES_MAX, TEXT_BYTES_MAX},
    ask::Ask,
    case::{Case, Deadline, Otherwise},
    command::{Act, Command},
    event::{CaseEvent, Event},
    facts::Facts,
    id::{CaseId, FileId},
    moment::Span,
    order::{Order, RECORDS_MAX},
    refusal::Refusal,
};

/// Decides a command.
///
/// # Errors
/// The [`Refusal`] that says which rule says no.
pub fn decide(order: &Order, command: &Command, ask: &Ask<'_>) -> Result<Vec<Event>, Refusal> {
    if order.version >= RECORDS_MAX && ask.by.side() != Side::System {
        return Err(Refusal::OrderFull);
    }
    match command {
        Command::RecordOrder(facts) => record_order::decide(order, facts, ask),
        Command::Open(filing) => application::open(order, filing, ask),
        Command::Case { case_id, act } => on_case(order, *case_id, act, ask),
    }
}

/// A case in its order: what every decision about a case starts from.
#[derive(Clone, Copy)]
struct Matter<'a> {
    order: &'a Order,
    facts: &'a Facts,
    case: &'a Case,
}

fn on_case(
    order: &Order,
    case_id: CaseId,
    act: &Act,
    ask: &Ask<'_>,
) -> Result<Vec<Event>, Refusal> {
    let facts = order.facts.as_ref().ok_or(Refusal::NoSuchOrder)?;
    let case = order.case(case_id).ok_or(Refusal::NoSuchCase)?;
    if let Actor::Buyer(buyer_id) = ask.by
        && *buyer_id != facts.buyer_id
    {
        return Err(Refusal::NotYours);
    }
    if let Some(action) = act.action()
        && !is_allowed(case, ask.by, action)
    {
        return Err(Refusal::NotNow { action, stage: case.stage });
    }
    let events = act_on(Matter { order, facts, case }, act, ask)?;
    Ok(events.into_iter().map(|what| Event::Case { case_id, what }).collect())
}

fn act_on(matter: Matter<'_>, act: &Act, ask: &Ask<'_>) -> Result<Vec<CaseEvent>, Refusal> {
    match act {
        Act::Amend(filing) => application::amend(matter, filing, ask),
        Act::Withdraw => Ok(vec![CaseEvent::Withdrawn]),
        Act::AddEvidence { files, note } => words::add_evidence(matter, files, note, ask),
        Act::RequestEvidence { text } => words::request_evidence(matter, text, ask),
        Act::PostMessage { text, files, audience } => {
            words::post(matter, (text, files), *audience, ask)
        }
        Act::Approve { terms, note } => decision::approve(matter, terms.as_ref(), note, ask),
        Act::Offer { terms, note } => decision::offer(matter, terms, note, ask),
        Act::AcceptOffer => decision::accept_offer(matter, ask),
        Act::DeclineOffer { note } => decision::decline_offer(matter, note, ask),
        Act::ConfirmProposal => decision::confirm(matter, ask),
        Act::DeclineProposal { note } => decision::decline_proposal(note),
        Act::Reject { reason } => decision::reject(matter, reason, ask),
        Act::ShipReturn { carrier, waybill } => goods::ship(matter, carrier, waybill, ask),
        Act::Receive => Ok(vec![CaseEvent::ReturnReceived]),
        Act::Inspect { result, note } => goods::inspect(matter, result, note, ask),
        Act::SendReplacement { carrier, waybill } => goods::replace(carrier, waybill, ask),
        Act::ConfirmReplacement => {
            Ok(vec![CaseEvent::Closed { outcome: crate::case::Outcome::Exchanged }])
        }
        Act::Escalate { reason } => dispute::escalate(reason, ask),
        Act::Rule { terms, reason } => dispute::rule(matter, terms.as_ref(), reason, ask),
        Act::OpenTicket { refund_no } => ticket::open(matter, refund_no),
        Act::CloseTicket { ticket_no } => ticket::close(matter, *ticket_no),
        Act::ReplaceRefund { refund_no, route } => payout::replace(matter, refund_no, *route, ask),
        Act::NameCard { refund_no, account_masked, sealed } => {
            payout::name_card(matter, refund_no, account_masked, sealed)
        }
        Act::NameAccount { refund_no, account_masked } => {
            payout::name_account(matter, refund_no, account_masked)
        }
        Act::ApprovePayout { refund_no } => payout::approve(matter, refund_no, ask),
        Act::MarkPaid { refund_no, voucher } => payout::mark_paid(matter, refund_no, voucher),
        Act::Mark { marks } => words::mark(matter, marks),
        Act::Expire => expire::decide(matter, ask),
        Act::RecordRefund { refund_no, news } => refund_news::record(matter, refund_no, news, ask),
        Act::RecordAnswer { refund_no, trade_state, refund_status } => {
            Ok(ticket::answer(matter, refund_no, (trade_state, refund_status), ask))
        }
    }
}

/// A deadline so long from now.
fn due(ask: &Ask<'_>, span: Span, waits_for: Side, otherwise: Otherwise) -> Deadline {
    Deadline { due_at: ask.at.after(span), waits_for, otherwise }
}

/// The merchant decides, or the system approves (B4).
fn merchant_decides(ask: &Ask<'_>) -> Deadline {
    due(ask, ask.policy.deadlines.merchant_decides, Side::Merchant, Otherwise::Approve)
}

fn check_text(text: &str) -> Result<(), Refusal> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(Refusal::TextTooLong { bytes_max: TEXT_BYTES_MAX });
    }
    Ok(())
}

fn check_reason(text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::ReasonMissing);
    }
    check_text(text)
}

fn check_files(files: &[FileId]) -> Result<(), Refusal> {
    if files.len() > FILES_MAX {
        return Err(Refusal::TooMany { what: "files", max: 20 });
    }
    Ok(())
}
