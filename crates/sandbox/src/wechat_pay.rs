//! WeChat Pay API v3 as a merchant meets it: routes, and the way of every request.
//!
//! Raw bytes are authorised, faults are met, the books decide, the answer is signed.

mod abnormal;
mod answer;
mod apply;
mod authorization;
mod certificates;
pub(crate) mod notices;
mod object;
mod order;
pub(crate) mod platform;
mod problem;
mod query;
mod schema;

use std::{io, sync::Arc};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Path, State},
    http::{HeaderMap, Request, Response},
    routing::{get, post},
};
use futures_util::stream;

use self::{
    answer::{Answer, Dress},
    authorization::authorise,
    problem::Problem,
};
use crate::{
    faults::{Call, Kind},
    world::{MerchantAccess, World},
};

/// The largest request read.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// What a request asks, once its path is known.
enum Asked {
    Apply,
    Query(String),
    ApplyAbnormal(String),
    Certificates,
    OrderById(String),
    OrderByTradeNo(String),
}

/// A request that proved to be the merchant's.
pub(crate) struct Authorised<'a> {
    pub world: &'a Arc<World>,
    pub merchant: &'a MerchantAccess,
    /// `Wechatpay-Serial` of the request.
    pub serial: Option<String>,
    pub query: String,
    pub body: Bytes,
}

pub(crate) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route(
            "/v3/refund/domestic/refunds",
            post(|State(world), request| serve(world, Asked::Apply, request)),
        )
        .route(
            "/v3/refund/domestic/refunds/{out_refund_no}",
            get(|State(world), Path(no), request| serve(world, Asked::Query(no), request)),
        )
        .route(
            "/v3/refund/domestic/refunds/{refund_id}/apply-abnormal-refund",
            post(|State(world), Path(id), request| serve(world, Asked::ApplyAbnormal(id), request)),
        )
        .route(
            "/v3/certificates",
            get(|State(world), request| serve(world, Asked::Certificates, request)),
        )
        .route(
            "/v3/pay/transactions/id/{transaction_id}",
            get(|State(world), Path(id), request| serve(world, Asked::OrderById(id), request)),
        )
        .route(
            "/v3/pay/transactions/out-trade-no/{out_trade_no}",
            get(|State(world), Path(no), request| serve(world, Asked::OrderByTradeNo(no), request)),
        )
}

async fn serve(world: Arc<World>, asked: Asked, request: Request<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let serial = text(&parts.headers, "wechatpay-serial").map(str::to_owned);
    let Ok(body) = axum::body::to_bytes(body, BODY_BYTES_MAX).await else {
        return Answer::from(Problem::too_large()).dress(&world, &Dress::default());
    };
    let dress = Dress { request_serial: serial.clone(), ..Dress::default() };
    let merchant = match authorise(&world, &parts, &body) {
        Ok(merchant) => merchant,
        Err(problem) => return Answer::from(problem).dress(&world, &dress),
    };
    let query = parts.uri.query().unwrap_or_default().to_owned();
    conduct(&asked, Authorised { world: &world, merchant, serial, query, body }, dress).await
}

/// Answers, or misbehaves as it was told to.
async fn conduct(asked: &Asked, request: Authorised<'_>, dress: Dress) -> Response<Body> {
    let world = request.world;
    let (call, out_refund_no) = about(asked, &request);
    let fault = world.conduct(call, &out_refund_no);
    match &fault {
        Some(Kind::SilenceBefore) => return silence(world).await,
        Some(Kind::FrequencyLimitedBefore) => return limited().dress(world, &dress),
        Some(Kind::SystemErrorBefore) => return system_error().dress(world, &dress),
        Some(Kind::BadGatewayBefore) => return answer::bad_gateway(),
        _ => {}
    }
    let answer = decide(asked, request).await;
    match &fault {
        Some(Kind::SilenceAfter) => silence(world).await,
        Some(Kind::FrequencyLimitedAfter) => limited().dress(world, &dress),
        Some(Kind::SystemErrorAfter) => system_error().dress(world, &dress),
        Some(Kind::BadGatewayAfter) => answer::bad_gateway(),
        Some(Kind::AnswerTampered) => answer.dress(world, &Dress { tampered: true, ..dress }),
        Some(kind) => answer.dress(world, &Dress { spoil: kind.spoil(), ..dress }),
        None => answer.dress(world, &dress),
    }
}

async fn decide(asked: &Asked, request: Authorised<'_>) -> Answer {
    let decided = match asked {
        Asked::Apply => apply::answer(request).await,
        Asked::Query(out_refund_no) => query::answer(&request, out_refund_no),
        Asked::ApplyAbnormal(refund_id) => abnormal::answer(&request, refund_id),
        Asked::Certificates => certificates::answer(&request),
        Asked::OrderById(id) => order::answer_by_id(&request, id),
        Asked::OrderByTradeNo(no) => order::answer_by_trade_no(&request, no),
    };
    decided.unwrap_or_else(Answer::from)
}

/// Which kind of call this is, and about which refund, for faults that ask.
fn about(asked: &Asked, request: &Authorised<'_>) -> (Call, String) {
    let in_body = || {
        let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap_or_default();
        body["out_refund_no"].as_str().unwrap_or_default().to_owned()
    };
    match asked {
        Asked::Apply => (Call::Apply, in_body()),
        Asked::Query(out_refund_no) => (Call::Query, out_refund_no.clone()),
        Asked::ApplyAbnormal(_) => (Call::ApplyAbnormal, in_body()),
        Asked::Certificates | Asked::OrderById(_) | Asked::OrderByTradeNo(_) => {
            (Call::Any, String::new())
        }
    }
}

/// No answer: the connection is held for a while, then broken.
async fn silence(world: &World) -> Response<Body> {
    tokio::time::sleep(world.pace.silence).await;
    let broken = io::Error::new(io::ErrorKind::ConnectionReset, "silenced");
    Response::new(Body::from_stream(stream::iter([Err::<Bytes, _>(broken)])))
}

fn limited() -> Answer {
    Answer::from(Problem::frequency_limited())
}

fn system_error() -> Answer {
    Answer::from(Problem::system_error())
}

pub(crate) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
