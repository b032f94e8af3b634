//! How a shop shows its policy on its own pages (I5): two snippets to paste, and what they show.

use super::{Tab, tabs};
use crate::{
    api::problem::Problem,
    assembly::App,
    pages::{page::Page, show, visit::Visit},
};
use askama::Template;
use axum::{extract::State, response::Response};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "merchant/settings/embed.html")]
struct Embed {
    p: Page,
    tabs: Vec<Tab>,
    shop_id: String,
    page: String,
    frame: String,
    component: String,
}

/// `GET /m/settings/embed`
///
/// # Errors
/// A [`Problem`] if the page cannot be shown.
pub async fn show(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    let (url, shop_id) = (&app.public_url, visit.shop()?);
    let title = visit.page.t("embed-title");
    let frame = format!(
        "<iframe src=\"{url}/policy/{shop_id}/snippet\" title=\"{title}\" \
         width=\"100%\" height=\"420\" loading=\"lazy\" style=\"border:0\"></iframe>"
    );
    let component = format!(
        "<script src=\"{url}/assets/embed.js\" defer></script>\n\
         <wanbi-policy shop=\"{shop_id}\"></wanbi-policy>"
    );
    show::page(&Embed {
        page: format!("{url}/policy/{shop_id}"),
        shop_id: shop_id.to_string(),
        tabs: tabs(&visit),
        frame,
        component,
        p: visit.page,
    })
}
