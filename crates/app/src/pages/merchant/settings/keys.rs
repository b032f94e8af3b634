//! Machine keys: made, shown once, revoked.

use super::{Tab, meanwhile, tabs, unfit};
use crate::{
    access::{
        machine::{self, Revoked},
        people::{KEY, MachineKey, Scope},
    },
    api::{problem::Problem, shop::check_name},
    assembly::App,
    pages::{
        fields::Fields,
        page::{Page, name_of},
        show::{page, see, with_status},
        visit::Visit,
    },
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{id::KeyId, moment::Moment};
use std::sync::Arc;

/// The most keys listed.
const LISTED_MAX: u32 = 200;
/// Every scope.
const SCOPES: [Scope; 4] = [Scope::Read, Scope::Orders, Scope::Cases, Scope::Manage];

#[derive(Template)]
#[template(path = "merchant/settings/keys.html")]
struct Keys {
    p: Page,
    tabs: Vec<Tab>,
    keys: Vec<Key>,
    scopes: Vec<String>,
    typed: Fields,
    /// The token of a key just made, shown this once.
    token: Option<String>,
}

struct Key {
    id: String,
    name: String,
    scopes: Vec<String>,
    made_at: Moment,
    revoked_at: Option<Moment>,
}

/// `GET /m/settings/keys`
///
/// # Errors
/// A [`Problem`] if they cannot be read.
pub async fn list(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    page(&keys(&app, visit, Fields::default()).await?)
}

async fn keys(app: &App, visit: Visit, typed: Fields) -> Result<Keys, Problem> {
    let found = app.registry.list::<MachineKey>(visit.shop()?, KEY, "", LISTED_MAX).await;
    let found = found.map_err(|fault| Problem::fault(&fault, visit.language()))?;
    let mut keys: Vec<Key> = found
        .into_iter()
        .map(|entry| Key {
            id: entry.id,
            name: entry.body.name,
            scopes: entry.body.scopes.iter().map(name_of).collect(),
            made_at: entry.body.made_at,
            revoked_at: entry.body.revoked_at,
        })
        .collect();
    keys.sort_by_key(|key| (key.revoked_at.is_some(), std::cmp::Reverse(key.made_at)));
    let scopes = SCOPES.iter().map(name_of).collect();
    Ok(Keys { tabs: tabs(&visit), p: visit.page, keys, scopes, typed, token: None })
}

/// `POST /m/settings/keys`: makes one and shows its token, once.
///
/// # Errors
/// A [`Problem`] if it could not be done now.
pub async fn make(
    State(app): State<Arc<App>>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, Problem> {
    match try_make(&app, &visit, &fields).await {
        Ok(token) => {
            let mut shown = keys(&app, visit, Fields::default()).await?;
            shown.token = Some(token);
            page(&shown)
        }
        Err(problem) => {
            let mut shown = keys(&app, visit, fields).await?;
            let status = problem.http_status();
            shown.p.problem = Some(problem);
            with_status(status, &shown)
        }
    }
}

async fn try_make(app: &App, visit: &Visit, fields: &Fields) -> Result<String, Problem> {
    let name = fields.one("name").to_owned();
    check_name(&name, &visit.asked)?;
    let chosen = |scope: &Scope| fields.chose("scopes", &name_of(scope));
    let scopes: Vec<Scope> = SCOPES.into_iter().filter(chosen).collect();
    if scopes.is_empty() {
        return Err(unfit(visit, "scopes_invalid"));
    }
    let (by, at) = (visit.asked.caller.actor(), app.desk.now());
    let made = machine::make(&app.registry, visit.shop()?, (name, scopes), &by, at).await;
    let made = made.map_err(|fault| Problem::fault(&fault, visit.language()))?;
    made.map(|(_, token)| token).ok_or_else(|| meanwhile(visit))
}

/// `POST /m/settings/keys/{key_id}/revoke`
///
/// # Errors
/// A [`Problem`] if there is no such key.
pub async fn revoke(
    State(app): State<Arc<App>>,
    Path(key_id): Path<String>,
    visit: Visit,
) -> Result<Response, Problem> {
    let key_id = KeyId::parse(&key_id).map_err(|_| visit.asked.not_found())?;
    let (by, at) = (visit.asked.caller.actor(), app.desk.now());
    let done = machine::revoke(&app.registry, visit.shop()?, &key_id, &by, at).await;
    match done.map_err(|fault| Problem::fault(&fault, visit.language()))? {
        Revoked::Done => Ok(see("/m/settings/keys", "key-revoked")),
        Revoked::NoSuchKey => Err(visit.asked.not_found()),
        Revoked::Meanwhile => Err(meanwhile(&visit)),
    }
}
