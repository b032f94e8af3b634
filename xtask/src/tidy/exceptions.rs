//! `xtask/exceptions.txt`: the list of what is not yet as it should be. It may only shrink.

use super::Finding;
use super::tree::{File, Tree};

const LIST: &str = "xtask/exceptions.txt";
const RULE: &str = "exceptions";
const FIELDS: usize = 3;

/// One line of the list: path, rule, reason.
struct Exception<'a> {
    line: usize,
    path: &'a str,
    rule: &'a str,
}

/// Takes away what is excepted, and finds fault with every exception that excepts nothing.
pub fn apply(tree: &Tree, findings: Vec<Finding>) -> Vec<Finding> {
    let Some(list) = tree.file(LIST) else { return findings };
    let (exceptions, mut left) = read(list);
    for exception in &exceptions {
        if !findings.iter().any(|finding| exception.covers(finding)) {
            let what = format!("{} keeps to `{}`: remove", exception.path, exception.rule);
            left.push(list.finding(RULE, exception.line, what));
        }
    }
    let covered = |finding: &Finding| exceptions.iter().any(|exception| exception.covers(finding));
    left.extend(findings.into_iter().filter(|finding| !covered(finding)));
    left
}

impl Exception<'_> {
    fn covers(&self, finding: &Finding) -> bool {
        self.path == finding.path && self.rule == finding.rule
    }
}

fn read(list: &File) -> (Vec<Exception<'_>>, Vec<Finding>) {
    let mut exceptions = Vec::new();
    let mut findings = Vec::new();
    for (line, text) in list.lines() {
        if text.trim().is_empty() || text.starts_with('#') {
            continue;
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        match words.as_slice() {
            [path, rule, _, ..] => exceptions.push(Exception { line, path, rule }),
            _ => {
                let what = format!("{FIELDS} fields are needed: path, rule, reason");
                findings.push(list.finding(RULE, line, what));
            }
        }
    }
    (exceptions, findings)
}

#[cfg(test)]
mod tests {
    use super::super::tree;
    use super::*;

    fn applied(list: &str, paths: &[&str]) -> Vec<String> {
        let finding = |path: &&str| Finding {
            rule: "length",
            path: (*path).into(),
            line: 0,
            what: String::new(),
        };
        let tree = tree::of(&[(LIST, list)]);
        let left = apply(&tree, paths.iter().map(finding).collect());
        left.into_iter().map(|finding| finding.path).collect()
    }

    #[test]
    fn an_excepted_finding_is_forgiven_and_no_other() {
        assert_eq!(applied("# why\na.rs  length  a flat list\n", &["a.rs", "b.rs"]), ["b.rs"]);
        assert_eq!(applied("", &["a.rs"]), ["a.rs"]);
    }

    #[test]
    fn an_exception_that_is_not_needed_is_a_finding() {
        assert_eq!(applied("a.rs length a flat list\n", &[]), [LIST]);
    }

    #[test]
    fn an_exception_without_a_reason_is_a_finding() {
        assert_eq!(applied("a.rs length\n", &["a.rs"]), [LIST, "a.rs"]);
    }
}
