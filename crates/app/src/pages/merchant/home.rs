//! Where the merchant's desk begins.

use crate::{
    api::problem::Problem,
    pages::{page::Page, show, visit::Visit},
};
use askama::Template;
use axum::response::Response;

#[derive(Template)]
#[template(path = "merchant/home.html")]
struct Home {
    p: Page,
}

/// `GET /m`
///
/// # Errors
/// A [`Problem`] if the page cannot be shown.
pub async fn show(visit: Visit) -> Result<Response, Problem> {
    show::page(&Home { p: visit.page })
}
