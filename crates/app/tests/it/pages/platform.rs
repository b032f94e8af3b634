//! The platform's desk: a dispute is read, ruled on and carried out; appeals; shops.

use super::visitor::Visitor;
use crate::world::{Database, World, return_of_one};
use app::access::people::Office;
use reqwest::StatusCode;
use serde_json::json;

/// A case that the merchant rejected and the buyer took to the platform.
async fn disputed(world: &World) -> String {
    world.order("3700001", "oB1", 60_000, 1).await;
    let buyer = world.buyer("oB1").await;
    let application = return_of_one("杯子<不>合适");
    let case_id = world.open(&buyer, "3700001", application).await;
    world.act(&world.owner, &case_id, "reject", json!({"reason": "已经使用过"})).await;
    world.act(&buyer, &case_id, "escalate", json!({"reason": "没有使用"})).await;
    case_id
}

#[tokio::test]
async fn an_arbiter_reads_both_sides_rules_and_the_system_carries_it_out() {
    let world = World::new(Database::Sqlite).await;
    let case_id = disputed(&world).await;
    let arbiter = Visitor::person(&world, "judge", Office::Arbiter).await;

    let list = arbiter.get("/p/disputes").await;
    let path = format!("/p/cases/tea/{case_id}");
    assert!(list.html.contains(&path), "{}", list.html);
    let page = arbiter.get(&path).await;
    assert!(page.html.contains("杯子&#60;不&#62;合适") && page.html.contains("已经使用过"));
    let (once, version) = (page.field("once"), page.field("version"));
    let ruling = [
        ("once", once.as_str()),
        ("version", version.as_str()),
        ("currency", "CNY"),
        ("for", "buyer"),
        ("amount", "¥600.00"),
        ("goods", "keep"),
        ("route", "original"),
        ("reason", "商家没有证明商品使用过"),
    ];
    let asked = arbiter.post(&format!("{path}/rule"), &ruling).await;
    assert_eq!(asked.status, StatusCode::OK);
    assert!(asked.html.contains("退 ¥600.00") && world.case(&case_id).await["ruling"].is_null());
    let sure = [&ruling[..], &[("sure", "1")]].concat();
    let done = arbiter.post(&format!("{path}/rule"), &sure).await;
    assert_eq!(done.location, Some(format!("{path}?done=ruled")));
    let again = arbiter.post(&format!("{path}/rule"), &sure).await;
    assert_eq!(again.location, Some(format!("{path}?done=ruled")), "{}", again.html);

    let case = world.case(&case_id).await;
    assert_eq!(case["stage"], "refunding");
    assert_eq!(case["refunds"].as_array().unwrap().len(), 1);
    assert_eq!(case["refunds"][0]["amount"]["amount_minor"], 60_000);
}

#[tokio::test]
async fn an_arbiter_who_looked_at_an_older_version_does_not_rule_and_keeps_the_words() {
    let world = World::new(Database::Sqlite).await;
    let case_id = disputed(&world).await;
    let arbiter = Visitor::person(&world, "judge", Office::Arbiter).await.reading("en");
    let path = format!("/p/cases/tea/{case_id}");
    let page = arbiter.get(&path).await;
    world.act(&world.owner, &case_id, "messages", json!({"text": "请看照片"})).await;

    let (once, version) = (page.field("once"), page.field("version"));
    let ruling = [
        ("once", once.as_str()),
        ("version", version.as_str()),
        ("for", "merchant"),
        ("reason", "Used & worn"),
        ("sure", "1"),
    ];
    let late = arbiter.post(&format!("{path}/rule"), &ruling).await;

    assert_eq!(late.status, StatusCode::PRECONDITION_FAILED);
    assert!(late.html.contains("Used &#38; worn") && late.html.contains("请看照片"));
    assert!(world.case(&case_id).await["ruling"].is_null());
}

#[tokio::test]
async fn either_side_is_asked_for_evidence_with_a_date() {
    let world = World::new(Database::Sqlite).await;
    let case_id = disputed(&world).await;
    let arbiter = Visitor::person(&world, "judge", Office::Arbiter).await;
    let path = format!("/p/cases/tea/{case_id}");
    let page = arbiter.get(&path).await;
    let (once, version) = (page.field("once"), page.field("version"));
    let asked = [
        ("once", once.as_str()),
        ("version", version.as_str()),
        ("side", "merchant"),
        ("date", "2026-12-01"),
        ("text", "出库质检照片"),
    ];
    let done = arbiter.post(&format!("{path}/evidence"), &asked).await;
    assert_eq!(done.location, Some(format!("{path}?done=evidence-asked")));
    let page = arbiter.get(&path).await;
    assert!(page.html.contains("请商家于 2026-12-01 前补充：出库质检照片"));
}

#[tokio::test]
async fn who_may_not_rule_is_told_so_and_who_may_open_a_shop_gets_its_token() {
    let world = World::new(Database::Sqlite).await;
    let case_id = disputed(&world).await;
    let operator = Visitor::person(&world, "ops", Office::Operator).await;
    let ruled = operator.post(&format!("/p/cases/tea/{case_id}/rule"), &[]).await;
    assert_eq!(ruled.status, StatusCode::FORBIDDEN);
    let page = operator.get(&format!("/p/cases/tea/{case_id}")).await;
    assert!(!page.html.contains("name=\"for\""));

    let opened = operator.post("/p/shops", &[("shop_id", "cup"), ("name", "杯子铺")]).await;
    assert_eq!(opened.status, StatusCode::CREATED);
    assert!(opened.html.contains("wp_cup_owner_"));
    let taken = operator.post("/p/shops", &[("shop_id", "cup"), ("name", "又一家")]).await;
    assert_eq!(taken.status, StatusCode::CONFLICT);
    assert!(taken.html.contains("value=\"又一家\""));
}

#[tokio::test]
async fn an_appeal_is_lifted_for_a_time() {
    let world = World::new(Database::Sqlite).await;
    let buyer = world.buyer("oB1").await;
    world.post(&buyer, "/api/v1/appeals", &json!({"material": "都是质量问题"})).await;
    let other = world.buyer("oB2").await;
    world.post(&other, "/api/v1/appeals", &json!({"material": "尺码不准"})).await;
    let operator = Visitor::person(&world, "ops", Office::Operator).await;
    assert!(operator.get("/p/appeals").await.html.contains("都是质量问题"));

    let empty = operator.post("/p/appeals/tea/oB1", &[("decision", "lifted")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let long = [("decision", "lifted"), ("days", "400"), ("note", "情况<属实>")];
    let long = operator.post("/p/appeals/tea/oB1", &long).await;
    assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
    let times = |text: &str| long.html.matches(text).count();
    assert_eq!([times("情况&#60;属实&#62;"), times("\"400\""), times("\"90\"")], [1, 1, 1]);
    let fields = [("decision", "lifted"), ("days", "30"), ("note", "情况属实")];
    let done = operator.post("/p/appeals/tea/oB1", &fields).await;

    assert_eq!(done.location.as_deref(), Some("/p/appeals?done=appeal-decided"));
    let page = operator.get("/p/appeals").await;
    assert!(page.html.contains("已解除") && page.html.contains("情况属实"));
}
