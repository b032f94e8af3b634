//! What people read: sentences, answers and the published page, from one source.

use crate::desk::{Desk, yuan};
use domain::{
    finding::{Fact, FactValue, Finding, Verdict},
    id::ClauseId,
    moment::Moment,
    policy::{Language, Policy, money, time_in_china},
};

#[test]
fn an_amount_is_written_with_its_currency_and_thousands() {
    assert_eq!(money(yuan(123_450)), "¥1,234.50");
    assert_eq!(money(yuan(5)), "¥0.05");
    assert_eq!(money(yuan(100_000_000_000)), "¥1,000,000,000.00");
}

#[test]
fn a_time_is_written_in_china_time() {
    let moment = Moment::parse("2026-11-23T04:41:59Z").unwrap();

    assert_eq!(time_in_china(moment), "2026-11-23 12:41");
}

#[test]
fn a_finding_is_told_in_both_languages_with_its_facts() {
    let policy = Policy::default_policy();
    let desk = Desk::with(|desk| desk.application.amount = Some(yuan(2_205_100)));
    let finding = desk.finds("amount_above_percent").unwrap();

    let zh = policy.sentence(&finding, Language::Zh);
    let en = policy.sentence(&finding, Language::En);

    assert_eq!(zh.title, "退款金额限制");
    assert_eq!(zh.text, "申请金额 ¥22,051.00 超过上限 ¥220.50（实付 ¥210.00 的 105%）。");
    assert_eq!(en.remedy.as_deref(), Some("Ask for at most ¥220.50."));
}

#[test]
fn a_finding_of_another_version_is_shown_by_its_names() {
    let finding = Finding {
        clause: ClauseId::parse("F99").unwrap(),
        code: "forgotten".into(),
        verdict: Verdict::Notes,
        facts: vec![Fact { name: "n".into(), value: FactValue::Count(1) }],
        remedy: None,
    };

    let sentence = Policy::default_policy().sentence(&finding, Language::Zh);

    assert_eq!((sentence.title.as_str(), sentence.text.as_str()), ("F99", "forgotten"));
}

#[test]
fn the_help_page_answers_with_the_parameters_that_decide() {
    let policy = Policy::default_policy();
    let changed = policy.source().replace("arbiter_working_days = 3", "arbiter_working_days = 1");
    let changed = Policy::parse(&changed).unwrap();

    let answer = |policy: &Policy, language| {
        let answers = policy.answers(language);
        let ids: Vec<&str> = answers.iter().map(|answer| answer.id.as_str()).collect();
        assert_eq!(ids, ["Q1", "Q2", "Q3", "Q4", "Q5"]);
        answers.into_iter().next_back().unwrap().answer
    };

    assert!(answer(&policy, Language::Zh).starts_with("平台介入后 3 个工作日内"));
    assert!(answer(&changed, Language::En).starts_with("Within 1 working day of"));
    assert_eq!(changed.deadlines.arbiter_working_days, 1);
}

#[test]
fn the_published_page_is_whole_in_both_languages() {
    let policy = Policy::default_policy();
    for language in [Language::Zh, Language::En] {
        for clause in policy.public_clauses(language) {
            let all = format!("{}{}", clause.title, clause.text);
            assert!(!all.contains(['{', '}', '—']), "{}: {all}", clause.id);
        }
    }
}
