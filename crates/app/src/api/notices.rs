//! Notices of WeChat Pay, as they come over HTTP.

use crate::assembly::App;
use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use providers::channel::{Place, Untaken, take_notice};
use std::sync::Arc;

/// `POST /api/v1/notices/wechat-pay/{shop_id}/{case_id}`: 204 when it is on record; otherwise
/// WeChat Pay sends it again.
pub async fn wechat_pay(
    State(app): State<Arc<App>>,
    Path((shop_id, case_id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let place = Place { shop_id: &shop_id, case_id: &case_id };
    let command_id = crate::world::new_command_id();
    let taken = take_notice(&app.desk, &app.channel, place, (&headers, &body), command_id).await;
    match taken {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(untaken) => {
            let told = serde_json::json!({"code": "FAIL", "message": "失败"});
            (status(untaken), axum::Json(told)).into_response()
        }
    }
}

const fn status(untaken: Untaken) -> StatusCode {
    match untaken {
        Untaken::NotFound => StatusCode::NOT_FOUND,
        Untaken::NotTheirs => StatusCode::UNAUTHORIZED,
        Untaken::Malformed => StatusCode::BAD_REQUEST,
        Untaken::NotNow => StatusCode::SERVICE_UNAVAILABLE,
    }
}
