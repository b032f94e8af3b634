//! The main pages of the demo: how long until they are there, and what they weigh.

use crate::{
    Scale,
    http::{Ask, Line},
    report::{Figure, Table},
};
use anyhow::{Context, Result, bail, ensure};
use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// How long the demo may take to fill its shops.
const START_MAX: Duration = Duration::from_secs(240);

/// The pages, by door; `*` stands for the first of its kind that the page before it links to.
const PAGES: &[(&str, &[&str])] = &[
    ("", &["/", "/policy/chahe"]),
    ("buyer/", &["/b", "/b/orders/*", "/b/cases", "/b/cases/*", "/b/help"]),
    ("chahe/", &["/m", "/m/cases", "/m/cases/*", "/m/overview", "/m/returns", "/m/money"]),
    ("platform/", &["/p/disputes", "/p/cases/*", "/p/shops"]),
];

/// The demo, killed when it is dropped.
struct Demo(Child);

impl Drop for Demo {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.0.kill().and_then(|()| self.0.wait());
    }
}

/// Measures every page.
pub async fn measure(wanbi: &Path, folder: &Path, scale: &Scale) -> Result<Table> {
    eprintln!("pages");
    let method = "The demo's data, SQLite, one connection that is kept open; time from the first \
                  byte sent to the last one received, in milliseconds; weight as it comes over the \
                  wire, without what is cached. Goal: 20 ms.";
    let mut table = Table::new("Pages", method, &["median", "p99", "weight"]);
    let port = free_ports()?;
    let demo = Command::new(wanbi)
        .args(["demo", "--fresh", "--port", &port.to_string(), "--folder"])
        .arg(folder.join("demo"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let _demo = Demo(demo.context("start the demo")?);
    let host = format!("127.0.0.1:{port}");
    let start = started(&host).await?;
    let mut line = Line::open(&host).await?;
    for (who, pages) in PAGES {
        let cookie =
            if who.is_empty() { String::new() } else { enter(&mut line, &start, who).await? };
        let mut before = start.clone();
        for page in *pages {
            let path = linked(page, &before);
            let Some(path) = path else { bail!("no page links to {page}") };
            let (times, html) = times(&mut line, &path, &cookie, scale).await?;
            let bytes = Figure::once(html.0 as f64 / 1_000.0, "kB");
            table.line(page, vec![times.0, times.1, bytes], String::new());
            before = html.1;
        }
    }
    Ok(table)
}

/// Two ports in a row: the payment stand-in takes the next one.
fn free_ports() -> Result<u16> {
    for _ in 0..100 {
        let first = TcpListener::bind("127.0.0.1:0")?;
        let port = first.local_addr()?.port();
        if port < u16::MAX && TcpListener::bind(("127.0.0.1", port + 1)).is_ok() {
            return Ok(port);
        }
    }
    bail!("no two free ports in a row")
}

/// The start page, when it is there.
#[expect(clippy::disallowed_methods, reason = "a measurement needs the machine's clock")]
async fn started(host: &str) -> Result<String> {
    let begin = Instant::now();
    loop {
        if let Ok(mut line) = Line::open(host).await
            && let Ok(told) = line.send(&plain("/")).await
            && let Ok(html) = String::from_utf8(told.body.to_vec())
            && html.contains("/demo/enter")
        {
            return Ok(html);
        }
        ensure!(begin.elapsed() < START_MAX, "the demo did not start in time");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// A page to be read, uncompressed.
fn plain(path: &str) -> Ask {
    Ask { packed: false, ..Ask::page(path, "") }
}

/// Comes in as the first whom the start page lets in so.
async fn enter(line: &mut Line, start: &str, who: &str) -> Result<String> {
    let (_, rest) = start.split_once(&format!("value=\"{who}")).context("nobody comes in so")?;
    let name = rest.split('"').next().unwrap_or_default();
    let body = format!("who={who}{name}").replace('/', "%2F");
    let told = line.send(&Ask::form("/demo/enter", body)).await?;
    told.cookie.with_context(|| format!("{who}{name} was not let in: {}", told.status))
}

/// A path, or the first of its kind that a page links to.
fn linked(path: &str, html: &str) -> Option<String> {
    let Some(front) = path.strip_suffix('*') else { return Some(path.to_owned()) };
    let links = html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let mut fitting = links.filter(|link| link.starts_with(front) && link.len() > front.len() + 3);
    fitting.next().map(|link| link.split(['?', '#']).next().unwrap_or(link).to_owned())
}

/// Median and p99 of a page, its weight, and what it says.
#[expect(clippy::disallowed_methods, reason = "a measurement needs the machine's clock")]
async fn times(
    line: &mut Line,
    path: &str,
    cookie: &str,
    scale: &Scale,
) -> Result<((Figure, Figure), (usize, String))> {
    let (ask, rounds) = (Ask::page(path, cookie), if scale.quick { 3 } else { 200 });
    let (mut medians, mut tails, mut weight) = (Vec::new(), Vec::new(), 0);
    for _ in 0..scale.runs {
        let mut times = Vec::with_capacity(rounds);
        for _ in 0..rounds {
            let begin = Instant::now();
            let told = line.send(&ask).await?;
            times.push(begin.elapsed().as_secs_f64() * 1_000.0);
            ensure!(told.status == 200, "{path} answered {} {:?}", told.status, told.location);
            weight = told.body.len();
        }
        times.sort_by(f64::total_cmp);
        medians.extend(times.get(rounds / 2));
        tails.extend(times.get(rounds * 99 / 100));
    }
    let read = line.send(&Ask { packed: false, ..ask }).await?;
    let html = String::from_utf8_lossy(&read.body).into_owned();
    Ok(((Figure::of(medians, "ms"), Figure::of(tails, "ms")), (weight, html)))
}
