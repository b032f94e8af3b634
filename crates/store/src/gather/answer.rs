//! From rows to answers, the same for both databases. A row says which kind of question it answers
//! and which of them, counted from one; what its other columns hold depends on the kind.

use super::{Answers, Name, Questions};
use crate::column::Columns;
use domain::id::OrderId;
use engine::{
    ports::StoreFault,
    rows::{Document, StandingRow, StoredRecord},
};

/// Answers out of rows of `topic`, `place`, `first`, `second`, `name`, `body`.
pub(crate) fn answers<R: Columns>(asked: &Questions, rows: &[R]) -> Result<Answers, StoreFault> {
    let mut told = Answers {
        loads: vec![Vec::new(); asked.loads.len()],
        standings: vec![StandingRow::default(); asked.standings.len()],
        documents: vec![None; asked.documents.len()],
        orders_of_cases: vec![None; asked.orders_of_cases.len()],
    };
    for row in rows {
        let place = usize::try_from(row.whole("place")?).unwrap_or(usize::MAX).saturating_sub(1);
        match row.number("topic")? {
            1 => told.loads.get_mut(place).ok_or_else(nobody)?.push(record(row)?),
            2 => put(&mut told.standings, place, standing(row)?)?,
            3 => {
                let document = document(asked.documents.get(place).ok_or_else(nobody)?, row)?;
                put(&mut told.documents, place, Some(document))?;
            }
            _ => put(&mut told.orders_of_cases, place, Some(order(row)?))?,
        }
    }
    for records in &mut told.loads {
        records.sort_unstable_by_key(|record| record.version);
    }
    Ok(told)
}

fn put<A>(answers: &mut [A], place: usize, answer: A) -> Result<(), StoreFault> {
    *answers.get_mut(place).ok_or_else(nobody)? = answer;
    Ok(())
}

fn nobody() -> StoreFault {
    StoreFault::Broken("the store answered what nobody asked".into())
}

fn record(row: &impl Columns) -> Result<StoredRecord, StoreFault> {
    Ok(StoredRecord {
        version: row.whole("first")?,
        kind: row.text("name")?,
        at: row.moment("second")?,
        body: row.text("body")?,
    })
}

fn standing(row: &impl Columns) -> Result<StandingRow, StoreFault> {
    Ok(StandingRow { refunded_minor: row.number("first")?, cases: row.count("second")? })
}

/// A document is as it was named.
fn document((shop_id, kind, id): &Name, row: &impl Columns) -> Result<Document, StoreFault> {
    Ok(Document {
        shop_id: shop_id.clone(),
        kind: kind.clone(),
        id: id.clone(),
        version: row.whole("first")?,
        updated_at: row.moment("second")?,
        body: row.text("body")?,
    })
}

fn order(row: &impl Columns) -> Result<OrderId, StoreFault> {
    let id = row.text("name")?;
    OrderId::parse(&id).map_err(|error| StoreFault::Broken(format!("read order {id:?}: {error}")))
}
