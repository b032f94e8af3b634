//! Money on its way back: what somebody must look at, what moves, payouts, and questions to the
//! payment channel.

use super::case::form::Form;
use crate::{
    api::{cursor, outbox, problem::Problem},
    assembly::App,
    pages::{
        Routes,
        page::Page,
        parts::refunds::{self, Shown},
        show,
        visit::Visit,
    },
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use domain::{
    case::{Case, Stage, Ticket},
    facts::Facts,
    refund::Refund,
};
use engine::rows::{CaseFilter, CaseOrder, EffectFilter, EffectRow, EffectState};
use std::sync::Arc;

/// Cases read at once.
const SHOWN: u32 = 50;

/// The tabs.
const TABS: [&str; 4] = ["look", "moving", "payouts", "tickets"];

/// The routes of money.
pub fn routes() -> Routes {
    Routes::new()
        .route("/m/money", get(look))
        .route("/m/money/effects/{effect_id}/retry", post(retry))
}

#[derive(Template)]
#[template(path = "merchant/money.html")]
struct Money {
    p: Page,
    tab: &'static str,
    rows: Vec<Row>,
    tickets: Vec<Asked>,
    buried: Vec<Buried>,
    may_retry: bool,
    next: Option<String>,
}

/// One refund.
struct Row {
    case_id: String,
    order_id: String,
    refund: Shown,
    deeds: Vec<Deed>,
}

/// A form that may be opened.
struct Deed {
    path: String,
    word: String,
}

/// One question to the channel.
struct Asked {
    case_id: String,
    order_id: String,
    ticket: Ticket,
    close: Option<Deed>,
}

/// A message to the channel that was given up.
struct Buried {
    row: EffectRow,
    kind: String,
    why: String,
}

/// `GET /m/money?tab=…`
///
/// # Errors
/// A [`Problem`] if the cases cannot be read.
pub async fn look(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    let asked = visit.asked_for("tab");
    let tab = TABS.into_iter().find(|tab| Some(*tab) == asked).unwrap_or("look");
    let mut page = Money {
        p: visit.page.clone(),
        tab,
        rows: Vec::new(),
        tickets: Vec::new(),
        buried: if tab == "look" { buried(&app, &visit).await? } else { Vec::new() },
        may_retry: visit.may("POST", "/m/money/effects/{effect_id}/retry"),
        next: None,
    };
    fill(&app, &visit, &mut page).await?;
    page.tickets.sort_by_key(|asked| asked.ticket.closed_at.is_some());
    show::page(&page)
}

/// `POST /m/money/effects/{effect_id}/retry`
///
/// # Errors
/// A [`Problem`] if there is no such effect.
pub async fn retry(
    app: State<Arc<App>>,
    effect_id: Path<String>,
    visit: Visit,
) -> Result<Response, Problem> {
    outbox::retry(app, effect_id, visit.asked).await?;
    Ok(show::see("/m/money", "effect-retried"))
}

/// Reads a page of cases whose money is on its way, and takes from them what the tab shows.
async fn fill(app: &App, visit: &Visit, page: &mut Money) -> Result<(), Problem> {
    let wrong = || visit.asked.problem(StatusCode::BAD_REQUEST, "cursor_invalid");
    let after = visit.asked_for("cursor").map(|text| cursor::read(text).ok_or_else(wrong));
    let filter = CaseFilter {
        stage: Some(Stage::Refunding.as_str().to_owned()),
        order: CaseOrder::Newest,
        after: after.transpose()?,
        ..CaseFilter::all(Some(visit.shop()?.clone()), SHOWN)
    };
    let found = app.desk.store().cases(&filter).await;
    let found = found.map_err(|fault| Problem::fault(&fault, visit.language()))?;
    let last = found.rows.last().filter(|_| found.more);
    page.next = last.and_then(|row| cursor::write(&(row.opened_at, row.case_id)));
    for row in &found.rows {
        let order = app.desk.order(&row.key).await;
        let order = order.map_err(|trouble| Problem::trouble(trouble, visit.language()))?;
        let Some((case, facts)) = order.case(row.case_id).zip(order.facts.as_ref()) else {
            continue;
        };
        if page.tab == "tickets" {
            page.tickets.extend(tickets(case, facts, visit));
        } else {
            page.rows.extend(rows(case, facts, visit, page.tab));
        }
    }
    Ok(())
}

fn rows<'a>(
    case: &'a Case,
    facts: &'a Facts,
    visit: &'a Visit,
    tab: &'a str,
) -> impl Iterator<Item = Row> + 'a {
    let shown = case.refunds.iter().map(move |refund| Row {
        case_id: case.case_id.to_string(),
        order_id: facts.order_id.to_string(),
        refund: refunds::one(refund, facts, visit.page.texts),
        deeds: deeds(case, refund, visit),
    });
    shown.filter(move |row| tab_of(&row.refund) == Some(tab))
}

/// Under which tab a refund stands; none once it is done.
fn tab_of(refund: &Shown) -> Option<&'static str> {
    match (refund.look, refund.state.as_str()) {
        (_, "awaiting_approval" | "approved") => Some("payouts"),
        ("moving", _) => Some("moving"),
        ("failed" | "waiting", _) => Some("look"),
        _ => None,
    }
}

fn deeds(case: &Case, refund: &Refund, visit: &Visit) -> Vec<Deed> {
    let no = &refund.refund_no;
    let forms = [
        Form::ApprovePayout(no.clone()),
        Form::MarkPaid(no.clone()),
        Form::Replace(no.clone()),
        Form::NameCard(no.clone()),
        Form::NameAccount(no.clone()),
        Form::OpenTicket(no.clone()),
    ];
    forms.iter().filter_map(|form| deed(case, form, visit)).collect()
}

fn deed(case: &Case, form: &Form, visit: &Visit) -> Option<Deed> {
    form.is_open(case, visit).then(|| Deed {
        path: format!("/m/cases/{}/{}#panel", case.case_id, form.below()),
        word: visit.page.texts.word_of("mcase-tab", form.slug()),
    })
}

fn tickets<'a>(
    case: &'a Case,
    facts: &'a Facts,
    visit: &'a Visit,
) -> impl Iterator<Item = Asked> + 'a {
    case.tickets.iter().map(move |ticket| Asked {
        case_id: case.case_id.to_string(),
        order_id: facts.order_id.to_string(),
        ticket: ticket.clone(),
        close: deed(case, &Form::CloseTicket(ticket.ticket_no), visit),
    })
}

/// What was given up, with the reason in words.
async fn buried(app: &App, visit: &Visit) -> Result<Vec<Buried>, Problem> {
    let filter = EffectFilter {
        shop_id: visit.shop()?.clone(),
        state: Some(EffectState::Buried),
        after: None,
        limit: SHOWN,
    };
    let found = app.desk.store().effects(&filter).await;
    let found = found.map_err(|fault| Problem::fault(&fault, visit.language()))?;
    let texts = visit.page.texts;
    let told = |row: EffectRow| Buried {
        kind: texts.word_of("money-effect", &row.kind),
        why: refunds::why(&row.note, texts),
        row,
    };
    Ok(found.rows.into_iter().map(told).collect())
}
