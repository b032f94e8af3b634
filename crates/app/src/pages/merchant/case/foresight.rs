//! What will happen, said before the click: how much, which way, what it costs, whether goods
//! come back, whether a second person is needed, what the buyer will read, and what happens by
//! when if nobody does anything. All of it comes from the decision itself, taken on trial.

use super::dossier::Dossier;
use crate::pages::{
    page::{Page, name_of},
    parts::history::told,
};
use domain::{
    actor::Side,
    application::CaseType,
    case::{Deadline, Goods, Inspection, Offer, Otherwise, ProposedDecision, Route, Terms},
    event::CaseEvent,
    facts::Facts,
    moment::Moment,
    money::Money,
    policy::money,
    refund::{Path, Refund},
    working::Rules,
};
use engine::desk::Foreseen;

/// What will happen.
#[derive(Clone, Debug, Default)]
pub struct Ahead {
    /// Line by line.
    pub lines: Vec<Line>,
    /// What the buyer will read: title and words.
    pub reads: Vec<(String, String)>,
    /// How much the button says.
    pub amount: Option<String>,
    /// Whether a colleague must confirm it first.
    pub needs_second_person: bool,
}

/// One line.
#[derive(Clone, Debug)]
pub struct Line {
    /// What it is about: `amount`, `way`, `fee`, `goods`, `second`, `then`.
    pub about: &'static str,
    /// In a word.
    pub label: String,
    /// In a sentence.
    pub text: String,
}

/// Tells what was foreseen.
#[must_use]
pub fn tell(foreseen: &Foreseen, dossier: &Dossier, p: &Page) -> Ahead {
    let mut ahead = Ahead::default();
    let mut line = |about, text| {
        let label = p.t(&format!("mcase-ahead-{about}"));
        ahead.lines.push(Line { about, label, text });
    };
    let proposed = foreseen.events.iter().find_map(proposal);
    if proposed.is_some() {
        let limit = dossier.shop.settings.approval_limit.map(money).unwrap_or_default();
        line("second", p.t1("mcase-ahead-second-text", "limit", limit));
    }
    let terms = terms(foreseen, dossier);
    if let Some((terms, when)) = &terms {
        line("amount", amount(terms, *when, dossier, p));
        for refund in &foreseen.refunds {
            line("way", way(refund, &dossier.facts, p));
        }
        line("fee", fee(terms.amount, dossier, p));
        line("goods", p.t(goods(terms, dossier)));
    } else if !foreseen.refunds.is_empty() {
        for refund in &foreseen.refunds {
            line("way", way(refund, &dossier.facts, p));
        }
    }
    for deadline in foreseen.events.iter().filter_map(deadline) {
        line("then", then(&deadline, p));
    }
    ahead.needs_second_person = proposed.is_some();
    ahead.amount = terms.map(|(terms, _)| money(terms.amount));
    ahead.reads = reads(&foreseen.events, proposed.as_ref(), p);
    ahead
}

/// When the money goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    Now,
    Confirmed,
    Returned,
    Accepted,
    Swapped,
}

/// The terms that the events carry, and when money goes on them.
fn terms(foreseen: &Foreseen, dossier: &Dossier) -> Option<(Terms, When)> {
    let case = &dossier.case;
    let swaps = case.application.case_type == CaseType::Exchange;
    let when = |terms: &Terms| {
        let returns = terms.goods == Goods::Return && case.returned.is_none();
        match (returns, swaps) {
            (true, true) => When::Swapped,
            (true, false) => When::Returned,
            (false, _) => When::Now,
        }
    };
    foreseen.events.iter().rev().find_map(|event| {
        if let CaseEvent::OfferMade { offer, .. } = event {
            return Some((offer.terms.clone(), When::Accepted));
        }
        if let CaseEvent::Approved { terms, .. } = event {
            return Some((terms.clone(), when(terms)));
        }
        if let CaseEvent::DecisionProposed { decision } = event {
            return proposed_terms(decision, dossier).map(|terms| (terms, When::Confirmed));
        }
        if let CaseEvent::RefundOrdered { allocation, .. } = event {
            let amount = allocation.total().ok()?;
            let route = case.approved.as_ref().map_or(Route::Original, |terms| terms.route);
            return Some((Terms { amount, route, goods: Goods::Keep }, When::Now));
        }
        None
    })
}

fn proposed_terms(decision: &ProposedDecision, dossier: &Dossier) -> Option<Terms> {
    match decision {
        ProposedDecision::Approve { terms, .. } | ProposedDecision::Offer { terms, .. } => {
            Some(terms.clone())
        }
        ProposedDecision::Inspect { result, .. } => {
            let agreed = dossier.case.approved.clone()?;
            match result {
                Inspection::Accepted => Some(agreed),
                Inspection::AcceptedInPart { amount } => Some(Terms { amount: *amount, ..agreed }),
                Inspection::Refused => None,
            }
        }
    }
}

