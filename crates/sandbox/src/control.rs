//! The sandbox's own API under `/sandbox/`: looked at and steered by people and tests.
//!
//! | call | body | does |
//! |---|---|---|
//! | `GET /sandbox/state` | | clock, balances, notices with every attempt, faults waiting |
//! | `GET /sandbox/refunds` | | every refund in the books |
//! | `PUT /sandbox/clock` | `{"advance_seconds":n}` | moves time; what is due happens first |
//! | `PUT /sandbox/transactions` | see `Payment` | makes a payment known |
//! | `PUT /sandbox/merchants/{mchid}/balance` | `{"balance_fen":n}` | sets the balance |
//! | `POST /sandbox/faults` | `{"kind","scope","call"}`, see [`Fault`] | asks for trouble |
//! | `PUT /sandbox/phone` | `{"openid","mood"}`, see [`Phone`] | who authorises, and how |
//! | `DELETE /sandbox/faults` | | no more trouble |

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post, put},
};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    books::{
        refund::Refund,
        transaction::{PayerAccount, Transaction},
    },
    clock::rfc3339,
    faults::Fault,
    random,
    start::{self, PutError},
    wechat_login::Phone,
    wechat_pay::notices,
    world::World,
};

type Shared = State<Arc<World>>;

pub(crate) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/sandbox/state", get(state))
        .route("/sandbox/clock", put(clock))
        .route("/sandbox/faults", post(add_fault).delete(clear_faults))
        .route("/sandbox/transactions", put(put_transaction))
        .route("/sandbox/merchants/{mchid}/balance", put(put_balance))
        .route("/sandbox/refunds", get(refunds))
        .route("/sandbox/phone", put(phone))
}

async fn state(State(world): Shared) -> Json<Value> {
    Json(shown(&world))
}

fn shown(world: &World) -> Value {
    world.act(|state, now_ms| {
        let books = &state.books;
        let merchants: Vec<_> = books
            .balances()
            .map(|(mchid, balance_fen)| json!({ "mchid": mchid, "balance_fen": balance_fen }))
            .collect();
        let notices: Vec<_> = books
            .notices()
            .map(|notice| {
                json!({
                    "id": notice.id,
                    "event_type": notice.event_type,
                    "out_refund_no": notice.out_refund_no,
                    "acknowledged": notice.is_acknowledged(),
                    "due": notice.due_ms.map(rfc3339),
                    "attempts": notice.attempts,
                })
            })
            .collect();
        json!({
            "now": rfc3339(now_ms),
            "offset_seconds": world.clock.offset_ms() / 1_000,
            "mode": world.platform.mode,
            "merchants": merchants,
            "transactions": books.transactions().count(),
            "refunds": books.refunds().count(),
            "notices": notices,
            "faults": state.faults.list(),
        })
    })
}

/// Exactly one of the two.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum MoveClock {
    OffsetSeconds(i64),
    AdvanceSeconds(i64),
}

async fn clock(State(world): Shared, Json(by): Json<MoveClock>) -> Json<Value> {
    let offset_ms = match by {
        MoveClock::OffsetSeconds(seconds) => seconds.saturating_mul(1_000),
        MoveClock::AdvanceSeconds(seconds) => {
            world.clock.offset_ms().saturating_add(seconds.saturating_mul(1_000))
        }
    };
    world.set_clock(offset_ms);
    notices::deliver(&world).await;
    Json(shown(&world))
}

async fn phone(State(world): Shared, Json(phone): Json<Phone>) -> StatusCode {
    world.login.set(phone);
    StatusCode::NO_CONTENT
}

async fn add_fault(State(world): Shared, Json(fault): Json<Fault>) -> StatusCode {
    world.act(|state, _| state.faults.add(fault));
    StatusCode::NO_CONTENT
}

async fn clear_faults(State(world): Shared) -> StatusCode {
    world.act(|state, _| state.faults.clear());
    StatusCode::NO_CONTENT
}

/// What a payment is registered with; the rest has believable defaults.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Payment {
    transaction_id: Option<String>,
    out_trade_no: String,
    mchid: String,
    total_fen: i64,
    payer_total_fen: Option<i64>,
    #[serde(default)]
    settled_coupon_fen: i64,
    paid_at: Option<Timestamp>,
    #[serde(default)]
    payer_account: PayerAccount,
    openid: Option<String>,
}

async fn put_transaction(State(world): Shared, Json(payment): Json<Payment>) -> Response {
    let now_ms = world.clock.now_ms();
    let id = payment.transaction_id.unwrap_or_else(|| random::transaction_id(now_ms));
    let (no, mchid, total_fen) = (payment.out_trade_no, payment.mchid, payment.total_fen);
    let plain = Transaction::new(&id, &no, &mchid, total_fen);
    let transaction = Transaction {
        payer_total_fen: payment.payer_total_fen.unwrap_or(total_fen),
        settled_coupon_fen: payment.settled_coupon_fen,
        paid_at_ms: payment.paid_at.map_or(now_ms, Timestamp::as_millisecond),
        payer_account: payment.payer_account,
        openid: payment.openid.unwrap_or(plain.openid.clone()),
        ..plain
    };
    let answer = Json(json!(transaction));
    start::put_transaction(&world, transaction).map(|()| answer).into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Balance {
    balance_fen: i64,
}

async fn put_balance(
    State(world): Shared,
    Path(mchid): Path<String>,
    Json(Balance { balance_fen }): Json<Balance>,
) -> Response {
    let done = start::set_balance(&world, &mchid, balance_fen);
    done.map(|()| StatusCode::NO_CONTENT).into_response()
}

async fn refunds(State(world): Shared) -> Json<Vec<Refund>> {
    Json(world.act(|state, _| state.books.refunds().cloned().collect()))
}

impl IntoResponse for PutError {
    fn into_response(self) -> Response {
        let status = match self {
            Self::NoSuchMerchant => StatusCode::NOT_FOUND,
            Self::Implausible => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Refunded => StatusCode::CONFLICT,
        };
        (status, Json(json!({ "message": self.to_string() }))).into_response()
    }
}
