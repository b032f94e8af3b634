//! Money over HTTP against the payment channel's stand-in: whatever goes wrong on the way, each
//! refund is carried out once, and both sides' books say the same to the fen.

mod another_way;
mod books;
mod faults;
mod limits;
mod notices;
mod outbox;
mod ticket;
mod ways;

use crate::world::World;
use domain::moment::Span;
use sandbox::faults::{Call, Fault, Kind, Scope};
use serde_json::{Value, json};

pub use books::assert_books_equal;

/// So much money, as the interface writes it.
pub fn yuan(fen: i64) -> Value {
    json!({"amount_minor": fen, "currency": "CNY"})
}

/// The buyer of the orders that do not say otherwise.
pub const BUYER: &str = "oB1";

/// What the buyer asks for one piece of an item.
pub fn asked_for(item_id: &str) -> Value {
    json!({"type": "return_and_refund", "reason": "unwanted_seven_days",
        "items": [{"item_id": item_id, "quantity": 1}], "description": "不想要了"})
}

/// A case on one piece of an order of two pieces at this price, not yet decided.
pub async fn case_of(world: &World, buyer_id: &str, order_id: &str, fen: i64) -> String {
    world.order(order_id, buyer_id, fen, 2).await;
    world.open(&world.buyer(buyer_id).await, order_id, asked_for("A1")).await
}

/// A case whose money has just been ordered back; no worker has touched it yet.
pub async fn refunding(world: &World, order_id: &str, fen: i64) -> String {
    refunding_to(world, BUYER, order_id, fen).await
}

/// The same for another buyer: one who asks too often is restricted (F7).
pub async fn refunding_to(world: &World, buyer_id: &str, order_id: &str, fen: i64) -> String {
    let case_id = case_of(world, buyer_id, order_id, fen).await;
    world.act(&world.owner, &case_id, "approve", json!({"goods": "keep"})).await;
    case_id
}

/// Trouble for the next refund, whichever call it meets.
pub fn trouble(world: &World, kind: Kind, call: Call) {
    world.sandbox.add_fault(Fault { kind, scope: Scope::Next(1), call });
}

/// Lets minutes pass until the case is closed, at most so many.
pub async fn until_closed(world: &World, case_id: &str, minutes_max: u32) -> Value {
    for _ in 0..minutes_max {
        let case = world.case(case_id).await;
        if case["stage"] == "closed" {
            return case;
        }
        world.pass(Span::seconds(60)).await;
    }
    let case = world.case(case_id).await;
    assert_eq!(case["stage"], "closed", "{case:#}");
    case
}

/// The refund of that place of a case.
pub async fn refund_of(world: &World, case_id: &str, n: usize) -> Value {
    world.case(case_id).await["refunds"][n].clone()
}

/// The path of a verb on a refund of a case.
pub fn verb_of(refund: &Value, verb: &str) -> String {
    format!("refunds/{}/{verb}", refund["refund_no"].as_str().unwrap())
}

/// Changes the shop's settings.
pub async fn set_shop(world: &World, verified: bool, limit: Option<i64>) {
    let body = json!({"name": "茶铺", "account_verified": verified,
        "approval_limit": limit.map(yuan)});
    let (status, answer) =
        world.send(reqwest::Method::PUT, &world.owner, "/api/v1/shop", &body).await;
    assert!(status.is_success(), "{answer}");
}
