//! Saved views: names for what one wants to see of the queue again, one's own or the shop's.

use super::wanted::{Wanted, me};
use crate::{
    access::{caller::Holder, people::Office},
    api::problem::Problem,
    assembly::App,
    pages::{fields::Fields, show, visit::Visit},
    registry::Change,
};
use axum::{extract::State, http::StatusCode, response::Response};
use engine::ports::StoreFault;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The kind of documents that hold views.
pub const VIEWS: &str = "queue_views";
/// The document of what all of a shop see; no person has such an id.
const SHARED: &str = "*";
/// The most views of one person, and of a shop.
const VIEWS_MAX: usize = 20;
/// The longest name, in characters.
const NAME_CHARS_MAX: usize = 24;
/// How often a change is made anew after others came first.
const TRIES_MAX: u32 = 8;

/// A view as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    name: String,
    query: String,
}

/// A view as it is listed.
pub struct View {
    /// What it is called.
    pub name: String,
    /// Where it is.
    pub path: String,
    /// Whether all of the shop see it.
    pub is_shared: bool,
    /// Whether the visitor may remove it.
    pub may_remove: bool,
}

/// The views of a visitor: the shop's first.
///
/// # Errors
/// A [`Problem`] if they cannot be read.
pub async fn of(app: &App, visit: &Visit) -> Result<Vec<View>, Problem> {
    let mut views = Vec::new();
    for (id, is_shared) in [(SHARED.to_owned(), true), (me(visit), false)] {
        let found = read(app, visit, &id).await;
        let (_, kept) = found.map_err(|fault| Problem::fault(&fault, visit.language()))?;
        let may_remove = !is_shared || may_share(visit);
        views.extend(kept.into_iter().map(|Kept { name, query }| View {
            name,
            path: format!("/m/cases?{query}"),
            is_shared,
            may_remove,
        }));
    }
    Ok(views)
}

/// Whether a visitor may keep views for all of the shop.
#[must_use]
pub const fn may_share(visit: &Visit) -> bool {
    matches!(visit.asked.caller.holder, Holder::Person(_, Office::Supervisor | Office::Owner))
}

/// `POST /m/cases/views`
///
/// # Errors
/// A [`Problem`] if it could not be kept.
pub async fn keep(
    State(app): State<Arc<App>>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, Problem> {
    let wanted = Wanted::read(fields.one("query"));
    let name = fields.one("name").to_owned();
    if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
        return Err(visit.asked.problem(StatusCode::UNPROCESSABLE_ENTITY, "view_name_unfit"));
    }
    let view = Kept { name, query: wanted.query() };
    change(&app, &visit, &fields, |views| {
        views.retain(|other| other.name != view.name);
        views.push(view.clone());
    })
    .await?;
    Ok(show::see(&wanted.here(), "view-kept"))
}

/// `POST /m/cases/views/remove`
///
/// # Errors
/// A [`Problem`] if it could not be removed.
pub async fn remove(
    State(app): State<Arc<App>>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, Problem> {
    let name = fields.one("name");
    change(&app, &visit, &fields, |views| views.retain(|view| view.name != name)).await?;
    Ok(show::see("/m/cases", "view-removed"))
}

async fn read(app: &App, visit: &Visit, id: &str) -> Result<(u64, Vec<Kept>), StoreFault> {
    let Some(shop_id) = &visit.asked.caller.shop_id else { return Ok((0, Vec::new())) };
    let entry = app.registry.entry::<Vec<Kept>>(shop_id, VIEWS, id).await?;
    Ok(entry.map_or((0, Vec::new()), |entry| (entry.version, entry.body)))
}

async fn change(
    app: &App,
    visit: &Visit,
    fields: &Fields,
    by: impl Fn(&mut Vec<Kept>),
) -> Result<(), Problem> {
    let fault = |fault: StoreFault| Problem::fault(&fault, visit.language());
    let shared = fields.has("shared");
    if shared && !may_share(visit) {
        return Err(visit.asked.problem(StatusCode::FORBIDDEN, "role_forbidden"));
    }
    let id = if shared { SHARED.to_owned() } else { me(visit) };
    for _ in 0..TRIES_MAX {
        let (replaces, mut body) = read(app, visit, &id).await.map_err(fault)?;
        by(&mut body);
        if body.len() > VIEWS_MAX {
            return Err(visit.asked.problem(StatusCode::UNPROCESSABLE_ENTITY, "views_too_many"));
        }
        let shop_id = visit.shop()?;
        let change = Change { shop_id, kind: VIEWS, id: &id, replaces, body: &body };
        if app.registry.keep(change, app.desk.now()).await.map_err(fault)? {
            return Ok(());
        }
    }
    Err(visit.asked.problem(StatusCode::CONFLICT, "changed_meanwhile"))
}
