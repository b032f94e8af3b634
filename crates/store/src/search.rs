//! A search over the words of cases: what is asked of a database, and what is made of its answer.

use crate::{column::Columns, decode::all};
use domain::id::{CaseId, ShopId};
use engine::{
    ports::StoreFault,
    search::{Found, Wanted},
};

/// What is searched for, where and how much.
pub(crate) struct Asked<'a> {
    pub(crate) shop_id: &'a ShopId,
    pub(crate) wanted: &'a Wanted,
    pub(crate) before: Option<CaseId>,
    pub(crate) limit: u32,
}

/// What was found; how far was looked is asked only where not enough was found.
pub(crate) async fn found<R: Columns>(
    rows: &[R],
    limit: i64,
    looked_at: impl Future<Output = Result<Option<R>, StoreFault>>,
) -> Result<Found, StoreFault> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let cases = all(rows, Columns::case_id)?;
    let looked_at = if cases.len() > limit { None } else { looked_at.await? };
    let looked_at = looked_at.map(|row| row.case_id()).transpose()?;
    Ok(Found::of(cases, limit, looked_at))
}
