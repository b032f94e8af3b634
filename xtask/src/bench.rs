//! `cargo xtask bench`: how fast it is, beside what the machine allows.

use std::process::ExitCode;

use anyhow::Result;

use crate::{assets, postgres::Server, run, world};

/// Builds in release, starts a PostgreSQL in earnest, and measures. What stands in `args` is
/// handed on (`--only commands`, `--runs 5`, `--cases 10000,1000000`, `--quick`).
pub fn run(args: &[String]) -> Result<ExitCode> {
    if !assets::build()? {
        return Ok(ExitCode::FAILURE);
    }
    let mut build = run::cargo();
    build.args(["build", "--release", "--locked", "-p", "app", "-p", "bench"]);
    if !run::stream(&mut build)? {
        return Ok(ExitCode::FAILURE);
    }
    let server = Server::start_in_earnest()?;
    let (release, out) = (world::target().join("release"), world::target().join("bench"));
    std::fs::create_dir_all(&out)?;
    let mut bench = run::command(release.join("wanbi-bench"));
    bench.arg("--wanbi").arg(release.join("wanbi")).arg("--out").arg(&out);
    bench.arg("--folder").arg(&out).args(["--postgres", server.url(), "--commit", &commit()]);
    let good = run::stream(bench.args(args))?;
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What is measured.
fn commit() -> String {
    let told = run::read(run::command("git").args(["describe", "--always", "--dirty"]));
    told.map_or_else(|_| "unknown".to_owned(), |told| told.trim().to_owned())
}
