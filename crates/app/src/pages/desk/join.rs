//! Taking up an invitation: setting a password.

use super::{failed, weak};
use crate::{
    access::{
        invitation::{self, Invited, Joined},
        member::Member,
        password::CHARS_MIN,
    },
    api::problem::Problem,
    assembly::App,
    pages::{
        door::Door,
        fields::Fields,
        page::{Page, encoded},
        show::{page, see, with_status},
        visit::Guest,
    },
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::policy::Language;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "desk/join.html")]
struct Join {
    p: Page,
    invited: Invited,
    token: String,
    door: Door,
    chars_min: usize,
}

/// `GET …/join/{token}`
///
/// # Errors
/// A [`Problem`] if the invitation is not good.
pub async fn show(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    guest: Guest,
) -> Result<Response, Problem> {
    let (invited, door) = found(&app, &token, &guest).await?;
    page(&Join { p: guest.page, invited, token, door, chars_min: CHARS_MIN })
}

/// `POST …/join/{token}`
///
/// # Errors
/// A [`Problem`] if the invitation is not good, or it could not be looked at now.
pub async fn take_up(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    guest: Guest,
    fields: Fields,
) -> Result<Response, Problem> {
    let (invited, door) = found(&app, &token, &guest).await?;
    let language = guest.page.texts.0;
    let password = fields.all("password").last().unwrap_or_default();
    let problem = if fields.all("again").last() == Some(password) {
        let done = invitation::take_up(&app, &token, password, app.desk.now()).await;
        match done.map_err(|fault| failed(fault, language))? {
            Joined::Done(member) => return Ok(see(&sign_in(door, &member), "joined")),
            Joined::Gone => return Err(gone(language)),
            Joined::Weak(weakness) => weak(weakness, language),
        }
    } else {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "passwords_differ", language)
    };
    let status = problem.http_status();
    let p = guest.page.with_problem(problem);
    with_status(status, &Join { p, invited, token, door, chars_min: CHARS_MIN })
}

fn sign_in(door: Door, member: &Member) -> String {
    let shop = if member.is_of_platform() { "" } else { member.shop_id.as_str() };
    let (shop, person) = (encoded(shop), encoded(member.person_id.as_str()));
    format!("{}?shop={shop}&person={person}", door.sign_in())
}

async fn found(app: &App, token: &str, guest: &Guest) -> Result<(Invited, Door), Problem> {
    let language = guest.page.texts.0;
    let door = guest.page.door.unwrap_or(Door::Merchant);
    let invited = invitation::read(app, token, app.desk.now()).await;
    let invited = invited.map_err(|fault| Problem::fault(&fault, language))?;
    let here = |invited: &Invited| invited.member.is_of_platform() == (door == Door::Platform);
    Ok((invited.filter(here).ok_or_else(|| gone(language))?, door))
}

fn gone(language: Language) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "invitation_gone", language)
}
