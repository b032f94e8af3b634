//! Templates of replies and what is answered by itself, over HTTP (I1).

use super::{
    cases::list::Page,
    problem::Problem,
    request::{Asked, Body, json},
};
use crate::{
    assembly::App,
    registry::Entry,
    replies::{
        auto::{self, AutoReplies, Hours, Occasion, Switched},
        template::{self, Applies, Made, Mistake, Template},
        variable::Variable,
    },
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::{
    application::CaseType,
    case::Stage,
    finding::{Fact, FactValue},
    id::ReasonCode,
    moment::Moment,
    policy::Language,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// A template as it is written.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReplyTemplate {
    /// What the shop's people call it.
    name: String,
    /// What it says in Chinese; names in braces are filled with what a case says.
    zh: String,
    /// What it says in English; empty if nothing.
    #[serde(default)]
    en: String,
    /// For which kinds of case; empty for all.
    #[serde(default)]
    types: Vec<CaseType>,
    /// For which stages; empty for all.
    #[serde(default)]
    stages: Vec<Stage>,
    /// For which reason, or those under it.
    #[serde(default)]
    reason: Option<ReasonCode>,
    /// Whether it is offered; it is unless this says otherwise.
    #[serde(default)]
    active: Option<bool>,
}

/// A template as it is changed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplyTemplateChange {
    /// The version it replaces.
    version: u64,
    /// What it says now.
    template: NewReplyTemplate,
}

/// A template as shown.
#[derive(Serialize, ToSchema)]
#[schema(as = ReplyTemplate)]
pub struct TemplateView {
    id: String,
    version: u64,
    changed_at: Moment,
    template: NewReplyTemplate,
}

impl NewReplyTemplate {
    fn template(self, asked: &Asked) -> Template {
        let Self { name, zh, en, types, stages, reason, active } = self;
        Template {
            name,
            zh,
            en,
            applies: Applies { types, stages, reason },
            active: active.unwrap_or(true),
            changed_by: asked.caller.actor(),
            removed: false,
        }
    }
}

impl From<Entry<Template>> for TemplateView {
    fn from(Entry { id, version, at, body }: Entry<Template>) -> Self {
        let Template { name, zh, en, applies, active, .. } = body;
        let Applies { types, stages, reason } = applies;
        let template =
            NewReplyTemplate { name, zh, en, types, stages, reason, active: Some(active) };
        Self { id, version, changed_at: at, template }
    }
}

/// `GET /api/v1/reply-templates`
///
/// # Errors
/// A [`Problem`] if they cannot be read.
pub async fn list(
    State(app): State<Arc<App>>,
    asked: Asked,
) -> Result<axum::Json<Page<TemplateView>>, Problem> {
    let found = template::list(&app.registry, asked.shop()?).await;
    let found = found.map_err(|fault| Problem::fault(&fault, asked.language))?;
    let items = found.into_iter().map(TemplateView::from).collect();
    Ok(axum::Json(Page { items, next_cursor: None }))
}

/// `POST /api/v1/reply-templates`
///
/// # Errors
/// A [`Problem`] if it will not do.
pub async fn post(
    State(app): State<Arc<App>>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let new: NewReplyTemplate = json(&body, asked.language)?;
    let id = make(&app, &asked, vec![new.template(&asked)]).await?;
    let made = TemplateView::from(entry(&app, &asked, &id).await?);
    Ok((StatusCode::CREATED, axum::Json(made)).into_response())
}

/// `PUT /api/v1/reply-templates/{template_id}`
///
/// # Errors
/// A [`Problem`] if there is none, it will not do, or somebody else was first.
pub async fn put(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    asked: Asked,
    Body(body): Body,
) -> Result<axum::Json<TemplateView>, Problem> {
    let ReplyTemplateChange { version, template } = json(&body, asked.language)?;
    entry(&app, &asked, &id).await?;
    change(&app, &asked, (&id, version, template.template(&asked))).await?;
    Ok(axum::Json(entry(&app, &asked, &id).await?.into()))
}

