//! The same request twice is one request; a version that has passed is not overwritten.

use super::{Call, Reply};
use crate::{
    money::{BUYER, asked_for, case_of, until_closed},
    world::{Database, World, facts, payment, transaction_of},
};
use app::access::people::Office;
use domain::moment::Span;
use reqwest::StatusCode;
use serde_json::{Value, json};

/// Sends a body with a key.
async fn keyed(world: &World, token: &str, (key, path): (&str, &str), body: &Value) -> Reply {
    let headers = [("idempotency-key", key)];
    Call::new("POST", path).by(token).with(&headers).json(body).send(world).await
}

fn same(one: &Reply, two: &Reply) {
    assert_eq!(one.status, two.status, "{} {}", one.json(), two.json());
    assert_eq!(String::from_utf8_lossy(&one.bytes), String::from_utf8_lossy(&two.bytes));
    assert_eq!(one.headers.get("etag"), two.headers.get("etag"));
}

async fn the_same_request_gets_the_same_answer_even_later(database: Database) {
    let world = World::new(database).await;
    let buyer = world.buyer(BUYER).await;
    world.order("3700001", BUYER, 5_900, 2).await;
    let open = ("open-1", "/api/v1/orders/3700001/cases");
    let opened = keyed(&world, &buyer, open, &asked_for("A1")).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.json());
    let case_id = opened.json()["case_id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/cases/{case_id}/approve");
    let approve = ("approve-1", path.as_str());
    let approved = keyed(&world, &world.owner, approve, &json!({"goods": "keep"})).await;
    assert_eq!(approved.status, StatusCode::OK, "{}", approved.json());
    until_closed(&world, &case_id, 10).await;
    let other = json!({"text": "谢谢"});
    world.act(&buyer, &case_id, "messages", other).await;

    let opened_again = keyed(&world, &buyer, open, &asked_for("A1")).await;
    let approved_again = keyed(&world, &world.owner, approve, &json!({"goods": "keep"})).await;

    same(&opened, &opened_again);
    same(&approved, &approved_again);
    assert_eq!(world.sandbox.books().refunds().count(), 1);
}

async fn an_order_put_in_twice_with_a_key_is_made_twice_in_name_only(database: Database) {
    let world = World::new(database).await;
    let facts = facts(&world, "3700001", BUYER, 5_900, 1);
    let total = payment(&transaction_of("3700001"), 6_900, &world);
    world.sandbox.put_transaction(total).unwrap();
    let put = async || {
        let headers = [("idempotency-key", "put-1")];
        let call = Call::new("PUT", "/api/v1/orders/3700001").by(&world.owner);
        call.with(&headers).json(&facts).send(&world).await
    };

    let (first, second) = (put().await, put().await);

    assert_eq!(first.status, StatusCode::CREATED);
    same(&first, &second);
    let plain = Call::new("PUT", "/api/v1/orders/3700001").by(&world.owner);
    let plain = plain.json(&facts).send(&world).await;
    assert_eq!(plain.status, StatusCode::OK, "without a key it is known that nothing was made");
}

async fn a_key_is_good_for_one_request_only(database: Database) {
    let world = World::new(database).await;
    let case_id = case_of(&world, BUYER, "3700001", 5_900).await;
    let buyer = world.buyer(BUYER).await;
    let messages = format!("/api/v1/cases/{case_id}/messages");
    let said = keyed(&world, &buyer, ("k", &messages), &json!({"text": "一"})).await;
    assert_eq!(said.status, StatusCode::OK);

    let other_body = keyed(&world, &buyer, ("k", &messages), &json!({"text": "二"})).await;
    let withdraw = format!("/api/v1/cases/{case_id}/withdraw");
    let other_verb = keyed(&world, &buyer, ("k", &withdraw), &json!({"text": "一"})).await;

    assert_eq!(other_body.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(other_body.problem(), "idempotency_key_reused");
    assert!(other_verb.status.is_client_error(), "{}", other_verb.json());
    let case = world.case(&case_id).await;
    assert_eq!(case["messages"].as_array().unwrap().len(), 1);
    assert_eq!(case["stage"], "under_review");
}

async fn two_at_once_with_one_key_are_one(database: Database) {
    let world = World::new(database).await;
    let case_id = case_of(&world, BUYER, "3700001", 5_900).await;
    let path = format!("/api/v1/cases/{case_id}/approve");
    let body = json!({"goods": "keep"});
    let once = || keyed(&world, &world.owner, ("k", &path), &body);

    let (one, two, three) = tokio::join!(once(), once(), once());

    assert_eq!(one.status, StatusCode::OK, "{}", one.json());
    same(&one, &two);
    same(&one, &three);
    world.pass(Span::seconds(120)).await;
    assert_eq!(world.sandbox.books().refunds().count(), 1);
}

async fn each_caller_has_keys_of_their_own(database: Database) {
    let world = World::new(database).await;
    let case_id = case_of(&world, BUYER, "3700001", 5_900).await;
    let path = format!("/api/v1/cases/{case_id}/messages");
    let callers = [
        world.owner.clone(),
        world.buyer(BUYER).await,
        world.person("agent", Office::Agent).await,
        world.person("other", Office::Agent).await,
    ];
    for (n, token) in callers.iter().enumerate() {
        let said = json!({"text": format!("第{n}句")});
        let reply = keyed(&world, token, ("k", &path), &said).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.json());
    }
    let case = world.case(&case_id).await;
    assert_eq!(case["messages"].as_array().unwrap().len(), callers.len());
}

