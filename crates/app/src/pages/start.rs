//! Before the doors: the start page, and what a browser may prefer.

mod demo;

use super::{
    Routes,
    door::keep,
    page::{Page, Scheme},
    show::{page, safe_path},
    visit::{Guest, LANGUAGE, SCHEME},
};
use crate::{api::problem::Problem, assembly::App};
use askama::Template;
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use std::sync::Arc;

/// Preferences are kept for a year.
const KEPT_SECONDS: u32 = 366 * 86_400;

/// The routes before the doors.
pub fn routes() -> Routes {
    Routes::new().route("/", get(start)).route("/preferences", get(prefer))
}

#[derive(Template)]
#[template(path = "start/doors.html")]
struct Doors {
    p: Page,
}

async fn start(State(app): State<Arc<App>>, guest: Guest) -> Result<Response, Problem> {
    match app.demo.get() {
        Some(board) => demo::show(&app, board, guest.page).await,
        None => page(&Doors { p: guest.page }),
    }
}

/// `GET /preferences?lang=&scheme=&back=`: keeps what is named and goes back.
async fn prefer(State(app): State<Arc<App>>, guest: Guest) -> Response {
    let back = guest.query.get("back").map_or("/", String::as_str);
    let mut response = Redirect::to(&safe_path(back, "/")).into_response();
    let headers = response.headers_mut();
    if let Some(language) = guest.query.get("lang") {
        let language = if language.starts_with("en") { "en" } else { "zh-CN" };
        headers.append(header::SET_COOKIE, keep(&app, (LANGUAGE, language), "/", KEPT_SECONDS));
    }
    if let Some(scheme) = guest.query.get("scheme") {
        let scheme = Scheme::read(scheme).name();
        headers.append(header::SET_COOKIE, keep(&app, (SCHEME, scheme), "/", KEPT_SECONDS));
    }
    response
}
