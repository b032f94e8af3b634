//! How much, and by whom: 105 per cent, the yearly limit, the second person.

use super::{
    BUYER, asked_for, assert_books_equal, case_of, refund_of, set_shop, until_closed, yuan,
};
use crate::world::{Database, World};
use app::access::people::Office;
use domain::moment::Span;
use reqwest::StatusCode;
use serde_json::{Value, json};

/// Tries to approve so much.
async fn approve(world: &World, token: &str, case_id: &str, fen: i64) -> (StatusCode, Value) {
    let path = format!("/api/v1/cases/{case_id}/approve");
    world.post(token, &path, &json!({"amount": yuan(fen), "goods": "keep"})).await
}

fn left(answer: &Value) -> &Value {
    &answer["facts"][0]["value"]["money"]["amount_minor"]
}

async fn one_refund_is_at_most_105_percent_of_what_was_paid(database: Database) {
    let world = World::new(database).await;
    let case_id = case_of(&world, BUYER, "3800001", 49_500).await;

    let (status, answer) = approve(&world, &world.owner, &case_id, 105_001).await;
    assert_eq!((status.as_u16(), &answer["code"]), (422, &"above_cap".into()), "{answer}");
    assert_eq!((&answer["clause"], left(&answer)), (&"F2".into(), &105_000.into()));
    let (status, case) = approve(&world, &world.owner, &case_id, 105_000).await;

    assert_eq!(status, StatusCode::OK, "{case}");
    world.pass(Span::seconds(120)).await;
    let payout = refund_of(&world, &case_id, 1).await;
    assert_eq!((&payout["path"], &payout["amount"]), (&"designated".into(), &yuan(5_000)));
    let (buyer, path) = (world.buyer(BUYER).await, "/api/v1/orders/3800001/cases");
    let (status, answer) = world.post(&buyer, path, &asked_for("A1")).await;
    assert_eq!((status.as_u16(), &answer["code"]), (422, &"nothing_left".into()), "{answer}");
    assert_books_equal(&world).await;
}

async fn a_buyer_gets_at_most_500_000_yuan_a_year(database: Database) {
    let world = World::new(database).await;
    let first = case_of(&world, BUYER, "3800001", 30_000_000).await;
    let second = case_of(&world, BUYER, "3800002", 30_000_000).await;
    let (status, answer) = approve(&world, &world.owner, &first, 30_000_000).await;
    assert_eq!(status, StatusCode::OK, "{answer}");

    let (status, answer) = approve(&world, &world.owner, &second, 20_000_001).await;
    assert_eq!((status.as_u16(), &answer["code"]), (422, &"above_year".into()), "{answer}");
    assert_eq!((&answer["clause"], left(&answer)), (&"F2".into(), &20_000_000.into()));
    let (status, answer) = approve(&world, &world.owner, &second, 20_000_000).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    until_closed(&world, &second, 10).await;

    world.pass(Span::days(366)).await;
    let next_year = case_of(&world, BUYER, "3800003", 30_000_000).await;
    let (status, answer) = approve(&world, &world.owner, &next_year, 30_000_000).await;
    assert_eq!(status, StatusCode::OK, "a new year begins anew: {answer}");
    until_closed(&world, &next_year, 10).await;
    assert_books_equal(&world).await;
}

/// The year is a limit over orders: two at the same moment cannot both slip under it.
async fn two_approvals_at_once_do_not_pass_the_year_together(database: Database) {
    let world = World::new(database).await;
    let mut cases = Vec::new();
    for n in 1..=4 {
        cases.push(case_of(&world, BUYER, &format!("380000{n}"), 20_000_000).await);
    }

    let approvals = cases.iter().map(|case| approve(&world, &world.owner, case, 20_000_000));
    let answers = futures_util::future::join_all(approvals).await;

    let passed = answers.iter().filter(|(status, _)| status.is_success()).count();
    let codes: Vec<&Value> = answers.iter().map(|(_, answer)| &answer["code"]).collect();
    assert_eq!(passed, 2, "{codes:?}");
    assert!(codes.iter().all(|code| code.is_null() || *code == "above_year"), "{codes:?}");
    world.pass(Span::seconds(120)).await;
    let given: i64 = world.sandbox.books().refunds().map(|refund| refund.refund_fen).sum();
    assert_eq!(given, 40_000_000);
    assert_books_equal(&world).await;
}

