//! What was done, how long it took, and the one plain line at the end.

use std::time::Duration;

use anyhow::{Result, anyhow};

use crate::{interrupt, world};

/// How many tests a runner says it ran.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tests {
    pub passed: u64,
    pub failed: u64,
}

/// How one step ended.
pub enum Verdict {
    Passed,
    Failed(String),
    Skipped(String),
}

/// One step that is over.
struct Step {
    name: &'static str,
    took: Duration,
    verdict: Verdict,
    tests: Option<Tests>,
}

/// All steps so far.
#[derive(Default)]
pub struct Report {
    steps: Vec<Step>,
}

impl Report {
    /// Runs a step that either works or does not.
    pub fn check(&mut self, name: &'static str, work: impl FnOnce() -> Result<bool>) -> bool {
        self.step(name, || {
            let verdict =
                if work()? { Verdict::Passed } else { Verdict::Failed("see above".into()) };
            Ok((verdict, None))
        })
    }

    /// Runs a step, with the tests it ran. An error is a failed step, never the end of the report.
    pub fn step(
        &mut self,
        name: &'static str,
        work: impl FnOnce() -> Result<(Verdict, Option<Tests>)>,
    ) -> bool {
        println!("\n== {name}");
        let start = world::now();
        let done = if interrupt::interrupted() { Err(anyhow!("interrupted")) } else { work() };
        let (verdict, tests) =
            done.unwrap_or_else(|error| (Verdict::Failed(format!("{error:#}")), None));
        match &verdict {
            Verdict::Passed => {}
            Verdict::Failed(why) => println!("FAILED: {name}: {why}"),
            Verdict::Skipped(why) => println!("!!! SKIPPED: {name}: {why}"),
        }
        let good = !matches!(verdict, Verdict::Failed(_));
        self.steps.push(Step { name, took: start.elapsed(), verdict, tests });
        good
    }

    /// Whether no step failed.
    pub fn is_good(&self) -> bool {
        self.total().failed == 0
    }

    /// The table, then the plain line `712 passed, 0 failed` as the last one of all.
    pub fn print(&self) {
        println!("\n== what took how long");
        for step in &self.steps {
            println!("{}", row(step));
        }
        let total = self.total();
        println!("\n{} passed, {} failed", total.passed, total.failed);
    }

    /// The sum of what the runners said. A step that failed without a failing test
    /// (lints, a build, a runner that broke) counts as one failure, or the last line would lie.
    fn total(&self) -> Tests {
        let mut total = Tests::default();
        for step in &self.steps {
            let tests = step.tests.unwrap_or_default();
            let broken = matches!(step.verdict, Verdict::Failed(_)) && tests.failed == 0;
            total.passed += tests.passed;
            total.failed += tests.failed + u64::from(broken);
        }
        total
    }
}

fn row(step: &Step) -> String {
    let result = match &step.verdict {
        Verdict::Passed => "ok",
        Verdict::Failed(_) => "FAILED",
        Verdict::Skipped(_) => "SKIPPED",
    };
    let tests = step.tests.map_or_else(String::new, |tests| {
        format!("  {} passed, {} failed", tests.passed, tests.failed)
    });
    format!("{:<22}{:>8.1} s  {result:<8}{tests}", step.name, step.took.as_secs_f64())
        .trim_end()
        .to_owned()
}

/// What a runner says at its end: nextest once, cargo test once for each program.
pub fn count(output: &str) -> Option<Tests> {
    let lines: Vec<String> = output.lines().map(plain).collect();
    // Nextest repeats what a failed test said, and there cargo's line comes up again.
    lines.iter().rev().find_map(|line| nextest(line)).or_else(|| {
        lines.iter().filter_map(|line| cargo_test(line)).reduce(|sum, next| Tests {
            passed: sum.passed + next.passed,
            failed: sum.failed + next.failed,
        })
    })
}

