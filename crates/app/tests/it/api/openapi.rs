//! The OpenAPI document says what there is: every route, every body, nothing dangling.

use super::Call;
use crate::world::{Database, World};
use app::access::routes::{ROUTES, Who};
use serde_json::Value;
use std::{collections::BTreeSet, path::Path};

/// The document as it is served.
pub async fn document(world: &World) -> Value {
    let reply = Call::new("GET", "/api/v1/openapi.json").send(world).await;
    assert_eq!(reply.status.as_u16(), 200);
    reply.json()
}

/// Every operation: method, path, operation.
pub fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap().iter();
        methods.map(|(method, operation)| (method.to_uppercase(), path.clone(), operation))
    });
    operations.collect()
}

/// Every value in a document, the document itself first.
fn walk<'a>(value: &'a Value, seen: &mut Vec<&'a Value>) {
    seen.push(value);
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(item, seen)),
        Value::Object(fields) => fields.values().for_each(|field| walk(field, seen)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[tokio::test]
async fn the_document_has_the_routes_of_the_table_and_no_other() {
    let world = World::new(Database::Sqlite).await;
    let document = document(&world).await;

    let told: BTreeSet<(String, String)> =
        operations(&document).into_iter().map(|(method, path, _)| (method, path)).collect();

    let table = ROUTES.iter().map(|route| (route.method.to_owned(), route.path.to_owned()));
    assert_eq!(told, table.collect());
    assert_eq!(document["openapi"], "3.1.0");
    assert!(document["info"]["title"].is_string() && document["info"]["version"].is_string());
}

#[tokio::test]
async fn every_reference_leads_somewhere_and_every_schema_is_used() {
    let world = World::new(Database::Sqlite).await;
    let document = document(&world).await;
    let mut values = Vec::new();
    walk(&document, &mut values);

    let references: BTreeSet<&str> =
        values.iter().filter_map(|value| value.get("$ref")?.as_str()).collect();

    for reference in &references {
        let place = reference.strip_prefix('#').expect("references stay in the document");
        assert!(document.pointer(place).is_some(), "{reference} leads nowhere");
    }
    for name in document["components"]["schemas"].as_object().unwrap().keys() {
        let reference = format!("#/components/schemas/{name}");
        assert!(references.contains(reference.as_str()), "nothing refers to {name}");
    }
}

#[tokio::test]
async fn every_operation_is_whole() {
    let world = World::new(Database::Sqlite).await;
    let document = document(&world).await;
    let mut ids = BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        let line = format!("{method} {path}");
        let id = operation["operationId"].as_str().unwrap();
        assert!(ids.insert(id.to_owned()), "{line}: {id} stands twice");
        assert!(id.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{id}");
        check_parameters(&line, &path, operation);
        check_responses(&line, operation);
        let open = ROUTES
            .iter()
            .any(|route| route.method == method && route.path == path && route.who == Who::ANYONE);
        assert_eq!(operation["security"] == serde_json::json!([]), open, "{line}");
    }
}

fn check_parameters(line: &str, path: &str, operation: &Value) {
    let parameters = operation["parameters"].as_array().unwrap();
    let mut seen = BTreeSet::new();
    for parameter in parameters {
        let place = (parameter["in"].as_str().unwrap(), parameter["name"].as_str().unwrap());
        assert!(seen.insert(place), "{line}: {place:?} stands twice");
        assert!(parameter["schema"].is_object(), "{line}: {place:?}");
        assert!(place.0 != "path" || parameter["required"] == true, "{line}: {place:?}");
    }
    let named = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let named: BTreeSet<&str> = named.collect();
    let told = seen.iter().filter(|(place, _)| *place == "path").map(|(_, name)| *name);
    assert_eq!(told.collect::<BTreeSet<_>>(), named, "{line}");
}

fn check_responses(line: &str, operation: &Value) {
    let responses = operation["responses"].as_object().unwrap();
    assert!(responses.keys().any(|status| status.starts_with('2')), "{line}");
    for (status, response) in responses {
        assert!(response["description"].is_string(), "{line} {status}");
    }
    let problem = &responses["default"]["content"]["application/problem+json"]["schema"]["$ref"];
    assert_eq!(problem, "#/components/schemas/Problem", "{line}");
}

/// A route takes a body or it does not; one that does says what. Only verbs that need no words
/// may be called without.
#[tokio::test]
async fn every_route_that_takes_a_body_says_which() {
    let world = World::new(Database::Sqlite).await;
    let document = document(&world).await;
    for (method, path, operation) in operations(&document) {
        let bodiless = method == "GET"
            || method == "DELETE"
            || path.ends_with("/retry")
            || path.ends_with("/finish");
        let content = &operation["requestBody"]["content"];
        assert_eq!(content.is_null(), bodiless, "{method} {path}");
        let schema = &content["application/json"]["schema"];
        if let Some(reference) = schema["$ref"].as_str() {
            let schema = document.pointer(&reference[1..]).unwrap();
            assert_eq!(schema["additionalProperties"], false, "{method} {path} takes any key");
        }
    }
}

/// What is money, a time or an id is told as such wherever it stands.
#[tokio::test]
async fn the_main_resources_are_described_to_their_leaves() {
    let world = World::new(Database::Sqlite).await;
    let document = document(&world).await;
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for name in ["Case", "CaseView", "Facts", "Order", "Problem", "Money", "Application", "Terms"] {
        assert!(schemas.contains_key(name), "{name} is missing");
    }
    let money = &schemas["Money"]["properties"];
    assert_eq!(money["amount_minor"]["type"], "integer");
    assert!(schemas["Refund"]["properties"]["amount"]["$ref"].is_string());
    for (name, schema) in schemas {
        let mut values = Vec::new();
        walk(schema, &mut values);
        let number = values.iter().find(|value| value["type"] == "number");
        assert!(number.is_none(), "{name} has a number that is not an integer");
    }
}

/// Bless a change that is meant with `WANBI_BLESS=1`, and read it before it is committed.
#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "only a developer's own environment blesses")]
async fn the_document_is_the_one_on_record() {
    let world = World::new(Database::Sqlite).await;
    let document = document(&world).await;
    let mut text = serde_json::to_string_pretty(&document).unwrap();
    text.push('\n');
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/api/openapi.json");

    if std::env::var("WANBI_BLESS").is_ok() {
        std::fs::write(&path, &text).unwrap();
    }

    // In which order a map is written depends on what else is built; what it says does not.
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let kept: Value = serde_json::from_str(&kept).unwrap_or_default();
    assert!(
        document == kept,
        "the interface has changed; if it should, run again with WANBI_BLESS=1"
    );
}

#[tokio::test]
async fn the_page_for_reading_names_every_route() {
    let world = World::new(Database::Sqlite).await;
    let page = Call::new("GET", "/api/docs").send(&world).await;
    let text = String::from_utf8(page.bytes).unwrap();
    for route in ROUTES {
        assert!(text.contains(&format!("<code>{}</code>", route.path)), "{}", route.path);
    }
    assert!(!text.contains("<script"));
}
