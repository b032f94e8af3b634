//! The platform's desk.

pub mod home;

use super::Routes;
use axum::routing::get;

/// The routes of the platform's pages.
pub fn routes() -> Routes {
    Routes::new().route("/p", get(home::show))
}
