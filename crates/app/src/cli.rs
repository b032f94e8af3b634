//! The command line: one file a command, all over the same configuration.

mod check;
mod demo;
mod doctor;
mod export;
mod import;
mod people;
mod rebuild;
mod sandbox;
mod serve;

use crate::{config::Config, world::WallClock};
use anyhow::Context;
use clap::{Parser, Subcommand};
use std::{io::IsTerminal, path::PathBuf, process::ExitCode, sync::Arc};

/// Wanbi 完璧: after-sales cases and refunds of online shops.
#[derive(Debug, Parser)]
#[command(name = "wanbi", version)]
pub struct Command {
    /// The configuration file; every value can also be set by a `WANBI_*` variable.
    #[arg(long, global = true, env = "WANBI_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Serve the API and do the work: deadlines, refunds, notices.
    Serve,
    /// Show everything at once: two shops, their past, a payment stand-in, a clock to move.
    Demo(demo::Options),
    /// Stand in for WeChat Pay, for developers.
    Sandbox(sandbox::Options),
    /// Explain the configuration.
    #[command(subcommand)]
    Config(ConfigVerb),
    /// Work with policies.
    #[command(subcommand)]
    Policy(PolicyVerb),
    /// Work with shops.
    #[command(subcommand)]
    Shop(people::ShopVerb),
    /// Let people in.
    #[command(subcommand)]
    Person(people::PersonVerb),
    /// Put a shop's orders in from a file.
    Import(import::Options),
    /// Write everything of a shop as JSON Lines.
    Export(export::Options),
    /// Fold the log again and compare what people list with it.
    Rebuild(rebuild::Options),
    /// Look at everything that must be right, and say how to mend what is not.
    Doctor,
}

#[derive(Debug, Subcommand)]
enum ConfigVerb {
    /// Say what is set and what is wrong.
    Check,
}

#[derive(Debug, Subcommand)]
enum PolicyVerb {
    /// Explain the mistakes of a policy document, with their lines.
    Check {
        /// The TOML file.
        file: PathBuf,
        /// `zh` or `en`.
        #[arg(long, default_value = "zh")]
        language: String,
    },
    /// Print the policy built into the program, to start one's own from.
    Show,
}

/// Runs a command; errors go to the standard error stream, with what led to them.
#[must_use]
pub fn run(command: Command) -> ExitCode {
    match try_run(command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("wanbi: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn try_run(command: Command) -> anyhow::Result<ExitCode> {
    if let Verb::Policy(verb) = command.verb {
        return check::policy(verb);
    }
    let variables = std::env::vars();
    let config = Config::load(command.config.as_deref(), variables);
    if let Verb::Config(ConfigVerb::Check) = command.verb {
        return Ok(check::config(config));
    }
    let config = config.context("read the configuration")?;
    log(&config);
    let runtime = tokio::runtime::Runtime::new().context("start the runtime")?;
    runtime.block_on(async {
        match command.verb {
            Verb::Serve => serve::serve(&config, Arc::new(WallClock::default())).await,
            Verb::Demo(options) => demo::demo(options).await,
            Verb::Sandbox(options) => sandbox::sandbox(options).await,
            Verb::Shop(verb) => people::shop(&config, verb).await,
            Verb::Person(verb) => people::person(&config, verb).await,
            Verb::Import(options) => import::import(&config, options).await,
            Verb::Export(options) => export::export(&config, options).await,
            Verb::Rebuild(options) => rebuild::rebuild(&config, options).await,
            Verb::Doctor => doctor::doctor(&config).await,
            Verb::Config(_) | Verb::Policy(_) => Ok(ExitCode::SUCCESS),
        }
    })
}

fn log(config: &Config) {
    use crate::config::LogFormat;
    let filter = tracing_subscriber::EnvFilter::try_new(&config.log.filter)
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let colours = std::io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(colours)
        .with_writer(std::io::stderr);
    // A second subscriber, as in tests, changes nothing.
    let _set = match config.log.format {
        LogFormat::Json => lines.json().try_init(),
        LogFormat::Text => lines.try_init(),
    };
}