async fn above_the_shops_limit_another_person_confirms(database: Database) {
    let world = World::new(database).await;
    set_shop(&world, true, Some(5_000)).await;
    let case_id = case_of(&world, BUYER, "3800001", 5_900).await;
    let agent = world.person("agent", Office::Agent).await;
    let (boss, deputy) = (
        world.person("boss", Office::Supervisor).await,
        world.person("deputy", Office::Supervisor).await,
    );
    let confirm = format!("/api/v1/cases/{case_id}/confirm-proposal");
    let decline = format!("/api/v1/cases/{case_id}/decline-proposal");

    let (status, proposed) = approve(&world, &agent, &case_id, 5_900).await;
    assert_eq!((status, &proposed["stage"]), (StatusCode::OK, &"under_review".into()));
    assert_eq!(world.sandbox.books().refunds().count(), 0);
    let (by_agent, _) = world.post(&agent, &confirm, &json!({})).await;
    assert_eq!(by_agent, StatusCode::FORBIDDEN);
    let (declined, answer) = world.post(&boss, &decline, &json!({"note": "先看照片"})).await;
    assert_eq!((declined, &answer["proposal"]), (StatusCode::OK, &Value::Null));

    approve(&world, &boss, &case_id, 5_900).await;
    let (alone, answer) = world.post(&boss, &confirm, &json!({})).await;
    assert_eq!((alone.as_u16(), &answer["code"]), (403, &"second_person_must_differ".into()));
    let (confirmed, case) = world.post(&deputy, &confirm, &json!({})).await;
    assert_eq!((confirmed, &case["stage"]), (StatusCode::OK, &"refunding".into()), "{case}");
    let (again, answer) = world.post(&deputy, &confirm, &json!({})).await;
    assert_eq!((again.as_u16(), &answer["code"]), (409, &"not_now".into()));

    until_closed(&world, &case_id, 10).await;
    assert_eq!(world.sandbox.books().refunds().count(), 1);
    assert_books_equal(&world).await;
}

/// At the limit one person is enough; it says "above".
async fn at_the_limit_one_person_decides(database: Database) {
    let world = World::new(database).await;
    set_shop(&world, true, Some(5_900)).await;
    let case_id = case_of(&world, BUYER, "3800001", 5_900).await;

    let (status, case) = approve(&world, &world.owner, &case_id, 5_900).await;

    assert_eq!((status, &case["stage"]), (StatusCode::OK, &"refunding".into()), "{case}");
}

async fn absurd_amounts_are_refused(database: Database) {
    let world = World::new(database).await;
    let case_id = case_of(&world, BUYER, "3800001", 5_900).await;
    let path = format!("/api/v1/cases/{case_id}/approve");
    let amounts = [
        (json!({"amount_minor": 0, "currency": "CNY"}), 422, "nothing_due"),
        (json!({"amount_minor": 100, "currency": "USD"}), 422, "currency_mixed"),
        (json!({"amount_minor": 100, "currency": "XXX"}), 422, "currency_mixed"),
        (json!({"amount_minor": -1, "currency": "CNY"}), 400, "body_invalid"),
        (json!({"amount_minor": i64::MAX, "currency": "CNY"}), 400, "body_invalid"),
        (json!({"amount_minor": 10_000_000_000_000_i64, "currency": "CNY"}), 422, "above_cap"),
        (json!({"amount_minor": 58.5, "currency": "CNY"}), 400, "body_invalid"),
        (json!({"amount_minor": "5900", "currency": "CNY"}), 400, "body_invalid"),
        (json!(5_900), 400, "body_invalid"),
    ];
    for (amount, status, code) in amounts {
        let body = json!({"amount": amount, "goods": "keep"});
        let (got, answer) = world.post(&world.owner, &path, &body).await;
        assert_eq!((got.as_u16(), &answer["code"]), (status, &code.into()), "{amount}");
    }
    assert_eq!(world.case(&case_id).await["stage"], "under_review");
}

crate::on_both! {
    one_refund_is_at_most_105_percent_of_what_was_paid,
    a_buyer_gets_at_most_500_000_yuan_a_year,
    two_approvals_at_once_do_not_pass_the_year_together,
    above_the_shops_limit_another_person_confirms,
    at_the_limit_one_person_decides,
    absurd_amounts_are_refused,
}
