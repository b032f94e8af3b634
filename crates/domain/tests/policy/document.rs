//! The document: the built-in one is whole, and every mistake is reported with its place.

use domain::{
    application::Fault,
    facts::Category,
    moment::Span,
    policy::{Mistake, Policy},
};

/// The mistakes of the default document after one change.
fn mistakes(from: &str, to: &str) -> Vec<Mistake> {
    let source = Policy::default_policy().source().to_owned();
    assert!(source.contains(from), "{from}");
    Policy::parse(&source.replacen(from, to, 1)).expect_err("the change is a mistake")
}

/// The line on which the default document first says something.
fn line_of(text: &str) -> usize {
    let policy = Policy::default_policy();
    let before = policy.source().split(text).next().unwrap();
    before.matches('\n').count() + 1
}

fn check(from: &str, to: &str, at: &str, message: &str) {
    let mistakes = mistakes(from, to);
    let wanted = (line_of(at), message);
    let found: Vec<(usize, &str)> =
        mistakes.iter().map(|mistake| (mistake.line, mistake.message.as_str())).collect();
    assert!(found.contains(&wanted), "{wanted:?} is not among {found:?}");
    assert!(mistakes.iter().all(|mistake| !mistake.message_zh.is_empty()));
}

#[test]
fn the_default_policy_has_no_mistake_and_the_documented_values() {
    let policy = Policy::default_policy();

    let parsed = Policy::parse(policy.source()).unwrap();

    assert_eq!(parsed.name, policy.name);
    assert_eq!(parsed.deadlines.merchant_decides, Span::hours(48));
    assert_eq!(parsed.deadlines.refund_arrives, Span::hours(48));
    assert_eq!(parsed.deadlines.arbiter_working_days, 3);
    assert_eq!(parsed.limits.refund_percent, 105);
    assert_eq!(parsed.limits.yearly.minor(), 50_000_000);
    assert_eq!(parsed.money.mediation_minimum.minor(), 50_000);
    assert!(parsed.cancellation_automatic);
    assert_eq!(parsed.fast_lane, None);
}

#[test]
fn every_group_of_reasons_of_the_guide_is_there() {
    let policy = Policy::default_policy();
    let roots = policy.reasons().iter().filter(|reason| reason.parent.is_none());
    let names: Vec<&str> = roots.map(|reason| reason.zh.as_str()).collect();

    for name in ["质量问题", "快递问题", "不想要了", "少件/错发", "描述不符", "假货", "其他"]
    {
        assert!(names.contains(&name), "{name}");
    }
    let free = policy.reasons().iter().filter(|reason| reason.no_reason);
    assert!(free.clone().count() > 0);
    assert!(free.into_iter().all(|reason| reason.fault == Fault::Buyer));
    let counterfeit = policy.reasons().iter().find(|reason| reason.code.as_str() == "counterfeit");
    assert_eq!(counterfeit.unwrap().window(Category::Ordinary), Span::days(90));
}

#[test]
fn a_mistake_is_reported_with_its_line_and_a_clear_sentence() {
    let known = "merchant_decides_hours = 48 ";
    check(known, "merchant_decides_hours = 0 ", known, "must be 1 to 8760");
    check(known, "merchant_decides_hours = \"x\" ", known, "must be a whole number");
    check(known, "merchant_decides_hour = 48 ", known, "nobody reads this key");
    check(known, "merchant_decides_hour = 48 ", "[deadlines]", "this key is missing");
    check(
        "refund_percent = 105",
        "refund_percent = 500",
        "refund_percent = 105",
        "must be 1 to 200",
    );
    check("automatic = true", "automatic = 1", "automatic = true", "must be true or false");
    let currency = "currency = \"CNY\"";
    let wanted = "must be a currency code of three capital letters";
    check(currency, "currency = \"cny\"", currency, wanted);
}

#[test]
fn a_mistake_in_the_tree_of_reasons_is_reported() {
    let defect = "code = \"quality_defect\"";
    check(defect, "code = \"quality\"", defect, "quality appears twice");
    let parent = "code = \"quality_defect\"\nparent = \"quality\"";
    let orphan = "code = \"quality_defect\"\nparent = \"qualty\"";
    check(parent, orphan, defect, "there is no reason qualty");
    let circle = "code = \"quality_defect\"\nparent = \"quality_defect\"";
    check(parent, circle, defect, "reason quality_defect descends from itself");
    let types = "types = [\"shipping_fee\"]";
    let wanted = "must be one of refund_only, return_and_refund, exchange, shipping_fee, \
                  price_difference, cancellation";
    check(types, "types = [\"shipping\"]", types, wanted);
    let heading = "nothing can be chosen under freight_overcharged: give it types or sub-reasons";
    check(types, "types = []", "code = \"freight_overcharged\"", heading);
}

