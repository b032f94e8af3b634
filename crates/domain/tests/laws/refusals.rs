//! Every refusal has a code of its own that programs can rely on.

use domain::refusal::Refusal;
use std::collections::BTreeSet;

#[test]
fn every_refusal_has_a_code_of_its_own_in_snake_case() {
    let samples = Refusal::samples();

    let codes: BTreeSet<&str> = samples.iter().map(Refusal::code).collect();

    assert_eq!(codes.len(), samples.len(), "two refusals share a code: {codes:?}");
    for code in codes {
        let plain = code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        assert!(plain && !code.starts_with('_') && !code.ends_with('_'), "{code}");
    }
}

#[test]
fn a_refusal_that_rests_on_a_clause_names_one_of_the_policy() {
    let policy = domain::policy::Policy::default_policy();
    let rows = ["M1"];
    for refusal in Refusal::samples() {
        if let Some(clause) = refusal.clause() {
            let known = policy.source().contains(&format!("id = \"{clause}\""));
            assert!(known || rows.contains(&clause), "{} names {clause}", refusal.code());
        }
    }
}

#[test]
fn the_facts_of_a_refusal_have_names_of_their_own() {
    for refusal in Refusal::samples() {
        let facts = refusal.facts();
        let names: BTreeSet<&str> = facts.iter().map(|fact| fact.name.as_str()).collect();
        assert_eq!(names.len(), facts.len(), "{}", refusal.code());
    }
}
