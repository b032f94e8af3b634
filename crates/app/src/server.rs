//! The server: takes connections, limits them, and stops cleanly. A caller who is slow, large or
//! one of too many is refused in time and costs nobody else anything.

use crate::{
    api,
    assembly::App,
    world::Stopwatch,
};
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

/// A caller has so long to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// A caller may pause so long while sending a body.
const BODY_PAUSE: Duration = Duration::from_secs(10);
/// A request is answered within this, whatever happens.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);
/// Connections held at once.
const CONNECTIONS_MAX: usize = 4_096;
/// How long requests under way may take when the server stops.
const DRAIN: Duration = Duration::from_secs(20);

/// The router with everything around it.
pub fn service(app: Arc<App>, requests_max: usize) -> Router {
    let limits = Arc::new(Semaphore::new(requests_max));
    api::router(Arc::clone(&app))
        .layer(RequestBodyTimeoutLayer::new(BODY_PAUSE))
        .layer(CatchPanicLayer::custom(crashed))
        .layer(middleware::from_fn_with_state((app, limits), around))
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
    State((app, limits)): State<(Arc<App>, Arc<Semaphore>)>,
    request: Request,
    next: Next,
) -> Response {
    let watch = Stopwatch::start();
    let language = api::request::language_of(request.headers());
    let refuse = |status, code| api::problem::Problem::new(status, code, language).into_response();
    let mut response = match limits.try_acquire() {
        Ok(_turn) => tokio::time::timeout(ANSWER_TIMEOUT, next.run(request))
            .await
            .unwrap_or_else(|_| refuse(StatusCode::GATEWAY_TIMEOUT, "too_slow")),
        Err(_) => refuse(StatusCode::SERVICE_UNAVAILABLE, "busy"),
    };
    if response.status() == StatusCode::PAYLOAD_TOO_LARGE {
        response = refuse(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large");
    }
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    app.metrics.answered(response.status().as_u16(), watch.elapsed());
    response
}

/// Serves until `stop` turns true, then lets requests under way come to their end.
///
/// # Errors
/// If the listener breaks.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    mut stop: watch::Receiver<bool>,
) -> std::io::Result<()> {
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
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
        let connection = connection(stream, router.clone());
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
) -> hyper::server::conn::http1::Connection<TokioIo<TcpStream>, TowerToHyperService<Router>> {
    // Small answers must not wait for one another.
    let _delayed = stream.set_nodelay(true);
    hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
}
