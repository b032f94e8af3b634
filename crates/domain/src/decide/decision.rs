//! The merchant decides: approve, offer, reject; the buyer answers; a second person confirms.

use super::{Matter, check_reason, check_text, dispute, due, goods, merchant_decides, refunding};
use crate::{
    actor::Side,
    ask::Ask,
    case::{Goods, Offer, Otherwise, ProposedDecision, Route, Terms},
    event::CaseEvent,
    money::{Money, MoneyError},
    refusal::Refusal,
    working::{Rules, entitle},
};

/// All that is due, the original route, goods first where the type says so.
pub(super) fn usual_terms(matter: Matter<'_>, ask: &Ask<'_>) -> Result<Terms, Refusal> {
    let goods = if matter.case.goods_are_out() { Goods::Return } else { Goods::Keep };
    Ok(Terms { amount: due_now(matter, ask)?, route: Route::Original, goods })
}

/// What is due now: never more than was asked, nor than the order still gives after other cases.
fn due_now(matter: Matter<'_>, ask: &Ask<'_>) -> Result<Money, Refusal> {
    Ok(matter.case.asked().at_most(entitled_now(matter, ask)?)?)
}

/// What the application is entitled to after what other cases have taken.
pub(super) fn entitled_now(matter: Matter<'_>, ask: &Ask<'_>) -> Result<Money, Refusal> {
    let rules = Rules { fault: matter.case.fault, money: &ask.policy.money };
    let taken = matter.order.taken(matter.facts)?;
    Ok(entitle(matter.facts, &taken, &matter.case.application, rules)?.entitled)
}

pub(super) fn approve(
    matter: Matter<'_>,
    terms: Option<&Terms>,
    note: &str,
    ask: &Ask<'_>,
) -> Result<Vec<CaseEvent>, Refusal> {
    check_text(note)?;
    let terms = terms.cloned().map_or_else(|| usual_terms(matter, ask), Ok)?;
    check_terms(matter, &terms, ask)?;
    let sends_back =
        terms.goods == Goods::Return && !matter.case.application.case_type.returns_goods();
    if terms.route == Route::Designated || sends_back {
        return Err(Refusal::TermsNeedAgreement);
    }
    if needs_second_person(terms.amount, ask) {
        let decision = ProposedDecision::Approve { terms, note: note.to_owned() };
        return Ok(vec![CaseEvent::DecisionProposed { decision }]);
    }
    carry_out(matter, terms, note, ask)
}

/// Approves without further questions: goods first, or money at once.
pub(super) fn carry_out(
    matter: Matter<'_>,
    terms: Terms,
    note: &str,
    ask: &Ask<'_>,
) -> Result<Vec<CaseEvent>, Refusal> {
    check_terms(matter, &terms, ask)?;
    let returns = terms.goods == Goods::Return && matter.case.returned.is_none();
    let deadline = returns.then(|| goods::buyer_ships(ask));
    let mut events =
        vec![CaseEvent::Approved { terms: terms.clone(), note: note.to_owned(), deadline }];
    if !returns {
        events.extend(order_money(matter, &terms, ask)?);
    }
    Ok(events)
}

pub(super) fn order_money(
    matter: Matter<'_>,
    terms: &Terms,
    ask: &Ask<'_>,
) -> Result<Vec<CaseEvent>, Refusal> {
    let Matter { order, facts, case } = matter;
    let wanted = refunding::Wanted {
        case_id: case.case_id,
        application: &case.application,
        fault: case.fault,
    };
    refunding::order(order, facts, &wanted, terms, ask)
}

/// Terms make sense: an amount of the order's currency, something to give unless nothing was
/// paid, inside the caps.
pub(super) fn check_terms(matter: Matter<'_>, terms: &Terms, ask: &Ask<'_>) -> Result<(), Refusal> {
    if terms.amount.currency() != matter.facts.currency {
        return Err(MoneyError::Mixed.into());
    }
    if terms.amount.is_zero() && !matter.case.working.entitled.is_zero() {
        return Err(Refusal::NothingDue);
    }
    let taken = matter.order.taken(matter.facts)?;
    refunding::check_caps(matter.facts, taken.total, terms.amount, ask)
}

