//! The pages: rendered here, without script usable, with script better. Three doors: `/b` for a
//! buyer's phone, `/m` for the merchant's desk, `/p` for the platform's desk.
//!
//! A page is a handler, a template and texts in both languages, all under the same name. A handler
//! takes a [`visit::Visit`] (who, in which language, when) and asks the same corridor as the
//! interface: there is no second way to change a case. What goes wrong is a
//! [`Problem`](crate::api::problem::Problem), which [`fault`] turns into a page.

pub mod act;
pub mod assets;
pub mod buyer;
pub mod desk;
pub mod door;
pub mod fault;
pub mod fields;
pub mod live;
pub mod log;
pub mod merchant;
pub mod page;
pub mod parts;
pub mod platform;
pub mod policy;
pub mod sent;
pub mod show;
pub mod start;
pub mod text;
pub mod visit;

use crate::assembly::App;
use axum::{Router, http::header, middleware};
use std::sync::Arc;
use tower_http::compression::{CompressionLayer, CompressionLevel};

/// Routes of pages.
pub type Routes = Router<Arc<App>>;

/// The routes of all pages, each in the table of `access/page_routes.rs`.
pub fn routes(app: &Arc<App>) -> Routes {
    Router::new()
        .merge(assets::routes())
        .merge(start::routes())
        .merge(buyer::routes(app))
        .merge(policy::routes())
        .merge(merchant::routes())
        .merge(platform::routes())
        .merge(desk::routes(door::Door::Merchant))
        .merge(desk::routes(door::Door::Platform))
        .layer(middleware::from_fn_with_state(Arc::clone(app), fault::as_page))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(is_page))
}

/// Pages are sent small. Assets are made small when they are built, files are already, and news
/// that trickles must not wait until there is enough of it.
fn is_page(
    _: http::StatusCode,
    _: http::Version,
    headers: &http::HeaderMap,
    _: &http::Extensions,
) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html"))
}
