//! Blanks: no blank at the end of a line, one line end at the end of a file.

use super::Finding;
use super::tree::{File, Tree};

const RULE: &str = "blanks";

/// Looks at every text file that we wrote.
pub fn check(tree: &Tree) -> Vec<Finding> {
    tree.files.iter().filter(|file| !file.is_made()).flat_map(check_one).collect()
}

fn check_one(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in (1..).zip(file.text.split('\n')) {
        if line.ends_with('\r') {
            findings.push(file.finding(RULE, number, "the line ends with a carriage return"));
        } else if line.trim_end() != line {
            findings.push(file.finding(RULE, number, "blanks at the end of the line"));
        }
    }
    let lines = file.text.lines().count();
    if !file.text.is_empty() && !file.text.ends_with('\n') {
        findings.push(file.finding(RULE, lines, "the last line has no end"));
    }
    if file.text.ends_with("\n\n") {
        findings.push(file.finding(RULE, lines, "empty lines at the end of the file"));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::tree;
    use super::*;

    #[test]
    fn every_blank_at_an_end_is_found() {
        let found = |text| check(&tree::of(&[("a.md", text)])).len();
        assert_eq!(found("good\n\nlines\n"), 0);
        assert_eq!(found(""), 0);
        for bad in ["blank \n", "tab\t\n", "windows\r\n", "no end", "two ends\n\n"] {
            assert_eq!(found(bad), 1, "{bad:?}");
        }
    }

    #[test]
    fn what_others_made_is_left_alone() {
        assert!(check(&tree::of(&[("crates/a/tests/snapshots/b.snap", "x ")])).is_empty());
    }
}
