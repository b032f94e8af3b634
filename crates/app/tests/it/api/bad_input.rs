//! Whatever a body, a path or a query says that it may not say: a problem with a code, in the
//! caller's language, and nothing is written. Made from the OpenAPI document, so that a new
//! field is met with all of it by itself.

mod ground;
mod mutants;
pub mod samples;

use super::{Call, Reply, openapi};
use crate::world::{Database, World, facts};
use ground::Ground;
use mutants::{Mutant, Verdict};
use reqwest::StatusCode;
use serde_json::{Value, json};

/// Sends raw bytes to an operation.
async fn send(ground: &Ground, operation: &Operation, body: Vec<u8>, language: &str) -> Reply {
    let headers = [("accept-language", language), ("wanbi-shop", crate::world::SHOP)];
    let call = Call::new(&operation.method, &operation.path).by(&operation.token);
    call.with(&headers).body(body).send(&ground.world).await
}

/// Routes that take long texts: a policy is one, and the name of a file is shortened.
const TAKE_LONG_TEXTS: [&str; 2] =
    ["POST /api/v1/policy/check", "POST /api/v1/orders/{order_id}/uploads"];

/// A route that takes JSON, ready to be called.
struct Operation {
    line: String,
    method: String,
    path: String,
    token: String,
    schema: Value,
    sample: Value,
}

/// Every route that takes a JSON body from a known caller.
fn operations(ground: &Ground, document: &Value) -> Vec<Operation> {
    let mut found = Vec::new();
    for (method, path, operation) in openapi::operations(document) {
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        let Some(token) = ground.token_for(&method, &path) else { continue };
        if schema.is_null() {
            continue;
        }
        let line = format!("{method} {path}");
        let sample = samples::of(document, schema, &line, &ground.world);
        let (path, schema) = (ground.path(&path), schema.clone());
        found.push(Operation { line, method, path, token, schema, sample });
    }
    found
}

/// What is wrong with an answer to a mistake, if anything is.
fn amiss(reply: &Reply, language: &str) -> Option<String> {
    let told: String = String::from_utf8_lossy(&reply.bytes).chars().take(300).collect();
    if !reply.status.is_client_error() {
        return Some(format!("{} {told}", reply.status));
    }
    if reply.bytes.len() >= 8_192 {
        return Some(format!("an answer of {} bytes: {told}", reply.bytes.len()));
    }
    reply.code();
    let problem = reply.json();
    let said = problem["title"].as_str().or(problem["detail"].as_str()).unwrap();
    (said.is_ascii() != (language == "en")).then(|| format!("in the wrong language: {told}"))
}

fn check_refusal(reply: &Reply, language: &str, what: &str) {
    assert_eq!(amiss(reply, language), None, "{what}");
}

#[tokio::test]
async fn every_sample_made_from_the_document_can_be_read() {
    let ground = Ground::new(Database::Sqlite).await;
    let document = openapi::document(&ground.world).await;
    let operations = operations(&ground, &document);
    assert!(operations.len() > 35, "{}", operations.len());
    for operation in operations {
        let body = operation.sample.to_string().into_bytes();
        let reply = send(&ground, &operation, body, "en").await;
        let unread = reply.json()["code"] == "body_invalid";
        assert!(!unread, "{}: {} {}", operation.line, operation.sample, reply.json());
        assert!(!reply.status.is_server_error(), "{}: {}", operation.line, reply.json());
    }
}

