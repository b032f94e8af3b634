//! The shop: its settings, machine keys, people, buyers' links.

use super::{
    cases::list::Page,
    problem::Problem,
    request::{Asked, Body, json},
};
use crate::{
    access::{
        PLATFORM,
        link::LIFE_SECONDS_MAX,
        machine::{self, Revoked},
        member::Member,
        people::{KEY, MachineKey, Office, PERSON, Person, Scope},
        staff::{self, Done},
    },
    assembly::App,
    onboarding::{self, Newcomer},
    registry::{Change, Entry},
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::{
    id::{BuyerId, KeyId, PersonId, ShopId},
    moment::{Moment, Span},
    money::Money,
    standing::ShopSettings,
};
use engine::rulebook::{SHOP, Shop};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// The most people or keys listed.
const LISTED_MAX: u32 = 200;

/// A shop as shown and set.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Shop)]
pub struct ShopView {
    /// What people call it.
    name: String,
    /// The shop's qualification and its payment account are verified (F4).
    account_verified: bool,
    /// Above this a second person confirms.
    #[serde(default)]
    approval_limit: Option<Money>,
    /// The version of the policy in force; set by publishing a policy.
    #[serde(default)]
    policy_version: u32,
}

impl From<Shop> for ShopView {
    fn from(shop: Shop) -> Self {
        Self {
            name: shop.name,
            account_verified: shop.settings.account_verified,
            approval_limit: shop.settings.approval_limit,
            policy_version: shop.policy_version,
        }
    }
}

/// `GET /api/v1/shop`
///
/// # Errors
/// A [`Problem`] if there is no such shop.
pub async fn show(
    State(app): State<Arc<App>>,
    asked: Asked,
) -> Result<axum::Json<ShopView>, Problem> {
    let entry = entry(&app, &asked).await?;
    Ok(axum::Json(entry.body.into()))
}

/// The shop of a caller, with its version.
///
/// # Errors
/// A [`Problem`] if there is no such shop.
pub async fn entry(app: &App, asked: &Asked) -> Result<Entry<Shop>, Problem> {
    let found = app.registry.entry(asked.shop()?, SHOP.0, SHOP.1).await;
    let found = found.map_err(|fault| Problem::fault(&fault, asked.language))?;
    found.ok_or_else(|| asked.not_found())
}

/// `PUT /api/v1/shop`
///
/// # Errors
/// A [`Problem`] if a value makes no sense or somebody else changed it.
pub async fn put(
    State(app): State<Arc<App>>,
    asked: Asked,
    Body(body): Body,
) -> Result<axum::Json<ShopView>, Problem> {
    let wanted: ShopView = json(&body, asked.language)?;
    check_name(&wanted.name, &asked)?;
    let Entry { version, body: before, .. } = entry(&app, &asked).await?;
    let shop = Shop {
        name: wanted.name,
        settings: ShopSettings {
            account_verified: wanted.account_verified,
            approval_limit: wanted.approval_limit,
        },
        policy_version: before.policy_version,
    };
    let change =
        Change { shop_id: asked.shop()?, kind: SHOP.0, id: SHOP.1, replaces: version, body: &shop };
    app.put(change, "shop.changed", &asked).await?;
    app.desk.rulebook().forget(asked.shop()?);
    Ok(axum::Json(shop.into()))
}

/// Whether a name is one.
///
/// # Errors
/// A [`Problem`] if it is empty or too long.
pub fn check_name(name: &str, asked: &Asked) -> Result<(), Problem> {
    if name.trim().is_empty() || name.len() > 200 {
        return Err(asked.problem(StatusCode::UNPROCESSABLE_ENTITY, "name_invalid"));
    }
    Ok(())
}

/// `POST /api/v1/keys`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewKey {
    /// What it is for.
    name: String,
    /// What it may do.
    scopes: Vec<Scope>,
}

/// A token, shown this once.
#[derive(Serialize, ToSchema)]
pub struct Made {
    /// The id of the key or person.
    pub id: String,
    /// The token; only its hash is kept.
    pub token: String,
}

