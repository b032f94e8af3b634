//! A shop's own conditions: what they can say, what they cannot, and what happens when they fail.

use crate::desk::Desk;
use domain::{
    finding::{Remedy, Verdict},
    policy::{CONDITION_FAILED, CONDITION_MET, Language, Policy},
};

/// The default document with one condition more.
fn with_condition(when: &str) -> String {
    let source = Policy::default_policy().source().to_owned();
    let when = toml::Value::String(when.to_owned());
    format!(
        "{source}\n[[conditions]]\nid = \"X1\"\nwhen = {when}\nverdict = \"doubts\"\n\
         remedy = \"add_evidence\"\ntitle.zh = \"贵重\"\ntitle.en = \"Valuables\"\n\
         zh = \"请在 {{merchant_decides_hours}}内补充视频。\"\nen = \"Please add a video.\"\n\
         remedy_text.zh = \"补充视频\"\nremedy_text.en = \"Add a video\"\n"
    )
}

fn refused(when: &str, message: &str) {
    let source = with_condition(when);
    let line = source.split("\nwhen = ").next().unwrap().matches('\n').count() + 2;

    let mistakes = Policy::parse(&source).unwrap_err();

    assert!(mistakes[0].message.starts_with(message), "{when}: {mistakes:?}");
    assert_eq!((mistakes[0].line, mistakes[0].key.as_str()), (line, "conditions[0].when"));
    assert_eq!(mistakes.len(), 1);
}

fn holds(when: &str) -> bool {
    let policy = Policy::parse(&with_condition(when)).unwrap_or_else(|all| panic!("{all:?}"));
    let judgement = Desk::default().judge(&policy);
    judgement.findings.iter().any(|finding| finding.code == CONDITION_MET)
}

#[test]
fn a_condition_that_holds_adds_its_finding() {
    let policy = Policy::parse(&with_condition("order.paid_minor >= 20000")).unwrap();

    let judgement = Desk::default().judge(&policy);

    let finding = judgement.findings.last().unwrap();
    assert_eq!(finding.clause.as_str(), "X1");
    assert_eq!((finding.verdict, finding.remedy), (Verdict::Doubts, Some(Remedy::AddEvidence)));
    let sentence = policy.sentence(finding, Language::Zh);
    assert_eq!(sentence.title, "贵重");
    assert_eq!(sentence.text, "请在 48 小时内补充视频。");
    assert_eq!(sentence.remedy.as_deref(), Some("补充视频"));
}

#[test]
fn a_condition_may_look_at_the_order_the_application_and_the_buyer() {
    assert!(holds("order.paid_minor == 21000 && order.freight_minor == 1000 && order.signed"));
    assert!(holds("application.type == 'return_and_refund' && application.no_reason"));
    assert!(holds("application.reason in ['unwanted_seven_days', 'x']"));
    assert!(holds("application.reason_group == 'unwanted' && application.fault == \"buyer\""));
    assert!(holds("application.reason.startsWith('unwanted') && !application.opened"));
    assert!(holds("items.ordinary == 1 && items.fresh + items.virtual == 0"));
    assert!(holds("order.hours_since_signed == 24 ? true : false"));
    assert!(holds("buyer.cases_in_window < 3 || shop.account_verified"));
    assert!(holds("application.amount_minor * 100 / order.paid_minor > 40"));
    assert!(!holds("items.unit_price_minor_max > 10000"));
}

#[test]
fn an_expression_has_bounds() {
    refused(&format!("order.signed{}", " ".repeat(500)), "the expression is longer than 500 bytes");
    let deep = format!("{}order.signed{}", "(".repeat(17), ")".repeat(17));
    refused(&deep, "the expression is nested deeper than 16");
    let choices = format!("{}true", "true?true:".repeat(17));
    refused(&choices, "the expression is nested deeper than 16");
    let many = vec!["1<2"; 60].join("&&");
    refused(&many, "the expression");
}

#[test]
fn loops_functions_and_other_values_are_refused() {
    refused("[1, 2].exists(x, x > 1)", "exists cannot be used here");
    refused("[1].map(x, x) == [1]", "map cannot be used here");
    refused("size('abc') == 3", "size cannot be used here");
    refused("has(order.signed)", "has cannot be used here");
    refused("'a'.matches('(a+)+$')", "matches cannot be used here");
    refused("[1][0] == 1", "_[_] cannot be used here");
    refused("1.5 > 1.0", "only whole numbers");
    refused("{'a': 1} == {'a': 1}", "only whole numbers");
    refused("null == null", "only whole numbers");
}

#[test]
fn unknown_variables_and_wrong_types_are_refused_when_the_policy_is_loaded() {
    refused("order.total > 1", "there is no variable order.total");
    refused("order == 1", "there is no variable order");
    refused("order.signed.x", "there is no variable order.signed.x");
    refused("order.signed > 1", "> does not fit the values beside it");
    refused("application.type == 1", "== does not fit the values beside it");
    refused("'a' + 'b' == 'ab'", "+ does not fit the values beside it");
    refused("order.paid_minor", "the expression must come out as true or false");
    refused("order.paid_minor >", "not an expression");
}

#[test]
fn a_condition_that_cannot_be_worked_out_is_not_met_and_says_so() {
    let policy = Policy::parse(&with_condition("1 / buyer.cases_in_window > 0")).unwrap();

    let judgement = Desk::default().judge(&policy);

    let finding = judgement.findings.last().unwrap();
    assert_eq!((finding.code.as_str(), finding.verdict), (CONDITION_FAILED, Verdict::Notes));
    assert!(judgement.may_submit());
    assert!(policy.sentence(finding, Language::En).text.contains("could not be worked out"));
}

#[test]
fn a_number_too_large_fails_the_condition_and_nothing_else() {
    let least = "(0 - 9223372036854775807 - 1)";
    for when in [
        format!("{least} / -1 > 0"),
        format!("{least} % -1 > 0"),
        format!("-{least} > 0"),
        format!("{least} - 1 > 0"),
        format!("{least} * {least} > 0"),
        "order.paid_minor % 0 == 0".to_owned(),
        "9223372036854775807 + order.paid_minor > 0".to_owned(),
    ] {
        let policy = Policy::parse(&with_condition(&when)).unwrap();
        let judgement = Desk::default().judge(&policy);
        let finding = judgement.findings.last().unwrap();
        let failed = finding.clause.as_str() != "X1" || finding.code == CONDITION_FAILED;
        assert!(failed, "{when}: {finding:?}");
    }
}

#[test]
fn a_condition_may_not_take_the_name_of_a_clause() {
    let source = with_condition("order.signed").replace("id = \"X1\"", "id = \"F6\"");

    let mistakes = Policy::parse(&source).unwrap_err();

    assert_eq!(mistakes[0].message, "F6 appears twice");
}
