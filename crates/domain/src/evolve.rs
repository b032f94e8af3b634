//! Event → state. Total: whatever stands in the log can be folded, and folding never decides.

mod refund;

use crate::{
    actor::{Actor, Side},
    case::{
        Audience, Case, Deadline, Dispute, Exhibit, Goods, Inspection, Marks, Message, Otherwise,
        Outcome, Parcel, Proposal, Ruling, Stage, Terms, Ticket,
    },
    event::{CaseEvent, Event, Filed},
    id::{CaseId, FileId, RefundNo},
    order::Order,
    record::Record,
    refund::{Refund, State},
    working::Allocation,
};

/// Folds one record into an order.
pub fn evolve(order: &mut Order, record: &Record) {
    order.version = record.version;
    if let Some(receipt) = &record.receipt {
        match order.receipts.last_mut() {
            Some((last, version)) if last == receipt => *version = record.version,
            _ => order.receipts.push((receipt.clone(), record.version)),
        }
    }
    match &record.event {
        Event::OrderRecorded(facts) => order.facts = Some((**facts).clone()),
        Event::Case { case_id, what: CaseEvent::Opened(filed) } => {
            order.cases.push(open(*case_id, filed, record));
        }
        Event::Case { case_id, what } => {
            let found = order.cases.iter_mut().find(|case| case.case_id == *case_id);
            if let Some(case) = found {
                case.updated_at = record.at;
                apply(case, what, record);
            }
        }
    }
}

/// Folds records into the order they tell of.
pub fn fold<'a>(records: impl IntoIterator<Item = &'a Record>) -> Order {
    records.into_iter().fold(Order::default(), |mut order, record| {
        evolve(&mut order, record);
        order
    })
}

fn open(case_id: CaseId, filed: &Filed, record: &Record) -> Case {
    let mut case = Case {
        case_id,
        opened_at: record.at,
        updated_at: record.at,
        policy_version: filed.policy_version,
        application: filed.application.clone(),
        fault: filed.fault,
        judgement: filed.judgement.clone(),
        working: filed.working.clone(),
        stage: Stage::UnderReview,
        deadline: Some(filed.deadline),
        proposal: None,
        offer: None,
        offered_by: None,
        offers_made: 0,
        evidence_request: None,
        evidence_requests: 0,
        approved: None,
        decided_by: None,
        remark: None,
        returned: None,
        received_at: None,
        inspection: None,
        replacement: None,
        dispute: None,
        ruling: None,
        allocation: None,
        refunds: Vec::new(),
        exhibits: Vec::new(),
        messages: Vec::new(),
        tickets: Vec::new(),
        outcome: None,
        marks: Marks::default(),
    };
    put_on_record(&mut case, &filed.application.evidence, record);
    put_on_record(&mut case, &filed.application.declared.proof_of_no_use, record);
    case
}

fn put_on_record(case: &mut Case, files: &[FileId], record: &Record) {
    for file_id in files {
        if !case.exhibits.iter().any(|exhibit| exhibit.file_id == *file_id) {
            let side = record.by.side();
            case.exhibits.push(Exhibit { file_id: file_id.clone(), side, at: record.at });
        }
    }
}

fn say(case: &mut Case, text: &str, files: &[FileId], record: &Record) {
    if !text.is_empty() || !files.is_empty() {
        case.messages.push(Message {
            side: record.by.side(),
            at: record.at,
            text: text.to_owned(),
            files: files.to_vec(),
            audience: Audience::Everyone,
        });
    }
}

