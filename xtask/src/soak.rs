//! `cargo xtask soak`: a long day of mixed load with restarts, and its curve.

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::{assets, run, world};

/// The test that lasts as long as it is told to.
const TEST: &str = "stress::soak::soak_for_long";

/// Lasts so many minutes; fails if memory or handles grow, or anything answered is missing.
pub fn run(minutes: u64) -> Result<ExitCode> {
    if !assets::build()? {
        return Ok(ExitCode::FAILURE);
    }
    // What is watched is built as it is shipped; those who watch it are the tests.
    let mut build = run::cargo();
    build.args(["build", "--locked", "--release", "--package", "app", "--bin", "wanbi"]);
    if !run::stream(&mut build)? {
        return Ok(ExitCode::FAILURE);
    }
    let folder = world::target().join("bench");
    fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
    let report = folder.join("soak.md");
    let mut tests = run::cargo();
    tests.args(["test", "--locked", "--workspace", "--test", "it", "--"]);
    tests.args(["--ignored", "--exact", TEST, "--nocapture"]);
    tests.env("WANBI_TEST_PROGRAM", world::target().join("release/wanbi"));
    tests.env("WANBI_TEST_SOAK_SECONDS", minutes.saturating_mul(60).to_string());
    tests.env("WANBI_TEST_SOAK_OUT", &report);
    let success = run::stream(&mut tests)?;
    println!("the curve is in {}", report.display());
    Ok(if success { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
