//! What both desks share: coming in, going out, and one's own account.

pub mod account;
pub mod join;
pub mod sign_in;

use super::{
    Routes,
    door::{Door, present},
    visit::Visit,
};
use crate::{
    access::{fault::Fault, password::Weakness, session::Present},
    api::problem::Problem,
    assembly::App,
};
use axum::{
    http::{HeaderMap, StatusCode, header},
    routing::{get, post},
};
use domain::{
    finding::{Fact, FactValue},
    moment::Moment,
    policy::Language,
};

/// The routes of one desk.
pub fn routes(door: Door) -> Routes {
    let at = |path: &str| format!("{}{path}", door.path());
    Routes::new()
        .route(&at("/sign-in"), get(sign_in::show).post(sign_in::with_password))
        .route(&at("/sign-in/code"), post(sign_in::with_code))
        .route(&at("/sign-out"), post(sign_in::sign_out))
        .route(&at("/join/{token}"), get(join::show).post(join::take_up))
        .route(&at("/account"), get(account::show))
        .route(&at("/account/password"), post(account::change_password))
        .route(&at("/account/second-factor"), post(account::begin_second_factor))
        .route(&at("/account/second-factor/confirm"), post(account::confirm_second_factor))
        .route(&at("/account/second-factor/end"), post(account::end_second_factor))
        .route(&at("/account/sessions/end-others"), post(account::end_other_sessions))
        .route(&at("/account/sessions/{session_id}/end"), post(account::end_session))
}

/// What failed while somebody was signing in, as they are told it.
#[must_use]
pub fn failed(fault: Fault, language: Language) -> Problem {
    match fault {
        Fault::Store(fault) => Problem::fault(&fault, language),
        Fault::Busy => Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", language),
        Fault::Broken(what) => {
            tracing::error!(what, "signing in failed");
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", language)
        }
    }
}

/// A name is locked.
fn locked(until: Moment, language: Language) -> Problem {
    let facts = vec![Fact { name: "until".to_owned(), value: FactValue::Moment(until) }];
    Problem::with_facts(StatusCode::TOO_MANY_REQUESTS, "sign_in_locked", facts, language)
}

/// A text may not be a password.
fn weak(weakness: Weakness, language: Language) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, weakness.code(), language)
}

/// Which browser it is.
fn agent(headers: &HeaderMap) -> &str {
    headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// The session in which a visit is made.
async fn here(app: &App, visit: &Visit, headers: &HeaderMap) -> Result<(Door, Present), Problem> {
    let door = visit.page.door.unwrap_or(Door::Merchant);
    let found = present(app, door, headers).await;
    let found = found.map_err(|fault| Problem::fault(&fault, visit.language()))?;
    let signed_out = || visit.asked.problem(StatusCode::UNAUTHORIZED, "signed_out");
    Ok((door, found.ok_or_else(signed_out)?))
}
