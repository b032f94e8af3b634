//! The report: figures in tables, as Markdown for people and as JSON for programs.

use anyhow::{Context, Result};
use serde::Serialize;
use std::{fs, path::Path};

/// A figure measured in several runs.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// The middle one.
    pub median: f64,
    /// The least.
    pub low: f64,
    /// The most.
    pub high: f64,
    /// In which unit.
    pub unit: &'static str,
}

impl Figure {
    /// A figure of runs; all zero without any. Of an even number the median is between the two in
    /// the middle.
    pub fn of(mut runs: Vec<f64>, unit: &'static str) -> Self {
        runs.sort_by(f64::total_cmp);
        let at = |n: usize| runs.get(n).copied().unwrap_or_default();
        let last = runs.len().saturating_sub(1);
        let median = f64::midpoint(at(last / 2), at(runs.len() / 2));
        Self { median, low: at(0), high: at(last), unit }
    }

    /// One that was measured once.
    pub fn once(value: f64, unit: &'static str) -> Self {
        Self::of(vec![value], unit)
    }

    /// For people: the median, and least and most.
    pub fn text(&self) -> String {
        let one = |value: f64| match value.abs() {
            large if large >= 100.0 => grouped(value),
            small if small >= 10.0 => format!("{value:.1}"),
            _ => format!("{value:.2}"),
        };
        let spread = if self.low < self.high {
            format!(" ({}–{})", one(self.low), one(self.high))
        } else {
            String::new()
        };
        format!("{} {}{spread}", one(self.median), self.unit)
    }
}

fn grouped(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut text = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if value < 0.0 { format!("-{text}") } else { text }
}

/// One line of a table.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// What was measured.
    pub what: String,
    /// The figures, under the heads of the table.
    pub figures: Vec<Figure>,
    /// What is to be said of it: the share of a limit, a goal.
    pub remark: String,
}

/// A table.
#[derive(Clone, Debug, Serialize)]
pub struct Table {
    /// Its title.
    pub title: String,
    /// How it was measured.
    pub method: String,
    /// What stands in the columns, the first left out.
    pub heads: Vec<String>,
    /// Its lines.
    pub lines: Vec<Line>,
}

impl Table {
    /// An empty table.
    pub fn new(title: &str, method: &str, heads: &[&str]) -> Self {
        let heads = heads.iter().map(|head| (*head).to_owned()).collect();
        Self { title: title.into(), method: method.into(), heads, lines: Vec::new() }
    }

    /// Adds a line, and shows it to whoever waits.
    pub fn line(&mut self, what: &str, figures: Vec<Figure>, remark: String) {
        let told: Vec<String> = figures.iter().map(Figure::text).collect();
        eprintln!("  {what}: {} {remark}", told.join(" · "));
        self.lines.push(Line { what: what.to_owned(), figures, remark });
    }
}

/// The whole report.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// On which machine.
    pub machine: Vec<(String, String)>,
    /// What was measured.
    pub tables: Vec<Table>,
}

impl Report {
    /// Writes `NAME.md` and `NAME.json` into a folder.
    pub fn write(&self, folder: &Path, name: &str) -> Result<()> {
        fs::create_dir_all(folder).context("make the folder of the report")?;
        fs::write(folder.join(format!("{name}.md")), self.markdown())?;
        let json = serde_json::to_string_pretty(self)?;
        fs::write(folder.join(format!("{name}.json")), json)?;
        Ok(())
    }

    fn markdown(&self) -> String {
        let mut text = String::from("| machine | |\n|---|---|\n");
        for (name, value) in &self.machine {
            text.push_str(&format!("| {name} | {value} |\n"));
        }
        for table in &self.tables {
            text.push_str(&format!("\n## {}\n\n{}\n\n", table.title, table.method));
            text.push_str(&format!("| | {} | |\n", table.heads.join(" | ")));
            text.push_str(&format!("|---|{}---|\n", "---:|".repeat(table.heads.len())));
            for line in &table.lines {
                let figures: Vec<String> = line.figures.iter().map(Figure::text).collect();
                let figures = figures.join(" | ");
                text.push_str(&format!("| {} | {figures} | {} |\n", line.what, line.remark));
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::Figure;

    #[test]
    fn the_median_is_in_the_middle_of_many_and_between_two() {
        let median = |runs: &[f64]| Figure::of(runs.to_vec(), "/s").median;
        assert!(median(&[3.0, 1.0, 2.0]).total_cmp(&2.0).is_eq());
        assert!(median(&[4.0, 1.0]).total_cmp(&2.5).is_eq());
        assert!(median(&[]).total_cmp(&0.0).is_eq());
    }
}
