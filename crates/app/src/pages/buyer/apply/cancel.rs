//! An order that is not sent yet is cancelled (F1): one tap leads here, one more does it.

use super::{
    Theirs, policy_in_force, probe,
    said::{Said, placed},
    theirs,
    told::{Way, ways},
};
use crate::{
    api::{cases::application::filing, files::Files, problem::Problem},
    assembly::App,
    pages::{
        act::handle, buyer::draft::Draft, fields::Fields, page::Page, parts::working, show,
        visit::Visit,
    },
    world::new_command_id,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    application::{Application, CaseType, Declared},
    command::Command,
    id::{CaseId, ReasonCode},
    money::Money,
    policy::Policy,
};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "buyer/apply/cancel.html")]
struct CancelPage {
    p: Page,
    order_id: String,
    goods: Vec<String>,
    reasons: Vec<(ReasonCode, String, bool)>,
    once: String,
    working: Vec<working::Line>,
    entitled: Money,
    ways: Vec<Way>,
    automatic: bool,
    asks_route: bool,
    /// What stands in the way.
    stops: Vec<Said>,
}

/// `GET /b/orders/{order_id}/cancel`: asks whether it is meant, and says what comes of it.
///
/// # Errors
/// A [`Problem`] if there is no such order.
pub async fn show(
    State(app): State<Arc<App>>,
    Path(order_id): Path<String>,
    visit: Visit,
) -> Result<Response, Problem> {
    let theirs = theirs(&app, &visit, &order_id).await?;
    let fields = Fields::default();
    show::page(&page(&app, &visit, &theirs, &fields).await?)
}

/// The reasons for which an order is cancelled.
fn reasons(policy: &Policy, fields: &Fields, visit: &Visit) -> Vec<(ReasonCode, String, bool)> {
    let reasons = policy.reasons().iter().filter(|it| it.allows(CaseType::Cancellation));
    let rows = reasons.enumerate().map(|(at, reason)| {
        let chosen = match fields.some("reason") {
            Some(code) => code == reason.code.as_str(),
            None => at == 0,
        };
        (reason.code.clone(), reason.name(visit.language()).to_owned(), chosen)
    });
    rows.collect()
}

fn application(reasons: &[(ReasonCode, String, bool)], fields: &Fields) -> Option<Application> {
    let chosen = reasons.iter().find(|(_, _, chosen)| *chosen).or_else(|| reasons.first());
    Some(Application {
        case_type: CaseType::Cancellation,
        reason: chosen?.0.clone(),
        items: Vec::new(),
        amount: None,
        description: String::new(),
        evidence: Vec::new(),
        declared: Declared {
            route_confirmed: fields.has("route_confirmed"),
            ..Declared::default()
        },
    })
}

async fn page(
    app: &App,
    visit: &Visit,
    theirs: &Theirs,
    fields: &Fields,
) -> Result<CancelPage, Problem> {
    let facts = theirs.facts(visit)?;
    let policy = policy_in_force(app, visit, theirs).await?;
    let reasons = reasons(&policy, fields, visit);
    let application = application(&reasons, fields).ok_or_else(|| visit.asked.not_found())?;
    let probed = probe(app, visit, theirs, &Draft::default(), vec![application]).await?;
    let assessment = probed.assessments.into_iter().next();
    let assessment = assessment.ok_or_else(|| visit.asked.not_found())?;
    let entitled = assessment.working.entitled;
    let placed = placed(&policy, &assessment.judgement, (theirs, visit));
    let asks_route =
        fields.has("route_confirmed") || placed.route.iter().any(|said| said.verdict == "blocks");
    let stops = [placed.head, placed.goods, placed.amount].concat();
    let goods = facts.items.iter().map(|item| format!("{} × {}", item.title, item.quantity));
    Ok(CancelPage {
        order_id: theirs.key.order_id.to_string(),
        goods: goods.collect(),
        once: fields.some("once").map_or_else(|| visit.page.once(), str::to_owned),
        working: working::lines(&assessment.working, facts, visit.page.texts),
        ways: ways(theirs, entitled, visit)?,
        entitled,
        automatic: policy.cancellation_automatic,
        asks_route,
        stops,
        reasons,
        p: visit.page.clone(),
    })
}

/// `POST /b/orders/{order_id}/cancel`
///
/// # Errors
/// A [`Problem`] if there is no such order.
pub async fn cancel(
    State(app): State<Arc<App>>,
    Path(order_id): Path<String>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, Problem> {
    let theirs = theirs(&app, &visit, &order_id).await?;
    match file(&app, &visit, &theirs, &fields).await {
        Ok(case_id) => Ok(show::see(&format!("/b/cases/{case_id}"), "cancelled")),
        Err(problem) if problem.status >= 500 => Err(problem),
        Err(problem) => {
            let status = problem.http_status();
            let mut page = page(&app, &visit, &theirs, &fields).await?;
            page.p.problem = Some(problem);
            show::with_status(status, &page)
        }
    }
}

async fn file(
    app: &App,
    visit: &Visit,
    theirs: &Theirs,
    fields: &Fields,
) -> Result<CaseId, Problem> {
    let policy = policy_in_force(app, visit, theirs).await?;
    let application = application(&reasons(&policy, fields, visit), fields);
    let application = application.ok_or_else(|| visit.asked.not_found())?;
    let files = Files { app, asked: &visit.asked, key: &theirs.key };
    let filing = Box::new(filing(application, &files).await?);
    let command_id = new_command_id();
    let command = (theirs.key.clone(), Command::Open(filing), command_id);
    let answer = handle(app, visit, command, fields).await?;
    // A repeated request gets the case that the first one opened: the last of the order then.
    let last = answer.order.cases.last().map(|case| case.case_id);
    let opened = CaseId::opened_by(command_id);
    Ok(if answer.repeated { last.unwrap_or(opened) } else { opened })
}
