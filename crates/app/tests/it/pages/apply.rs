//! The buyer applies: three pages without script, a draft that is not lost, files, and one case
//! however often it is sent.

use super::visitor::Visitor;
use crate::world::{Database, World, facts, return_of_one};
use domain::moment::Span;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const PHOTO: &[u8] = include_bytes!("../../fixtures/evidence/photo.jpg");

async fn put(world: &World, order: &Value) {
    let path = format!("/api/v1/orders/{}", order["order_id"].as_str().unwrap());
    let (status, answer) = world.send(Method::PUT, &world.owner, &path, order).await;
    assert!(status.is_success(), "{answer}");
}

/// A buyer with one order of two cups, signed for yesterday.
async fn buyer(world: &World) -> Visitor {
    put(world, &facts(world, "3700001", "oB1", 5_900, 2)).await;
    Visitor::buyer(world, "oB1").await
}

async fn choose(buyer: &Visitor, kind: &str, goods: &[(&str, &str)]) {
    let at = "/b/orders/3700001/apply";
    let chosen = buyer.post(at, &[("type", kind)]).await;
    assert_eq!(chosen.location.as_deref(), Some("/b/orders/3700001/apply/goods"));
    let chosen = buyer.post(&format!("{at}/goods"), goods).await;
    assert_eq!(chosen.location.as_deref(), Some("/b/orders/3700001/apply/told"), "{chosen:?}");
}

