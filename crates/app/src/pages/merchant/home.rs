//! Where the merchant's desk begins: today's work.

use super::overview::today::{self, Today};
use crate::{
    api::problem::Problem,
    assembly::App,
    pages::{page::Page, show, visit::Visit},
};
use askama::Template;
use axum::{extract::State, response::Response};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "merchant/home.html")]
struct Home {
    p: Page,
    today: Today,
}

/// `GET /m`
///
/// # Errors
/// A [`Problem`] if the work cannot be read.
pub async fn show(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    let today = today::load(&app, &visit).await?;
    show::page(&Home { p: visit.page, today })
}
