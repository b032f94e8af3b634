//! The smoke run: two hundred seeds, every kept seed, every law broken on purpose.
#![expect(clippy::panic, reason = "a test ends where something is amiss")]

use sim::{
    flaw::{FLAWS, Flaw},
    hunt::{Pace, command, hunt, kept, plan, plans, shrink},
    run::run,
    world::Plan,
};

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

#[test]
fn every_law_broken_on_purpose_is_seen() {
    for flaw in FLAWS {
        caught(flaw);
    }
}
