//! A buyer's orders, each with what is open about it: who must act, and until when.

use crate::{
    api::{cursor, problem::Problem},
    assembly::App,
    pages::{
        page::{Page, name_of},
        show,
        visit::Visit,
    },
};
use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use domain::{
    actor::Side,
    case::{Otherwise, Outcome},
    facts::Progress,
    id::OrderId,
    moment::Moment,
    money::Money,
    policy::money,
};
use engine::rows::{CaseFilter, CaseRow, LIMIT_MAX, OrderFilter, OrderRow};
use serde::Deserialize;
use std::sync::Arc;

/// Orders shown at once.
const SHOWN: u32 = 20;
/// So many colours tiles have.
const HUES: usize = 6;

#[derive(Template)]
#[template(path = "buyer/orders.html")]
struct Orders {
    p: Page,
    orders: Vec<Listed>,
    next: Option<String>,
}

struct Listed {
    id: OrderId,
    tile: Tile,
    title: String,
    /// How many lines there are besides the one named.
    more: usize,
    progress: String,
    is_open: bool,
    placed_at: Moment,
    paid: Option<Money>,
    case: Option<Open>,
    /// Cases that are not shown here.
    cases: usize,
}

/// What stands for a picture of the goods: a quiet colour and the first character.
#[derive(Clone, Debug)]
pub struct Tile {
    /// Which colour, from 0.
    pub hue: usize,
    /// The first character.
    pub initial: String,
}

/// The last case of an order.
struct Open {
    id: String,
    word: String,
    stage: String,
    amount: String,
    tone: &'static str,
    mine: bool,
    due_at: Option<Moment>,
    then: Option<String>,
}

/// What lists know of an order.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Summary {
    title: Option<String>,
    items: usize,
    paid: Option<Money>,
    progress: Option<Progress>,
}

/// What lists know of a case.
#[derive(Default, Deserialize)]
#[serde(default)]
struct CaseSummary {
    outcome: Option<Outcome>,
    otherwise: Option<Otherwise>,
}

/// `GET /b`
///
/// # Errors
/// A [`Problem`] if they cannot be read.
pub async fn list(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    let wrong = || visit.asked.problem(StatusCode::BAD_REQUEST, "cursor_invalid");
    let after = match visit.asked_for("cursor") {
        Some(text) => Some(cursor::read(text).ok_or_else(wrong)?),
        None => None,
    };
    let filter = OrderFilter {
        shop_id: visit.shop()?.clone(),
        buyer_id: visit.asked.caller.buyer().cloned(),
        after,
        limit: SHOWN,
    };
    let found = app.desk.store().orders(&filter).await;
    let found = found.map_err(|fault| Problem::fault(&fault, visit.language()))?;
    let cases = cases(&app, &visit).await?;
    let last = found.rows.last().filter(|_| found.more);
    let next = last.and_then(|row| cursor::write(&(row.placed_at, &row.key.order_id)));
    let orders = found.rows.into_iter().map(|row| listed(row, &cases, &visit.page)).collect();
    show::page(&Orders { p: visit.page, orders, next })
}

/// The buyer's cases, the last opened first.
async fn cases(app: &App, visit: &Visit) -> Result<Vec<CaseRow>, Problem> {
    let filter = CaseFilter {
        buyer_id: visit.asked.caller.buyer().cloned(),
        ..CaseFilter::all(Some(visit.shop()?.clone()), LIMIT_MAX)
    };
    let found = app.desk.store().cases(&filter).await;
    Ok(found.map_err(|fault| Problem::fault(&fault, visit.language()))?.rows)
}

fn listed(row: OrderRow, cases: &[CaseRow], p: &Page) -> Listed {
    let summary: Summary = serde_json::from_str(&row.summary).unwrap_or_default();
    let own: Vec<&CaseRow> =
        cases.iter().filter(|case| case.key.order_id == row.key.order_id).collect();
    // What waits for the buyer is shown before what is newer.
    let waiting = own.iter().find(|case| case.waits_for == Some(Side::Buyer));
    let shown = waiting.or_else(|| own.iter().find(|case| case.stage != "closed"));
    let shown = shown.or_else(|| own.first()).map(|case| open(case, p));
    let title = summary.title.unwrap_or_else(|| row.key.order_id.to_string());
    Listed {
        tile: tile(&title),
        title,
        more: summary.items.saturating_sub(1),
        progress: summary
            .progress
            .map(|progress| p.texts.word_of("progress", &name_of(&progress)))
            .unwrap_or_default(),
        is_open: summary.progress.is_some_and(is_open),
        id: row.key.order_id,
        placed_at: row.placed_at,
        paid: summary.paid,
        cases: own.len().saturating_sub(usize::from(shown.is_some())),
        case: shown,
    }
}

const fn is_open(progress: Progress) -> bool {
    match progress {
        Progress::AwaitingPayment
        | Progress::AwaitingShipment
        | Progress::PartlyShipped
        | Progress::Shipped => true,
        Progress::Completed | Progress::Cancelled => false,
    }
}

/// The tile of goods.
#[must_use]
pub fn tile(title: &str) -> Tile {
    let sum = title.bytes().fold(0_usize, |sum, byte| sum.wrapping_add(usize::from(byte)));
    let initial = title.chars().find(|letter| letter.is_alphanumeric());
    Tile { hue: sum % HUES, initial: initial.map(String::from).unwrap_or_default() }
}

fn open(case: &CaseRow, p: &Page) -> Open {
    let CaseSummary { outcome, otherwise } =
        serde_json::from_str(&case.summary).unwrap_or_default();
    let mine = case.waits_for == Some(Side::Buyer);
    Open {
        id: case.case_id.to_string(),
        word: p.texts.word_of("case-type", &name_of(&case.case_type)),
        stage: match outcome {
            Some(outcome) => p.texts.word_of("outcome", &name_of(&outcome)),
            None => p.word(&case.stage),
        },
        amount: money(case.amount),
        tone: tone(outcome, mine),
        mine,
        due_at: case.due_at,
        then: otherwise.map(|otherwise| p.otherwise(&otherwise)),
    }
}

pub(super) const fn tone(outcome: Option<Outcome>, mine: bool) -> &'static str {
    match outcome {
        Some(Outcome::Refunded | Outcome::Exchanged) => "good",
        Some(
            Outcome::Withdrawn
            | Outcome::Rejected
            | Outcome::RuledForMerchant
            | Outcome::NotReturned,
        ) => "past",
        None if mine => "warn",
        None => "info",
    }
}
