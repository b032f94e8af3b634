//! Locales: every sentence in both languages.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use super::tree::{File, Tree};

const RULE: &str = "locales";
const LANGUAGES: [(&str, &str); 2] = [("/zh-CN/", "/en/"), ("/en/", "/zh-CN/")];

/// Compares each file with its twin in the other language.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.with_ending(".ftl").filter(|file| file.path.contains("/locales/")) {
        let twin = LANGUAGES.iter().find(|(own, _)| file.path.contains(own));
        let Some(twin) = twin.map(|(own, other)| file.path.replacen(own, other, 1)) else {
            findings.push(file.finding(RULE, 0, "is in neither zh-CN nor en"));
            continue;
        };
        let (keys, twice) = keys(file);
        let there = tree.file(&twin).map(|twin| self::keys(twin).0).unwrap_or_default();
        for (key, line) in keys.iter().filter(|(key, _)| !there.contains_key(*key)) {
            findings.push(file.finding(RULE, *line, format!("`{key}` is missing in {twin}")));
        }
        for (key, line) in twice {
            findings.push(file.finding(RULE, line, format!("`{key}` is there twice")));
        }
    }
    findings
}

type Keys = BTreeMap<String, usize>;

/// Messages, terms and attributes with their lines, and those that come twice.
fn keys(file: &File) -> (Keys, BTreeSet<(String, usize)>) {
    let mut keys = Keys::new();
    let mut twice = BTreeSet::new();
    let mut message = "";
    for (number, line) in file.lines() {
        let key = if let Some(id) = identifier(line) {
            message = id;
            id.to_owned()
        } else if let Some(id) = line.trim_start().strip_prefix('.').and_then(identifier) {
            format!("{message}.{id}")
        } else {
            continue;
        };
        if keys.insert(key.clone(), number).is_some() {
            twice.insert((key, number));
        }
    }
    (keys, twice)
}

/// The name before the `=`, if the line begins a message, a term or an attribute.
fn identifier(line: &str) -> Option<&str> {
    let id = line.split_once('=')?.0.trim_end();
    let letters = id.strip_prefix('-').unwrap_or(id);
    let good = letters.starts_with(|c: char| c.is_ascii_alphabetic())
        && letters.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    good.then_some(id)
}

#[cfg(test)]
mod tests {
    use super::super::tree;
    use super::*;

    fn found(zh: &str, en: &str) -> Vec<String> {
        let zh = ("crates/app/locales/zh-CN/cases.ftl", zh);
        let en = ("crates/app/locales/en/cases.ftl", en);
        check(&tree::of(&[zh, en])).into_iter().map(|finding| finding.what).collect()
    }

    #[test]
    fn twins_with_the_same_keys_are_fine() {
        let zh = "# 说明\napprove = 同意\n    .title = 同意{ $amount }\n-shop = 店铺\n";
        let en = "approve = { $n ->\n   *[other] Approve\n}\n    .title = x = y\n-shop = shop\n";
        assert!(found(zh, en).is_empty());
    }

    #[test]
    fn a_sentence_in_one_language_only_is_found() {
        let missing = "`reject` is missing in crates/app/locales/en/cases.ftl";
        assert_eq!(found("approve = 同意\nreject = 拒绝\n", "approve = Approve\n"), [missing]);
        assert_eq!(found("a = 一\n    .b = 二\n", "a = one\n").len(), 1);
    }

    #[test]
    fn a_key_that_comes_twice_is_found() {
        assert_eq!(found("a = 一\na = 二\n", "a = one\n"), ["`a` is there twice"]);
    }
}
