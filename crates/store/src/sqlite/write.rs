//! What an accepted batch leaves: one statement a table, however many rows. The rows travel as one
//! JSON text, an array of arrays; `jsonb_each` parses it once. The texts in it come out byte for
//! byte as they went in.

use crate::{column::signed, fault::failing, judge::Writes, name};
use domain::{id::CaseId, moment::Moment};
use engine::{
    listing::urgent_at,
    ports::StoreFault,
    rows::{CaseRow, OrderRow},
};
use serde::Serialize;
use sqlx::SqliteConnection;

/// Writes all of it, tables in the same order as in the other backend.
pub(super) async fn all(tx: &mut SqliteConnection, writes: &Writes<'_>) -> Result<(), StoreFault> {
    records(tx, writes).await?;
    if !writes.totals.is_empty() {
        totals(tx, writes).await?;
    }
    if !writes.effects.is_empty() {
        effects(tx, writes).await?;
    }
    // After the new effects: a later commit of the batch may settle what an earlier one asked.
    if !writes.settled.is_empty() {
        settled(tx, writes).await?;
    }
    orders(tx, writes.orders.values().copied()).await?;
    cases(tx, writes.cases.values().copied()).await
}

async fn records(tx: &mut SqliteConnection, writes: &Writes<'_>) -> Result<(), StoreFault> {
    let rows = writes.records.iter().map(|(key, record)| {
        let version = signed("version", record.version)?;
        let (shop_id, order_id) = (key.shop_id.as_str(), key.order_id.as_str());
        Ok((shop_id, order_id, version, &record.kind, record.at.ms(), &record.body))
    });
    let rows = json(rows.collect::<Result<Vec<_>, _>>()?)?;
    sqlx::query(
        "insert into event (shop_id, order_id, version, kind, at, body) \
         select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 \
         from jsonb_each(?1)",
    )
    .bind(rows)
    .execute(tx)
    .await
    .map_err(failing("write the records of a batch"))?;
    Ok(())
}

async fn totals(tx: &mut SqliteConnection, writes: &Writes<'_>) -> Result<(), StoreFault> {
    let rows = json(writes.totals.iter().map(|(account, total)| {
        (account.shop_id.as_str(), account.buyer_id.as_str(), account.year, total)
    }))?;
    sqlx::query(
        "insert into standing (shop_id, buyer_id, year, refunded_minor) \
         select value ->> 0, value ->> 1, value ->> 2, value ->> 3 from jsonb_each(?1) where true \
         on conflict (shop_id, buyer_id, year) \
         do update set refunded_minor = excluded.refunded_minor",
    )
    .bind(rows)
    .execute(tx)
    .await
    .map_err(failing("write the yearly totals of a batch"))?;
    Ok(())
}

async fn effects(tx: &mut SqliteConnection, writes: &Writes<'_>) -> Result<(), StoreFault> {
    let rows = json(writes.effects.iter().map(|(key, effect)| {
        let (shop_id, order_id) = (key.shop_id.as_str(), key.order_id.as_str());
        let (effect_id, case_id) = (effect.effect_id.as_str(), hex(effect.case_id));
        (shop_id, effect_id, order_id, case_id, &effect.kind, effect.due_at.ms(), &effect.body)
    }))?;
    sqlx::query(
        "insert into outbox (shop_id, effect_id, order_id, case_id, kind, state, due_at, \
         attempts, note, body) \
         select value ->> 0, value ->> 1, value ->> 2, unhex(value ->> 3), value ->> 4, \
         'waiting', value ->> 5, 0, '', value ->> 6 from jsonb_each(?1)",
    )
    .bind(rows)
    .execute(tx)
    .await
    .map_err(failing("write the effects of a batch"))?;
    Ok(())
}

/// Served by the primary key of `outbox`.
async fn settled(tx: &mut SqliteConnection, writes: &Writes<'_>) -> Result<(), StoreFault> {
    let rows = json(writes.settled.iter().map(|(shop, effect)| (shop.as_str(), effect.as_str())))?;
    sqlx::query(
        "delete from outbox where (shop_id, effect_id) in \
         (select value ->> 0, value ->> 1 from jsonb_each(?1))",
    )
    .bind(rows)
    .execute(tx)
    .await
    .map_err(failing("take settled effects off the outbox"))?;
    Ok(())
}

/// Order rows, new or changed.
pub(super) async fn orders(
    tx: &mut SqliteConnection,
    orders: impl ExactSizeIterator<Item = &OrderRow>,
) -> Result<(), StoreFault> {
    if orders.len() == 0 {
        return Ok(());
    }
    let rows = orders.map(|order| {
        let (shop_id, order_id) = (order.key.shop_id.as_str(), order.key.order_id.as_str());
        let (buyer_id, placed_at) = (order.buyer_id.as_str(), order.placed_at.ms());
        let version = signed("version", order.version)?;
        Ok((shop_id, order_id, buyer_id, placed_at, version, &order.summary))
    });
    let rows = json(rows.collect::<Result<Vec<_>, _>>()?)?;
    sqlx::query(
        "insert into order_row (shop_id, order_id, buyer_id, placed_at, version, summary) \
         select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 \
         from jsonb_each(?1) where true \
         on conflict (shop_id, order_id) do update set buyer_id = excluded.buyer_id, \
         placed_at = excluded.placed_at, version = excluded.version, summary = excluded.summary",
    )
    .bind(rows)
    .execute(tx)
    .await
    .map_err(failing("write order rows"))?;
    Ok(())
}

/// Case rows, new or changed. A changed one is a timer anew: whoever had claimed the old one has
/// lost it. Order, buyer and moment of opening of a case never change and are left alone, which
/// keeps two indexes out of every change.
pub(super) async fn cases(
    tx: &mut SqliteConnection,
    cases: impl ExactSizeIterator<Item = &CaseRow>,
) -> Result<(), StoreFault> {
    if cases.len() == 0 {
        return Ok(());
    }
    let rows = json(cases.map(Case::of).collect::<Result<Vec<_>, _>>()?)?;
    sqlx::query(
        "insert into case_row (shop_id, case_id, order_id, buyer_id, case_type, stage, \
         waits_for, due_at, wakes_at, urgent_at, reason, amount_minor, currency, opened_at, \
         updated_at, version, summary) \
         select value ->> 'shop_id', unhex(value ->> 'case_id'), value ->> 'order_id', \
         value ->> 'buyer_id', value ->> 'case_type', value ->> 'stage', value ->> 'waits_for', \
         value ->> 'due_at', value ->> 'due_at', value ->> 'urgent_at', value ->> 'reason', \
         value ->> 'amount_minor', value ->> 'currency', value ->> 'opened_at', \
         value ->> 'updated_at', value ->> 'version', value ->> 'summary' from jsonb_each(?1) where true \
         on conflict (shop_id, case_id) do update set case_type = excluded.case_type, \
         stage = excluded.stage, waits_for = excluded.waits_for, due_at = excluded.due_at, \
         wakes_at = excluded.wakes_at, urgent_at = excluded.urgent_at, \
         reason = excluded.reason, \
         amount_minor = excluded.amount_minor, currency = excluded.currency, \
         updated_at = excluded.updated_at, version = excluded.version, \
         summary = excluded.summary",
    )
    .bind(rows)
    .execute(tx)
    .await
    .map_err(failing("write case rows"))?;
    Ok(())
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
