//! Where the platform's desk begins.

use crate::{
    api::problem::Problem,
    pages::{page::Page, show, visit::Visit},
};
use askama::Template;
use axum::response::Response;

#[derive(Template)]
#[template(path = "platform/home.html")]
struct Home {
    p: Page,
}

/// `GET /p`
///
/// # Errors
/// A [`Problem`] if the page cannot be shown.
pub async fn show(visit: Visit) -> Result<Response, Problem> {
    show::page(&Home { p: visit.page })
}
