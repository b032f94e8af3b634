//! The buyer's phone.

pub mod appeal;
pub mod apply;
pub mod case;
pub mod cases;
pub mod contacts;
pub mod draft;
pub mod enter;
pub mod help;
pub mod order;
pub mod orders;
pub mod wechat;

use super::{Routes, live, sent::SENT_BYTES_MAX};
use crate::assembly::App;
use axum::{
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use std::sync::Arc;

/// The routes of the buyer's pages.
pub fn routes(app: &Arc<App>) -> Routes {
    let told = get(apply::told::show).post(apply::told::tell);
    Routes::new()
        .route("/b", get(orders::list))
        .route("/b/welcome", get(enter::welcome))
        .route("/b/enter/{token}", get(enter::enter))
        .route("/b/{shop_id}/wechat", get(wechat::out))
        .route("/b/{shop_id}/wechat/back", get(wechat::back))
        .route("/b/orders/{order_id}", get(order::show))
        .route("/b/orders/{order_id}/deposit", with_files(post(order::deposit::put)))
        .route("/b/orders/{order_id}/cancel", get(apply::cancel::show).post(apply::cancel::cancel))
        .route("/b/orders/{order_id}/apply/drop", post(apply::drop_draft))
        .route("/b/orders/{order_id}/apply", get(apply::kind::show).post(apply::kind::choose))
        .route(
            "/b/orders/{order_id}/apply/goods",
            get(apply::goods::show).post(apply::goods::choose),
        )
        .route("/b/orders/{order_id}/apply/told", with_files(told))
        .route("/b/cases/{case_id}/amend", get(apply::amend))
        .route("/b/cases", get(cases::list))
        .route("/b/cases/{case_id}", get(case::show))
        .route("/b/cases/{case_id}/version", get(case::version))
        .route("/b/cases/{case_id}/live", get(live::buyers_case))
        .route("/b/carriers", get(case::carrier))
        .route("/b/appeal", get(appeal::show).post(appeal::post))
        .route("/b/help", get(help::show))
        .merge(case::act::routes())
        .merge(apply::files::routes(app))
}

/// A route whose forms may bring files along.
fn with_files(
    route: axum::routing::MethodRouter<Arc<App>>,
) -> axum::routing::MethodRouter<Arc<App>> {
    route.layer(DefaultBodyLimit::max(SENT_BYTES_MAX))
}