#[tokio::test]
async fn an_order_says_what_is_possible_until_when_and_why_not() {
    let world = World::new(Database::Sqlite).await;
    let buyer = buyer(&world).await;
    let open = buyer.get("/b/orders/3700001").await;
    assert!(open.html.contains("七天无理由退货") && open.html.contains(" 前<"), "{open:?}");

    world.pass(Span::days(20)).await;
    let over = buyer.reading("en").get("/b/orders/3700001").await;
    assert!(over.html.contains("not possible") && over.html.contains("/b/orders/3700001/apply"));
    let other = Visitor::buyer(&world, "oB2").await.get("/b/orders/3700001").await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_return_is_applied_for_in_three_steps_and_sent_twice_it_is_one_case() {
    let world = World::new(Database::Sqlite).await;
    let buyer = buyer(&world).await;
    let kinds = buyer.get("/b/orders/3700001/apply").await;
    assert!(kinds.html.contains("value=\"return_and_refund\""), "{kinds:?}");
    let goods = [("quantity-A1", "1"), ("reason", "unwanted_seven_days"), ("opened", "no")];
    choose(&buyer, "return_and_refund", &goods).await;

    let told = buyer.get("/b/orders/3700001/apply/told").await;
    assert!(told.html.contains("¥59.00") && told.html.contains("运费不退"), "{}", told.html);
    let once = told.field("once");
    let form = [("once", once.as_str()), ("description", "<不>想要了"), ("do", "submit")];
    let filed = buyer.post("/b/orders/3700001/apply/told", &form).await;
    let again = buyer.post("/b/orders/3700001/apply/told", &form).await;

    assert!(filed.location.as_deref().unwrap().starts_with("/b/cases/"), "{}", filed.html);
    assert_eq!(filed.location, again.location);
    let (_, cases) = world.get(&world.owner, "/api/v1/cases?order_id=3700001").await;
    assert_eq!(cases["items"].as_array().unwrap().len(), 1);
    let case_id = cases["items"][0]["case_id"].as_str().unwrap();
    let case = world.case(case_id).await;
    assert_eq!(case["application"]["description"], "<不>想要了");
    assert_eq!(case["application"]["declared"]["opened"], false);
}

#[tokio::test]
async fn both_clicks_at_once_open_one_case() {
    let world = World::new(Database::Sqlite).await;
    let buyer = buyer(&world).await;
    let goods = [("quantity-A1", "2"), ("reason", "unwanted_seven_days")];
    choose(&buyer, "return_and_refund", &goods).await;
    let once = buyer.get("/b/orders/3700001/apply/told").await.field("once");
    let form = [("once", once.as_str()), ("description", "拍错了"), ("do", "submit")];
    let path = "/b/orders/3700001/apply/told";
    let (one, other) = tokio::join!(buyer.post(path, &form), buyer.post(path, &form));
    assert_eq!(one.location, other.location, "{one:?} {other:?}");
    let (_, cases) = world.get(&world.owner, "/api/v1/cases?order_id=3700001").await;
    assert_eq!(cases["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn evidence_is_attached_without_script_arranged_and_asked_for_where_it_is_missing() {
    let world = World::new(Database::Sqlite).await;
    let buyer = buyer(&world).await;
    let goods = [("quantity-A1", "1"), ("reason", "quality_defect"), ("received", "yes")];
    choose(&buyer, "refund_only", &goods).await;
    let path = "/b/orders/3700001/apply/told";
    let once = buyer.get(path).await.field("once");

    let form = [("once", once.as_str()), ("description", "有裂纹"), ("do", "submit")];
    let missing = buyer.post(path, &form).await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(missing.html.contains("有裂纹") && missing.html.contains("href=\"#evidence\""));
    let attach = [("once", once.as_str()), ("description", "有裂纹"), ("do", "attach")];
    let broken = buyer.attach(path, &attach, &[("a.jpg", b"no picture")]).await;
    assert!(broken.status.is_client_error() && broken.html.contains("a.jpg"), "{broken:?}");
    let kept = buyer.attach(path, &attach, &[("杯子.jpg", PHOTO), ("b.jpg", PHOTO)]).await;
    assert_eq!(kept.status, StatusCode::OK, "{}", kept.html);
    let (first, rest) = kept.html.split_once("value=\"remove-").unwrap().1.split_once('"').unwrap();
    assert!(rest.contains("value=\"remove-"), "two files: {rest}");
    let remove = format!("remove-{first}");
    let one =
        buyer.post(path, &[("once", &once), ("description", "有裂纹"), ("do", &remove)]).await;
    assert!(!one.html.contains(first) && one.html.contains("b.jpg"));

    let file = one.html.split_once("/b/files/").unwrap().1.split('"').next().unwrap();
    assert_eq!(buyer.get(&format!("/b/files/{file}")).await.status, StatusCode::OK);
    let other = Visitor::buyer(&world, "oB2").await.get(&format!("/b/files/{file}")).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    let filed = buyer.post(path, &form).await;
    assert!(filed.location.unwrap().ends_with("?done=applied"));
}

#[tokio::test]
async fn what_is_filled_in_is_there_again_and_a_wrong_amount_is_not_taken_for_none() {
    let world = World::new(Database::Sqlite).await;
    let buyer = buyer(&world).await;
    let goods = [("quantity-A1", "2"), ("reason", "unwanted_seven_days")];
    choose(&buyer, "return_and_refund", &goods).await;
    let path = "/b/orders/3700001/apply/told";
    let once = buyer.get(path).await.field("once");
    let form = [("once", once.as_str()), ("description", "写了一半"), ("amount", "五十")];

    let wrong = buyer.post(path, &[&form[..], &[("do", "submit")]].concat()).await;

    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.html.contains("五十") && wrong.html.contains("无法识别"));
    let later = Visitor::buyer(&world, "oB1").await;
    let page = later.get(path).await;
    assert!(page.html.contains("写了一半") && page.html.contains("value=\"五十\""));
    assert!(later.get("/b/orders/3700001/apply/goods").await.html.contains("value=\"2\""));
}

#[tokio::test]
async fn an_order_not_yet_sent_is_cancelled_and_refunded_at_once() {
    let world = World::new(Database::Sqlite).await;
    let mut order = facts(&world, "3700001", "oB1", 5_900, 2);
    order["progress"] = json!("awaiting_shipment");
    order.as_object_mut().unwrap().remove("signed_at");
    put(&world, &order).await;
    let buyer = Visitor::buyer(&world, "oB1").await;

    let page = buyer.get("/b/orders/3700001").await;
    let cancel = "/b/orders/3700001/cancel";
    assert!(page.html.contains(&format!("href=\"{cancel}\"")), "{}", page.html);
    let sure = buyer.get(cancel).await;
    assert!(sure.html.contains("¥128.00") && sure.html.contains("订单即刻取消"), "{}", sure.html);
    assert!(sure.html.contains("原路返回") && sure.html.contains("退回零钱"));
    let once = sure.field("once");
    let form = [("once", once.as_str()), ("reason", "cancel_wrong_order")];
    let filed = buyer.post(cancel, &form).await.location.unwrap();
    assert_eq!(buyer.post(cancel, &form).await.location.as_ref(), Some(&filed));
    let case_id = filed.trim_start_matches("/b/cases/").split('?').next().unwrap().to_owned();
    assert_eq!(world.case(&case_id).await["stage"], "refunding");
    // The buyer asked; that it was approved is not the buyer's doing.
    let told = buyer.get(&format!("/b/cases/{case_id}")).await.html;
    let (before, _) = told.split_once("同意售后").unwrap();
    let line = before.rsplit("history-line history-").next().unwrap();
    assert!(line.starts_with("system"), "{line}");
}

#[tokio::test]
async fn an_application_that_waits_is_changed() {
    let world = World::new(Database::Sqlite).await;
    let buyer = buyer(&world).await;
    let token = world.buyer("oB1").await;
    let application = return_of_one("不想要了");
    let case_id = world.open(&token, "3700001", application).await;

    let amend = buyer.get(&format!("/b/cases/{case_id}/amend")).await;
    assert_eq!(amend.location.as_deref(), Some("/b/orders/3700001/apply/told"));
    let told = buyer.get("/b/orders/3700001/apply/told").await;
    assert!(told.html.contains("不想要了") && told.html.contains("提交修改"), "{}", told.html);
    let once = told.field("once");
    let form = [("once", once.as_str()), ("description", "颜色不对"), ("do", "submit")];
    let done = buyer.post("/b/orders/3700001/apply/told", &form).await;

    assert_eq!(done.location, Some(format!("/b/cases/{case_id}?done=amended")));
    assert_eq!(world.case(&case_id).await["application"]["description"], "颜色不对");
}

#[tokio::test]
async fn cross_border_deductions_are_shown_before_anything_is_sent() {
    let world = World::new(Database::Sqlite).await;
    let mut order = facts(&world, "3700001", "oB1", 20_000, 1);
    order["items"][0]["category"] = json!("cross_border");
    order["items"][0]["seven_day_right"] = json!(true);
    order["items"][0]["duty"] = json!({"amount_minor": 1_820, "currency": "CNY"});
    order["tenders"][0]["amount"]["amount_minor"] = json!(20_000 + 1_820 + 1_000);
    put(&world, &order).await;
    let buyer = Visitor::buyer(&world, "oB1").await;
    let goods = [("quantity-A1", "1"), ("reason", "unwanted_seven_days")];
    choose(&buyer, "return_and_refund", &goods).await;
    let zh = buyer.get("/b/orders/3700001/apply/told").await;
    assert!(zh.html.contains("扣除跨境退货运费") && zh.html.contains("−¥30.00"), "{}", zh.html);
    assert!(zh.html.contains("税费由买家承担") && zh.html.contains("¥170.00"));
    let en = buyer.reading("en").get("/b/orders/3700001/apply/told").await;
    assert!(en.html.contains("Less cross-border return freight"));
}

#[tokio::test]
async fn an_unboxing_is_put_on_record_before_any_dispute() {
    let world = World::new(Database::Sqlite).await;
    let buyer = buyer(&world).await;
    let path = "/b/orders/3700001/deposit";
    let done = buyer.attach(path, &[], &[("开箱.jpg", PHOTO)]).await;
    assert_eq!(done.location.as_deref(), Some("/b/orders/3700001?done=deposited"), "{done:?}");
    let page = buyer.get("/b/orders/3700001?done=deposited").await;
    assert!(
        page.html.contains("开箱.jpg")
            && page.html.contains("SHA-256")
            && page.html.contains("已存证")
    );
}
