//! The binary: parse, dispatch, exit code.

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    app::cli::run(app::cli::Command::parse())
}
