//! `cargo xtask sim`: builds the simulator, quick as it must be, and becomes it.

use std::os::unix::process::CommandExt;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::postgres::Server;
use crate::{run, tools, world};

/// Asks for PostgreSQL: a throw-away server is started, and each seed gets a database of its own.
const POSTGRES: &str = "--postgres";

/// Builds the simulator and becomes it, so that Ctrl-C and the exit code are its own.
pub fn run(args: &[String]) -> Result<ExitCode> {
    if !run::stream(run::cargo().args(["build", "--locked", "--release", "--package", "sim"]))? {
        return Ok(ExitCode::FAILURE);
    }
    let mut sim = run::command(world::target().join("release/sim"));
    sim.args(args.iter().filter(|arg| *arg != POSTGRES));
    if !args.iter().any(|arg| arg == POSTGRES) {
        return Err(sim.exec()).context("starting the simulator");
    }
    let server = Server::start()?;
    sim.args(["--server", server.url()]).arg("--psql").arg(tools::postgres()?.join("psql"));
    let good = run::stream(&mut sim)?;
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
