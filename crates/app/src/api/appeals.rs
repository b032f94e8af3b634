//! Appeals against restrictions (申诉, F7): the buyer explains, a reviewer lifts or keeps.

use super::{
    cases::list::Page,
    problem::Problem,
    request::{Asked, Body, json},
};
use crate::{
    assembly::App,
    registry::{Change, Entry},
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::{id::BuyerId, moment::Span};
use engine::restriction::{APPEAL, Appeal, Decision};
use serde::Deserialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// The most appeals listed.
const LISTED_MAX: u32 = 200;
/// A restriction is lifted for so many days unless something else is said.
pub const LIFTED_DAYS: u32 = 90;

/// `POST /api/v1/appeals`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAppeal {
    /// Why the restriction should be lifted.
    material: String,
}

/// `POST /api/v1/appeals`
///
/// # Errors
/// A [`Problem`] if nothing is said.
pub async fn make(
    State(app): State<Arc<App>>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let NewAppeal { material } = json(&body, asked.language)?;
    let appeal = file(&app, &asked, material).await?;
    Ok((StatusCode::CREATED, axum::Json(appeal)).into_response())
}

/// Files an appeal of the buyer who asks.
///
/// # Errors
/// A [`Problem`] if nothing is said.
pub async fn file(app: &App, asked: &Asked, material: String) -> Result<Appeal, Problem> {
    let invalid = || asked.problem(StatusCode::UNPROCESSABLE_ENTITY, "reason_missing");
    if material.trim().is_empty() || material.len() > 6_000 {
        return Err(invalid());
    }
    let buyer_id = asked.caller.buyer().ok_or_else(invalid)?.clone();
    let shop_id = asked.shop()?;
    let found = app.registry.entry::<Appeal>(shop_id, APPEAL, buyer_id.as_str()).await;
    let found = found.map_err(|fault| Problem::fault(&fault, asked.language))?;
    let appeal = Appeal {
        buyer_id: buyer_id.clone(),
        material,
        made_at: app.desk.now(),
        decision: None,
        lifted_until: found.as_ref().and_then(|entry| entry.body.lifted_until),
        note: String::new(),
    };
    let replaces = found.map_or(0, |entry| entry.version);
    let id = buyer_id.as_str();
    let change = Change { shop_id, kind: APPEAL, id, replaces, body: &appeal };
    app.put(change, "appeal.made", asked).await?;
    Ok(appeal)
}

/// `GET /api/v1/appeals`
///
/// # Errors
/// A [`Problem`] if they cannot be read.
pub async fn list(
    State(app): State<Arc<App>>,
    asked: Asked,
) -> Result<axum::Json<Page<Appeal>>, Problem> {
    let found = app.registry.list::<Appeal>(asked.shop()?, APPEAL, "", LISTED_MAX).await;
    let found = found.map_err(|fault| Problem::fault(&fault, asked.language))?;
    let items = found.into_iter().map(|entry| entry.body).collect();
    Ok(axum::Json(Page { items, next_cursor: None }))
}

/// `POST /api/v1/appeals/{buyer_id}/decide`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DecideAppeal)]
pub struct Decide {
    /// `lifted` or `kept`.
    decision: Verdict,
    /// Why.
    note: String,
    /// For how many days it is lifted, 1 to 365; 90 unless said otherwise.
    #[serde(default = "lifted_days")]
    days: u32,
}

/// What a reviewer decides.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AppealVerdict)]
pub enum Verdict {
    /// The restriction is lifted for a time.
    Lifted,
    /// It is kept.
    Kept,
}

const fn lifted_days() -> u32 {
    LIFTED_DAYS
}

impl Decide {
    /// What a reviewer decided on a page.
    #[must_use]
    pub fn new(lifted: bool, note: &str, days: Option<u32>) -> Self {
        let decision = if lifted { Verdict::Lifted } else { Verdict::Kept };
        Self { decision, note: note.to_owned(), days: days.unwrap_or(LIFTED_DAYS) }
    }
}

/// `POST /api/v1/appeals/{buyer_id}/decide`
///
/// # Errors
/// A [`Problem`] if there is no such appeal.
pub async fn decide(
    State(app): State<Arc<App>>,
    Path(buyer_id): Path<String>,
    asked: Asked,
    Body(body): Body,
) -> Result<axum::Json<Appeal>, Problem> {
    let decision = json(&body, asked.language)?;
    settle(&app, &asked, &buyer_id, decision).await.map(axum::Json)
}

/// Decides an appeal.
///
/// # Errors
/// A [`Problem`] if there is no such appeal.
pub async fn settle(
    app: &App,
    asked: &Asked,
    buyer_id: &str,
    Decide { decision, note, days }: Decide,
) -> Result<Appeal, Problem> {
    if note.trim().is_empty() || note.len() > 6_000 || !(1..=365).contains(&days) {
        return Err(asked.problem(StatusCode::UNPROCESSABLE_ENTITY, "reason_missing"));
    }
    let buyer_id = BuyerId::parse(buyer_id).map_err(|_| asked.not_found())?;
    let shop_id = asked.shop()?;
    let found = app.registry.entry::<Appeal>(shop_id, APPEAL, buyer_id.as_str()).await;
    let found = found.map_err(|fault| Problem::fault(&fault, asked.language))?;
    let Entry { version, body: mut appeal, .. } = found.ok_or_else(|| asked.not_found())?;
    appeal.note = note;
    (appeal.decision, appeal.lifted_until) = match decision {
        Verdict::Lifted => (Some(Decision::Lifted), Some(app.desk.now().after(Span::days(days)))),
        Verdict::Kept => (Some(Decision::Kept), None),
    };
    let (id, replaces) = (buyer_id.as_str(), version);
    let change = Change { shop_id, kind: APPEAL, id, replaces, body: &appeal };
    app.put(change, "appeal.decided", asked).await?;
    Ok(appeal)
}
