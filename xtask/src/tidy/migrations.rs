//! Migrations: the same steps with the same numbers for both databases.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use super::tree::Tree;

const RULE: &str = "migrations";
const HOME: &str = "crates/store/migrations/";
const BACKENDS: [&str; 2] = ["sqlite", "postgres"];

/// Compares the two folders.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let finding =
        |path: &str, what: String| Finding { rule: RULE, path: path.into(), line: 0, what };
    let mut findings = Vec::new();
    let mut backends_of: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut names_of: BTreeMap<(&str, u64), Vec<&str>> = BTreeMap::new();
    for path in tree.paths.iter().filter(|path| path.ends_with(".sql")) {
        let Some((backend, name)) = path.strip_prefix(HOME).and_then(|rest| rest.split_once('/'))
        else {
            continue;
        };
        let Some(number) = number(name) else {
            findings.push(finding(path, "a migration begins with its number, as 0001_…".into()));
            continue;
        };
        backends_of.entry(name).or_default().insert(backend);
        names_of.entry((backend, number)).or_default().push(name);
    }
    for (name, backends) in &backends_of {
        for backend in BACKENDS.iter().filter(|backend| !backends.contains(*backend)) {
            findings.push(finding(&format!("{HOME}{backend}/{name}"), "is missing".into()));
        }
    }
    for ((backend, number), names) in names_of.iter().filter(|(_, names)| names.len() > 1) {
        let path = format!("{HOME}{backend}");
        findings.push(finding(&path, format!("number {number} twice: {}", names.join(", "))));
    }
    findings
}

fn number(name: &str) -> Option<u64> {
    name.split_once('_')?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::super::tree;
    use super::*;

    fn found(names: &[&str]) -> Vec<String> {
        let paths: Vec<String> = names.iter().map(|name| format!("{HOME}{name}")).collect();
        let files: Vec<(&str, &str)> = paths.iter().map(|path| (path.as_str(), "")).collect();
        check(&tree::of(&files)).into_iter().map(|finding| finding.what).collect()
    }

    #[test]
    fn both_databases_take_the_same_steps() {
        assert!(found(&["sqlite/0001_begin.sql", "postgres/0001_begin.sql"]).is_empty());
        assert_eq!(found(&["sqlite/0001_begin.sql"]), ["is missing"]);
    }

    #[test]
    fn a_number_is_given_once() {
        let both =
            ["sqlite/0001_a.sql", "postgres/0001_a.sql", "sqlite/1_b.sql", "postgres/1_b.sql"];
        assert_eq!(found(&both).len(), 2);
        assert_eq!(found(&["sqlite/begin.sql"]).len(), 1);
    }
}
