//! `GET /api/v1/cases/{case_id}/timeline`: every event of a case, as it is on record.

use crate::{
    api::{problem::Problem, request::Asked},
    assembly::App,
};
use axum::extract::{Path, State};
use domain::{
    actor::Side,
    event::{CaseEvent, Event, RefundStep},
    moment::Moment,
};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// One line of the time line.
#[derive(Serialize, ToSchema)]
#[schema(as = TimelineLine)]
pub struct Line {
    version: u64,
    at: Moment,
    side: Side,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    kind: &'static str,
    what: CaseEvent,
}

/// The whole time line.
#[derive(Serialize, ToSchema)]
pub struct Timeline {
    items: Vec<Line>,
}

/// `GET /api/v1/cases/{case_id}/timeline`
///
/// # Errors
/// A [`Problem`] if there is no such case for this caller.
pub async fn timeline(
    State(app): State<Arc<App>>,
    Path(case_id): Path<String>,
    asked: Asked,
) -> Result<axum::Json<Timeline>, Problem> {
    let (key, case_id) = super::find(&app, &asked, &case_id).await?;
    let records = app.desk.records(&key).await;
    let records = records.map_err(|trouble| Problem::trouble(trouble, asked.language))?;
    let merchant = asked.caller.actor().side() == Side::Merchant;
    let mut items = Vec::new();
    for record in records {
        let Event::Case { case_id: of, what } = record.event else { continue };
        if of != case_id || !(merchant || what.is_open_to_all()) {
            continue;
        }
        let by = record.by.person().filter(|_| merchant).map(ToString::to_string);
        let (version, at, side) = (record.version, record.at, record.by.side());
        items.push(Line { version, at, side, by, kind: what.kind(), what: without_card(what) });
    }
    Ok(axum::Json(Timeline { items }))
}

/// An encrypted card is for the payment channel alone.
fn without_card(what: CaseEvent) -> CaseEvent {
    if let CaseEvent::RefundMoved {
        refund_no,
        step: RefundStep::CardNamed { account_masked, .. },
    } = what
    {
        let step = RefundStep::AccountNamed { account_masked };
        CaseEvent::RefundMoved { refund_no, step }
    } else {
        what
    }
}
