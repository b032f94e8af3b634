//! The outbox as people see it: what waits, what was buried and why, and the button to try again.

use super::{
    cases::list::Page,
    problem::Problem,
    request::{Asked, query},
};
use crate::assembly::App;
use axum::{
    extract::{Path, State},
    http::{StatusCode, Uri},
};
use domain::{
    id::{CaseId, EffectId, OrderId},
    moment::Moment,
};
use engine::rows::{EffectFilter, EffectState, LIMIT_MAX};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    state: Option<EffectState>,
    limit: Option<u32>,
    cursor: Option<EffectId>,
}

/// One effect.
#[derive(Serialize, ToSchema)]
#[schema(as = EffectListed)]
pub struct Listed {
    #[schema(value_type = String)]
    effect_id: EffectId,
    case_id: CaseId,
    order_id: OrderId,
    kind: String,
    #[schema(value_type = String)]
    state: EffectState,
    due_at: Moment,
    attempts: u32,
    note: String,
}

/// `GET /api/v1/outbox`
///
/// # Errors
/// A [`Problem`] for a query that makes no sense.
pub async fn list(
    State(app): State<Arc<App>>,
    uri: Uri,
    asked: Asked,
) -> Result<axum::Json<Page<Listed>>, Problem> {
    let wanted: Wanted = query(&uri, asked.language)?;
    let filter = EffectFilter {
        shop_id: asked.shop()?.clone(),
        state: wanted.state,
        after: wanted.cursor,
        limit: wanted.limit.unwrap_or(50).clamp(1, LIMIT_MAX),
    };
    let page = app.desk.store().effects(&filter).await;
    let page = page.map_err(|fault| Problem::fault(&fault, asked.language))?;
    let last = page.rows.last().filter(|_| page.more);
    let next_cursor = last.map(|row| row.effect_id.to_string());
    let items = page.rows.into_iter().map(|row| Listed {
        effect_id: row.effect_id,
        case_id: row.case_id,
        order_id: row.key.order_id,
        kind: row.kind,
        state: row.state,
        due_at: row.due_at,
        attempts: row.attempts,
        note: row.note,
    });
    Ok(axum::Json(Page { items: items.collect(), next_cursor }))
}

/// `POST /api/v1/outbox/{effect_id}/retry`
///
/// # Errors
/// A [`Problem`] if there is no such effect.
pub async fn retry(
    State(app): State<Arc<App>>,
    Path(effect_id): Path<String>,
    asked: Asked,
) -> Result<StatusCode, Problem> {
    let effect_id = EffectId::parse(&effect_id).map_err(|_| asked.not_found())?;
    let revived = app.desk.store().revive_effect(asked.shop()?, &effect_id, app.desk.now()).await;
    let revived = revived.map_err(|fault| Problem::fault(&fault, asked.language))?;
    if !revived {
        return Err(asked.not_found());
    }
    app.wake_pump();
    Ok(StatusCode::ACCEPTED)
}