#[expect(clippy::too_many_lines, reason = "a flat list of one shape: event, change")]
fn apply(case: &mut Case, what: &CaseEvent, record: &Record) {
    match what {
        CaseEvent::Opened(_) => {}
        CaseEvent::Amended(filed) => amend(case, filed, record),
        CaseEvent::Withdrawn => close(case, Outcome::Withdrawn),
        CaseEvent::Closed { outcome } => close(case, *outcome),
        CaseEvent::EvidenceRequested { text, deadline } => {
            case.evidence_request = Some(text.clone());
            case.evidence_requests = case.evidence_requests.saturating_add(1);
            case.deadline = Some(*deadline);
            case.proposal = None;
            if case.stage == Stage::UnderReview {
                case.stage = Stage::AwaitingEvidence;
            }
            say(case, text, &[], record);
        }
        CaseEvent::EvidenceAdded { files, note, deadline } => {
            put_on_record(case, files, record);
            say(case, note, files, record);
            if let Some(deadline) = deadline {
                case.deadline = Some(*deadline);
                case.stage = Stage::UnderReview;
            }
        }
        CaseEvent::EvidenceLapsed { deadline } => {
            case.stage = Stage::UnderReview;
            case.deadline = Some(*deadline);
        }
        CaseEvent::MessagePosted { text, files, audience } => case.messages.push(Message {
            side: record.by.side(),
            at: record.at,
            text: text.clone(),
            files: files.clone(),
            audience: *audience,
        }),
        CaseEvent::Marked { marks } => case.marks = marks.clone(),
        CaseEvent::OfferMade { offer, deadline } => {
            case.offer = Some(offer.clone());
            case.offered_by = Some(record.by.clone());
            case.offers_made = case.offers_made.saturating_add(1);
            case.stage = Stage::Offered;
            case.deadline = Some(*deadline);
            case.proposal = None;
            say(case, &offer.note, &[], record);
        }
        CaseEvent::OfferAccepted => {
            let terms = case.offer.as_ref().map(|offer| offer.terms.clone());
            case.approved = terms;
            case.decided_by = case.offered_by.clone();
        }
        CaseEvent::OfferDeclined { note, deadline } => {
            case.stage = Stage::UnderReview;
            case.deadline = *deadline;
            say(case, note, &[], record);
        }
        CaseEvent::OfferLapsed { deadline } => {
            case.stage = Stage::UnderReview;
            case.deadline = Some(*deadline);
        }
        CaseEvent::DecisionProposed { decision } => {
            let (by, at) = (record.by.clone(), record.at);
            case.proposal = Some(Proposal { decision: decision.clone(), by, at });
        }
        CaseEvent::ProposalDeclined { .. } => case.proposal = None,
        CaseEvent::Approved { terms, note, deadline } => {
            case.decided_by = Some(decider(case, record));
            settle_on(case, terms, *deadline);
            case.remark = Some(note.clone()).filter(|note| !note.is_empty());
        }
        CaseEvent::Rejected { reason, deadline, .. } => {
            case.stage = Stage::Rejected;
            case.deadline = Some(*deadline);
            case.remark = Some(reason.clone());
            case.proposal = None;
        }
        CaseEvent::ReturnShipped { carrier, waybill, deadline } => {
            case.returned = Some(parcel(carrier, waybill, record));
            case.stage = Stage::ReturnInTransit;
            case.deadline = Some(*deadline);
        }
        CaseEvent::ReturnReceived => {
            case.received_at = Some(record.at);
            case.stage = Stage::Inspecting;
        }
        CaseEvent::ReturnInspected { result, note, deadline } => {
            case.received_at = case.received_at.or(Some(record.at));
            case.inspection = Some(result.clone());
            case.remark = Some(note.clone()).filter(|note| !note.is_empty());
            case.proposal = None;
            case.decided_by = Some(decider(case, record));
            case.deadline = *deadline;
            let replaces = deadline.is_some_and(|next| next.otherwise == Otherwise::RefundInstead);
            match result {
                Inspection::Accepted if replaces => case.stage = Stage::AwaitingReplacement,
                Inspection::Refused => case.stage = Stage::Rejected,
                Inspection::Accepted | Inspection::AcceptedInPart { .. } => {}
            }
        }
        CaseEvent::ReplacementSent { carrier, waybill, deadline } => {
            case.replacement = Some(parcel(carrier, waybill, record));
            case.stage = Stage::ReplacementInTransit;
            case.deadline = Some(*deadline);
        }
        CaseEvent::RefundOrdered { allocation, refunds } => {
            case.allocation = Some(Allocation::clone(allocation));
            case.refunds.extend(refunds.iter().cloned());
            case.stage = Stage::Refunding;
            case.deadline = None;
            case.proposal = None;
        }
        CaseEvent::RefundReplaced { refund_no, refunds } => {
            change_refund(case, refund_no, |refund| {
                refund::move_to(refund, State::Replaced, record)
            });
            for refund in refunds {
                let mut refund = refund.clone();
                refund::lend_a_hand(&mut refund, record);
                case.refunds.push(refund);
            }
        }
        CaseEvent::RefundMoved { refund_no, step } => {
            change_refund(case, refund_no, |refund| refund::step(refund, step, record));
        }
        CaseEvent::TicketOpened { ticket_no, refund_no } => case.tickets.push(Ticket {
            ticket_no: *ticket_no,
            refund_no: refund_no.clone(),
            opened_by: record.by.side(),
            opened_at: record.at,
            answer: None,
            closed_at: None,
        }),
        CaseEvent::TicketAnswered { ticket_no, answer } => {
            change_ticket(case, *ticket_no, |ticket| ticket.answer = Some(answer.clone()));
        }
        CaseEvent::TicketClosed { ticket_no } => {
            change_ticket(case, *ticket_no, |ticket| ticket.closed_at = Some(record.at));
        }
        CaseEvent::WatchSet { deadline } => case.deadline = *deadline,
        CaseEvent::Escalated { reason, deadline } => {
            let (by, at) = (record.by.side(), record.at);
            case.dispute = Some(Dispute { by, reason: reason.clone(), at, reminders: 0 });
            case.stage = Stage::Disputed;
            case.deadline = Some(*deadline);
            case.proposal = None;
        }
        CaseEvent::DisputeReminded { passed, deadline } => {
            case.deadline = Some(*deadline);
            if let (Some(dispute), Otherwise::RemindArbiter) = (&mut case.dispute, passed) {
                dispute.reminders = dispute.reminders.saturating_add(1);
            }
        }
        CaseEvent::Ruled { terms, reason, deadline } => {
            case.ruling =
                Some(Ruling { terms: terms.clone(), reason: reason.clone(), at: record.at });
            case.decided_by = Some(record.by.clone());
            if let Some(terms) = terms {
                settle_on(case, terms, *deadline);
            }
        }
    }
}

