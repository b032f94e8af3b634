//! Rebuild: the view rows anew from the log, and where they were wrong.

use crate::{
    consequence::{read, views},
    desk::Trouble,
    figures::{CaseFigure, CaseText, case_figures},
    follow::policies,
    ports::Store,
    rows::{CaseFilter, CaseRow, LIMIT_MAX, StreamKey},
    rulebook::Rulebook,
    search::case_texts,
};
use domain::{
    evolve::fold,
    id::{CaseId, OrderId, ShopId},
    record::Record,
};
use std::collections::BTreeMap;

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
        let Some(last) = orders.last() else { break };
        after = last.to_string();
        for order_id in orders {
            rebuild_order(store, shop_id, order_id, mode, &mut report).await?;
        }
    }
    take_strays(store, shop_id, mode, &mut report).await?;
    Ok(report)
}

async fn rebuild_order(
    store: &dyn Store,
    shop_id: &ShopId,
    order_id: OrderId,
    mode: Mode,
    report: &mut Report,
) -> Result<(), Trouble> {
    let key = StreamKey { shop_id: shop_id.clone(), order_id };
    let records = records(store, &key).await?;
    report.orders = report.orders.saturating_add(1);
    report.records = report.records.saturating_add(u64::try_from(records.len()).unwrap_or(0));
    let rebuilt = views(&key, &fold(&records));
    let mut now = case_rows(store, &key, &rebuilt.cases).await?;
    let mut right = rebuilt.cases.clone();
    now.sort_by_key(|row| row.case_id);
    right.sort_by_key(|row| row.case_id);
    let same =
        now.len() == right.len() && now.iter().zip(&right).all(|(now, right)| same(now, right));
    if !same {
        report.wrong.push(key.order_id.to_string());
        if mode == Mode::Write {
            store.replace_views(&rebuilt, &[]).await?;
        }
    }
    Ok(())
}

/// The version of a row is that of its case's last change; the fold knows only the order's. Two
/// builds may write the keys of a summary in different order.
fn same(now: &CaseRow, right: &CaseRow) -> bool {
    let (version, summary) = (right.version, right.summary.clone());
    let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
    CaseRow { version, summary, ..now.clone() } == *right
        && (now.summary == right.summary
            || value(&now.summary).is_some_and(|found| value(&right.summary) == Some(found)))
}

/// The rows there are of these cases.
async fn case_rows(
    store: &dyn Store,
    key: &StreamKey,
    cases: &[CaseRow],
) -> Result<Vec<CaseRow>, Trouble> {
    let mut rows = Vec::new();
    for some in cases.chunks(usize::try_from(LIMIT_MAX).unwrap_or(1)) {
        let among = some.iter().map(|case| case.case_id).collect();
        let all = CaseFilter::all(Some(key.shop_id.clone()), LIMIT_MAX);
        rows.extend(store.cases(&CaseFilter { among: Some(among), ..all }).await?.rows);
    }
    Ok(rows)
}

/// Takes away rows of cases of which their order's log says nothing.
async fn take_strays(
    store: &dyn Store,
    shop_id: &ShopId,
    mode: Mode,
    report: &mut Report,
) -> Result<(), Trouble> {
    let mut filter = CaseFilter::all(Some(shop_id.clone()), LIMIT_MAX);
    loop {
        let page = store.cases(&filter).await?;
        let mut of_orders: BTreeMap<&StreamKey, Vec<CaseId>> = BTreeMap::new();
        for row in &page.rows {
            of_orders.entry(&row.key).or_default().push(row.case_id);
        }
        for (key, mut strays) in of_orders {
            let order = fold(&records(store, key).await?);
            strays.retain(|stray| order.case(*stray).is_none());
            if strays.is_empty() {
                continue;
            }
            report.wrong.extend(strays.iter().map(|_| key.order_id.to_string()));
            if mode == Mode::Write {
                store.replace_views(&views(key, &order), &strays).await?;
            }
        }
        filter.after = page.next(filter.order);
        if filter.after.is_none() {
            return Ok(());
        }
    }
}

