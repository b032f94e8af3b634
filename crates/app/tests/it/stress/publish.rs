//! A version was written and never came into force: the next publication still goes through.

use crate::world::{Database, SHOP, World};
use app::registry::Change;
use domain::{actor::Actor, id::ShopId};
use engine::rulebook::{POLICY, PublishedPolicy, policy_id};
use serde_json::json;

#[tokio::test]
async fn a_publication_cut_short_does_not_block_the_next() {
    let world = World::new(Database::Sqlite).await;
    let (_, shown) = world.get(&world.owner, "/api/v1/policy").await;
    let text = shown["text"].as_str().unwrap().to_owned();
    let body = PublishedPolicy { text: text.clone(), note: String::new() };
    let (shop_id, id, at) = (ShopId::parse(SHOP).unwrap(), policy_id(1), world.app.desk.now());
    let cut_short = Change { shop_id: &shop_id, kind: POLICY, id: &id, replaces: 0, body: &body };
    let written = world.app.registry.put(cut_short, &Actor::System, "policy.published", at).await;
    assert!(written.unwrap());

    let draft = json!({"text": text, "note": "再发布"});
    let (status, answer) = world.post(&world.owner, "/api/v1/policy", &draft).await;

    assert!(status.is_success(), "{status} {answer}");
}
