//! What was true is not taken for what is true: memory of one process against the writing of
//! another, and rows of lists against new facts and against no facts at all.

use super::door::second;
use crate::world::{Database, SHOP, World, refund_of_one};
use domain::id::{CaseId, OrderId, ShopId};
use engine::{
    consequence::views,
    rebuild::{Mode, rebuild},
    rows::{CaseRow, StreamKey},
};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::sync::watch;
use uuid::Uuid;

async fn put(world: &World, base: &str, facts: &Value) -> (StatusCode, Value) {
    let path = facts["order_id"].as_str().unwrap();
    let request = world.http.put(format!("{base}/api/v1/orders/{path}"));
    let response = request.bearer_auth(&world.owner).json(facts).send().await.unwrap();
    (response.status(), response.json().await.unwrap())
}

/// One process remembers an order as it was; another changes it; then the first is told the old
/// facts again. They are not what is so, and must become so.
#[tokio::test]
async fn facts_told_again_count_although_another_process_changed_them_meanwhile() {
    let world = World::new(Database::Postgres).await;
    let (_stop, stopped) = watch::channel(false);
    let (_other, door) = second(&world, &stopped).await;
    let old = world.order("3700001", "oB1", 5_900, 2).await;
    let mut new = old.clone();
    new["items"][0]["title"] = json!("青瓷杯");

    let (status, _) = put(&world, &door, &new).await;
    assert_eq!(status, StatusCode::OK);
    let (status, answer) = put(&world, &world.base, &old).await;

    assert_eq!(status, StatusCode::OK);
    assert_eq!((&answer["version"], &answer["facts"]["items"]), (&json!(3), &old["items"]));
    let (_, shown) = world.get(&world.owner, "/api/v1/orders/3700001").await;
    assert_eq!(shown["facts"]["items"], old["items"]);
}

/// Rows of cases name the goods; when the shop names them anew, the rows follow.
async fn rows_of_cases_name_the_goods_as_the_order_does_now(database: Database) {
    let world = World::new(database).await;
    let mut facts = world.order("3700001", "oB1", 5_900, 2).await;
    let buyer = world.buyer("oB1").await;
    let asked = refund_of_one("不喜欢");
    world.open(&buyer, "3700001", asked).await;

    facts["items"][0]["title"] = json!("青瓷杯");
    let (status, _) = put(&world, &world.base, &facts).await;

    assert_eq!(status, StatusCode::OK);
    let (_, listed) = world.get(&world.owner, "/api/v1/cases").await;
    assert_eq!(listed["items"][0]["summary"]["title"], "青瓷杯", "{listed}");
    let shop_id = ShopId::parse(SHOP).unwrap();
    let store = world.app.desk.store();
    let found = rebuild(store, &shop_id, Mode::Check).await.unwrap();
    assert_eq!(found.wrong, Vec::<String>::new());
}

#[tokio::test]
async fn rows_of_cases_follow_the_order_on_sqlite() {
    rows_of_cases_name_the_goods_as_the_order_does_now(Database::Sqlite).await;
}

#[tokio::test]
async fn rows_of_cases_follow_the_order_on_postgres() {
    rows_of_cases_name_the_goods_as_the_order_does_now(Database::Postgres).await;
}

/// The cases of an order are those that its log names, whatever rows there are.
async fn a_row_of_which_no_log_tells_is_found_and_taken_away(database: Database) {
    let world = World::new(database).await;
    let buyer = world.buyer("oB1").await;
    for order_id in ["3700001", "3700002"] {
        world.order(order_id, "oB1", 5_900, 2).await;
        let asked = refund_of_one("不喜欢");
        world.open(&buyer, order_id, asked).await;
    }
    let (desk, shop_id) = (&world.app.desk, ShopId::parse(SHOP).unwrap());
    let key = StreamKey { shop_id: shop_id.clone(), order_id: OrderId::parse("3700001").unwrap() };
    let mut spoiled = views(&key, desk.order(&key).await.unwrap().as_ref());
    let stray = CaseRow { case_id: CaseId::new(Uuid::from_u128(7)), ..spoiled.cases[0].clone() };
    spoiled.cases.push(stray);
    desk.store().replace_views(&spoiled, &[]).await.unwrap();
    let listed = async |path: &str| {
        let (status, listed) = world.get(&world.owner, path).await;
        assert_eq!(status, StatusCode::OK, "{listed}");
        listed["items"].as_array().unwrap().len()
    };

    assert_eq!(listed("/api/v1/cases").await, 3);
    assert_eq!(listed("/api/v1/cases?order_id=3700001").await, 1);
    assert_eq!(listed("/api/v1/cases?order_id=3700009").await, 0);
    for mode in [Mode::Check, Mode::Write] {
        let found = rebuild(desk.store(), &shop_id, mode).await.unwrap();
        assert_eq!(found.wrong, ["3700001"], "{mode:?}");
    }

    assert_eq!(listed("/api/v1/cases").await, 2);
    let found = rebuild(desk.store(), &shop_id, Mode::Check).await.unwrap();
    assert_eq!(found.wrong, Vec::<String>::new());
}

#[tokio::test]
async fn a_stray_row_is_taken_away_on_sqlite() {
    a_row_of_which_no_log_tells_is_found_and_taken_away(Database::Sqlite).await;
}

#[tokio::test]
async fn a_stray_row_is_taken_away_on_postgres() {
    a_row_of_which_no_log_tells_is_found_and_taken_away(Database::Postgres).await;
}
