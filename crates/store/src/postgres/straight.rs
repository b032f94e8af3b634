//! The straight way: a batch against which nothing speaks is written by one call, which finds by
//! itself whether the database is as it was expected. What it takes is one array a column.

use super::begin;
use crate::{column::signed, fault::failing, judge::Hoped, name};
use domain::moment::Moment;
use engine::{
    ports::StoreFault,
    rows::{CaseRow, OrderRow, StreamKey},
};
use sqlx::{
    Arguments, Encode, Error, PgConnection, Postgres as Dialect, Row, Transaction, Type,
    error::BoxDynError, postgres::PgArguments,
};

/// Each `where` in it is served by the primary key of its table; see the migration that made it.
const CALL: &str = "select commit_batch_1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, \
    $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, \
    $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49) \
    as written";

/// A transaction that needs only be committed; nothing if the database was not as expected.
pub(super) async fn write<'c>(
    writer: &'c mut PgConnection,
    hoped: &Hoped<'_>,
) -> Result<Option<Transaction<'c, Dialect>>, StoreFault> {
    let given = arguments(hoped)?;
    let mut tx = begin(writer).await?;
    let row = match sqlx::query_with(CALL, given).fetch_one(&mut *tx).await {
        // A row that was thought to be new was there.
        Err(Error::Database(error)) if error.is_unique_violation() => return Ok(None),
        row => row.map_err(failing("write a batch"))?,
    };
    Ok(row.try_get::<bool, _>("written").map_err(failing("write a batch"))?.then_some(tx))
}

fn arguments(hoped: &Hoped<'_>) -> Result<PgArguments, StoreFault> {
    let mut given = Given(PgArguments::default());
    streams(&mut given, hoped)?;
    records(&mut given, hoped)?;
    accounts(&mut given, hoped)?;
    outbox(&mut given, hoped)?;
    orders(&mut given, hoped)?;
    cases(&mut given, hoped)?;
    Ok(given.0)
}

/// What is handed over, in the order of the function's parameters.
struct Given(PgArguments);

impl Given {
    fn column<T>(&mut self, values: impl Iterator<Item = T>) -> Result<(), StoreFault>
    where
        Vec<T>: for<'q> Encode<'q, Dialect> + Type<Dialect>,
    {
        let unfit = |error: BoxDynError| StoreFault::Broken(format!("write a batch: {error}"));
        self.0.add(values.collect::<Vec<T>>()).map_err(unfit)
    }

    fn numbers(&mut self, values: impl Iterator<Item = u64>) -> Result<(), StoreFault> {
        let values = values.map(|value| signed("version", value));
        self.column(values.collect::<Result<Vec<i64>, _>>()?.into_iter())
    }

    fn keys<'a>(
        &mut self,
        keys: impl Iterator<Item = &'a StreamKey> + Clone,
    ) -> Result<(), StoreFault> {
        self.column(keys.clone().map(|key| key.shop_id.as_str()))?;
        self.column(keys.map(|key| key.order_id.as_str()))
    }
}

/// Those that are there, and those that are new.
fn streams(given: &mut Given, hoped: &Hoped<'_>) -> Result<(), StoreFault> {
    let heads = &hoped.writes.heads;
    let expected = |key: &StreamKey| hoped.expected.get(key).copied().unwrap_or(0);
    let there = heads.iter().filter(|(key, _)| expected(key) > 0);
    given.keys(there.clone().map(|(key, _)| *key))?;
    given.numbers(there.clone().map(|(key, _)| expected(key)))?;
    given.numbers(there.map(|(_, version)| *version))?;
    let new = heads.iter().filter(|(key, _)| expected(key) == 0);
    given.keys(new.clone().map(|(key, _)| *key))?;
    given.numbers(new.map(|(_, version)| *version))
}

