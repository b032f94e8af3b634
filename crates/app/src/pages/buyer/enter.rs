//! How a buyer comes in: by the link that the shop signed.

use crate::{
    access::{link::LIFE_SECONDS_MAX, token},
    api::problem::Problem,
    assembly::App,
    pages::{
        door::{Door, keep},
        page::Page,
        show::page,
        visit::Guest,
    },
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Redirect, Response},
};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "buyer/welcome.html")]
struct Welcome {
    p: Page,
    over: bool,
}

/// `GET /b/welcome`: for somebody who is not known.
///
/// # Errors
/// A [`Problem`] if the page cannot be shown.
pub async fn welcome(guest: Guest) -> Result<Response, Problem> {
    page(&Welcome { over: guest.query.contains_key("over"), p: guest.page })
}

/// `GET /b/enter/{token}`: the link. It is kept as a cookie, so that it leaves the address.
pub async fn enter(State(app): State<Arc<App>>, Path(text): Path<String>, _: Guest) -> Response {
    let link = match token::parse(&text) {
        Some(token::Token::Buyer(link)) => Some(link),
        Some(token::Token::Key(..) | token::Token::Person(..)) | None => None,
    };
    let known = link.and_then(|link| app.links.read(&link, app.desk.now()));
    if known.is_none() {
        return Redirect::to("/b/welcome?over=1").into_response();
    }
    let door = Door::Buyer;
    let kept = keep(&app, (door.cookie(), &text), door.path(), LIFE_SECONDS_MAX);
    ([(header::SET_COOKIE, kept)], Redirect::to(door.path())).into_response()
}
