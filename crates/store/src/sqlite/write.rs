//! What an accepted batch leaves: one statement for all of it, however many rows of however many
//! tables. Rows travel as JSON texts, an array of arrays a table; `jsonb_each` parses each once.
//! The texts in it come out byte for byte as they went in.

use crate::{column::signed, fault::failing, judge::Writes, name};
use domain::{id::CaseId, moment::Moment};
use engine::{listing::urgent_at, ports::StoreFault, rows::CaseRow};
use serde::Serialize;
use sqlx::SqliteConnection;

/// What whoever writes has at hand: a view with a column a table, and what happens with what is
/// put into it. Every statement of its own is a change of threads there and back, so a batch is
/// one. Tables are written in the same order as in the other backend.
///
/// A changed case row is a timer anew: whoever had claimed the old one has lost it. Order, buyer
/// and moment of opening of a case never change and are left alone, which keeps two indexes out of
/// every change. Effects are settled after the new ones are written: a later commit of the batch
/// may settle what an earlier one asked.
const AT_HAND: [&str; 2] = [
    "create temp view batch (records, totals, effects, settled, orders, cases) as \
     select null, null, null, null, null, null",
    "create temp trigger batch_written instead of insert on batch begin \
     insert into event (shop_id, order_id, version, kind, at, body) \
     select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 \
     from jsonb_each(new.records); \
     insert into standing (shop_id, buyer_id, year, refunded_minor) \
     select value ->> 0, value ->> 1, value ->> 2, value ->> 3 \
     from jsonb_each(new.totals) where true \
     on conflict (shop_id, buyer_id, year) \
     do update set refunded_minor = excluded.refunded_minor; \
     insert into outbox (shop_id, effect_id, order_id, case_id, kind, state, due_at, attempts, \
     note, body) \
     select value ->> 0, value ->> 1, value ->> 2, unhex(value ->> 3), value ->> 4, 'waiting', \
     value ->> 5, 0, '', value ->> 6 from jsonb_each(new.effects); \
     delete from outbox where (shop_id, effect_id) in \
     (select value ->> 0, value ->> 1 from jsonb_each(new.settled)); \
     insert into order_row (shop_id, order_id, buyer_id, placed_at, version, summary) \
     select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 \
     from jsonb_each(new.orders) where true \
     on conflict (shop_id, order_id) do update set buyer_id = excluded.buyer_id, \
     placed_at = excluded.placed_at, version = excluded.version, summary = excluded.summary; \
     insert into case_row (shop_id, case_id, order_id, buyer_id, case_type, stage, waits_for, \
     due_at, wakes_at, urgent_at, reason, amount_minor, currency, opened_at, updated_at, \
     version, summary) \
     select value ->> 'shop_id', unhex(value ->> 'case_id'), value ->> 'order_id', \
     value ->> 'buyer_id', value ->> 'case_type', value ->> 'stage', value ->> 'waits_for', \
     value ->> 'due_at', value ->> 'due_at', value ->> 'urgent_at', value ->> 'reason', \
     value ->> 'amount_minor', value ->> 'currency', value ->> 'opened_at', \
     value ->> 'updated_at', value ->> 'version', value ->> 'summary' \
     from jsonb_each(new.cases) where true \
     on conflict (shop_id, case_id) do update set case_type = excluded.case_type, \
     stage = excluded.stage, waits_for = excluded.waits_for, due_at = excluded.due_at, \
     wakes_at = excluded.wakes_at, urgent_at = excluded.urgent_at, reason = excluded.reason, \
     amount_minor = excluded.amount_minor, currency = excluded.currency, \
     updated_at = excluded.updated_at, version = excluded.version, \
     summary = excluded.summary; \
     end",
];

pub(super) async fn put_at_hand(writer: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    for made in AT_HAND {
        sqlx::query(made).execute(&mut *writer).await?;
    }
    Ok(())
}

