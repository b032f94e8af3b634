//! The demo: server, workers and the payment channel's stand-in in one process, two shops with a
//! past of three weeks, and a clock that can be moved forward for all of them at once.

pub mod board;
mod channel;
pub mod client;
mod control;
mod fault;
pub mod folder;
pub mod hello;
mod news;
mod seed;
pub use seed::shop_name;
pub mod stories;
#[cfg(test)]
mod tests;
mod time;
pub mod tokens;
pub mod trouble;
mod visit;

pub use fault::DemoFault;

use crate::{
    assembly::App,
    config::Config,
    server, workers,
    world::{WallClock, random_hex},
};
use board::Board;
use channel::Side;
use client::Running;
use folder::Folder;
use sandbox::Sandbox;
use std::sync::Arc;
use time::TimeMachine;
use tokens::Tokens;
use tokio::{
    net::TcpListener,
    sync::watch,
    task::{JoinHandle, JoinSet},
};

/// The port of the API unless another is named; the stand-in's is the next one.
pub const PORT: u16 = 8_700;
/// The shop that sells tea and fresh fruit.
pub const CHAHE: &str = "chahe";
/// The shop that sells ceramics, goods made to order, goods from abroad and vouchers.
pub const QINGCI: &str = "qingci";
/// Requests served at once.
const REQUESTS_MAX: usize = 256;
/// What the demo needs of its folder, by name.
const CLOCK: &str = "clock";
const SECRET: &str = "secret";
const CONFIG: &str = "wanbi.toml";

/// A running demo.
pub struct Demo {
    /// The application.
    pub app: Arc<App>,
    /// The clocks.
    pub(crate) time: Arc<TimeMachine>,
    /// Who can get in.
    pub tokens: Tokens,
    /// Where it is reached.
    pub running: Running,
    /// Where everything lies.
    pub folder: Folder,
    serving: JoinHandle<std::io::Result<()>>,
    working: JoinSet<()>,
}

impl Demo {
    /// Starts everything; a new folder is filled first.
    ///
    /// # Errors
    /// [`DemoFault`] with what cannot be had.
    pub async fn start(
        folder: Folder,
        port: u16,
        stop: watch::Receiver<bool>,
    ) -> Result<Self, DemoFault> {
        let is_seeded = folder.is_filled()?;
        if !is_seeded {
            // Killed while it was being filled: what is there is half a story.
            folder.clear()?;
        }
        let secret = match folder.read(SECRET)? {
            Some(secret) => secret,
            None => folder.write(SECRET, &random_hex::<32>())?,
        };
        let saved: Option<i64> = folder.read(CLOCK)?.and_then(|text| text.trim().parse().ok());
        let apart_ms = if is_seeded { saved.unwrap_or(0) } else { -seed::PAST.ms() };
        let clock = Arc::new(WallClock::apart(apart_ms));
        let listener = listen(port).await?;
        let sandbox_port = port_after(port);
        let port = listener.local_addr().map_err(|source| DemoFault::Port { port, source })?.port();
        let sides = channel::sides(&folder)?;
        let sandbox = Arc::new(channel::start(&folder, &sides, sandbox_port).await?);
        sandbox.set_clock_offset_ms(apart_ms);
        let url = format!("http://127.0.0.1:{port}");
        let config = configuration(&folder, (&url, &secret), &sides, &sandbox)?;
        let app = App::assemble(&config, clock).await?;
        let time = Arc::new(TimeMachine::new(Arc::clone(&app), sandbox, folder.clone()));
        let token = random_hex::<16>();
        let running = Running { url, sandbox_url: time.sandbox.base_url.clone(), token };
        let router = server::service(Arc::clone(&app), REQUESTS_MAX)
            .merge(control::routes(Arc::clone(&time), &running.token));
        let serving = tokio::spawn(server::serve(listener, router, stop.clone()));
        if !is_seeded {
            seed::seed(&time).await?;
            folder.write(folder::SEEDED, "1")?;
        }
        let tokens = Tokens::read(&folder)?.with_links(&app);
        tokens.write(&folder)?;
        // From here on pages show what a demo shows; it is set once.
        let _first = app.demo.set(Board::new(tokens.clone()));
        time.catch_up_with_the_log().await?;
        let working = workers::start(&app, &stop);
        running.write(&folder)?;
        Ok(Self { app, time, tokens, running, folder, serving, working })
    }

    /// Resolves when all has stopped.
    ///
    /// # Errors
    /// [`DemoFault`] if the server broke.
    pub async fn stopped(mut self) -> Result<(), DemoFault> {
        let served = (&mut self.serving).await;
        while self.working.join_next().await.is_some() {}
        self.folder.remove(client::RUNNING)?;
        match served {
            Ok(Ok(())) => Ok(()),
            Ok(Err(source)) => Err(DemoFault::Serving(source.to_string())),
            Err(crashed) => Err(DemoFault::Serving(crashed.to_string())),
        }
    }

    /// The stand-in of the payment channel.
    #[must_use]
    pub fn sandbox(&self) -> &Sandbox {
        &self.time.sandbox
    }
}

async fn listen(port: u16) -> Result<TcpListener, DemoFault> {
    let bound = TcpListener::bind(("127.0.0.1", port)).await;
    bound.map_err(|source| DemoFault::Port { port, source })
}

/// The stand-in listens beside the server; both on any free port where none was named.
const fn port_after(port: u16) -> u16 {
    if port == 0 { 0 } else { port.saturating_add(1) }
}

/// Written as a file too, so that every other command works on the demo's data.
fn configuration(
    folder: &Folder,
    (url, secret): (&str, &str),
    sides: &[Side],
    sandbox: &Sandbox,
) -> Result<Config, DemoFault> {
    let listen = url.trim_start_matches("http://");
    let (database, files) = (folder.path_of(folder::DATABASE), folder.path_of(folder::FILES));
    let mut text = format!(
        "# Written by `wanbi demo` at each start.\n\
         [server]\nlisten = {listen:?}\npublic_url = {url:?}\n\n\
         [database]\nurl = {:?}\n\n[files]\nurl = {:?}\n\n[security]\nsecret = {:?}\n",
        format!("sqlite://{}", database.display()),
        files.display().to_string(),
        secret.trim(),
    );
    for side in sides {
        text.push_str(&side.account(&sandbox.base_url));
    }
    folder.write(CONFIG, &text)?;
    Ok(Config::load(Some(&folder.path_of(CONFIG)), [])?)
}
