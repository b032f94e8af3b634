//! Words in the sources: how a file begins, what is left for later, what shouts in SQL.

use super::tree::{File, Tree};
use super::{Finding, source};

const HEAD: &str = "head";
const TODO: &str = "todo";
const ALLOW: &str = "allow";
const SQL: &str = "sql";

/// Sources other than Rust in which something may be left for later.
const OTHERS: [&str; 8] = [".css", ".ftl", ".html", ".js", ".py", ".sql", ".toml", ".txt"];

/// The words of SQL that our migrations use; in upper case they shout.
const KEYWORDS: [&str; 48] = [
    "add",
    "alter",
    "and",
    "as",
    "begin",
    "bigint",
    "blob",
    "boolean",
    "by",
    "bytea",
    "check",
    "column",
    "commit",
    "conflict",
    "constraint",
    "create",
    "default",
    "delete",
    "do",
    "drop",
    "exists",
    "foreign",
    "from",
    "if",
    "in",
    "index",
    "insert",
    "integer",
    "into",
    "is",
    "jsonb",
    "key",
    "not",
    "null",
    "on",
    "or",
    "primary",
    "references",
    "select",
    "set",
    "strict",
    "table",
    "text",
    "unique",
    "update",
    "values",
    "where",
    "without",
];

/// Looks at every source file that we wrote.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| !file.is_made()) {
        if file.path.ends_with(".rs") {
            check_rust(file, &mut findings);
        } else if OTHERS.iter().any(|ending| file.path.ends_with(ending)) {
            let owing = file.lines().filter(|(_, line)| is_owing(line));
            findings.extend(owing.map(|(number, _)| owed(file, number)));
        }
    }
    findings
}

fn check_rust(file: &File, findings: &mut Vec<Finding>) {
    if !file.text.starts_with("//! ") {
        findings.push(file.finding(HEAD, 1, "a file says in its first line (`//!`) what it is"));
    }
    for (number, line) in (1..).zip(source::lines(&file.text)) {
        if is_owing(&line.comment) {
            findings.push(owed(file, number));
        }
        if line.code.contains("#[allow(") || line.code.contains("#![allow(") {
            let what = "write `#[expect(lint, reason = \"…\")]`, which says when it is over";
            findings.push(file.finding(ALLOW, number, what));
        }
    }
}

fn owed(file: &File, number: usize) -> Finding {
    file.finding(TODO, number, "a TODO needs the number of its issue, as in `TODO #12`")
}

fn is_owing(text: &str) -> bool {
    let words = ["TODO", "FIXME", "XXX"];
    let said = words.iter().any(|word| {
        let parts: Vec<&str> = text.split(word).collect();
        parts.windows(2).any(|pair| match pair {
            [before, after] => {
                let inside = |c: char| c.is_alphanumeric() || c == '_';
                !before.ends_with(inside) && !after.starts_with(inside)
            }
            _ => false,
        })
    });
    let numbered = text.split('#').skip(1).any(|after| after.starts_with(|c: char| c.is_numeric()));
    said && !numbered
}

/// Looks for shouting in the migrations.
pub fn sql(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.with_ending(".sql").filter(|file| !file.is_made()) {
        for (number, line) in file.lines() {
            if let Some(word) = loud_word(line) {
                let what = format!("`{word}`: SQL is written in lower case");
                findings.push(file.finding(SQL, number, what));
            }
        }
    }
    findings
}

/// The first keyword in upper case outside comments and quotes.
fn loud_word(line: &str) -> Option<&str> {
    let line = line.split("--").next().unwrap_or_default();
    let unquoted = line.split(['\'', '"']).step_by(2);
    let mut words =
        unquoted.flat_map(|part| part.split(|c: char| !(c.is_alphanumeric() || c == '_')));
    words.find(|word| {
        let lower = word.to_lowercase();
        lower != **word && KEYWORDS.contains(&lower.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::super::tree;
    use super::*;

    fn rules(path: &str, text: &str) -> Vec<&'static str> {
        let tree = tree::of(&[(path, text)]);
        check(&tree).into_iter().chain(sql(&tree)).map(|finding| finding.rule).collect()
    }

    #[test]
    fn a_file_without_a_first_sentence_is_found() {
        assert_eq!(rules("a.rs", "use std::fmt;\n"), [HEAD]);
        assert!(rules("a.rs", "//! What it is.\n").is_empty());
    }

    #[test]
    fn a_todo_without_an_issue_is_found() {
        assert_eq!(rules("a.rs", "//! A.\nf(); // TODO: later\n"), [TODO]);
        assert_eq!(rules("a.sql", "-- FIXME\n"), [TODO]);
        assert!(rules("a.rs", "//! A.\n// TODO #12: later\nf(\"TODO\");\n").is_empty());
        assert!(rules("a.rs", "//! A.\n// TODOS is a name.\n").is_empty());
    }

    #[test]
    fn an_allow_is_found_and_an_expect_is_not() {
        assert_eq!(rules("a.rs", "//! A.\n#[allow(dead_code)]\nfn f() {}\n"), [ALLOW]);
        assert!(rules("a.rs", "//! A.\n#[expect(dead_code, reason = \"b\")]\n").is_empty());
        assert!(rules("a.rs", "//! A.\nf(\"#[allow(\");\n").is_empty());
    }

    #[test]
    fn shouting_is_found_in_sql_but_not_in_its_texts() {
        assert_eq!(rules("a.sql", "CREATE table a (b text);\n"), [SQL]);
        assert!(
            rules("a.sql", "-- NOT a shout\ninsert into a values ('NOT', 'PAID');\n").is_empty()
        );
    }
}
