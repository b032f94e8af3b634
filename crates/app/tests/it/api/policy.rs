//! A policy is checked, published, and in force from then on; open cases keep theirs.

use crate::{
    money::{BUYER, asked_for, case_of},
    world::{Database, SHOP, World},
};
use app::registry::Change;
use domain::{actor::Actor, id::ShopId};
use engine::rulebook::{POLICY, PublishedPolicy, policy_id};
use reqwest::StatusCode;
use serde_json::{Value, json};

/// The text in force.
async fn text(world: &World) -> String {
    let (_, policy) = world.get(&world.owner, "/api/v1/policy").await;
    policy["text"].as_str().unwrap().to_owned()
}

async fn publish(world: &World, text: &str) -> (StatusCode, Value) {
    world.post(&world.owner, "/api/v1/policy", &json!({"text": text, "note": "改"})).await
}

async fn open_cases_keep_the_version_they_were_opened_under(database: Database) {
    let world = World::new(database).await;
    let before = case_of(&world, BUYER, "3700001", 5_900).await;
    let changed =
        text(&world).await.replace("merchant_decides_hours = 48", "merchant_decides_hours = 24");

    let (status, published) = publish(&world, &changed).await;
    assert_eq!((status, &published["version"]), (StatusCode::CREATED, &1.into()), "{published}");
    world.order("3700002", BUYER, 5_900, 1).await;
    let after = world.open(&world.buyer(BUYER).await, "3700002", asked_for("A1")).await;

    let (before, after) = (world.case(&before).await, world.case(&after).await);
    assert_eq!((&before["policy_version"], &after["policy_version"]), (&0.into(), &1.into()));
    let old = world.get(&world.owner, "/api/v1/policy?version=0").await.1;
    assert!(old["text"].as_str().unwrap().contains("merchant_decides_hours = 48"));
    assert_eq!(text(&world).await, changed);
}

async fn a_policy_with_a_mistake_is_not_published(database: Database) {
    let world = World::new(database).await;
    let good = text(&world).await;
    let wrong = good.replace("refund_percent = 105", "refund_percent = 0");

    let (status, answer) = publish(&world, &wrong).await;
    let body = json!({"text": wrong});
    let (_, checked) = world.post(&world.owner, "/api/v1/policy/check", &body).await;

    assert_eq!((status.as_u16(), &answer["code"]), (422, &"policy_invalid".into()), "{answer}");
    assert_eq!(checked["valid"], false);
    assert!(checked["mistakes"][0]["line"].as_u64().unwrap() > 1, "{checked}");
    assert_eq!(text(&world).await, good);
}

/// A process that was killed between the two writes, or lost a race with another change of the
/// shop, leaves a version that was never in force.
async fn a_publication_that_broke_off_does_not_block_the_next(database: Database) {
    let world = World::new(database).await;
    let good = text(&world).await;
    let left = PublishedPolicy { text: good.clone(), note: String::new() };
    let (shop_id, id) = (ShopId::parse(SHOP).unwrap(), policy_id(1));
    let change = Change { shop_id: &shop_id, kind: POLICY, id: &id, replaces: 0, body: &left };
    let at = world.app.desk.now();
    let put = world.app.registry.put(change, &Actor::System, "policy.published", at).await;
    assert!(put.unwrap());

    let (status, published) = publish(&world, &good).await;

    assert_eq!((status, &published["version"]), (StatusCode::CREATED, &2.into()), "{published}");
}

crate::on_both! {
    open_cases_keep_the_version_they_were_opened_under,
    a_policy_with_a_mistake_is_not_published,
    a_publication_that_broke_off_does_not_block_the_next,
}
