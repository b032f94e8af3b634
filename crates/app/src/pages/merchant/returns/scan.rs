//! Which case a parcel belongs to. The waybill on record decides; the search only says where to
//! look, and as its index follows a moment later, parcels on their way are looked through too.

use crate::{
    api::problem::Problem,
    assembly::App,
    carriers::tidy,
    pages::{merchant::case::form::Form, visit::Visit},
};
use domain::case::Stage;
use engine::rows::{CaseFilter, CaseOrder, CaseRow, LIMIT_MAX};

/// A case whose goods come back under a waybill.
pub struct Match {
    /// The case.
    pub case_id: String,
    /// Its order.
    pub order_id: String,
    /// The version of the order.
    pub version: u64,
    /// The goods.
    pub title: String,
    /// Where it stands, in a word.
    pub stage: String,
    /// Who carries it.
    pub carrier: String,
    /// Whether this visitor may receive it now.
    pub receivable: bool,
    /// Whether this visitor may inspect it now.
    pub inspectable: bool,
}

/// The cases of a waybill.
///
/// # Errors
/// A [`Problem`] if they cannot be read.
pub async fn matches(app: &App, visit: &Visit, waybill: &str) -> Result<Vec<Match>, Problem> {
    let fault = |fault| Problem::fault(&fault, visit.language());
    let store = app.desk.store();
    let found = store.search_cases(visit.shop()?, waybill, None, LIMIT_MAX).await;
    let among = found.map_err(fault)?.cases;
    let all = CaseFilter::all(Some(visit.shop()?.clone()), LIMIT_MAX);
    if !among.is_empty() {
        let filter = CaseFilter { among: Some(among), ..all.clone() };
        let found = store.cases(&filter).await.map_err(fault)?;
        let found = belonging(app, visit, found.rows, waybill).await?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    let stage = Some(Stage::ReturnInTransit.as_str().to_owned());
    let filter = CaseFilter { stage, order: CaseOrder::Deadline, ..all };
    let found = store.cases(&filter).await.map_err(fault)?;
    belonging(app, visit, found.rows, waybill).await
}

/// Those of the cases whose goods came under that waybill.
async fn belonging(
    app: &App,
    visit: &Visit,
    rows: Vec<CaseRow>,
    waybill: &str,
) -> Result<Vec<Match>, Problem> {
    let mut found = Vec::new();
    for row in rows {
        let order = app.desk.order(&row.key).await;
        let order = order.map_err(|trouble| Problem::trouble(trouble, visit.language()))?;
        let Some(case) = order.case(row.case_id) else { continue };
        let Some(parcel) = &case.returned else { continue };
        if tidy(&parcel.waybill) != waybill {
            continue;
        }
        let facts = order.facts.as_ref();
        let first = facts.and_then(|facts| facts.items.first()).map(|item| item.title.clone());
        found.push(Match {
            case_id: row.case_id.to_string(),
            order_id: row.key.order_id.to_string(),
            version: order.version,
            title: first.unwrap_or_else(|| row.key.order_id.to_string()),
            stage: visit.page.word(&row.stage),
            carrier: parcel.carrier.clone(),
            receivable: Form::Receive.is_open(case, visit),
            inspectable: Form::Inspect.is_open(case, visit),
        });
    }
    Ok(found)
}
