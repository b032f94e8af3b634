//! A buyer's cases, the last opened first.

use crate::{
    api::{cursor, problem::Problem},
    assembly::App,
    pages::{page::Page, show, visit::Visit},
};
use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use domain::{actor::Side, moment::Moment, policy::money};
use engine::rows::{CaseFilter, CaseOrder, CaseRow};
use serde::Deserialize;
use std::sync::Arc;

/// Cases shown at once.
const SHOWN: u32 = 20;

#[derive(Template)]
#[template(path = "buyer/cases.html")]
struct Cases {
    p: Page,
    cases: Vec<Listed>,
    next: Option<String>,
}

struct Listed {
    id: String,
    title: String,
    case_type: String,
    stage: String,
    tone: &'static str,
    amount: String,
    opened_at: Moment,
    due_at: Option<Moment>,
    mine: bool,
}

/// What lists know of a case.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Summary {
    title: Option<String>,
    items: u32,
    outcome: Option<String>,
}

/// `GET /b/cases`
///
/// # Errors
/// A [`Problem`] if they cannot be read.
pub async fn list(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    let wrong = || visit.asked.problem(StatusCode::BAD_REQUEST, "cursor_invalid");
    let after = match visit.asked_for("cursor") {
        Some(text) => Some(cursor::read(text).ok_or_else(wrong)?),
        None => None,
    };
    let filter = CaseFilter {
        shop_id: Some(visit.shop()?.clone()),
        buyer_id: visit.asked.caller.buyer().cloned(),
        order: CaseOrder::Newest,
        after,
        ..CaseFilter::all(None, SHOWN)
    };
    let found = app.desk.store().cases(&filter).await;
    let found = found.map_err(|fault| Problem::fault(&fault, visit.language()))?;
    let last = found.rows.last().filter(|_| found.more);
    let next = last.and_then(|row| cursor::write(&(row.opened_at, row.case_id)));
    let cases = found.rows.into_iter().map(|row| listed(row, &visit.page)).collect();
    show::page(&Cases { p: visit.page, cases, next })
}

fn listed(row: CaseRow, p: &Page) -> Listed {
    let summary: Summary = serde_json::from_str(&row.summary).unwrap_or_default();
    let title = summary.title.unwrap_or_else(|| row.key.order_id.to_string());
    let more = summary.items > 1;
    let mine = row.waits_for == Some(Side::Buyer);
    let outcome = summary.outcome.as_deref();
    Listed {
        title: if more { p.t1("bcase-and-more", "title", title) } else { title },
        id: row.case_id.to_string(),
        case_type: p.texts.word_of("case-type", &crate::pages::page::name_of(&row.case_type)),
        stage: match outcome {
            Some(outcome) => p.texts.word_of("outcome", outcome),
            None => p.texts.word_of("bcase-stage", &row.stage),
        },
        tone: match outcome {
            Some("refunded" | "exchanged") => "good",
            None if mine => "warn",
            Some(_) => "past",
            None => "info",
        },
        amount: money(row.amount),
        opened_at: row.opened_at,
        due_at: row.due_at.filter(|_| mine || row.waits_for == Some(Side::Merchant)),
        mine,
    }
}
