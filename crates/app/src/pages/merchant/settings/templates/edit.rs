//! One template: made, looked at, changed, removed.

use super::{LANGUAGES, PATH, choice, may_save, who};
use crate::{
    api::{problem::Problem, replies},
    assembly::App,
    pages::{
        fields::Fields,
        merchant::settings::{Tab, tabs, unfit},
        page::{Page, name_of},
        parts::people::names,
        policy::in_force,
        show::{see, with_status},
        text::Texts,
        visit::Visit,
    },
    registry::Entry,
    replies::{
        fill::filled,
        follow::shop_says,
        sample, shipped,
        template::{Applies, Template},
        variable::Variable,
    },
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::{actor::Actor, application::CaseType, case::Stage, id::ReasonCode, moment::Moment};
use std::sync::Arc;

/// The kinds of case, in the order they are offered.
const TYPES: [CaseType; 6] = [
    CaseType::RefundOnly,
    CaseType::ReturnAndRefund,
    CaseType::Exchange,
    CaseType::ShippingFee,
    CaseType::PriceDifference,
    CaseType::Cancellation,
];

#[derive(askama::Template)]
#[template(path = "merchant/settings/template.html")]
struct Edit {
    p: Page,
    tabs: Vec<Tab>,
    may_save: bool,
    /// Where the form goes: to this template, or to a new one.
    path: String,
    is_new: bool,
    typed: Fields,
    types: Vec<Choice>,
    stages: Vec<Choice>,
    reasons: Vec<Choice>,
    variables: Vec<Named>,
    previews: Vec<Preview>,
    changed: Option<(String, Moment)>,
}

/// Something that can be chosen.
pub struct Choice {
    /// How it is sent.
    pub value: String,
    /// What it is called.
    pub word: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// A variable with what it stands for.
struct Named {
    name: String,
    sample: Option<String>,
}

/// What a buyer would read.
struct Preview {
    language: &'static str,
    text: String,
    /// What the shop has not set.
    missing: String,
}

/// `GET /m/settings/templates/new`: an empty one, or a copy of one of the house.
///
/// # Errors
/// A [`Problem`] if it cannot be shown.
pub async fn new(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    let from = visit.asked_for("from").and_then(shipped::of);
    let typed = match from {
        Some(shipped) => typed(&shipped.template(visit.language()), 0),
        None => Fields::new(vec![("active".to_owned(), "yes".to_owned())]),
    };
    shown(&app, visit, (None, typed), StatusCode::OK).await
}

/// `GET /m/settings/templates/{template_id}`
///
/// # Errors
/// A [`Problem`] if there is none.
pub async fn show(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Problem> {
    let entry = replies::entry(&app, &visit.asked, &id).await?;
    let typed = typed(&entry.body, entry.version);
    shown(&app, visit, (Some(&entry), typed), StatusCode::OK).await
}

/// `POST /m/settings/templates`: makes one, or looks at it.
///
/// # Errors
/// A [`Problem`] if it could not be done now.
pub async fn make(
    State(app): State<Arc<App>>,
    mut visit: Visit,
    fields: Fields,
) -> Result<Response, Problem> {
    let made = read(&visit, &fields);
    if fields.has("look") && made.as_ref().is_ok_and(is_fit) {
        return shown(&app, visit, (None, fields), StatusCode::OK).await;
    }
    let made = match made {
        Ok(template) => replies::make(&app, &visit.asked, vec![template]).await.map(|_| ()),
        Err(problem) => Err(problem),
    };
    let Err(problem) = made else { return Ok(see(PATH, "template-made")) };
    let status = problem.http_status();
    visit.page.problem = Some(problem);
    shown(&app, visit, (None, fields), status).await
}

/// `POST /m/settings/templates/{template_id}`: changes it, or looks at it.
///
/// # Errors
/// A [`Problem`] if there is none.
pub async fn save(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    mut visit: Visit,
    fields: Fields,
) -> Result<Response, Problem> {
    let entry = replies::entry(&app, &visit.asked, &id).await?;
    let read = read(&visit, &fields);
    if fields.has("look") && read.as_ref().is_ok_and(is_fit) {
        return shown(&app, visit, (Some(&entry), fields), StatusCode::OK).await;
    }
    let version = fields.one("version").parse().unwrap_or(0);
    let saved = match read {
        Ok(template) => replies::change(&app, &visit.asked, (&id, version, template)).await,
        Err(problem) => Err(problem),
    };
    let Err(problem) = saved else { return Ok(see(PATH, "saved")) };
    let status = problem.http_status();
    visit.page.problem = Some(problem);
    shown(&app, visit, (Some(&entry), fields), status).await
}

/// `POST /m/settings/templates/{template_id}/remove`
///
/// # Errors
/// A [`Problem`] if there is none.
pub async fn remove(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    mut visit: Visit,
    fields: Fields,
) -> Result<Response, Problem> {
    let entry = replies::entry(&app, &visit.asked, &id).await?;
    let version = fields.one("version").parse().unwrap_or(0);
    let gone = (id.as_str(), version, entry.body.clone());
    let Err(problem) = replies::remove(&app, &visit.asked, gone).await else {
        return Ok(see(PATH, "template-removed"));
    };
    let status = problem.http_status();
    visit.page.problem = Some(problem);
    let typed = typed(&entry.body, version);
    shown(&app, visit, (Some(&entry), typed), status).await
}

/// The template that a form asks for.
fn read(visit: &Visit, fields: &Fields) -> Result<Template, Problem> {
    let chosen = |kind: &CaseType| fields.chose("types", &name_of(kind));
    let at = |stage: &Stage| fields.chose("stages", stage.as_str());
    let reason = fields.some("reason").map(ReasonCode::parse).transpose();
    Ok(Template {
        name: fields.one("name").to_owned(),
        zh: fields.one("zh").replace('\r', ""),
        en: fields.one("en").replace('\r', ""),
        applies: Applies {
            types: TYPES.into_iter().filter(chosen).collect(),
            stages: Stage::ALL.into_iter().filter(at).collect(),
            reason: reason.map_err(|_| unfit(visit, "query_invalid"))?,
        },
        active: fields.has("active"),
        changed_by: visit.asked.caller.actor(),
        removed: false,
    })
}

fn is_fit(template: &Template) -> bool {
    template.mistake().is_none()
}

/// A template as its form has it.
fn typed(template: &Template, version: u64) -> Fields {
    let mut pairs = vec![
        ("version", version.to_string()),
        ("name", template.name.clone()),
        ("zh", template.zh.clone()),
        ("en", template.en.clone()),
    ];
    pairs.extend(template.applies.types.iter().map(|kind| ("types", name_of(kind))));
    pairs.extend(template.applies.stages.iter().map(|stage| ("stages", stage.as_str().to_owned())));
    pairs.extend(template.applies.reason.iter().map(|reason| ("reason", reason.to_string())));
    if template.active {
        pairs.push(("active", "yes".to_owned()));
    }
    Fields::new(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// The page of a template with what was typed, and what a buyer would read of it.
async fn shown(
    app: &App,
    visit: Visit,
    (entry, typed): (Option<&Entry<Template>>, Fields),
    status: StatusCode,
) -> Result<Response, Problem> {
    let language = visit.language();
    let shop_id = visit.shop()?;
    let trouble = |trouble| Problem::trouble(trouble, language);
    let shop = shop_says(app, shop_id).await.map_err(trouble)?;
    let names = names(app, shop_id, language).await?;
    let p = &visit.page;
    let samples = sample::values(&shop, p.now, p.texts);
    let previews = LANGUAGES.iter().filter_map(|(language, field)| {
        let text = typed.some(field)?;
        let texts = Texts(*language);
        let filled = filled(text, &sample::values(&shop, p.now, texts), texts);
        let missing = filled.missing.iter().map(|variable| variable.name(p.texts.0));
        Some(Preview {
            language: field,
            missing: missing.collect::<Vec<_>>().join("、"),
            text: filled.text,
        })
    });
    let edit = Edit {
        tabs: tabs(&visit),
        may_save: may_save(&visit),
        path: entry.map_or_else(|| PATH.to_owned(), |entry| format!("{PATH}/{}", entry.id)),
        is_new: entry.is_none(),
        types: types(&typed, p),
        stages: stages(&typed, p),
        reasons: reasons(app, &visit, typed.one("reason")).await?,
        variables: Variable::ALL
            .into_iter()
            .map(|variable| Named {
                name: format!("{{{}}}", variable.name(language)),
                sample: samples.get(&variable).cloned(),
            })
            .collect(),
        previews: previews.collect(),
        changed: entry
            .filter(|entry| entry.body.changed_by != Actor::System)
            .map(|entry| (who(&entry.body.changed_by, &names, p), entry.at)),
        typed,
        p: visit.page.clone(),
    };
    with_status(status, &edit)
}

fn types(typed: &Fields, p: &Page) -> Vec<Choice> {
    let one = |kind: CaseType| {
        let chosen = typed.chose("types", &name_of(&kind));
        choice(&kind, p.word_in("case-type", &kind), chosen)
    };
    TYPES.map(one).into()
}

fn stages(typed: &Fields, p: &Page) -> Vec<Choice> {
    let one = |stage: Stage| {
        let chosen = typed.chose("stages", stage.as_str());
        choice(&stage, p.word(stage.as_str()), chosen)
    };
    Stage::ALL.map(one).into()
}

/// The reasons of the policy in force; one that is chosen and no longer there stays.
async fn reasons(app: &App, visit: &Visit, chosen: &str) -> Result<Vec<Choice>, Problem> {
    let (_, policy) = in_force(app, visit.shop()?, visit.language()).await?;
    let mut reasons: Vec<Choice> = policy
        .reasons()
        .iter()
        .map(|reason| {
            let code = reason.code.to_string();
            let name = reason.name(visit.language());
            let word = if reason.parent.is_some() { format!("　{name}") } else { name.to_owned() };
            Choice { chosen: code == chosen, value: code, word }
        })
        .collect();
    if !chosen.is_empty() && !reasons.iter().any(|reason| reason.chosen) {
        let (value, word) = (chosen.to_owned(), chosen.to_owned());
        reasons.push(Choice { value, word, chosen: true });
    }
    Ok(reasons)
}
