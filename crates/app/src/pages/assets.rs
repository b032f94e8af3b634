//! Where the looks and scripts of pages are served from.

use super::Routes;

/// The routes of assets.
pub fn routes() -> Routes {
    Routes::new()
}

/// The address of an asset.
#[must_use]
pub fn url(name: &str) -> &'static str {
    match name {
        "buyer.css" => "/assets/buyer.css",
        "buyer.js" => "/assets/buyer.js",
        "desk.css" => "/assets/desk.css",
        _ => "/assets/desk.js",
    }
}
