//! Goods on their way: the buyer sends them back, the merchant inspects them, other goods go out.

use super::{Matter, check_reason, check_text, decision, due};
use crate::{
    actor::Side,
    application::CaseType,
    ask::Ask,
    case::{Deadline, Goods, Inspection, Offer, Otherwise, ProposedDecision, Terms},
    event::CaseEvent,
    refusal::Refusal,
};

/// The buyer sends the goods back, or the case closes.
pub(super) fn buyer_ships(ask: &Ask<'_>) -> Deadline {
    due(ask, ask.policy.deadlines.buyer_ships, Side::Buyer, Otherwise::CloseUnreturned)
}

/// A return counts as sent only with full tracking: a carrier and a plausible number (F9). A
/// corrected number does not give the merchant more time.
pub(super) fn ship(
    matter: Matter<'_>,
    carrier: &str,
    waybill: &str,
    ask: &Ask<'_>,
) -> Result<Vec<CaseEvent>, Refusal> {
    check_tracking(carrier, waybill)?;
    let span = ask.policy.deadlines.merchant_receives;
    let first = matter.case.returned.as_ref().and(matter.case.deadline);
    let deadline = first.unwrap_or(due(ask, span, Side::Merchant, Otherwise::RefundReturn));
    let (carrier, waybill) = (carrier.trim().to_owned(), waybill.trim().to_owned());
    Ok(vec![CaseEvent::ReturnShipped { carrier, waybill, deadline }])
}

/// Numbers of Chinese carriers have 8 to 32 letters and digits.
fn check_tracking(carrier: &str, waybill: &str) -> Result<(), Refusal> {
    let carrier = carrier.trim();
    let waybill = waybill.trim();
    let plausible = (8..=32).contains(&waybill.len())
        && waybill.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && waybill.bytes().any(|byte| byte.is_ascii_digit());
    if carrier.is_empty() || carrier.len() > 100 || !plausible {
        return Err(Refusal::TrackingMissing);
    }
    Ok(())
}

pub(super) fn inspect(
    matter: Matter<'_>,
    result: &Inspection,
    note: &str,
    ask: &Ask<'_>,
) -> Result<Vec<CaseEvent>, Refusal> {
    let amount = match result {
        Inspection::Accepted => {
            check_text(note)?;
            agreed(matter, ask)?.amount
        }
        Inspection::AcceptedInPart { amount } => {
            check_reason(note)?;
            *amount
        }
        Inspection::Refused => {
            check_reason(note)?;
            return settle(matter, result, note, ask);
        }
    };
    let decision = ProposedDecision::Inspect { result: result.clone(), note: note.to_owned() };
    let moves_no_money =
        *result == Inspection::Accepted && matter.case.application.case_type == CaseType::Exchange;
    let proposed = decision::propose_inspection(amount, decision, ask);
    match proposed {
        Some(proposed) if !moves_no_money => Ok(vec![proposed]),
        Some(_) | None => settle(matter, result, note, ask),
    }
}

/// Carries out what the inspection found.
pub(super) fn settle(
    matter: Matter<'_>,
    result: &Inspection,
    note: &str,
    ask: &Ask<'_>,
) -> Result<Vec<CaseEvent>, Refusal> {
    let inspected = |deadline| CaseEvent::ReturnInspected {
        result: result.clone(),
        note: note.to_owned(),
        deadline,
    };
    match result {
        Inspection::Accepted if matter.case.application.case_type == CaseType::Exchange => {
            let span = ask.policy.deadlines.merchant_replaces;
            let deadline = due(ask, span, Side::Merchant, Otherwise::RefundInstead);
            Ok(vec![inspected(Some(deadline))])
        }
        Inspection::Accepted => {
            let terms = agreed(matter, ask)?;
            let mut events = vec![inspected(None)];
            events.extend(decision::order_money(matter, &terms, ask)?);
            Ok(events)
        }
        Inspection::AcceptedInPart { amount } => {
            let terms = Terms { amount: *amount, goods: Goods::Keep, ..agreed(matter, ask)? };
            decision::check_terms(matter, &terms, ask)?;
            let span = ask.policy.deadlines.buyer_answers;
            let deadline = due(ask, span, Side::Buyer, Otherwise::CarryOutOffer);
            let offer = Offer { terms, note: note.to_owned(), after_inspection: true };
            Ok(vec![inspected(Some(deadline)), CaseEvent::OfferMade { offer, deadline }])
        }
        Inspection::Refused => {
            let span = ask.policy.deadlines.buyer_escalates;
            let deadline = due(ask, span, Side::Buyer, Otherwise::CloseRejected);
            Ok(vec![inspected(Some(deadline))])
        }
    }
}

/// The terms on which the goods came back, with what other cases have left of them: a delivery
/// fee that went back meanwhile is not paid twice (S2). What was promised beyond the entitlement
/// stays promised.
pub(super) fn agreed(matter: Matter<'_>, ask: &Ask<'_>) -> Result<Terms, Refusal> {
    let Some(terms) = matter.case.approved.clone() else {
        return decision::usual_terms(matter, ask);
    };
    let beyond = terms.amount.minus_at_most(matter.case.working.entitled)?;
    let due = decision::entitled_now(matter, ask)?.plus(beyond)?;
    Ok(Terms { amount: terms.amount.at_most(due)?, ..terms })
}

pub(super) fn replace(
    carrier: &str,
    waybill: &str,
    ask: &Ask<'_>,
) -> Result<Vec<CaseEvent>, Refusal> {
    check_tracking(carrier, waybill)?;
    let span = ask.policy.deadlines.buyer_confirms;
    let deadline = due(ask, span, Side::Buyer, Otherwise::CloseExchanged);
    let (carrier, waybill) = (carrier.trim().to_owned(), waybill.trim().to_owned());
    Ok(vec![CaseEvent::ReplacementSent { carrier, waybill, deadline }])
}
