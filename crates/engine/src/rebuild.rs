//! Rebuild: the view rows anew from the log, and where they were wrong.

use crate::{
    consequence::{read, views},
    desk::Trouble,
    ports::Store,
    rows::{CaseFilter, CaseOrder, CaseRow, StreamKey},
};
use domain::{
    evolve::fold,
    id::{OrderId, ShopId},
};

/// Streams looked at in one go.
const STREAMS_AT_ONCE: u32 = 200;

/// What a rebuild found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Orders looked at.
    pub orders: u64,
    /// Records folded.
    pub records: u64,
    /// Cases whose row was not what the log says.
    pub wrong: Vec<String>,
}

/// What a rebuild does about rows that are wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Only looks.
    Check,
    /// Writes them anew.
    Write,
}

/// Folds every order of a shop again and compares the rows people list with it.
///
/// # Errors
/// [`Trouble`] if something cannot be read or written.
pub async fn rebuild(store: &dyn Store, shop_id: &ShopId, mode: Mode) -> Result<Report, Trouble> {
    let mut report = Report::default();
    let mut after = String::new();
    loop {
        let orders = store.streams(shop_id, &after, STREAMS_AT_ONCE).await?;
        let Some(last) = orders.last() else { return Ok(report) };
        after = last.to_string();
        for order_id in orders {
            rebuild_order(store, shop_id, order_id, mode, &mut report).await?;
        }
    }
}

async fn rebuild_order(
    store: &dyn Store,
    shop_id: &ShopId,
    order_id: OrderId,
    mode: Mode,
    report: &mut Report,
) -> Result<(), Trouble> {
    let key = StreamKey { shop_id: shop_id.clone(), order_id };
    let stored = store.load(&key, 0).await?;
    let records = stored.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    report.orders = report.orders.saturating_add(1);
    report.records = report.records.saturating_add(u64::try_from(records.len()).unwrap_or(0));
    let rebuilt = views(&key, &fold(&records));
    let mut now = case_rows(store, &key).await?;
    let mut right = rebuilt.cases.clone();
    now.sort_by_key(|row| row.case_id);
    right.sort_by_key(|row| row.case_id);
    // The version of a row is that of its case's last change; the fold knows only the order's.
    let same = now.len() == right.len()
        && now
            .iter()
            .zip(&right)
            .all(|(now, right)| CaseRow { version: right.version, ..now.clone() } == *right);
    if !same {
        report.wrong.push(key.order_id.to_string());
        if mode == Mode::Write {
            store.replace_views(&rebuilt).await?;
        }
    }
    Ok(())
}

async fn case_rows(store: &dyn Store, key: &StreamKey) -> Result<Vec<CaseRow>, Trouble> {
    let filter = CaseFilter {
        shop_id: Some(key.shop_id.clone()),
        buyer_id: None,
        order_id: Some(key.order_id.clone()),
        waits_for: None,
        stage: None,
        case_type: None,
        reason: None,
        order: CaseOrder::Newest,
        after: None,
        limit: crate::rows::LIMIT_MAX,
    };
    Ok(store.cases(&filter).await?.rows)
}
