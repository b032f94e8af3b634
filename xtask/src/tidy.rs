//! `cargo xtask tidy`: the house rules that no compiler checks. A rule without a check is a wish.

mod arrows;
mod blanks;
mod exceptions;
mod locales;
mod mentions;
mod migrations;
mod names;
mod places;
mod program;
mod size;
mod source;
mod tree;
mod words;

use std::fmt;
use std::process::ExitCode;

use anyhow::Result;

use program::Program;
use tree::Tree;

/// One place where a rule is broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    rule: &'static str,
    path: String,
    /// Counted from 1; 0 is the file as a whole.
    line: usize,
    what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: [{}] {}", self.path, self.line, self.rule, self.what)
    }
}

type Rule = fn(&Tree) -> Vec<Finding>;

/// Every rule that needs nothing but the files.
const RULES: [Rule; 12] = [
    arrows::check,
    blanks::check,
    locales::check,
    mentions::paths,
    mentions::verbs,
    migrations::check,
    names::check,
    places::machines,
    places::registries,
    size::check,
    words::check,
    words::sql,
];

/// Checks the house rules as a program of its own.
pub fn run() -> Result<ExitCode> {
    Ok(if check()? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Prints every finding. True is a tidy house.
pub fn check() -> Result<bool> {
    let tree = Tree::read()?;
    let mut findings: Vec<Finding> = RULES.iter().flat_map(|rule| rule(&tree)).collect();
    match Program::ask(&tree)? {
        Some(program) => findings.extend(mentions::program(&tree, &program)),
        None => println!("note: wanbi is not built, so its commands in the docs are not checked"),
    }
    let mut findings = exceptions::apply(&tree, findings);
    findings.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    findings.iter().for_each(|finding| println!("{finding}"));
    println!("{} files looked at, {} findings", tree.paths.len(), findings.len());
    Ok(findings.is_empty())
}
