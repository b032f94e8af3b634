//! Is it alive, is it ready, how is it doing.

use crate::{
    assembly::App,
    metrics::{head, line},
};
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use std::sync::Arc;

/// `GET /healthz`: the process answers.
pub async fn live() -> &'static str {
    "ok"
}

/// `GET /readyz`: the database answers and its schema fits.
pub async fn ready(State(app): State<Arc<App>>) -> Response {
    match app.desk.store().check().await {
        Ok(()) => "ready".into_response(),
        Err(fault) => {
            tracing::warn!(error = %fault, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer").into_response()
        }
    }
}

/// `GET /metrics`, for Prometheus. Numbers of the whole, nothing of any shop.
pub async fn metrics(State(app): State<Arc<App>>) -> Response {
    let mut text = app.metrics.render();
    let now = app.desk.now();
    if let Ok(counts) = app.desk.store().outbox_counts(now).await {
        head(&mut text, "wanbi_outbox_effects", "gauge", "Effects in the outbox.");
        line(&mut text, "wanbi_outbox_effects{state=\"due\"}", counts.due);
        line(&mut text, "wanbi_outbox_effects{state=\"waiting\"}", counts.waiting);
        line(&mut text, "wanbi_outbox_effects{state=\"buried\"}", counts.buried);
        let late = counts.oldest_due_at.map_or(0, |since| now.since(since).ms());
        let late_seconds = u64::try_from(late / 1_000).unwrap_or(0);
        head(&mut text, "wanbi_outbox_lag_seconds", "gauge", "How late the oldest effect is.");
        line(&mut text, "wanbi_outbox_lag_seconds", late_seconds);
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}
