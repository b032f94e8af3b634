//! The platform's desk: disputes, appeals, payouts through third parties, shops.

pub mod appeals;
pub mod audit;
pub mod case;
pub mod disputes;
pub mod payouts;
pub mod ruling;
pub mod shops;

use super::{Routes, live, show, visit::Visit};
use axum::{
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};

/// The routes of the platform's pages.
pub fn routes() -> Routes {
    Routes::new()
        .route("/p", get(home))
        .route("/p/disputes", get(disputes::list))
        .route("/p/cases/{shop_id}/{case_id}", get(case::show))
        .route("/p/cases/{shop_id}/{case_id}/live", get(live::platforms_case))
        .route("/p/cases/{shop_id}/{case_id}/evidence", post(case::ask_evidence))
        .route("/p/cases/{shop_id}/{case_id}/messages", post(case::write))
        .route("/p/cases/{shop_id}/{case_id}/rule", post(ruling::rule))
        .route("/p/cases/{shop_id}/{case_id}/payouts/{refund_no}", post(payouts::approve))
        .route("/p/files/{shop_id}/{file_id}", get(case::file))
        .route("/p/appeals", get(appeals::list))
        .route("/p/appeals/{shop_id}/{buyer_id}", post(appeals::decide))
        .route("/p/payouts", get(payouts::list))
        .route("/p/audit", get(audit::list))
        .route("/p/shops", get(shops::list).post(shops::open))
}

/// `GET /p`
async fn home(_: Visit) -> Response {
    Redirect::to("/p/disputes").into_response()
}

/// A shop as the platform names it in a path.
fn shop_of(text: &str, visit: &Visit) -> Result<domain::id::ShopId, crate::api::problem::Problem> {
    domain::id::ShopId::parse(text).map_err(|_| visit.asked.not_found())
}

/// Back to a case after something was done.
fn back_to(shop_id: &str, case_id: &str, done: &str) -> Response {
    show::see(&format!("/p/cases/{shop_id}/{case_id}"), done)
}
