//! `wanbi serve`: starts, does the work, and stops cleanly when told.

use crate::{assembly::App, config::Config, server, workers, world::WallClock};
use anyhow::Context;
use std::{process::ExitCode, sync::Arc};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::watch,
};

/// Serves until SIGTERM or SIGINT.
///
/// # Errors
/// If something needed cannot be had.
pub async fn serve(config: &Config, clock: Arc<WallClock>) -> anyhow::Result<ExitCode> {
    let app = App::assemble(config, clock).await.context("put the application together")?;
    let listener = TcpListener::bind(&config.server.listen)
        .await
        .with_context(|| format!("listen on {}", config.server.listen))?;
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        told_to_stop().await;
        // Nobody listens any more if everything has stopped already.
        let _listening = stop.send(true);
    });
    run(app, listener, config.server.requests_max, stopped).await?;
    Ok(ExitCode::SUCCESS)
}

/// Serves on a listener and does the work until `stop` turns true; then requests under way come
/// to their end, and the workers to their next rest.
///
/// # Errors
/// If the listener breaks.
pub async fn run(
    app: Arc<App>,
    listener: TcpListener,
    requests_max: usize,
    stop: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    let address = listener.local_addr().context("read the address")?;
    let mut working = workers::start(&app, &stop);
    tracing::info!(%address, "serving");
    let router = server::service(app, requests_max);
    server::serve(listener, router, stop).await.context("serve")?;
    while working.join_next().await.is_some() {}
    tracing::info!("stopped");
    Ok(())
}

/// Resolves on SIGTERM or SIGINT.
pub(super) async fn told_to_stop() {
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        tracing::warn!("signals cannot be heard; only a kill will stop this process");
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
