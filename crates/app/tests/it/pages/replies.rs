//! Templates of replies from their form to the buyer, and what the system answers by itself (I1).

use super::visitor::{Shown, Visitor};
use crate::{
    api::Call,
    money::case_of,
    world::{Database, SHOP, World},
};
use app::{
    access::people::Office,
    registry::Change,
    replies::{
        auto::{ANSWERED, Answered, answered, platform},
        follow::answer_once,
    },
};
use domain::{id::ShopId, moment::Span};
use reqwest::{Method, StatusCode};
use serde_json::json;

const LIST: &str = "/m/settings/templates";
const BUYER: &str = "oB1";
const ORDER: &str = "3900001";

/// The first id behind a path on a page.
fn id_on(shown: &Shown) -> String {
    let mark = format!("href=\"{LIST}/");
    let ids = shown.html.split(&mark).skip(1).map(|rest| rest.split('"').next().unwrap());
    ids.into_iter().find(|id| !id.starts_with("new")).expect("a template is listed").to_owned()
}

/// Makes a template and answers with its id.
async fn made(person: &Visitor, name: &str, zh: &str) -> String {
    let fields = [("name", name), ("zh", zh), ("active", "yes")];
    let sent = person.post(LIST, &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.html);
    id_on(&person.get(LIST).await)
}

/// Switches automatic replies on.
async fn switch(person: &Visitor, on: &[(&str, &str)]) -> Shown {
    let version = person.get(LIST).await.html;
    let version = version.split("action=\"/m/settings/templates/auto\"").nth(1).unwrap();
    let version = version.split("name=\"version\" value=\"").nth(1).unwrap();
    let version = version.split('"').next().unwrap().to_owned();
    let mut fields = vec![("version", version.as_str())];
    fields.extend_from_slice(on);
    person.post(&format!("{LIST}/auto"), &fields).await
}

/// What the system said on a case.
async fn said(world: &World, case_id: &str) -> Vec<String> {
    let case = world.case(case_id).await;
    let messages = case["messages"].as_array().cloned().unwrap_or_default();
    let system = messages.iter().filter(|message| message["side"] == "system");
    system.map(|message| message["text"].as_str().unwrap().to_owned()).collect()
}

/// Answers until there is nothing left to read.
async fn answer(world: &World) {
    for _ in 0..20 {
        if answer_once(&world.app).await.unwrap() == 0 {
            return;
        }
    }
    panic!("answering does not come to rest");
}

#[tokio::test]
async fn a_template_goes_from_its_form_to_the_buyer() {
    let world = World::new(Database::Sqlite).await;
    let case_id = case_of(&world, BUYER, ORDER, 5_900).await;
    let lead = Visitor::person(&world, "wang", Office::Supervisor).await;
    let agent = Visitor::person(&world, "li", Office::Agent).await;
    let id = made(&lead, "收到", "订单 {订单号}，{申请金额}，<b>您好</b> {店铺名}").await;

    let page = format!("/m/cases/{case_id}");
    let filled = agent.get(&format!("{page}?template={id}")).await;
    let buyer = Visitor::buyer(&world, BUYER).await;
    let text = "订单 3900001，¥59.00，<b>您好</b> 茶铺";
    let sent = agent.post(&format!("{page}/messages"), &[("text", text)]).await;

    assert!(filled.html.contains("订单 3900001，¥59.00，&#60;b&#62;您好&#60;/b&#62; 茶铺"));
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.html);
    let read = buyer.get(&format!("/b/cases/{case_id}")).await;
    assert!(read.html.contains("订单 3900001，¥59.00") && !read.html.contains("<b>您好"));
}

