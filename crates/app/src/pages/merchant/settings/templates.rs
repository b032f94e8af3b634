//! Templates of replies: those of the shop, those that come with the house, and what the system
//! answers by itself (I1).

pub mod auto;
pub mod edit;

use super::{Tab, tabs};
use crate::{
    api::problem::Problem,
    assembly::App,
    pages::{
        page::{Page, name_of},
        parts::people::{Names, names},
        show::{see, with_status},
        visit::Visit,
    },
    registry::Entry,
    replies::{
        auto::{self as replies, AutoReplies},
        shipped,
        template::{self, Template},
    },
};
use axum::{extract::State, http::StatusCode, response::Response};
use domain::{actor::Actor, moment::Moment, policy::Language};
use std::sync::Arc;

/// The path of the page.
pub const PATH: &str = "/m/settings/templates";

#[derive(askama::Template)]
#[template(path = "merchant/settings/templates.html")]
struct List {
    p: Page,
    tabs: Vec<Tab>,
    may_save: bool,
    own: Vec<Row>,
    shipped: Vec<Shipped>,
    auto: auto::Form,
}

/// A template of the shop.
struct Row {
    id: String,
    name: String,
    /// The beginning of what it says.
    text: String,
    english: bool,
    active: bool,
    automatic: bool,
    applies: Vec<String>,
    who: String,
    at: Moment,
}

/// A template that comes with the house.
struct Shipped {
    id: String,
    name: String,
    zh: String,
    en: String,
    taken: bool,
}

/// `GET /m/settings/templates`
///
/// # Errors
/// A [`Problem`] if they cannot be read.
pub async fn show(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    page(&app, visit, None).await
}

/// The page, with the form of the automatic replies as it was typed.
async fn page(app: &App, visit: Visit, typed: Option<auto::Typed>) -> Result<Response, Problem> {
    let language = visit.language();
    let fault = |fault| Problem::fault(&fault, language);
    let shop_id = visit.shop()?;
    let own = template::list(&app.registry, shop_id).await.map_err(fault)?;
    let (version, set) = replies::load(&app.registry, shop_id).await.map_err(fault)?;
    let names = names(app, shop_id, language).await?;
    let auto = auto::form((version, &set), &own, typed, &visit.page);
    let taken = |name: &str| own.iter().any(|entry| entry.body.name == name);
    let shipped = shipped::all().iter().map(|shipped| {
        let Template { name, zh, en, .. } = shipped.template(language);
        Shipped { id: shipped.id(), taken: taken(&name), name, zh, en }
    });
    let shipped = shipped.collect();
    let rows = own.iter().map(|entry| row(entry, &set, &names, &visit.page)).collect();
    let status = visit.page.problem.as_ref().map_or(StatusCode::OK, Problem::http_status);
    let (tabs, may_save) = (tabs(&visit), may_save(&visit));
    with_status(status, &List { p: visit.page, tabs, may_save, own: rows, shipped, auto })
}

fn row(entry: &Entry<Template>, set: &AutoReplies, names: &Names, p: &Page) -> Row {
    let template = &entry.body;
    let applies = &template.applies;
    let types = applies.types.iter().map(|kind| p.word_in("case-type", kind));
    let stages = applies.stages.iter().map(|stage| p.word(stage.as_str()));
    Row {
        id: entry.id.clone(),
        name: template.name.clone(),
        text: template.text(p.texts.0).1.to_owned(),
        english: !template.en.is_empty(),
        active: template.active,
        automatic: replies::uses(set, &entry.id),
        applies: types.chain(stages).collect(),
        who: who(&template.changed_by, names, p),
        at: entry.at,
    }
}

/// Who changed it, as they are called.
fn who(by: &Actor, names: &Names, p: &Page) -> String {
    match by {
        Actor::Person { id, .. } => names.of(id.as_str()).to_owned(),
        Actor::Key(_) => p.t("log-key"),
        Actor::Buyer(_) | Actor::Arbiter(_) | Actor::Operator(_) | Actor::System => {
            p.word_in("side", &by.side())
        }
    }
}

/// Whether the visitor may change templates: whoever may save one.
fn may_save(visit: &Visit) -> bool {
    visit.may("POST", PATH)
}

/// `POST /m/settings/templates/adopt`: copies of those that come with the house, one or all.
///
/// # Errors
/// A [`Problem`] if they cannot be made.
pub async fn adopt(
    State(app): State<Arc<App>>,
    visit: Visit,
    fields: crate::pages::fields::Fields,
) -> Result<Response, Problem> {
    let language = visit.language();
    let fault = |fault| Problem::fault(&fault, language);
    let own = template::list(&app.registry, visit.shop()?).await.map_err(fault)?;
    let by = visit.asked.caller.actor();
    let wanted = |shipped: &&shipped::Shipped| match fields.some("id") {
        Some(id) => shipped.id() == id,
        None => true,
    };
    let copies = shipped::all()
        .iter()
        .filter(wanted)
        .map(|shipped| Template { changed_by: by.clone(), ..shipped.template(language) });
    // A second click finds what the first has made.
    let copies: Vec<Template> =
        copies.filter(|copy| !own.iter().any(|entry| entry.body.name == copy.name)).collect();
    if fields.some("id").is_some_and(|id| shipped::of(id).is_none()) {
        return Err(visit.asked.not_found());
    }
    if copies.is_empty() {
        return Ok(see(PATH, "templates-adopted"));
    }
    match crate::api::replies::make(&app, &visit.asked, copies).await {
        Ok(_) => Ok(see(PATH, "templates-adopted")),
        Err(problem) => {
            let p = visit.page.clone().with_problem(problem);
            page(&app, Visit { page: p, ..visit }, None).await
        }
    }
}

/// The words of a language a template is written in, for the head of its field.
const LANGUAGES: [(Language, &str); 2] = [(Language::Zh, "zh"), (Language::En, "en")];

/// A value chosen or not, by its name on the wire.
fn choice<T: serde::Serialize>(value: &T, word: String, chosen: bool) -> edit::Choice {
    edit::Choice { value: name_of(value), word, chosen }
}
