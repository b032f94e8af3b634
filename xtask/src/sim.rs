//! `cargo xtask sim`: builds the simulator, quick as it must be, and becomes it.

use std::os::unix::process::CommandExt;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::{run, world};

/// Builds the simulator and becomes it, so that Ctrl-C and the exit code are its own.
pub fn run(args: &[String]) -> Result<ExitCode> {
    if !run::stream(run::cargo().args(["build", "--locked", "--release", "--package", "sim"]))? {
        return Ok(ExitCode::FAILURE);
    }
    let sim = world::target().join("release/sim");
    let error = run::command(&sim).args(args).exec();
    Err(error).with_context(|| format!("starting {}", sim.display()))
}
