//! The smoke run: two hundred seeds, every kept seed, every law broken on purpose.
#![expect(clippy::panic, reason = "a test ends where something is amiss")]

use sim::{
    flaw::{FLAWS, Flaw},
    hunt::{Pace, command, hunt, kept, plan, plans, shrink},
    run::run,
    server::Server,
    sky::Kind,
    world::Plan,
};
use std::collections::BTreeSet;

const STEPS: u64 = 60;

fn check(plans: &[Plan]) {
    let catch = hunt(plans, &Pace::new(1, None), |_, _| {});
    if let Some(failure) = catch.failures.first() {
        let small = shrink(failure, 60);
        panic!("{}\nagain: {}", small.violation.1, command(&small.plan));
    }
}

/// How many seeds it takes to see a law broken, at most.
fn caught(flaw: Flaw) {
    let mut tried = 0;
    let seen = plans(1, 60, 150, Some(flaw)).into_iter().any(|plan| {
        tried += 1;
        run(plan).violation.is_some()
    });
    assert!(seen, "{} was not seen in {tried} seeds", flaw.name());
}

#[test]
fn a_seed_is_one_story() {
    let (once, again) = (run(plan(7, 200)), run(plan(7, 200)));
    assert_eq!(once.digest, again.digest);
    assert_eq!((once.tally, once.struck), (again.tally, again.struck));
    assert_ne!(once.digest, run(plan(8, 200)).digest);
}

#[test]
fn kept_seeds_hold() {
    check(&kept());
}

/// The server that the tests are given, and the newest `psql` there is.
#[expect(clippy::disallowed_methods, reason = "only the environment knows where the server is")]
fn server() -> Server {
    let url = std::env::var("WANBI_TEST_POSTGRES")
        .unwrap_or_else(|_| panic!("WANBI_TEST_POSTGRES is not set: run `cargo xtask test`"));
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let found = versions.map(|version| version.path().join("bin/psql"));
    let psql = found.filter(|psql| psql.exists()).max().unwrap_or("psql".into());
    Server { url, psql }
}

#[test]
fn both_databases_tell_the_same_story() {
    let server = server();
    for seed in 1..=3 {
        // A log of its own is cut only where there is one.
        let here = Plan { off: BTreeSet::from([Kind::PowerCut]), ..plan(seed, 100) };
        let there = Plan { postgres: Some(server.clone()), ..here.clone() };
        let (here, there) = (run(here), run(there));
        assert_eq!(here.violation, there.violation);
        assert_eq!(here.digest, there.digest, "seed {seed}");
    }
}

#[test]
fn a_failing_story_gets_smaller_and_fails_alike() {
    let whole = Plan { flaw: Some(Flaw::GuardLeftOut), ..plan(1, 150) };
    let catch = hunt(&[whole], &Pace::new(1, None), |_, _| {});
    let failure = &catch.failures[0];

    let small = shrink(failure, 80);

    assert_eq!(small.violation.1.law, failure.violation.1.law);
    assert!(small.plan.steps <= failure.plan.steps && !small.plan.skipped.is_empty());
    assert!(command(&small.plan).contains("--variant guard-left-out"));
}

#[test]
fn seeds_1_to_50_hold() {
    check(&plans(1, 50, STEPS, None));
}

#[test]
fn seeds_51_to_100_hold() {
    check(&plans(51, 50, STEPS, None));
}

#[test]
fn seeds_101_to_150_hold() {
    check(&plans(101, 50, STEPS, None));
}

#[test]
fn seeds_151_to_200_hold() {
    check(&plans(151, 50, STEPS, None));
}

/// Every fourth flaw, from one on: four tests, so that they run beside each other.
fn every_fourth_is_caught(from: usize) {
    for flaw in FLAWS.into_iter().skip(from).step_by(4) {
        caught(flaw);
    }
}

#[test]
fn laws_broken_on_purpose_are_seen_in_the_first_quarter() {
    every_fourth_is_caught(0);
}

#[test]
fn laws_broken_on_purpose_are_seen_in_the_second_quarter() {
    every_fourth_is_caught(1);
}

#[test]
fn laws_broken_on_purpose_are_seen_in_the_third_quarter() {
    every_fourth_is_caught(2);
}

#[test]
fn laws_broken_on_purpose_are_seen_in_the_fourth_quarter() {
    every_fourth_is_caught(3);
}
