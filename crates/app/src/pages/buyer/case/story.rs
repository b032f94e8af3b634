//! What was asked and what was said, in the buyer's words, and what comes of each action.

use super::word;
use crate::pages::text::Texts;
use domain::{
    case::{Case, Inspection, Stage},
    facts::Facts,
    moment::Span,
    policy::{Policy, money},
};

/// What the buyer asked for.
pub struct Asked {
    /// The type in a word.
    pub case_type: String,
    /// The reason.
    pub reason: String,
    /// The items with their quantities.
    pub items: Vec<String>,
    /// How much.
    pub amount: String,
    /// What happened, in the buyer's words.
    pub description: String,
}

/// What a case asks for.
#[must_use]
pub fn asked(case: &Case, facts: &Facts, (policy, texts): (&Policy, Texts)) -> Asked {
    let application = &case.application;
    let reason = policy.reason(&application.reason);
    let reason = reason.map(|reason| reason.name(texts.0).to_owned());
    let pieces = application.items.iter().filter_map(|pieces| {
        let item = facts.item(&pieces.item_id)?;
        Some(format!("{} × {}", item.title, pieces.quantity))
    });
    Asked {
        case_type: word(texts, "case-type", &application.case_type),
        reason: reason.unwrap_or_else(|| application.reason.to_string()),
        items: pieces.collect(),
        amount: money(case.asked()),
        description: application.description.clone(),
    }
}

/// What evidence is asked for now.
#[must_use]
pub fn request(case: &Case) -> Option<String> {
    let wanted = matches!(case.stage, Stage::AwaitingEvidence | Stage::Disputed);
    case.evidence_request.clone().filter(|_| wanted)
}

/// Why the merchant refused; shown for as long as the refusal counts.
#[must_use]
pub fn refused(case: &Case) -> Option<String> {
    let stands = case.stage == Stage::Rejected || case.inspection == Some(Inspection::Refused);
    case.remark.clone().filter(|_| stands)
}

/// What the merchant said with another decision (M4).
#[must_use]
pub fn remark(case: &Case) -> Option<String> {
    case.remark.clone().filter(|_| refused(case).is_none())
}

/// What comes of actions, said before the click.
pub struct Says {
    /// Of sending the goods.
    pub ship: String,
    /// Of calling the platform.
    pub escalate: String,
    /// Of asking about money.
    pub ticket: String,
}

/// What comes of actions on a case.
#[must_use]
pub fn says(case: &Case, (policy, texts): (&Policy, Texts)) -> Says {
    let deadlines = &policy.deadlines;
    let ship = if case.returned.is_some() { "bcase-ship-again" } else { "bcase-ship-says" };
    Says {
        ship: texts.t1(ship, "time", spell(deadlines.merchant_receives, texts)),
        escalate: texts.t1("bcase-escalate-says", "days", deadlines.arbiter_working_days),
        ticket: texts.t1("bcase-ticket-says", "time", spell(deadlines.refund_arrives, texts)),
    }
}

/// A span as people say it: days from three on, else hours.
#[must_use]
pub fn spell(span: Span, texts: Texts) -> String {
    let hours = span.ms() / 3_600_000;
    if hours >= 72 && hours % 24 == 0 {
        texts.t1("bcase-days", "n", hours / 24)
    } else {
        texts.t1("bcase-hours", "n", hours)
    }
}
