//! Signing in and out.

use super::{agent, failed, locked};
use crate::{
    access::{
        PLATFORM,
        member::Member,
        session::{self, LONGEST, Which},
        sign_in::{self, SignIn},
    },
    api::problem::Problem,
    assembly::App,
    pages::{
        door::{Door, keep, present},
        fields::Fields,
        page::Page,
        show::{page, safe_path, see, with_status},
        visit::Guest,
    },
};
use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use domain::policy::Language;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "desk/sign_in.html")]
struct Form {
    p: Page,
    door: Door,
    shop: String,
    person: String,
    next: String,
}

#[derive(Template)]
#[template(path = "desk/code.html")]
struct Code {
    p: Page,
    door: Door,
    stamp: String,
    next: String,
}

/// `GET …/sign-in`
///
/// # Errors
/// A [`Problem`] if the page cannot be shown.
pub async fn show(
    State(app): State<Arc<App>>,
    guest: Guest,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let door = door(&guest);
    let asked = |name: &str| guest.query.get(name).cloned().unwrap_or_default();
    let next = inside(door, &asked("next"));
    let language = guest.page.texts.0;
    let here = present(&app, door, &headers).await;
    if here.map_err(|fault| Problem::fault(&fault, language))?.is_some() {
        return Ok(Redirect::to(&next).into_response());
    }
    page(&Form { door, shop: asked("shop"), person: asked("person"), next, p: guest.page })
}

/// `POST …/sign-in`
///
/// # Errors
/// A [`Problem`] if it could not be looked at now.
pub async fn with_password(
    State(app): State<Arc<App>>,
    guest: Guest,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, Problem> {
    let (door, language) = (door(&guest), guest.page.texts.0);
    let (shop, person) = (fields.one("shop").to_lowercase(), fields.one("person").to_owned());
    let member = match door {
        Door::Platform => Member::named(PLATFORM, &person),
        Door::Merchant | Door::Buyer => {
            Member::named(&shop, &person).filter(|member| !member.is_of_platform())
        }
    };
    // A password is taken as it was typed, blanks and all.
    let password = fields.all("password").last().unwrap_or_default();
    let shown = (password, agent(&headers));
    let done = sign_in::with_password(&app, member.as_ref(), shown, app.desk.now()).await;
    let next = inside(door, fields.one("next"));
    let problem = match done.map_err(|fault| failed(fault, language))? {
        SignIn::In(token) => return Ok(let_in(&app, door, &token, &next)),
        SignIn::CodeNeeded(stamp) => {
            return page(&Code { p: guest.page, door, stamp, next });
        }
        SignIn::Wrong => wrong("sign_in_wrong", language),
        SignIn::Locked(until) => locked(until, language),
    };
    let status = problem.http_status();
    with_status(status, &Form { p: guest.page.with_problem(problem), door, shop, person, next })
}

/// `POST …/sign-in/code`
///
/// # Errors
/// A [`Problem`] if it could not be looked at now.
pub async fn with_code(
    State(app): State<Arc<App>>,
    guest: Guest,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, Problem> {
    let (door, language) = (door(&guest), guest.page.texts.0);
    let stamp = fields.one("stamp").to_owned();
    let shown = (fields.one("code"), agent(&headers));
    let done = sign_in::with_code(&app, &stamp, shown, app.desk.now()).await;
    let next = inside(door, fields.one("next"));
    let problem = match done.map_err(|fault| failed(fault, language))? {
        SignIn::In(token) => return Ok(let_in(&app, door, &token, &next)),
        SignIn::CodeNeeded(_) | SignIn::Wrong => wrong("code_wrong", language),
        SignIn::Locked(until) => locked(until, language),
    };
    with_status(
        problem.http_status(),
        &Code { p: guest.page.with_problem(problem), door, stamp, next },
    )
}

/// `POST …/sign-out`
///
/// # Errors
/// A [`Problem`] if the session cannot be ended.
pub async fn sign_out(
    State(app): State<Arc<App>>,
    guest: Guest,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (door, language) = (door(&guest), guest.page.texts.0);
    let here = present(&app, door, &headers).await;
    if let Some(here) = here.map_err(|fault| Problem::fault(&fault, language))? {
        let (by, at) = (here.caller(None).actor(), app.desk.now());
        let ended = session::end(&app, &here.member, Which::One(&here.session_id), &by, at).await;
        ended.map_err(|fault| failed(fault, language))?;
    }
    let mut response = see(door.sign_in(), "signed-out");
    let forget = keep(&app, (door.cookie(), ""), door.path(), 0);
    response.headers_mut().append(header::SET_COOKIE, forget);
    Ok(response)
}

fn wrong(code: &str, language: Language) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, language)
}

/// Which desk it is.
fn door(guest: &Guest) -> Door {
    guest.page.door.unwrap_or(Door::Merchant)
}

/// A path of this desk: whoever signed in at one is not sent to another.
fn inside(door: Door, next: &str) -> String {
    let next = safe_path(next, door.path());
    let elsewhere = Door::of(&next) != Some(door) || next.starts_with(door.sign_in());
    if elsewhere { door.path().to_owned() } else { next }
}

fn let_in(app: &App, door: Door, token: &str, next: &str) -> Response {
    let seconds = u32::try_from(LONGEST.ms() / 1_000).unwrap_or(0);
    let kept = keep(app, (door.cookie(), token), door.path(), seconds);
    ([(header::SET_COOKIE, kept)], Redirect::to(next)).into_response()
}

#[cfg(test)]
mod tests {
    use super::{Door, inside};

    #[test]
    fn whoever_signs_in_stays_at_this_desk() {
        for next in ["//evil.example", "/p", "/", "", "/m/sign-in?next=/m", "/api/v1/cases"] {
            assert_eq!(inside(Door::Merchant, next), "/m", "{next}");
        }
        assert_eq!(inside(Door::Merchant, "/m/cases?tab=1"), "/m/cases?tab=1");
    }
}