/// A refusal is not an answer to keep: what was refused may be asked again.
async fn a_refused_request_may_be_repeated_with_its_key(database: Database) {
    let world = World::new(database).await;
    let case_id = case_of(&world, BUYER, "3700001", 5_900).await;
    let path = format!("/api/v1/cases/{case_id}/accept-offer");
    let buyer = world.buyer(BUYER).await;
    let early = keyed(&world, &buyer, ("k", &path), &json!({})).await;
    assert_eq!(early.problem(), "not_now");
    let terms = json!({"amount": {"amount_minor": 3_000, "currency": "CNY"},
        "route": "original", "goods": "keep"});
    world.act(&world.owner, &case_id, "offer", json!({"terms": terms, "note": "半价"})).await;

    let accepted = keyed(&world, &buyer, ("k", &path), &json!({})).await;

    assert_eq!(accepted.status, StatusCode::OK, "{}", accepted.json());
}

async fn a_key_that_is_none_is_refused(database: Database) {
    let world = World::new(database).await;
    let case_id = case_of(&world, BUYER, "3700001", 5_900).await;
    let path = format!("/api/v1/cases/{case_id}/messages");
    for key in ["", &"k".repeat(256), "键"] {
        let reply = keyed(&world, &world.owner, (key, &path), &json!({"text": "一"})).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{key}");
        assert_eq!(reply.problem(), "idempotency_key_invalid", "{key}");
    }
    let longest = "k".repeat(255);
    let reply = keyed(&world, &world.owner, (&longest, &path), &json!({"text": "一"})).await;
    assert_eq!(reply.status, StatusCode::OK);
}

async fn a_version_that_has_passed_is_not_overwritten(database: Database) {
    let world = World::new(database).await;
    let case_id = case_of(&world, BUYER, "3700001", 5_900).await;
    let path = format!("/api/v1/cases/{case_id}");
    let seen = Call::new("GET", &path).by(&world.owner).send(&world).await;
    let tag = seen.headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(tag, format!("\"v{}\"", seen.json()["version"]));
    world.act(&world.buyer(BUYER).await, &case_id, "messages", json!({"text": "等等"})).await;
    let verb = format!("{path}/approve");
    let approve = async |tag: &str| {
        let headers = [("if-match", tag)];
        let call = Call::new("POST", &verb).by(&world.owner).with(&headers);
        call.json(&json!({"goods": "keep"})).send(&world).await
    };

    let passed = approve(&tag).await;
    assert_eq!(passed.status, StatusCode::PRECONDITION_FAILED);
    assert_eq!(passed.problem(), "version_passed");
    for wrong in [
        "v3",
        "\"3\"",
        "W/\"v3\"",
        "*",
        "\"v-1\"",
        "\"v99999999999999999999\"",
        "é",
        "\"v3\", \"v4\"",
    ] {
        let reply = approve(wrong).await;
        assert_eq!((reply.status.as_u16(), reply.problem().as_str()), (400, "if_match_invalid"));
    }
    let future = approve("\"v9999\"").await;
    assert_eq!(future.status, StatusCode::PRECONDITION_FAILED);
    assert_eq!(world.case(&case_id).await["stage"], "under_review");

    let now = world.case(&case_id).await["version"].as_u64().unwrap();
    let reply = approve(&format!("\"v{now}\"")).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.json());
}

crate::on_both! {
    the_same_request_gets_the_same_answer_even_later,
    an_order_put_in_twice_with_a_key_is_made_twice_in_name_only,
    a_key_is_good_for_one_request_only,
    two_at_once_with_one_key_are_one,
    each_caller_has_keys_of_their_own,
    a_refused_request_may_be_repeated_with_its_key,
    a_key_that_is_none_is_refused,
    a_version_that_has_passed_is_not_overwritten,
}
