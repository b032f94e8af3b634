//! Streams, standings and what is due: plain reads.

use super::MIGRATIONS;
use crate::{
    column::{Columns, signed},
    decode::{self, CASES_COUNTED_MAX, all, exported, limited, record},
    fault::failing,
    judge::Account,
    schema, shape,
};
use domain::{
    id::{CaseId, OrderId, ShopId},
    moment::Moment,
};
use engine::{
    ports::StoreFault,
    rows::{ExportedRecord, StandingRow, StoredRecord, StreamKey},
};
use sqlx::SqlitePool;

/// Served by `event_by_stream`.
pub(super) async fn load(
    readers: &SqlitePool,
    key: &StreamKey,
    after: u64,
) -> Result<Vec<StoredRecord>, StoreFault> {
    let rows = sqlx::query(
        "select version, kind, at, body from event \
         where shop_id = ?1 and order_id = ?2 and version > ?3 order by version",
    )
    .bind(key.shop_id.as_str())
    .bind(key.order_id.as_str())
    .bind(signed("version", after)?)
    .fetch_all(readers)
    .await
    .map_err(failing("load a stream"))?;
    all(&rows, record)
}

/// Served by the last entry of the stream in `event_by_stream`.
pub(super) async fn version(readers: &SqlitePool, key: &StreamKey) -> Result<u64, StoreFault> {
    let row = sqlx::query(
        "select coalesce(max(version), 0) as version from event \
         where shop_id = ?1 and order_id = ?2",
    )
    .bind(key.shop_id.as_str())
    .bind(key.order_id.as_str())
    .fetch_one(readers)
    .await
    .map_err(failing("read the version of a stream"))?;
    row.whole("version")
}

/// Served by the primary key of `case_row`.
pub(super) async fn order_of_case(
    readers: &SqlitePool,
    shop_id: &ShopId,
    case_id: CaseId,
) -> Result<Option<OrderId>, StoreFault> {
    let row = sqlx::query("select order_id from case_row where shop_id = ?1 and case_id = ?2")
        .bind(shop_id.as_str())
        .bind(case_id.uuid())
        .fetch_optional(readers)
        .await
        .map_err(failing("look for the order of a case"))?;
    row.map(|row| row.order_id()).transpose()
}

/// Served by the primary key of `standing`, and by `case_row_by_buyer` alone, newest first, so
/// that counting ends at the limit.
pub(super) async fn standing(
    readers: &SqlitePool,
    account: &Account,
    cases_since: Moment,
) -> Result<StandingRow, StoreFault> {
    let row = sqlx::query(
        "select coalesce((select refunded_minor from standing \
         where shop_id = ?1 and buyer_id = ?2 and year = ?3), 0) as refunded_minor, \
         (select count(*) from (select 1 from case_row \
         where shop_id = ?1 and buyer_id = ?2 and opened_at >= ?4 \
         order by case_id desc limit ?5)) as cases",
    )
    .bind(account.shop_id.as_str())
    .bind(account.buyer_id.as_str())
    .bind(i64::from(account.year))
    .bind(cases_since.ms())
    .bind(CASES_COUNTED_MAX)
    .fetch_one(readers)
    .await
    .map_err(failing("read how a buyer stands"))?;
    decode::standing(&row)
}

/// Served by the first entries of `outbox_due` and `case_row_wakes`.
pub(super) async fn next_due(readers: &SqlitePool) -> Result<Option<Moment>, StoreFault> {
    let row = sqlx::query(
        "select min(due_at) as due_at from ( \
         select min(due_at) as due_at from outbox where state <> 'buried' union all \
         select min(wakes_at) as due_at from case_row where wakes_at is not null)",
    )
    .fetch_one(readers)
    .await
    .map_err(failing("look for what falls due next"))?;
    row.moment_or_none("due_at")
}

/// Served by `event_by_shop`. Row ids are in order of commit, because one connection writes at a
/// time.
pub(super) async fn export(
    readers: &SqlitePool,
    shop_id: &ShopId,
    after: i64,
    limit: u32,
) -> Result<Vec<ExportedRecord>, StoreFault> {
    let rows = sqlx::query(
        "select sequence, order_id, version, kind, at, body from event \
         where shop_id = ?1 and sequence > ?2 order by sequence limit ?3",
    )
    .bind(shop_id.as_str())
    .bind(after)
    .bind(limited(limit))
    .fetch_all(readers)
    .await
    .map_err(failing("export records"))?;
    all(&rows, |row| exported(shop_id, row))
}

/// Served by `event_by_stream`, in its order.
pub(super) async fn streams(
    readers: &SqlitePool,
    shop_id: &ShopId,
    after: &str,
    limit: u32,
) -> Result<Vec<OrderId>, StoreFault> {
    shape::asked([after])?;
    let rows = sqlx::query(
        "select distinct order_id from event where shop_id = ?1 and order_id > ?2 \
         order by order_id limit ?3",
    )
    .bind(shop_id.as_str())
    .bind(after)
    .bind(limited(limit))
    .fetch_all(readers)
    .await
    .map_err(failing("list streams"))?;
    all(&rows, Columns::order_id)
}

/// A table of a few rows.
pub(super) async fn check(readers: &SqlitePool) -> Result<(), StoreFault> {
    let applied =
        sqlx::query("select version from _sqlx_migrations where success order by version")
            .fetch_all(readers)
            .await
            .map_err(failing("read the version of the schema"))?;
    schema::compare(&MIGRATIONS, &all(&applied, |row| row.number("version"))?)
}
