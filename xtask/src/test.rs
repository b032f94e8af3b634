//! `cargo xtask test`: the one button. All is set up, all is run, all is counted.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::postgres::{self, Server};
use crate::report::{self, Report, Tests, Verdict};
use crate::{assets, deny, interrupt, oracle, run, tidy, tools, world};

/// Runs all steps. A failed step does not hide what the later ones have to say.
pub fn run() -> Result<ExitCode> {
    let mut report = Report::default();
    let ready = report.check("prerequisites", prerequisites);
    report.check("format", || run::stream(run::cargo().args(["fmt", "--all", "--check"])));
    // The program embeds them, so nothing of it compiles without.
    report.check("assets", assets::build);
    report.check("lints", || run::stream(&mut clippy()));
    // Tidy asks the binary which commands there are.
    report.check("build", || run::stream(cargo("build").args(["--workspace"])));
    report.check("house rules", tidy::check);
    report.check("licences and bans", deny::check);
    if ready {
        with_database(&mut report)?;
    }
    if interrupt::interrupted() {
        bail!("interrupted");
    }
    report.print();
    Ok(if report.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn prerequisites() -> Result<bool> {
    println!("PostgreSQL: {}", tools::postgres()?.display());
    tools::python()?;
    println!("Python 3 with venv: found");
    tools::browser()?;
    println!("Chromium and its driver: found");
    println!("test runner: {}", if has_nextest() { "cargo nextest" } else { "cargo test" });
    Ok(true)
}

fn with_database(report: &mut Report) -> Result<()> {
    let mut server = None;
    let started = report.check("database", || {
        if world::variable(postgres::VARIABLE).is_some() {
            println!("using the server that {} names", postgres::VARIABLE);
            return Ok(true);
        }
        let started = server.insert(Server::start()?);
        println!("PostgreSQL answers at {}", started.url());
        Ok(true)
    });
    if !started {
        return Ok(());
    }
    let url = match &server {
        Some(server) => server.url().into(),
        None => world::variable(postgres::VARIABLE).context("the server's URL is gone")?,
    };
    report.step("tests", || some_tests(workspace_tests().env(postgres::VARIABLE, &url)));
    report.step("tests in the docs", || {
        let mut doc = cargo("test");
        tests(doc.args(["--workspace", "--doc", "--no-fail-fast"]).env(postgres::VARIABLE, &url))
    });
    report.step("oracle", || match oracle::python()? {
        None => Ok((Verdict::Skipped(format!("there is no {}", oracle::REQUIREMENTS)), None)),
        Some(python) => {
            let mut oracle = oracle_tests();
            some_tests(oracle.env(oracle::VARIABLE, python).env(postgres::VARIABLE, &url))
        }
    });
    Ok(())
}

fn clippy() -> Command {
    let mut clippy = cargo("clippy");
    clippy.args(["--workspace", "--all-targets", "--", "-D", "warnings"]);
    clippy
}

fn workspace_tests() -> Command {
    let mut tests = if has_nextest() { nextest() } else { cargo("test") };
    if !has_nextest() {
        // Doc tests have a step of their own.
        tests.args(["--lib", "--bins", "--tests"]);
    }
    tests.args(["--workspace", "--no-fail-fast"]);
    tests
}

/// The ignored tests named `oracle`. The whole workspace is named, although one crate has them:
/// with `-p` the features of the dependencies would differ and all of them be built again.
fn oracle_tests() -> Command {
    let mut tests = if has_nextest() { nextest() } else { cargo("test") };
    tests.args(["--workspace", "--no-fail-fast"]);
    if has_nextest() {
        tests.args(["--run-ignored", "only", "oracle"]);
    } else {
        tests.args(["--lib", "--bins", "--tests", "--", "--ignored", "oracle"]);
    }
    tests
}

fn nextest() -> Command {
    let mut nextest = run::cargo();
    nextest.args(["nextest", "run", "--locked"]);
    nextest
}

fn has_nextest() -> bool {
    run::exists("cargo-nextest")
}

fn cargo(verb: &str) -> Command {
    let mut cargo = run::cargo();
    cargo.args([verb, "--locked"]);
    cargo
}

/// Runs a test runner, and does not take its silence for success.
fn some_tests(command: &mut Command) -> Result<(Verdict, Option<Tests>)> {
    let (verdict, tests) = tests(command)?;
    if matches!(verdict, Verdict::Passed) && tests.is_none_or(|tests| tests.passed == 0) {
        bail!("the runner ran no test");
    }
    Ok((verdict, tests))
}

fn tests(command: &mut Command) -> Result<(Verdict, Option<Tests>)> {
    let told = run::tell(command)?;
    let tests = report::count(&told.output);
    let verdict = match tests {
        Some(tests) if tests.failed > 0 => Verdict::Failed(format!("{} tests", tests.failed)),
        _ if !told.success => Verdict::Failed("the runner did not get to the end".into()),
        _ => Verdict::Passed,
    };
    Ok((verdict, tests))
}
