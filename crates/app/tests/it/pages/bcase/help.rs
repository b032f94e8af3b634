//! Help and appeals.

use crate::{
    pages::visitor::Visitor,
    world::{Database, World},
};
use reqwest::{Method, StatusCode};
use serde_json::json;

#[tokio::test]
async fn help_answers_from_the_policy_and_is_searched_without_script() {
    let world = World::new(Database::Sqlite).await;
    let buyer = Visitor::buyer(&world, "oB1").await;

    let help = buyer.get("/b/help").await;
    for id in ["Q1", "Q2", "Q3", "Q4", "Q5", "F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9"] {
        assert!(help.html.contains(&format!("id=\"{id}\"")), "{id}");
    }
    assert!(help.html.contains("3 个工作日") && help.html.contains("/b/appeal"));
    let found = buyer.get(&format!("/b/help?q={}", app::pages::page::encoded("虚拟"))).await;
    assert!(found.html.contains("id=\"Q3\"") && !found.html.contains("id=\"Q1\""));
    let none = buyer.get("/b/help?q=zzz").await;
    assert!(none.html.contains("没有找到与“zzz”有关的内容"));
    let english = buyer.reading("en").get("/b/help").await;
    assert!(english.html.contains("Does the refund go back the way I paid?"));
}

#[tokio::test]
async fn a_buyer_appeals_and_reads_what_became_of_it() {
    let world = World::new(Database::Sqlite).await;
    let buyer = Visitor::buyer(&world, "oB1").await;
    let page = buyer.get("/b/appeal").await;
    assert!(page.html.contains("没有受到限制") && page.html.contains("0 次，10 次起触发风控"));

    let empty = buyer.post("/b/appeal", &[("material", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    for _ in 0..2 {
        let made = buyer.post("/b/appeal", &[("material", "同一批杯子都碎了")]).await;
        assert_eq!(made.location.as_deref(), Some("/b/appeal?done=appeal"));
    }
    let page = buyer.get("/b/appeal?done=appeal").await;
    assert!(page.html.contains("等待审核") && page.html.contains("同一批杯子都碎了"));
    let decided = json!({"decision": "lifted", "note": "属实", "days": 30});
    let path = "/api/v1/appeals/oB1/decide";
    let (status, answer) = world.send(Method::POST, &world.owner, path, &decided).await;
    assert_eq!(status, StatusCode::OK, "{answer}");

    let page = buyer.get("/b/appeal").await;
    assert!(page.html.contains("已解除限制") && page.html.contains("属实"));
}
