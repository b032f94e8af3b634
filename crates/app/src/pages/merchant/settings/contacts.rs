//! How buyers reach the shop.

use super::{Tab, may_save, meanwhile, tabs, unfit};
use crate::{
    api::problem::Problem,
    assembly::App,
    bulletin::{self, CONTACTS, Contacts},
    pages::{
        fields::Fields,
        page::Page,
        show::{page, see, with_status},
        visit::Visit,
    },
};
use askama::Template;
use axum::{extract::State, response::Response};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "merchant/settings/contacts.html")]
struct Settings {
    p: Page,
    tabs: Vec<Tab>,
    may_save: bool,
    version: u64,
    contacts: Contacts,
}

/// `GET /m/settings/contacts`
///
/// # Errors
/// A [`Problem`] if they cannot be read.
pub async fn show(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    let found = bulletin::contacts(&app.registry, visit.shop()?).await;
    let (version, contacts) = found.map_err(|fault| Problem::fault(&fault, visit.language()))?;
    let (tabs, may_save) = (tabs(&visit), may_save(&visit));
    page(&Settings { p: visit.page, tabs, may_save, version, contacts })
}

/// `POST /m/settings/contacts`
///
/// # Errors
/// A [`Problem`] if it could not be done now.
pub async fn save(
    State(app): State<Arc<App>>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, Problem> {
    let contacts = Contacts {
        service_url: fields.one("service_url").to_owned(),
        hotline: fields.one("hotline").to_owned(),
        hours: fields.one("hours").to_owned(),
        official_account: fields.one("official_account").to_owned(),
    };
    let version = fields.one("version").parse().unwrap_or(0);
    let Err(problem) = try_save(&app, &visit, version, &contacts).await else {
        return Ok(see("/m/settings/contacts", "saved"));
    };
    let (tabs, may_save, status) = (tabs(&visit), may_save(&visit), problem.http_status());
    let p = visit.page.with_problem(problem);
    with_status(status, &Settings { p, tabs, may_save, version, contacts })
}

async fn try_save(
    app: &App,
    visit: &Visit,
    version: u64,
    contacts: &Contacts,
) -> Result<(), Problem> {
    if let Some(code) = contacts.mistake() {
        return Err(unfit(visit, code));
    }
    let (by, at) = (visit.asked.caller.actor(), app.desk.now());
    let change = (CONTACTS, version, contacts);
    let put = bulletin::put(&app.registry, visit.shop()?, change, &by, at).await;
    let put = put.map_err(|fault| Problem::fault(&fault, visit.language()))?;
    if put { Ok(()) } else { Err(meanwhile(visit)) }
}
