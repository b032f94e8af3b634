//! The merchant's overview: what happened is counted, every figure leads to its cases, files and
//! the review say the same.

use super::visitor::{Shown, Visitor};
use crate::world::{Database, World};
use app::access::people::Office;
use domain::moment::Span;
use engine::follow::{Followed, follow_once};
use reqwest::StatusCode;
use serde_json::json;

async fn follow(world: &World) {
    let (store, rules) = (world.app.desk.store(), world.app.desk.rulebook());
    while follow_once(store, rules).await.unwrap() != Followed::default() {}
}

/// Opens a case about the first item of a fresh order of 100 yuan.
async fn open(world: &World, n: u32, reason: &str) -> (String, String) {
    let (order, buyer_id) = (format!("370000{n}"), format!("oB{n}"));
    world.order(&order, &buyer_id, 10_000, 1).await;
    let buyer = world.buyer(&buyer_id).await;
    let application = json!({"type": "return_and_refund", "reason": reason,
        "items": [{"item_id": "A1", "quantity": 1}], "description": "不合适"});
    (world.open(&buyer, &order, application).await, buyer)
}

/// One approved, one refused and overruled, one left to its deadline, one that is still open.
async fn a_month_of_work() -> World {
    let world = World::new(Database::Sqlite).await;
    let (approved, _) = open(&world, 1, "unwanted_seven_days").await;
    world.act(&world.owner, &approved, "approve", json!({"goods": "keep"})).await;
    let (refused, buyer) = open(&world, 2, "unwanted_seven_days").await;
    world.act(&world.owner, &refused, "reject", json!({"reason": "用过"})).await;
    world.act(&buyer, &refused, "escalate", json!({"reason": "没用过"})).await;
    let arbiter = world.person("judge", Office::Arbiter).await;
    let yuan = json!({"amount_minor": 5_000, "currency": "CNY"});
    let terms = json!({"amount": yuan, "route": "original", "goods": "keep"});
    let ruling = json!({"reason": "没有证据", "terms": terms});
    world.act(&arbiter, &refused, "rule", ruling).await;
    world.settle().await;
    let (_late, _) = open(&world, 3, "unwanted_dislike").await;
    world.pass(Span::hours(49)).await;
    open(&world, 4, "unwanted_dislike").await;
    world.pass(Span::hours(26)).await;
    follow(&world).await;
    world
}

/// What stands between two marks.
fn between<'a>(html: &'a str, from: &str, to: &str) -> &'a str {
    let (_, rest) = html.split_once(from).unwrap_or_else(|| panic!("{from} in {html}"));
    rest.split(to).next().unwrap()
}

fn says(shown: &Shown, texts: &[&str]) {
    assert_eq!(shown.status, StatusCode::OK);
    for text in texts {
        assert!(shown.html.contains(text), "{text} in {}", shown.html);
    }
}

#[tokio::test]
async fn what_happened_is_counted_in_both_languages() {
    let world = a_month_of_work().await;
    let agent = Visitor::person(&world, "li", Office::Agent).await;

    let page = agent.get("/m/overview").await;

    says(&page, &["待我处理", "七天无理由退货", "不喜欢/效果不如预期", "手工陶瓷杯"]);
    let wrong = between(&page.html, "误拒</div>", "</div>");
    assert!(wrong.ends_with('1'), "{wrong}");
    // 100 yuan were asked for the goods; the one that nobody looked at was granted by itself.
    let automatic = between(&page.html, "automatic-title", "</section>");
    assert!(automatic.contains("1 单"), "{automatic}");
    assert!(between(&page.html, "退款率</div>", "</div>").contains("%"));
    let english = agent.reading("en").get("/m/overview?days=365").await;
    says(&english, &["What automatic approvals cost", "Pareto", "Shop score", "2 cases"]);
    assert!(english.html.contains("data-chart=\"pareto\"") && english.html.contains("<details"));
    assert!(!english.html.contains("style=") && !english.html.contains("onclick"));
}

