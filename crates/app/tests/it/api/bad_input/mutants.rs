//! One mistake in an otherwise right body, for every field and every kind of mistake.

use super::{Operation, samples};
use serde_json::{Value, json};

/// What a body with a mistake deserves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It must be refused.
    Wrong,
    /// It may be refused, or taken.
    Odd,
}

/// A body with one mistake.
pub struct Mutant {
    pub name: String,
    pub body: Vec<u8>,
    pub verdict: Verdict,
}

/// Stands in a body for bytes that no JSON value can hold.
const RAW: &str = "@@raw@@";

/// Bytes that are no JSON, or not this one's.
fn raw_values() -> Vec<(&'static str, Vec<u8>)> {
    let deep = |open: &str, close: &str| {
        format!("{}{}", open.repeat(10_000), close.repeat(10_000)).into_bytes()
    };
    vec![
        ("1e30", b"1e30".to_vec()),
        ("2^63", b"9223372036854775808".to_vec()),
        ("-2^63-1", b"-9223372036854775809".to_vec()),
        ("1e999", b"1e999".to_vec()),
        ("NaN", b"NaN".to_vec()),
        ("a hex number", b"0x10".to_vec()),
        ("a leading zero", b"01".to_vec()),
        ("nothing", b"".to_vec()),
        ("a lone surrogate", br#""\ud800""#.to_vec()),
        ("a wrong escape", br#""\x""#.to_vec()),
        ("invalid UTF-8", b"\"\xff\xfe\"".to_vec()),
        ("overlong UTF-8", b"\"\xc0\x80\"".to_vec()),
        ("a bare NUL", b"\"a\0b\"".to_vec()),
        ("a bare line break", b"\"a\nb\"".to_vec()),
        ("an open string", b"\"abc".to_vec()),
        ("deep lists", deep("[", "]")),
        ("deep objects", deep("{\"a\":", "}")),
        ("many brackets", "[".repeat(100_000).into_bytes()),
    ]
}

/// Texts that some programs choke on.
const ODD_TEXTS: [&str; 10] = [
    "\u{0}",
    "a\u{0}b",
    "\u{202e}gpj.exe",
    "𝒳😀👨‍👩‍👧",
    "\u{7f}\u{1b}[31m",
    "<script>alert(1)</script>",
    "'; drop table event; --",
    "%00{{7*7}}${7*7}",
    "\u{feff}\u{200b}",
    "\u{fdd0}\u{ffff}",
];

/// Every mistake for an operation.
pub fn of(document: &Value, operation: &Operation) -> Vec<Mutant> {
    let mut found = whole(operation);
    let mut fields = Vec::new();
    walk(document, &operation.schema, &operation.sample, "", &mut fields);
    for field in &fields {
        of_field(&operation.sample, field, &mut found);
    }
    found
}

/// Mistakes of the body as a whole.
fn whole(operation: &Operation) -> Vec<Mutant> {
    let text = operation.sample.to_string();
    let wrong = |name: &str, body: Vec<u8>| Mutant {
        name: format!("whole body: {name}"),
        body,
        verdict: Verdict::Wrong,
    };
    let mut found: Vec<Mutant> = raw_values()
        .into_iter()
        .filter(|(name, _)| *name != "nothing")
        .map(|(name, body)| wrong(name, body))
        .collect();
    found.push(wrong("null", b"null".to_vec()));
    found.push(wrong("a list", b"[]".to_vec()));
    found.push(wrong("itself in a list", format!("[{text}]").into_bytes()));
    found.push(wrong("its values in a list", listed(&operation.sample)));
    found.push(wrong("a text", b"\"x\"".to_vec()));
    found.push(wrong("true", b"true".to_vec()));
    found.push(wrong("itself twice", format!("{text}{text}").into_bytes()));
    found.push(wrong("itself and more", format!("{text} x").into_bytes()));
    found.push(wrong(
        "a comma too many",
        text.replacen('}', ",}", 1).replacen(",,", ",", 1).into_bytes(),
    ));
    found.push(wrong("UTF-16", text.encode_utf16().flat_map(u16::to_le_bytes).collect()));
    found.push(wrong("a byte order mark", format!("\u{feff}{text}").into_bytes()));
    found.push(wrong("half of it", text.as_bytes()[..text.len() - 1].to_vec()));
    found
}

/// The values of an object without their names, in the order of our structs or any other.
fn listed(sample: &Value) -> Vec<u8> {
    let values: Vec<&Value> = sample.as_object().unwrap().values().collect();
    serde_json::to_vec(&values).unwrap()
}

/// A place in a body.
struct Field {
    pointer: String,
    schema: Value,
    required: bool,
}

fn walk(document: &Value, schema: &Value, sample: &Value, at: &str, found: &mut Vec<Field>) {
    let schema = samples::resolved(document, schema);
    match sample {
        Value::Object(values) => {
            let required = schema["required"].as_array().cloned().unwrap_or_default();
            for (name, value) in values {
                let inner = &schema["properties"][name];
                assert!(!inner.is_null(), "{at}/{name} is in the sample but not in the schema");
                let pointer = format!("{at}/{name}");
                let required = required.iter().any(|one| one == name);
                let schema = samples::resolved(document, inner);
                let nullable = is_nullable(document, inner);
                let mut schema = schema.clone();
                schema["nullable"] = nullable.into();
                found.push(Field { pointer: pointer.clone(), schema, required });
                walk(document, inner, value, &pointer, found);
            }
        }
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate().take(1) {
                let pointer = format!("{at}/{n}");
                let inner = samples::resolved(document, &schema["items"]).clone();
                found.push(Field { pointer: pointer.clone(), schema: inner, required: false });
                walk(document, &schema["items"], item, &pointer, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn is_nullable(document: &Value, schema: &Value) -> bool {
    let choices = schema["oneOf"].as_array().into_iter().flatten();
    samples::is(samples::resolved(document, schema), "null")
        || choices.into_iter().any(|choice| choice["type"] == "null")
}

fn of_field(sample: &Value, field: &Field, found: &mut Vec<Mutant>) {
    let Field { pointer, schema, required } = field;
    let mut add = |name: &str, value: Value, verdict| {
        let mut body = sample.clone();
        *body.pointer_mut(pointer).unwrap() = value;
        let body = serde_json::to_vec(&body).unwrap();
        found.push(Mutant { name: format!("{pointer}: {name}"), body, verdict });
    };
    for value in [json!(null), json!(true), json!(1.5), json!("1"), json!([[]]), json!({"a": 1})] {
        if !allows(schema, &value) {
            add(&value.to_string(), value, Verdict::Wrong);
        }
    }
    if samples::is(schema, "integer") {
        for value in [json!(-1), json!(4_294_967_296_u64 << 16)] {
            add(&value.to_string(), value, Verdict::Wrong);
        }
    }
    if samples::is(schema, "object") {
        add("a list in place of an object", values_of(sample, pointer), Verdict::Wrong);
    }
    if samples::is(schema, "array") {
        let item = sample.pointer(pointer).unwrap()[0].clone();
        let many = if item.is_null() { json!("none") } else { item };
        add("a thousand of them", vec![many; 1_000].into(), Verdict::Wrong);
    }
    if samples::is(schema, "string") {
        let free = ["enum", "pattern", "format"].iter().all(|key| schema[*key].is_null());
        add("100 KB", "长".repeat(33_000).into(), Verdict::Wrong);
        let odd = if free { Verdict::Odd } else { Verdict::Wrong };
        for text in ODD_TEXTS.iter().copied().chain([""]) {
            add(&format!("{text:?}"), text.into(), odd);
        }
    }
    raw(sample, pointer, found);
    keys(sample, pointer, *required, found);
}

fn values_of(sample: &Value, pointer: &str) -> Value {
    let fields = sample.pointer(pointer).and_then(Value::as_object);
    fields.map_or(json!([1]), |fields| fields.values().cloned().collect())
}

/// Whether a value may stand there, by its kind alone.
fn allows(schema: &Value, value: &Value) -> bool {
    match value {
        Value::Null => schema["nullable"] == true || samples::is(schema, "null"),
        Value::Bool(_) => samples::is(schema, "boolean"),
        Value::Number(number) => number.is_i64() && samples::is(schema, "integer"),
        // Ids and free texts may well be digits.
        Value::String(_) => {
            let shape = schema["pattern"].as_str().unwrap_or("").contains("A-Za-z");
            let free = ["enum", "pattern", "format"].iter().all(|key| schema[*key].is_null());
            samples::is(schema, "string") && (free || shape)
        }
        Value::Array(_) | Value::Object(_) => false,
    }
}

/// Bytes in the place of a value.
fn raw(sample: &Value, pointer: &str, found: &mut Vec<Mutant>) {
    let mut body = sample.clone();
    *body.pointer_mut(pointer).unwrap() = RAW.into();
    let text = body.to_string();
    let (front, back) = text.split_once(&format!("\"{RAW}\"")).unwrap();
    for (name, value) in raw_values() {
        // A list may have nothing in it.
        if name == "nothing" && pointer.ends_with("/0") {
            continue;
        }
        let body = [front.as_bytes(), &value, back.as_bytes()].concat();
        found.push(Mutant { name: format!("{pointer}: {name}"), body, verdict: Verdict::Wrong });
    }
}

/// The key left out, misspelt, or there twice.
fn keys(sample: &Value, pointer: &str, required: bool, found: &mut Vec<Mutant>) {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let mut without = sample.clone();
    let Some(fields) = without.pointer_mut(parent).and_then(Value::as_object_mut) else { return };
    let value = fields.remove(key).unwrap();
    let mut add = |name: &str, body: Vec<u8>, verdict| {
        found.push(Mutant { name: format!("{pointer}: {name}"), body, verdict });
    };
    let bytes = |value: &Value| serde_json::to_vec(value).unwrap();
    if required {
        add("left out", bytes(&without), Verdict::Wrong);
    }
    for wrong in [format!("{key}x"), key.to_uppercase(), format!("{key}\u{0}"), "x".repeat(100_000)]
    {
        let mut more = sample.clone();
        let fields = more.pointer_mut(parent).and_then(Value::as_object_mut).unwrap();
        fields.insert(wrong.clone(), value.clone());
        let name: String = wrong.chars().take(20).collect();
        add(&format!("and {name:?}"), bytes(&more), Verdict::Wrong);
    }
    let mut twice = sample.clone();
    let fields = twice.pointer_mut(parent).and_then(Value::as_object_mut).unwrap();
    fields.insert(RAW.into(), value);
    let text = twice.to_string().replace(RAW, key);
    add("twice", text.into_bytes(), Verdict::Wrong);
}
