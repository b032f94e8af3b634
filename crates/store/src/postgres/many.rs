//! Reads of many at once, of whatever kind, by one call. The questions travel as arrays, a column
//! each.

use super::within;
use crate::{
    column::signed,
    decode::CASES_COUNTED_MAX,
    fault::failing,
    gather::{Answers, Many, Questions, answers},
    kept::{Kept, first_free},
};
use async_trait::async_trait;
use engine::ports::StoreFault;
use sqlx::{Postgres as Dialect, postgres::PgRow};
use std::time::Duration;

/// The connections, one for each asking that may be under way, and how long an answer may take.
pub(super) struct Readers {
    pub(super) connections: Vec<Kept<Dialect>>,
    pub(super) answer: Duration,
}

/// Each `where` in it is served by an index; see the migration that made it.
const CALL: &str = "select topic, place, first, second, name, body \
    from answer_1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";

#[async_trait]
impl Many for Readers {
    /// A call costs more than what it answers, so it is worth waiting for one that is under way;
    /// one that takes so long is stuck, or very big.
    const PATIENCE: Duration = Duration::from_millis(5);

    async fn answers(&self, asked: &Questions) -> Result<Answers, StoreFault> {
        answers(asked, &within(self.answer, self.rows(asked)).await?)
    }
}

impl Readers {
    async fn rows(&self, asked: &Questions) -> Result<Vec<PgRow>, StoreFault> {
        let Questions { loads, standings, documents, orders_of_cases } = asked;
        let after = loads.iter().map(|(_, after)| signed("version", *after));
        let accounts = standings.iter().map(|(account, _)| account);
        let mut reader = first_free(&self.connections).await?;
        let rows = sqlx::query(CALL)
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
            .fetch_all(&mut *reader)
            .await
            .map_err(failing("answer what was asked"))?;
        reader.keep();
        Ok(rows)
    }
}
