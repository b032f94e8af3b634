//! What happens now, in one sentence; who must act until when; what happens at zero.

use super::word;
use crate::pages::text::Texts;
use domain::{
    actor::Side,
    allowed::{may_take_account, may_take_card},
    application::CaseType,
    case::{Case, Deadline, Inspection, Otherwise, Outcome, Stage},
    money::Money,
    policy::money,
    refund::State,
};

/// What happens now.
pub struct Now {
    /// In one sentence.
    pub title: String,
    /// What it means.
    pub text: String,
    /// `act` if it is the buyer's turn, `wait`, `good`, `bad`.
    pub tone: &'static str,
    /// Who must act, in words; absent where nobody must.
    pub who: Option<String>,
    /// Until when.
    pub deadline: Option<Deadline>,
    /// What happens at zero.
    pub then: String,
}

/// What happens now with a case.
#[must_use]
pub fn now(case: &Case, texts: Texts) -> Now {
    let key = key(case);
    let amount = money(still_to_come(case));
    let told = |key: String| texts.t1(&key, "amount", &amount);
    let swaps = case.application.case_type == CaseType::Exchange;
    let swap = swaps && matches!(key, "return" | "transit" | "inspecting");
    let text = if swap { format!("{key}-exchange") } else { key.to_owned() };
    let deadline = case.deadline.filter(|_| case.is_open());
    Now {
        title: told(format!("bcase-now-{key}")),
        text: told(format!("bcase-now-{text}-text")),
        tone: tone(case, key),
        who: deadline.map(|deadline| word(texts, "bcase-who", &deadline.waits_for)),
        then: deadline.map(|deadline| then(case, deadline.otherwise, texts)).unwrap_or_default(),
        deadline,
    }
}

/// What the buyer still waits for: of several refunds those that have not arrived.
fn still_to_come(case: &Case) -> Money {
    let all = case.at_stake();
    if case.stage != Stage::Refunding {
        return all;
    }
    let under_way = case.refunds.iter().filter(|refund| !refund.state.is_done());
    let left = Money::sum(all.currency(), under_way.map(|refund| refund.amount));
    left.ok().filter(|left| !left.is_zero()).unwrap_or(all)
}

fn tone(case: &Case, key: &str) -> &'static str {
    let turn = case.deadline.is_some_and(|deadline| deadline.waits_for == Side::Buyer);
    match case.outcome {
        Some(Outcome::Refunded | Outcome::Exchanged) => "good",
        Some(Outcome::Rejected | Outcome::RuledForMerchant | Outcome::NotReturned) => "bad",
        Some(Outcome::Withdrawn) => "wait",
        None if turn || matches!(key, "card" | "account") => "act",
        None => "wait",
    }
}

/// Which sentence it is.
fn key(case: &Case) -> &'static str {
    match case.stage {
        Stage::UnderReview => "review",
        Stage::AwaitingEvidence => "evidence",
        Stage::Offered if case.offer.as_ref().is_some_and(|offer| offer.after_inspection) => {
            "offer-inspected"
        }
        Stage::Offered => "offer",
        Stage::AwaitingReturn => "return",
        Stage::ReturnInTransit => "transit",
        Stage::Inspecting => "inspecting",
        Stage::AwaitingReplacement => "replace",
        Stage::ReplacementInTransit => "replaced",
        Stage::Rejected if case.inspection == Some(Inspection::Refused) => "goods-refused",
        Stage::Rejected => "rejected",
        Stage::Disputed => "disputed",
        Stage::Refunding => refunding(case),
        Stage::Closed => closed(case),
    }
}

/// Of several refunds the one that needs somebody most is told of.
fn refunding(case: &Case) -> &'static str {
    let any = |which: &dyn Fn(State) -> bool| case.refunds.iter().any(|r| which(r.state));
    let nameless = case
        .refunds
        .iter()
        .any(|refund| may_take_account(refund) && refund.account_masked.is_none());
    if case.refunds.iter().any(may_take_card) {
        "card"
    } else if nameless {
        "account"
    } else if any(&|state| matches!(state, State::Declined | State::ClosedByChannel)) {
        "again"
    } else if any(&|state| state == State::Waiting) {
        "shop"
    } else if any(&|state| matches!(state, State::AwaitingApproval | State::Approved)) {
        "payout"
    } else if any(&|state| state == State::Uncertain) {
        "checking"
    } else {
        "money"
    }
}

fn closed(case: &Case) -> &'static str {
    match case.outcome {
        Some(Outcome::Refunded) => "closed-refunded",
        Some(Outcome::Exchanged) => "closed-exchanged",
        Some(Outcome::Rejected) => "closed-rejected",
        Some(Outcome::RuledForMerchant) => "closed-ruled",
        Some(Outcome::NotReturned) => "closed-not-returned",
        Some(Outcome::Withdrawn) | None => "closed-withdrawn",
    }
}

/// What happens at zero, as it concerns the buyer.
fn then(case: &Case, otherwise: Otherwise, texts: Texts) -> String {
    let amount = money(still_to_come(case));
    if otherwise == Otherwise::Approve && case.goods_are_out() {
        return texts.t("bcase-then-approve-return");
    }
    let name = crate::pages::page::name_of(&otherwise).replace('_', "-");
    texts.t1(&format!("bcase-then-{name}"), "amount", amount)
}