#[tokio::test]
async fn every_figure_leads_to_as_many_cases() {
    let world = a_month_of_work().await;
    let owner = Visitor::person(&world, "wu", Office::Owner).await;
    let page = owner.get("/m/overview").await;
    let mut followed = 0;
    for row in page.html.split("<tr>").skip(1) {
        let row = row.split("</tr>").next().unwrap();
        let cells: Vec<&str> = row.split("<td class=\"text-end w-number\">").skip(1).collect();
        let counted = cells.first().and_then(|cell| cell.split('<').next()?.parse::<usize>().ok());
        let (Some((_, link)), Some(counted)) = (row.split_once("href=\""), counted) else {
            continue;
        };
        let link = link.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
        let cases = owner.get(&link).await;
        says(&cases, &["售后单明细"]);
        let links: usize = cases.html.matches("href=\"/m/cases/").count();
        assert_eq!(links, counted, "{link}");
        followed += 1;
    }
    assert!(followed >= 8, "{followed} in {}", page.html);
    let deadline = owner.get("/m/overview/cases?days=30&decided=deadline").await;
    says(&deadline, &["处理方式: 超时自动", "不喜欢"]);
    assert_eq!(deadline.html.matches("href=\"/m/cases/").count(), 1);
}

#[tokio::test]
async fn todays_work_is_where_one_begins() {
    let world = a_month_of_work().await;
    let agent = Visitor::person(&world, "li", Office::Agent).await;

    let page = agent.get("/m").await;

    says(&page, &["今日待办", "24 小时内到期", "data-countdown", "系统自动同意", "¥100.00"]);
    let merchant = between(&page.html, "待我处理</div>", "</div>");
    assert!(merchant.ends_with('1'), "{merchant}");
    assert!(page.html.contains("/m/cases?tab=todo"));
}

#[tokio::test]
async fn files_have_a_line_for_each_case_and_no_formula() {
    let world = a_month_of_work().await;
    let owner = Visitor::person(&world, "wu", Office::Owner).await;

    let file = owner.get("/m/overview/cases.csv?days=30").await;

    assert!(file.html.starts_with("\u{feff}申请日期,售后单号,订单号"), "{}", file.html);
    let mut reader = csv::Reader::from_reader(file.html.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 4);
    assert!(rows.iter().any(|row| &row[15] == "超时自动" && &row[7] == "手工陶瓷杯"));
    assert!(rows.iter().any(|row| &row[10] == "50.00" && &row[18] == "误拒"), "{rows:?}");
    let days = owner.get("/m/overview/figures.csv?days=30").await;
    let mut reader = csv::Reader::from_reader(days.html.trim_start_matches('\u{feff}').as_bytes());
    let cases = reader.records().map(|row| row.unwrap()[1].parse::<u64>().unwrap());
    assert_eq!(cases.sum::<u64>(), 4);
}

#[tokio::test]
async fn the_review_names_what_has_not_gone_and_what_to_mend() {
    let world = a_month_of_work().await;
    let owner = Visitor::person(&world, "wu", Office::Owner).await;

    let page = owner.get("/m/overview/review?days=30").await;
    says(&page, &["退款对账", "需要改进", "超时被自动处理", "被平台改判", "详情页"]);

    let english = owner.reading("en").get("/m/overview/review?days=30").await;
    says(&english, &["Refunds against the books", "What to mend"]);
    let agrees = english.html.contains("The books agree");
    assert!(agrees || english.html.contains("have not gone yet"), "{}", english.html);
}

#[tokio::test]
async fn a_shop_without_cases_and_an_odd_address_are_no_trouble() {
    let world = World::new(Database::Sqlite).await;
    let owner = Visitor::person(&world, "wu", Office::Owner).await;
    let english = Visitor { cookie: owner.cookie.clone(), ..Visitor::stranger(&world) };
    let english = english.reading("en");
    for path in [
        "/m",
        "/m/overview",
        "/m/overview?days=0",
        "/m/overview?days=-7",
        "/m/overview?days=99999999999",
        "/m/overview?days=%00",
        "/m/overview?from=2026-13-45&to=x",
        "/m/overview?from=9999-12-31&to=1970-01-01",
        "/m/overview?from=1970-01-01&to=9000-12-31",
        "/m/overview/cases",
        "/m/overview/cases?reason=%27%3B&product=%00%22%25&batch=%F0%9F%8E%81&decided=x&settled=1",
        "/m/overview/cases?cursor=zzz",
        "/m/overview/review",
    ] {
        let page = owner.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path} {}", page.html);
        assert_eq!(english.get(path).await.status, StatusCode::OK, "{path}");
    }
    let file = owner.get("/m/overview/cases.csv").await;
    assert_eq!(file.html.lines().count(), 1);
    let finance = Visitor::person(&world, "qian", Office::Finance).await;
    assert_eq!(finance.get("/m/overview").await.status, StatusCode::OK);
}
