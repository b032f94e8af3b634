//! Mentions: every path, verb, command and setting that the documents name exists.

use std::path::{Component, Path};

use clap::CommandFactory;

use super::Finding;
use super::program::{self, Program};
use super::tree::{File, Tree};
use crate::Cli;

const PATHS: &str = "paths";
const VERBS: &str = "verbs";
const COMMANDS: &str = "commands";
const SETTINGS: &str = "settings";

const FOLDERS: [&str; 4] = ["crates/", "docs/", "tests/", "xtask/"];

/// The documents that make promises.
fn documents(tree: &Tree) -> impl Iterator<Item = &File> {
    tree.with_ending(".md").filter(|file| {
        let front = ["README", "CONTRIBUTING", "SECURITY"];
        file.path.starts_with("docs/") || front.iter().any(|start| file.path.starts_with(start))
    })
}

/// Puts one question to every line of every document.
fn ask(
    tree: &Tree,
    rule: &'static str,
    wrong: impl Fn(&File, &str) -> Vec<String>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in documents(tree) {
        for (number, line) in file.lines() {
            let found = wrong(file, line).into_iter();
            findings.extend(found.map(|what| file.finding(rule, number, what)));
        }
    }
    findings
}

/// Paths from the root, and links relative to the document.
pub fn paths(tree: &Tree) -> Vec<Finding> {
    ask(tree, PATHS, |file, line| {
        let gone = paths_in(line).into_iter().filter(|path| !tree.has(path));
        let gone = gone.map(|path| format!("there is no `{path}`"));
        let lost = links_in(line).filter(|link| !leads_somewhere(tree, file, link));
        gone.chain(lost.map(|link| format!("the link to `{link}` leads nowhere"))).collect()
    })
}

fn leads_somewhere(tree: &Tree, document: &File, link: &str) -> bool {
    beside(&document.path, link).is_some_and(|path| path.is_empty() || tree.has(&path))
}

/// Words that begin with one of our folders; patterns and placeholders are none.
fn paths_in(line: &str) -> Vec<&str> {
    let breaks = |c: char| !(c.is_alphanumeric() || "/._-*<>{}…,".contains(c));
    let words = line.split(breaks).map(|word| word.trim_end_matches(['.', ',', '…', '/']));
    let ours = words.filter(|word| FOLDERS.iter().any(|folder| word.starts_with(folder)));
    ours.filter(|word| !word.contains(['*', '<', '>', '{', '}', '…', ','])).collect()
}

/// The targets of `[…](target)` that are files of ours.
fn links_in(line: &str) -> impl Iterator<Item = &str> {
    let targets = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let files = targets.filter(|target| !target.contains("://") && !target.starts_with("mailto:"));
    files.filter_map(|target| target.split('#').next()).filter(|target| !target.is_empty())
}

