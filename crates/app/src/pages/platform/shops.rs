//! The shops of the platform.

use crate::{
    access::{self, invitation, member::Member},
    api::{problem::Problem, shop::check_name},
    assembly::App,
    onboarding::{self, SHOP_LISTED, ShopListed},
    pages::{fields::Fields, page::Page, show, visit::Visit},
};
use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use domain::policy::Language;
use std::sync::Arc;

/// Shops shown.
const SHOWN: u32 = 200;

#[derive(Template)]
#[template(path = "platform/shops.html")]
struct Shops {
    p: Page,
    shops: Vec<(String, String)>,
    may_open: bool,
    typed: Fields,
    /// The owner's token of a shop just opened, shown this once.
    token: Option<String>,
    /// Where its owner sets a password, shown this once.
    link: Option<String>,
}

/// The shops, by id: id and name.
///
/// # Errors
/// A [`Problem`] if they cannot be read.
pub(super) async fn listed(
    app: &App,
    language: Language,
) -> Result<Vec<(String, String)>, Problem> {
    let platform = access::platform().map_err(|_| Problem::not_found(language))?;
    let found = app.registry.list::<ShopListed>(&platform, SHOP_LISTED, "", SHOWN).await;
    let found = found.map_err(|fault| Problem::fault(&fault, language))?;
    Ok(found.into_iter().map(|entry| (entry.id, entry.body.name)).collect())
}

/// `GET /p/shops`
///
/// # Errors
/// A [`Problem`] if they cannot be read.
pub async fn list(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    show::page(&page(&app, visit, Fields::default()).await?)
}

async fn page(app: &App, visit: Visit, typed: Fields) -> Result<Shops, Problem> {
    let shops = listed(app, visit.language()).await?;
    let may_open = visit.page.office.as_deref() == Some("operator");
    Ok(Shops { p: visit.page, shops, may_open, typed, token: None, link: None })
}

/// `POST /p/shops`: opens one and shows its owner's token, once.
///
/// # Errors
/// A [`Problem`] if it cannot be opened.
pub async fn open(
    State(app): State<Arc<App>>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, Problem> {
    match try_open(&app, &visit, &fields).await {
        Ok(token) => {
            let link = link(&app, &visit, fields.one("shop_id")).await?;
            let mut page = page(&app, visit, Fields::default()).await?;
            (page.token, page.link) = (Some(token), link);
            show::with_status(StatusCode::CREATED, &page)
        }
        Err(problem) if problem.status < 500 => {
            let status = problem.http_status();
            let mut page = page(&app, visit, fields).await?;
            page.p.problem = Some(problem);
            show::with_status(status, &page)
        }
        Err(problem) => Err(problem),
    }
}

async fn try_open(app: &App, visit: &Visit, fields: &Fields) -> Result<String, Problem> {
    check_name(fields.one("name"), &visit.asked)?;
    let unfit = |code| visit.asked.problem(StatusCode::UNPROCESSABLE_ENTITY, code);
    let shop_id =
        onboarding::shop_id(fields.one("shop_id")).ok_or_else(|| unfit("shop_id_invalid"))?;
    let (by, at) = (visit.asked.caller.actor(), app.desk.now());
    let opened = onboarding::open_shop(&app.registry, &shop_id, fields.one("name"), &by, at).await;
    let opened = opened.map_err(|fault| Problem::fault(&fault, visit.language()))?;
    opened.ok_or_else(|| visit.asked.problem(StatusCode::CONFLICT, "shop_id_taken"))
}

/// The address where the owner of a shop sets a password.
async fn link(app: &App, visit: &Visit, shop_id: &str) -> Result<Option<String>, Problem> {
    let Some(owner) = Member::named(shop_id, onboarding::OWNER) else { return Ok(None) };
    let (by, at) = (visit.asked.caller.actor(), app.desk.now());
    let token = invitation::make(&app.registry, &owner, &by, at).await;
    let token = token.map_err(|fault| Problem::fault(&fault, visit.language()))?;
    Ok(token.map(|token| invitation::address(&app.public_url, &owner, &token)))
}
