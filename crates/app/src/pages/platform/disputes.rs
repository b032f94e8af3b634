//! Disputes of all shops, nearest working-day deadline first (Q5).

use crate::{
    api::{cursor, problem::Problem},
    assembly::App,
    pages::{page::Page, show, visit::Visit},
};
use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use domain::{id::ShopId, moment::Moment, money::Money};
use engine::rows::{CaseFilter, CaseOrder, CaseRow};
use std::sync::Arc;

/// Disputes shown at once.
const SHOWN: u32 = 50;

#[derive(Template)]
#[template(path = "platform/disputes.html")]
struct Disputes {
    p: Page,
    rows: Vec<Row>,
    next: Option<String>,
    shop: String,
}

struct Row {
    shop_id: String,
    case_id: String,
    order_id: String,
    title: String,
    case_type: String,
    amount: Money,
    due_at: Option<Moment>,
    late: bool,
    opened_at: Moment,
}

/// `GET /p/disputes?shop=`
///
/// # Errors
/// A [`Problem`] if they cannot be read.
pub async fn list(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    let wrong = || visit.asked.problem(StatusCode::BAD_REQUEST, "cursor_invalid");
    let after = match visit.asked_for("cursor") {
        Some(text) => Some(cursor::read(text).ok_or_else(wrong)?),
        None => None,
    };
    let shop = visit.asked_for("shop").unwrap_or_default().trim().to_owned();
    let filter = CaseFilter {
        shop_id: ShopId::parse(&shop).ok(),
        stage: Some(domain::case::Stage::Disputed.as_str().to_owned()),
        order: CaseOrder::Deadline,
        after,
        ..CaseFilter::all(None, SHOWN)
    };
    let found = app.desk.store().cases(&filter).await;
    let found = found.map_err(|fault| Problem::fault(&fault, visit.language()))?;
    let last = found.rows.last().filter(|_| found.more);
    let next = last.and_then(|row| cursor::write(&(row.due_at?, row.case_id)));
    let rows = found.rows.into_iter().map(|row| listed(row, &visit.page)).collect();
    show::page(&Disputes { p: visit.page, rows, next, shop })
}

fn listed(row: CaseRow, p: &Page) -> Row {
    let summary: serde_json::Value = serde_json::from_str(&row.summary).unwrap_or_default();
    let title = summary.get("title").and_then(serde_json::Value::as_str).unwrap_or_default();
    Row {
        shop_id: row.key.shop_id.to_string(),
        case_id: row.case_id.to_string(),
        order_id: row.key.order_id.to_string(),
        title: title.to_owned(),
        case_type: p.texts.word_of("case-type", &crate::pages::page::name_of(&row.case_type)),
        amount: row.amount,
        due_at: row.due_at,
        late: row.due_at.is_some_and(|due| due < p.now),
        opened_at: row.opened_at,
    }
}