fn records(given: &mut Given, hoped: &Hoped<'_>) -> Result<(), StoreFault> {
    let records = hoped.writes.records.iter();
    given.keys(records.clone().map(|(key, _)| *key))?;
    given.numbers(records.clone().map(|(_, record)| record.version))?;
    given.column(records.clone().map(|(_, record)| record.kind.as_str()))?;
    given.column(records.clone().map(|(_, record)| record.at.ms()))?;
    given.column(records.map(|(_, record)| record.body.as_str()))
}

fn accounts(given: &mut Given, hoped: &Hoped<'_>) -> Result<(), StoreFault> {
    let totals = hoped.writes.totals.iter();
    given.column(totals.clone().map(|(account, _)| account.shop_id.as_str()))?;
    given.column(totals.clone().map(|(account, _)| account.buyer_id.as_str()))?;
    given.column(totals.clone().map(|(account, _)| i64::from(account.year)))?;
    given.column(totals.clone().map(|(_, add)| *add))?;
    let cap = |account| hoped.caps.get(account).copied().unwrap_or(0);
    given.column(totals.map(|(account, add)| cap(account).saturating_sub(*add)))
}

fn outbox(given: &mut Given, hoped: &Hoped<'_>) -> Result<(), StoreFault> {
    let effects = hoped.writes.effects.iter();
    given.column(effects.clone().map(|(key, _)| key.shop_id.as_str()))?;
    given.column(effects.clone().map(|(_, effect)| effect.effect_id.as_str()))?;
    given.column(effects.clone().map(|(key, _)| key.order_id.as_str()))?;
    given.column(effects.clone().map(|(_, effect)| effect.case_id.uuid()))?;
    given.column(effects.clone().map(|(_, effect)| effect.kind.as_str()))?;
    given.column(effects.clone().map(|(_, effect)| effect.due_at.ms()))?;
    given.column(effects.map(|(_, effect)| effect.body.as_str()))?;
    let settled = hoped.writes.settled.iter();
    given.column(settled.clone().map(|(shop_id, _)| shop_id.as_str()))?;
    given.column(settled.map(|(_, effect_id)| effect_id.as_str()))
}

fn orders(given: &mut Given, hoped: &Hoped<'_>) -> Result<(), StoreFault> {
    let orders = hoped.writes.orders.values().copied();
    given.keys(orders.clone().map(|order: &OrderRow| &order.key))?;
    given.column(orders.clone().map(|order| order.buyer_id.as_str()))?;
    given.column(orders.clone().map(|order| order.placed_at.ms()))?;
    given.numbers(orders.clone().map(|order| order.version))?;
    given.column(orders.map(|order| order.summary.as_str()))
}

/// Whether a case is not there yet, most likely: whoever guesses wrong goes the long way.
fn is_new(case: &CaseRow) -> bool {
    case.opened_at == case.updated_at
}

fn cases(given: &mut Given, hoped: &Hoped<'_>) -> Result<(), StoreFault> {
    let cases = hoped.writes.cases.values().copied();
    given.column(cases.clone().map(is_new))?;
    given.column(cases.clone().map(|case| case.key.shop_id.as_str()))?;
    given.column(cases.clone().map(|case| case.case_id.uuid()))?;
    given.column(cases.clone().map(|case| case.key.order_id.as_str()))?;
    given.column(cases.clone().map(|case| case.buyer_id.as_str()))?;
    given.column(cases.clone().map(|case| name::case_type(case.case_type)))?;
    given.column(cases.clone().map(|case| case.stage.as_str()))?;
    given.column(cases.clone().map(|case| case.waits_for.map(name::side)))?;
    given.column(cases.clone().map(|case| case.due_at.map(Moment::ms)))?;
    given.column(cases.clone().map(|case| case.reason.as_str()))?;
    given.column(cases.clone().map(|case| case.amount.minor()))?;
    given.column(cases.clone().map(|case| case.amount.currency().to_string()))?;
    given.column(cases.clone().map(|case| case.opened_at.ms()))?;
    given.column(cases.clone().map(|case| case.updated_at.ms()))?;
    given.numbers(cases.clone().map(|case| case.version))?;
    given.column(cases.map(|case| case.summary.as_str()))
}
