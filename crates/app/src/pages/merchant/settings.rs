//! The shop's settings: each a page of its own, listed beside one another.

pub mod audit;
pub mod contacts;
pub mod embed;
pub mod keys;
pub mod people;
pub mod policy;
pub mod shipping;
pub mod shop;
pub mod templates;

use crate::{
    access::{caller::Holder, people::Office},
    api::problem::Problem,
    pages::{Routes, visit::Visit},
};
use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};

/// Every page of the settings, by its path and the key of its name. One that is not built, or
/// that the visitor may not take, is not listed.
const PAGES: [(&str, &str); 9] = [
    ("/m/settings/shop", "settings-shop"),
    ("/m/settings/policy", "settings-policy"),
    ("/m/settings/templates", "settings-templates"),
    ("/m/settings/contacts", "settings-contacts"),
    ("/m/settings/shipping", "settings-shipping"),
    ("/m/settings/embed", "settings-embed"),
    ("/m/settings/people", "settings-people"),
    ("/m/settings/keys", "settings-keys"),
    ("/m/settings/audit", "settings-audit"),
];

/// The routes of the settings.
pub fn routes() -> Routes {
    Routes::new()
        .route("/m/settings", get(first))
        .route("/m/settings/shop", get(shop::show).post(shop::save))
        .route("/m/settings/policy", get(policy::show).post(policy::save))
        .route("/m/settings/templates", get(templates::show).post(templates::edit::make))
        .route("/m/settings/templates/new", get(templates::edit::new))
        .route("/m/settings/templates/adopt", post(templates::adopt))
        .route("/m/settings/templates/auto", post(templates::auto::save))
        .route(
            "/m/settings/templates/{template_id}",
            get(templates::edit::show).post(templates::edit::save),
        )
        .route("/m/settings/templates/{template_id}/remove", post(templates::edit::remove))
        .route("/m/settings/contacts", get(contacts::show).post(contacts::save))
        .route("/m/settings/shipping", get(shipping::show).post(shipping::save))
        .route("/m/settings/embed", get(embed::show))
        .route("/m/settings/people", get(people::list).post(people::invite))
        .route("/m/settings/people/{person_id}/link", post(people::link))
        .route("/m/settings/people/{person_id}/office", post(people::office))
        .route("/m/settings/people/{person_id}/second-factor", post(people::end_second_factor))
        .route("/m/settings/people/{person_id}/end", post(people::end))
        .route("/m/settings/keys", get(keys::list).post(keys::make))
        .route("/m/settings/keys/{key_id}/revoke", post(keys::revoke))
        .route("/m/settings/audit", get(audit::list))
}

/// `GET /m/settings`
async fn first(_: Visit) -> Response {
    Redirect::to("/m/settings/shop").into_response()
}

/// One page of the settings as the others list it.
pub struct Tab {
    path: &'static str,
    key: &'static str,
    here: bool,
}

/// The pages of the settings that a visitor may take.
#[must_use]
pub fn tabs(visit: &Visit) -> Vec<Tab> {
    let pages = PAGES.into_iter().filter(|(path, _)| visit.may("GET", path));
    pages.map(|(path, key)| Tab { path, key, here: visit.page.is_in(path) }).collect()
}

/// Whether the visitor may save what the page shows.
fn may_save(visit: &Visit) -> bool {
    matches!(visit.asked.caller.holder, Holder::Person(_, Office::Owner))
}

/// Something typed will not do.
fn unfit(visit: &Visit, code: &str) -> Problem {
    visit.asked.problem(StatusCode::UNPROCESSABLE_ENTITY, code)
}

/// Somebody else was first.
fn meanwhile(visit: &Visit) -> Problem {
    visit.asked.problem(StatusCode::CONFLICT, "changed_meanwhile")
}
