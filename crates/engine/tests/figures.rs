//! Rows of figures as functions of the log, told from golden records put in a row.
#![expect(clippy::unwrap_used, reason = "a test ends where something is amiss")]

use domain::{
    case::Outcome,
    evolve::fold,
    id::{OrderId, ShopId},
    moment::Span,
    policy::Policy,
    record::Record,
};
use engine::{
    figures::{
        CaseFigure, Decided, Refusing, Ruled, Share, case_figures,
        dispute::{Grounds, dispute_cost},
        order_figure,
    },
    rows::StreamKey,
    search::case_texts,
};
use serde_json::{Value, json};
use std::{fs, path::Path};

const CASE: &str = "00000000-0000-0000-0000-000000000002";

/// A golden record in its place in the story.
fn record(place: usize, name: &str) -> Value {
    let (name, by) = name.split_once('@').map_or((name, None), |(name, by)| (name, Some(by)));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../domain/tests/golden");
    let text = fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
    let mut record: Value = serde_json::from_str(&text).unwrap();
    record["version"] = json!(place + 1);
    record["command"] = json!(format!("00000000-0000-0000-0000-{:012}", place + 1));
    if let Some(by) = by {
        record["by"] = json!(by);
    }
    if let Some(case_id) = record.pointer_mut("/event/case/case_id") {
        *case_id = json!(CASE);
    }
    record
}

fn story(names: &str) -> Vec<Record> {
    let names = names.split_whitespace().enumerate();
    let records = names.map(|(place, name)| record(place, name));
    records.map(|record| serde_json::from_value(record).unwrap()).collect()
}

fn key() -> StreamKey {
    StreamKey { shop_id: ShopId::parse("s").unwrap(), order_id: OrderId::parse("3700110").unwrap() }
}

fn figure(names: &str) -> CaseFigure {
    let records = story(names);
    let figures = case_figures(&key(), &fold(&records), &records);
    assert_eq!(figures.len(), 1);
    figures[0].clone()
}

#[test]
fn a_case_is_counted_by_its_dearest_product_and_its_day_in_china() {
    let figure = figure("order_recorded opened");

    assert_eq!((figure.product.as_str(), figure.batch.as_str()), ("进口面霜", ""));
    assert_eq!(figure.opened_on.to_string(), "2026-11-06");
    assert_eq!(figure.amounts.asked.minor(), 48_000);
    assert_eq!(figure.amounts.refunded.minor(), 0);
    assert_eq!((figure.decided, figure.answered_after, figure.outcome), (None, None, None));
    let order = order_figure(&key(), &fold(&story("order_recorded"))).unwrap();
    assert_eq!(order.placed_on.to_string(), "2026-11-01");
    assert!(!order.paid.is_zero());
}

#[test]
fn who_decided_is_told_apart() {
    let decided = |names: &str| figure(names).decided;
    assert_eq!(decided("order_recorded opened approved"), Some(Decided::Merchant));
    assert_eq!(decided("order_recorded opened approved@system"), Some(Decided::Deadline));
    assert_eq!(decided("order_recorded opened rejected"), Some(Decided::Merchant));
    assert_eq!(decided("order_recorded opened offer_made offer_accepted"), Some(Decided::Merchant));
    assert_eq!(decided("order_recorded opened rejected escalated ruled"), Some(Decided::Ruling));
    assert_eq!(
        decided("order_recorded opened approved return_shipped return_inspected.accepted@system"),
        Some(Decided::Deadline)
    );
}

#[test]
fn what_is_granted_by_the_command_that_opens_is_the_fast_lane() {
    let mut records = story("order_recorded opened approved");
    records[2].command = records[1].command;
    let figures = case_figures(&key(), &fold(&records), &records);
    assert_eq!(figures[0].decided, Some(Decided::FastLane));
}

#[test]
fn a_refusal_that_the_platform_overrules_was_wrong() {
    let course = |names: &str| {
        let figure = figure(names);
        (figure.refusing, figure.ruled)
    };
    let opened = "order_recorded opened";
    assert_eq!(course(opened), (Refusing::Never, None));
    assert_eq!(course(&format!("{opened} rejected")), (Refusing::Refused, None));
    assert_eq!(
        course(&format!("{opened} rejected escalated ruled")),
        (Refusing::Wrongly, Some(Ruled::ForBuyer))
    );
    assert_eq!(
        course(&format!("{opened} escalated ruled")),
        (Refusing::Never, Some(Ruled::ForBuyer))
    );
    let closed = figure(&format!("{opened} rejected closed.rejected"));
    assert_eq!(closed.outcome, Some(Outcome::Rejected));
    assert_eq!(closed.answered_after, Some(Span::hours(97)));
}

#[test]
fn words_of_a_case_are_those_that_people_know_it_by_but_no_internal_note() {
    let story_told = "order_recorded opened message_posted message_posted return_shipped marked";
    let mut records = story(story_told);
    let mut note: Value = serde_json::to_value(&records[3]).unwrap();
    note["event"]["case"]["what"]["message_posted"] =
        json!({"text": "买家很难缠", "audience": "merchant"});
    records[3] = serde_json::from_value(note).unwrap();

    let texts = case_texts(&key(), &fold(&records), |_| Some(Policy::default_policy()));
    let text = &texts[0].text;

    for word in ["3700110", CASE, "obuyer", "sku-1", "手工陶瓷杯", "两件都有瑕疵", "正在核实"]
    {
        assert!(text.contains(word), "{word} in {text}");
    }
    for word in ["sf9876543210", "质量", "quality", "加急"] {
        assert!(text.contains(word), "{word} in {text}");
    }
    assert!(!text.contains("难缠") && !text.contains("大闸蟹"), "{text}");
}

#[test]
fn a_dispute_costs_by_rulings_where_there_are_enough_and_else_by_the_policy() {
    let order = fold(&story("order_recorded opened"));
    let (case, policy) = (&order.cases[0], Policy::default_policy());
    let share = |ruled, ruled_for_buyer| Share {
        name: "quality_defect".into(),
        title: String::new(),
        batch: String::new(),
        cases: 40,
        refunded_minor: 0,
        ruled,
        ruled_for_buyer,
    };

    let by_policy = dispute_cost(case, &policy, None).unwrap();
    assert_eq!(by_policy.stakes.refund.minor(), 48_000);
    assert_eq!(by_policy.stakes.fee.minor(), 288);
    assert_eq!(by_policy.stakes.return_freight.minor(), 0, "it is in the amount already");
    assert_eq!((by_policy.grounds, by_policy.percent), (Grounds::Justified, 90));
    assert_eq!(by_policy.likely.minor(), 48_288 * 90 / 100);
    let few = dispute_cost(case, &policy, Some(&share(4, 0))).unwrap();
    assert_eq!(few, by_policy);
    let by_rulings = dispute_cost(case, &policy, Some(&share(8, 2))).unwrap();
    assert_eq!(by_rulings.grounds, Grounds::Rulings { ruled: 8, for_buyer: 2 });
    assert_eq!((by_rulings.percent, by_rulings.likely.minor()), (25, 12_072));
}
