//! The shop itself: its name, whether its account is verified, above what a second person
//! confirms.

use super::{Tab, may_save, meanwhile, tabs, unfit};
use crate::{
    api::{problem::Problem, shop::entry},
    assembly::App,
    pages::{
        fields::Fields,
        page::Page,
        show::{page, see, with_status},
        visit::Visit,
    },
    registry::{Change, Entry},
};
use askama::Template;
use axum::{extract::State, response::Response};
use domain::{
    money::{Currency, Money},
    standing::ShopSettings,
};
use engine::rulebook::{SHOP, Shop};
use std::sync::Arc;

/// The longest name of a shop, in bytes, as the interface has it.
const NAME_BYTES_MAX: usize = 200;

#[derive(Template)]
#[template(path = "merchant/settings/shop.html")]
struct Settings {
    p: Page,
    tabs: Vec<Tab>,
    may_save: bool,
    shop_id: String,
    version: u64,
    name: String,
    verified: bool,
    limit: String,
}

/// `GET /m/settings/shop`
///
/// # Errors
/// A [`Problem`] if it cannot be read.
pub async fn show(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    let Entry { version, body: shop, .. } = entry(&app, &visit.asked).await?;
    let ShopSettings { account_verified, approval_limit } = shop.settings;
    page(&Settings {
        tabs: tabs(&visit),
        may_save: may_save(&visit),
        shop_id: visit.shop()?.to_string(),
        version,
        name: shop.name,
        verified: account_verified,
        limit: approval_limit.map_or_else(String::new, yuan),
        p: visit.page,
    })
}

/// `POST /m/settings/shop`
///
/// # Errors
/// A [`Problem`] if it could not be done now.
pub async fn save(
    State(app): State<Arc<App>>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, Problem> {
    let Err(problem) = try_save(&app, &visit, &fields).await else {
        return Ok(see("/m/settings/shop", "saved"));
    };
    let status = problem.http_status();
    with_status(
        status,
        &Settings {
            tabs: tabs(&visit),
            may_save: may_save(&visit),
            shop_id: visit.shop()?.to_string(),
            version: fields.one("version").parse().unwrap_or(0),
            name: fields.one("name").to_owned(),
            verified: fields.has("verified"),
            limit: fields.one("limit").to_owned(),
            p: visit.page.with_problem(problem),
        },
    )
}

async fn try_save(app: &App, visit: &Visit, fields: &Fields) -> Result<(), Problem> {
    let name = fields.one("name");
    if name.is_empty() || name.len() > NAME_BYTES_MAX {
        return Err(unfit(visit, "name_invalid"));
    }
    let approval_limit = fields.money("limit", Currency::CNY, visit.language())?;
    let Entry { version, body: before, .. } = entry(app, &visit.asked).await?;
    if fields.one("version").parse() != Ok(version) {
        return Err(meanwhile(visit));
    }
    let settings = ShopSettings { account_verified: fields.has("verified"), approval_limit };
    let shop = Shop { name: name.to_owned(), settings, policy_version: before.policy_version };
    let shop_id = visit.shop()?;
    let change = Change { shop_id, kind: SHOP.0, id: SHOP.1, replaces: version, body: &shop };
    app.put(change, "shop.changed", &visit.asked).await?;
    app.desk.rulebook().forget(shop_id);
    Ok(())
}

/// An amount as it is typed.
fn yuan(amount: Money) -> String {
    let minor = amount.minor();
    format!("{}.{:02}", minor / 100, minor % 100)
}
