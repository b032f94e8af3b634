//! Reads of many at once. The questions travel as one JSON text, an array of arrays; the place of
//! a question in it is the key of `jsonb_each`.

use super::write::{hex, json};
use crate::{
    column::{Columns, signed},
    decode::{self, CASES_COUNTED_MAX, document, record},
    fault::failing,
    gather::{Answers, Many, Name, Questions, Since, Tail, Which, placed, streams},
};
use async_trait::async_trait;
use domain::id::OrderId;
use engine::{
    ports::StoreFault,
    rows::{Document, StandingRow, StoredRecord},
};
use sqlx::{SqlitePool, sqlite::SqliteRow};
use std::time::Duration;

/// The connections that read.
pub(super) struct Readers(pub(super) SqlitePool);

impl Readers {
    async fn rows(
        &self,
        sql: &'static str,
        asked: String,
        attempt: &'static str,
    ) -> Result<Vec<SqliteRow>, StoreFault> {
        sqlx::query(sql).bind(asked).fetch_all(&self.0).await.map_err(failing(attempt))
    }
}

/// Each kind is a statement of its own, and each may have a connection of its own.
#[async_trait]
impl Many for Readers {
    /// Two threads answer faster than one.
    const PATIENCE: Duration = Duration::ZERO;

    async fn answers(&self, asked: &Questions) -> Result<Answers, StoreFault> {
        let (loads, standings, documents, orders_of_cases) = futures_util::future::try_join4(
            self.loads(&asked.loads),
            self.standings(&asked.standings),
            self.documents(&asked.documents),
            self.orders_of_cases(&asked.orders_of_cases),
        )
        .await?;
        Ok(Answers { loads, standings, documents, orders_of_cases })
    }
}

/// A cross join keeps its order: the questions come first.
impl Readers {
    /// Served by `event_by_stream`.
    async fn loads(&self, asked: &[Tail]) -> Result<Vec<Vec<StoredRecord>>, StoreFault> {
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let wanted = asked.iter().map(|(key, after)| {
            let after = signed("version", *after)?;
            Ok((key.shop_id.as_str(), key.order_id.as_str(), after))
        });
        let wanted = json(wanted.collect::<Result<Vec<_>, StoreFault>>()?)?;
        let rows = self.rows(
            "select wanted.key as place, version, kind, at, body from jsonb_each(?1) as wanted \
             cross join event on shop_id = wanted.value ->> 0 \
             and order_id = wanted.value ->> 1 and version > wanted.value ->> 2",
            wanted,
            "load streams",
        );
        let rows = rows.await?;
        streams(asked.len(), rows.iter().map(|row| Ok((place(row)?, record(row)?))))
    }

    /// Served by the primary key of `standing`, and by `case_row_by_buyer` alone, newest first, so
    /// that counting ends at the limit.
    async fn standings(&self, asked: &[Since]) -> Result<Vec<StandingRow>, StoreFault> {
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let wanted = json(asked.iter().map(|(account, since)| {
            let (shop_id, buyer_id) = (account.shop_id.as_str(), account.buyer_id.as_str());
            (shop_id, buyer_id, account.year, since.ms())
        }))?;
        let rows = sqlx::query(
            "select wanted.key as place, coalesce((select refunded_minor from standing \
             where shop_id = wanted.value ->> 0 and buyer_id = wanted.value ->> 1 \
             and year = wanted.value ->> 2), 0) as refunded_minor, \
             (select count(*) from (select 1 from case_row \
             where shop_id = wanted.value ->> 0 and buyer_id = wanted.value ->> 1 \
             and opened_at >= wanted.value ->> 3 \
             order by case_id desc limit ?2)) as cases \
             from jsonb_each(?1) as wanted",
        );
        let rows = rows.bind(wanted).bind(CASES_COUNTED_MAX).fetch_all(&self.0);
        let rows = rows.await.map_err(failing("read how buyers stand"))?;
        placed(asked.len(), rows.iter().map(|row| Ok((place(row)?, decode::standing(row)?))))
    }

    /// Served by the primary key of `document`.
    async fn documents(&self, asked: &[Name]) -> Result<Vec<Option<Document>>, StoreFault> {
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let rows = self.rows(
            "select wanted.key as place, document.* from jsonb_each(?1) as wanted \
             cross join document on document.shop_id = wanted.value ->> 0 \
             and document.kind = wanted.value ->> 1 and document.id = wanted.value ->> 2",
            json(asked)?,
            "read documents",
        );
        let rows = rows.await?;
        placed(asked.len(), rows.iter().map(|row| Ok((place(row)?, Some(document(row)?)))))
    }

    /// Served by the primary key of `case_row`.
    async fn orders_of_cases(&self, asked: &[Which]) -> Result<Vec<Option<OrderId>>, StoreFault> {
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let wanted = json(asked.iter().map(|(shop, case_id)| (shop.as_str(), hex(*case_id))))?;
        let rows = self.rows(
            "select wanted.key as place, order_id from jsonb_each(?1) as wanted \
             cross join case_row on shop_id = wanted.value ->> 0 \
             and case_id = unhex(wanted.value ->> 1)",
            wanted,
            "look for the orders of cases",
        );
        let rows = rows.await?;
        placed(asked.len(), rows.iter().map(|row| Ok((place(row)?, Some(row.order_id()?)))))
    }
}

fn place(row: &SqliteRow) -> Result<usize, StoreFault> {
    Ok(usize::try_from(row.whole("place")?).unwrap_or(usize::MAX))
}