/// Above the limit that the shop has set, nobody of the shop decides alone (M1).
fn needs_second_person(amount: Money, ask: &Ask<'_>) -> bool {
    ask.by.side() == Side::Merchant
        && ask.shop.approval_limit.is_some_and(|limit| amount.exceeds(limit))
}

pub(super) fn offer(
    matter: Matter<'_>,
    terms: &Terms,
    note: &str,
    ask: &Ask<'_>,
) -> Result<Vec<CaseEvent>, Refusal> {
    check_reason(note)?;
    check_terms(matter, terms, ask)?;
    let max = ask.policy.limits.offers;
    if matter.case.offers_made >= max {
        return Err(Refusal::TooMany { what: "offers", max });
    }
    if needs_second_person(terms.amount, ask) {
        let decision = ProposedDecision::Offer { terms: terms.clone(), note: note.to_owned() };
        return Ok(vec![CaseEvent::DecisionProposed { decision }]);
    }
    Ok(vec![made(terms.clone(), note, ask)])
}

fn made(terms: Terms, note: &str, ask: &Ask<'_>) -> CaseEvent {
    let offer = Offer { terms, note: note.to_owned(), after_inspection: false };
    let span = ask.policy.deadlines.buyer_answers;
    CaseEvent::OfferMade { offer, deadline: due(ask, span, Side::Buyer, Otherwise::LapseOffer) }
}

pub(super) fn accept_offer(matter: Matter<'_>, ask: &Ask<'_>) -> Result<Vec<CaseEvent>, Refusal> {
    let Some(offer) = &matter.case.offer else { return Err(Refusal::NothingDue) };
    let mut events = vec![CaseEvent::OfferAccepted];
    events.extend(carry_out(matter, offer.terms.clone(), "", ask)?);
    Ok(events)
}

/// After inspection the goods are with the merchant, so the platform decides; before it, the
/// merchant decides again.
pub(super) fn decline_offer(
    matter: Matter<'_>,
    note: &str,
    ask: &Ask<'_>,
) -> Result<Vec<CaseEvent>, Refusal> {
    check_text(note)?;
    let note = note.to_owned();
    if matter.case.offer.as_ref().is_some_and(|offer| offer.after_inspection) {
        let escalated = dispute::by_system("offer_after_inspection_declined", ask);
        return Ok(vec![CaseEvent::OfferDeclined { note, deadline: None }, escalated]);
    }
    Ok(vec![CaseEvent::OfferDeclined { note, deadline: Some(merchant_decides(ask)) }])
}

pub(super) fn confirm(matter: Matter<'_>, ask: &Ask<'_>) -> Result<Vec<CaseEvent>, Refusal> {
    let Some(proposal) = &matter.case.proposal else { return Err(Refusal::NothingDue) };
    if proposal.by.person().is_some() && proposal.by.person() == ask.by.person() {
        return Err(Refusal::SecondPersonMustDiffer);
    }
    match &proposal.decision {
        ProposedDecision::Approve { terms, note } => carry_out(matter, terms.clone(), note, ask),
        ProposedDecision::Offer { terms, note } => {
            check_terms(matter, terms, ask)?;
            Ok(vec![made(terms.clone(), note, ask)])
        }
        ProposedDecision::Inspect { result, note } => goods::settle(matter, result, note, ask),
    }
}

pub(super) fn decline_proposal(note: &str) -> Result<Vec<CaseEvent>, Refusal> {
    check_text(note)?;
    Ok(vec![CaseEvent::ProposalDeclined { note: note.to_owned() }])
}

pub(super) fn propose_inspection(
    amount: Money,
    decision: ProposedDecision,
    ask: &Ask<'_>,
) -> Option<CaseEvent> {
    needs_second_person(amount, ask).then_some(CaseEvent::DecisionProposed { decision })
}

pub(super) fn reject(
    matter: Matter<'_>,
    reason: &str,
    ask: &Ask<'_>,
) -> Result<Vec<CaseEvent>, Refusal> {
    check_reason(reason)?;
    let span = ask.policy.deadlines.buyer_escalates;
    Ok(vec![CaseEvent::Rejected {
        reason: reason.to_owned(),
        against_policy: matter.case.judgement.is_justified(),
        deadline: due(ask, span, Side::Buyer, Otherwise::CloseRejected),
    }])
}