/// `POST /api/v1/keys`
///
/// # Errors
/// A [`Problem`] if a value makes no sense.
pub async fn make_key(
    State(app): State<Arc<App>>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let NewKey { name, scopes } = json(&body, asked.language)?;
    check_name(&name, &asked)?;
    if scopes.is_empty() || scopes.len() > machine::SCOPES_MAX {
        return Err(asked.problem(StatusCode::UNPROCESSABLE_ENTITY, "scopes_invalid"));
    }
    let (by, at) = (asked.caller.actor(), app.desk.now());
    let made = machine::make(&app.registry, asked.shop()?, (name, scopes), &by, at).await;
    let made = made.map_err(|fault| Problem::fault(&fault, asked.language))?;
    let taken = || asked.problem(StatusCode::CONFLICT, "changed_meanwhile");
    let (id, token) = made.ok_or_else(taken)?;
    let made = Made { id: id.to_string(), token };
    Ok((StatusCode::CREATED, axum::Json(made)).into_response())
}

/// A key as shown.
#[derive(Serialize, ToSchema)]
#[schema(as = Key)]
pub struct KeyView {
    id: String,
    name: String,
    scopes: Vec<Scope>,
    made_at: Moment,
    revoked_at: Option<Moment>,
}

/// `GET /api/v1/keys`
///
/// # Errors
/// A [`Problem`] if they cannot be read.
pub async fn keys(
    State(app): State<Arc<App>>,
    asked: Asked,
) -> Result<axum::Json<Page<KeyView>>, Problem> {
    let found = app.registry.list::<MachineKey>(asked.shop()?, KEY, "", LISTED_MAX).await;
    let found = found.map_err(|fault| Problem::fault(&fault, asked.language))?;
    let items = found.into_iter().map(|entry| KeyView {
        id: entry.id,
        name: entry.body.name,
        scopes: entry.body.scopes,
        made_at: entry.body.made_at,
        revoked_at: entry.body.revoked_at,
    });
    Ok(axum::Json(Page { items: items.collect(), next_cursor: None }))
}

/// `DELETE /api/v1/keys/{key_id}`
///
/// # Errors
/// A [`Problem`] if there is no such key.
pub async fn revoke_key(
    State(app): State<Arc<App>>,
    Path(key_id): Path<String>,
    asked: Asked,
) -> Result<StatusCode, Problem> {
    let key_id = KeyId::parse(&key_id).map_err(|_| asked.not_found())?;
    let (by, at) = (asked.caller.actor(), app.desk.now());
    let done = machine::revoke(&app.registry, asked.shop()?, &key_id, &by, at).await;
    match done.map_err(|fault| Problem::fault(&fault, asked.language))? {
        Revoked::Done => Ok(StatusCode::NO_CONTENT),
        Revoked::NoSuchKey => Err(asked.not_found()),
        Revoked::Meanwhile => Err(asked.problem(StatusCode::CONFLICT, "changed_meanwhile")),
    }
}

/// `POST /api/v1/people`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPerson {
    /// Their id within the shop.
    person_id: PersonId,
    /// What people call them.
    name: String,
    /// What they may do.
    office: Office,
}

/// `POST /api/v1/people`
///
/// # Errors
/// A [`Problem`] if a value makes no sense or the id is taken.
pub async fn let_in(
    State(app): State<Arc<App>>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let NewPerson { person_id, name, office } = json(&body, asked.language)?;
    check_name(&name, &asked)?;
    let shop_id = asked.shop()?;
    if office.role().is_some() == (shop_id.as_str() == PLATFORM) {
        return Err(asked.problem(StatusCode::UNPROCESSABLE_ENTITY, "office_invalid"));
    }
    let newcomer = Newcomer { person_id: &person_id, name: &name, office };
    let (by, at) = (asked.caller.actor(), app.desk.now());
    let token = onboarding::let_in(&app.registry, shop_id, &newcomer, &by, at).await;
    let token = token.map_err(|fault| Problem::fault(&fault, asked.language))?;
    let taken = || asked.problem(StatusCode::CONFLICT, "changed_meanwhile");
    let token = token.ok_or_else(taken)?;
    let made = Made { id: person_id.to_string(), token };
    Ok((StatusCode::CREATED, axum::Json(made)).into_response())
}

