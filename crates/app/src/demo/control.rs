//! Two routes that only a demo has: time and trouble. The demo listens on this machine alone, and
//! they ask for a token that lies in its folder. What a page of the demo sends is in `visit.rs`.

use super::{
    DemoFault,
    time::TimeMachine,
    trouble::{self, Trouble},
    visit,
};
use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, FromRequest, Request, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
};
use domain::moment::{Moment, Span};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::sync::Arc;

/// The header of the token.
pub const TOKEN_HEADER: &str = "wanbi-demo";
/// The farthest jump, in seconds: a year.
pub const FORWARD_SECONDS_MAX: u32 = 366 * 86_400;
/// The largest body.
const BODY_BYTES_MAX: usize = 4_096;

/// `POST /demo/clock`
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoveClock {
    /// How far.
    pub forward_seconds: u32,
}

/// What came of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Moved {
    /// What time it is now, in the demo.
    pub now: Moment,
    /// How far that is from the real time, in seconds.
    pub ahead_seconds: i64,
    /// What happened, a line for each case.
    pub happened: Vec<String>,
}

/// `POST /demo/faults`
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MakeTrouble {
    /// Which.
    pub trouble: Trouble,
}

/// What the routes share.
#[derive(Clone)]
pub struct Shared {
    /// The clocks.
    pub time: Arc<TimeMachine>,
    token: Arc<str>,
}

/// The routes.
pub fn routes(time: Arc<TimeMachine>, token: &str) -> Router {
    visit::routes()
        .route("/demo/clock", post(clock))
        .route("/demo/faults", post(faults))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(Shared { time, token: token.into() })
}

/// A body from somebody who has read the folder.
struct Trusted<T>(T);

impl<T: DeserializeOwned> FromRequest<Shared> for Trusted<T> {
    type Rejection = Response;

    async fn from_request(request: Request, shared: &Shared) -> Result<Self, Self::Rejection> {
        if !is_trusted(request.headers(), &shared.token) {
            return Err(refuse(StatusCode::UNAUTHORIZED, "the demo's token is missing or wrong"));
        }
        let body = Json::<T>::from_request(request, shared).await;
        body.map(|Json(body)| Self(body))
            .map_err(|wrong| refuse(wrong.status(), &wrong.body_text()))
    }
}

fn is_trusted(headers: &HeaderMap, token: &str) -> bool {
    let shown = headers.get(TOKEN_HEADER).and_then(|value| value.to_str().ok());
    shown == Some(token)
}

fn refuse(status: StatusCode, detail: &str) -> Response {
    let body = serde_json::json!({ "code": "demo", "status": status.as_u16(), "detail": detail });
    (status, Json(body)).into_response()
}

async fn clock(State(shared): State<Shared>, Trusted(by): Trusted<MoveClock>) -> Response {
    if !(1..=FORWARD_SECONDS_MAX).contains(&by.forward_seconds) {
        let detail = "the clock moves forward by one second to a year at a time";
        return refuse(StatusCode::UNPROCESSABLE_ENTITY, detail);
    }
    // Once begun, a move is finished even if nobody waits for it any more.
    let time = Arc::clone(&shared.time);
    let moving = tokio::spawn(async move {
        let told = time.pass(Span::seconds(by.forward_seconds)).await?;
        let happened = told.iter().map(ToString::to_string).collect();
        let ahead_seconds = time.app.clock.apart_ms() / 1_000;
        Ok::<_, DemoFault>(Moved { now: time.app.desk.now(), ahead_seconds, happened })
    });
    match moving.await {
        Ok(Ok(moved)) => Json(moved).into_response(),
        Ok(Err(fault)) => refuse(StatusCode::INTERNAL_SERVER_ERROR, &fault.to_string()),
        Err(crashed) => refuse(StatusCode::INTERNAL_SERVER_ERROR, &crashed.to_string()),
    }
}

async fn faults(State(shared): State<Shared>, Trusted(by): Trusted<MakeTrouble>) -> Response {
    match trouble::make(&shared.time.sandbox, by.trouble) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => refuse(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    }
}