#[tokio::test]
async fn what_a_body_may_not_say_is_refused_and_changes_nothing() {
    let ground = Ground::new(Database::Sqlite).await;
    let document = openapi::document(&ground.world).await;
    let (mut count, mut wrong) = (0_usize, Vec::new());
    for operation in operations(&ground, &document) {
        let before = ground.fingerprint().await;
        for Mutant { name, body, verdict } in mutants::of(&document, &operation) {
            let long = name.ends_with("100 KB") && TAKE_LONG_TEXTS.contains(&&*operation.line);
            if verdict != Verdict::Wrong || long {
                continue;
            }
            count += 1;
            let language = if count.is_multiple_of(2) { "en" } else { "zh-CN" };
            let reply = send(&ground, &operation, body, language).await;
            if let Some(amiss) = amiss(&reply, language) {
                wrong.push(format!("{} {name}: {amiss}", operation.line));
            }
        }
        let after = ground.fingerprint().await;
        if before != after {
            wrong.push(format!("{} wrote something", operation.line));
        }
    }
    assert!(wrong.is_empty(), "{} answers are amiss:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 2_000, "only {count} mistakes were made");
}

/// Texts that are odd but may be said: taken or refused, but never a crash.
async fn odd_texts_are_taken_or_refused(database: Database) {
    let ground = Ground::new(database).await;
    let document = openapi::document(&ground.world).await;
    for operation in operations(&ground, &document) {
        for Mutant { name, body, verdict } in mutants::of(&document, &operation) {
            if verdict != Verdict::Odd {
                continue;
            }
            let reply = send(&ground, &operation, body, "en").await;
            let what = format!("{} {name}: {}", operation.line, reply.json());
            assert!(!reply.status.is_server_error(), "{what}");
            if !reply.status.is_success() {
                reply.code();
            }
        }
    }
    let (status, list) = ground.world.get(&ground.world.owner, "/api/v1/cases").await;
    assert_eq!(status, StatusCode::OK, "what was taken can be read: {list}");
}

/// What stands in a path or a query is as foreign as what stands in a body.
async fn odd_paths_and_queries_are_refused_or_empty(database: Database) {
    let ground = Ground::new(database).await;
    let document = openapi::document(&ground.world).await;
    let long = "x".repeat(8_000);
    let odd = [
        "%00",
        "%FF",
        "%C3%28",
        "%2F",
        "%2e%2e%2f",
        "%F0%9D%92%B3",
        "%E2%80%AE",
        "%0d%0aSet-Cookie",
        "'%20or%201=1--",
        "%25s%25n",
        "-1",
        "99999999999999999999",
        "null",
        "a%20b",
        &long,
    ];
    for (method, path, operation) in openapi::operations(&document) {
        let Some(token) = ground.token_for(&method, &path) else { continue };
        for parameter in operation["parameters"].as_array().unwrap() {
            let name = parameter["name"].as_str().unwrap();
            for value in odd {
                let target = match parameter["in"].as_str().unwrap() {
                    "path" => ground.path(&path.replace(&format!("{{{name}}}"), value)),
                    "query" => format!("{}?{name}={value}", ground.path(&path)),
                    _ => continue,
                };
                let headers = [("wanbi-shop", crate::world::SHOP)];
                let call = Call::new(&method, &target).by(&token).with(&headers).body("{}");
                let reply = call.send(&ground.world).await;
                let what = format!("{method} {path} {name}={value}: {}", reply.json());
                assert!(!reply.status.is_server_error(), "{what}");
                assert!(!reply.headers.contains_key("set-cookie"), "{what}");
                if !reply.status.is_success() {
                    reply.code();
                }
            }
        }
    }
}

#[tokio::test]
async fn a_query_with_an_unknown_name_is_refused() {
    let ground = Ground::new(Database::Sqlite).await;
    for path in ["/api/v1/cases", "/api/v1/orders", "/api/v1/outbox", "/api/v1/policy"] {
        for query in ["limits=5", "limit=5&limit=6", "limit=", "limit=-1", "limit=1e3", "version=x"]
        {
            let path = format!("{path}?{query}");
            let reply = Call::new("GET", &path).by(&ground.world.owner).send(&ground.world).await;
            assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{path}");
            assert_eq!(reply.problem(), "query_invalid", "{path}");
        }
        if path == "/api/v1/policy" {
            continue;
        }
        for cursor in ["x", "bnVsbA", "e30", "WyJhIiwiYiJd", "%00"] {
            let path = format!("{path}?cursor={cursor}");
            let reply = Call::new("GET", &path).by(&ground.world.owner).send(&ground.world).await;
            assert!(!reply.status.is_server_error(), "{path}: {}", reply.json());
        }
    }
}

/// Times that no order can have, and amounts of another currency than its own.
#[tokio::test]
async fn an_order_that_cannot_be_true_is_refused() {
    let ground = Ground::new(Database::Sqlite).await;
    let world = &ground.world;
    let good = facts(world, "3999999", "oB9", 5_900, 2);
    let put = async |pointer: &str, value: Value| {
        let mut bad = good.clone();
        match bad.pointer_mut(pointer) {
            Some(place) => *place = value,
            None => bad[&pointer[1..]] = value,
        }
        let call = Call::new("PUT", "/api/v1/orders/3999999").by(&world.owner);
        call.json(&bad).send(world).await
    };
    let times = [
        "9999-12-31T23:59:59Z",
        "2999-01-01T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "0000-00-00T00:00:00Z",
        "-009999-01-01T00:00:00Z",
        "+275760-09-13T00:00:00Z",
        "2026-11-01",
        "10:00",
        "1700000000",
        "yesterday",
        "2026-11-01T25:00:00Z",
        "2026-11-01T00:00:00+99:00",
        "",
    ];
    for time in times {
        for pointer in ["/placed_at", "/signed_at", "/tenders/0/paid_at"] {
            let reply = put(pointer, json!(time)).await;
            check_refusal(&reply, "zh", &format!("{pointer} {time}"));
        }
    }
    let usd = json!({"amount_minor": 5_900, "currency": "USD"});
    for pointer in ["/items/0/unit_price", "/freight", "/tenders/0/amount"] {
        let reply = put(pointer, usd.clone()).await;
        assert_eq!(reply.problem(), "order_amount_invalid", "{pointer}");
    }
    for (pointer, value, code) in [
        ("/currency", json!("USD"), "order_amount_invalid"),
        ("/items", json!([]), "order_list_size"),
        ("/tenders", json!([]), "order_list_size"),
        ("/items/0/quantity", json!(0), "order_value_range"),
        ("/items/0/quantity", json!(100_001), "order_value_range"),
        ("/items/0/quantity", json!(3), "order_sum_mismatch"),
        ("/order_id", json!("3999998"), "order_id_differs"),
        ("/items", json!([good["items"][0], good["items"][0]]), "order_duplicate_id"),
    ] {
        let reply = put(pointer, value).await;
        assert_eq!(reply.problem(), code, "{pointer}");
    }
    let absent = Call::new("GET", "/api/v1/orders/3999999").by(&world.owner).send(world).await;
    assert_eq!(absent.status, StatusCode::NOT_FOUND, "nothing of it was kept");
}

/// Files, items and refunds of others, or of nobody, are not to be had by naming them.
#[tokio::test]
async fn what_is_named_must_be_there() {
    let ground = Ground::new(Database::Sqlite).await;
    let world = &ground.world;
    let buyer = world.buyer("oB1").await;
    let case = |verb: &str| format!("/api/v1/cases/{}/{verb}", ground.case_id);
    let application = |key: &str, value: Value| {
        let mut asked = crate::money::asked_for("A1");
        asked[key] = value;
        asked
    };
    let named = [
        (case("evidence"), json!({"files": ["none"]}), "file_not_found"),
        (case("messages"), json!({"text": "x", "files": ["none"]}), "file_not_found"),
        (case("amend"), application("evidence", json!(["none"])), "file_not_found"),
        (
            case("amend"),
            application("declared", json!({"proof_of_no_use": ["none"]})),
            "file_not_found",
        ),
        (case("tickets"), json!({"refund_no": "WBNONE"}), "not_now"),
        (
            case("refunds/WBNONE/name-account"),
            json!({"holder": "a", "bank": "b", "account": "c"}),
            "not_now",
        ),
    ];
    for (path, body, code) in named {
        let reply = Call::new("POST", &path).by(&buyer).json(&body).send(world).await;
        assert_eq!(reply.problem(), code, "{path} {body}");
    }
    for (key, value) in [
        ("items", json!([{"item_id": "Z9", "quantity": 1}])),
        ("items", json!([{"item_id": "A1", "quantity": 0}])),
        ("items", json!([{"item_id": "A1", "quantity": 4_000_000_000_u32}])),
        ("items", json!([{"item_id": "A1", "quantity": 1}, {"item_id": "A1", "quantity": 1}])),
        ("reason", json!("no_such_reason")),
        ("reason", json!("quality")),
        ("amount", json!({"amount_minor": 9_000_000_000_000_i64, "currency": "CNY"})),
        ("amount", json!({"amount_minor": 100, "currency": "USD"})),
        ("amount", json!({"amount_minor": 0, "currency": "CNY"})),
    ] {
        let body = application(key, value);
        let path = case("amend");
        let reply = Call::new("POST", &path).by(&buyer).json(&body).send(world).await;
        check_refusal(&reply, "zh", &body.to_string());
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
    }
}

crate::on_both! {
    odd_texts_are_taken_or_refused,
    odd_paths_and_queries_are_refused_or_empty,
}

/// The world again, for those who only need that.
impl std::ops::Deref for Ground {
    type Target = World;

    fn deref(&self) -> &World {
        &self.world
    }
}
