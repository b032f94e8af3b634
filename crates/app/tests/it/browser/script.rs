//! What script adds on every page: the countdown, the question before a decision, sending once,
//! the draft that stays, and charts. On a page of its own, under the policy that pages have.

use super::{
    driver::Script,
    window::{Size, Window},
};
use axum::{
    Form, Router,
    http::header,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};
use tokio::net::TcpListener;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; \
                      connect-src 'self'; form-action 'self'";
const PAGE: &str = "<!doctype html><html lang=en data-now='2026-11-28T12:00:00Z'>
    <meta name=viewport content='width=device-width'><link rel=icon href='data:,'>
    <link rel=stylesheet href='/desk.css'><title>script</title>
    <script src='/desk.js' defer></script><script src='/charts.js' defer></script><main>
    <p id=ahead><time datetime='2026-11-30T15:30:30Z' data-countdown>in 2 d</time></p>
    <p id=over><time datetime='2026-11-28T11:00:00Z' data-countdown data-over='It is over'>ago</time>
    <form method=post data-confirm='Really send?' data-confirm-no='Not yet'>
    <input type=hidden name=form value=asked><button>Decide</button></form>
    <form method=post data-draft=note><p data-draft-note hidden>A draft was found
    <button type=button data-draft-drop>Forget it</button></p>
    <input type=hidden name=form value=once><input name=note aria-label=Note><button>Send</button>
    </form><figure data-chart=pareto><table><thead><tr><th>Reason<th>Cases</thead><tbody>
    <tr><td>Broken<td>30<tr><td>Late<td>10</tbody></table></figure></main></html>";

/// A page with our scripts; says how often its forms were sent.
async fn site() -> (String, Arc<AtomicU32>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let sent = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&sent);
    let post = |Form(fields): Form<Vec<(String, String)>>| async move {
        counted.fetch_add(1, Ordering::Relaxed);
        // Long enough for somebody impatient to press again.
        tokio::time::sleep(std::time::Duration::from_millis(600)).await;
        Html(format!("<!doctype html><link rel=icon href='data:,'><title>sent</title>{fields:?}"))
    };
    let page = || async { ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(PAGE)) };
    let mut pages = Router::new().route("/page", get(page).post(post));
    for name in ["desk.css", "desk.js", "charts.js"] {
        pages = pages.route(&format!("/{name}"), get(move || async move { built(name) }));
    }
    tokio::spawn(async { axum::serve(listener, pages).await });
    (base, sent)
}

fn built(name: &str) -> Response {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("dist");
    let kind = if name.ends_with(".css") { "text/css" } else { "text/javascript" };
    ([(header::CONTENT_TYPE, kind)], std::fs::read(folder.join(name)).unwrap()).into_response()
}

async fn window() -> (Window, Arc<AtomicU32>) {
    let (base, sent) = site().await;
    let window = Window::open_on(&base, Size::Desk, Script::On).await;
    window.open("/page").await;
    (window, sent)
}

#[tokio::test]
async fn a_countdown_goes_by_the_clock_of_the_server() {
    let (window, _) = window().await;

    window.sees("2 days 3 hours").await;
    window.sees("It is over").await;
    assert_eq!(window.find("#over time").await.class_name().await.unwrap().unwrap(), "is-over");
    window.judge().await;
}

#[tokio::test]
async fn a_decision_is_asked_about_before_it_is_sent() {
    let (window, sent) = window().await;

    window.click("Decide").await;
    window.sees("Really send?").await;
    window.click("Not yet").await;
    window.sees_no("Really send?").await;
    assert_eq!(sent.load(Ordering::Relaxed), 0);

    window.click("Decide").await;
    window.find("dialog button[value='yes']").await.click().await.unwrap();

    window.sees("asked").await;
    assert_eq!(sent.load(Ordering::Relaxed), 1);
    window.judge().await;
}

#[tokio::test]
async fn a_form_is_sent_once_and_its_draft_stays_until_then() {
    let (window, sent) = window().await;
    window.fill("note", "half a thought").await;
    // The draft is written when the typing pauses.
    let kept = "return localStorage.getItem('wanbi-draft:note') ?? '';";
    for _ in 0..100 {
        let told = window.driver.web.execute(kept, Vec::new()).await.unwrap();
        if told.json().as_str().is_some_and(|text| text.contains("half a thought")) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }

    window.open("/page").await;
    window.sees("A draft was found").await;
    let twice = "const form = document.querySelector('form[data-draft]');
        form.requestSubmit(); form.requestSubmit();";
    window.driver.web.execute(twice, Vec::new()).await.unwrap();

    window.sees("half a thought").await;
    assert_eq!(sent.load(Ordering::Relaxed), 1);
    window.judge().await;
}

#[tokio::test]
async fn a_chart_is_drawn_from_its_table_under_the_strict_policy() {
    let (window, _) = window().await;

    window.find("figure svg").await;
    window.sees("Broken").await;
    window.judge().await;
}
