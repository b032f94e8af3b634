//! A buyer's orders.

use crate::{
    api::{cursor, problem::Problem},
    assembly::App,
    pages::{page::Page, show, visit::Visit},
};
use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use domain::{id::OrderId, moment::Moment, money::Money};
use engine::rows::{OrderFilter, OrderRow};
use serde::Deserialize;
use std::sync::Arc;

/// Orders shown at once.
const SHOWN: u32 = 20;

#[derive(Template)]
#[template(path = "buyer/orders.html")]
struct Orders {
    p: Page,
    orders: Vec<Listed>,
    next: Option<String>,
}

struct Listed {
    id: OrderId,
    title: String,
    placed_at: Moment,
    paid: Option<Money>,
}

/// What lists know of an order.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Summary {
    title: Option<String>,
    paid: Option<Money>,
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
    let last = found.rows.last().filter(|_| found.more);
    let next = last.and_then(|row| cursor::write(&(row.placed_at, &row.key.order_id)));
    let orders = found.rows.into_iter().map(listed).collect();
    show::page(&Orders { p: visit.page, orders, next })
}

fn listed(row: OrderRow) -> Listed {
    let summary: Summary = serde_json::from_str(&row.summary).unwrap_or_default();
    Listed {
        title: summary.title.unwrap_or_else(|| row.key.order_id.to_string()),
        id: row.key.order_id,
        placed_at: row.placed_at,
        paid: summary.paid,
    }
}
