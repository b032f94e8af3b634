//! The policy over HTTP: read what is in force, check a draft, publish a version.

use super::{
    problem::Problem,
    request::{Asked, Body, json},
    shop::entry,
};
use crate::{
    assembly::App,
    registry::{Change, Entry},
};
use axum::{
    body::Bytes,
    extract::State,
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
};
use domain::policy::{Answer, Language, Policy, PublicClause};
use engine::rulebook::{POLICY, PublishedPolicy, SHOP, policy_id};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// The longest policy document.
const TEXT_BYTES_MAX: usize = 200_000;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    version: Option<u32>,
}

/// The policy as shown.
#[derive(Serialize, ToSchema)]
#[schema(as = Policy)]
pub struct PolicyView {
    version: u32,
    name: String,
    clauses: Vec<PublicClause>,
    answers: Vec<Answer>,
    reasons: Vec<ReasonView>,
    text: String,
}

/// A reason as shown.
#[derive(Serialize, ToSchema)]
#[schema(as = PolicyReason)]
pub struct ReasonView {
    code: String,
    parent: Option<String>,
    name: String,
    fault: domain::application::Fault,
    types: Vec<domain::application::CaseType>,
}

/// `GET /api/v1/policy?version=`: the one in force unless a version is named.
///
/// # Errors
/// A [`Problem`] if there is no such version.
pub async fn show(
    State(app): State<Arc<App>>,
    uri: Uri,
    asked: Asked,
) -> Result<Response, Problem> {
    let wanted: Wanted = super::request::query(&uri, asked.language)?;
    let shop_id = asked.shop()?;
    let rulebook = app.desk.rulebook();
    let shop = rulebook.shop(shop_id).await;
    let shop = shop.map_err(|fault| Problem::trouble(fault.into(), asked.language))?;
    let version = wanted.version.unwrap_or(shop.policy_version);
    let policy = rulebook.policy(shop_id, version).await.map_err(|_| asked.not_found())?;
    Ok(axum::Json(view(&policy, version, asked.language)).into_response())
}

fn view(policy: &Policy, version: u32, language: Language) -> PolicyView {
    let reasons = policy.reasons().iter();
    PolicyView {
        version,
        name: policy.name.clone(),
        clauses: policy.public_clauses(language),
        answers: policy.answers(language),
        reasons: reasons
            .map(|reason| ReasonView {
                code: reason.code.to_string(),
                parent: reason.parent.as_ref().map(ToString::to_string),
                name: reason.name(language).to_owned(),
                fault: reason.fault,
                types: reason.types.clone(),
            })
            .collect(),
        text: policy.source().to_owned(),
    }
}

/// A draft of a policy.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PolicyDraft)]
pub struct Draft {
    /// The TOML text.
    text: String,
    /// What changed.
    #[serde(default)]
    note: String,
}

/// One mistake of a draft.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PolicyMistake)]
pub struct MistakeView {
    line: u32,
    column: u32,
    key: String,
    message: String,
}

/// What a check found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PolicyChecked)]
pub struct Checked {
    valid: bool,
    mistakes: Vec<MistakeView>,
}

fn mistakes(text: &str, language: Language) -> Vec<MistakeView> {
    let found = Policy::parse(text).err().unwrap_or_default();
    found
        .into_iter()
        .map(|mistake| MistakeView {
            line: u32::try_from(mistake.line).unwrap_or(0),
            column: u32::try_from(mistake.column).unwrap_or(0),
            message: mistake.message_in(language).to_owned(),
            key: mistake.key,
        })
        .collect()
}

fn read(body: &Bytes, asked: &Asked) -> Result<Draft, Problem> {
    let draft: Draft = json(body, asked.language)?;
    if draft.text.len() > TEXT_BYTES_MAX || draft.note.len() > 2_000 {
        return Err(asked.problem(StatusCode::UNPROCESSABLE_ENTITY, "policy_too_long"));
    }
    Ok(draft)
}

/// `POST /api/v1/policy/check`
///
/// # Errors
/// A [`Problem`] if the body makes no sense; a draft with mistakes is an answer.
pub async fn check(asked: Asked, Body(body): Body) -> Result<axum::Json<Checked>, Problem> {
    let draft = read(&body, &asked)?;
    let mistakes = mistakes(&draft.text, asked.language);
    Ok(axum::Json(Checked { valid: mistakes.is_empty(), mistakes }))
}

/// `POST /api/v1/policy`: publishes a new version; open cases keep theirs.
///
/// # Errors
/// A [`Problem`] if the draft has mistakes or somebody else published first.
pub async fn publish(
    State(app): State<Arc<App>>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let Draft { text, note } = read(&body, &asked)?;
    let found = mistakes(&text, asked.language);
    if let Some(first) = found.first() {
        let detail = format!("{}:{} {}: {}", first.line, first.column, first.key, first.message);
        return Err(Problem::about(
            StatusCode::UNPROCESSABLE_ENTITY,
            "policy_invalid",
            ("detail", &detail),
            asked.language,
        ));
    }
    let Entry { version: replaces, body: mut shop, .. } = entry(&app, &asked).await?;
    let version = shop.policy_version.saturating_add(1);
    let shop_id = asked.shop()?;
    let (id, published) = (policy_id(version), PublishedPolicy { text, note });
    let change = Change { shop_id, kind: POLICY, id: &id, replaces: 0, body: &published };
    app.put(change, "policy.published", &asked).await?;
    shop.policy_version = version;
    let change = Change { shop_id, kind: SHOP.0, id: SHOP.1, replaces, body: &shop };
    app.put(change, "policy.in_force", &asked).await?;
    app.desk.rulebook().forget(shop_id);
    let policy = app.desk.rulebook().policy(shop_id, version).await;
    let policy = policy.map_err(|fault| Problem::trouble(fault.into(), asked.language))?;
    let shown = axum::Json(view(&policy, version, asked.language));
    Ok((StatusCode::CREATED, shown).into_response())
}
