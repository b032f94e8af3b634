//! The returns desk: a parcel is scanned, its case is found and the goods are taken in; a parcel
//! that belongs to no case is written down until somebody asks for it.

pub mod parcel;
mod scan;

use self::{parcel::Parcel, scan::Match};
use crate::{
    api::{cursor, problem::Problem},
    assembly::App,
    carriers::tidy,
    pages::{Routes, act, fields::Fields, page::Page, show, visit::Visit},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use domain::{
    case::{Otherwise, Stage},
    command::Act,
    moment::Moment,
};
use engine::rows::{CaseFilter, CaseOrder, CaseRow};
use serde::Deserialize;
use std::sync::Arc;

/// Cases of a list shown at once.
const SHOWN: u32 = 50;

/// The routes of the returns desk.
pub fn routes() -> Routes {
    Routes::new()
        .route("/m/returns", get(look))
        .route("/m/returns/parcels", post(parcel::record))
        .route("/m/returns/parcels/{waybill}", post(parcel::settle))
        .route("/m/returns/{case_id}/receive", post(receive))
}

#[derive(Template)]
#[template(path = "merchant/returns.html")]
struct Desk {
    p: Page,
    typed: Typed,
    matches: Vec<Match>,
    parcels: Vec<Parcel>,
    lists: [Listed; 2],
    may_act: bool,
}

/// What was scanned or typed.
#[derive(Clone, Debug, Default)]
struct Typed {
    waybill: String,
    note: String,
}

/// The cases of one stage.
struct Listed {
    name: &'static str,
    rows: Vec<Row>,
    next: Option<String>,
}

/// A case of a list.
struct Row {
    case_id: String,
    order_id: String,
    title: String,
    due_at: Option<Moment>,
    otherwise: Option<Otherwise>,
    late: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Summary {
    title: Option<String>,
    otherwise: Option<Otherwise>,
}

impl Row {
    fn of(row: CaseRow, now: Moment) -> Self {
        let summary: Summary = serde_json::from_str(&row.summary).unwrap_or_default();
        Self {
            case_id: row.case_id.to_string(),
            title: summary.title.unwrap_or_else(|| row.key.order_id.to_string()),
            order_id: row.key.order_id.to_string(),
            due_at: row.due_at,
            otherwise: summary.otherwise,
            late: row.due_at.is_some_and(|due| due < now),
        }
    }
}

/// `GET /m/returns?waybill=…`
///
/// # Errors
/// A [`Problem`] if the cases cannot be read.
pub async fn look(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    let waybill = tidy(visit.asked_for("waybill").unwrap_or_default());
    page(&app, visit, Typed { waybill, note: String::new() }, None).await
}

/// `POST /m/returns/{case_id}/receive`
///
/// # Errors
/// A [`Problem`] if there is no such case. What else goes wrong is said on the page.
pub async fn receive(
    State(app): State<Arc<App>>,
    Path(case_id): Path<String>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, Problem> {
    let found = act::found(&app, &visit, &case_id).await?;
    let waybill: String =
        tidy(fields.one("waybill")).chars().filter(char::is_ascii_alphanumeric).collect();
    match act::carry_out(&app, &visit, found, Act::Receive, &fields).await {
        Ok(_) => Ok(show::see(&format!("/m/returns?waybill={waybill}"), "goods-received")),
        Err(problem) => {
            let typed = Typed { waybill, note: String::new() };
            page(&app, visit, typed, Some(problem)).await
        }
    }
}

/// The page, with what went wrong if something did.
async fn page(
    app: &App,
    visit: Visit,
    typed: Typed,
    problem: Option<Problem>,
) -> Result<Response, Problem> {
    let matches = if typed.waybill.is_empty() {
        Vec::new()
    } else {
        scan::matches(app, &visit, &typed.waybill).await?
    };
    let coming = listed(app, &visit, "coming", Stage::ReturnInTransit).await?;
    let waiting = listed(app, &visit, "waiting", Stage::Inspecting).await?;
    let mut desk = Desk {
        parcels: parcel::open(app, &visit).await?,
        may_act: visit.may("POST", "/m/returns/parcels"),
        p: visit.page,
        typed,
        matches,
        lists: [waiting, coming],
    };
    let status = problem.as_ref().map_or(StatusCode::OK, |_| StatusCode::UNPROCESSABLE_ENTITY);
    desk.p.problem = problem;
    show::with_status(status, &desk)
}

async fn listed(
    app: &App,
    visit: &Visit,
    name: &'static str,
    stage: Stage,
) -> Result<Listed, Problem> {
    let wrong = || visit.asked.problem(StatusCode::BAD_REQUEST, "cursor_invalid");
    let after = visit.asked_for(name).map(|text| cursor::read(text).ok_or_else(wrong));
    let filter = CaseFilter {
        stage: Some(stage.as_str().to_owned()),
        order: CaseOrder::Deadline,
        after: after.transpose()?,
        ..CaseFilter::all(Some(visit.shop()?.clone()), SHOWN)
    };
    let found = app.desk.store().cases(&filter).await;
    let found = found.map_err(|fault| Problem::fault(&fault, visit.language()))?;
    let last = found.rows.last().filter(|_| found.more);
    let next = last.and_then(|row| cursor::write(&(row.due_at?, row.case_id)));
    let now = visit.page.now;
    Ok(Listed { name, rows: found.rows.into_iter().map(|row| Row::of(row, now)).collect(), next })
}
