//! PostgreSQL with one function call for each command.

use super::Sample;
use crate::{Scale, report::Figure};
use anyhow::{Context, Result};
use sqlx::{Connection, PgConnection};
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Instant,
};
use tokio::task::JoinSet;

const TABLES: &str = "
    create schema bare;
    create table bare.event (sequence bigserial primary key, shop_id text, order_id text,
        version bigint, kind text, at bigint, body text);
    create table bare.case_row (shop_id text, case_id bigint, order_id text, buyer_id text,
        case_type text, stage text, waits_for text, due_at bigint, wakes_at bigint, reason text,
        amount_minor bigint, currency text, opened_at bigint, updated_at bigint, version bigint,
        summary text, primary key (shop_id, case_id));
    create table bare.stream (shop_id text, order_id text, version bigint,
        primary key (shop_id, order_id));
    create function bare.command(n bigint, bodies text[], summary text) returns bigint
    language plpgsql as $$
    declare the_order text := '37' || lpad(n::text, 17, '0');
    begin
        insert into bare.stream values ('bench', the_order, 2);
        insert into bare.event (shop_id, order_id, version, kind, at, body)
            select 'bench', the_order, 2, 'opened', n, body from unnest(bodies) as body;
        insert into bare.case_row values ('bench', n, the_order, 'oBuyer-' || n,
            'return_and_refund', 'under_review', 'merchant', n, n, 'unwanted_seven_days', 5900,
            'CNY', n, n, 2, summary);
        return n;
    end $$;";

/// The address of a fresh database beside the one that is named.
pub async fn database(server: &str, name: &str) -> Result<String> {
    let mut connection = PgConnection::connect(server).await.context("reach PostgreSQL")?;
    let own = format!("bench_{name}");
    for statement in [format!("drop database if exists {own}"), format!("create database {own}")] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut connection).await?;
    }
    let (front, _) = server.rsplit_once('/').context("the address names a database")?;
    Ok(format!("{front}/{own}"))
}

/// Commands a second over so many connections.
#[expect(clippy::disallowed_methods, reason = "a measurement needs the machine's clock")]
pub async fn rate(url: &str, sample: &Sample, connections: usize, scale: &Scale) -> Result<Figure> {
    let mut first = PgConnection::connect(url).await?;
    sqlx::raw_sql("drop schema if exists bare cascade").execute(&mut first).await?;
    sqlx::raw_sql(TABLES).execute(&mut first).await?;
    let next = Arc::new(AtomicI64::new(1));
    let mut lines = Vec::new();
    for _ in 0..connections {
        lines.push(PgConnection::connect(url).await?);
    }
    let mut rates = Vec::new();
    for _ in 0..scale.runs {
        let (begin, from) = (Instant::now(), next.load(Ordering::Relaxed));
        let mut workers = JoinSet::new();
        for mut line in std::mem::take(&mut lines) {
            let (next, sample, lasts) = (Arc::clone(&next), sample.clone(), scale.lasts);
            workers.spawn(async move {
                while begin.elapsed() < lasts {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    sqlx::query("select bare.command($1, $2, $3)")
                        .bind(n)
                        .bind(&sample.records)
                        .bind(&sample.summary)
                        .execute(&mut line)
                        .await?;
                }
                anyhow::Ok(line)
            });
        }
        while let Some(line) = workers.join_next().await {
            lines.push(line??);
        }
        let done = next.load(Ordering::Relaxed) - from;
        rates.push(done as f64 / begin.elapsed().as_secs_f64());
    }
    Ok(Figure::of(rates, "/s"))
}
