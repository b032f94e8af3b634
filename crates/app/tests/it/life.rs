//! The main job end to end: order in, application, decision or 48 hours, money back.

use crate::world::{Database, SHOP, World, return_of_one};
use domain::moment::Span;
use serde_json::json;

async fn silence_is_consent(database: Database) {
    let world = World::new(database).await;
    world.order("3700001", "oB1", 5_900, 2).await;
    let buyer = world.buyer("oB1").await;
    let asked = return_of_one("不想要了");
    let case_id = world.open(&buyer, "3700001", asked).await;

    world.pass(Span::hours(48)).await;
    let case = world.case(&case_id).await;
    assert_eq!(case["stage"], "awaiting_return", "{case}");
    let sent = json!({"carrier": "顺丰速运", "waybill": "SF1234567890123"});
    world.act(&buyer, &case_id, "ship-return", sent).await;
    world.pass(Span::days(10)).await;
    world.pass(Span::seconds(120)).await;

    let case = world.case(&case_id).await;
    assert_eq!(case["stage"], "closed", "{case}");
    assert_eq!(case["outcome"], "refunded");
    let books = world.sandbox.books();
    let refunds: Vec<i64> = books.refunds().map(|refund| refund.refund_fen).collect();
    assert_eq!(refunds, [5_900], "{SHOP} refunds once");
}

#[tokio::test]
async fn silence_is_consent_on_sqlite() {
    silence_is_consent(Database::Sqlite).await;
}

#[tokio::test]
async fn silence_is_consent_on_postgres() {
    silence_is_consent(Database::Postgres).await;
}
