//! An offer of the merchant: its terms, and what comes of accepting and of declining it.

use super::{story::spell, word};
use crate::pages::text::Texts;
use domain::{
    case::{Case, Goods, Offer, Route, Stage},
    policy::{Policy, money},
};

/// An offer that waits for the buyer.
pub struct Shown {
    /// How much.
    pub amount: String,
    /// How much less than was asked for; absent if it is not less.
    pub less: Option<String>,
    /// Which way.
    pub route: String,
    /// Whether the goods go back.
    pub goods: String,
    /// What the merchant says.
    pub note: String,
    /// What comes of accepting.
    pub accepting: Vec<String>,
    /// What comes of declining.
    pub declining: String,
}

/// The offer that waits, if one does.
#[must_use]
pub fn of_case(case: &Case, (policy, texts): (&Policy, Texts)) -> Option<Shown> {
    let offer = case.offer.as_ref().filter(|_| case.stage == Stage::Offered)?;
    let terms = &offer.terms;
    let less = case.due_to_buyer().minus(terms.amount).ok().filter(|less| !less.is_zero());
    Some(Shown {
        amount: money(terms.amount),
        less: less.map(|less| texts.t1("bcase-offer-less", "amount", money(less))),
        route: word(texts, "route", &terms.route),
        goods: word(texts, "goods", &terms.goods),
        note: offer.note.clone(),
        accepting: accepting(case, offer, (policy, texts)),
        declining: declining(offer, (policy, texts)),
    })
}

fn accepting(case: &Case, offer: &Offer, (policy, texts): (&Policy, Texts)) -> Vec<String> {
    let goods = if offer.after_inspection {
        "bcase-accept-inspected"
    } else if offer.terms.goods == Goods::Return && case.returned.is_none() {
        "bcase-accept-return"
    } else {
        "bcase-accept-keep"
    };
    let days = spell(policy.deadlines.buyer_ships, texts);
    let mut said = vec![texts.t2(goods, ("amount", &money(offer.terms.amount)), ("days", &days))];
    if offer.terms.route == Route::Designated {
        said.push(texts.t("bcase-accept-designated"));
    }
    said.push(texts.t("bcase-accept-binds"));
    said
}

fn declining(offer: &Offer, (policy, texts): (&Policy, Texts)) -> String {
    if offer.after_inspection {
        return texts.t1("bcase-decline-inspected", "days", policy.deadlines.arbiter_working_days);
    }
    texts.t1("bcase-decline", "time", spell(policy.deadlines.merchant_decides, texts))
}
