//! Refunds through a third party's channel, which the platform approves first (F3).

use super::{
    back_to,
    case::{act, again, in_shop},
    shops::listed,
};
use crate::{
    api::problem::Problem,
    assembly::App,
    pages::{fields::Fields, page::Page, show, visit::Visit},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    actor::Side,
    allowed::waits_for_platform,
    case::{Case, Stage},
    command::Act,
    id::{RefundNo, ShopId},
    moment::Moment,
    money::Money,
};
use engine::rows::CaseFilter;
use std::sync::Arc;

/// Cases looked at in one shop.
const LOOKED_AT: u32 = 50;

#[derive(Template)]
#[template(path = "platform/payouts.html")]
struct Payouts {
    p: Page,
    rows: Vec<Row>,
}

struct Row {
    shop_id: String,
    shop: String,
    case_id: String,
    order_id: String,
    amount: Money,
    updated_at: Moment,
}

/// `GET /p/payouts`: cases with money on its way that wait for the platform.
///
/// # Errors
/// A [`Problem`] if they cannot be read.
pub async fn list(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    let mut rows = Vec::new();
    for (id, shop) in listed(&app, visit.language()).await? {
        let filter = CaseFilter {
            shop_id: ShopId::parse(&id).ok(),
            waits_for: Some(Side::Platform),
            stage: Some(Stage::Refunding.as_str().to_owned()),
            ..CaseFilter::all(None, LOOKED_AT)
        };
        let found = app.desk.store().cases(&filter).await;
        let found = found.map_err(|fault| Problem::fault(&fault, visit.language()))?;
        for row in found.rows {
            let order = app.desk.order(&row.key).await;
            let order = order.map_err(|trouble| Problem::trouble(trouble, visit.language()))?;
            rows.push(Row {
                shop_id: id.clone(),
                shop: shop.clone(),
                case_id: row.case_id.to_string(),
                order_id: row.key.order_id.to_string(),
                amount: order.case(row.case_id).and_then(waiting).unwrap_or(row.amount),
                updated_at: row.updated_at,
            });
        }
    }
    show::page(&Payouts { p: visit.page, rows })
}

/// What of a case waits for the platform: another part may have gone back another way.
fn waiting(case: &Case) -> Option<Money> {
    let all = case.refunds.iter().filter(|refund| waits_for_platform(refund));
    Money::sum(case.at_stake().currency(), all.map(|refund| refund.amount)).ok()
}

/// `POST /p/cases/{shop_id}/{case_id}/payouts/{refund_no}`: approves one.
///
/// # Errors
/// A [`Problem`] if it cannot be approved.
pub async fn approve(
    State(app): State<Arc<App>>,
    Path((shop, case_id, refund_no)): Path<(String, String, String)>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, Problem> {
    let visit = in_shop(&shop, visit)?;
    let refund_no = RefundNo::parse(&refund_no).map_err(|_| visit.asked.not_found())?;
    match act(&app, &visit, &case_id, (Act::ApprovePayout { refund_no }, &fields)).await {
        Ok(()) => Ok(back_to(&shop, &case_id, "payout-approved")),
        Err(problem) => again(&app, &visit, &case_id, (problem, fields)).await,
    }
}