/// A person as shown.
#[derive(Serialize, ToSchema)]
#[schema(as = Person)]
pub struct PersonView {
    id: String,
    name: String,
    office: Office,
    made_at: Moment,
    ended_at: Option<Moment>,
}

/// `GET /api/v1/people`
///
/// # Errors
/// A [`Problem`] if they cannot be read.
pub async fn people(
    State(app): State<Arc<App>>,
    asked: Asked,
) -> Result<axum::Json<Page<PersonView>>, Problem> {
    let found = app.registry.list::<Person>(asked.shop()?, PERSON, "", LISTED_MAX).await;
    let found = found.map_err(|fault| Problem::fault(&fault, asked.language))?;
    let items = found.into_iter().map(|entry| PersonView {
        id: entry.id,
        name: entry.body.name,
        office: entry.body.office,
        made_at: entry.body.made_at,
        ended_at: entry.body.ended_at,
    });
    Ok(axum::Json(Page { items: items.collect(), next_cursor: None }))
}

/// `DELETE /api/v1/people/{person_id}`
///
/// # Errors
/// A [`Problem`] if there is no such person.
pub async fn shut_out(
    State(app): State<Arc<App>>,
    Path(person_id): Path<String>,
    asked: Asked,
) -> Result<StatusCode, Problem> {
    let person_id = PersonId::parse(&person_id).map_err(|_| asked.not_found())?;
    let member = Member { shop_id: asked.shop()?.clone(), person_id };
    let (by, at) = (asked.caller.actor(), app.desk.now());
    let done = staff::shut_out(&app.registry, &member, &by, at).await;
    match done.map_err(|fault| Problem::fault(&fault, asked.language))? {
        Done::Changed | Done::Unchanged => Ok(StatusCode::NO_CONTENT),
        Done::Nobody => Err(asked.not_found()),
        Done::Oneself | Done::NotHere | Done::Meanwhile => {
            Err(asked.problem(StatusCode::CONFLICT, "changed_meanwhile"))
        }
    }
}

/// `POST /api/v1/buyers/{buyer_id}/links`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLink {
    /// How long it lives, 60 seconds to 30 days.
    expires_in_seconds: u32,
}

/// A buyer's link.
#[derive(Serialize, ToSchema)]
#[schema(as = BuyerLink)]
pub struct LinkView {
    /// The token to show as `Authorization: Bearer`.
    token: String,
    /// Until when.
    expires_at: Moment,
}

/// `POST /api/v1/buyers/{buyer_id}/links`
///
/// # Errors
/// A [`Problem`] if a value makes no sense.
pub async fn link(
    State(app): State<Arc<App>>,
    Path(buyer_id): Path<String>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let NewLink { expires_in_seconds } = json(&body, asked.language)?;
    let invalid = |code| asked.problem(StatusCode::UNPROCESSABLE_ENTITY, code);
    let buyer_id = BuyerId::parse(&buyer_id).map_err(|_| invalid("buyer_invalid"))?;
    if !(60..=LIFE_SECONDS_MAX).contains(&expires_in_seconds) {
        return Err(invalid("expiry_invalid"));
    }
    let shop_id: &ShopId = asked.shop()?;
    let expires_at = app.desk.now().after(Span::seconds(expires_in_seconds));
    let token = app.links.sign(shop_id, &buyer_id, expires_at);
    let token = token.ok_or_else(|| invalid("buyer_invalid"))?;
    let view = LinkView { token, expires_at };
    Ok((StatusCode::CREATED, axum::Json(view)).into_response())
}
