//! The same done with many cases: first told for each exactly what will happen, then done, each by
//! itself, with the result for each.

use super::shown_again;
use crate::{
    api::{cases::find, problem::Problem},
    assembly::App,
    pages::{fields::Fields, page::Page, show, visit::Visit},
    world::new_command_id,
};
use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use domain::{
    case::{Case, Goods, Marks, Terms, Tier},
    command::{Act, Command},
    event::{CaseEvent, Event},
    id::{CaseId, PersonId},
    policy::money,
};
use engine::{
    desk::{Envelope, Rehearsed},
    rows::StreamKey,
};
use std::sync::Arc;

/// The most cases at once.
const CASES_MAX: usize = 100;

/// What is to be done with each case.
enum Deed {
    Approve { note: String },
    Assign { to: Option<PersonId> },
    Tag { tag: String },
    Grade { tier: Tier },
}

/// One case: what will happen or has happened, or why not.
struct Line {
    case_id: String,
    title: String,
    version: u64,
    told: String,
    buyer_reads: Option<String>,
    refused: Option<String>,
    is_known: bool,
}

#[derive(Template)]
#[template(path = "merchant/queue/bulk.html")]
struct Bulk {
    p: Page,
    title: String,
    lines: Vec<Line>,
    able: usize,
    done: bool,
    deed: Vec<(&'static str, String)>,
    back: String,
}

/// `POST /m/cases/bulk`
///
/// # Errors
/// A [`Problem`] if nothing sensible was asked.
pub async fn preview(
    State(app): State<Arc<App>>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, Problem> {
    shown(&app, visit, &fields, Step::Tell).await
}

/// `POST /m/cases/bulk/do`
///
/// # Errors
/// A [`Problem`] if nothing sensible was asked.
pub async fn carry_out(
    State(app): State<Arc<App>>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, Problem> {
    shown(&app, visit, &fields, Step::Do).await
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Tell,
    Do,
}

async fn shown(app: &App, visit: Visit, fields: &Fields, step: Step) -> Result<Response, Problem> {
    let mut cases: Vec<&str> = Vec::new();
    for case_id in fields.all("case") {
        if !cases.contains(&case_id) {
            cases.push(case_id);
        }
    }
    let deed = match deed_for(fields, cases.len()) {
        Ok(deed) => deed,
        Err(code) => {
            let problem = visit.asked.problem(StatusCode::UNPROCESSABLE_ENTITY, code);
            return shown_again(app, visit, fields, problem).await;
        }
    };
    let mut lines = Vec::with_capacity(cases.len());
    for case_id in cases {
        lines.push(line(app, &visit, fields, (case_id, &deed, step)).await);
    }
    let p = visit.page;
    let page = Bulk {
        title: deed.told(&p),
        able: lines.iter().filter(|line| line.refused.is_none()).count(),
        done: step == Step::Do,
        deed: deed.fields(),
        back: show::safe_path(fields.one("back"), "/m/cases"),
        lines,
        p,
    };
    show::page(&page)
}

/// What a form wants done with so many cases, or the code that says why not.
fn deed_for(fields: &Fields, cases: usize) -> Result<Deed, &'static str> {
    let deed = read(fields).ok_or("bulk_deed_missing")?;
    match cases {
        0 => Err("bulk_none"),
        1..=CASES_MAX => Ok(deed),
        _ => Err("bulk_too_many"),
    }
}

/// What a form wants done; nothing if it says nothing sensible.
fn read(fields: &Fields) -> Option<Deed> {
    match fields.one("act") {
        "approve" => Some(Deed::Approve { note: fields.one("note").to_owned() }),
        "assign" => match fields.some("to") {
            Some(id) => Some(Deed::Assign { to: Some(PersonId::parse(id).ok()?) }),
            None => Some(Deed::Assign { to: None }),
        },
        "tag" => fields.some("tag").map(|tag| Deed::Tag { tag: tag.to_owned() }),
        "grade" => {
            let tier = serde_json::Value::String(fields.one("tier").to_owned());
            Some(Deed::Grade { tier: serde_json::from_value(tier).ok()? })
        }
        _ => None,
    }
}

impl Deed {
    /// The fields that say it.
    fn fields(&self) -> Vec<(&'static str, String)> {
        let (act, name, value) = match self {
            Self::Approve { note } => ("approve", "note", note.clone()),
            Self::Assign { to } => {
                ("assign", "to", to.as_ref().map(ToString::to_string).unwrap_or_default())
            }
            Self::Tag { tag } => ("tag", "tag", tag.clone()),
            Self::Grade { tier } => ("grade", "tier", crate::pages::page::name_of(tier)),
        };
        vec![("act", act.to_owned()), (name, value)]
    }

    /// What it is, in words.
    fn told(&self, p: &Page) -> String {
        match self {
            Self::Approve { .. } => p.t("bulk-approve"),
            Self::Assign { to: Some(to) } => p.t1("bulk-assign-to", "who", to),
            Self::Assign { to: None } => p.t("bulk-assign-nobody"),
            Self::Tag { tag } => p.t1("bulk-tag-with", "tag", tag),
            Self::Grade { tier } => {
                let tier = crate::pages::page::name_of(tier);
                p.t1("bulk-grade-as", "tier", p.texts.word_of("tier", &tier))
            }
        }
    }

    /// The act on one case. Marks are kept as a whole, so what is not changed is said again.
    fn act(&self, case: &Case) -> Act {
        let marks = case.marks.clone();
        match self {
            Self::Approve { note } => Act::Approve { terms: None, note: note.clone() },
            Self::Assign { to } => Act::Mark { marks: Marks { assignee: to.clone(), ..marks } },
            Self::Tag { tag } => {
                let mut marks = marks;
                marks.tags.push(tag.clone());
                Act::Mark { marks }
            }
            Self::Grade { tier } => Act::Mark { marks: Marks { tier: *tier, ..marks } },
        }
    }
}

async fn line(
    app: &App,
    visit: &Visit,
    fields: &Fields,
    (case_id, deed, step): (&str, &Deed, Step),
) -> Line {
    let found = case_of(app, visit, case_id).await;
    let (key, id, title, version, case) = match found {
        Ok(found) => found,
        Err(problem) => return unknown(case_id, problem),
    };
    let expected = match step {
        Step::Tell => Some(version),
        Step::Do => fields.one(&format!("version-{id}")).parse().ok(),
    };
    let asked = format!("{:?} {id}", deed.fields());
    let envelope = Envelope {
        key,
        command: Command::Case { case_id: id, act: deed.act(&case) },
        command_id: new_command_id(),
        by: visit.asked.caller.actor(),
        receipt: visit.asked.receipt_of(fields.one("once"), asked.as_bytes()),
        expected,
        settles: None,
    };
    let trouble = |trouble| Problem::trouble(trouble, visit.language()).detail;
    let outcome = match step {
        Step::Tell => app.desk.rehearse(&envelope).await.map(|rehearsed| {
            let told = told(&rehearsed, id, &visit.page);
            (told, reads(&rehearsed, id, &visit.page))
        }),
        Step::Do => {
            let done = app.desk.handle(envelope).await;
            done.map(|_| (visit.page.t("bulk-done"), None))
        }
    };
    let mut line = Line { version, title, is_known: true, ..unknown_line(case_id) };
    match outcome {
        Ok((told, buyer_reads)) => (line.told, line.buyer_reads) = (told, buyer_reads),
        Err(why) => line.refused = Some(trouble(why)),
    }
    line
}

/// A case with its order, title and version.
async fn case_of(
    app: &App,
    visit: &Visit,
    case_id: &str,
) -> Result<(StreamKey, CaseId, String, u64, Case), Problem> {
    let (key, case_id) = find(app, &visit.asked, case_id).await?;
    let order = app.desk.order(&key).await;
    let order = order.map_err(|trouble| Problem::trouble(trouble, visit.language()))?;
    let case = order.case(case_id).ok_or_else(|| visit.asked.not_found())?.clone();
    let facts = order.facts.as_ref();
    let wanted = case.application.items.first();
    let item = facts.and_then(|facts| match wanted {
        Some(pieces) => facts.item(&pieces.item_id),
        None => facts.items.first(),
    });
    let title = item.map_or_else(|| key.order_id.to_string(), |item| item.title.clone());
    Ok((key, case_id, title, order.version, case))
}

fn unknown_line(case_id: &str) -> Line {
    Line {
        case_id: case_id.chars().take(40).collect(),
        title: String::new(),
        version: 0,
        told: String::new(),
        buyer_reads: None,
        refused: None,
        is_known: false,
    }
}

fn unknown(case_id: &str, problem: Problem) -> Line {
    Line { refused: Some(problem.detail), ..unknown_line(case_id) }
}

/// What would happen to a case, in words.
fn told(rehearsed: &Rehearsed, case_id: CaseId, p: &Page) -> String {
    let mut told = Vec::new();
    for what in of_case(rehearsed, case_id) {
        if let CaseEvent::Approved { terms, deadline, .. } = what {
            told.push(granted(terms, p));
            let back = terms.goods == Goods::Return && deadline.is_some();
            told.extend(back.then(|| p.t("bulk-goods-first")));
        } else if matches!(what, CaseEvent::DecisionProposed { .. }) {
            told.push(p.t("bulk-second-person"));
        } else if matches!(what, CaseEvent::RefundOrdered { .. }) {
            told.push(p.t("bulk-money-now"));
        } else if let CaseEvent::Marked { marks } = what {
            told.push(if marks.tags.is_empty() {
                p.t("bulk-marked")
            } else {
                p.t1("bulk-marked-tags", "tags", marks.tags.join("、"))
            });
        }
    }
    if told.is_empty() { p.t("bulk-nothing") } else { told.join(&p.t("bulk-joint")) }
}

/// What the buyer would read of it.
fn reads(rehearsed: &Rehearsed, case_id: CaseId, p: &Page) -> Option<String> {
    of_case(rehearsed, case_id).find_map(|what| {
        let CaseEvent::Approved { terms, note, .. } = what else { return None };
        let granted = granted(terms, p);
        Some(if note.is_empty() { granted } else { format!("{granted} “{note}”") })
    })
}

fn of_case(rehearsed: &Rehearsed, case_id: CaseId) -> impl Iterator<Item = &CaseEvent> {
    rehearsed.events.iter().filter_map(move |event| match event {
        Event::Case { case_id: of, what } if *of == case_id => Some(what),
        Event::Case { .. } | Event::OrderRecorded(_) => None,
    })
}

fn granted(terms: &Terms, p: &Page) -> String {
    let route = p.texts.word_of("route", &crate::pages::page::name_of(&terms.route));
    p.t2("bulk-granted", &("amount", money(terms.amount)), &("route", route))
}
