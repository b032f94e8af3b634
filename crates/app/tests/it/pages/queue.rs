//! The merchant's queue: what is found, in which order, and many cases at once.

use super::visitor::{Shown, Visitor};
use crate::{
    api::tenancy::open_shop,
    world::{Database, World, facts, return_of_one},
};
use app::access::people::Office;
use domain::moment::Span;
use engine::{figures::Day, follow::follow_once};
use reqwest::{Method, StatusCode};
use serde_json::json;

/// A case about one cup at a price.
async fn case(world: &World, order_id: &str, buyer_id: &str, fen: i64) -> String {
    world.order(order_id, buyer_id, fen, 1).await;
    let buyer = world.buyer(buyer_id).await;
    let application = return_of_one("不想要了");
    world.open(&buyer, order_id, application).await
}

/// A case of another shop.
pub async fn elsewhere(world: &World) -> String {
    let owner = open_shop(world, "cup").await;
    let (status, answer) = world
        .send(Method::PUT, &owner, "/api/v1/orders/z1", &facts(world, "z1", "oB9", 5_000, 1))
        .await;
    assert!(status.is_success(), "{answer}");
    let application = json!({"type": "return_and_refund", "reason": "unwanted_seven_days",
        "description": "x", "items": [{"item_id": "A1", "quantity": 1}]});
    let (status, case) = world.post(&owner, "/api/v1/orders/z1/cases", &application).await;
    assert_eq!(status, StatusCode::CREATED, "{case}");
    case["case_id"].as_str().unwrap().to_owned()
}

/// The cases that a page lists, in order.
fn listed(shown: &Shown) -> Vec<String> {
    let rows = shown.html.split("data-case=\"").skip(1);
    rows.map(|row| row.split('"').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_queue_is_sorted_by_risk_and_narrowed_by_every_filter() {
    let world = World::new(Database::Sqlite).await;
    let cheap = case(&world, "q1", "oB1", 1_000).await;
    let dear = case(&world, "q2", "oB2", 90_000).await;
    let ended = case(&world, "q3", "oB3", 5_000).await;
    world.act(&world.buyer("oB3").await, &ended, "withdraw", json!({})).await;
    let marks = json!({"assignee": "li", "tags": ["破损"], "tier": "legal"});
    world.act(&world.owner, &cheap, "mark", marks).await;
    let li = Visitor::person(&world, "li", Office::Agent).await;

    assert_eq!(listed(&li.get("/m/cases").await), [dear.as_str(), cheap.as_str()]);
    for (query, found) in [
        ("sort=deadline", vec![&cheap, &dear]),
        ("sort=newest", vec![&dear, &cheap]),
        ("tab=closed", vec![&ended]),
        ("tab=all", vec![&ended, &dear, &cheap]),
        ("tab=buyer", vec![]),
        ("min=800", vec![&dear]),
        ("max=800", vec![&cheap]),
        ("who=me", vec![&cheap]),
        ("who=none", vec![&dear]),
        ("tag=%E7%A0%B4%E6%8D%9F", vec![&cheap]),
        ("tier=legal", vec![&cheap]),
        ("tier=difficult", vec![]),
        ("buyer=oB2", vec![&dear]),
        ("type=exchange", vec![]),
        ("type=return_and_refund", vec![&dear, &cheap]),
        ("reason=unwanted_seven_days&max=800", vec![&cheap]),
    ] {
        let shown = li.get(&format!("/m/cases?{query}")).await;
        assert_eq!(shown.status, StatusCode::OK, "{query}");
        assert_eq!(listed(&shown).iter().collect::<Vec<_>>(), found, "{query}");
        let part = li.get(&format!("/m/cases?{query}&part=rows")).await;
        assert!(listed(&part) == listed(&shown) && !part.html.contains("<main"), "{query}");
    }
    let wrong = li.get("/m/cases?min=many").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.html.contains("value=\"many\""));
}

#[tokio::test]
async fn the_queue_is_narrowed_by_day_and_shows_the_buyers_first_words() {
    let world = World::new(Database::Sqlite).await;
    let old = case(&world, "q1", "oB1", 1_000).await;
    world.clock.move_forward(Span::days(2));
    let new = case(&world, "q2", "oB2", 2_000).await;
    let marks = json!({"tags": ["等供应商"], "tier": "ordinary"});
    world.act(&world.owner, &old, "mark", marks).await;
    let (app, store) = (&world.app, world.app.desk.store());
    while follow_once(store, app.desk.rulebook()).await.unwrap().records > 0 {}
    let li = Visitor::person(&world, "li", Office::Agent).await;
    let today = Day::of(app.desk.now());
    let before = today.plus(-1);

    for (query, found) in [
        (format!("tab=all&since={today}"), vec![&new]),
        (format!("tab=all&until={before}"), vec![&old]),
        (format!("tab=all&since={}&until={today}", today.plus(-2)), vec![&new, &old]),
        (format!("tab=all&since={}", today.plus(1)), vec![]),
        ("tab=all&q=%E4%BE%9B%E5%BA%94%E5%95%86".to_owned(), vec![&old]),
    ] {
        let shown = li.get(&format!("/m/cases?{query}")).await;
        assert_eq!(listed(&shown).iter().collect::<Vec<_>>(), found, "{query}");
    }
    let shown = li.get("/m/cases").await;
    assert!(shown.html.contains("“不想要了”"), "{}", shown.html);
    let wrong = li.get("/m/cases?since=gestern").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.html.contains("看不懂日期“gestern”"));
    let since = today.starts_at();
    let (_, page) = world.get(&world.owner, &format!("/api/v1/cases?opened_since={since}")).await;
    assert_eq!(page["items"].as_array().unwrap().len(), 1, "{page}");
    assert_eq!(page["items"][0]["summary"]["words"], "不想要了");
}

