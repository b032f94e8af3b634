//! From events to a commit: records, effects, view rows and guards, all functions of the log.

use crate::rows::{CaseRow, Commit, Guard, NewEffect, OrderRow, StoredRecord, StreamKey};
use domain::{
    actor::Actor,
    case::Case,
    event::{CaseEvent, Event},
    evolve::{evolve, waits_for},
    id::{CaseId, CommandId},
    moment::Moment,
    money::Money,
    order::Order,
    policy::Policy,
    react::react,
    record::{Receipt, Record},
};
use serde_json::json;

/// By whom, when and by which command.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: Actor,
    /// By which command.
    pub command: CommandId,
    /// The caller's idempotency key.
    pub receipt: Option<Receipt>,
}

/// Something of the log cannot be read or written: a bug, or a newer program wrote it.
#[derive(Debug, thiserror::Error)]
#[error("record {version} of an order cannot be {what}: {source}")]
pub struct RecordFault {
    version: u64,
    what: &'static str,
    source: serde_json::Error,
}

/// Reads a stored record; the only decoder.
///
/// # Errors
/// [`RecordFault`] if it is not a record.
pub fn read(stored: &StoredRecord) -> Result<Record, RecordFault> {
    let version = stored.version;
    serde_json::from_str(&stored.body).map_err(|source| RecordFault {
        version,
        what: "read",
        source,
    })
}

/// Writes a record; the only encoder. What is stored is never encoded again.
///
/// # Errors
/// [`RecordFault`] if it cannot be written.
pub fn write(record: &Record) -> Result<StoredRecord, RecordFault> {
    let version = record.version;
    let body = serde_json::to_string(record).map_err(|source| RecordFault {
        version,
        what: "written",
        source,
    })?;
    Ok(StoredRecord { version, kind: record.event.kind().to_owned(), at: record.at, body })
}

/// The order after the events, and the commit that makes them so.
///
/// # Errors
/// [`RecordFault`] if an event cannot be written.
pub fn consequence(
    key: &StreamKey,
    before: &Order,
    events: Vec<Event>,
    stamp: &Stamp,
    policy: &Policy,
) -> Result<(Order, Commit), RecordFault> {
    let mut order = before.clone();
    let mut commit = empty(key, before.version);
    let mut touched: Vec<CaseId> = Vec::new();
    let mut facts_told = false;
    for event in events {
        let record = Record {
            version: order.version.saturating_add(1),
            at: stamp.at,
            by: stamp.by.clone(),
            command: stamp.command,
            receipt: stamp.receipt.clone(),
            event,
        };
        evolve(&mut order, &record);
        for called in react(&order, &record) {
            let body = serde_json::to_string(&called.effect).map_err(|source| RecordFault {
                version: record.version,
                what: "sent",
                source,
            })?;
            commit.effects.push(NewEffect {
                effect_id: called.effect_id,
                case_id: called.case_id,
                kind: called.effect.kind().to_owned(),
                due_at: called.due_at,
                body,
            });
        }
        commit.guards.extend(guard(&order, &record, policy));
        facts_told |= record.event.case_id().is_none();
        touched.extend(record.event.case_id().filter(|id| !touched.contains(id)));
        commit.records.push(write(&record)?);
    }
    if facts_told {
        commit.order = order_row(key, &order);
        touched.extend(retold(key, before, &order));
    }
    let cases = touched.iter().filter_map(|id| order.case(*id));
    commit.cases = cases.filter_map(|case| case_row(key, &order, case)).collect();
    Ok((order, commit))
}

/// The cases to which nothing happened but whose rows say something else now: they name the goods
/// as the order does, and the shop may tell the order anew.
fn retold(key: &StreamKey, before: &Order, after: &Order) -> Vec<CaseId> {
    let differs = |case: &&Case| {
        let row = before.case(case.case_id).and_then(|case| case_row(key, before, case));
        let row = row.map(|row| CaseRow { version: after.version, ..row });
        row.is_some() && row != case_row(key, after, case)
    };
    let same_case = |case: &&Case| before.case(case.case_id) == Some(case);
    after.cases.iter().filter(same_case).filter(differs).map(|case| case.case_id).collect()
}

