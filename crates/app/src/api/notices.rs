//! Notices of WeChat Pay: verified, opened, and put through the same corridor as everything
//! else. Twice, late or too early changes nothing.

use crate::{assembly::App, channel::news_of_notice};
use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use domain::{
    actor::Actor,
    command::{Act, Command},
    id::{CaseId, RefundNo, ShopId},
};
use engine::{
    desk::{Envelope, Trouble},
    rows::StreamKey,
};
use providers::wechat_pay::notice::Content;
use std::sync::Arc;

/// `POST /api/v1/notices/wechat-pay/{shop_id}/{case_id}`: 204 when it is on record; otherwise
/// WeChat Pay sends it again.
pub async fn wechat_pay(
    State(app): State<Arc<App>>,
    Path(place): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match take(&app, &place, &headers, &body).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(status) => {
            let told = serde_json::json!({"code": "FAIL", "message": "失败"});
            (status, axum::Json(told)).into_response()
        }
    }
}

async fn take(
    app: &App,
    (shop_id, case_id): &(String, String),
    headers: &HeaderMap,
    body: &[u8],
) -> Result<(), StatusCode> {
    let shop_id = ShopId::parse(shop_id).map_err(|_| StatusCode::NOT_FOUND)?;
    let account = app.channel.of(&shop_id).ok_or(StatusCode::NOT_FOUND)?;
    let now = app.desk.now();
    let notice = account.line.open_notice(headers, body, now.seconds()).map_err(|error| {
        // A probe is a wrong signature on purpose: refused like any other, but no alarm.
        if error.is_probe() {
            tracing::info!("a signature probe was refused");
        } else {
            tracing::warn!(error = %error, "a notice was refused");
        }
        StatusCode::UNAUTHORIZED
    })?;
    let Content::Refund(refund) = notice.content else { return Ok(()) };
    let refund_no = RefundNo::parse(&refund.out_refund_no).map_err(|_| StatusCode::BAD_REQUEST)?;
    let case_id = CaseId::parse(case_id).ok_or(StatusCode::NOT_FOUND)?;
    let found = app.desk.store().order_of_case(&shop_id, case_id).await;
    let found = found.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    let order_id = found.ok_or(StatusCode::NOT_FOUND)?;
    let envelope = Envelope {
        key: StreamKey { shop_id, order_id },
        command: Command::Case {
            case_id,
            act: Act::RecordRefund { refund_no, news: news_of_notice(&refund) },
        },
        command_id: crate::world::new_command_id(),
        by: Actor::System,
        receipt: None,
        expected: None,
        settles: None,
    };
    match app.desk.handle(envelope).await {
        Ok(_) | Err(Trouble::Refused(_)) => Ok(()),
        Err(trouble) => {
            tracing::warn!(error = %trouble, "a notice could not be put on record");
            Err(StatusCode::SERVICE_UNAVAILABLE)
        }
    }
}
