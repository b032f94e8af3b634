//! A buyer's case, without script: what happens now, each action at its stage, and nobody else's.

mod acts;
mod help;
mod money;
mod policy;
mod stale;

use super::visitor::{Shown, Visitor};
use crate::{
    money::{asked_for, case_of},
    world::World,
};
use reqwest::StatusCode;

/// The buyer and an undecided case of ¥59.00 on an order of two pieces.
pub async fn buyer_with_case(world: &World) -> (Visitor, String) {
    let case_id = case_of(world, "oB1", "3700001", 5_900).await;
    (Visitor::buyer(world, "oB1").await, case_id)
}

/// The page of a case; it must be there.
pub async fn look(buyer: &Visitor, case_id: &str) -> Shown {
    let shown = buyer.get(&format!("/b/cases/{case_id}")).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.html);
    shown
}

/// Sends a form of the page with what was typed.
pub async fn send(
    buyer: &Visitor,
    (case_id, verb): (&str, &str),
    page: &Shown,
    typed: &[(&str, &str)],
) -> Shown {
    let (once, version) = (page.field("once"), page.field("version"));
    let own = [("once", once.as_str()), ("version", version.as_str())];
    buyer.post(&format!("/b/cases/{case_id}/{verb}"), &[&own[..], typed].concat()).await
}

/// The same, looking at the page first; it must be done.
pub async fn do_it(buyer: &Visitor, case_id: &str, verb: &str, typed: &[(&str, &str)]) {
    let page = look(buyer, case_id).await;
    let done = send(buyer, (case_id, verb), &page, typed).await;
    let expected = format!("/b/cases/{case_id}?done={verb}");
    assert_eq!(done.location, Some(expected), "{verb}: {}", done.html);
}

/// Whether a page offers the form of a verb.
pub fn offers(page: &Shown, verb: &str) -> bool {
    page.html.contains(&format!("/{verb}\""))
}

/// Sends a form with a picture attached, as a browser without script does.
pub async fn attach(
    buyer: &Visitor,
    (case_id, verb): (&str, &str),
    fields: &[(&str, &str)],
) -> Shown {
    let photo = include_bytes!("../../fixtures/evidence/photo.jpg").as_slice();
    buyer.attach(&format!("/b/cases/{case_id}/{verb}"), fields, &[("cup.jpg", photo)]).await
}

/// What a buyer asks for who wants other goods.
pub fn exchange() -> serde_json::Value {
    let mut asked = asked_for("A1");
    asked["type"] = "exchange".into();
    asked["reason"] = "unwanted_size".into();
    asked
}
