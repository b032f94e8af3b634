//! What a visitor of a demo does from its pages: go in by a door without a password, let time
//! pass, make trouble. Forms of our own pages only; outside a demo there are no such routes.

use super::{
    DemoFault,
    board::{Board, Changed, Happening},
    control::{FORWARD_SECONDS_MAX, Shared},
    tokens::BuyerToken,
    trouble::{self, Trouble},
};
use crate::{
    access::{link::LIFE_SECONDS_MAX, member::Member, same_origin::same_origin, session},
    assembly::App,
    pages::{
        door::{Door, keep},
        show::safe_path,
    },
};
use axum::{
    Form, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use domain::moment::Span;
use serde::Deserialize;

/// How long the browser keeps what opened a desk, in seconds: two weeks.
const KEPT_SECONDS: u32 = 14 * 86_400;

/// The routes.
pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/demo/enter", post(enter))
        .route("/demo/time", post(time))
        .route("/demo/trouble", post(make_trouble))
}

/// `POST /demo/enter`
#[derive(Debug, Deserialize)]
struct Enter {
    /// `buyer/0`, or `shop/person`.
    who: String,
    #[serde(default)]
    next: String,
}

/// `POST /demo/time`
#[derive(Debug, Deserialize)]
struct Forward {
    forward_seconds: u32,
    #[serde(default)]
    back: String,
}

/// `POST /demo/trouble`
#[derive(Debug, Deserialize)]
struct Make {
    trouble: Trouble,
    #[serde(default)]
    back: String,
}

async fn enter(
    State(shared): State<Shared>,
    headers: HeaderMap,
    Form(form): Form<Enter>,
) -> Response {
    let app = &shared.time.app;
    let Some(board) = board(app, &headers) else { return refuse() };
    let opened = match form.who.split_once('/') {
        Some(("buyer", n)) => {
            let buyer = n.parse().ok().and_then(|n: usize| board.tokens.buyers.get(n));
            buyer.map(|BuyerToken { token, .. }| (Door::Buyer, token.clone(), LIFE_SECONDS_MAX))
        }
        Some((shop, person)) => {
            let known = |one: &super::tokens::PersonToken| one.shop == shop && one.person == person;
            let known = board.tokens.people.iter().any(known);
            match Member::named(shop, person).filter(|_| known) {
                Some(member) => open(app, &member, &headers).await,
                None => None,
            }
        }
        None => None,
    };
    let Some((door, token, seconds)) = opened else { return refuse() };
    let kept = keep(app, (door.cookie(), &token), door.path(), seconds);
    let next = Redirect::to(&safe_path(&form.next, door.path()));
    ([(header::SET_COOKIE, kept)], next).into_response()
}

async fn open(app: &App, member: &Member, headers: &HeaderMap) -> Option<(Door, String, u32)> {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let opened = session::open(app, member, agent.unwrap_or_default(), app.desk.now()).await;
    let token = opened.ok().flatten()?;
    let door = if member.is_of_platform() { Door::Platform } else { Door::Merchant };
    Some((door, token, KEPT_SECONDS))
}

async fn time(
    State(shared): State<Shared>,
    headers: HeaderMap,
    Form(form): Form<Forward>,
) -> Response {
    let seconds = form.forward_seconds;
    if board(&shared.time.app, &headers).is_none() || !(1..=FORWARD_SECONDS_MAX).contains(&seconds)
    {
        return refuse();
    }
    // Once begun, a move is finished even if nobody waits for it any more.
    let time = shared.time;
    let moving = tokio::spawn(async move {
        // What the visitor did before is no news.
        time.catch_up_with_the_log().await?;
        let told = time.pass(Span::seconds(seconds)).await?;
        let changed = told.into_iter().map(Changed::from).collect();
        if let Some(board) = time.app.demo.get() {
            board.note(Happening::time(seconds, changed));
        }
        Ok::<_, DemoFault>(())
    });
    match moving.await {
        Ok(Ok(())) => go_back(&form.back),
        Ok(Err(fault)) => failed(&fault.to_string()),
        Err(crashed) => failed(&crashed.to_string()),
    }
}

async fn make_trouble(
    State(shared): State<Shared>,
    headers: HeaderMap,
    Form(form): Form<Make>,
) -> Response {
    let Some(board) = board(&shared.time.app, &headers) else { return refuse() };
    if let Err(error) = trouble::make(&shared.time.sandbox, form.trouble) {
        return failed(&error.to_string());
    }
    board.note(Happening::trouble(form.trouble));
    go_back(&form.back)
}

/// The board, for what one of our own pages sends.
fn board<'a>(app: &'a App, headers: &HeaderMap) -> Option<&'a Board> {
    app.demo.get().filter(|_| same_origin(headers, &app.public_url))
}

/// To where one was, without the sentence about what was done there before.
fn go_back(path: &str) -> Response {
    let path = safe_path(path, "/");
    let (path, query) = path.split_once('?').unwrap_or((&path, ""));
    let kept: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("done=")).collect();
    let query = kept.join("&");
    let joint = if query.is_empty() { "" } else { "?" };
    Redirect::to(&format!("{path}{joint}{query}")).into_response()
}

fn refuse() -> Response {
    (StatusCode::FORBIDDEN, "this form was not made by a page of this demo").into_response()
}

fn failed(why: &str) -> Response {
    tracing::error!(error = why, "the demo could not do what was asked");
    (StatusCode::INTERNAL_SERVER_ERROR, why.to_owned()).into_response()
}