/// A link resolved from the folder of its document; none if it leaves the house.
fn beside(document: &str, link: &str) -> Option<String> {
    let mut parts: Vec<&str> = document.split('/').collect();
    parts.pop();
    for component in Path::new(link).components() {
        match component {
            Component::Normal(part) => parts.push(part.to_str()?),
            Component::ParentDir => drop(parts.pop()?),
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(parts.join("/"))
}

/// `cargo xtask <verb>`.
pub fn verbs(tree: &Tree) -> Vec<Finding> {
    let cli = Cli::command();
    let known: Vec<&str> = cli.get_subcommands().map(clap::Command::get_name).collect();
    ask(tree, VERBS, |_, line| {
        let typed = line.split("cargo xtask ").skip(1).map(words_at_start);
        let verbs = typed.filter_map(|words| words.into_iter().next());
        let unknown = verbs.filter(|verb| !known.contains(verb));
        unknown.map(|verb| format!("there is no `cargo xtask {verb}`")).collect()
    })
}

/// `wanbi <command>` and `WANBI_…`, as the program itself knows them.
pub fn program(tree: &Tree, program: &Program) -> Vec<Finding> {
    let mut findings = ask(tree, COMMANDS, |_, line| {
        let unknown = commands_in(line).filter_map(|words| unknown_command(program, &words));
        unknown.map(|command| format!("there is no `wanbi {command}`")).collect()
    });
    findings.extend(ask(tree, SETTINGS, |_, line| {
        let named = program::settings_in(line).into_iter();
        let unknown = named.filter(|setting| !program.settings.contains(setting));
        unknown.map(|setting| format!("nothing reads `{setting}`")).collect()
    }));
    findings
}

/// The words after `wanbi` where it is typed: in backticks, or at the start of a line of a block.
fn commands_in(line: &str) -> impl Iterator<Item = Vec<&str>> {
    let typed = line.split('`').map(str::trim_start).map(|text| text.trim_start_matches("$ "));
    let typed = typed.map(|text| text.strip_prefix("cargo xtask ").unwrap_or(text));
    typed.filter_map(|text| text.strip_prefix("wanbi ")).map(words_at_start)
}

/// The part of a command that does not exist, as far as it is a command and not an argument.
fn unknown_command(program: &Program, words: &[&str]) -> Option<String> {
    let mut path = String::new();
    for word in words {
        if !path.is_empty() && !program.has_more(&path) {
            return None;
        }
        path = if path.is_empty() { (*word).to_owned() } else { format!("{path} {word}") };
        if !program.commands.contains(&path) {
            return Some(path);
        }
    }
    None
}

/// Plain words up to the first that is an option, a placeholder or a file.
fn words_at_start(text: &str) -> Vec<&str> {
    let plain = |word: &&str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.chars().all(|c| c.is_ascii_lowercase() || c == '-')
    };
    let ends = ['`', '.', ',', ';', ':', ')', '"', '|'];
    let mut words = Vec::new();
    for word in text.split(' ') {
        let trimmed = word.split(ends).next().unwrap_or_default();
        if !plain(&trimmed)
            || (trimmed != word && word.contains(['.', '/']) && !word.ends_with('.'))
        {
            break;
        }
        words.push(trimmed);
        if trimmed != word {
            break;
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::super::tree;
    use super::*;

    fn document(text: &str) -> Tree {
        let there = [("crates/store/src/lib.rs", ""), ("docs/adr/0001-a.md", "")];
        tree::of(&[there[0], there[1], ("docs/GUIDE.md", text)])
    }

    fn whats(findings: Vec<Finding>) -> Vec<String> {
        findings.into_iter().map(|finding| finding.what).collect()
    }

    #[test]
    fn a_path_that_is_gone_is_found() {
        assert_eq!(
            whats(paths(&document("see `crates/gone/src`."))),
            ["there is no `crates/gone/src`"]
        );
        let good = "`crates/store/src/lib.rs:12`, crates/store/, `crates/*/x`, `crates/<name>/y`";
        assert!(paths(&document(good)).is_empty());
    }

    #[test]
    fn a_link_that_leads_nowhere_is_found() {
        assert!(paths(&document("[a](adr/0001-a.md#b) [c](../crates/store) [d](#e)")).is_empty());
        assert!(paths(&document("[a](https://example.org/x)")).is_empty());
        assert_eq!(paths(&document("[a](adr/0002-b.md) [b](../../x)")).len(), 2);
    }

    #[test]
    fn a_verb_that_is_not_there_is_found() {
        assert!(verbs(&document("`cargo xtask test`, `cargo xtask <verb>`")).is_empty());
        assert_eq!(whats(verbs(&document("cargo xtask fly."))), ["there is no `cargo xtask fly`"]);
    }

    #[test]
    fn a_command_or_setting_that_is_not_there_is_found() {
        let commands = ["serve", "config", "config check"].map(str::to_owned).into();
        let known = Program { commands, settings: ["WANBI_CONFIG".to_owned()].into() };
        let found = |text| whats(program(&document(text), &known));
        let none: [&str; 0] = [];
        assert_eq!(found("`wanbi serve now`, `wanbi config check`, wanbi is jade"), none);
        assert_eq!(found("`wanbi fly`"), ["there is no `wanbi fly`"]);
        assert_eq!(found("$ wanbi config chck a.toml"), ["there is no `wanbi config chck`"]);
        assert_eq!(
            found("`WANBI_CONFIG`, `WANBI_*`, `WANBI_CONFIK`"),
            ["nothing reads `WANBI_CONFIK`"]
        );
    }
}
