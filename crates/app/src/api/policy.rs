//! The policy over HTTP: read what is in force, check a draft, publish a version.

use super::{
    problem::Problem,
    request::{Asked, Body, json},
    shop::entry,
};
use crate::{
    assembly::App,
    registry::{Change, Entry, draft},
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
/// The longest word about what changed.
const NOTE_BYTES_MAX: usize = 2_000;

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
    if draft.text.len() > TEXT_BYTES_MAX || draft.note.len() > NOTE_BYTES_MAX {
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

/// Versions skipped at most.
const SKIPPED_MAX: u32 = 1_000;

/// The first version after the one in force that nobody has written. A publication that broke
/// off, or lost a race, has left a version that was never in force; it must not block the next.
async fn next_version(app: &App, asked: &Asked, in_force: u32) -> Result<u32, Problem> {
    let shop_id = asked.shop()?;
    for skipped in 1..=SKIPPED_MAX {
        let version = in_force.saturating_add(skipped);
        let found = app.registry.get::<PublishedPolicy>(shop_id, POLICY, &policy_id(version)).await;
        if found.map_err(|fault| Problem::fault(&fault, asked.language))?.is_none() {
            return Ok(version);
        }
    }
    Err(asked.problem(StatusCode::CONFLICT, "changed_meanwhile"))
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
    let version = publish_text(&app, &asked, &text, &note).await?;
    let policy = app.desk.rulebook().policy(asked.shop()?, version).await;
    let policy = policy.map_err(|fault| Problem::trouble(fault.into(), asked.language))?;
    let shown = axum::Json(view(&policy, version, asked.language));
    Ok((StatusCode::CREATED, shown).into_response())
}

/// Publishes a text as the next version, and answers with its number.
///
/// # Errors
/// A [`Problem`] if it has mistakes or somebody else published first.
pub async fn publish_text(
    app: &App,
    asked: &Asked,
    text: &str,
    note: &str,
) -> Result<u32, Problem> {
    if text.len() > TEXT_BYTES_MAX || note.len() > NOTE_BYTES_MAX {
        return Err(asked.problem(StatusCode::UNPROCESSABLE_ENTITY, "policy_too_long"));
    }
    let found = mistakes(text, asked.language);
    if let Some(first) = found.first() {
        let detail = format!("{}:{} {}: {}", first.line, first.column, first.key, first.message);
        return Err(Problem::about(
            StatusCode::UNPROCESSABLE_ENTITY,
            "policy_invalid",
            ("detail", &detail),
            asked.language,
        ));
    }
    let Entry { version: replaces, body: mut shop, .. } = entry(app, asked).await?;
    let shop_id = asked.shop()?;
    let version = next_version(app, asked, shop.policy_version).await?;
    let published = PublishedPolicy { text: text.to_owned(), note: note.to_owned() };
    let id = policy_id(version);
    shop.policy_version = version;
    let text = Change { shop_id, kind: POLICY, id: &id, replaces: 0, body: &published };
    let in_force = Change { shop_id, kind: SHOP.0, id: SHOP.1, replaces, body: &shop };
    let (by, at) = (asked.caller.actor(), app.desk.now());
    // Both or neither: a version that is written but not in force would be in the way for ever.
    let fault = |fault| Problem::fault(&fault, asked.language);
    let drafts = vec![
        draft(&text, &by, "policy.published", at).map_err(fault)?,
        draft(&in_force, &by, "policy.in_force", at).map_err(fault)?,
    ];
    if !app.registry.put_together(drafts).await.map_err(fault)? {
        return Err(asked.problem(StatusCode::CONFLICT, "changed_meanwhile"));
    }
    app.desk.rulebook().forget(shop_id);
    Ok(version)
}