#[test]
fn a_type_that_no_reason_is_for_is_reported() {
    let source = Policy::default_policy().source().replace("[\"cancellation\"]", "[\"exchange\"]");

    let mistakes = Policy::parse(&source).unwrap_err();

    assert!(
        mistakes.iter().any(|found| found.message == "no reason can be chosen for cancellation")
    );
}

#[test]
fn a_mistake_in_a_sentence_is_reported() {
    let english = "en = \"{placed_at}";
    let sentence = "en = \"The order of {placed_at} has not";
    check(sentence, "en = \"The order of {placed_at has not", sentence, "a brace is not closed");
    let mistakes = mistakes(sentence, "en = \"The order of {signed_at} has not");
    assert!(mistakes[0].message.starts_with("{signed_at} is not known here; known are placed_at"));
    assert_eq!(mistakes[0].key, "clauses[3].findings.order_unpaid.en", "{english}");
    let remedy = "remedy.en = \"Choose a reason from the list.\"\n";
    check(remedy, "", "remedy.zh = \"请从列表中重新选择原因。\"", "this key is missing");
}

#[test]
fn a_clause_or_finding_without_words_is_reported() {
    let unknown = "[clauses.findings.reason_unknown]";
    check(unknown, "[clauses.findings.reason_unkown]", unknown, "nobody reads this key");
    let mistakes = mistakes("id = \"F8\"", "id = \"G8\"");
    assert!(mistakes.iter().any(|mistake| mistake.message == "clause F8 is missing"));
}

#[test]
fn a_verdict_may_be_changed_only_where_that_makes_sense() {
    let closed = "[clauses.findings.window_closed]";
    let milder = format!("{closed}\nverdict = \"doubts\"");
    let source = Policy::default_policy().source().replacen(closed, &milder, 1);
    assert!(Policy::parse(&source).is_ok());

    let mistakes = mistakes(closed, &format!("{closed}\nverdict = \"supports\""));

    assert_eq!(mistakes[0].message, "this finding may only be blocks, doubts");
    assert_eq!(mistakes[0].line, line_of(closed) + 1);
}

#[test]
fn every_category_needs_a_window_for_any_reason() {
    let mistakes = mistakes(
        "category = \"virtual\"\nreasons = \"any\"\ndays = 15",
        "category = \"virtual\"\nreasons = \"no_reason\"\ndays = 15\nhours = 3",
    );
    let messages: Vec<&str> = mistakes.iter().map(|mistake| mistake.message.as_str()).collect();

    assert!(messages.contains(&"category virtual has no window for \"any\" reason"));
    assert!(messages.contains(&"give either days or hours"));
}

#[test]
fn many_mistakes_are_reported_at_once_in_the_order_of_their_lines() {
    let source = Policy::default_policy().source().to_owned();
    let source = source.replace("offers = 5 ", "offers = 0 ").replace("fee_basis_points = 60", "");
    let source = source.replace("spoilage = true", "spoiled = true");

    let mistakes = Policy::parse(&source).unwrap_err();

    assert!(mistakes.len() >= 3, "{mistakes:?}");
    assert!(mistakes.is_sorted_by_key(|mistake| mistake.line));
}

#[test]
fn what_is_not_toml_is_reported_and_nothing_panics() {
    for text in
        ["", "name = ", "[[[", "= 1", "name = 1979-05-27", "\u{0}", "a.b.c = {", "x = 1e999"]
    {
        assert!(Policy::parse(text).is_err(), "{text:?}");
    }
    let nested = format!("x = {}", "[".repeat(100_000));
    assert!(Policy::parse(&nested).is_err());
    assert!(Policy::parse(&" ".repeat(300_000)).is_err());
}

#[test]
fn the_fast_lane_opens_with_known_reasons() {
    let source = Policy::default_policy().source().replacen("enabled = false", "enabled = true", 1);

    let lane = Policy::parse(&source).unwrap().fast_lane.unwrap();

    assert_eq!(lane.amount.minor(), 2_000);
    assert!(lane.reasons.iter().any(|code| code.as_str() == "missing_piece"));
    let line = "reasons = [\"missing_piece\", \"missing_gift\", \"quality_defect\", \
                \"logistics_damaged\"]";
    let nothing = source.replacen(line, "reasons = []", 1);
    assert_eq!(Policy::parse(&nothing).unwrap_err()[0].key, "fast_lane.reasons");
    let found = mistakes("reasons = [\"missing_piece\",", "reasons = [\"missing_pice\",");
    assert_eq!(found[0].message, "there is no reason missing_pice");
    assert_eq!(found[0].key, "fast_lane.reasons[0]");
}

#[test]
fn a_policy_is_shared_between_threads() {
    const fn shared<T: Send + Sync>() {}
    shared::<Policy>();
}
