//! Reads of many at once. The questions travel as arrays, a column each; the place of a question in
//! them is its ordinality, which begins at one.

use super::within;
use crate::{
    column::{Columns, signed},
    decode::{self, CASES_COUNTED_MAX, document, record},
    fault::failing,
    gather::{Many, Name, Since, Tail, placed, streams},
};
use async_trait::async_trait;
use domain::id::{CaseId, OrderId, ShopId};
use engine::{
    ports::StoreFault,
    rows::{Document, StandingRow, StoredRecord},
};
use sqlx::{PgPool, postgres::PgRow};
use std::time::Duration;
use uuid::Uuid;

/// The connections, and how long an answer may take.
pub(super) struct Pool {
    pub(super) pool: PgPool,
    pub(super) answer: Duration,
}

/// Side by side, so that the planner keeps to the index of each question: a lateral join.
#[async_trait]
impl Many for Pool {
    /// Served by the primary key of `event`.
    async fn loads(&self, asked: &[Tail]) -> Result<Vec<Vec<StoredRecord>>, StoreFault> {
        let after = asked.iter().map(|(_, after)| signed("version", *after));
        let after = after.collect::<Result<Vec<i64>, _>>()?;
        let (shops, orders): (Vec<&str>, Vec<&str>) =
            asked.iter().map(|(key, _)| (key.shop_id.as_str(), key.order_id.as_str())).unzip();
        let query = sqlx::query(
            "select wanted.place, found.version, found.kind, found.at, found.body \
             from unnest($1::text[], $2::text[], $3::bigint[]) with ordinality \
             as wanted (shop_id, order_id, after, place) cross join lateral \
             (select version, kind, at, body from event where event.shop_id = wanted.shop_id \
             and event.order_id = wanted.order_id and event.version > wanted.after \
             order by version) as found",
        );
        let rows = query.bind(shops).bind(orders).bind(after).fetch_all(&self.pool);
        let rows = self.within(rows, "load streams").await?;
        streams(asked.len(), rows.iter().map(|row| Ok((place(row)?, record(row)?))))
    }

    /// Served by the primary key of `standing`, and by `case_row_by_buyer` alone, newest first, so
    /// that counting ends at the limit.
    async fn standings(&self, asked: &[Since]) -> Result<Vec<StandingRow>, StoreFault> {
        let (shops, buyers): (Vec<&str>, Vec<&str>) = asked
            .iter()
            .map(|(account, _)| (account.shop_id.as_str(), account.buyer_id.as_str()))
            .unzip();
        let (years, since): (Vec<i64>, Vec<i64>) =
            asked.iter().map(|(account, since)| (i64::from(account.year), since.ms())).unzip();
        let query = sqlx::query(
            "select wanted.place, coalesce((select refunded_minor from standing \
             where standing.shop_id = wanted.shop_id and standing.buyer_id = wanted.buyer_id \
             and standing.year = wanted.year), 0) as refunded_minor, \
             (select count(*) from (select 1 from case_row \
             where case_row.shop_id = wanted.shop_id and case_row.buyer_id = wanted.buyer_id \
             and case_row.opened_at >= wanted.since \
             order by case_id desc limit $5) as counted) as cases \
             from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) with ordinality \
             as wanted (shop_id, buyer_id, year, since, place)",
        );
        let query = query.bind(shops).bind(buyers).bind(years).bind(since);
        let rows = query.bind(CASES_COUNTED_MAX).fetch_all(&self.pool);
        let rows = self.within(rows, "read how buyers stand").await?;
        placed(asked.len(), rows.iter().map(|row| Ok((place(row)?, decode::standing(row)?))))
    }

    /// Served by the primary key of `document`.
    async fn documents(&self, asked: &[Name]) -> Result<Vec<Option<Document>>, StoreFault> {
        let shops: Vec<&str> = asked.iter().map(|(shop_id, _, _)| shop_id.as_str()).collect();
        let (kinds, ids): (Vec<&str>, Vec<&str>) =
            asked.iter().map(|(_, kind, id)| (kind.as_str(), id.as_str())).unzip();
        let query = sqlx::query(
            "select wanted.place, found.* from unnest($1::text[], $2::text[], $3::text[]) \
             with ordinality as wanted (shop_id, kind, id, place) cross join lateral \
             (select shop_id, kind, id, version, updated_at, body from document \
             where document.shop_id = wanted.shop_id and document.kind = wanted.kind \
             and document.id = wanted.id) as found",
        );
        let rows = query.bind(shops).bind(kinds).bind(ids).fetch_all(&self.pool);
        let rows = self.within(rows, "read documents").await?;
        placed(asked.len(), rows.iter().map(|row| Ok((place(row)?, Some(document(row)?)))))
    }

    /// Served by the primary key of `case_row`.
    async fn orders_of_cases(
        &self,
        asked: &[(ShopId, CaseId)],
    ) -> Result<Vec<Option<OrderId>>, StoreFault> {
        let (shops, cases): (Vec<&str>, Vec<Uuid>) =
            asked.iter().map(|(shop_id, case_id)| (shop_id.as_str(), case_id.uuid())).unzip();
        let query = sqlx::query(
            "select wanted.place, found.order_id from unnest($1::text[], $2::uuid[]) \
             with ordinality as wanted (shop_id, case_id, place) cross join lateral \
             (select order_id from case_row where case_row.shop_id = wanted.shop_id \
             and case_row.case_id = wanted.case_id) as found",
        );
        let rows = query.bind(shops).bind(cases).fetch_all(&self.pool);
        let rows = self.within(rows, "look for the orders of cases").await?;
        placed(asked.len(), rows.iter().map(|row| Ok((place(row)?, Some(row.order_id()?)))))
    }
}

impl Pool {
    async fn within(
        &self,
        rows: impl Future<Output = sqlx::Result<Vec<PgRow>>> + Send,
        attempt: &'static str,
    ) -> Result<Vec<PgRow>, StoreFault> {
        within(self.answer, async { rows.await.map_err(failing(attempt)) }).await
    }
}

fn place(row: &PgRow) -> Result<usize, StoreFault> {
    let place = usize::try_from(row.whole("place")?).unwrap_or(usize::MAX);
    Ok(place.saturating_sub(1))
}
