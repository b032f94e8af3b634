//! The OpenAPI document: made from the table of routes, so that it cannot differ from them.

use super::{appeals, cases, platform, policy, problem::Problem, shop};
use crate::access::routes::{ROUTES, Route, Who};
use axum::response::Html;
use domain::{application::Application, facts::Facts};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;
use utoipa::PartialSchema;

static DOCUMENT: LazyLock<Value> = LazyLock::new(build);

/// `GET /api/v1/openapi.json`
pub async fn document() -> axum::Json<&'static Value> {
    axum::Json(&DOCUMENT)
}

/// `GET /api/docs`: the same, for reading.
pub async fn docs() -> Html<String> {
    Html(page(&DOCUMENT))
}

/// The body of each route that takes one: the schema's name and the schema.
fn body_of(method: &str, path: &str) -> Option<(&'static str, Value)> {
    let verb = path.strip_prefix("/api/v1/cases/{case_id}/").unwrap_or(path);
    Some(match (method, verb) {
        ("PUT", "/api/v1/orders/{order_id}") => schema::<Facts>("Order"),
        (
            "POST",
            "/api/v1/orders/{order_id}/check" | "/api/v1/orders/{order_id}/cases" | "amend",
        ) => schema::<Application>("Application"),
        ("POST", "approve") => schema::<cases::decision::Approve>("Approve"),
        ("POST", "offer") => schema::<cases::decision::Offer>("Offer"),
        ("POST", "decline-offer") => schema::<cases::decision::DeclineOffer>("DeclineOffer"),
        ("POST", "decline-proposal") => {
            schema::<cases::decision::DeclineProposal>("DeclineProposal")
        }
        ("POST", "reject") => schema::<cases::decision::Reject>("Reject"),
        ("POST", "ship-return") => schema::<cases::goods::ShipReturn>("ShipReturn"),
        ("POST", "inspect") => schema::<cases::goods::Inspect>("Inspect"),
        ("POST", "send-replacement") => {
            schema::<cases::goods::SendReplacement>("SendReplacement")
        }
        ("POST", "evidence") => schema::<cases::words::AddEvidence>("AddEvidence"),
        ("POST", "messages") => schema::<cases::words::PostMessage>("PostMessage"),
        ("POST", "request-evidence") => {
            schema::<cases::words::RequestEvidence>("RequestEvidence")
        }
        ("POST", "escalate") => schema::<cases::dispute::Escalate>("Escalate"),
        ("POST", "rule") => schema::<cases::dispute::Rule>("Rule"),
        ("POST", "tickets") => schema::<cases::money::OpenTicket>("OpenTicket"),
        ("POST", "refunds/{refund_no}/replace") => {
            schema::<cases::money::ReplaceRefund>("ReplaceRefund")
        }
        ("POST", "refunds/{refund_no}/name-card") => {
            schema::<cases::money::NameCard>("NameCard")
        }
        ("POST", "refunds/{refund_no}/name-account") => {
            schema::<cases::money::NameAccount>("NameAccount")
        }
        ("POST", "refunds/{refund_no}/mark-paid") => {
            schema::<cases::money::MarkPaid>("MarkPaid")
        }
        ("POST", "/api/v1/policy" | "/api/v1/policy/check") => {
            schema::<policy::Draft>("PolicyDraft")
        }
        ("PUT", "/api/v1/shop") => schema::<shop::ShopView>("Shop"),
        ("POST", "/api/v1/keys") => schema::<shop::NewKey>("NewKey"),
        ("POST", "/api/v1/people") => schema::<shop::NewPerson>("NewPerson"),
        ("POST", "/api/v1/buyers/{buyer_id}/links") => schema::<shop::NewLink>("NewLink"),
        ("POST", "/api/v1/appeals") => schema::<appeals::NewAppeal>("NewAppeal"),
        ("POST", "/api/v1/appeals/{buyer_id}/decide") => {
            schema::<appeals::Decide>("DecideAppeal")
        }
        ("POST", "/api/v1/platform/shops") => schema::<platform::NewShop>("NewShop"),
        _ => return None,
    })
}

fn schema<T: PartialSchema>(name: &'static str) -> (&'static str, Value) {
    let value = serde_json::to_value(T::schema()).unwrap_or_default();
    (name, value)
}

fn build() -> Value {
    let mut paths = Map::new();
    let mut schemas = Map::new();
    schemas.insert("Problem".into(), schema::<Problem>("Problem").1);
    for route in ROUTES {
        let body = body_of(route.method, route.path);
        let operation = operation(route, body.as_ref().map(|(name, _)| *name));
        if let Some((name, schema)) = body {
            schemas.insert(name.to_owned(), schema);
        }
        let methods = paths.entry(route.path).or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(methods) = methods {
            methods.insert(route.method.to_lowercase(), operation);
        }
    }
    json!({
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
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}
        }
    })
}

fn operation(route: &Route, body: Option<&str>) -> Value {
    let mut parameters: Vec<Value> = names_in(route.path)
        .map(|name| {
            let schema = json!({"type": "string"});
            json!({"name": name, "in": "path", "required": true, "schema": schema})
        })
        .collect();
    let writes = route.method != "GET";
    let open = route.who == Who::ANYONE;
    if writes && !open {
        for (name, what) in [
            ("Idempotency-Key", "The same key and request get the first answer."),
            ("If-Match", "The ETag seen; refused with 412 if it has changed."),
        ] {
            let schema = json!({"type": "string"});
            let parameter =
                json!({"name": name, "in": "header", "schema": schema, "description": what});
            parameters.push(parameter);
        }
    }
    let mut operation = json!({
        "operationId": operation_id(route),
        "tags": [tag_of(route.path)],
        "parameters": parameters,
        "responses": {
            "2XX": {"description": "Done."},
            "default": {
                "description": "Not done, and why.",
                "content": {"application/problem+json": {
                    "schema": {"$ref": "#/components/schemas/Problem"}
                }}
            }
        },
        "security": if open { json!([]) } else { json!([{"token": []}]) }
    });
    if let (Some(name), Value::Object(fields)) = (body, &mut operation) {
        let reference = json!({"$ref": format!("#/components/schemas/{name}")});
        let content = json!({"application/json": {"schema": reference}});
        fields.insert("requestBody".into(), json!({"content": content}));
    }
    operation
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

/// A plain page of all routes: no script, nothing from elsewhere.
fn page(document: &Value) -> String {
    let mut rows = String::new();
    let paths = document.get("paths").and_then(Value::as_object);
    for (path, methods) in paths.into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let reference = operation.pointer("/requestBody/content/application~1json/schema/$ref");
            let body = reference.and_then(Value::as_str).unwrap_or_default();
            let body = body.rsplit('/').next().unwrap_or_default();
            rows.push_str(&format!(
                "<tr><td>{}</td><td><code>{path}</code></td><td>{body}</td></tr>\n",
                method.to_uppercase()
            ));
        }
    }
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>Wanbi API</title>\
         <h1>Wanbi API</h1><p>The whole document: \
         <a href=\"/api/v1/openapi.json\">openapi.json</a></p>\
         <table><thead><tr><th>Method</th><th>Path</th><th>Body</th></tr></thead>\
         <tbody>\n{rows}</tbody></table></html>"
    )
}
