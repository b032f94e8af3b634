//! One's own account: the password, the second factor, the sessions.

use super::{failed, here, locked, weak};
use crate::{
    access::{
        credential::{self, Proof, Set},
        password::CHARS_MIN,
        second_factor::{self, Change, Enrolment},
        session::{self, Present, Session, Which},
    },
    api::problem::Problem,
    assembly::App,
    pages::{
        door::Door,
        fields::Fields,
        page::Page,
        show::{page, see, with_status},
        visit::Visit,
    },
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use domain::moment::Moment;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "desk/account.html")]
struct Account {
    p: Page,
    door: Door,
    present: Present,
    has_password: bool,
    factor_since: Option<Moment>,
    recovery_left: usize,
    enrolment: Option<Enrolment>,
    /// Recovery codes, shown this once.
    codes: Vec<String>,
    sessions: Vec<Session>,
    chars_min: usize,
}

impl Account {
    fn factor_on(&self, since: &Moment) -> String {
        self.p.t2("factor-on", &("since", self.p.time(since)), &("left", self.recovery_left))
    }
}

/// `GET …/account`
///
/// # Errors
/// A [`Problem`] if it cannot be read.
pub async fn show(
    State(app): State<Arc<App>>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (door, present) = here(&app, &visit, &headers).await?;
    page(&account(&app, (door, present), visit.page, Vec::new()).await?)
}

async fn account(
    app: &App,
    (door, present): (Door, Present),
    p: Page,
    codes: Vec<String>,
) -> Result<Account, Problem> {
    let language = p.texts.0;
    let fault = |fault| Problem::fault(&fault, language);
    let kept = credential::load(app, &present.member).await.map_err(fault)?;
    let kept = kept.map(|entry| entry.body);
    let sessions = session::list(app, &present.member, p.now).await.map_err(fault)?;
    let enrolment = second_factor::pending(app, &present.member).await;
    Ok(Account {
        has_password: kept.is_some(),
        factor_since: kept.as_ref().and_then(|kept| kept.second_factor_since()),
        recovery_left: kept.as_ref().map_or(0, |kept| kept.recovery_codes_left()),
        enrolment: enrolment.map_err(|fault| failed(fault, language))?,
        codes,
        sessions,
        chars_min: CHARS_MIN,
        p,
        door,
        present,
    })
}

/// The page again, with what went wrong.
async fn again(
    app: &App,
    at: (Door, Present),
    visit: Visit,
    problem: Problem,
) -> Result<Response, Problem> {
    let status = problem.http_status();
    let p = visit.page.with_problem(problem);
    with_status(status, &account(app, at, p, Vec::new()).await?)
}

