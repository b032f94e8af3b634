//! Orders over HTTP: put in, show, list, check what is possible.

use super::{
    cases::{
        application::{Apply, filing},
        list::Page,
        show::{Told, tell},
    },
    cursor,
    files::Files,
    problem::Problem,
    request::{Asked, Body, json, query},
};
use crate::{assembly::App, world::new_command_id};
use axum::{
    extract::{Path, State},
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
};
use domain::{
    application::Fault,
    command::Command,
    facts::Facts,
    finding::Judgement,
    id::{BuyerId, CaseId, OrderId},
    moment::Moment,
    order::Order,
    working::Working,
};
use engine::{
    desk::Envelope,
    rows::{LIMIT_MAX, OrderFilter, StreamKey},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// The facts of an order.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct PutOrder(Facts);

/// An order as shown.
#[derive(Serialize, ToSchema)]
#[schema(as = Order)]
pub struct OrderView<'a> {
    version: u64,
    facts: &'a Facts,
    cases: Vec<CaseId>,
}

fn key_of(asked: &Asked, order_id: &str) -> Result<StreamKey, Problem> {
    let order_id = OrderId::parse(order_id).map_err(|_| asked.not_found())?;
    Ok(StreamKey { shop_id: asked.shop()?.clone(), order_id })
}

/// `PUT /api/v1/orders/{order_id}`: the same facts again change nothing.
///
/// # Errors
/// A [`Problem`] if the facts cannot be true or contradict what refunds rest on.
pub async fn put(
    State(app): State<Arc<App>>,
    Path(order_id): Path<String>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let key = key_of(&asked, &order_id)?;
    let PutOrder(facts) = json(&body, asked.language)?;
    if facts.order_id != key.order_id {
        return Err(asked.problem(StatusCode::UNPROCESSABLE_ENTITY, "order_id_differs"));
    }
    let envelope = Envelope {
        key,
        command: Command::RecordOrder(Box::new(facts)),
        command_id: new_command_id(),
        by: asked.caller.actor(),
        receipt: asked.receipt(&body),
        expected: asked.expected,
        settles: None,
    };
    let answer = app.desk.handle(envelope).await;
    let answer = answer.map_err(|trouble| Problem::trouble(trouble, asked.language))?;
    // A repeated request gets the status of the first.
    let new = (answer.events > 0 || answer.repeated) && answer.order.version == 1;
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, view(&answer.order, &asked)?).into_response())
}

fn view(order: &Order, asked: &Asked) -> Result<Response, Problem> {
    let facts = order.facts.as_ref().ok_or_else(|| asked.not_found())?;
    let owner = asked.caller.buyer().is_none_or(|buyer| *buyer == facts.buyer_id);
    if !owner {
        return Err(asked.not_found());
    }
    let cases = order.cases.iter().map(|case| case.case_id).collect();
    Ok(axum::Json(OrderView { version: order.version, facts, cases }).into_response())
}

/// `GET /api/v1/orders/{order_id}`
///
/// # Errors
/// A [`Problem`] if there is no such order for this caller.
pub async fn show(
    State(app): State<Arc<App>>,
    Path(order_id): Path<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    let order = app.desk.order(&key_of(&asked, &order_id)?).await;
    let order = order.map_err(|trouble| Problem::trouble(trouble, asked.language))?;
    view(&order, &asked)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    buyer_id: Option<BuyerId>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// One row of the list.
#[derive(Serialize, ToSchema)]
#[schema(as = OrderListed)]
pub struct Listed {
    order_id: OrderId,
    buyer_id: BuyerId,
    placed_at: Moment,
    #[schema(value_type = Object)]
    summary: serde_json::Value,
}

/// `GET /api/v1/orders`, last placed first.
///
/// # Errors
/// A [`Problem`] for a query that makes no sense.
pub async fn list(
    State(app): State<Arc<App>>,
    uri: Uri,
    asked: Asked,
) -> Result<axum::Json<Page<Listed>>, Problem> {
    let wanted: Wanted = query(&uri, asked.language)?;
    let wrong = || asked.problem(StatusCode::BAD_REQUEST, "cursor_invalid");
    let after = match &wanted.cursor {
        Some(text) => Some(cursor::read(text).ok_or_else(wrong)?),
        None => None,
    };
    let filter = OrderFilter {
        shop_id: asked.shop()?.clone(),
        buyer_id: asked.caller.buyer().cloned().or(wanted.buyer_id),
        after,
        limit: wanted.limit.unwrap_or(50).clamp(1, LIMIT_MAX),
    };
    let page = app.desk.store().orders(&filter).await;
    let page = page.map_err(|fault| Problem::fault(&fault, asked.language))?;
    let last = page.rows.last().filter(|_| page.more);
    let next_cursor = last.and_then(|row| cursor::write(&(row.placed_at, &row.key.order_id)));
    let items = page.rows.into_iter().map(|row| Listed {
        order_id: row.key.order_id,
        buyer_id: row.buyer_id,
        placed_at: row.placed_at,
        summary: serde_json::from_str(&row.summary).unwrap_or_default(),
    });
    Ok(axum::Json(Page { items: items.collect(), next_cursor }))
}

/// What would be possible, up to how much, why or why not.
#[derive(Serialize, ToSchema)]
#[schema(as = ApplicationChecked)]
pub struct Checked {
    may_submit: bool,
    justified: bool,
    fault: Fault,
    working: Working,
    judgement: Judgement,
    sentences: Vec<Told>,
}

/// `POST /api/v1/orders/{order_id}/check`
///
/// # Errors
/// A [`Problem`] if there is no such order or the application makes no sense.
pub async fn check(
    State(app): State<Arc<App>>,
    Path(order_id): Path<String>,
    asked: Asked,
    Body(body): Body,
) -> Result<axum::Json<Checked>, Problem> {
    let key = key_of(&asked, &order_id)?;
    let Apply(application) = json(&body, asked.language)?;
    let files = Files { app: &app, asked: &asked, key: &key };
    let filing = filing(application, &files).await?;
    let checked = app.desk.check(&key, &filing, &asked.caller.actor()).await;
    let (policy, assessment) =
        checked.map_err(|trouble| Problem::trouble(trouble, asked.language))?;
    Ok(axum::Json(Checked {
        may_submit: assessment.judgement.may_submit(),
        justified: assessment.judgement.is_justified(),
        fault: assessment.fault,
        sentences: tell(&policy, &assessment.judgement, asked.language),
        working: assessment.working,
        judgement: assessment.judgement,
    }))
}
