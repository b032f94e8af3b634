//! Many seeds, one after the other or several at a time, and what they came to together.

use crate::{
    flaw::Flaw,
    mirror::Violation,
    run::{Outcome, run},
    sky::Kind,
    world::Plan,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// Seeds that once showed something: they are run first, for ever.
const KEPT: &str = include_str!("../seeds.txt");

/// A run that broke a law.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What was run.
    pub plan: Plan,
    /// At which step, and which law.
    pub violation: (u64, Violation),
}

/// What many seeds came to.
#[derive(Clone, Debug, Default)]
pub struct Catch {
    /// Seeds run.
    pub seeds: u64,
    /// Steps played.
    pub steps: u64,
    /// All that was counted, added up.
    pub sum: Outcome,
    /// The runs that broke a law.
    pub failures: Vec<Failure>,
}

/// A plan without anything special.
#[must_use]
pub const fn plan(seed: u64, steps: u64) -> Plan {
    Plan {
        seed,
        steps,
        flaw: None,
        off: BTreeSet::new(),
        skipped: BTreeSet::new(),
        tells: false,
        postgres: None,
    }
}

/// How many seeds at a time, and until when.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    threads: usize,
    begin: Instant,
    longest: Option<Duration>,
}

impl Pace {
    /// So many seeds at a time; no new one after so many minutes.
    #[must_use]
    pub fn new(threads: usize, minutes: Option<u64>) -> Self {
        #[expect(clippy::disallowed_methods, reason = "how long it takes is measured, not decided")]
        let begin = Instant::now();
        let longest = minutes.map(|minutes| Duration::from_secs(minutes.saturating_mul(60)));
        Self { threads, begin, longest }
    }

    /// How long it took until now.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.begin.elapsed()
    }

    fn is_over(&self) -> bool {
        self.longest.is_some_and(|longest| self.elapsed() > longest)
    }
}

/// The seeds that are kept.
#[must_use]
pub fn kept() -> Vec<Plan> {
    let lines = KEPT.lines().filter_map(|line| line.split('#').next());
    let plans = lines.filter_map(|line| {
        let mut words = line.split_whitespace();
        Some(plan(words.next()?.parse().ok()?, words.next()?.parse().ok()?))
    });
    plans.collect()
}

/// The plans of so many seeds from one on.
#[must_use]
pub fn plans(from: u64, count: u64, steps: u64, flaw: Option<Flaw>) -> Vec<Plan> {
    let seeds = from..from.saturating_add(count);
    seeds.map(|seed| Plan { flaw, ..plan(seed, steps) }).collect()
}

/// Runs plans, each by itself; `tell` hears of each as it ends.
pub fn hunt(plans: &[Plan], pace: &Pace, tell: impl Fn(&Plan, &Outcome) + Sync) -> Catch {
    let (next, all) = (AtomicUsize::new(0), Mutex::new(Catch::default()));
    let work = || {
        while let Some(plan) = plans.get(next.fetch_add(1, Ordering::SeqCst)) {
            if pace.is_over() {
                return;
            }
            let outcome = run(plan.clone());
            tell(plan, &outcome);
            let mut catch = all.lock().unwrap_or_else(PoisonError::into_inner);
            catch.add(plan, outcome);
        }
    };
    thread::scope(|scope| {
        for _ in 1..pace.threads.max(1) {
            scope.spawn(work);
        }
        work();
    });
    let mut catch = all.into_inner().unwrap_or_else(PoisonError::into_inner);
    catch.failures.sort_by_key(|failure| failure.plan.seed);
    catch
}

