//! How far a case has come, in steps that a buyer knows.

use crate::pages::text::Texts;
use domain::{
    application::CaseType,
    case::{Case, Goods, Outcome, Stage},
};

/// One step.
pub struct Step {
    /// What it is called.
    pub label: String,
    /// `done`, `now`, `todo`, or `stopped` where it went no further.
    pub state: &'static str,
}

/// The steps of a case.
#[must_use]
pub fn steps(case: &Case, texts: Texts) -> Vec<Step> {
    let names = names(case);
    let at = names.iter().position(|name| *name == present(case)).unwrap_or(0);
    let well = matches!(case.outcome, Some(Outcome::Refunded | Outcome::Exchanged));
    let state = |n: usize| match n {
        _ if well => "done",
        n if n < at => "done",
        n if n == at && !case.is_open() => "stopped",
        n if n == at => "now",
        _ => "todo",
    };
    let label = |name| texts.t(&format!("bcase-step-{name}"));
    names.iter().enumerate().map(|(n, name)| Step { label: label(name), state: state(n) }).collect()
}

fn names(case: &Case) -> Vec<&'static str> {
    let mut names = vec!["applied", "decided"];
    let exchange = case.application.case_type == CaseType::Exchange;
    if goes_back(case) {
        names.extend(["returned", "inspected"]);
    }
    if case.dispute.is_some() {
        names.push("platform");
    }
    let money = !exchange || case.stage == Stage::Refunding || !case.refunds.is_empty();
    names.push(if money { "money" } else { "replaced" });
    names
}

fn goes_back(case: &Case) -> bool {
    let agreed = case.approved.as_ref().map(|terms| terms.goods == Goods::Return);
    case.returned.is_some() || agreed.unwrap_or(case.application.case_type.returns_goods())
}

/// The step at which a case stands.
fn present(case: &Case) -> &'static str {
    match case.stage {
        Stage::UnderReview | Stage::AwaitingEvidence => "decided",
        Stage::Offered | Stage::Rejected if case.returned.is_some() => "inspected",
        Stage::Offered | Stage::Rejected => "decided",
        Stage::AwaitingReturn => "returned",
        Stage::ReturnInTransit | Stage::Inspecting => "inspected",
        Stage::AwaitingReplacement | Stage::ReplacementInTransit => "replaced",
        Stage::Disputed => "platform",
        Stage::Refunding => "money",
        Stage::Closed => ended(case),
    }
}

fn ended(case: &Case) -> &'static str {
    match case.outcome {
        Some(Outcome::Refunded) => "money",
        Some(Outcome::Exchanged) => "replaced",
        Some(Outcome::RuledForMerchant) => "platform",
        Some(Outcome::NotReturned) => "returned",
        Some(Outcome::Rejected) if case.returned.is_some() => "inspected",
        Some(Outcome::Rejected | Outcome::Withdrawn) | None => "decided",
    }
}
