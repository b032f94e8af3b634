//! Every type of application once, without script; what stands in the way is said where it is
//! about, with a button that leads to the way out.

use super::visitor::Visitor;
use crate::world::{Database, World, facts};
use domain::moment::Span;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const PHOTO: &[u8] = include_bytes!("../../fixtures/evidence/photo.jpg");
const ORDER: &str = "/b/orders/3700001";

async fn put(world: &World, order: &Value) -> Visitor {
    let path = format!("/api/v1/orders/{}", order["order_id"].as_str().unwrap());
    let (status, answer) = world.send(Method::PUT, &world.owner, &path, order).await;
    assert!(status.is_success(), "{answer}");
    Visitor::buyer(world, "oB1").await
}

/// Goes through the three steps with one picture and sends what comes of it.
async fn apply(
    buyer: &Visitor,
    kind: &str,
    goods: &[(&str, &str)],
    told: &[(&str, &str)],
) -> String {
    buyer.post(&format!("{ORDER}/apply"), &[("type", kind)]).await;
    let chosen = buyer.post(&format!("{ORDER}/apply/goods"), goods).await;
    assert_eq!(chosen.status, StatusCode::SEE_OTHER, "{kind}: {}", chosen.html);
    let path = format!("{ORDER}/apply/told");
    let once = buyer.get(&path).await.field("once");
    let form = [&[("once", once.as_str()), ("do", "submit")], told].concat();
    let filed = buyer.attach(&path, &form, &[("a.jpg", PHOTO)]).await;
    let location = filed.location.unwrap_or_else(|| panic!("{kind}: {}", filed.html));
    location.trim_start_matches("/b/cases/").split('?').next().unwrap().to_owned()
}

#[tokio::test]
async fn every_type_is_applied_for_once() {
    let words = ("description", "说明情况");
    for (kind, goods, told) in [
        ("refund_only", vec![("reason", "quality_defect"), ("quantity-A1", "1")], vec![words]),
        ("return_and_refund", vec![("reason", "mismatch_look"), ("quantity-A1", "2")], vec![words]),
        ("exchange", vec![("reason", "missing_wrong_item"), ("quantity-A1", "1")], vec![words]),
        ("shipping_fee", vec![("reason", "freight_overcharged")], vec![words]),
        (
            "price_difference",
            vec![("reason", "difference_price_drop"), ("quantity-A1", "1")],
            vec![words, ("amount", "¥8.50")],
        ),
    ] {
        let world = World::new(Database::Sqlite).await;
        let buyer = put(&world, &facts(&world, "3700001", "oB1", 5_900, 2)).await;
        let case = world.case(&apply(&buyer, kind, &goods, &told).await).await;
        assert_eq!(case["application"]["type"], kind);
        assert_eq!(case["stage"], "under_review", "{case}");
        if kind == "price_difference" {
            assert_eq!(case["application"]["amount"]["amount_minor"], 850);
        }
    }
}

#[tokio::test]
async fn a_window_that_is_closed_is_said_at_the_second_step_with_another_way() {
    let world = World::new(Database::Sqlite).await;
    let buyer = put(&world, &facts(&world, "3700001", "oB1", 5_900, 2)).await;
    world.pass(Span::days(20)).await;
    buyer.post(&format!("{ORDER}/apply"), &[("type", "return_and_refund")]).await;
    let goods = [("reason", "unwanted_seven_days"), ("quantity-A1", "2"), ("opened", "no")];

    let closed = buyer.post(&format!("{ORDER}/apply/goods"), &goods).await;

    assert_eq!(closed.status, StatusCode::UNPROCESSABLE_ENTITY);
    let way_out = format!("<a class=\"remedy\" href=\"{ORDER}/apply\">更换类型或原因</a>");
    assert!(closed.html.contains(&way_out), "{}", closed.html);
    assert!(closed.html.contains("value=\"2\"") && closed.html.contains("checked"));
    let checked = [&goods[..], &[("do", "check")]].concat();
    let live = buyer.post(&format!("{ORDER}/apply/goods"), &checked).await;
    assert_eq!(live.status, StatusCode::OK);
}