/// Writes all of it.
pub(super) async fn all(tx: &mut SqliteConnection, writes: &Writes<'_>) -> Result<(), StoreFault> {
    let cases = writes.cases.values().map(|case| Case::of(case)).collect::<Result<Vec<_>, _>>()?;
    sqlx::query(
        "insert into batch (records, totals, effects, settled, orders, cases) \
         values (?1, ?2, ?3, ?4, ?5, ?6)",
    )
    .bind(records(writes)?)
    .bind(totals(writes)?)
    .bind(effects(writes)?)
    .bind(json(writes.settled.iter().map(|(shop, effect)| (shop.as_str(), effect.as_str())))?)
    .bind(orders(writes)?)
    .bind(json(cases)?)
    .execute(tx)
    .await
    .map_err(failing("write a batch"))?;
    Ok(())
}

fn records(writes: &Writes<'_>) -> Result<String, StoreFault> {
    let rows = writes.records.iter().map(|(key, record)| {
        let version = signed("version", record.version)?;
        let (shop_id, order_id) = (key.shop_id.as_str(), key.order_id.as_str());
        Ok((shop_id, order_id, version, &record.kind, record.at.ms(), &record.body))
    });
    json(rows.collect::<Result<Vec<_>, StoreFault>>()?)
}

fn totals(writes: &Writes<'_>) -> Result<String, StoreFault> {
    json(writes.totals.iter().map(|(account, total)| {
        (account.shop_id.as_str(), account.buyer_id.as_str(), account.year, total)
    }))
}

fn effects(writes: &Writes<'_>) -> Result<String, StoreFault> {
    json(writes.effects.iter().map(|(key, effect)| {
        let (shop_id, order_id) = (key.shop_id.as_str(), key.order_id.as_str());
        let (effect_id, case_id) = (effect.effect_id.as_str(), hex(effect.case_id));
        (shop_id, effect_id, order_id, case_id, &effect.kind, effect.due_at.ms(), &effect.body)
    }))
}

fn orders(writes: &Writes<'_>) -> Result<String, StoreFault> {
    let rows = writes.orders.values().map(|order| {
        let (shop_id, order_id) = (order.key.shop_id.as_str(), order.key.order_id.as_str());
        let (buyer_id, placed_at) = (order.buyer_id.as_str(), order.placed_at.ms());
        let version = signed("version", order.version)?;
        Ok((shop_id, order_id, buyer_id, placed_at, version, &order.summary))
    });
    json(rows.collect::<Result<Vec<_>, StoreFault>>()?)
}

/// A case row as it travels: by name, because seventeen columns are easily confused.
#[derive(Serialize)]
struct Case<'a> {
    shop_id: &'a str,
    case_id: String,
    order_id: &'a str,
    buyer_id: &'a str,
    case_type: &'static str,
    stage: &'a str,
    waits_for: Option<&'static str>,
    due_at: Option<i64>,
    urgent_at: Option<i64>,
    reason: &'a str,
    amount_minor: i64,
    currency: String,
    opened_at: i64,
    updated_at: i64,
    version: i64,
    summary: &'a str,
}

impl<'a> Case<'a> {
    fn of(case: &'a CaseRow) -> Result<Self, StoreFault> {
        Ok(Self {
            shop_id: case.key.shop_id.as_str(),
            case_id: hex(case.case_id),
            order_id: case.key.order_id.as_str(),
            buyer_id: case.buyer_id.as_str(),
            case_type: name::case_type(case.case_type),
            stage: &case.stage,
            waits_for: case.waits_for.map(name::side),
            due_at: case.due_at.map(Moment::ms),
            urgent_at: case.due_at.map(|due_at| urgent_at(due_at, case.amount).ms()),
            reason: case.reason.as_str(),
            amount_minor: case.amount.minor(),
            currency: case.amount.currency().to_string(),
            opened_at: case.opened_at.ms(),
            updated_at: case.updated_at.ms(),
            version: signed("version", case.version)?,
            summary: &case.summary,
        })
    }
}

/// The bytes of a case's id, as `unhex` takes them.
pub(super) fn hex(case_id: CaseId) -> String {
    case_id.uuid().simple().to_string()
}

/// Rows as one JSON text.
pub(super) fn json<T: Serialize>(rows: impl IntoIterator<Item = T>) -> Result<String, StoreFault> {
    let rows: Vec<T> = rows.into_iter().collect();
    serde_json::to_string(&rows)
        .map_err(|error| StoreFault::Broken(format!("write rows as JSON: {error}")))
}
