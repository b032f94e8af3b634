//! The outbox as people see it: what waits, what was buried, and the button to try again.

use super::{assert_books_equal, refund_of, refunding, trouble, until_closed, verb_of};
use crate::world::{Database, MCHID, World};
use domain::moment::Span;
use reqwest::StatusCode;
use sandbox::faults::{Call, Kind};
use serde_json::{Value, json};

async fn listed(world: &World, query: &str) -> Vec<Value> {
    let (status, page) = world.get(&world.owner, &format!("/api/v1/outbox{query}")).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    page["items"].as_array().unwrap().clone()
}

async fn retry(world: &World, effect: &Value) -> StatusCode {
    let path = format!("/api/v1/outbox/{}/retry", effect["effect_id"].as_str().unwrap());
    world.post(&world.owner, &path, &Value::Null).await.0
}

async fn what_waits_is_listed_with_its_reason_and_can_be_hurried(database: Database) {
    let world = World::new(database).await;
    world.sandbox.set_balance(MCHID, 0).unwrap();
    let case_id = refunding(&world, "3800001", 5_900).await;
    world.settle().await;

    let waiting = listed(&world, "?state=waiting").await;
    assert_eq!(waiting.len(), 1, "{waiting:?}");
    assert_eq!((&waiting[0]["note"], &waiting[0]["attempts"]), (&"NOT_ENOUGH".into(), &1.into()));
    assert_eq!(waiting[0]["case_id"], case_id);
    world.sandbox.set_balance(MCHID, 1_000_000).unwrap();
    assert_eq!(retry(&world, &waiting[0]).await, StatusCode::ACCEPTED);
    world.settle().await;
    world.pass(Span::seconds(5)).await;

    assert_eq!(world.case(&case_id).await["stage"], "closed", "without the usual wait");
    assert_books_equal(&world).await;
}

/// The channel refuses the card that was named: people see why, and can name another.
async fn what_was_buried_is_shown_and_tried_again_on_demand(database: Database) {
    let world = World::new(database).await;
    trouble(&world, Kind::RefundAbnormal, Call::Any);
    let case_id = refunding(&world, "3800001", 5_900).await;
    world.settle().await;
    world.pass(Span::seconds(120)).await;
    let abnormal = refund_of(&world, &case_id, 0).await;
    let card = |end: &str| {
        json!({"bank_type": "CMB_DEBIT", "real_name": "张三",
            "bank_account": format!("622588013765{end}")})
    };
    let name_card = verb_of(&abnormal, "name-card");
    for _ in 0..2 {
        trouble(&world, Kind::CardRefused, Call::Any);
    }
    world.act(&world.owner, &case_id, &name_card, card("1111")).await;
    world.settle().await;

    let buried = listed(&world, "?state=buried").await;
    assert_eq!(buried.len(), 1, "{buried:?}");
    assert_ne!(buried[0]["note"], "");
    assert!(!buried[0].to_string().contains("622588013765"));
    assert_eq!(retry(&world, &buried[0]).await, StatusCode::ACCEPTED);
    assert_eq!(listed(&world, "?state=buried").await, Vec::<Value>::new());
    world.settle().await;

    assert_eq!(listed(&world, "?state=buried").await.len(), 1, "refused again, and told again");
    world.act(&world.owner, &case_id, &name_card, card("2222")).await;
    until_closed(&world, &case_id, 30).await;
    assert_books_equal(&world).await;
}

async fn what_is_done_cannot_be_tried_again(database: Database) {
    let world = World::new(database).await;
    let case_id = refunding(&world, "3800001", 5_900).await;
    let effect = listed(&world, "").await[0].clone();
    until_closed(&world, &case_id, 10).await;

    assert_eq!(retry(&world, &effect).await, StatusCode::NOT_FOUND);
    world.pass(Span::seconds(300)).await;

    assert_eq!(listed(&world, "").await, Vec::<Value>::new());
    assert_eq!(world.sandbox.books().refunds().count(), 1);
}

/// The button is harmless while the answer to the first attempt is still unknown.
async fn hurrying_an_uncertain_refund_does_not_send_it_twice(database: Database) {
    let world = World::new(database).await;
    trouble(&world, Kind::SilenceAfter, Call::Apply);
    let case_id = refunding(&world, "3800001", 5_900).await;
    world.settle().await;
    let waiting = listed(&world, "?state=waiting").await;

    for effect in waiting.iter().chain(&waiting) {
        retry(&world, effect).await;
    }
    until_closed(&world, &case_id, 30).await;

    assert_eq!(world.sandbox.books().refunds().count(), 1);
    assert_books_equal(&world).await;
}

crate::on_both! {
    what_waits_is_listed_with_its_reason_and_can_be_hurried,
    what_was_buried_is_shown_and_tried_again_on_demand,
    what_is_done_cannot_be_tried_again,
    hurrying_an_uncertain_refund_does_not_send_it_twice,
}
