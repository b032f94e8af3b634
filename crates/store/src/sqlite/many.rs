//! Reads of many at once, of whatever kind, by one statement. The questions travel as JSON texts,
//! an array of arrays a kind; the place of a question in it is the key of `jsonb_each`, and one
//! more.

use super::{
    kept, pool,
    write::{hex, json},
};
use crate::{
    column::signed,
    decode::CASES_COUNTED_MAX,
    fault::failing,
    gather::{ASKINGS, Answers, Many, Questions, answers},
    kept::{Kept, first_free},
    options::Options,
};
use async_trait::async_trait;
use engine::ports::StoreFault;
use sqlx::{Sqlite as Dialect, sqlite::SqliteConnectOptions};
use std::time::Duration;

/// The connections that read: one for each asking that may be under way.
pub(super) struct Readers(Vec<Kept<Dialect>>);

impl Readers {
    pub(super) async fn open(
        reader: &SqliteConnectOptions,
        options: &Options,
    ) -> Result<Self, sqlx::Error> {
        let mut connections = Vec::new();
        for _ in 0..if options.serves { ASKINGS } else { 1 } {
            let reader = pool(options, 1).connect_with(reader.clone()).await?;
            connections.push(kept(reader, options));
        }
        Ok(Self(connections))
    }
}

/// Served by `event_by_stream`; by the primary key of `standing` and by `case_row_by_buyer` alone,
/// newest first, so that counting ends at the limit; by the primary key of `document`; by that of
/// `case_row`. A cross join keeps its order: the questions come first.
const ANSWER: &str = "select 1 as topic, wanted.key + 1 as place, version as first, at as second, \
     kind as name, body \
     from jsonb_each(?1) as wanted cross join event on shop_id = wanted.value ->> 0 \
     and order_id = wanted.value ->> 1 and version > wanted.value ->> 2 \
     union all \
     select 2, wanted.key + 1, coalesce((select refunded_minor from standing \
     where shop_id = wanted.value ->> 0 and buyer_id = wanted.value ->> 1 \
     and year = wanted.value ->> 2), 0), \
     (select count(*) from (select 1 from case_row \
     where shop_id = wanted.value ->> 0 and buyer_id = wanted.value ->> 1 \
     and opened_at >= wanted.value ->> 3 order by case_id desc limit ?5)), null, null \
     from jsonb_each(?2) as wanted \
     union all \
     select 3, wanted.key + 1, document.version, document.updated_at, null, document.body \
     from jsonb_each(?3) as wanted cross join document \
     on document.shop_id = wanted.value ->> 0 and document.kind = wanted.value ->> 1 \
     and document.id = wanted.value ->> 2 \
     union all \
     select 4, wanted.key + 1, null, null, order_id, null \
     from jsonb_each(?4) as wanted cross join case_row on shop_id = wanted.value ->> 0 \
     and case_id = unhex(wanted.value ->> 1)";

#[async_trait]
impl Many for Readers {
    /// Two threads answer faster than one.
    const PATIENCE: Duration = Duration::ZERO;

    async fn answers(&self, asked: &Questions) -> Result<Answers, StoreFault> {
        let tails = asked.loads.iter().map(|(key, after)| {
            let after = signed("version", *after)?;
            Ok((key.shop_id.as_str(), key.order_id.as_str(), after))
        });
        let tails = tails.collect::<Result<Vec<_>, StoreFault>>()?;
        let accounts = asked.standings.iter().map(|(account, since)| {
            let (shop_id, buyer_id) = (account.shop_id.as_str(), account.buyer_id.as_str());
            (shop_id, buyer_id, account.year, since.ms())
        });
        let cases = asked.orders_of_cases.iter();
        let mut reader = first_free(&self.0).await?;
        let rows = sqlx::query(ANSWER)
            .bind(json(tails)?)
            .bind(json(accounts)?)
            .bind(json(&asked.documents)?)
            .bind(json(cases.map(|(shop, case_id)| (shop.as_str(), hex(*case_id))))?)
            .bind(CASES_COUNTED_MAX)
            .fetch_all(&mut *reader)
            .await
            .map_err(failing("answer what was asked"))?;
        reader.keep();
        answers(asked, &rows)
    }
}
