//! `wanbi config check` and `wanbi policy check`: explain before anything runs.

use super::PolicyVerb;
use crate::config::{
    Config, ConfigError,
    variables::{SETTINGS, name_of},
};
use anyhow::Context;
use domain::policy::{Language, Policy};
use std::process::ExitCode;

/// Says what is set, by which name it can be set, and what is wrong.
pub fn config(config: Result<Config, ConfigError>) -> ExitCode {
    match config {
        Ok(config) => {
            println!("{config:#?}");
            println!("\nEvery value can also be set by a variable:");
            for (section, key, _) in SETTINGS {
                println!("  {:<28} {section}.{key}", name_of(section, key));
            }
            println!("\nThe configuration is right.");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Explains the mistakes of a policy, or prints the one built in.
///
/// # Errors
/// If the file cannot be read.
pub fn policy(verb: PolicyVerb) -> anyhow::Result<ExitCode> {
    match verb {
        PolicyVerb::Show => {
            print!("{}", Policy::default_policy().source());
            Ok(ExitCode::SUCCESS)
        }
        PolicyVerb::Check { file, language } => {
            let text = std::fs::read_to_string(&file)
                .with_context(|| format!("read {}", file.display()))?;
            let language = if language == "en" { Language::En } else { Language::Zh };
            match Policy::parse(&text) {
                Ok(policy) => {
                    println!("{}: {} is right", file.display(), policy.name);
                    Ok(ExitCode::SUCCESS)
                }
                Err(mistakes) => {
                    for mistake in &mistakes {
                        let (line, column) = (mistake.line, mistake.column);
                        let what = mistake.message_in(language);
                        println!("{}:{line}:{column}: {}: {what}", file.display(), mistake.key);
                    }
                    println!("{} mistakes", mistakes.len());
                    Ok(ExitCode::FAILURE)
                }
            }
        }
    }
}
