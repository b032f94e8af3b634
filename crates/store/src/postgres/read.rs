//! Streams, standings and what is due: plain reads.

use super::MIGRATIONS;
use crate::{
    column::Columns,
    decode::{all, limited},
    fault::failing,
    schema, shape,
};
use domain::{
    id::{OrderId, ShopId},
    moment::Moment,
};
use engine::{ports::StoreFault, rows::StreamKey};
use sqlx::PgPool;

/// Served by the primary key of `stream`.
pub(super) async fn version(pool: &PgPool, key: &StreamKey) -> Result<u64, StoreFault> {
    let row = sqlx::query("select version from stream where shop_id = $1 and order_id = $2")
        .bind(key.shop_id.as_str())
        .bind(key.order_id.as_str())
        .fetch_optional(pool)
        .await
        .map_err(failing("read the version of a stream"))?;
    row.map_or(Ok(0), |row| row.whole("version"))
}

/// Served by the first entries of `outbox_due` and `case_row_wakes`.
pub(super) async fn next_due(pool: &PgPool) -> Result<Option<Moment>, StoreFault> {
    let row = sqlx::query(
        "select min(due_at) as due_at from ( \
         select min(due_at) as due_at from outbox where state <> 'buried' union all \
         select min(wakes_at) as due_at from case_row where wakes_at is not null) as due",
    )
    .fetch_one(pool)
    .await
    .map_err(failing("look for what falls due next"))?;
    row.moment_or_none("due_at")
}

/// Served by the primary key of `stream`.
pub(super) async fn streams(
    pool: &PgPool,
    shop_id: &ShopId,
    after: &str,
    limit: u32,
) -> Result<Vec<OrderId>, StoreFault> {
    shape::asked([after])?;
    let rows = sqlx::query(
        "select order_id from stream where shop_id = $1 and order_id > $2 \
         order by order_id limit $3",
    )
    .bind(shop_id.as_str())
    .bind(after)
    .bind(limited(limit))
    .fetch_all(pool)
    .await
    .map_err(failing("list streams"))?;
    all(&rows, Columns::order_id)
}

/// A table of a few rows.
pub(super) async fn check(pool: &PgPool) -> Result<(), StoreFault> {
    let applied =
        sqlx::query("select version from _sqlx_migrations where success order by version")
            .fetch_all(pool)
            .await
            .map_err(failing("read the version of the schema"))?;
    schema::compare(&MIGRATIONS, &all(&applied, |row| row.number("version"))?)
}

/// Texts are kept byte for byte, in every language: only UTF-8 does that.
pub(super) async fn check_encoding(pool: &PgPool) -> Result<(), StoreFault> {
    let row = sqlx::query("select current_setting('server_encoding') as encoding")
        .fetch_one(pool)
        .await
        .map_err(failing("read the encoding of the database"))?;
    let encoding = row.text("encoding")?;
    if encoding == "UTF8" {
        return Ok(());
    }
    Err(StoreFault::Broken(format!("open the database: its encoding is {encoding}, not UTF8")))
}
