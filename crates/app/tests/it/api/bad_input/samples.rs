//! Bodies made from their schemas: every field is there, and each can be read.

use super::ground::ORDER;
use crate::world::{World, facts};
use serde_json::{Map, Value, json};

/// A body of an operation. Orders and applications must also make sense, so that one mistake in
/// them is the only one.
pub fn of(document: &Value, schema: &Value, line: &str, world: &World) -> Value {
    match line {
        "PUT /api/v1/orders/{order_id}" => order(world),
        "POST /api/v1/cases/{case_id}/approve" => json!({
            "amount": {"amount_minor": 100, "currency": "CNY"}, "goods": "keep", "note": "好"}),
        _ if line.ends_with("/amend") || line.ends_with("/cases") || line.ends_with("/check") => {
            let policy = line.contains("/policy/");
            if policy { made(document, schema) } else { application() }
        }
        _ => made(document, schema),
    }
}

/// An order with everything an order may have.
fn order(world: &World) -> Value {
    let mut order = facts(world, ORDER, "oB1", 5_900, 2);
    let at = order["placed_at"].clone();
    let item = &mut order["items"][0];
    item["sku"] = "SKU-1".into();
    item["batch"] = "B-1".into();
    item["seven_day_right"] = true.into();
    item["activated_at"] = at.clone();
    item["discount"] = json!({"amount_minor": 100, "currency": "CNY"});
    item["duty"] = json!({"amount_minor": 50, "currency": "CNY"});
    item["clause_accepted"] = json!({"clause": "不退不换", "accepted_at": at});
    order["coupons"] = json!([{"name": "立减",
        "amount": {"amount_minor": 200, "currency": "CNY"}}]);
    order["shipments"] = json!([{"carrier": "顺丰速运", "waybill": "SF1234567890123",
        "shipped_at": at, "quality_report": "合格"}]);
    let total = order["tenders"][0]["amount"]["amount_minor"].as_i64().unwrap();
    order["tenders"][0]["amount"]["amount_minor"] = (total - 250).into();
    order
}

/// An application with everything an application may have.
fn application() -> Value {
    let yuan = json!({"amount_minor": 100, "currency": "CNY"});
    json!({
        "type": "return_and_refund", "reason": "unwanted_seven_days",
        "items": [{"item_id": "A1", "quantity": 1}], "amount": yuan, "description": "不想要了",
        "evidence": [], "declared": {"opened": false, "proof_of_no_use": [], "received": true,
            "route_confirmed": true, "return_freight": yuan}
    })
}

/// The schema that a schema stands for: references followed, the first that is not null.
pub fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    if let Some(reference) = schema["$ref"].as_str() {
        return resolved(document, document.pointer(&reference[1..]).unwrap());
    }
    let choices = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
    match choices.and_then(|choices| choices.iter().find(|choice| choice["type"] != "null")) {
        Some(choice) => resolved(document, choice),
        None => schema,
    }
}

/// Whether a schema has this type among its types.
pub fn is(schema: &Value, kind: &str) -> bool {
    match &schema["type"] {
        Value::String(one) => one == kind,
        Value::Array(some) => some.iter().any(|one| one == kind),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
    }
}

/// A value that the schema allows.
fn made(document: &Value, schema: &Value) -> Value {
    let schema = resolved(document, schema);
    if let Some(word) = schema["enum"].as_array().and_then(|words| words.first()) {
        return word.clone();
    }
    if is(schema, "object") {
        let fields = schema["properties"].as_object().into_iter().flatten();
        let fields = fields.map(|(name, schema)| (name.clone(), made(document, schema)));
        return Value::Object(fields.collect::<Map<_, _>>());
    }
    if is(schema, "array") {
        return json!([made(document, &schema["items"])]);
    }
    if is(schema, "integer") {
        return schema["minimum"].as_i64().unwrap_or(0).max(1).into();
    }
    if is(schema, "boolean") {
        return true.into();
    }
    assert!(is(schema, "string"), "a schema of no known kind: {schema}");
    let pattern = schema["pattern"].as_str().unwrap_or_default();
    let text = match (schema["format"].as_str(), pattern) {
        (Some("date-time"), _) => "2026-01-01T00:00:00Z",
        (Some("uuid"), _) => "01890000-0000-7000-8000-00000000abcd",
        (_, "^[A-Z]{3}$") => "CNY",
        (_, "^[0-9a-f]{64}$") => return "0".repeat(64).into(),
        (_, "") => "文字",
        _ => "X1",
    };
    text.into()
}
