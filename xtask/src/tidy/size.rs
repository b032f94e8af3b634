//! Size: how long a file and how wide a line may be, so that both are seen at once.

use super::tree::{File, Tree};
use super::{Finding, source};

const LENGTH: &str = "length";
const WIDTH: &str = "width";

const CODE_LINES_MAX: usize = 400;
/// With the tests that stand in the same file.
const LINES_MAX: usize = 600;
const COLUMNS_MAX: usize = 100;

/// Measures every Rust file.
pub fn check(tree: &Tree) -> Vec<Finding> {
    tree.with_ending(".rs").flat_map(|file| length(file).into_iter().chain(width(file))).collect()
}

fn length(file: &File) -> Option<Finding> {
    let total = file.text.lines().count();
    let is_test = file.path.contains("/tests/");
    let tests_start = file.text.lines().position(|line| line == "#[cfg(test)]");
    let code = if is_test { 0 } else { tests_start.unwrap_or(total) };
    if code > CODE_LINES_MAX {
        let what = format!("{code} lines without tests, at most {CODE_LINES_MAX}");
        return Some(file.finding(LENGTH, 0, what));
    }
    let what = || format!("{total} lines with tests, at most {LINES_MAX}");
    (total > LINES_MAX).then(|| file.finding(LENGTH, 0, what()))
}

/// Text literals and addresses cannot be broken, so they do not count.
fn width(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, (line, full)) in (1..).zip(source::lines(&file.text).iter().zip(file.text.lines()))
    {
        let columns = columns(&line.code) + columns(&line.comment);
        if columns > COLUMNS_MAX && !full.contains("://") {
            let what = format!("{columns} columns, at most {COLUMNS_MAX}");
            findings.push(file.finding(WIDTH, number, what));
        }
    }
    findings
}

/// A Chinese character is two columns wide.
fn columns(text: &str) -> usize {
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

fn is_wide(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}' | '\u{1f300}'..='\u{1faff}' | '\u{20000}'..='\u{3fffd}')
}

#[cfg(test)]
mod tests {
    use super::super::tree;
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        check(&tree::of(&[(path, text)])).into_iter().map(|finding| finding.what).collect()
    }

    #[test]
    fn a_long_file_is_found_with_and_without_tests() {
        assert!(found("a.rs", &"x\n".repeat(400)).is_empty());
        assert_eq!(found("a.rs", &"x\n".repeat(401)), ["401 lines without tests, at most 400"]);
        let tests = format!("#[cfg(test)]\n{}", "x\n".repeat(599));
        assert!(found("a.rs", &tests).is_empty());
        assert_eq!(found("a.rs", &format!("x\n{tests}")), ["601 lines with tests, at most 600"]);
        assert!(found("crates/a/tests/story.rs", &"x\n".repeat(600)).is_empty());
    }

    #[test]
    fn a_wide_line_is_found_in_code_and_comment() {
        assert!(found("a.rs", &"x".repeat(100)).is_empty());
        assert_eq!(found("a.rs", &"x".repeat(101)), ["101 columns, at most 100"]);
        assert_eq!(found("a.rs", &format!("// {}", "退".repeat(50))), ["103 columns, at most 100"]);
    }

    #[test]
    fn what_cannot_be_broken_is_forgiven() {
        assert!(found("a.rs", &format!("f(\"{}\")", "x".repeat(200))).is_empty());
        assert!(found("a.rs", &format!("// https://{}", "x".repeat(200))).is_empty());
    }
}
