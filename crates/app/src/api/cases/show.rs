//! A case as a caller sees it: what happened, who must act next, by when, what happens
//! otherwise, and what this caller may do.

use crate::{
    api::{problem::Problem, request::Asked},
    assembly::App,
};
use axum::{
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    actor::Side,
    allowed::allowed_actions,
    case::{Audience, Case, Marks},
    command::Action,
    evolve::waits_for,
    id::{CaseId, OrderId},
    order::Order,
    policy::{Language, Policy, Sentence},
};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// A case as shown.
#[derive(Serialize, ToSchema)]
pub struct CaseView {
    order_id: OrderId,
    version: u64,
    waits_for: Option<Side>,
    allowed_actions: Vec<Action>,
    sentences: Vec<Told>,
    #[serde(flatten)]
    case: Case,
}

/// A finding in words.
#[derive(Serialize, ToSchema)]
pub struct Told {
    code: String,
    #[serde(flatten)]
    sentence: Sentence,
}

/// Findings in words.
#[must_use]
pub fn tell(
    policy: &Policy,
    judgement: &domain::finding::Judgement,
    language: Language,
) -> Vec<Told> {
    let findings = judgement.findings.iter();
    findings
        .map(|finding| Told {
            code: finding.code.clone(),
            sentence: policy.sentence(finding, language),
        })
        .collect()
}

/// `GET /api/v1/cases/{case_id}`
///
/// # Errors
/// A [`Problem`] if there is no such case for this caller.
pub async fn show(
    State(app): State<Arc<App>>,
    Path(case_id): Path<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    let (key, case_id) = super::find(&app, &asked, &case_id).await?;
    let order = app.desk.order(&key).await;
    let order = order.map_err(|trouble| Problem::trouble(trouble, asked.language))?;
    respond(&app, &asked, &order, case_id, StatusCode::OK).await
}

/// Answers with a case.
///
/// # Errors
/// A [`Problem`] if it is not there.
pub async fn respond(
    app: &App,
    asked: &Asked,
    order: &Order,
    case_id: CaseId,
    status: StatusCode,
) -> Result<Response, Problem> {
    let shown = order.facts.as_ref().zip(order.case(case_id));
    let (facts, case) = shown.ok_or_else(|| asked.not_found())?;
    let policy = app.desk.rulebook().policy(asked.shop()?, case.policy_version).await;
    let policy = policy.map_err(|fault| Problem::trouble(fault.into(), asked.language))?;
    let view = CaseView {
        order_id: facts.order_id.clone(),
        version: order.version,
        waits_for: waits_for(case),
        allowed_actions: allowed_actions(case, &asked.caller.actor()),
        sentences: tell(&policy, &case.judgement, asked.language),
        case: seen_by(case, asked),
    };
    let mut response = (status, axum::Json(view)).into_response();
    if let Ok(tag) = HeaderValue::from_str(&format!("\"v{}\"", order.version)) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}

/// Buyers and the platform do not see what is the merchant's alone (M4).
fn seen_by(case: &Case, asked: &Asked) -> Case {
    let mut seen = case.clone();
    if asked.caller.actor().side() != Side::Merchant {
        seen.messages.retain(|message| message.audience == Audience::Everyone);
        seen.proposal = None;
        seen.marks = Marks::default();
    }
    // Who exactly of the shop did it is between the shop and the platform.
    if asked.caller.buyer().is_some() {
        seen.decided_by = None;
        seen.offered_by = None;
        for refund in &mut seen.refunds {
            refund.hands.clear();
        }
    }
    seen
}
