//! The platform over HTTP: shops.

use super::{
    cases::list::Page,
    problem::Problem,
    request::{Asked, Body, json},
    shop::{Made, check_name},
};
use crate::{access, assembly::App, onboarding};
use axum::{
    extract::State,
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
};
use domain::id::ShopId;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    limit: Option<u32>,
    cursor: Option<String>,
}

/// A shop in the list.
#[derive(Serialize, ToSchema)]
#[schema(as = ShopListed)]
pub struct Listed {
    shop_id: String,
    name: String,
}

/// `GET /api/v1/platform/shops`
///
/// # Errors
/// A [`Problem`] if they cannot be read.
pub async fn shops(
    State(app): State<Arc<App>>,
    uri: Uri,
    asked: Asked,
) -> Result<axum::Json<Page<Listed>>, Problem> {
    let wanted: Wanted = super::request::query(&uri, asked.language)?;
    let platform = access::platform().map_err(|_| asked.not_found())?;
    let wrong = || asked.problem(StatusCode::BAD_REQUEST, "cursor_invalid");
    let limit = wanted.limit.unwrap_or(50).clamp(1, 200);
    let after = match wanted.cursor {
        Some(text) => ShopId::parse(&text).map_err(|_| wrong())?.to_string(),
        None => String::new(),
    };
    let kind = onboarding::SHOP_LISTED;
    let found = app.registry.list::<onboarding::ShopListed>(&platform, kind, &after, limit).await;
    let found = found.map_err(|fault| Problem::fault(&fault, asked.language))?;
    let full = u32::try_from(found.len()).is_ok_and(|count| count == limit);
    let last = found.last().filter(|_| full);
    let next_cursor = last.map(|entry| entry.id.clone());
    let items = found.into_iter().map(|entry| Listed { shop_id: entry.id, name: entry.body.name });
    Ok(axum::Json(Page { items: items.collect(), next_cursor }))
}

/// `POST /api/v1/platform/shops`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewShop {
    /// Its id: 2 to 40 of `a-z 0-9 -`.
    shop_id: String,
    /// What people call it.
    name: String,
}

/// `POST /api/v1/platform/shops`: answers with the owner's token.
///
/// # Errors
/// A [`Problem`] if the id is taken or makes no sense.
pub async fn open_shop(
    State(app): State<Arc<App>>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let NewShop { shop_id, name } = json(&body, asked.language)?;
    check_name(&name, &asked)?;
    let invalid = || asked.problem(StatusCode::UNPROCESSABLE_ENTITY, "shop_id_invalid");
    let shop_id: ShopId = onboarding::shop_id(&shop_id).ok_or_else(invalid)?;
    let (by, at) = (asked.caller.actor(), app.desk.now());
    let opened = onboarding::open_shop(&app.registry, &shop_id, &name, &by, at).await;
    let opened = opened.map_err(|fault| Problem::fault(&fault, asked.language))?;
    let taken = || asked.problem(StatusCode::CONFLICT, "shop_id_taken");
    let token = opened.ok_or_else(taken)?;
    let made = Made { id: shop_id.to_string(), token };
    Ok((StatusCode::CREATED, axum::Json(made)).into_response())
}