#[tokio::test]
async fn opened_goods_ask_for_a_proof_that_is_attached_by_itself() {
    let world = World::new(Database::Sqlite).await;
    let buyer = put(&world, &facts(&world, "3700001", "oB1", 5_900, 1)).await;
    let path = format!("{ORDER}/apply/told");
    buyer.post(&format!("{ORDER}/apply"), &[("type", "return_and_refund")]).await;
    let goods = [("reason", "unwanted_seven_days"), ("quantity-A1", "1"), ("opened", "yes")];
    buyer.post(&format!("{ORDER}/apply/goods"), &goods).await;
    let page = buyer.get(&path).await;
    assert!(page.html.contains("href=\"#proof\""), "{}", page.html);
    let once = page.field("once");

    let (status, stored) = {
        let token = world.buyer("oB1").await;
        let upload = json!({"name": "吊牌.jpg", "size": PHOTO.len()});
        let (_, begun) = world.post(&token, "/api/v1/orders/3700001/uploads", &upload).await;
        let at = format!("/b/uploads/{}", begun["upload_id"].as_str().unwrap());
        buyer.put(&format!("{at}/parts/0"), PHOTO).await;
        let done = buyer.tell(&format!("{at}/finish"), &Value::Null).await;
        (done.status, serde_json::from_str::<Value>(&done.html).unwrap())
    };
    assert_eq!(status, StatusCode::OK);
    let proof = stored["file_id"].as_str().unwrap();
    let form = [("once", once.as_str()), ("proof_id", proof), ("do", "check")];
    let shown = buyer.post(&path, &form).await;
    assert!(shown.html.contains("吊牌.jpg"), "{}", shown.html);
    let sent = [("once", once.as_str()), ("description", "试过"), ("do", "submit")];
    let filed = buyer.post(&path, &sent).await.location.unwrap();
    let case_id = filed.trim_start_matches("/b/cases/").split('?').next().unwrap();
    let case = world.case(case_id).await;
    assert_eq!(case["application"]["declared"]["proof_of_no_use"], json!([proof]));
    assert!(case["application"]["evidence"].is_null(), "{case}");
}

