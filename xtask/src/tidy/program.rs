//! What `wanbi` itself says it understands: its commands and its settings.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;

use super::tree::Tree;
use crate::{run, world};

/// `wanbi policy publish` has depth 2; no command needs more than three words.
const DEPTH_MAX: usize = 3;

/// The commands (`config check`) and settings (`WANBI_…`) of the program.
#[derive(Default)]
pub struct Program {
    pub commands: BTreeSet<String>,
    pub settings: BTreeSet<String>,
}

impl Program {
    /// Asks the binary that was built last; none if there is none.
    pub fn ask(tree: &Tree) -> Result<Option<Self>> {
        let wanbi = world::target().join("debug/wanbi");
        if !wanbi.is_file() {
            return Ok(None);
        }
        let mut program = Self::default();
        program.ask_for_help(&wanbi, &[])?;
        // A variable that only the sources read, such as those of the tests, is one as well.
        for file in tree.with_ending(".rs") {
            program.settings.extend(settings_in(&file.text));
        }
        Ok(Some(program))
    }

    fn ask_for_help(&mut self, wanbi: &Path, path: &[&str]) -> Result<()> {
        let help = run::read(run::command(wanbi).args(path).arg("--help"))?;
        self.settings.extend(settings_in(&help));
        for command in commands_in(&help) {
            let path: Vec<&str> = path.iter().copied().chain([command]).collect();
            self.commands.insert(path.join(" "));
            if path.len() < DEPTH_MAX && command != "help" {
                self.ask_for_help(wanbi, &path)?;
            }
        }
        Ok(())
    }

    /// Whether a command has commands of its own.
    pub fn has_more(&self, command: &str) -> bool {
        let start = format!("{command} ");
        self.commands.iter().any(|command| command.starts_with(&start))
    }
}

/// The names in the list under `Commands:`.
fn commands_in(help: &str) -> Vec<&str> {
    let list = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let list = list.take_while(|line| line.starts_with("  "));
    // A line further to the right goes on with the sentence before.
    let names = list.filter(|line| !line.starts_with("   "));
    names.filter_map(|line| line.split_whitespace().next()).collect()
}

/// All words of the form `WANBI_…`.
pub fn settings_in(text: &str) -> BTreeSet<String> {
    let inside = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    let words = text.split(|c: char| !inside(c));
    let settings = words.filter(|word| word.starts_with("WANBI_") && word.len() > "WANBI_".len());
    settings.filter(|word| !word.ends_with('_')).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HELP: &str = "After-sales\n\nUsage: wanbi <COMMAND>\n\nCommands:\n  serve   Serve\n          \
                        and more\n  config  Explain\n  help    Print\n\nOptions:\n  -c, --config  \
                        Where [env: WANBI_CONFIG=]\n";

    #[test]
    fn commands_and_settings_are_read_from_the_help() {
        assert_eq!(commands_in(HELP), ["serve", "config", "help"]);
        assert!(settings_in(HELP).contains("WANBI_CONFIG"));
        assert!(settings_in("WANBI_* and WANBI_PAY_* are patterns").is_empty());
    }
}
