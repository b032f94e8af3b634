//! Streams, standings and what is due: plain reads.

use super::MIGRATIONS;
use crate::{
    column::Columns,
    decode::{all, exported, limited},
    fault::failing,
    schema, shape,
};
use domain::{
    id::{OrderId, ShopId},
    moment::Moment,
};
use engine::{
    ports::StoreFault,
    rows::{ExportedRecord, StreamKey},
};
use sqlx::SqlitePool;

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