#[tokio::test]
async fn a_credit_card_is_confirmed_and_the_way_of_the_money_is_shown() {
    let world = World::new(Database::Sqlite).await;
    let mut order = facts(&world, "3700001", "oB1", 5_900, 1);
    order["tenders"][0]["account"] = json!("credit_card");
    let buyer = put(&world, &order).await;
    buyer.post(&format!("{ORDER}/apply"), &[("type", "return_and_refund")]).await;
    let goods = [("reason", "unwanted_seven_days"), ("quantity-A1", "1"), ("opened", "no")];
    buyer.post(&format!("{ORDER}/apply/goods"), &goods).await;
    let path = format!("{ORDER}/apply/told");
    let page = buyer.get(&path).await;
    assert!(page.html.contains("name=\"route_confirmed\"") && page.html.contains("退回信用卡"));
    let once = page.field("once");

    let form = [("once", once.as_str()), ("do", "submit")];
    let blocked = buyer.post(&path, &form).await;
    assert_eq!(blocked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(blocked.html.contains("said-blocks"), "{}", blocked.html);
    let confirmed = [&form[..], &[("route_confirmed", "1")]].concat();
    let filed = buyer.post(&path, &confirmed).await;
    assert_eq!(filed.status, StatusCode::SEE_OTHER, "{}", filed.html);
}

#[tokio::test]
async fn an_amount_above_is_said_at_its_field_and_a_step_back_keeps_what_was_typed() {
    let world = World::new(Database::Sqlite).await;
    let buyer = put(&world, &facts(&world, "3700001", "oB1", 5_900, 2)).await;
    buyer.post(&format!("{ORDER}/apply"), &[("type", "return_and_refund")]).await;
    let goods = [("reason", "unwanted_seven_days"), ("quantity-A1", "1")];
    buyer.post(&format!("{ORDER}/apply/goods"), &goods).await;
    let path = format!("{ORDER}/apply/told");
    let once = buyer.get(&path).await.field("once");
    let typed = [("once", once.as_str()), ("description", "多拍了"), ("amount", "100")];

    let above = buyer.post(&path, &[&typed[..], &[("do", "submit")]].concat()).await;
    assert_eq!(above.status, StatusCode::UNPROCESSABLE_ENTITY);
    let (_, field) = above.html.split_once("id=\"at-amount\"").unwrap();
    assert!(field.split("</div>").next().unwrap().contains("said-blocks"), "{}", above.html);

    let step = format!("go:{ORDER}/apply/goods");
    let back = buyer.post(&path, &[&typed[..], &[("do", &step)]].concat()).await;
    assert_eq!(back.location, Some(format!("{ORDER}/apply/goods")));
    let away = buyer.post(&path, &[&typed[..], &[("do", "go://evil.example")]].concat()).await;
    assert_eq!(away.location.as_deref(), Some("/b"));
    let page = buyer.get(&path).await;
    assert!(page.html.contains("多拍了") && page.html.contains("value=\"100\""));
}

#[tokio::test]
async fn words_that_are_too_long_shut_nobody_out() {
    let world = World::new(Database::Sqlite).await;
    let buyer = put(&world, &facts(&world, "3700001", "oB1", 5_900, 1)).await;
    buyer.post(&format!("{ORDER}/apply"), &[("type", "return_and_refund")]).await;
    let goods = [("reason", "unwanted_seven_days"), ("quantity-A1", "1")];
    buyer.post(&format!("{ORDER}/apply/goods"), &goods).await;
    let path = format!("{ORDER}/apply/told");
    let once = buyer.get(&path).await.field("once");
    let (fits, long) = ("长".repeat(2_000), "长".repeat(2_001));

    let form = [("once", once.as_str()), ("description", &long), ("do", "submit")];
    let refused = buyer.post(&path, &form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.html.contains("文字过长") && refused.html.contains(&long));
    let page = buyer.get(&path).await;
    assert!(page.status == StatusCode::OK && page.html.contains(&long));
    let form = [("once", once.as_str()), ("description", &fits), ("do", "submit")];
    assert_eq!(buyer.post(&path, &form).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_draft_is_dropped_when_it_is_wanted_and_an_old_page_does_not_bring_it_back() {
    let world = World::new(Database::Sqlite).await;
    let buyer = put(&world, &facts(&world, "3700001", "oB1", 5_900, 1)).await;
    let goods = [("reason", "unwanted_seven_days"), ("quantity-A1", "1")];
    let path = format!("{ORDER}/apply/told");
    buyer.post(&format!("{ORDER}/apply"), &[("type", "return_and_refund")]).await;
    buyer.post(&format!("{ORDER}/apply/goods"), &goods).await;
    let once = buyer.get(&path).await.field("once");
    let order = buyer.get(ORDER).await;
    assert!(order.html.contains("未提交的申请") && order.html.contains("apply/told"));

    let dropped = buyer.post(&format!("{ORDER}/apply/drop"), &[]).await;
    assert_eq!(dropped.location, Some(format!("{ORDER}?done=draft-dropped")));
    assert!(!buyer.get(ORDER).await.html.contains("未提交的申请"));
    buyer.post(&format!("{ORDER}/apply"), &[("type", "return_and_refund")]).await;
    buyer.post(&format!("{ORDER}/apply/goods"), &goods).await;
    let old = [("once", once.as_str()), ("description", "旧页面"), ("do", "submit")];
    let stale = buyer.post(&path, &old).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.html.contains("旧页面") && stale.field("once") != once, "{}", stale.html);
    assert!(!buyer.get(&path).await.html.contains("旧页面"));
}

#[tokio::test]
async fn an_order_of_two_hundred_lines_is_applied_for() {
    let world = World::new(Database::Sqlite).await;
    let mut order = facts(&world, "3700001", "oB1", 5_900, 1);
    let line = order["items"][0].clone();
    let lines = (1..=200).map(|n| {
        let mut line = line.clone();
        (line["item_id"], line["title"]) = (json!(format!("A{n}")), json!(format!("杯子 {n}")));
        line
    });
    order["items"] = lines.collect();
    order["tenders"][0]["amount"]["amount_minor"] = json!(5_900 * 200 + 1_000);
    let buyer = put(&world, &order).await;
    assert!(buyer.get(ORDER).await.html.contains("杯子 200"));
    buyer.post(&format!("{ORDER}/apply"), &[("type", "return_and_refund")]).await;
    let names: Vec<String> = (1..=200).map(|n| format!("quantity-A{n}")).collect();
    let mut goods: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "1")).collect();
    goods.push(("reason", "unwanted_seven_days"));
    let chosen = buyer.post(&format!("{ORDER}/apply/goods"), &goods).await;
    assert_eq!(chosen.status, StatusCode::SEE_OTHER, "{}", chosen.html);
    let told = buyer.get(&format!("{ORDER}/apply/told")).await;
    assert!(told.html.contains("¥11,800.00"), "{}", told.html);
}
