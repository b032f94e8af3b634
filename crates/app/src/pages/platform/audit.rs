//! The audit log: of the platform itself, or of a shop.

use super::shops;
use crate::{
    access,
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
use domain::id::ShopId;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "platform/audit.html")]
struct Log {
    p: Page,
    shops: Vec<(String, String)>,
    /// Which shop's; empty for the platform's own.
    shop: String,
    rows: Vec<Row>,
    before: Option<String>,
}

/// `GET /p/audit?shop=&before=`
///
/// # Errors
/// A [`Problem`] if it cannot be read.
pub async fn list(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    let shop = visit.asked_for("shop").unwrap_or_default().to_owned();
    let of = if shop.is_empty() { access::platform() } else { ShopId::parse(&shop) };
    let of = of.map_err(|_| visit.asked.not_found())?;
    let (rows, before) = rows(&app, &of, &visit).await?;
    let shops = shops::listed(&app, visit.language()).await?;
    page(&Log { p: visit.page, shops, shop, rows, before })
}