/// An address out of a page.
fn plain(address: &str) -> String {
    address.replace("&#38;", "&").replace("&amp;", "&")
}

#[tokio::test]
async fn a_long_queue_goes_on_by_cursor_and_loses_no_case() {
    let world = World::new(Database::Sqlite).await;
    let mut cases = Vec::new();
    for n in 0..53 {
        cases.push(case(&world, &format!("q{n}"), &format!("oB{n}"), 2_000).await);
    }
    let agent = Visitor::person(&world, "li", Office::Agent).await;
    let (app, store) = (&world.app, world.app.desk.store());
    while follow_once(store, app.desk.rulebook()).await.unwrap().records > 0 {}
    for (sort, backwards, goes_on) in [
        ("newest", true, "下一页"),
        ("deadline", false, "下一页"),
        ("risk", false, "下一页"),
        // Not all were looked through that have the words.
        ("newest&q=%E4%B8%8D%E6%83%B3%E8%A6%81%E4%BA%86", true, "继续查找"),
    ] {
        let first = agent.get(&format!("/m/cases?sort={sort}")).await;
        assert!(first.html.contains(goes_on), "{sort}");
        let next = first.html.split("rel=\"next\" href=\"").nth(1).unwrap();
        let next = plain(next.split('"').next().unwrap());
        let second = agent.get(&next).await;
        assert!(!second.html.contains("rel=\"next\"") && !second.html.contains("继续查找"));
        let mut found = [listed(&first), listed(&second)].concat();
        assert_eq!(listed(&first).len(), 50);
        let (back, last) = (plain(&second.field("back")), found.last().unwrap());
        let chosen = [("act", "tag"), ("tag", ""), ("case", last.as_str()), ("back", &back)];
        let chosen = agent.post("/m/cases/bulk", &chosen).await;
        assert!(chosen.html.contains(&format!("value=\"{last}\" checked")), "the same page");
        if backwards {
            found.reverse();
        }
        assert_eq!(found, cases, "{sort}");
    }
}

