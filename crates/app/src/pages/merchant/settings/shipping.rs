//! Where goods go back, and with which carriers.

use super::{Tab, may_save, meanwhile, tabs, unfit};
use crate::{
    api::problem::Problem,
    assembly::App,
    bulletin::{self, SHIPPING, Shipping},
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
#[template(path = "merchant/settings/shipping.html")]
struct Settings {
    p: Page,
    tabs: Vec<Tab>,
    may_save: bool,
    version: u64,
    return_address: String,
    carriers: String,
}

/// `GET /m/settings/shipping`
///
/// # Errors
/// A [`Problem`] if it cannot be read.
pub async fn show(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    let found = bulletin::shipping(&app.registry, visit.shop()?).await;
    let (version, shipping) = found.map_err(|fault| Problem::fault(&fault, visit.language()))?;
    let (tabs, may_save) = (tabs(&visit), may_save(&visit));
    let Shipping { return_address, carriers } = shipping;
    let carriers = carriers.join("\n");
    page(&Settings { p: visit.page, tabs, may_save, version, return_address, carriers })
}

/// `POST /m/settings/shipping`
///
/// # Errors
/// A [`Problem`] if it could not be done now.
pub async fn save(
    State(app): State<Arc<App>>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, Problem> {
    let (return_address, carriers) = (fields.one("return_address"), fields.one("carriers"));
    let version = fields.one("version").parse().unwrap_or(0);
    let shipping = Shipping {
        return_address: return_address.replace('\r', ""),
        carriers: Shipping::carriers_of(carriers),
    };
    let Err(problem) = try_save(&app, &visit, version, &shipping).await else {
        return Ok(see("/m/settings/shipping", "saved"));
    };
    let (tabs, may_save, status) = (tabs(&visit), may_save(&visit), problem.http_status());
    let (return_address, carriers) = (return_address.to_owned(), carriers.to_owned());
    let p = visit.page.with_problem(problem);
    with_status(status, &Settings { p, tabs, may_save, version, return_address, carriers })
}

async fn try_save(
    app: &App,
    visit: &Visit,
    version: u64,
    shipping: &Shipping,
) -> Result<(), Problem> {
    if let Some(code) = shipping.mistake() {
        return Err(unfit(visit, code));
    }
    let (by, at) = (visit.asked.caller.actor(), app.desk.now());
    let change = (SHIPPING, version, shipping);
    let put = bulletin::put(&app.registry, visit.shop()?, change, &by, at).await;
    let put = put.map_err(|fault| Problem::fault(&fault, visit.language()))?;
    if put { Ok(()) } else { Err(meanwhile(visit)) }
}
