//! A problem as a page: what happened, in plain words, and where to go on. Whoever is not known
//! at a door is sent to where they can be.

use super::{
    door::Door,
    page::{Page, encoded},
    show::html_response,
    visit::{language_of, page},
};
use crate::{api::problem::Problem, assembly::App};
use askama::Template;
use axum::{
    extract::{Request, State},
    http::{Method, StatusCode},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "layouts/problem.html")]
struct ProblemPage {
    p: Page,
    problem: Problem,
    home: &'static str,
}

#[derive(Template)]
#[template(path = "buyer/problem.html")]
struct BuyerProblemPage {
    p: Page,
    problem: Problem,
}

/// Turns the problems of pages into pages.
pub async fn as_page(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let kept = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    let Some(problem) = response.extensions().get::<Problem>().cloned() else { return response };
    let door = Door::of(kept.uri.path());
    if let Some(door) = door
        && problem.status == StatusCode::UNAUTHORIZED.as_u16()
    {
        // What was typed into a form is not sent again by itself.
        let back = if kept.method == Method::GET { kept.uri.to_string() } else { String::new() };
        return Redirect::to(&format!("{}?next={}", door.sign_in(), encoded(&back)))
            .into_response();
    }
    shown(problem, door, page(&kept, &app, language_of(&kept.headers)))
}

/// A problem as a page of a door.
#[must_use]
pub fn shown(problem: Problem, door: Option<Door>, p: Page) -> Response {
    let status = problem.http_status();
    let plain = problem.detail.clone();
    let home = door.map_or("/", Door::path);
    let html = match door {
        Some(Door::Buyer) => BuyerProblemPage { p, problem }.render(),
        Some(Door::Merchant | Door::Platform) | None => ProblemPage { p, problem, home }.render(),
    };
    html_response(status, html.unwrap_or(plain))
}
