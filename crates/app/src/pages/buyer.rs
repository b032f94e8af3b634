//! The buyer's phone.

pub mod enter;
pub mod orders;

use super::Routes;
use axum::routing::get;

/// The routes of the buyer's pages.
pub fn routes() -> Routes {
    Routes::new()
        .route("/b", get(orders::list))
        .route("/b/welcome", get(enter::welcome))
        .route("/b/enter/{token}", get(enter::enter))
}
