//! Reads of many at once, of whatever kind, by one call. The questions travel as arrays, a column
//! each; the place of a question in them begins at one.

use super::within;
use crate::{
    column::{Columns, signed},
    decode::CASES_COUNTED_MAX,
    fault::failing,
    gather::{Answers, Many, Name, Questions, placed, streams},
};
use async_trait::async_trait;
use domain::id::OrderId;
use engine::{
    ports::StoreFault,
    rows::{Document, StandingRow, StoredRecord},
};
use sqlx::{PgPool, postgres::PgRow};
use std::time::Duration;

/// The connections, and how long an answer may take.
pub(super) struct Pool {
    pub(super) pool: PgPool,
    pub(super) answer: Duration,
}

/// Each `where` in it is served by an index; see the migration that made it.
const CALL: &str = "select topic, place, first, second, name, body \
    from answer_1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";

#[async_trait]
impl Many for Pool {
    /// A call costs more than what it answers, so it is worth waiting for one that is under way;
    /// one that takes so long is stuck, or very big.
    const PATIENCE: Duration = Duration::from_millis(5);

    async fn answers(&self, asked: &Questions) -> Result<Answers, StoreFault> {
        let rows = within(self.answer, self.rows(asked)).await?;
        let about = |topic: i64| {
            let of = move |row: &&PgRow| row.number("topic").is_ok_and(|told| told == topic);
            rows.iter().filter(of)
        };
        let loads = about(1).map(|row| Ok((place(row)?, record(row)?)));
        let standings = about(2).map(|row| Ok((place(row)?, standing(row)?)));
        let documents = about(3).map(|row| {
            let place = place(row)?;
            Ok((place, Some(document(asked.documents.get(place), row)?)))
        });
        let orders = about(4).map(|row| Ok((place(row)?, Some(order(row)?))));
        Ok(Answers {
            loads: streams(asked.loads.len(), loads)?,
            standings: placed(asked.standings.len(), standings)?,
            documents: placed(asked.documents.len(), documents)?,
            orders_of_cases: placed(asked.orders_of_cases.len(), orders)?,
        })
    }
}

impl Pool {
    async fn rows(&self, asked: &Questions) -> Result<Vec<PgRow>, StoreFault> {
        let Questions { loads, standings, documents, orders_of_cases } = asked;
        let after = loads.iter().map(|(_, after)| signed("version", *after));
        let accounts = standings.iter().map(|(account, _)| account);
        sqlx::query(CALL)
            .bind(loads.iter().map(|(key, _)| key.shop_id.as_str()).collect::<Vec<_>>())
            .bind(loads.iter().map(|(key, _)| key.order_id.as_str()).collect::<Vec<_>>())
            .bind(after.collect::<Result<Vec<i64>, _>>()?)
            .bind(accounts.clone().map(|account| account.shop_id.as_str()).collect::<Vec<_>>())
            .bind(accounts.clone().map(|account| account.buyer_id.as_str()).collect::<Vec<_>>())
            .bind(accounts.map(|account| i64::from(account.year)).collect::<Vec<_>>())
            .bind(standings.iter().map(|(_, since)| since.ms()).collect::<Vec<_>>())
            .bind(CASES_COUNTED_MAX)
            .bind(documents.iter().map(|(shop_id, _, _)| shop_id.as_str()).collect::<Vec<_>>())
            .bind(documents.iter().map(|(_, kind, _)| kind.as_str()).collect::<Vec<_>>())
            .bind(documents.iter().map(|(_, _, id)| id.as_str()).collect::<Vec<_>>())
            .bind(orders_of_cases.iter().map(|(shop_id, _)| shop_id.as_str()).collect::<Vec<_>>())
            .bind(orders_of_cases.iter().map(|(_, case_id)| case_id.uuid()).collect::<Vec<_>>())
            .fetch_all(&self.pool)
            .await
            .map_err(failing("answer what was asked"))
    }
}

fn place(row: &PgRow) -> Result<usize, StoreFault> {
    let place = usize::try_from(row.whole("place")?).unwrap_or(usize::MAX);
    Ok(place.saturating_sub(1))
}

fn record(row: &PgRow) -> Result<StoredRecord, StoreFault> {
    Ok(StoredRecord {
        version: row.whole("first")?,
        kind: row.text("name")?,
        at: row.moment("second")?,
        body: row.text("body")?,
    })
}

fn standing(row: &PgRow) -> Result<StandingRow, StoreFault> {
    Ok(StandingRow { refunded_minor: row.number("first")?, cases: row.count("second")? })
}

/// A document is as it was named.
fn document(named: Option<&Name>, row: &PgRow) -> Result<Document, StoreFault> {
    let nobody = || StoreFault::Broken("read a document: nobody asked for it".into());
    let (shop_id, kind, id) = named.cloned().ok_or_else(nobody)?;
    let (version, updated_at) = (row.whole("first")?, row.moment("second")?);
    Ok(Document { shop_id, kind, id, version, updated_at, body: row.text("body")? })
}

fn order(row: &PgRow) -> Result<OrderId, StoreFault> {
    let id = row.text("name")?;
    OrderId::parse(&id).map_err(|error| StoreFault::Broken(format!("read order {id:?}: {error}")))
}