#[tokio::test]
async fn what_the_case_does_not_say_is_shown_and_never_sent() {
    let world = World::new(Database::Sqlite).await;
    let case_id = case_of(&world, BUYER, ORDER, 5_900).await;
    let lead = Visitor::person(&world, "wang", Office::Supervisor).await;
    let id = made(&lead, "寄回", "请寄到 {退货地址}").await;
    let page = format!("/m/cases/{case_id}");

    let filled = lead.get(&format!("{page}?template={id}")).await;
    let english = lead.get(&format!("{page}?template={id}&lang=en")).await;

    assert!(filled.html.contains("请寄到 【请填写：退货地址】"), "{}", filled.html);
    assert!(filled.html.contains("请补上或删掉再发送：退货地址"));
    assert!(english.html.contains("这个模板没有英文内容"));
    for text in ["请寄到 【请填写：退货地址】", "请寄到 {退货地址}", "to {address}"]
    {
        let refused = lead.post(&format!("{page}/messages"), &[("text", text)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
        assert!(refused.html.contains("还没有填写") && refused.html.contains(text));
    }
    let case = world.case(&case_id).await;
    assert!(!case.to_string().contains("请寄到"), "{case}");
}

#[tokio::test]
async fn an_unknown_variable_is_named_with_the_known_ones() {
    let world = World::new(Database::Sqlite).await;
    let lead = Visitor::person(&world, "wang", Office::Supervisor).await;
    let fields = [("name", "坏的"), ("zh", "单号 {快递费}"), ("en", ""), ("types", "exchange")];
    let refused = lead.post(LIST, &fields).await;

    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.html.contains("没有 {快递费} 这个变量"), "{}", refused.html);
    assert!(refused.html.contains("{订单号} {售后单号}") && refused.html.contains("单号 {快递费}"));
    assert!(refused.html.contains("value=\"exchange\" checked"));
    for (name, zh, why) in [("", "好", "请填写名称"), ("空", "", "请填写中文内容")] {
        let refused = lead.post(LIST, &[("name", name), ("zh", zh)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.html.contains(why), "{}", refused.html);
    }
    let long = "长".repeat(1_001);
    let refused = lead.post(LIST, &[("name", "长"), ("zh", &long)]).await;
    assert!(refused.html.contains("最多 1000 字"));
    assert!(lead.get(LIST).await.html.contains("还没有自己的快捷回复"));
}

#[tokio::test]
async fn agents_use_templates_and_supervisors_write_them() {
    let world = World::new(Database::Sqlite).await;
    let agent = Visitor::person(&world, "li", Office::Agent).await;
    let lead = Visitor::person(&world, "wang", Office::Supervisor).await;
    let id = made(&lead, "收到", "您好").await;

    let fields = [("name", "改了"), ("zh", "您好"), ("version", "1")];
    for path in [LIST.to_owned(), format!("{LIST}/{id}"), format!("{LIST}/{id}/remove")] {
        assert_eq!(agent.post(&path, &fields).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let shown = agent.get(&format!("{LIST}/{id}")).await;
    assert!(shown.html.contains("<fieldset disabled>") && shown.html.contains("只有店主和主管"));
    assert_eq!(agent.get(&format!("{LIST}/nothing")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn two_people_do_not_overwrite_each_other_and_what_is_removed_is_gone() {
    let world = World::new(Database::Sqlite).await;
    let lead = Visitor::person(&world, "wang", Office::Supervisor).await;
    let id = made(&lead, "收到", "您好").await;
    let path = format!("{LIST}/{id}");
    let save = async |name: &str, version: &str| {
        let fields = [("name", name), ("zh", "您好"), ("active", "yes"), ("version", version)];
        lead.post(&path, &fields).await
    };

    assert_eq!(save("已收到", "1").await.status, StatusCode::SEE_OTHER);
    let second = save("收到啦", "1").await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    assert!(second.html.contains("value=\"收到啦\""));
    let looked = lead.post(&path, &[("name", "看"), ("zh", "单 {order}"), ("look", "yes")]).await;
    assert!(looked.status == StatusCode::OK && looked.html.contains("单 3712345678901234567"));
    let kept = lead.get(LIST).await;
    assert!(kept.html.contains("已收到") && kept.html.contains("wang"), "{}", kept.html);

    let switched = switch(&lead, &[("opened", &id)]).await;
    assert_eq!(switched.status, StatusCode::SEE_OTHER, "{}", switched.html);
    let used = lead.post(&format!("{path}/remove"), &[("version", "2")]).await;
    assert!(used.html.contains("正用于自动回复"), "{}", used.html);
    assert_eq!(switch(&lead, &[]).await.status, StatusCode::SEE_OTHER);
    let gone = lead.post(&format!("{path}/remove"), &[("version", "2")]).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.html);
    assert_eq!(lead.get(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_templates_of_the_house_are_offered_until_the_shop_has_its_own() {
    let world = World::new(Database::Sqlite).await;
    let case_id = case_of(&world, BUYER, ORDER, 5_900).await;
    let lead = Visitor::person(&world, "wang", Office::Supervisor).await;
    let page = format!("/m/cases/{case_id}");
    let house = lead.get(&format!("{page}?template=shipped.received")).await;
    assert!(
        house.html.contains("茶铺已收到您的退货退款申请") || house.html.contains("茶铺已收到您的")
    );
    let (fits, others) = house.html.split_once("<optgroup label=\"其他\">").unwrap();
    assert!(fits.contains("shipped.received") && others.contains("shipped.parcel"));

    for _ in 0..2 {
        let adopted = lead.post(&format!("{LIST}/adopt"), &[]).await;
        assert_eq!(adopted.status, StatusCode::SEE_OTHER, "{}", adopted.html);
    }
    let list = lead.get(LIST).await;
    let own = list.html.split("系统模板").next().unwrap();
    assert_eq!(own.matches("退货地址与寄回方法").count(), 1);
    assert!(!lead.get(&page).await.html.contains("shipped."));
    let missing = lead.post(&format!("{LIST}/adopt"), &[("id", "shipped.nothing")]).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_happens_is_answered_once_however_often_the_log_is_read() {
    let world = World::new(Database::Sqlite).await;
    let before = case_of(&world, "oB0", "3900000", 4_900).await;
    let owner = Visitor::person(&world, "wang", Office::Owner).await;
    world.clock.move_forward(Span::seconds(1));
    switch(&owner, &[("opened", "shipped.received"), ("rejected", "shipped.refusal")]).await;
    let case_id = case_of(&world, BUYER, ORDER, 5_900).await;

    let (one, two) = tokio::join!(answer_once(&world.app), answer_once(&world.app));
    one.unwrap();
    two.unwrap();
    answer(&world).await;
    // As after a crash between posting and remembering how far it came.
    let shop_id = ShopId::parse(SHOP).unwrap();
    let entry = answered(&world.app.registry, &shop_id).await.unwrap().unwrap();
    let body = Answered { until: 0, on: true };
    let (platform, kind, id) = (platform().unwrap(), ANSWERED, SHOP);
    let change = Change { shop_id: &platform, kind, id, replaces: entry.version, body: &body };
    assert!(world.app.registry.keep(change, world.app.desk.now()).await.unwrap());
    answer(&world).await;

    let said = said(&world, &case_id).await;
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains(ORDER) && !said[0].contains(['{', '}', '【']), "{said:?}");
    assert_eq!(self::said(&world, &before).await, Vec::<String>::new());
    let buyer = Visitor::buyer(&world, BUYER).await;
    let shown = buyer.get(&format!("/b/cases/{case_id}")).await;
    assert!(shown.html.contains("商家自动回复"), "{}", shown.html);
    let history = owner.get(&format!("/m/cases/{case_id}")).await;
    assert!(history.html.split("id=\"h-history\"").nth(1).unwrap().contains("自动回复"));
}

#[tokio::test]
async fn nobody_is_answered_late_and_the_system_answers_nobody_of_its_own() {
    let world = World::new(Database::Sqlite).await;
    let owner = Visitor::person(&world, "wang", Office::Owner).await;
    // The day before yesterday: today the desk is closed all day.
    let today = (world.app.desk.now().ms() + 8 * 3_600_000).div_euclid(86_400_000);
    let day = ((today + 3 - 2).rem_euclid(7) + 1).to_string();
    let unfit = switch(&owner, &[("outside_hours", "shipped.outside-hours")]).await;
    assert!(unfit.html.contains("需要先填写服务时间"), "{}", unfit.html);
    let on = [
        ("outside_hours", "shipped.outside-hours"),
        ("opened", "shipped.received"),
        ("from", "09:00"),
        ("until", "18:00"),
        ("days", day.as_str()),
    ];
    assert_eq!(switch(&owner, &on).await.status, StatusCode::SEE_OTHER);
    let case_id = case_of(&world, BUYER, ORDER, 5_900).await;
    world.clock.move_forward(Span::hours(25));
    answer(&world).await;
    assert_eq!(said(&world, &case_id).await, Vec::<String>::new());

    let buyer = world.buyer(BUYER).await;
    for text in ["在吗？", "有人吗？"] {
        world.act(&buyer, &case_id, "messages", json!({"text": text})).await;
        answer(&world).await;
    }
    let said = said(&world, &case_id).await;
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        said[0].contains("现在不在客服服务时间") && !said[0].contains("服务时间："),
        "{said:?}"
    );
}

#[tokio::test]
async fn of_what_happens_together_the_last_is_answered() {
    let world = World::new(Database::Sqlite).await;
    let owner = Visitor::person(&world, "wang", Office::Owner).await;
    let on = [("approved", "shipped.approved"), ("refund_ordered", "shipped.refund")];
    switch(&owner, &on).await;
    let case_id = case_of(&world, BUYER, ORDER, 5_900).await;
    world.act(&world.owner, &case_id, "approve", json!({"goods": "keep"})).await;
    answer(&world).await;

    let said = said(&world, &case_id).await;
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("¥59.00 已提交"), "{said:?}");
}

#[tokio::test]
async fn what_the_system_says_meanwhile_stands_in_nobodys_way() {
    let world = World::new(Database::Sqlite).await;
    let owner = Visitor::person(&world, "wang", Office::Owner).await;
    switch(&owner, &[("opened", "shipped.received")]).await;
    let case_id = case_of(&world, BUYER, ORDER, 5_900).await;
    let page = format!("/m/cases/{case_id}");
    let version = owner.get(&page).await.field("version");

    answer(&world).await;
    let fields = [("once", "a"), ("version", version.as_str()), ("tags", "急")];
    let fields = [&fields[..], &[("tier", "ordinary")]].concat();
    let sent = owner.post(&format!("{page}/mark"), &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.html);
    let buyer = world.buyer(BUYER).await;
    world.act(&buyer, &case_id, "messages", json!({"text": "你好"})).await;
    let fields = [("once", "b"), ("version", version.as_str()), ("tags", "急急")];
    let fields = [&fields[..], &[("tier", "ordinary")]].concat();
    let late = owner.post(&format!("{page}/mark"), &fields).await;
    assert_eq!(late.status, StatusCode::PRECONDITION_FAILED, "{}", late.status);
}

#[tokio::test]
async fn what_the_system_says_meanwhile_does_not_make_a_programs_decision_fail() {
    let world = World::new(Database::Sqlite).await;
    let owner = Visitor::person(&world, "wang", Office::Owner).await;
    switch(&owner, &[("opened", "shipped.received")]).await;
    let case_id = case_of(&world, BUYER, ORDER, 5_900).await;
    let path = format!("/api/v1/cases/{case_id}");
    let seen = Call::new("GET", &path).by(&world.owner).send(&world).await;
    let tag = seen.headers["etag"].to_str().unwrap().to_owned();
    let note = async |text: &str| {
        let (path, headers) = (format!("{path}/messages"), [("if-match", tag.as_str())]);
        let call = Call::new("POST", &path).by(&world.owner).with(&headers);
        call.json(&json!({"text": text})).send(&world).await.status
    };

    answer(&world).await;
    assert_eq!(said(&world, &case_id).await.len(), 1);
    assert_eq!(note("请拍一下瓶底").await, StatusCode::OK);
    assert_eq!(note("还有盖子").await, StatusCode::PRECONDITION_FAILED, "a person said something");
}

#[tokio::test]
async fn templates_are_kept_over_the_interface_too() {
    let world = World::new(Database::Sqlite).await;
    let at = "/api/v1/reply-templates";
    let wrong = json!({"name": "坏的", "zh": "{快递费}"});
    let (status, problem) = world.post(&world.owner, at, &wrong).await;
    assert_eq!((status.as_u16(), &problem["code"]), (422, &json!("template_variable_unknown")));

    let new = json!({"name": "收到", "zh": "订单 {订单号}", "stages": ["under_review"]});
    let (status, made) = world.post(&world.owner, at, &new).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let path = format!("{at}/{}", made["id"].as_str().unwrap());
    let change = json!({"version": 1, "template": {"name": "已收到", "zh": "您好"}});
    let (status, changed) = world.send(Method::PUT, &world.owner, &path, &change).await;
    assert_eq!((status, &changed["version"]), (StatusCode::OK, &json!(2)), "{changed}");
    let (status, _) = world.send(Method::PUT, &world.owner, &path, &change).await;
    assert_eq!(status, StatusCode::CONFLICT);

    let on = json!({"version": 0, "on": [{"occasion": "opened", "template_id": made["id"]}]});
    let (status, set) = world.send(Method::PUT, &world.owner, "/api/v1/auto-replies", &on).await;
    assert_eq!((status, &set["on"][0]["occasion"]), (StatusCode::OK, &json!("opened")), "{set}");
    let (status, problem) = world.send(Method::DELETE, &world.owner, &path, &json!(null)).await;
    assert_eq!((status.as_u16(), &problem["code"]), (422, &json!("template_used")));
    let off = json!({"version": 1, "on": []});
    let (status, _) = world.send(Method::PUT, &world.owner, "/api/v1/auto-replies", &off).await;
    assert_eq!(status, StatusCode::OK);
    let (status, _) = world.send(Method::DELETE, &world.owner, &path, &json!(null)).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let (_, list) = world.get(&world.owner, at).await;
    assert_eq!(list["items"], json!([]));
}