async fn records(store: &dyn Store, key: &StreamKey) -> Result<Vec<Record>, Trouble> {
    let stored = store.load(key, 0).await?;
    Ok(stored.iter().map(read).collect::<Result<Vec<_>, _>>()?)
}

/// What a look at figures and words found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FigureReport {
    /// Cases looked at.
    pub cases: u64,
    /// Cases whose figures or words are not what the log says.
    pub wrong: Vec<String>,
}

/// Folds every order of a shop again and compares its figures and words with it. The shop must
/// have been followed to its end: what was not followed yet differs.
///
/// # Errors
/// [`Trouble`] if something cannot be read.
pub async fn check_figures(
    store: &dyn Store,
    rules: &Rulebook,
    shop_id: &ShopId,
) -> Result<FigureReport, Trouble> {
    let mut report = FigureReport::default();
    let mut after = String::new();
    loop {
        let orders = store.streams(shop_id, &after, STREAMS_AT_ONCE).await?;
        let Some(last) = orders.last() else { return Ok(report) };
        after = last.to_string();
        for order_id in orders {
            let key = StreamKey { shop_id: shop_id.clone(), order_id };
            check_order(store, rules, &key, &mut report).await?;
        }
    }
}

async fn check_order(
    store: &dyn Store,
    rules: &Rulebook,
    key: &StreamKey,
    report: &mut FigureReport,
) -> Result<(), Trouble> {
    let records = records(store, key).await?;
    let order = fold(&records);
    let policies = policies(rules, &key.shop_id, &order).await?;
    let texts = case_texts(key, &order, |version| policies.get(&version).cloned());
    for (right, words) in case_figures(key, &order, &records).into_iter().zip(texts) {
        report.cases = report.cases.saturating_add(1);
        let case_id = right.case_id;
        let now = store.case_figure(&key.shop_id, case_id).await?;
        // A row is of the version at which something last happened to its case.
        let same = now.is_some_and(|(figure, text)| {
            CaseFigure { version: figure.version, ..right } == figure
                && CaseText { version: text.version, ..words } == text
        });
        if !same {
            report.wrong.push(case_id.to_string());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::same;
    use crate::rows::{CaseRow, StreamKey};
    use domain::{
        application::CaseType,
        id::{BuyerId, OrderId, ReasonCode, ShopId},
        moment::Moment,
        money::Money,
    };

    fn row(summary: &str) -> CaseRow {
        let now = Moment::from_ms(0);
        let order_id = OrderId::parse("3700110").unwrap();
        CaseRow {
            key: StreamKey { shop_id: ShopId::parse("s").unwrap(), order_id },
            case_id: serde_json::from_str(r#""00000000-0000-0000-0000-000000000002""#).unwrap(),
            buyer_id: BuyerId::parse("oB1").unwrap(),
            case_type: CaseType::RefundOnly,
            stage: "closed".to_owned(),
            waits_for: None,
            due_at: None,
            reason: ReasonCode::parse("quality_defect").unwrap(),
            amount: Money::cny(100).unwrap(),
            opened_at: now,
            updated_at: now,
            version: 3,
            summary: summary.to_owned(),
        }
    }

    #[test]
    fn a_summary_is_its_values_and_not_their_order() {
        let right = row(r#"{"items":1,"title":"杯"}"#);
        assert!(same(&row(r#"{"title":"杯","items":1}"#), &right));
        assert!(same(&CaseRow { version: 2, ..right.clone() }, &right));
        assert!(!same(&row(r#"{"title":"杯","items":2}"#), &right));
        assert!(!same(&row("damaged"), &right));
        assert!(!same(&CaseRow { stage: "disputed".to_owned(), ..right.clone() }, &right));
    }
}
