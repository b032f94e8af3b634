//! Rows of either database, read into the engine's rows.

use crate::{column::Columns, name};
use domain::{application::CaseType, id::ShopId};
use engine::{
    ports::StoreFault,
    rows::{
        CaseRow, Document, DueEffect, DueTimer, EffectRow, EffectState, ExportedRecord, LIMIT_MAX,
        OrderRow, OutboxCounts, Page, StoredRecord, StreamKey,
    },
};

/// A buyer's cases are counted up to here; who has more is no different from who has as many.
pub(crate) const CASES_COUNTED_MAX: i64 = 1_000;

pub(crate) fn record(row: &impl Columns) -> Result<StoredRecord, StoreFault> {
    Ok(StoredRecord {
        version: row.whole("version")?,
        kind: row.text("kind")?,
        at: row.moment("at")?,
        body: row.text("body")?,
    })
}

pub(crate) fn exported(shop: &ShopId, row: &impl Columns) -> Result<ExportedRecord, StoreFault> {
    Ok(ExportedRecord {
        sequence: row.number("sequence")?,
        key: StreamKey { shop_id: shop.clone(), order_id: row.order_id()? },
        record: record(row)?,
    })
}

pub(crate) fn case_row(row: &impl Columns) -> Result<CaseRow, StoreFault> {
    let waits_for = row.text_or_none("waits_for")?;
    Ok(CaseRow {
        key: row.key()?,
        case_id: row.case_id()?,
        buyer_id: row.buyer_id()?,
        case_type: name::read::<CaseType>("case_type", &row.text("case_type")?)?,
        stage: row.text("stage")?,
        waits_for: waits_for.map(|side| name::read("waits_for", &side)).transpose()?,
        due_at: row.moment_or_none("due_at")?,
        reason: row.reason()?,
        amount: row.amount()?,
        opened_at: row.moment("opened_at")?,
        updated_at: row.moment("updated_at")?,
        version: row.whole("version")?,
        summary: row.text("summary")?,
    })
}

pub(crate) fn order_row(row: &impl Columns) -> Result<OrderRow, StoreFault> {
    Ok(OrderRow {
        key: row.key()?,
        buyer_id: row.buyer_id()?,
        placed_at: row.moment("placed_at")?,
        version: row.whole("version")?,
        summary: row.text("summary")?,
    })
}

pub(crate) fn effect_row(row: &impl Columns) -> Result<EffectRow, StoreFault> {
    Ok(EffectRow {
        key: row.key()?,
        effect_id: row.effect_id()?,
        case_id: row.case_id()?,
        kind: row.text("kind")?,
        state: name::read::<EffectState>("state", &row.text("state")?)?,
        due_at: row.moment("due_at")?,
        attempts: row.count("attempts")?,
        note: row.text("note")?,
    })
}

pub(crate) fn due_effect(row: &impl Columns) -> Result<DueEffect, StoreFault> {
    Ok(DueEffect {
        key: row.key()?,
        effect_id: row.effect_id()?,
        case_id: row.case_id()?,
        kind: row.text("kind")?,
        body: row.text("body")?,
        attempts: row.count("attempts")?,
        note: row.text("note")?,
    })
}

pub(crate) fn due_timer(row: &impl Columns) -> Result<DueTimer, StoreFault> {
    Ok(DueTimer { key: row.key()?, case_id: row.case_id()?, due_at: row.moment("due_at")? })
}

pub(crate) fn counts(row: &impl Columns) -> Result<OutboxCounts, StoreFault> {
    Ok(OutboxCounts {
        due: row.whole("due")?,
        waiting: row.whole("waiting")?,
        buried: row.whole("buried")?,
        oldest_due_at: row.moment_or_none("oldest_due_at")?,
    })
}

pub(crate) fn document(row: &impl Columns) -> Result<Document, StoreFault> {
    Ok(Document {
        shop_id: row.shop_id()?,
        kind: row.text("kind")?,
        id: row.text("id")?,
        version: row.whole("version")?,
        updated_at: row.moment("updated_at")?,
        body: row.text("body")?,
    })
}

/// All rows, or the first that is broken.
pub(crate) fn all<R, T>(
    rows: &[R],
    one: impl Fn(&R) -> Result<T, StoreFault>,
) -> Result<Vec<T>, StoreFault> {
    rows.iter().map(one).collect()
}

/// How many rows a list may give: 1 to [`LIMIT_MAX`].
pub(crate) fn limited(limit: u32) -> i64 {
    i64::from(limit.clamp(1, LIMIT_MAX))
}

/// How many rows a claim may take: up to [`LIMIT_MAX`], none if none are wanted.
pub(crate) fn claimed(limit: u32) -> i64 {
    i64::from(limit.min(LIMIT_MAX))
}

/// A page out of rows of which one more than the limit was asked for.
pub(crate) fn page<R, T>(
    rows: &[R],
    limit: u32,
    one: impl Fn(&R) -> Result<T, StoreFault>,
) -> Result<Page<T>, StoreFault> {
    let limit = limit.clamp(1, LIMIT_MAX) as usize;
    let shown = rows.get(..limit).unwrap_or(rows);
    Ok(Page { rows: all(shown, one)?, more: rows.len() > limit, reached: None })
}