fn nextest(line: &str) -> Option<Tests> {
    let (_, counts) = line.trim().strip_prefix("Summary [")?.split_once(" run: ")?;
    let counts = without_brackets(counts);
    // Whatever did not pass and was not skipped has failed: "timed out", "exec failed" and so on.
    Some(sum(counts.split(',').filter_map(number_and_word).filter(|(_, word)| *word != "skipped")))
}

fn cargo_test(line: &str) -> Option<Tests> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let counts = counts.split(';').filter_map(number_and_word);
    Some(sum(counts.filter(|(_, word)| matches!(*word, "passed" | "failed"))))
}

fn sum<'a>(counts: impl Iterator<Item = (u64, &'a str)>) -> Tests {
    counts.fold(Tests::default(), |tests, (number, word)| match word {
        "passed" => Tests { passed: tests.passed + number, ..tests },
        _ => Tests { failed: tests.failed + number, ..tests },
    })
}

fn number_and_word(text: &str) -> Option<(u64, &str)> {
    let (number, word) = text.trim().split_once(' ')?;
    Some((number.parse().ok()?, word.trim()))
}

fn without_brackets(text: &str) -> String {
    let mut depth = 0_u32;
    let keep = text.chars().filter(|c| match c {
        '(' => {
            depth += 1;
            false
        }
        ')' => {
            depth = depth.saturating_sub(1);
            false
        }
        _ => depth == 0,
    });
    keep.collect()
}

/// A line without the colours of a terminal.
fn plain(line: &str) -> String {
    let mut parts = line.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |line, part| {
        let end = part.find(|c: char| c.is_ascii_alphabetic()).map_or(part.len(), |at| at + 1);
        line + part.get(end..).unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(output: &str, passed: u64, failed: u64) {
        assert_eq!(count(output), Some(Tests { passed, failed }), "{output}");
    }

    #[test]
    fn a_summary_of_nextest_is_understood() {
        counted("     Summary [   0.012s] 12 tests run: 12 passed, 3 skipped", 12, 0);
        counted("Summary [ 1.2s] 1 test run: 1 passed, 0 skipped", 1, 0);
        let bad = "Summary [ 9s] 15/16 tests run: 10 passed (1 flaky, 2 leaky), 2 failed, \
                   3 timed out, 1 skipped";
        counted(bad, 10, 5);
    }

    #[test]
    fn a_summary_in_colour_is_understood() {
        let line = "\u{1b}[32;1m     Summary\u{1b}[0m [   0.01s] \u{1b}[1m2\u{1b}[0m tests run: \
                    \u{1b}[1m2\u{1b}[0m \u{1b}[32;1mpassed\u{1b}[0m, 0 skipped";
        counted(line, 2, 0);
    }

    #[test]
    fn the_summaries_of_cargo_test_are_added_up() {
        let output = "test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out\n\
                      test result: FAILED. 2 passed; 1 failed; 0 ignored; finished in 0.00s\n";
        counted(output, 7, 1);
    }

    #[test]
    fn what_a_failed_test_said_is_not_counted_again() {
        let output = "    test result: FAILED. 0 passed; 1 failed; 0 ignored\n\
                           Summary [ 1.2s] 3 tests run: 2 passed, 1 failed, 0 skipped\n";
        counted(output, 2, 1);
    }

    #[test]
    fn a_runner_that_says_nothing_has_counted_nothing() {
        assert_eq!(count("error: could not compile"), None);
    }

    #[test]
    fn a_step_that_breaks_without_a_failing_test_is_one_failure() {
        let mut report = Report::default();
        report.check("lints", || Ok(false));
        report.step("tests", || Ok((Verdict::Passed, Some(Tests { passed: 3, failed: 0 }))));
        assert_eq!(report.total(), Tests { passed: 3, failed: 1 });
        assert!(!report.is_good());
    }

    #[test]
    fn an_error_is_a_failed_step_and_a_skip_is_not() {
        let mut report = Report::default();
        assert!(!report.check("broken", || anyhow::bail!("no")));
        assert!(report.step("later", || Ok((Verdict::Skipped("not yet".into()), None))));
        assert_eq!(report.total(), Tests { passed: 0, failed: 1 });
    }
}
