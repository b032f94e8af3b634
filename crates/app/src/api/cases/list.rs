//! `GET /api/v1/cases`: the queue, by cursor.

use crate::{
    api::{
        cursor,
        problem::Problem,
        request::{Asked, query},
    },
    assembly::App,
};
use axum::{
    extract::State,
    http::{StatusCode, Uri},
};
use domain::{
    actor::Side,
    application::CaseType,
    case::Stage,
    id::{BuyerId, CaseId, OrderId, ReasonCode, ShopId},
    moment::Moment,
    money::Money,
};
use engine::rows::{CaseFilter, CaseOrder, CaseRow, LIMIT_MAX, StreamKey};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// In which order.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Sort {
    /// Last opened first.
    Newest,
    /// Nearest deadline first.
    Deadline,
    /// Much money and little time first.
    Risk,
}

/// What the query says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    waits_for: Option<Side>,
    stage: Option<Stage>,
    #[serde(rename = "type")]
    case_type: Option<CaseType>,
    reason: Option<ReasonCode>,
    buyer_id: Option<BuyerId>,
    order_id: Option<OrderId>,
    /// Opened then or later.
    opened_since: Option<Moment>,
    /// Opened before.
    opened_until: Option<Moment>,
    sort: Option<Sort>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// One row of the list.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseListed)]
pub struct Listed {
    #[schema(value_type = String)]
    shop_id: ShopId,
    case_id: CaseId,
    order_id: OrderId,
    buyer_id: BuyerId,
    #[serde(rename = "type")]
    case_type: CaseType,
    stage: String,
    waits_for: Option<Side>,
    due_at: Option<Moment>,
    reason: ReasonCode,
    amount: Money,
    opened_at: Moment,
    updated_at: Moment,
    #[schema(value_type = Object)]
    summary: serde_json::Value,
}

/// A page.
#[derive(Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where to go on; absent at the end. A page of a list that is narrowed may be short, or
    /// empty, and go on all the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// `GET /api/v1/cases`
///
/// # Errors
/// A [`Problem`] for a query that makes no sense.
pub async fn list(
    State(app): State<Arc<App>>,
    uri: Uri,
    asked: Asked,
) -> Result<axum::Json<Page<Listed>>, Problem> {
    let wanted: Wanted = query(&uri, asked.language)?;
    let shop_id = if asked.caller.is_platform() {
        asked.caller.shop_id.clone()
    } else {
        Some(asked.shop()?.clone())
    };
    let stage = match (&shop_id, wanted.stage) {
        // Across shops the platform sees what is before it.
        (None, _) => Some(Stage::Disputed),
        (Some(_), stage) => stage,
    };
    let wrong = || asked.problem(StatusCode::BAD_REQUEST, "cursor_invalid");
    let after = match &wanted.cursor {
        Some(text) => Some(cursor::read(text).ok_or_else(wrong)?),
        None => None,
    };
    let among = match (&shop_id, &wanted.order_id) {
        (Some(shop_id), Some(order_id)) => {
            let key = StreamKey { shop_id: shop_id.clone(), order_id: order_id.clone() };
            let order = app.desk.order(&key).await;
            let order = order.map_err(|trouble| Problem::trouble(trouble, asked.language))?;
            Some(order.cases.iter().map(|case| case.case_id).collect())
        }
        _ => None,
    };
    let filter = CaseFilter {
        among,
        buyer_id: asked.caller.buyer().cloned().or(wanted.buyer_id),
        order_id: wanted.order_id,
        waits_for: wanted.waits_for,
        stage: stage.map(|stage| stage.as_str().to_owned()),
        case_type: wanted.case_type,
        reason: wanted.reason,
        opened_since: wanted.opened_since,
        opened_until: wanted.opened_until,
        order: match wanted.sort {
            None | Some(Sort::Newest) => CaseOrder::Newest,
            Some(Sort::Deadline) => CaseOrder::Deadline,
            Some(Sort::Risk) => CaseOrder::Risk,
        },
        after,
        ..CaseFilter::all(shop_id, wanted.limit.unwrap_or(50).clamp(1, LIMIT_MAX))
    };
    let page = app.desk.store().cases(&filter).await;
    let page = page.map_err(|fault| Problem::fault(&fault, asked.language))?;
    let next_cursor = page.next(filter.order).and_then(|place| cursor::write(&place));
    let items = page.rows.into_iter().map(listed).collect();
    Ok(axum::Json(Page { items, next_cursor }))
}

fn listed(row: CaseRow) -> Listed {
    Listed {
        shop_id: row.key.shop_id,
        case_id: row.case_id,
        order_id: row.key.order_id,
        buyer_id: row.buyer_id,
        case_type: row.case_type,
        stage: row.stage,
        waits_for: row.waits_for,
        due_at: row.due_at,
        reason: row.reason,
        amount: row.amount,
        opened_at: row.opened_at,
        updated_at: row.updated_at,
        summary: serde_json::from_str(&row.summary).unwrap_or_default(),
    }
}
