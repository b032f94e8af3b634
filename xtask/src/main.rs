//! `cargo xtask`: the tools of this house, in the language of this house.

mod assets;
mod bench;
mod demo;
mod deny;
mod fuzz;
mod interrupt;
mod oracle;
mod postgres;
mod report;
mod run;
mod screenshots;
mod sim;
mod soak;
mod test;
mod tidy;
mod tools;
mod world;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The tools of this house")]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Build the styles and scripts of the pages into crates/app/dist.
    Assets,
    /// Measure the speed of the system beside the limits of the machine.
    Bench {
        /// Handed to the bench as they are: `--only commands`, `--runs 5`, `--quick`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// The same as `test`: what the machine checks before a change is taken.
    Ci,
    /// Build `wanbi` and run `wanbi demo`.
    Demo {
        /// Handed to `wanbi demo` as they are.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Feed all that reads what comes from outside with odd input, for longer than the tests.
    Fuzz {
        /// Cases for each property, and requests to the whole.
        #[arg(long, default_value_t = 100_000)]
        cases: u64,
        /// The seed to begin with, where a target has one.
        #[arg(long, default_value_t = 0)]
        seed: u64,
    },
    /// Start a throw-away PostgreSQL, print its URL and keep it until Ctrl-C.
    Postgres {
        /// Run this command with WANBI_TEST_POSTGRES set instead, and stop with it.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        command: Vec<String>,
    },
    /// Take a picture of every page: both languages, both colours, phone and desk.
    Screenshots {
        /// The folder to put them in, `target/screenshots` unless given.
        #[arg(long)]
        out: Option<std::path::PathBuf>,
        /// Take only pages whose name holds this, such as `m/account`.
        #[arg(long)]
        only: Option<String>,
    },
    /// Simulate the engine through bad weather: `--seeds N`, `--seed S --story`, `--all-variants`.
    Sim {
        /// Handed to the simulator as they are.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Let people work for long while the process is ended again and again; memory, handles and
    /// answers must stay as they are, and nothing may be missing.
    Soak {
        /// How long.
        #[arg(long, default_value_t = 60)]
        minutes: u64,
    },
    /// Check everything: format, lints, house rules, licences, and all tests on both databases.
    Test,
    /// Check the house rules alone.
    Tidy,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = interrupt::watch().and_then(|()| match cli.verb {
        Verb::Assets => assets::run(),
        Verb::Bench { args } => bench::run(&args),
        Verb::Ci | Verb::Test => test::run(),
        Verb::Demo { args } => demo::run(&args),
        Verb::Fuzz { cases, seed } => fuzz::run(cases, seed),
        Verb::Postgres { command } => postgres::serve(&command),
        Verb::Screenshots { out, only } => screenshots::run(out, only.as_deref()),
        Verb::Sim { args } => sim::run(&args),
        Verb::Soak { minutes } => soak::run(minutes),
        Verb::Tidy => tidy::run(),
    });
    match done {
        _ if interrupt::interrupted() => ExitCode::from(interrupt::EXIT_CODE),
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
