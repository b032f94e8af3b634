//! The merchant's queue: who must act, in which order, narrowed as one likes; and what can be done
//! with many cases at once.

pub mod bulk;
pub mod found;
pub mod row;
pub mod views;
pub mod wanted;

use self::{
    found::Found,
    row::Row,
    views::View,
    wanted::{Sort, TABS, Wanted},
};
use crate::{
    api::{cursor, problem::Problem},
    assembly::App,
    pages::{
        Routes,
        fields::Fields,
        live,
        page::Page,
        parts::{
            count::Count,
            people::{Names, names},
        },
        policy::in_force,
        show,
        visit::{self, Visit},
    },
};
use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use domain::{actor::Side, case::Stage, policy::Reason};
use engine::figures::OpenWork;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Cases shown at once.
const SHOWN: u32 = 50;
/// The types of cases, as the list is narrowed by them.
const TYPES: [&str; 6] = [
    "refund_only",
    "return_and_refund",
    "exchange",
    "shipping_fee",
    "price_difference",
    "cancellation",
];

/// The routes of the queue.
pub fn routes() -> Routes {
    Routes::new()
        .route("/m/cases", get(list))
        .route("/m/cases/live", get(live::queue))
        .route("/m/cases/bulk", post(bulk::preview))
        .route("/m/cases/bulk/do", post(bulk::carry_out))
        .route("/m/cases/views", post(views::keep))
        .route("/m/cases/views/remove", post(views::remove))
}

/// One tab with how many open cases are in it.
struct Tab {
    name: &'static str,
    path: String,
    here: bool,
    count: Option<Count>,
}

/// Something to choose.
struct Choice {
    value: String,
    word: String,
    chosen: bool,
}

/// The reasons under one head.
struct Group {
    word: String,
    reasons: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "merchant/queue.html")]
struct Queue {
    p: Page,
    wanted: Wanted,
    list: Listed,
    tabs: Vec<Tab>,
    sorts: Vec<Choice>,
    types: Vec<Choice>,
    tiers: Vec<Choice>,
    groups: Vec<Group>,
    people: Vec<Choice>,
    views: Vec<View>,
    may_share: bool,
    /// What was to be done with many cases, where it could not be.
    typed: Fields,
}

/// The list alone, which is also fetched by itself to be kept fresh.
#[derive(Template)]
#[template(path = "merchant/queue/rows.html")]
struct Rows {
    p: Page,
    wanted: Wanted,
    list: Listed,
}

/// The cases found.
struct Listed {
    rows: Vec<Row>,
    /// Where it begins, if not with the first.
    cursor: Option<String>,
    next: Option<String>,
    /// Whether there are cases that nobody has looked at yet, rather than a next page.
    unfinished: bool,
    may_handle: bool,
}

/// `GET /m/cases`
///
/// # Errors
/// A [`Problem`] if the queue cannot be read.
pub async fn list(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    visit: Visit,
) -> Result<Response, Problem> {
    let wanted = Wanted::of(&visit.query);
    let people = names(&app, visit.shop()?, visit.language()).await?;
    let cursor = visit.asked_for("cursor").map(str::to_owned);
    let (list, problem) = match listed(&app, &visit, (&wanted, cursor), &people).await {
        Ok(list) => (list, None),
        Err(problem) if problem.status < 500 => (nothing(&visit), Some(problem)),
        Err(problem) => return Err(problem),
    };
    if visit.asked_for("part").is_some() {
        return fresh(&headers, &Rows { p: visit.page, wanted, list });
    }
    let mut page = whole(&app, visit, wanted, list, &people).await?;
    let status = problem.as_ref().map_or(StatusCode::OK, |_| StatusCode::UNPROCESSABLE_ENTITY);
    page.p.problem = problem;
    show::with_status(status, &page)
}

/// The queue that a form was sent from, with what was typed and chosen, and why nothing was done.
async fn shown_again(
    app: &App,
    visit: Visit,
    typed: &Fields,
    problem: Problem,
) -> Result<Response, Problem> {
    let back = show::safe_path(typed.one("back"), "/m/cases");
    let query = visit::query(&back.parse().unwrap_or_default());
    let (wanted, cursor) = (Wanted::of(&query), query.get("cursor").cloned());
    let people = names(app, visit.shop()?, visit.language()).await?;
    let mut list = listed(app, &visit, (&wanted, cursor), &people).await?;
    for row in &mut list.rows {
        row.chosen = typed.all("case").any(|case_id| case_id == row.case_id);
    }
    let mut page = whole(app, visit, wanted, list, &people).await?;
    page.typed = typed.clone();
    page.p.problem = Some(problem);
    show::with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// The list, unless it is the one that the browser has already.
fn fresh(headers: &HeaderMap, rows: &Rows) -> Result<Response, Problem> {
    let mut response = show::page(rows)?;
    let html = rows.render().unwrap_or_default();
    let sum: String =
        Sha256::digest(&html).iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{sum}\"");
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| known.contains(&sum)) {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}

