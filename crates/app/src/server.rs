//! The server: takes connections, limits them, and stops cleanly. A caller who is slow, large or
//! one of too many is refused in time and costs nobody else anything.

use crate::{api, assembly::App, world::Stopwatch};
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use std::{sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
};
use tower_http::{catch_panic::CatchPanicLayer, timeout::RequestBodyTimeoutLayer};

/// What a caller may take of the server.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// A caller has so long to send the head of a request.
    pub head_timeout: Duration,
    /// A caller may pause so long while sending a body.
    pub body_pause: Duration,
    /// A request is answered within this, whatever happens.
    pub answer_timeout: Duration,
    /// Connections held at once; more are closed.
    pub connections_max: usize,
    /// Requests served at once; more are told to come back.
    pub requests_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head_timeout: Duration::from_secs(10),
            body_pause: Duration::from_secs(10),
            answer_timeout: Duration::from_secs(60),
            connections_max: 4_096,
            requests_max: 1_024,
        }
    }
}

/// How long requests under way may take when the server stops.
const DRAIN: Duration = Duration::from_secs(20);

/// The router with everything around it.
pub fn service(app: Arc<App>, requests_max: usize) -> Router {
    service_within(app, &Limits { requests_max, ..Limits::default() })
}

/// The router with everything around it, within limits.
pub fn service_within(app: Arc<App>, limits: &Limits) -> Router {
    let turns = Arc::new(Semaphore::new(limits.requests_max));
    let outside = Outside { app: Arc::clone(&app), turns, answer_timeout: limits.answer_timeout };
    api::router(app)
        .layer(RequestBodyTimeoutLayer::new(limits.body_pause))
        .layer(CatchPanicLayer::custom(crashed))
        .layer(middleware::from_fn_with_state(outside, around))
}

/// What stands around every request.
#[derive(Clone)]
struct Outside {
    app: Arc<App>,
    turns: Arc<Semaphore>,
    answer_timeout: Duration,
}

/// A bug crashes one request, not the server; the log has the message, the caller a code.
fn crashed(panic: Box<dyn std::any::Any + Send>) -> Response {
    let message = panic.downcast_ref::<String>().map(String::as_str);
    let message = message.or(panic.downcast_ref::<&str>().copied()).unwrap_or("unknown");
    tracing::error!(panic = message, "a request crashed");
    let language = domain::policy::Language::Zh;
    api::problem::Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", language)
        .into_response()
}

async fn around(
    State(Outside { app, turns, answer_timeout }): State<Outside>,
    request: Request,
    next: Next,
) -> Response {
    let watch = Stopwatch::start();
    let language = api::request::language_of(request.headers());
    let refuse = |status, code| api::problem::Problem::new(status, code, language).into_response();
    let mut response = match turns.try_acquire() {
        Ok(_turn) => tokio::time::timeout(answer_timeout, next.run(request))
            .await
            .unwrap_or_else(|_| refuse(StatusCode::GATEWAY_TIMEOUT, "too_slow")),
        Err(_) => refuse(StatusCode::SERVICE_UNAVAILABLE, "busy"),
    };
    if let Some(code) = unspoken(&response) {
        response = refuse(response.status(), code);
    }
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    app.metrics.answered(response.status().as_u16(), watch.elapsed());
    response
}

/// The code of an answer that the framework gave in its own words.
fn unspoken(response: &Response) -> Option<&'static str> {
    let kind = response.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
    if !kind.starts_with("text/plain") {
        return None;
    }
    match response.status() {
        StatusCode::BAD_REQUEST
        | StatusCode::UNSUPPORTED_MEDIA_TYPE
        | StatusCode::UNPROCESSABLE_ENTITY => Some("request_malformed"),
        StatusCode::PAYLOAD_TOO_LARGE => Some("body_too_large"),
        StatusCode::REQUEST_TIMEOUT => Some("body_timeout"),
        StatusCode::INTERNAL_SERVER_ERROR => Some("internal"),
        _ => None,
    }
}

/// Serves until `stop` turns true, then lets requests under way come to their end.
///
/// # Errors
/// If the listener breaks.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stop: watch::Receiver<bool>,
) -> std::io::Result<()> {
    serve_within(listener, router, stop, &Limits::default()).await
}

/// Serves within limits until `stop` turns true, then lets requests under way come to their end.
///
/// # Errors
/// If the listener breaks.
pub async fn serve_within(
    listener: TcpListener,
    router: Router,
    mut stop: watch::Receiver<bool>,
    limits: &Limits,
) -> std::io::Result<()> {
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(limits.connections_max));
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.changed() => break,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                // Too many open files, most likely: wait for some to be closed.
                tracing::warn!(error = %error, "a connection could not be taken");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else { continue };
        let connection = connection(stream, router.clone(), limits.head_timeout);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // A caller who goes away is no event.
            let _gone = connection.await;
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(DRAIN, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not come to their end in time");
    }
    Ok(())
}

fn connection(
    stream: TcpStream,
    router: Router,
    head_timeout: Duration,
) -> hyper::server::conn::http1::Connection<TokioIo<TcpStream>, TowerToHyperService<Router>> {
    // Small answers must not wait for one another.
    let _delayed = stream.set_nodelay(true);
    hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head_timeout)
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
}
