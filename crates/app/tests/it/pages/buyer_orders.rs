//! A buyer's list of orders: how far each is, what was paid, and what is open about it.

use super::visitor::Visitor;
use crate::world::{Database, World, facts, return_of_one};
use reqwest::{Method, StatusCode};
use serde_json::json;

async fn world_with_orders() -> World {
    let world = World::new(Database::Sqlite).await;
    for order_id in ["3700001", "3700002"] {
        let order = facts(&world, order_id, "oB1", 5_900, 2);
        let path = format!("/api/v1/orders/{order_id}");
        assert!(world.send(Method::PUT, &world.owner, &path, &order).await.0.is_success());
    }
    world
}

#[tokio::test]
async fn a_list_says_who_must_act_until_when_and_what_happens_then() {
    let world = world_with_orders().await;
    let token = world.buyer("oB1").await;
    let application = return_of_one("不想要了");
    let case_id = world.open(&token, "3700001", application).await;

    let buyer = Visitor::buyer(&world, "oB1").await;
    let waiting = buyer.get("/b").await;
    assert!(waiting.html.contains(&format!("href=\"/b/cases/{case_id}\"")), "{}", waiting.html);
    assert!(waiting.html.contains("待商家处理") && waiting.html.contains("系统自动同意"));
    assert!(waiting.html.contains("data-countdown") && waiting.html.contains("¥128.00"));
    assert!(!waiting.html.contains("等您处理"));

    world.act(&world.owner, &case_id, "request-evidence", json!({"text": "请补充照片"})).await;
    let mine = buyer.get("/b").await;
    assert!(mine.html.contains("等您处理"), "{}", mine.html);
    let order = buyer.reading("en").get("/b/orders/3700001").await;
    assert!(order.html.contains("Waiting for you") && order.html.contains("Open case"));
    let other = Visitor::buyer(&world, "oB2").await.get("/b").await;
    assert!(!other.html.contains(&case_id));
}

#[tokio::test]
async fn an_order_that_is_sent_is_not_cancelled_and_says_why() {
    let world = world_with_orders().await;
    let buyer = Visitor::buyer(&world, "oB1").await;
    let page = buyer.get("/b/orders/3700001/cancel").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.html.contains("said-blocks") && !page.html.contains("确认取消订单"));
    let sent = buyer.post("/b/orders/3700001/cancel", &[("once", "x")]).await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
}
