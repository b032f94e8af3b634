//! Bare SQLite: group commits of the same rows, and nothing around them.

use super::Sample;
use crate::{Scale, report::Figure};
use anyhow::Result;
use sqlx::{
    Connection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use std::{path::Path, time::Instant};

const TABLES: &str = "
    create table if not exists event (sequence integer primary key, shop_id text, order_id text,
        version integer, kind text, at integer, body text) strict;
    create table if not exists case_row (row integer primary key, shop_id text, case_id blob,
        order_id text, buyer_id text, case_type text, stage text, waits_for text, due_at integer,
        wakes_at integer, reason text, amount_minor integer, currency text, opened_at integer,
        updated_at integer, version integer, summary text) strict;";

/// Commands a second, so many in a transaction.
#[expect(clippy::disallowed_methods, reason = "a measurement needs the machine's clock")]
pub async fn rate(folder: &Path, sample: &Sample, batch: usize, scale: &Scale) -> Result<Figure> {
    let options = SqliteConnectOptions::new()
        .filename(folder.join(format!("bare-{batch}.db")))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("wal_autocheckpoint", "16000")
        .pragma("cache_size", "-65536");
    let mut bare = SqliteConnection::connect_with(&options).await?;
    sqlx::raw_sql(TABLES).execute(&mut bare).await?;
    let mut n = 0_i64;
    let mut rates = Vec::new();
    for _ in 0..scale.runs {
        let (begin, first) = (Instant::now(), n);
        while begin.elapsed() < scale.lasts {
            let mut group = bare.begin_with("begin immediate").await?;
            for _ in 0..batch {
                n += 1;
                write(&mut group, sample, n).await?;
            }
            group.commit().await?;
        }
        rates.push((n - first) as f64 / begin.elapsed().as_secs_f64());
    }
    bare.close().await?;
    Ok(Figure::of(rates, "/s"))
}

async fn write(group: &mut SqliteConnection, sample: &Sample, n: i64) -> Result<()> {
    let order_id = format!("37{n:017}");
    for body in &sample.records {
        sqlx::query(
            "insert into event (shop_id, order_id, version, kind, at, body) \
             values ('bench', ?, 2, 'opened', ?, ?)",
        )
        .bind(&order_id)
        .bind(n)
        .bind(body)
        .execute(&mut *group)
        .await?;
    }
    sqlx::query(
        "insert into case_row (shop_id, case_id, order_id, buyer_id, case_type, stage, waits_for, \
         due_at, wakes_at, reason, amount_minor, currency, opened_at, updated_at, version, summary) \
         values ('bench', ?, ?, ?, 'return_and_refund', 'under_review', 'merchant', ?, ?, \
         'unwanted_seven_days', 5900, 'CNY', ?, ?, 2, ?)",
    )
    .bind(n.to_be_bytes().repeat(2))
    .bind(&order_id)
    .bind(format!("oBuyer-{n}"))
    .bind(n)
    .bind(n)
    .bind(n)
    .bind(n)
    .bind(&sample.summary)
    .execute(&mut *group)
    .await?;
    Ok(())
}
