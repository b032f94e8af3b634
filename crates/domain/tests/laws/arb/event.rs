//! Hostile histories: real records with other numbers, times, currencies and cases, in any order.

use super::Move;
use crate::laws::golden;
use domain::{event::Event, facts::Facts, id::CaseId, record::Record};
use serde_json::{Value, json};
use std::sync::OnceLock;
use uuid::Uuid;

const AMOUNTS: [i64; 6] = [0, 1, 99, 12_800, 9_999_999_999_999, 10_000_000_000_000];
const COUNTS: [u32; 5] = [0, 1, 3, 100_000, u32::MAX];
const TIMES: [&str; 4] = [
    "1970-01-01T00:00:00.000Z",
    "2026-11-10T01:00:00.000Z",
    "2026-12-31T15:59:59.999Z",
    "8999-12-31T00:00:00.000Z",
];

/// One of a few cases, so that events meet.
pub fn case_id(n: usize) -> CaseId {
    CaseId::new(Uuid::from_u128(u128::try_from(n % 3).unwrap()))
}

fn known() -> &'static [Value] {
    static RECORDS: OnceLock<Vec<Value>> = OnceLock::new();
    RECORDS.get_or_init(golden::records)
}

/// A record that may never have been written by anybody.
pub fn record(step: Move) -> Record {
    let opens = |record: &Value| record["event"]["case"]["what"].get("opened").is_some();
    let opening = || known().iter().position(opens).expect("a case was opened");
    let index = if step.pick(6, 5) == 0 { opening() } else { step.pick(0, known().len()) };
    let mut record = known()[index].clone();
    let mut turn = 0;
    // Half of the records keep their own numbers.
    if step.pick(1, 2) == 0 {
        twist(&mut record, step, &mut turn);
    }
    if let Some(case) = record["event"].get_mut("case") {
        case["case_id"] = json!(case_id(step.pick(2, 3)));
    }
    serde_json::from_value(record).expect("a twisted record is still a record")
}

/// An order told of, with facts that need not be true.
pub fn told(step: Move) -> Record {
    let mut turn = step.pick(4, 100);
    let is_told = |record: &&Value| record["event"].get("order_recorded").is_some();
    let mut told = known().iter().find(is_told).expect("an order was told of").clone();
    if step.pick(1, 3) > 0 {
        twist(&mut told, step, &mut turn);
    }
    serde_json::from_value(told).expect("a twisted order is still an order")
}

/// The facts of such an order.
pub fn facts(step: Move) -> Facts {
    match told(step).event {
        Event::OrderRecorded(facts) => *facts,
        Event::Case { .. } => panic!("an order was told of"),
    }
}

fn twist(value: &mut Value, step: Move, turn: &mut usize) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                *turn += 1;
                let pick = step.pick(*turn, 251) + *turn;
                match name.as_str() {
                    "version" => {}
                    "amount_minor" => *value = json!(AMOUNTS[pick % AMOUNTS.len()]),
                    "currency" if pick.is_multiple_of(7) => *value = json!("USD"),
                    "quantity" | "ticket_no" => *value = json!(COUNTS[pick % COUNTS.len()]),
                    _ if is_time(value) => *value = json!(TIMES[pick % TIMES.len()]),
                    _ => twist(value, step, turn),
                }
            }
        }
        Value::Array(values) => {
            if step.pick(3, 9) == 0 {
                values.clear();
            }
            for value in values {
                twist(value, step, turn);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn is_time(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.len() == 24 && text.ends_with(".000Z"))
}