#[tokio::test]
async fn many_are_approved_after_a_preview_and_each_has_its_result() {
    let world = World::new(Database::Sqlite).await;
    let first = case(&world, "q1", "oB1", 1_000).await;
    let second = case(&world, "q2", "oB2", 2_000).await;
    let ended = case(&world, "q3", "oB3", 3_000).await;
    world.act(&world.buyer("oB3").await, &ended, "withdraw", json!({})).await;
    let stranger = elsewhere(&world).await;
    let li = Visitor::person(&world, "li", Office::Agent).await;
    let cases = [first.as_str(), second.as_str(), ended.as_str(), stranger.as_str()];
    let mut fields = vec![("act", "approve"), ("note", "抱歉<b>"), ("back", "//evil.example")];
    fields.extend(cases.map(|case| ("case", case)));

    let preview = li.post("/m/cases/bulk", &fields).await;
    assert_eq!(preview.status, StatusCode::OK, "{}", preview.html);
    assert!(preview.html.contains("共选中 4 单，其中 2 单可以执行"), "{}", preview.html);
    assert!(preview.html.contains("退款 ¥20.00，原路返回") && !preview.html.contains("<b>"));
    assert!(!preview.html.contains("evil"));
    assert_eq!(world.case(&first).await["stage"], "under_review");

    world.act(&world.owner, &second, "messages", json!({"text": "稍等"})).await;
    let once = preview.field("once");
    let versions = [&first, &second].map(|id| {
        let name = format!("version-{id}");
        let value = preview.field(&name);
        (name, value)
    });
    let mut sure = vec![("act", "approve"), ("note", "抱歉<b>"), ("once", once.as_str())];
    sure.extend([("case", first.as_str()), ("case", second.as_str())]);
    sure.extend(versions.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let done = li.post("/m/cases/bulk/do", &sure).await;
    assert!(done.html.contains("共 2 单，成功 1 单"), "{}", done.html);
    assert_eq!(world.case(&first).await["stage"], "awaiting_return");
    assert_eq!(world.case(&second).await["stage"], "under_review");

    let version = world.case(&first).await["version"].clone();
    let again = li.post("/m/cases/bulk/do", &sure).await;
    assert!(again.html.contains("共 2 单，成功 1 单"), "{}", again.html);
    assert_eq!(world.case(&first).await["version"], version);
}

#[tokio::test]
async fn many_are_given_tagged_and_graded_and_keep_their_other_marks() {
    let world = World::new(Database::Sqlite).await;
    let id = case(&world, "q1", "oB1", 1_000).await;
    let marks = json!({"assignee": "li", "tags": ["破损"], "tier": "legal"});
    world.act(&world.owner, &id, "mark", marks).await;
    let li = Visitor::person(&world, "li", Office::Agent).await;

    for deed in [("tag", "tag", "VIP"), ("grade", "tier", "difficult"), ("assign", "to", "owner")] {
        let fields = [("act", deed.0), (deed.1, deed.2), ("case", id.as_str())];
        let preview = li.post("/m/cases/bulk", &fields).await;
        let (once, version) = (preview.field("once"), preview.field(&format!("version-{id}")));
        let name = format!("version-{id}");
        let sure = [&fields[..], &[("once", once.as_str()), (name.as_str(), version.as_str())]];
        let done = li.post("/m/cases/bulk/do", &sure.concat()).await;
        assert!(done.html.contains("成功 1 单"), "{}", done.html);
    }
    let marks = world.case(&id).await["marks"].clone();
    assert_eq!(marks, json!({"assignee": "owner", "tags": ["VIP", "破损"], "tier": "difficult"}));

    let cashier = Visitor::person(&world, "cash", Office::Finance).await;
    let fields = [("act", "approve"), ("case", id.as_str())];
    assert_eq!(cashier.post("/m/cases/bulk", &fields).await.status, StatusCode::FORBIDDEN);
    assert!(!cashier.get("/m/cases").await.html.contains("name=\"case\""));
}

#[tokio::test]
async fn what_was_typed_for_many_is_there_again_when_nothing_can_be_done() {
    let world = World::new(Database::Sqlite).await;
    let [id, other] =
        [case(&world, "q1", "oB1", 1_000).await, case(&world, "q2", "oB2", 2_000).await];
    let li = Visitor::person(&world, "li", Office::Agent).await;
    let back = ("back", "/m/cases?buyer=oB1&tab=all");

    let none = li.post("/m/cases/bulk", &[("act", "approve"), ("note", "抱歉<b>"), back]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.html.contains("抱歉&#60;b&#62;"), "{}", none.html);
    assert!(none.html.contains(&id) && !none.html.contains(&other), "the list as it was narrowed");

    let untold = [("act", "tag"), ("tag", " "), ("to", "li"), ("case", id.as_str()), back];
    let untold = li.post("/m/cases/bulk", &untold).await;
    assert_eq!(untold.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(untold.html.contains(&format!("value=\"{id}\" checked")), "{}", untold.html);
    assert!(untold.html.contains("value=\"li\" selected"), "{}", untold.html);
}

#[tokio::test]
async fn a_view_is_kept_for_oneself_or_by_those_who_lead_for_all() {
    let world = World::new(Database::Sqlite).await;
    let li = Visitor::person(&world, "li", Office::Agent).await;
    let boss = Visitor::person(&world, "boss", Office::Supervisor).await;
    let own = [("name", "大额<1>"), ("query", "min=500&tab=todo")];
    let kept = li.post("/m/cases/views", &own).await;
    assert_eq!(kept.location.as_deref(), Some("/m/cases?min=500&tab=todo&done=view-kept"));
    let shared = [("name", "法律"), ("query", "tier=legal"), ("shared", "1")];
    assert_eq!(li.post("/m/cases/views", &shared).await.status, StatusCode::FORBIDDEN);
    boss.post("/m/cases/views", &shared).await;

    let page = li.get("/m/cases").await.html;
    assert!(page.contains("大额&#60;1&#62;") && page.contains("tier=legal"), "{page}");
    assert!(!boss.get("/m/cases").await.html.contains("大额"));
    li.post("/m/cases/views/remove", &[("name", "大额<1>")]).await;
    assert!(!li.get("/m/cases").await.html.contains("大额"));
}