/// `POST …/account/password`
///
/// # Errors
/// A [`Problem`] if it could not be done now.
pub async fn change_password(
    State(app): State<Arc<App>>,
    visit: Visit,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, Problem> {
    let (door, present) = here(&app, &visit, &headers).await?;
    let language = visit.language();
    let typed = |name| fields.all(name).last().unwrap_or_default();
    let wrong = |code| visit.asked.problem(StatusCode::UNPROCESSABLE_ENTITY, code);
    let problem = if typed("new") == typed("again") {
        let words = (typed("password"), typed("new"));
        let done = credential::change_password(&app, &present, words, app.desk.now()).await;
        match done.map_err(|fault| failed(fault, language))? {
            Set::Done => return Ok(see(&page_of(door), "password-changed")),
            Set::Weak(weakness) => weak(weakness, language),
            Set::Wrong => wrong("password_wrong"),
            Set::Locked(until) => locked(until, language),
            Set::Meanwhile => visit.asked.problem(StatusCode::CONFLICT, "changed_meanwhile"),
        }
    } else {
        wrong("passwords_differ")
    };
    again(&app, (door, present), visit, problem).await
}

/// `POST …/account/second-factor`
///
/// # Errors
/// A [`Problem`] if it could not be done now.
pub async fn begin_second_factor(
    State(app): State<Arc<App>>,
    visit: Visit,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, Problem> {
    let (door, present) = here(&app, &visit, &headers).await?;
    if let Some(problem) = unproven(&app, &visit, &present, &fields).await? {
        return again(&app, (door, present), visit, problem).await;
    }
    let begun = second_factor::begin(&app, &present, app.desk.now()).await;
    match begun.map_err(|fault| failed(fault, visit.language()))? {
        Some(_) => Ok(see(&page_of(door), "second-factor-begun")),
        None => Err(visit.asked.problem(StatusCode::CONFLICT, "changed_meanwhile")),
    }
}

/// `POST …/account/second-factor/confirm`: shows the recovery codes, this once.
///
/// # Errors
/// A [`Problem`] if it could not be done now.
pub async fn confirm_second_factor(
    State(app): State<Arc<App>>,
    visit: Visit,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, Problem> {
    let (door, present) = here(&app, &visit, &headers).await?;
    let code = fields.one("code");
    let done = second_factor::confirm(&app, &present, code, app.desk.now()).await;
    let problem = match done.map_err(|fault| failed(fault, visit.language()))? {
        Change::Confirmed(codes) => {
            let mut p = visit.page;
            p.done = Some("second-factor-confirmed".to_owned());
            return page(&account(&app, (door, present), p, codes).await?);
        }
        Change::WrongCode => visit.asked.problem(StatusCode::UNPROCESSABLE_ENTITY, "code_wrong"),
        Change::Meanwhile | Change::Ended => {
            visit.asked.problem(StatusCode::CONFLICT, "changed_meanwhile")
        }
    };
    again(&app, (door, present), visit, problem).await
}

/// `POST …/account/second-factor/end`
///
/// # Errors
/// A [`Problem`] if it could not be done now.
pub async fn end_second_factor(
    State(app): State<Arc<App>>,
    visit: Visit,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, Problem> {
    let (door, present) = here(&app, &visit, &headers).await?;
    if let Some(problem) = unproven(&app, &visit, &present, &fields).await? {
        return again(&app, (door, present), visit, problem).await;
    }
    let by = visit.asked.caller.actor();
    let done = second_factor::end(&app, &present.member, &by, app.desk.now()).await;
    match done.map_err(|fault| failed(fault, visit.language()))? {
        Change::Ended => Ok(see(&page_of(door), "second-factor-ended")),
        Change::Confirmed(_) | Change::WrongCode | Change::Meanwhile => {
            Err(visit.asked.problem(StatusCode::CONFLICT, "changed_meanwhile"))
        }
    }
}

/// `POST …/account/sessions/{session_id}/end`
///
/// # Errors
/// A [`Problem`] if it could not be done now.
pub async fn end_session(
    State(app): State<Arc<App>>,
    Path(session_id): Path<String>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (door, present) = here(&app, &visit, &headers).await?;
    end(&app, &visit, (door, &present), Which::One(&session_id)).await
}

/// `POST …/account/sessions/end-others`
///
/// # Errors
/// A [`Problem`] if it could not be done now.
pub async fn end_other_sessions(
    State(app): State<Arc<App>>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (door, present) = here(&app, &visit, &headers).await?;
    end(&app, &visit, (door, &present), Which::Others(&present.session_id)).await
}

async fn end(
    app: &App,
    visit: &Visit,
    (door, present): (Door, &Present),
    which: Which<'_>,
) -> Result<Response, Problem> {
    let by = visit.asked.caller.actor();
    let ended = session::end(app, &present.member, which, &by, app.desk.now()).await;
    ended.map_err(|fault| failed(fault, visit.language()))?;
    Ok(see(&page_of(door), "session-ended"))
}

/// A stranger at an unlocked desk does not know the password: it is asked for again.
async fn unproven(
    app: &App,
    visit: &Visit,
    present: &Present,
    fields: &Fields,
) -> Result<Option<Problem>, Problem> {
    let password = fields.all("password").last().unwrap_or_default();
    let proof = credential::prove(app, &present.member, password, app.desk.now()).await;
    let language = visit.language();
    Ok(match proof.map_err(|fault| failed(fault, language))? {
        Proof::Right => None,
        Proof::Wrong => {
            Some(visit.asked.problem(StatusCode::UNPROCESSABLE_ENTITY, "password_wrong"))
        }
        Proof::Locked(until) => Some(locked(until, language)),
    })
}

fn page_of(door: Door) -> String {
    format!("{}/account", door.path())
}