fn may_handle(visit: &Visit) -> bool {
    visit.may("POST", "/m/cases/bulk")
}

fn nothing(visit: &Visit) -> Listed {
    let (rows, may_handle) = (Vec::new(), may_handle(visit));
    Listed { rows, cursor: None, next: None, unfinished: false, may_handle }
}

async fn listed(
    app: &App,
    visit: &Visit,
    (wanted, cursor): (&Wanted, Option<String>),
    people: &Names,
) -> Result<Listed, Problem> {
    let fault = |fault| Problem::fault(&fault, visit.language());
    let mut filter = wanted.filter(visit, SHOWN)?;
    if let Some(text) = &cursor {
        let wrong = || visit.asked.problem(StatusCode::BAD_REQUEST, "cursor_invalid");
        filter.after = Some(cursor::read(text).ok_or_else(wrong)?);
    }
    let found = match wanted.get("q") {
        "" => found::in_order(app, &filter).await,
        words => found::by_words(app, visit.shop()?, words, &filter).await,
    };
    let Found { rows, next, unfinished } = found.map_err(fault)?;
    let next = next.and_then(|place| cursor::write(&place));
    let reasons = reasons(app, visit).await?;
    let rows = rows.into_iter().map(|row| Row::of(row, visit, people, &reasons)).collect();
    Ok(Listed { rows, cursor, next, unfinished, may_handle: may_handle(visit) })
}

/// The reasons of the policy in force.
async fn reasons(app: &App, visit: &Visit) -> Result<Vec<Reason>, Problem> {
    let (_, policy) = in_force(app, visit.shop()?, visit.language()).await?;
    Ok(policy.reasons().to_vec())
}

async fn whole(
    app: &App,
    visit: Visit,
    wanted: Wanted,
    list: Listed,
    people: &Names,
) -> Result<Queue, Problem> {
    let open = app.desk.store().open_work(visit.shop()?).await;
    let open = open.map_err(|fault| Problem::fault(&fault, visit.language()))?;
    let reasons = reasons(app, &visit).await?;
    let texts = visit.page.texts;
    let choice = |name: &'static str, group: &str, value: String| Choice {
        word: texts.word_of(group, &value),
        chosen: wanted.get(name) == value,
        value,
    };
    let sorts = Sort::ALL.map(|sort| Choice {
        value: sort.name().to_owned(),
        word: texts.word_of("queue-sort", sort.name()),
        chosen: wanted.sort() == sort,
    });
    let types = TYPES.map(|kind| choice("type", "case-type", kind.to_owned()));
    let tiers = ["ordinary", "difficult", "legal"];
    let tiers = tiers.map(|tier| choice("tier", "tier", tier.to_owned()));
    let views = views::of(app, &visit).await?;
    Ok(Queue {
        tabs: tabs(&wanted, &open),
        groups: groups(&reasons, &wanted, &visit),
        people: handlers(people, &wanted),
        sorts: sorts.into(),
        types: types.into(),
        tiers: tiers.into(),
        may_share: views::may_share(&visit),
        p: visit.page,
        typed: Fields::default(),
        views,
        wanted,
        list,
    })
}

fn tabs(wanted: &Wanted, open: &[OpenWork]) -> Vec<Tab> {
    let sum = |name: &str| -> Option<Count> {
        let is_in = |work: &&OpenWork| match name {
            "todo" => work.waits_for == Some(Side::Merchant),
            "buyer" => work.waits_for == Some(Side::Buyer),
            "platform" => work.stage == Stage::Disputed.as_str(),
            "refunding" => work.stage == Stage::Refunding.as_str(),
            _ => false,
        };
        let counted = !matches!(name, "closed" | "all");
        counted.then(|| Count::of(open.iter().filter(is_in).map(|work| work.cases)))
    };
    let tab = |name| Tab {
        name,
        path: wanted.path(&[("tab", name)]),
        here: wanted.tab() == name,
        count: sum(name),
    };
    TABS.into_iter().map(tab).collect()
}

fn groups(reasons: &[Reason], wanted: &Wanted, visit: &Visit) -> Vec<Group> {
    let choice = |reason: &Reason| Choice {
        value: reason.code.to_string(),
        word: reason.name(visit.language()).to_owned(),
        chosen: wanted.get("reason") == reason.code.as_str(),
    };
    let heads = reasons.iter().filter(|reason| reason.parent.is_none());
    let group = |head: &Reason| {
        let under = |reason: &&Reason| reason.parent.as_ref() == Some(&head.code);
        let mut under: Vec<Choice> = reasons.iter().filter(under).map(choice).collect();
        if under.is_empty() {
            under.push(choice(head));
        }
        Group { word: head.name(visit.language()).to_owned(), reasons: under }
    };
    heads.map(group).collect()
}

fn handlers(people: &Names, wanted: &Wanted) -> Vec<Choice> {
    let choice = |(id, name): (&str, &str)| Choice {
        value: id.to_owned(),
        word: name.to_owned(),
        chosen: wanted.get("who") == id,
    };
    people.iter().map(choice).collect()
}
