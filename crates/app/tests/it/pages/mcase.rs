//! The merchant's case page: each decision from its form to its effect, without script.

mod apart;
mod money;
mod together;

use super::visitor::{Shown, Visitor};
use crate::{
    money::asked_for,
    world::{Database, World},
};
use app::access::people::Office;
use reqwest::StatusCode;
use serde_json::{Value, json};

const BUYER: &str = "oB1";
const ORDER: &str = "3900001";

/// A shop with a case of ¥59.00 (one piece of two; the delivery fee stays).
async fn world() -> (World, String) {
    let world = World::new(Database::Sqlite).await;
    let case_id = crate::money::case_of(&world, BUYER, ORDER, 5_900).await;
    (world, case_id)
}

fn path(case_id: &str, form: &str) -> String {
    format!("/m/cases/{case_id}/{form}")
}

/// The value of a hidden field of the form that is open.
fn hidden<'a>(html: &'a str, name: &str) -> &'a str {
    let form = html.split("id=\"decide\"").nth(1).expect("a form is open");
    let mark = format!("name=\"{name}\" value=\"");
    form.split(&mark).nth(1).and_then(|rest| rest.split('"').next()).expect("a hidden field")
}

/// Opens a form, fills it in, looks at what is foreseen, and sends it.
async fn decide(visitor: &Visitor, path: &str, typed: &[(&str, &str)]) -> Shown {
    let open = visitor.get(path).await;
    assert_eq!(open.status, StatusCode::OK, "{path}");
    let looked = visitor.post(path, &with(&open.html, typed)).await;
    assert_eq!(looked.status, StatusCode::OK, "{path} {}", said(&looked.html));
    let mut fields = with(&looked.html, typed);
    fields.push(("sure", "yes"));
    visitor.post(path, &fields).await
}

/// What a browser sends of the form on a page.
fn with<'a>(html: &'a str, typed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields: Vec<_> =
        ["once", "version", "seen"].map(|name| (name, hidden(html, name))).to_vec();
    fields.extend_from_slice(typed);
    fields
}

/// What a page says went wrong.
fn said(html: &str) -> &str {
    html.split("notice-problem").nth(1).and_then(|rest| rest.split("</div>").next()).unwrap_or("")
}

/// That it was done, and the page that says so.
async fn done(visitor: &Visitor, sent: &Shown) -> String {
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", said(&sent.html));
    let shown = visitor.get(sent.location.as_deref().unwrap()).await;
    assert!(shown.html.contains("notice-done"), "{}", shown.html);
    shown.html
}

async fn stage(world: &World, case_id: &str) -> Value {
    world.case(case_id).await["stage"].clone()
}

#[tokio::test]
async fn everything_stands_on_one_page_in_both_languages() {
    let (world, case_id) = world().await;
    let agent = Visitor::person(&world, "li", Office::Agent).await;
    let english = Visitor { cookie: agent.cookie.clone(), ..Visitor::stranger(&world) };

    let page = agent.get(&format!("/m/cases/{case_id}")).await;
    let other = english.reading("en").get(&format!("/m/cases/{case_id}")).await;

    assert_eq!(page.status, StatusCode::OK);
    for text in ["不想要了", "手工陶瓷杯", "¥59.00", "oB1", "细则诊断", "怎么算出来的", "内部备注"]
    {
        assert!(page.html.contains(text), "{text}");
    }
    assert!(page.html.contains("data-countdown") && page.html.contains("系统自动同意"));
    assert!(other.html.contains("What the policy finds") && other.html.contains("by itself"));
}

