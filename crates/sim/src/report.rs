//! What was found, as a page for people and as JSON.

use crate::{
    flaw::Flaw,
    hunt::Catch,
    machine::{commit, machine, today},
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, fs, io, path::Path, time::Duration};

/// All that one call of the simulator found.
#[derive(Debug, Default)]
pub struct Report {
    /// The seeds without a flaw, and how long they took.
    pub sound: Option<(Catch, Duration)>,
    /// Each flaw, with its seeds.
    pub flawed: BTreeMap<Flaw, Catch>,
    /// Steps a seed.
    pub steps: u64,
    /// Seeds run at a time.
    pub threads: usize,
    /// Which database.
    pub database: &'static str,
}

impl Report {
    /// Writes `report.md` and `report.json` into a folder.
    ///
    /// # Errors
    /// Where the folder cannot be written to.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        fs::write(folder.join("report.md"), self.page())?;
        let text = serde_json::to_string_pretty(&self.json())?;
        fs::write(folder.join("report.json"), text)
    }

    /// The page.
    #[must_use]
    pub fn page(&self) -> String {
        let (machine, commit, today) = (machine(), commit(), today());
        let mut page = format!(
            "# Simulation\n\n{machine}, commit {commit}, {today}, {} on {} threads.\n\n",
            self.database, self.threads
        );
        if let Some((catch, took)) = &self.sound {
            page.push_str(&figures(catch, *took));
        }
        if !self.flawed.is_empty() {
            page.push_str(&format!(
                "\n## Laws broken on purpose\n\n{} steps a seed. Caught means that a law was seen \
                 broken.\n\n| variant | caught in | laws seen broken |\n|---|---|---|\n",
                self.steps
            ));
            for (flaw, catch) in &self.flawed {
                let laws = catch.laws();
                let laws: Vec<String> =
                    laws.iter().map(|(law, times)| format!("{law} ({times})")).collect();
                let (caught, seeds) = (catch.failures.len(), catch.seeds);
                let name = flaw.name();
                let laws = laws.join("; ");
                page.push_str(&format!("| `{name}` | {caught} of {seeds} | {laws} |\n"));
            }
        }
        page
    }

    fn json(&self) -> Value {
        let flawed: BTreeMap<String, Value> = self
            .flawed
            .iter()
            .map(|(flaw, catch)| {
                let value = json!({
                    "seeds": catch.seeds, "caught": catch.failures.len(), "laws": catch.laws(),
                });
                (flaw.name(), value)
            })
            .collect();
        let sound = self.sound.as_ref().map(|(catch, took)| {
            let struck: BTreeMap<String, u64> =
                catch.sum.struck.iter().map(|(kind, times)| (kind.name(), *times)).collect();
            json!({
                "seeds": catch.seeds, "steps": catch.steps, "seconds": took.as_secs(),
                "violations": catch.failures.len(), "records": catch.sum.records,
                "cases": catch.sum.cases, "refunds": catch.sum.refunds,
                "requests": catch.sum.requests, "commands": catch.sum.tally.commands,
                "acknowledged": catch.sum.tally.acknowledged,
                "crashes": catch.sum.tally.crashes, "faults": struck,
            })
        });
        json!({
            "database": self.database, "machine": machine(), "commit": commit(), "date": today(), "steps_a_seed": self.steps, "sound": sound,
            "variants": flawed,
        })
    }
}

fn figures(catch: &Catch, took: Duration) -> String {
    let (sum, tally) = (&catch.sum, &catch.sum.tally);
    let seconds = took.as_secs_f64();
    let mut page = "## Figures\n\n| what | how many |\n|---|---:|\n".to_owned();
    let rows = [
        ("seeds", catch.seeds),
        ("steps", catch.steps),
        ("violations", u64::try_from(catch.failures.len()).unwrap_or(u64::MAX)),
        ("commands given", tally.commands),
        ("commands acknowledged", tally.acknowledged),
        ("commands refused", tally.refused),
        ("commands whose end nobody heard", tally.unknown),
        ("requests asked again under their key", tally.repeated),
        ("processes struck down", tally.crashes),
        ("records written", sum.records),
        ("cases", sum.cases),
        ("requests to the bank", sum.requests),
        ("refunds carried out by the bank", sum.refunds),
    ];
    for (what, count) in rows {
        page.push_str(&format!("| {what} | {count} |\n"));
    }
    page.push_str(&format!("| seconds | {seconds:.0} |\n"));
    page.push_str("\n## Faults by kind\n\n| kind | times |\n|---|---:|\n");
    for (kind, times) in &sum.struck {
        page.push_str(&format!("| {} | {times} |\n", kind.name()));
    }
    page
}
