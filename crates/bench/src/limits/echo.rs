//! A bare axum that answers what it was sent: what HTTP alone costs on this machine.

use crate::{
    Scale,
    http::{Ask, Told},
    load::{Pace, Script, run},
    maker::application,
    report::Figure,
};
use anyhow::{Context, Result};
use axum::{Router, body::Bytes, http::StatusCode, routing::post};
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::Arc,
};

/// The variable that makes this program an echo and nothing else.
pub const ROLE: &str = "WANBI_BENCH_ECHO";

struct Echoes {
    body: String,
}

impl Script for Echoes {
    fn ask(&self, n: u64) -> Option<Ask> {
        Some(Ask::post("/echo".into(), "token", self.body.clone(), format!("open-{n}")))
    }

    fn hear(&self, _: u64, told: &Told) -> bool {
        told.status == 201
    }
}

/// The process, stopped when it is dropped.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.0.kill().and_then(|()| self.0.wait());
    }
}

/// Answers a second over so many connections.
pub async fn rate(connections: usize, scale: &Scale) -> Result<Figure> {
    let mut echo = Command::new(std::env::current_exe()?);
    let child = echo.env(ROLE, "1").stdout(Stdio::piped()).spawn().context("start the echo")?;
    let mut process = Process(child);
    let mut host = String::new();
    let out = process.0.stdout.take().context("the echo says where it is")?;
    BufReader::new(out).read_line(&mut host)?;
    let script = Arc::new(Echoes { body: application().to_string() });
    let mut rates = Vec::new();
    for _ in 0..scale.runs {
        let done = run(host.trim(), &script, connections, Pace::Closed, scale.lasts).await?;
        rates.push(done.rate());
    }
    Ok(Figure::of(rates, "/s"))
}

/// Serves as the echo, until it is killed.
pub async fn serve() -> Result<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    let echo = |body: Bytes| async move { (StatusCode::CREATED, body) };
    axum::serve(listener, Router::new().route("/echo", post(echo))).await?;
    Ok(())
}