#[tokio::test]
async fn what_will_happen_is_said_before_the_click_and_then_happens() {
    let (world, case_id) = world().await;
    let agent = Visitor::person(&world, "li", Office::Agent).await;
    let path = path(&case_id, "approve-part");

    let typed = [("amount", "30"), ("goods", "keep"), ("note", "补偿三十元")];
    let looked = agent.post(&path, &with(&agent.get(&path).await.html, &typed)).await;
    for text in [
        "立即退 ¥30.00",
        "¥30.00 原路退回买家零钱",
        "商品不用寄回",
        "补偿三十元",
        "比可退金额少 ¥29.00",
    ] {
        assert!(looked.html.contains(text), "{text}: {}", looked.html);
    }
    assert_eq!(stage(&world, &case_id).await, "under_review");

    let sent = decide(&agent, &path, &typed).await;
    let page = done(&agent, &sent).await;

    assert_eq!(stage(&world, &case_id).await, "refunding");
    assert!(page.contains("¥30.00") && page.contains("补偿三十元"));
}

#[tokio::test]
async fn an_amount_that_was_not_shown_is_not_sent() {
    let (world, case_id) = world().await;
    let agent = Visitor::person(&world, "li", Office::Agent).await;
    let path = path(&case_id, "approve-part");
    let open = agent.get(&path).await;

    let mut fields = with(&open.html, &[("amount", "58"), ("goods", "keep"), ("sure", "yes")]);
    let again = agent.post(&path, &fields).await;
    assert!(again.html.contains("再确认一次") && again.html.contains("立即退 ¥58.00"));
    assert_eq!(stage(&world, &case_id).await, "under_review");

    fields = with(&again.html, &[("amount", "58"), ("goods", "keep"), ("sure", "yes")]);
    done(&agent, &agent.post(&path, &fields).await).await;
    assert_eq!(stage(&world, &case_id).await, "refunding");
}

#[tokio::test]
async fn the_whole_amount_waits_for_the_goods_where_the_type_says_so() {
    let (world, case_id) = world().await;
    let agent = Visitor::person(&world, "li", Office::Agent).await;
    let path = path(&case_id, "approve");
    let open = agent.get(&path).await;
    for text in ["验货通过后退 ¥59.00", "买家须先寄回商品", "¥59.00 原路退回买家零钱", "售后单关闭"]
    {
        assert!(open.html.contains(text), "{text}");
    }

    let mut fields = with(&open.html, &[("note", "请寄回")]);
    fields.push(("sure", "yes"));
    done(&agent, &agent.post(&path, &fields).await).await;

    assert_eq!(stage(&world, &case_id).await, "awaiting_return");
}

