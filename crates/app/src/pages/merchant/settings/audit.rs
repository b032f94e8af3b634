//! The audit log of the shop.

use super::{Tab, tabs};
use crate::{
    api::problem::Problem,
    assembly::App,
    pages::{
        log::{Row, rows},
        page::Page,
        show::page,
        visit::Visit,
    },
};
use askama::Template;
use axum::{extract::State, response::Response};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "merchant/settings/audit.html")]
struct Log {
    p: Page,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    before: Option<String>,
}

/// `GET /m/settings/audit?before=`
///
/// # Errors
/// A [`Problem`] if it cannot be read.
pub async fn list(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    let (rows, before) = rows(&app, visit.shop()?, &visit).await?;
    page(&Log { tabs: tabs(&visit), p: visit.page, rows, before })
}
