//! The eyes are tested first: a page with known mistakes is served, and every one must be seen.

use super::{
    axe::violations,
    driver::Script,
    watch,
    window::{Size, Window},
};
use axum::{Form, Router, response::Html, routing::get};
use std::path::Path;
use tokio::net::TcpListener;

const GOOD: &str = "<!doctype html><html lang=en><meta name=viewport content='width=device-width'>
    <title>good</title><main><h1>A form</h1>
    <script>document.querySelector('h1').textContent = 'Script runs'</script>
    <form method=post enctype='application/x-www-form-urlencoded'>
    <label for=a>Name</label><input id=a name=name value=old>
    <label for=b>Sort</label><select id=b name=sort><option value=x>X</option>
        <option value=y>Y</option></select>
    <input type=radio id=c name=size value=s><label for=c>It's small</label>
    <label for=d>File</label><input id=d type=file name=file>
    <button>Send it</button></form></main>";
const BAD: &str = "<!doctype html><html><title>bad</title>
    <meta name=viewport content='width=device-width'><body style='width:600px'>
    <img src='http://127.0.0.2:9/x.png'><script>console.error('a mistake')</script><input>";

async fn site() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let sent = |Form(fields): Form<Vec<(String, String)>>| async move {
        Html(format!("<!doctype html><title>sent</title>{fields:?}"))
    };
    let pages = Router::new()
        .route("/good", get(|| async { Html(GOOD) }).post(sent))
        .route("/bad", get(|| async { Html(BAD) }));
    tokio::spawn(async { axum::serve(listener, pages).await });
    base
}

#[tokio::test]
async fn a_form_is_filled_in_and_sent() {
    let mut window = Window::open_on(&site().await, Size::Phone, Script::On).await;
    window.foresee("favicon.ico");
    window.open("/good").await;

    window.fill("name", "new").await;
    window.choose("sort", "y").await;
    window.choose("size", "s").await;
    window.upload("file", Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))).await;
    assert_eq!(violations(&window).await, [""; 0]);
    assert!(window.picture().await.starts_with(b"\x89PNG"));
    window.click("Send it").await;

    window.sees(r#"[("name", "new"), ("sort", "y"), ("size", "s"), ("file", "Cargo.toml")]"#).await;
    window.sees_no("Script runs").await;
    window.judge().await;
}

#[tokio::test]
async fn every_mistake_of_a_page_is_seen() {
    let window = Window::open_on(&site().await, Size::Narrow, Script::On).await;
    window.open("/bad").await;

    assert!(window.overflow().await > 0);
    let seen = watch::seen(&window.driver.web).await;
    assert!(seen.complaints.iter().any(|line| line.contains("a mistake")), "{seen:?}");
    assert!(seen.requests.iter().any(|url| url.contains("127.0.0.2")), "{seen:?}");
    assert!(seen.bytes > 0);
    let rules = violations(&window).await.join("\n");
    assert!(rules.contains("html-has-lang") && rules.contains("label"), "{rules}");
}

#[tokio::test]
async fn script_and_colours_can_be_set() {
    let mut window = Window::open_on(&site().await, Size::Desk, Script::Off).await;
    window.foresee("favicon.ico");
    window.prefer_colours("dark").await;
    window.open("/good").await;

    window.sees("A form").await;
    window.sees_no("Script runs").await;
    let dark = "return matchMedia('(prefers-color-scheme: dark)').matches;";
    let told = window.driver.web.execute(dark, Vec::new()).await.unwrap();
    assert_eq!(told.json(), true);
}
