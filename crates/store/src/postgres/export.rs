//! The export: records in order of their sequence, none of them ever missed.
//!
//! Sequences are drawn in order but transactions end in any order: when a record is seen, one with
//! a lower sequence may still be on its way, and whoever reads on from the higher one would never
//! see it. So the export shows only what is settled: it looks how far sequences have been drawn,
//! and waits until every transaction that was open at that moment has ended. Writers take no lock
//! for this and never wait.

use super::Postgres;
use crate::{
    column::Columns,
    decode::{all, exported, limited},
    fault::failing,
};
use domain::id::ShopId;
use engine::{ports::StoreFault, rows::ExportedRecord};
use sqlx::PgPool;
use std::{sync::atomic::Ordering, time::Duration};

/// How often and how long to wait for transactions to end; they take milliseconds.
const WAITS_MAX: u32 = 500;
const WAIT: Duration = Duration::from_millis(5);

pub(super) async fn export(
    store: &Postgres,
    shop_id: &ShopId,
    after: i64,
    limit: u32,
) -> Result<Vec<ExportedRecord>, StoreFault> {
    // What was once settled stays so; only who has read nearly up to there must look again.
    let until = store.settled_until.load(Ordering::Acquire);
    let known = settled(&store.pool, shop_id, after, (until, limit)).await?;
    if i64::try_from(known.len()) == Ok(limited(limit)) {
        return Ok(known);
    }
    let until = settle(&store.pool).await?;
    store.settled_until.fetch_max(until, Ordering::AcqRel);
    settled(&store.pool, shop_id, after, (until, limit)).await
}

/// How far sequences are drawn, once all who could have drawn them have ended.
async fn settle(pool: &PgPool) -> Result<i64, StoreFault> {
    // In this order: whoever drew a sequence up to the first had its transaction id before the
    // second was given out, because a commit writes to `stream` before it writes to `event`.
    let until = last_drawn(pool).await?;
    let mine = transaction_id(pool).await?;
    for _ in 0..WAITS_MAX {
        if oldest_open(pool).await? >= mine {
            return Ok(until);
        }
        tokio::time::sleep(WAIT).await;
    }
    Err(StoreFault::Busy("export records: a transaction stays open for too long".into()))
}

/// One row: the sequence itself.
async fn last_drawn(pool: &PgPool) -> Result<i64, StoreFault> {
    let row = sqlx::query(
        "select case when is_called then last_value else 0 end as last_value \
         from event_sequence_seq",
    )
    .fetch_one(pool)
    .await
    .map_err(failing("look how far sequences are drawn"))?;
    row.number("last_value")
}

/// A transaction id of our own, newer than any given out before.
async fn transaction_id(pool: &PgPool) -> Result<i64, StoreFault> {
    let row = sqlx::query("select pg_current_xact_id()::text::bigint as id")
        .fetch_one(pool)
        .await
        .map_err(failing("draw a transaction id"))?;
    row.number("id")
}

/// All transactions with a lower id have ended.
async fn oldest_open(pool: &PgPool) -> Result<i64, StoreFault> {
    let row = sqlx::query("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as id")
        .fetch_one(pool)
        .await
        .map_err(failing("look for the oldest open transaction"))?;
    row.number("id")
}

/// Served by `event_by_shop`.
async fn settled(
    pool: &PgPool,
    shop_id: &ShopId,
    after: i64,
    (until, limit): (i64, u32),
) -> Result<Vec<ExportedRecord>, StoreFault> {
    let rows = sqlx::query(
        "select sequence, order_id, version, kind, at, body from event \
         where shop_id = $1 and sequence > $2 and sequence <= $3 order by sequence limit $4",
    )
    .bind(shop_id.as_str())
    .bind(after)
    .bind(until)
    .bind(limited(limit))
    .fetch_all(pool)
    .await
    .map_err(failing("export records"))?;
    all(&rows, |row| exported(shop_id, row))
}