fn amend(case: &mut Case, filed: &Filed, record: &Record) {
    case.application = filed.application.clone();
    case.policy_version = filed.policy_version;
    case.fault = filed.fault;
    case.judgement = filed.judgement.clone();
    case.working = filed.working.clone();
    case.stage = Stage::UnderReview;
    case.deadline = Some(filed.deadline);
    case.proposal = None;
    case.offer = None;
    put_on_record(case, &filed.application.evidence, record);
    put_on_record(case, &filed.application.declared.proof_of_no_use, record);
}

fn close(case: &mut Case, outcome: Outcome) {
    case.stage = Stage::Closed;
    case.outcome = Some(outcome);
    case.deadline = None;
    case.proposal = None;
}

/// Who decided: a buyer who accepts, or a deadline that passes, only carries out what a person
/// decided before (M1).
fn decider(case: &Case, record: &Record) -> Actor {
    let before = case.decided_by.clone();
    match record.by.side() {
        Side::Merchant | Side::Platform => record.by.clone(),
        Side::Buyer | Side::System => before.unwrap_or_else(|| record.by.clone()),
    }
}

/// Terms are settled: the goods go back first, or nothing more is due before the money.
fn settle_on(case: &mut Case, terms: &Terms, deadline: Option<Deadline>) {
    case.approved = Some(terms.clone());
    case.proposal = None;
    case.deadline = deadline;
    if terms.goods == Goods::Return && deadline.is_some() {
        case.stage = Stage::AwaitingReturn;
    }
}

fn parcel(carrier: &str, waybill: &str, record: &Record) -> Parcel {
    Parcel { carrier: carrier.to_owned(), waybill: waybill.to_owned(), sent_at: record.at }
}

fn change_refund(case: &mut Case, refund_no: &RefundNo, change: impl FnOnce(&mut Refund)) {
    let found = case.refunds.iter_mut().find(|refund| refund.refund_no == *refund_no);
    if let Some(refund) = found {
        change(refund);
    }
}

fn change_ticket(case: &mut Case, ticket_no: u32, change: impl FnOnce(&mut Ticket)) {
    let found = case.tickets.iter_mut().find(|ticket| ticket.ticket_no == ticket_no);
    if let Some(ticket) = found {
        change(ticket);
    }
}

/// Who must act next, whether or not a deadline says so.
#[must_use]
pub fn waits_for(case: &Case) -> Option<Side> {
    if let Some(deadline) = &case.deadline
        && case.stage != Stage::Refunding
    {
        return Some(deadline.waits_for);
    }
    match case.stage {
        Stage::Closed => None,
        Stage::Refunding if case.refunds.iter().any(|refund| refund.state.has_failed()) => {
            Some(Side::Merchant)
        }
        Stage::Refunding
            if case.refunds.iter().any(|refund| {
                matches!(refund.state, State::AwaitingApproval | State::Approved)
            }) =>
        {
            let platform = case.refunds.iter().any(crate::allowed::waits_for_platform);
            Some(if platform { Side::Platform } else { Side::Merchant })
        }
        Stage::Refunding => Some(Side::System),
        Stage::UnderReview
        | Stage::ReturnInTransit
        | Stage::Inspecting
        | Stage::AwaitingReplacement => Some(Side::Merchant),
        Stage::AwaitingEvidence
        | Stage::Offered
        | Stage::AwaitingReturn
        | Stage::ReplacementInTransit
        | Stage::Rejected => Some(Side::Buyer),
        Stage::Disputed => Some(Side::Platform),
    }
}
