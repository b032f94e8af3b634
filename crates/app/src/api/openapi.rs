//! The OpenAPI document: made from the table of routes, so that it cannot differ from them.

mod answers;
mod bodies;
mod page;
mod schemas;

use crate::access::routes::{ROUTES, Route, Who};
use axum::response::Html;
use schemas::Schemas;
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| build().0);

/// `GET /api/v1/openapi.json`
pub async fn document() -> axum::Json<&'static Value> {
    axum::Json(&DOCUMENT)
}

/// `GET /api/docs`: the same, for reading.
pub async fn docs() -> Html<String> {
    Html(page::page(&DOCUMENT))
}

/// The document, with the schemas it is made of.
fn build() -> (Value, Schemas) {
    let mut schemas = Schemas::default();
    let problem = schemas.of::<super::problem::Problem>();
    let mut paths = Map::new();
    for route in ROUTES {
        let operation = operation(route, &problem, &mut schemas);
        let methods = paths.entry(route.path).or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(methods) = methods {
            methods.insert(route.method.to_lowercase(), operation);
        }
    }
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Wanbi 完璧",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "After-sales cases and refunds of online shops. Money is integer \
                minor units, times are RFC 3339, errors are RFC 9457 problems with a stable code.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas.all(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}
        }
    });
    (document, schemas)
}

fn operation(route: &Route, problem: &Value, schemas: &mut Schemas) -> Value {
    let mut operation = json!({
        "operationId": operation_id(route),
        "tags": [tag_of(route.path)],
        "parameters": parameters(route),
        "responses": responses(route, problem, schemas),
        "security": if route.who == Who::ANYONE { json!([]) } else { json!([{"token": []}]) }
    });
    if let (Some(body), Value::Object(fields)) = (bodies::of(route, schemas), &mut operation) {
        fields.insert("requestBody".into(), body);
    }
    operation
}

fn responses(route: &Route, problem: &Value, schemas: &mut Schemas) -> Value {
    let mut responses = Map::new();
    for (status, what, content) in answers::of(route, schemas) {
        let mut response = json!({"description": what});
        if let (Some(content), Value::Object(fields)) = (content, &mut response) {
            fields.insert("content".into(), content);
        }
        responses.insert(status.to_owned(), response);
    }
    let content = json!({"application/problem+json": {"schema": problem}});
    let not_done = json!({"description": "Not done, and why.", "content": content});
    responses.insert("default".to_owned(), not_done);
    Value::Object(responses)
}

fn parameters(route: &Route) -> Vec<Value> {
    let text = json!({"type": "string"});
    let mut parameters: Vec<Value> = names_in(route.path)
        .map(|name| json!({"name": name, "in": "path", "required": true, "schema": text}))
        .collect();
    for (name, schema) in queries_of(route) {
        parameters.push(json!({"name": name, "in": "query", "schema": schema}));
    }
    let mut header = |name: &str, what: &str| {
        let parameter = json!({"name": name, "in": "header", "schema": text, "description": what});
        parameters.push(parameter);
    };
    if is_command(route) {
        header("Idempotency-Key", "The same key and request get the first answer.");
        header(
            "If-Match",
            "The ETag seen; refused with 412 if anything that bears on a decision came after it.",
        );
    }
    let named = !route.path.starts_with("/api/v1/platform/");
    if named && route.who.includes_any_of_platform() {
        header("Wanbi-Shop", "In which shop a person of the platform acts.");
    }
    parameters
}

/// Whether the route changes an order through the one corridor, which knows idempotency keys and
/// versions. What changes a document of the registry knows neither.
fn is_command(route: &Route) -> bool {
    let of_order = route.path.starts_with("/api/v1/orders/");
    let of_case = route.path.starts_with("/api/v1/cases/");
    let other = ["/check", "/uploads", "/files"].iter().any(|end| route.path.ends_with(end));
    route.method != "GET" && (of_order || of_case) && !other
}

fn queries_of(route: &Route) -> Vec<(&'static str, Value)> {
    let text = json!({"type": "string"});
    let limit = ("limit", json!({"type": "integer", "minimum": 1, "maximum": 200}));
    let cursor = ("cursor", text.clone());
    let words = |words: &[&str]| json!({"type": "string", "enum": words});
    let moment = json!({"type": "string", "format": "date-time"});
    match (route.method, route.path) {
        ("GET", "/api/v1/orders") => vec![("buyer_id", text), limit, cursor],
        ("GET", "/api/v1/cases") => vec![
            ("waits_for", text.clone()),
            ("stage", text.clone()),
            ("type", text.clone()),
            ("reason", text.clone()),
            ("buyer_id", text.clone()),
            ("order_id", text),
            ("opened_since", moment.clone()),
            ("opened_until", moment),
            ("sort", words(&["newest", "deadline"])),
            limit,
            cursor,
        ],
        ("GET", "/api/v1/outbox") => {
            vec![("state", words(&["waiting", "leased", "buried"])), limit, cursor]
        }
        ("GET", "/api/v1/platform/shops") => vec![limit, cursor],
        ("GET", "/api/v1/policy") => vec![("version", json!({"type": "integer", "minimum": 0}))],
        ("POST", "/api/v1/orders/{order_id}/files") => {
            vec![("upload_id", json!({"type": "string", "format": "uuid"})), ("name", text)]
        }
        _ => Vec::new(),
    }
}

fn names_in(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

fn operation_id(route: &Route) -> String {
    let path = route.path.trim_start_matches("/api/v1/").replace(['{', '}', '.'], "");
    let words = path.split(['/', '-', '_']).filter(|word| !word.is_empty());
    let mut id = route.method.to_lowercase();
    for word in words {
        let mut letters = word.chars();
        id.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        id.push_str(letters.as_str());
    }
    id
}

fn tag_of(path: &str) -> &str {
    let rest = path.strip_prefix("/api/v1/").unwrap_or("service");
    rest.split('/').next().unwrap_or("service")
}

#[cfg(test)]
mod tests {
    use super::build;

    #[test]
    fn a_schemas_name_stands_for_one_schema() {
        assert_eq!(build().1.twice(), &[] as &[String]);
    }
}
