//! What an accepted batch leaves: one statement a table, however many rows. The rows travel as one
//! array a column.

use crate::{column::signed, fault::failing, judge::Writes, name};
use domain::moment::Moment;
use engine::{
    ports::StoreFault,
    rows::{CaseRow, OrderRow},
};
use sqlx::PgConnection;

/// Writes all of it, tables in the same order as in the other backend.
pub(super) async fn all(tx: &mut PgConnection, writes: &Writes<'_>) -> Result<(), StoreFault> {
    heads(tx, writes).await?;
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

/// Served by the primary key of `stream`.
async fn heads(tx: &mut PgConnection, writes: &Writes<'_>) -> Result<(), StoreFault> {
    let heads = &writes.heads;
    let versions = heads.values().map(|version| signed("version", *version));
    sqlx::query(
        "update stream set version = new.version \
         from unnest($1::text[], $2::text[], $3::bigint[]) as new (shop_id, order_id, version) \
         where stream.shop_id = new.shop_id and stream.order_id = new.order_id",
    )
    .bind(heads.keys().map(|key| key.shop_id.as_str()).collect::<Vec<_>>())
    .bind(heads.keys().map(|key| key.order_id.as_str()).collect::<Vec<_>>())
    .bind(versions.collect::<Result<Vec<_>, _>>()?)
    .execute(tx)
    .await
    .map_err(failing("write the versions of a batch"))?;
    Ok(())
}

/// Sequences are drawn in the order in which the records are given.
async fn records(tx: &mut PgConnection, writes: &Writes<'_>) -> Result<(), StoreFault> {
    let records = &writes.records;
    let versions = records.iter().map(|(_, record)| signed("version", record.version));
    sqlx::query(
        "insert into event (shop_id, order_id, version, kind, at, body) \
         select new.shop_id, new.order_id, new.version, new.kind, new.at, new.body \
         from unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::text[]) \
         with ordinality as new (shop_id, order_id, version, kind, at, body, place) \
         order by new.place",
    )
    .bind(records.iter().map(|(key, _)| key.shop_id.as_str()).collect::<Vec<_>>())
    .bind(records.iter().map(|(key, _)| key.order_id.as_str()).collect::<Vec<_>>())
    .bind(versions.collect::<Result<Vec<_>, _>>()?)
    .bind(records.iter().map(|(_, record)| record.kind.as_str()).collect::<Vec<_>>())
    .bind(records.iter().map(|(_, record)| record.at.ms()).collect::<Vec<_>>())
    .bind(records.iter().map(|(_, record)| record.body.as_str()).collect::<Vec<_>>())
    .execute(tx)
    .await
    .map_err(failing("write the records of a batch"))?;
    Ok(())
}

/// Served by the primary key of `standing`; the rows are there, `lock` has seen to it.
async fn totals(tx: &mut PgConnection, writes: &Writes<'_>) -> Result<(), StoreFault> {
    let totals = &writes.totals;
    sqlx::query(
        "update standing set refunded_minor = new.refunded_minor \
         from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) \
         as new (shop_id, buyer_id, year, refunded_minor) \
         where standing.shop_id = new.shop_id and standing.buyer_id = new.buyer_id \
         and standing.year = new.year",
    )
    .bind(totals.keys().map(|account| account.shop_id.as_str()).collect::<Vec<_>>())
    .bind(totals.keys().map(|account| account.buyer_id.as_str()).collect::<Vec<_>>())
    .bind(totals.keys().map(|account| i64::from(account.year)).collect::<Vec<_>>())
    .bind(totals.values().copied().collect::<Vec<_>>())
    .execute(tx)
    .await
    .map_err(failing("write the yearly totals of a batch"))?;
    Ok(())
}

async fn effects(tx: &mut PgConnection, writes: &Writes<'_>) -> Result<(), StoreFault> {
    let effects = &writes.effects;
    sqlx::query(
        "insert into outbox (shop_id, effect_id, order_id, case_id, kind, state, due_at, \
         attempts, note, body) \
         select new.shop_id, new.effect_id, new.order_id, new.case_id, new.kind, 'waiting', \
         new.due_at, 0, '', new.body \
         from unnest($1::text[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::bigint[], \
         $7::text[]) as new (shop_id, effect_id, order_id, case_id, kind, due_at, body)",
    )
    .bind(effects.iter().map(|(key, _)| key.shop_id.as_str()).collect::<Vec<_>>())
    .bind(effects.iter().map(|(_, effect)| effect.effect_id.as_str()).collect::<Vec<_>>())
    .bind(effects.iter().map(|(key, _)| key.order_id.as_str()).collect::<Vec<_>>())
    .bind(effects.iter().map(|(_, effect)| effect.case_id.uuid()).collect::<Vec<_>>())
    .bind(effects.iter().map(|(_, effect)| effect.kind.as_str()).collect::<Vec<_>>())
    .bind(effects.iter().map(|(_, effect)| effect.due_at.ms()).collect::<Vec<_>>())
    .bind(effects.iter().map(|(_, effect)| effect.body.as_str()).collect::<Vec<_>>())
    .execute(tx)
    .await
    .map_err(failing("write the effects of a batch"))?;
    Ok(())
}

/// Served by the primary key of `outbox`.
async fn settled(tx: &mut PgConnection, writes: &Writes<'_>) -> Result<(), StoreFault> {
    let settled = &writes.settled;
    sqlx::query(
        "delete from outbox using unnest($1::text[], $2::text[]) as gone (shop_id, effect_id) \
         where outbox.shop_id = gone.shop_id and outbox.effect_id = gone.effect_id",
    )
    .bind(settled.iter().map(|(shop_id, _)| shop_id.as_str()).collect::<Vec<_>>())
    .bind(settled.iter().map(|(_, effect_id)| effect_id.as_str()).collect::<Vec<_>>())
    .execute(tx)
    .await
    .map_err(failing("take settled effects off the outbox"))?;
    Ok(())
}

/// Order rows, new or changed.
pub(super) async fn orders(
    tx: &mut PgConnection,
    orders: impl Iterator<Item = &OrderRow>,
) -> Result<(), StoreFault> {
    let orders: Vec<_> = orders.collect();
    if orders.is_empty() {
        return Ok(());
    }
    let versions = orders.iter().map(|order| signed("version", order.version));
    sqlx::query(
        "insert into order_row (shop_id, order_id, buyer_id, placed_at, version, summary) \
         select new.shop_id, new.order_id, new.buyer_id, new.placed_at, new.version, new.summary \
         from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::text[]) \
         as new (shop_id, order_id, buyer_id, placed_at, version, summary) \
         on conflict (shop_id, order_id) do update set buyer_id = excluded.buyer_id, \
         placed_at = excluded.placed_at, version = excluded.version, summary = excluded.summary",
    )
    .bind(orders.iter().map(|order| order.key.shop_id.as_str()).collect::<Vec<_>>())
    .bind(orders.iter().map(|order| order.key.order_id.as_str()).collect::<Vec<_>>())
    .bind(orders.iter().map(|order| order.buyer_id.as_str()).collect::<Vec<_>>())
    .bind(orders.iter().map(|order| order.placed_at.ms()).collect::<Vec<_>>())
    .bind(versions.collect::<Result<Vec<_>, _>>()?)
    .bind(orders.iter().map(|order| order.summary.as_str()).collect::<Vec<_>>())
    .execute(tx)
    .await
    .map_err(failing("write order rows"))?;
    Ok(())
}

const CASES: &str = "insert into case_row (shop_id, case_id, order_id, buyer_id, case_type, \
    stage, waits_for, due_at, wakes_at, reason, amount_minor, currency, opened_at, updated_at, \
    version, summary) \
    select new.shop_id, new.case_id, new.order_id, new.buyer_id, new.case_type, new.stage, \
    new.waits_for, new.due_at, new.due_at, new.reason, new.amount_minor, new.currency, \
    new.opened_at, new.updated_at, new.version, new.summary \
    from unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], \
    $7::text[], $8::bigint[], $9::text[], $10::bigint[], $11::text[], $12::bigint[], \
    $13::bigint[], $14::bigint[], $15::text[]) as new (shop_id, case_id, order_id, buyer_id, \
    case_type, stage, waits_for, due_at, reason, amount_minor, currency, opened_at, updated_at, \
    version, summary) \
    on conflict (shop_id, case_id) do update set case_type = excluded.case_type, \
    stage = excluded.stage, waits_for = excluded.waits_for, due_at = excluded.due_at, \
    wakes_at = excluded.wakes_at, reason = excluded.reason, \
    amount_minor = excluded.amount_minor, currency = excluded.currency, \
    updated_at = excluded.updated_at, version = excluded.version, summary = excluded.summary";

/// Case rows, new or changed. A changed one is a timer anew: whoever had claimed the old one has
/// lost it. Order, buyer and moment of opening of a case never change and are left alone.
pub(super) async fn cases(
    tx: &mut PgConnection,
    cases: impl Iterator<Item = &CaseRow>,
) -> Result<(), StoreFault> {
    let cases: Vec<_> = cases.collect();
    if cases.is_empty() {
        return Ok(());
    }
    let versions = cases.iter().map(|case| signed("version", case.version));
    sqlx::query(CASES)
        .bind(cases.iter().map(|case| case.key.shop_id.as_str()).collect::<Vec<_>>())
        .bind(cases.iter().map(|case| case.case_id.uuid()).collect::<Vec<_>>())
        .bind(cases.iter().map(|case| case.key.order_id.as_str()).collect::<Vec<_>>())
        .bind(cases.iter().map(|case| case.buyer_id.as_str()).collect::<Vec<_>>())
        .bind(cases.iter().map(|case| name::case_type(case.case_type)).collect::<Vec<_>>())
        .bind(cases.iter().map(|case| case.stage.as_str()).collect::<Vec<_>>())
        .bind(cases.iter().map(|case| case.waits_for.map(name::side)).collect::<Vec<_>>())
        .bind(cases.iter().map(|case| case.due_at.map(Moment::ms)).collect::<Vec<_>>())
        .bind(cases.iter().map(|case| case.reason.as_str()).collect::<Vec<_>>())
        .bind(cases.iter().map(|case| case.amount.minor()).collect::<Vec<_>>())
        .bind(cases.iter().map(|case| case.amount.currency().to_string()).collect::<Vec<_>>())
        .bind(cases.iter().map(|case| case.opened_at.ms()).collect::<Vec<_>>())
        .bind(cases.iter().map(|case| case.updated_at.ms()).collect::<Vec<_>>())
        .bind(versions.collect::<Result<Vec<_>, _>>()?)
        .bind(cases.iter().map(|case| case.summary.as_str()).collect::<Vec<_>>())
        .execute(tx)
        .await
        .map_err(failing("write case rows"))?;
    Ok(())
}