#[tokio::test]
async fn an_offer_a_question_and_a_refusal_reach_the_buyer() {
    let (world, case_id) = world().await;
    let agent = Visitor::person(&world, "li", Office::Agent).await;
    let typed = [("note", "请补一张外包装照片")];
    done(&agent, &decide(&agent, &path(&case_id, "request-evidence"), &typed).await).await;
    assert_eq!(stage(&world, &case_id).await, "awaiting_evidence");

    let typed =
        [("amount", "20"), ("route", "original"), ("goods", "keep"), ("note", "补您二十元")];
    done(&agent, &decide(&agent, &path(&case_id, "offer"), &typed).await).await;
    let case = world.case(&case_id).await;
    assert_eq!(case["stage"], "offered");
    assert_eq!(case["offer"]["terms"]["amount"]["amount_minor"], 2_000);
    let buyer = world.buyer(BUYER).await;
    world.act(&buyer, &case_id, "decline-offer", json!({})).await;

    let empty = decide(&agent, &path(&case_id, "reject"), &[("note", "")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(said(&empty.html).contains("请填写原因"), "{}", said(&empty.html));
    done(&agent, &decide(&agent, &path(&case_id, "reject"), &[("note", "已拆封")]).await).await;
    assert_eq!(stage(&world, &case_id).await, "rejected");
}

/// P1: a refusal of what the policy finds justified is warned of, with what it would cost.
#[tokio::test]
async fn a_refusal_says_what_the_policy_finds() {
    let (world, case_id) = world().await;
    let agent = Visitor::person(&world, "li", Office::Agent).await;
    let justified = agent.get(&path(&case_id, "reject")).await;
    assert!(justified.html.contains("data-justified=\"true\""), "{}", justified.html);
    assert!(justified.html.contains("预计要付 ¥59.00") && justified.html.contains("降低店铺评分"));

    world.order("3900002", "oB2", 5_900, 2).await;
    let mut application = asked_for("A1");
    application["declared"] = json!({"opened": true});
    let doubted = world.open(&world.buyer("oB2").await, "3900002", application).await;
    let doubted = agent.get(&path(&doubted, "reject")).await;
    assert!(doubted.html.contains("data-justified=\"false\""), "{}", doubted.html);
    assert!(!doubted.html.contains("降低店铺评分") && doubted.html.contains("F5"));
}

/// Receive, inspect with a picture, and in part: the buyer decides on the rest.
#[tokio::test]
async fn a_return_is_received_and_inspected_with_pictures() {
    let (world, case_id) = world().await;
    let (agent, buyer) =
        (Visitor::person(&world, "li", Office::Agent).await, world.buyer(BUYER).await);
    world.act(&world.owner, &case_id, "approve", json!({})).await;
    let parcel = json!({"carrier": "顺丰速运", "waybill": "SF1234567890"});
    world.act(&buyer, &case_id, "ship-return", parcel).await;
    done(&agent, &decide(&agent, &path(&case_id, "receive"), &[]).await).await;
    assert_eq!(stage(&world, &case_id).await, "inspecting");

    let at = path(&case_id, "inspect");
    let open = agent.get(&at).await;
    let picture = include_bytes!("../../fixtures/evidence/photo.png");
    let typed = [("result", "accepted_in_part"), ("amount", "40"), ("note", "杯口磕碰")];
    let looked = agent.attach(&at, &with(&open.html, &typed), &[("a.png", picture)]).await;
    assert!(looked.html.contains("买家接受后退 ¥40.00"), "{}", looked.html);
    let file = hidden(&looked.html, "file").to_owned();
    let mut fields = with(&looked.html, &typed);
    fields.extend([("file", file.as_str()), ("sure", "yes")]);
    done(&agent, &agent.post(&at, &fields).await).await;

    let case = world.case(&case_id).await;
    assert_eq!(
        (&case["stage"], &case["exhibits"][0]["file_id"]),
        (&"offered".into(), &json!(file))
    );
    assert_eq!(case["exhibits"][0]["side"], "merchant");
    let shown = agent.get(&format!("/m/cases/{case_id}/evidence/{file}")).await;
    assert!(shown.html.contains(&format!("/m/files/{file}")));
}

#[tokio::test]
async fn a_replacement_goes_out_and_the_platform_can_be_called() {
    let world = World::new(Database::Sqlite).await;
    world.order(ORDER, BUYER, 5_900, 2).await;
    let buyer = world.buyer(BUYER).await;
    let application = json!({"type": "exchange", "reason": "unwanted_size",
        "items": [{"item_id": "A1", "quantity": 1}], "description": "换一个"});
    let case_id = world.open(&buyer, ORDER, application).await;
    let agent = Visitor::person(&world, "li", Office::Agent).await;
    done(&agent, &decide(&agent, &path(&case_id, "approve"), &[]).await).await;
    let parcel = json!({"carrier": "顺丰速运", "waybill": "SF1234567890"});
    world.act(&buyer, &case_id, "ship-return", parcel).await;
    let inspected = decide(&agent, &path(&case_id, "inspect"), &[("result", "accepted")]).await;
    done(&agent, &inspected).await;

    let typed = [("carrier", "中通快递"), ("waybill", "75312345678901")];
    done(&agent, &decide(&agent, &path(&case_id, "send-replacement"), &typed).await).await;

    assert_eq!(stage(&world, &case_id).await, "replacement_in_transit");
}
