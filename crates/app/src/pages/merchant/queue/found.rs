//! The cases that a page of the queue shows, and where it goes on.

use crate::assembly::App;
use domain::{actor::Side, case::Stage, id::ShopId};
use engine::{
    listing::Place,
    ports::StoreFault,
    rows::{CaseFilter, CaseOrder, CaseRow},
};

/// How often the store is asked for cases with some words for one page, until one of them fits
/// what else is wanted.
const SEARCHES_MAX: usize = 5;

/// Cases, and where to go on.
pub struct Found {
    /// The cases.
    pub rows: Vec<CaseRow>,
    /// Where to go on; none at the end.
    pub next: Option<Place>,
    /// Whether what comes next was not looked at yet and may hold nothing, rather than a next page.
    pub unfinished: bool,
}

/// What is wanted, in its order.
///
/// # Errors
/// [`StoreFault`] if the database cannot say.
pub async fn in_order(app: &App, filter: &CaseFilter) -> Result<Found, StoreFault> {
    let page = app.desk.store().cases(filter).await?;
    let (next, unfinished) = (page.next(filter.order), page.reached.is_some());
    let mut rows = undue(app, filter).await?;
    rows.extend(page.rows);
    Ok(Found { rows, next, unfinished })
}

/// What has these words, the last opened before the older: of those that were found together, what
/// is wanted in its order.
///
/// # Errors
/// [`StoreFault`] if the database cannot say.
pub async fn by_words(
    app: &App,
    shop_id: &ShopId,
    words: &str,
    filter: &CaseFilter,
) -> Result<Found, StoreFault> {
    let mut next = filter.after;
    let mut rows = Vec::new();
    for _ in 0..SEARCHES_MAX {
        let before = next.map(|(_, case_id)| case_id);
        let found = app.desk.store().search_cases(shop_id, words, before, filter.limit).await?;
        next = found.older.map(|case_id| (app.desk.now(), case_id));
        let among = CaseFilter { among: Some(found.cases), after: None, ..filter.clone() };
        rows = in_order(app, &among).await?.rows;
        if !rows.is_empty() || next.is_none() {
            break;
        }
    }
    Ok(Found { rows, next, unfinished: next.is_some() })
}

/// A refund in trouble waits for the shop and has no deadline; where deadlines give the order it
/// would never be seen, so it comes first.
async fn undue(app: &App, filter: &CaseFilter) -> Result<Vec<CaseRow>, StoreFault> {
    let waits = filter.waits_for == Some(Side::Merchant);
    if filter.order == CaseOrder::Newest || filter.after.is_some() || !waits {
        return Ok(Vec::new());
    }
    let stage = Some(Stage::Refunding.as_str().to_owned());
    let order = CaseOrder::Newest;
    let found = app.desk.store().cases(&CaseFilter { stage, order, ..filter.clone() }).await?;
    Ok(found.rows.into_iter().filter(|row| row.due_at.is_none()).collect())
}
