//! Everything the interface says, it says in Chinese and in English.

use super::Call;
use crate::world::{Database, World};
use app::{
    api::problem::{PROBLEM_CODES, Problem},
    i18n,
};
use domain::{case::Stage, command::Action, policy::Language, refusal::Refusal};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// The messages of a language: key and text, of all its files.
fn messages(tag: &str) -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(tag);
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let mut last = String::new();
        for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
            if let Some(more) = line.strip_prefix("    ") {
                found.get_mut(&last).unwrap().push_str(more);
                continue;
            }
            let (key, value) = line.split_once(" =").unwrap_or_else(|| panic!("{tag}: {line}"));
            last = key.to_owned();
            let before = found.insert(key.to_owned(), value.trim().to_owned());
            assert!(before.is_none(), "{tag}: {key} stands twice");
        }
    }
    found
}

/// The facts that a text names.
fn named(text: &str) -> BTreeSet<&str> {
    let parts = text.split("{ $").skip(1);
    parts.map(|part| part.split([' ', '}']).next().unwrap()).collect()
}

fn has_chinese(text: &str) -> bool {
    text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter))
}

#[test]
fn both_languages_have_the_same_keys_and_name_the_same_facts() {
    let (zh, en) = (messages("zh-CN"), messages("en"));
    assert_eq!(zh.keys().collect::<Vec<_>>(), en.keys().collect::<Vec<_>>());
    for (key, text) in &zh {
        assert_eq!(named(text), named(&en[key]), "{key}");
        assert!(!text.is_empty() && !en[key].is_empty(), "{key}");
        assert!(!has_chinese(&en[key]), "{key} is Chinese in English");
    }
}

#[test]
fn both_languages_have_the_same_files() {
    let files = |tag: &str| -> BTreeSet<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(tag);
        let files = std::fs::read_dir(folder).unwrap();
        files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
    };
    assert_eq!(files("zh-CN"), files("en"));
}

#[test]
fn every_code_has_a_sentence_and_every_sentence_a_code() {
    let refusals = Refusal::samples();
    let codes: BTreeSet<String> = PROBLEM_CODES
        .iter()
        .copied()
        .chain(refusals.iter().map(Refusal::code))
        .filter(|code| !["no_such_order", "no_such_case", "not_yours"].contains(code))
        .map(|code| format!("problem-{}", code.replace('_', "-")))
        .collect();
    for language in [Language::Zh, Language::En] {
        for key in &codes {
            assert!(i18n::has(language, key), "{key} has no sentence in {language:?}");
        }
    }
    let told: BTreeSet<String> =
        messages("en").into_keys().filter(|key| key.starts_with("problem-")).collect();
    let idle: Vec<&String> = told.difference(&codes).collect();
    assert!(idle.is_empty(), "nobody says {idle:?}");
}

/// What is refused at a stage is said in the words of the caller, not of the program.
#[test]
fn every_action_and_stage_has_a_word() {
    for action in Action::ALL {
        for stage in Stage::ALL {
            let refusal = Refusal::NotNow { action, stage };
            let zh = Problem::refused(refusal.clone(), Language::Zh).detail;
            let en = Problem::refused(refusal, Language::En).detail;
            assert!(!zh.contains(|letter: char| letter.is_ascii_alphabetic()), "{zh}");
            assert!(!en.contains(stage.as_str()) || !stage.as_str().contains('_'), "{en}");
        }
    }
}

#[tokio::test]
async fn the_type_of_a_problem_leads_to_its_explanation() {
    let world = World::new(Database::Sqlite).await;
    let page = Call::new("GET", "/api/docs").send(&world).await;
    let page = String::from_utf8(page.bytes).unwrap();
    for refusal in Refusal::samples() {
        let kind = Problem::refused(refusal, Language::Zh).kind;
        let (_, anchor) = kind.split_once('#').unwrap();
        assert!(page.contains(&format!("id=\"{anchor}\"")), "{kind}");
    }
}

#[test]
fn every_refusal_is_told_whole_in_both_languages() {
    for refusal in Refusal::samples() {
        for language in [Language::Zh, Language::En] {
            let problem = Problem::refused(refusal.clone(), language);
            for text in [&problem.title, &problem.detail] {
                assert!(!text.contains(['{', '}', '$']), "{text}");
                assert!(!text.starts_with("problem-") && !text.starts_with("status-"), "{text}");
            }
            let chinese = language == Language::Zh;
            assert_eq!(has_chinese(&problem.title), chinese, "{}", problem.title);
            assert!(!chinese || has_chinese(&problem.detail), "{}", problem.detail);
        }
    }
}

#[tokio::test]
async fn the_caller_chooses_the_language() {
    let world = World::new(Database::Sqlite).await;
    let asked = [
        (None, true),
        (Some("zh-CN,zh;q=0.9,en;q=0.8"), true),
        (Some("en"), false),
        (Some("en-US,en;q=0.5"), false),
        (Some("EN-gb"), false),
        (Some("fr"), true),
        (Some(""), true),
        (Some(";;;,,,"), true),
    ];
    for (language, chinese) in asked {
        let headers: Vec<(&str, &str)> =
            language.into_iter().map(|tag| ("accept-language", tag)).collect();
        let reply = Call::new("GET", "/api/v1/shop").with(&headers).send(&world).await;
        reply.problem();
        let detail = reply.json()["detail"].as_str().unwrap().to_owned();
        assert_eq!(has_chinese(&detail), chinese, "{language:?}: {detail}");
    }
}