fn amount(terms: &Terms, when: When, dossier: &Dossier, p: &Page) -> String {
    let key = match when {
        When::Now => "mcase-ahead-amount-now",
        When::Confirmed => "mcase-ahead-amount-confirmed",
        When::Returned => "mcase-ahead-amount-returned",
        When::Accepted => "mcase-ahead-amount-accepted",
        When::Swapped => return p.t("mcase-ahead-amount-swapped"),
    };
    let said = p.t1(key, "amount", money(terms.amount));
    let entitled = dossier.case.working.entitled;
    let compared = if terms.amount.exceeds(entitled) {
        terms.amount.minus(entitled).ok().map(|more| ("mcase-ahead-more", more))
    } else if entitled.exceeds(terms.amount) {
        entitled.minus(terms.amount).ok().map(|less| ("mcase-ahead-less", less))
    } else {
        None
    };
    match compared {
        Some((key, difference)) => {
            format!("{said} {}", p.t1(key, "amount", money(difference)))
        }
        None => said,
    }
}

/// `¥30.00 原路返回 · 零钱 · 4200…0001`.
fn way(refund: &Refund, facts: &Facts, p: &Page) -> String {
    let amount = money(refund.amount);
    let tender = refund.path.transaction().and_then(|id| facts.tender(id));
    let account = tender.map(|tender| p.texts.word_of("account", &name_of(&tender.account)));
    let account = account.unwrap_or_default();
    let key = match refund.path {
        Path::Original(_) => "mcase-ahead-way-original",
        Path::ThirdParty(_) => "mcase-ahead-way-third-party",
        Path::Designated => return p.t1("mcase-ahead-way-designated", "amount", amount),
    };
    p.t2(key, &("amount", amount), &("account", account))
}

fn fee(amount: Money, dossier: &Dossier, p: &Page) -> String {
    let rules = Rules { fault: dossier.case.fault, money: &dossier.policy.money };
    match rules.fee(amount) {
        Ok(Some(fee)) => p.t1("mcase-ahead-fee-text", "fee", money(fee)),
        Ok(None) | Err(_) => p.t("mcase-ahead-fee-none"),
    }
}

fn goods(terms: &Terms, dossier: &Dossier) -> &'static str {
    match terms.goods {
        Goods::Return if dossier.case.returned.is_none() => "mcase-ahead-goods-return",
        Goods::Return => "mcase-ahead-goods-back",
        Goods::Keep if dossier.case.returned.is_some() => "mcase-ahead-goods-back",
        Goods::Keep => "mcase-ahead-goods-keep",
    }
}

fn then(deadline: &Deadline, p: &Page) -> String {
    let facts = [
        ("side", p.word_of_side(&deadline.waits_for)),
        ("time", p.time(&deadline.due_at)),
        ("then", p.otherwise(&deadline.otherwise)),
    ];
    let system = deadline.waits_for == Side::System;
    let key = if system { "mcase-ahead-then-system" } else { "mcase-ahead-then-text" };
    p.texts.told(key, &facts.map(|(name, value)| (name.to_owned(), value)))
}

fn deadline(event: &CaseEvent) -> Option<Deadline> {
    if let CaseEvent::Approved { deadline, .. }
    | CaseEvent::ReturnInspected { deadline, .. }
    | CaseEvent::WatchSet { deadline } = event
    {
        return *deadline;
    }
    if let CaseEvent::Rejected { deadline, .. }
    | CaseEvent::EvidenceRequested { deadline, .. }
    | CaseEvent::ReplacementSent { deadline, .. }
    | CaseEvent::Escalated { deadline, .. } = event
    {
        return Some(*deadline);
    }
    if let CaseEvent::OfferMade { offer, deadline } = event
        && !offer.after_inspection
    {
        return Some(*deadline);
    }
    None
}

fn proposal(event: &CaseEvent) -> Option<ProposedDecision> {
    if let CaseEvent::DecisionProposed { decision } = event { Some(decision.clone()) } else { None }
}

/// What the buyer will find in the history: now, or once a colleague has confirmed it.
fn reads(
    events: &[CaseEvent],
    proposed: Option<&ProposedDecision>,
    p: &Page,
) -> Vec<(String, String)> {
    if let Some(decision) = proposed {
        return vec![told(&confirmed(decision, p.now), p.texts)];
    }
    let open = events.iter().filter(|event| event.is_open_to_all());
    let said = open.filter(|event| !matches!(event, CaseEvent::WatchSet { .. }));
    said.map(|event| told(event, p.texts)).collect()
}

/// What a proposal becomes when it is confirmed, as far as it is read.
fn confirmed(decision: &ProposedDecision, now: Moment) -> CaseEvent {
    match decision {
        ProposedDecision::Approve { terms, note } => {
            CaseEvent::Approved { terms: terms.clone(), note: note.clone(), deadline: None }
        }
        ProposedDecision::Offer { terms, note } => {
            let (terms, note) = (terms.clone(), note.clone());
            let offer = Offer { terms, note, after_inspection: false };
            let (waits_for, otherwise) = (Side::Buyer, Otherwise::LapseOffer);
            // Only the words are read; the time begins to run with the confirmation.
            CaseEvent::OfferMade { offer, deadline: Deadline { due_at: now, waits_for, otherwise } }
        }
        ProposedDecision::Inspect { result, note } => CaseEvent::ReturnInspected {
            result: result.clone(),
            note: note.clone(),
            deadline: None,
        },
    }
}