/// `DELETE /api/v1/reply-templates/{template_id}`
///
/// # Errors
/// A [`Problem`] if there is none or it answers by itself.
pub async fn delete(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<StatusCode, Problem> {
    let Entry { version, body, .. } = entry(&app, &asked, &id).await?;
    remove(&app, &asked, (&id, version, body)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A template of a caller's shop.
///
/// # Errors
/// A [`Problem`] if there is none.
pub async fn entry(app: &App, asked: &Asked, id: &str) -> Result<Entry<Template>, Problem> {
    let found = template::entry(&app.registry, asked.shop()?, id).await;
    let found = found.map_err(|fault| Problem::fault(&fault, asked.language))?;
    found.ok_or_else(|| asked.not_found())
}

/// Makes templates, all or none; answers with the id of the first.
///
/// # Errors
/// A [`Problem`] if one of them will not do, or there are too many.
pub async fn make(app: &App, asked: &Asked, templates: Vec<Template>) -> Result<String, Problem> {
    let mistake = templates.iter().find_map(Template::mistake);
    if let Some(mistake) = mistake {
        return Err(unfit(&mistake, asked.language));
    }
    let (by, at) = (asked.caller.actor(), app.desk.now());
    let made = template::make(&app.registry, asked.shop()?, &templates, &by, at).await;
    match made.map_err(|fault| Problem::fault(&fault, asked.language))? {
        Made::Done(id) => Ok(id),
        Made::TooMany => Err(asked.problem(StatusCode::UNPROCESSABLE_ENTITY, "templates_too_many")),
    }
}

/// Puts a template in place of a version.
///
/// # Errors
/// A [`Problem`] if it will not do, answers by itself and could not any more, or somebody else
/// was first.
pub async fn change(
    app: &App,
    asked: &Asked,
    (id, version, template): (&str, u64, Template),
) -> Result<(), Problem> {
    if let Some(mistake) = template.mistake() {
        return Err(unfit(&mistake, asked.language));
    }
    let fault = |fault| Problem::fault(&fault, asked.language);
    let shop_id = asked.shop()?;
    if template.removed || !template.active {
        let (_, set) = auto::load(&app.registry, shop_id).await.map_err(fault)?;
        if auto::uses(&set, id) {
            return Err(asked.problem(StatusCode::UNPROCESSABLE_ENTITY, "template_used"));
        }
    }
    let (by, at) = (asked.caller.actor(), app.desk.now());
    let put = template::put(&app.registry, shop_id, (id, version, &template), &by, at).await;
    let meanwhile = || asked.problem(StatusCode::CONFLICT, "changed_meanwhile");
    if put.map_err(fault)? { Ok(()) } else { Err(meanwhile()) }
}

/// Removes a template.
///
/// # Errors
/// A [`Problem`] if it answers by itself or somebody else was first.
pub async fn remove(
    app: &App,
    asked: &Asked,
    (id, version, template): (&str, u64, Template),
) -> Result<(), Problem> {
    let changed_by = asked.caller.actor();
    change(app, asked, (id, version, Template { removed: true, changed_by, ..template })).await
}

/// What is wrong with a template, in words: an unknown name with the known ones.
fn unfit(mistake: &Mistake, language: Language) -> Problem {
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    let fact =
        |name: &str, value: String| Fact { name: name.to_owned(), value: FactValue::Text(value) };
    match mistake {
        Mistake::Name => Problem::new(status, "template_name_unfit", language),
        Mistake::Empty => Problem::new(status, "template_empty", language),
        Mistake::TooLong => Problem::new(status, "template_too_long", language),
        Mistake::Applies => Problem::new(status, "template_applies_twice", language),
        Mistake::Unknown(unknown) => {
            let facts = vec![
                fact("name", format!("{{{}}}", unknown.0)),
                fact("known", Variable::listed(language)),
            ];
            Problem::with_facts(status, "template_variable_unknown", facts, language)
        }
    }
}

/// What a shop has the system answer.
#[derive(Serialize, ToSchema)]
#[schema(as = AutoReplies)]
pub struct AutoView {
    version: u64,
    on: Vec<AutoReplyView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hours: Option<Hours>,
}

/// An occasion that is answered, as shown.
#[derive(Serialize, ToSchema)]
#[schema(as = AutoReplyOn)]
pub struct AutoReplyView {
    occasion: Occasion,
    template_id: String,
    since: Moment,
}

/// An occasion that is to be answered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AutoReply {
    /// When.
    pub occasion: Occasion,
    /// With which template: one of the shop's own, or `shipped.…`.
    pub template_id: String,
}

/// `PUT /api/v1/auto-replies`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetAutoReplies {
    /// The version it replaces; 0 where nothing was ever set.
    pub version: u64,
    /// What is answered; what is not named is not.
    pub on: Vec<AutoReply>,
    /// When people are at the desk, in China time.
    #[serde(default)]
    pub hours: Option<Hours>,
}

/// `GET /api/v1/auto-replies`
///
/// # Errors
/// A [`Problem`] if they cannot be read.
pub async fn show_auto(
    State(app): State<Arc<App>>,
    asked: Asked,
) -> Result<axum::Json<AutoView>, Problem> {
    let found = auto::load(&app.registry, asked.shop()?).await;
    let (version, AutoReplies { on, hours }) =
        found.map_err(|fault| Problem::fault(&fault, asked.language))?;
    let on = on.into_iter().map(|(occasion, Switched { template, since })| AutoReplyView {
        occasion,
        template_id: template,
        since,
    });
    Ok(axum::Json(AutoView { version, on: on.collect(), hours }))
}

/// `PUT /api/v1/auto-replies`
///
/// # Errors
/// A [`Problem`] if something of it will not do.
pub async fn put_auto(
    State(app): State<Arc<App>>,
    asked: Asked,
    Body(body): Body,
) -> Result<axum::Json<AutoView>, Problem> {
    let wanted: SetAutoReplies = json(&body, asked.language)?;
    set_auto(&app, &asked, wanted).await?;
    show_auto(State(app), asked).await
}

/// Sets what is answered by itself. What was on before stays on since then.
///
/// # Errors
/// A [`Problem`] if something of it will not do.
pub async fn set_auto(app: &App, asked: &Asked, wanted: SetAutoReplies) -> Result<(), Problem> {
    let fault = |fault| Problem::fault(&fault, asked.language);
    let unfit = |code| asked.problem(StatusCode::UNPROCESSABLE_ENTITY, code);
    let (shop_id, at) = (asked.shop()?, app.desk.now());
    if wanted.hours.as_ref().is_some_and(|hours| !hours.are_fit()) {
        return Err(unfit("hours_unfit"));
    }
    let (_, before) = auto::load(&app.registry, shop_id).await.map_err(fault)?;
    let mut replies = AutoReplies { hours: wanted.hours, ..AutoReplies::default() };
    for AutoReply { occasion, template_id } in wanted.on {
        if !auto::may_answer(&app.registry, shop_id, &template_id).await.map_err(fault)? {
            return Err(unfit("auto_template_gone"));
        }
        let since = before.on.get(&occasion).map_or(at, |on| on.since);
        replies.on.insert(occasion, Switched { template: template_id, since });
    }
    if replies.on.contains_key(&Occasion::OutsideHours) && replies.hours.is_none() {
        return Err(unfit("hours_missing"));
    }
    let (by, places) = (asked.caller.actor(), (&app.registry, app.desk.store()));
    let change = (wanted.version, &replies);
    let put = auto::put(places, shop_id, change, &by, at).await.map_err(fault)?;
    let meanwhile = || asked.problem(StatusCode::CONFLICT, "changed_meanwhile");
    if put { Ok(()) } else { Err(meanwhile()) }
}