/// The view rows of an order as its log says they should be (rebuild).
#[must_use]
pub fn views(key: &StreamKey, order: &Order) -> Commit {
    let mut commit = empty(key, order.version);
    commit.order = order_row(key, order);
    commit.cases = order.cases.iter().filter_map(|case| case_row(key, order, case)).collect();
    commit
}

fn empty(key: &StreamKey, expected_version: u64) -> Commit {
    Commit {
        key: key.clone(),
        expected_version,
        records: Vec::new(),
        effects: Vec::new(),
        settles: None,
        order: None,
        cases: Vec::new(),
        guards: Vec::new(),
    }
}

/// Money ordered counts towards the buyer's year (F2); the cap is checked again where all orders
/// of the buyer can be seen.
fn guard(order: &Order, record: &Record, policy: &Policy) -> Option<Guard> {
    let Event::Case { what: CaseEvent::RefundOrdered { refunds, .. }, .. } = &record.event else {
        return None;
    };
    let facts = order.facts.as_ref()?;
    let yearly = policy.limits.yearly;
    let add = Money::sum(facts.currency, refunds.iter().map(|refund| refund.amount)).ok()?;
    let applies = yearly.currency() == facts.currency && !add.is_zero();
    applies.then(|| Guard::YearlyTotal {
        buyer_id: facts.buyer_id.clone(),
        year: record.at.year_in_china(),
        add_minor: add.minor(),
        cap_minor: yearly.minor(),
    })
}

fn order_row(key: &StreamKey, order: &Order) -> Option<OrderRow> {
    let facts = order.facts.as_ref()?;
    let first = facts.items.first().map(|item| item.title.as_str());
    let summary = json!({
        "title": first,
        "items": facts.items.len(),
        "paid": facts.paid().ok(),
        "progress": facts.progress,
        "signed_at": facts.signed_at,
    });
    Some(OrderRow {
        key: key.clone(),
        buyer_id: facts.buyer_id.clone(),
        placed_at: facts.placed_at,
        version: order.version,
        summary: summary.to_string(),
    })
}

/// How much of the buyer's words lists show, in characters.
const WORDS_CHARS_MAX: usize = 60;

/// The buyer's first words on one line; absent where nothing was said.
fn first_words(description: &str) -> Option<String> {
    // No control character comes through: PostgreSQL does not read a NUL, not even in JSON.
    let words = description.split(|c: char| c.is_whitespace() || c.is_control());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let line = words.join(" ");
    let mut short: String = line.chars().take(WORDS_CHARS_MAX).collect();
    if short.len() < line.len() {
        short.push('…');
    }
    (!short.is_empty()).then_some(short)
}

fn case_row(key: &StreamKey, order: &Order, case: &Case) -> Option<CaseRow> {
    let facts = order.facts.as_ref()?;
    let wanted = case.application.items.first().map(|pieces| &pieces.item_id);
    let item = wanted.map_or_else(|| facts.items.first(), |item_id| facts.item(item_id));
    let summary = json!({
        "title": item.map(|item| item.title.as_str()),
        "items": case.application.items.len(),
        "outcome": case.outcome,
        "otherwise": case.deadline.map(|deadline| deadline.otherwise),
        "assignee": case.marks.assignee,
        "tags": case.marks.tags,
        "tier": case.marks.tier,
        "proposed": case.proposal.is_some(),
        "entitled": case.due_to_buyer(),
        "justified": case.judgement.is_justified(),
        "words": first_words(&case.application.description),
    });
    Some(CaseRow {
        key: key.clone(),
        case_id: case.case_id,
        buyer_id: facts.buyer_id.clone(),
        case_type: case.application.case_type,
        stage: case.stage.as_str().to_owned(),
        waits_for: waits_for(case),
        due_at: case.deadline.map(|deadline| deadline.due_at),
        reason: case.application.reason.clone(),
        amount: case.at_stake(),
        opened_at: case.opened_at,
        updated_at: case.updated_at,
        version: order.version,
        summary: summary.to_string(),
    })
}
