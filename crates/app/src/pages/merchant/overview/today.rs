//! Today's work: what waits for whom, and which deadlines are near (P2).

use crate::{
    api::problem::Problem,
    assembly::App,
    pages::{page::Page, parts::count::Count, visit::Visit},
};
use domain::{
    actor::Side,
    case::Otherwise,
    id::CaseId,
    moment::{Moment, Span},
    money::Money,
};
use engine::{
    figures::OpenWork,
    rows::{CaseFilter, CaseOrder, CaseRow},
};
use serde::Deserialize;

/// Deadlines are at risk from so long before.
const NEAR: Span = Span::hours(24);
/// Deadlines looked at, and how many are shown.
const LOOKED_AT: u32 = 100;
const SHOWN: usize = 8;

/// Today's work.
pub struct Today {
    /// Cases that wait for the shop.
    pub merchant: Count,
    /// … for the buyer.
    pub buyer: Count,
    /// … for the platform.
    pub platform: Count,
    /// Cases whose money is on its way.
    pub system: Count,
    /// Stages in which cases wait for the shop, with how many.
    pub stages: Vec<(String, Count)>,
    /// Deadlines of the shop that are near; counted up to a limit.
    pub near: usize,
    /// Whether there are more than were counted.
    pub more: bool,
    /// The nearest.
    pub risks: Vec<Risk>,
}

/// A deadline that is near.
pub struct Risk {
    /// Of which case.
    pub case_id: CaseId,
    /// What it is about.
    pub title: String,
    /// In money.
    pub amount: Money,
    /// When.
    pub due_at: Moment,
    /// What happens then.
    pub otherwise: Option<Otherwise>,
}

/// What a row says besides.
#[derive(Deserialize)]
struct Summary {
    title: Option<String>,
    otherwise: Option<Otherwise>,
}

impl Today {
    /// What happens when a deadline passes, in words.
    #[must_use]
    pub fn then(&self, p: &Page, otherwise: &Option<Otherwise>) -> String {
        otherwise.as_ref().map(|otherwise| p.otherwise(otherwise)).unwrap_or_default()
    }
}

/// Today's work of a shop.
///
/// # Errors
/// A [`Problem`] if it cannot be read.
pub async fn load(app: &App, visit: &Visit) -> Result<Today, Problem> {
    let fault = |fault| Problem::fault(&fault, visit.language());
    let (shop_id, store) = (visit.shop()?, app.desk.store());
    let work = store.open_work(shop_id).await.map_err(fault)?;
    let filter = CaseFilter {
        waits_for: Some(Side::Merchant),
        order: CaseOrder::Deadline,
        ..CaseFilter::all(Some(shop_id.clone()), LOOKED_AT)
    };
    let page = store.cases(&filter).await.map_err(fault)?;
    let until = visit.page.now.after(NEAR);
    let near: Vec<&CaseRow> =
        page.rows.iter().filter(|row| row.due_at.is_some_and(|due| due < until)).collect();
    let of = |side: Side| of(&work, side);
    Ok(Today {
        merchant: of(Side::Merchant),
        buyer: of(Side::Buyer),
        platform: of(Side::Platform),
        system: of(Side::System),
        stages: work
            .iter()
            .filter(|work| work.waits_for == Some(Side::Merchant))
            .map(|work| (work.stage.clone(), Count::of([work.cases].into_iter())))
            .collect(),
        more: page.more && near.len() == page.rows.len(),
        near: near.len(),
        risks: near.into_iter().take(SHOWN).filter_map(risk).collect(),
    })
}

fn of(work: &[OpenWork], side: Side) -> Count {
    let of_side = work.iter().filter(|work| work.waits_for == Some(side));
    Count::of(of_side.map(|work| work.cases))
}

fn risk(row: &CaseRow) -> Option<Risk> {
    let summary = serde_json::from_str::<Summary>(&row.summary).ok();
    let title = summary.as_ref().and_then(|summary| summary.title.clone());
    Some(Risk {
        case_id: row.case_id,
        title: title.unwrap_or_else(|| row.key.order_id.to_string()),
        amount: row.amount,
        due_at: row.due_at?,
        otherwise: summary.and_then(|summary| summary.otherwise),
    })
}
