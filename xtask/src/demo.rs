//! `cargo xtask demo`: build the program as it stands and show it.

use std::os::unix::process::CommandExt;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::{assets, run, world};

/// Builds `wanbi` and becomes `wanbi demo`, so that Ctrl-C and the exit code are its own.
pub fn run(args: &[String]) -> Result<ExitCode> {
    if !assets::build()? {
        return Ok(ExitCode::FAILURE);
    }
    if !run::stream(run::cargo().args(["build", "--locked", "--bin", "wanbi"]))? {
        return Ok(ExitCode::FAILURE);
    }
    let wanbi = world::target().join("debug/wanbi");
    let error = run::command(&wanbi).arg("demo").args(args).exec();
    Err(error).with_context(|| format!("starting {}", wanbi.display()))
}
