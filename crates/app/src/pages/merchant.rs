//! The merchant's desk.

pub mod case;
pub mod home;
pub mod money;
pub mod overview;
pub mod queue;
pub mod returns;
pub mod settings;

use super::Routes;
use axum::routing::get;

/// The routes of the merchant's pages.
pub fn routes() -> Routes {
    Routes::new()
        .route("/m", get(home::show))
        .merge(case::routes())
        .merge(overview::routes())
        .merge(money::routes())
        .merge(queue::routes())
        .merge(returns::routes())
        .merge(settings::routes())
}