impl Catch {
    fn add(&mut self, plan: &Plan, outcome: Outcome) {
        self.seeds += 1;
        self.steps += outcome.violation.as_ref().map_or(plan.steps, |(step, _)| *step);
        let (sum, one) = (&mut self.sum, &outcome.tally);
        sum.records += outcome.records;
        sum.cases += outcome.cases;
        sum.refunds += outcome.refunds;
        sum.requests += outcome.requests;
        sum.tally.commands += one.commands;
        sum.tally.acknowledged += one.acknowledged;
        sum.tally.refused += one.refused;
        sum.tally.unknown += one.unknown;
        sum.tally.repeated += one.repeated;
        sum.tally.crashes += one.crashes;
        for (kind, times) in outcome.struck {
            *sum.struck.entry(kind).or_default() += times;
        }
        if let Some(violation) = outcome.violation {
            self.failures.push(Failure { plan: plan.clone(), violation });
        }
    }

    /// How often each law was seen broken.
    #[must_use]
    pub fn laws(&self) -> BTreeMap<&'static str, u64> {
        let mut laws = BTreeMap::new();
        for failure in &self.failures {
            *laws.entry(failure.violation.1.law).or_default() += 1;
        }
        laws
    }
}

/// Makes a failing plan as small as it goes within so many runs: fewer steps, fewer kinds of
/// faults, still the same law.
#[must_use]
pub fn shrink(failure: &Failure, runs_max: u32) -> Failure {
    let mut small = failure.clone();
    small.plan.steps = small.plan.steps.min(small.violation.0.saturating_add(1));
    let mut left = runs_max;
    let mut fails = |plan: Plan| {
        left = left.checked_sub(1)?;
        let outcome = run(plan.clone());
        let violation = outcome.violation.filter(|(_, new)| new.law == failure.violation.1.law)?;
        Some(Failure { plan, violation })
    };
    if let Some(same) = fails(small.plan.clone()) {
        small = same;
    }
    for (kind, _) in crate::sky::KINDS {
        let mut plan = small.plan.clone();
        plan.off.insert(kind);
        if let Some(smaller) = fails(plan) {
            small = smaller;
        }
    }
    let mut stretch = small.plan.steps.div_ceil(2);
    while stretch > 0 {
        let mut begin = 0;
        while begin < small.plan.steps {
            let mut plan = small.plan.clone();
            plan.skipped.extend(begin..begin.saturating_add(stretch).min(small.plan.steps));
            if plan.skipped != small.plan.skipped
                && let Some(smaller) = fails(plan)
            {
                small = smaller;
            }
            begin = begin.saturating_add(stretch);
        }
        stretch /= 2;
    }
    small
}

/// The command that plays a plan again.
#[must_use]
pub fn command(plan: &Plan) -> String {
    let mut text = format!("cargo xtask sim --seed {} --steps {} --story", plan.seed, plan.steps);
    if let Some(flaw) = plan.flaw {
        text.push_str(&format!(" --variant {}", flaw.name()));
    }
    if !plan.off.is_empty() {
        let names: Vec<String> = plan.off.iter().map(|kind| Kind::name(*kind)).collect();
        text.push_str(&format!(" --without {}", names.join(",")));
    }
    if !plan.skipped.is_empty() {
        text.push_str(&format!(" --skip {}", ranges(&plan.skipped)));
    }
    text
}

/// `3-7,9`
fn ranges(steps: &BTreeSet<u64>) -> String {
    let mut all: Vec<(u64, u64)> = Vec::new();
    for step in steps {
        match all.last_mut() {
            Some((_, last)) if last.saturating_add(1) == *step => *last = *step,
            _ => all.push((*step, *step)),
        }
    }
    let words = all.into_iter().map(|(first, last)| {
        if first == last { first.to_string() } else { format!("{first}-{last}") }
    });
    words.collect::<Vec<_>>().join(",")
}

/// Reads what [`command`] writes behind `--skip`.
#[must_use]
pub fn steps_in(text: &str) -> BTreeSet<u64> {
    let parts = text.split(',').filter_map(|part| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        Some(first.parse().ok()?..=last.parse::<u64>().ok()?)
    });
    parts.flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::{ranges, steps_in};

    #[test]
    fn steps_are_read_as_they_are_written() {
        let steps = steps_in("3-7,9");
        assert_eq!(steps.len(), 6);
        assert_eq!(ranges(&steps), "3-7,9");
    }
}
