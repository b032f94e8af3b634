//! What an import did, in numbers and in words.

use crate::import::{fault::LineFault, run::Stored};
use domain::policy::Language;
use std::{path::PathBuf, time::Duration};

/// Orders by what became of them; `read` is the sum of the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Orders dealt with, and lines that hold none.
    pub read: u64,
    /// Stored for the first time.
    pub new: u64,
    /// Stored before with other facts.
    pub changed: u64,
    /// Stored before with these facts.
    pub unchanged: u64,
    /// Checked and not stored, because only a check was asked for.
    pub checked: u64,
    /// Not taken, by the reader or by the sink.
    pub rejected: u64,
}

/// What a run was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Only to read and check.
    Check,
    /// To store.
    Store,
}

/// The closing report of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Whether anything was stored at all.
    pub purpose: Purpose,
    /// The counts.
    pub tally: Tally,
    /// The first faults, at most [`Report::FAULTS_MAX`].
    pub faults: Vec<LineFault>,
    /// The reject file, if anything was written to it.
    pub reject_file: Option<PathBuf>,
    /// How long it took.
    pub elapsed: Duration,
}

impl Tally {
    pub(crate) const fn count(&mut self, stored: Stored) {
        let place = match stored {
            Stored::New => &mut self.new,
            Stored::Changed => &mut self.changed,
            Stored::Same => &mut self.unchanged,
        };
        *place = place.saturating_add(1);
    }
}

impl Report {
    /// How many faults a report repeats; the reasons file has all of them.
    pub const FAULTS_MAX: usize = 20;

    /// Orders read in a second.
    #[must_use]
    pub fn orders_per_second(&self) -> u64 {
        let ms = self.elapsed.as_millis().max(1);
        let rate = u128::from(self.tally.read).saturating_mul(1000).checked_div(ms).unwrap_or(0);
        u64::try_from(rate).unwrap_or(u64::MAX)
    }

    /// The report in words, faults first.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let mut lines: Vec<String> = self.faults.iter().map(|fault| fault.told(language)).collect();
        let shown = u64::try_from(self.faults.len()).unwrap_or(u64::MAX);
        let hidden = self.tally.rejected.saturating_sub(shown);
        if hidden > 0 {
            lines.push(match language {
                Language::Zh => format!("……另有 {hidden} 条"),
                Language::En => format!("… and {hidden} more"),
            });
        }
        lines.push(self.counts(language));
        if let Some(path) = &self.reject_file {
            let path = path.display();
            lines.push(match language {
                Language::Zh => format!("退回文件：{path}；原因：{path}.reasons.txt"),
                Language::En => format!("reject file: {path}; reasons: {path}.reasons.txt"),
            });
        }
        lines.join("\n")
    }

    fn counts(&self, language: Language) -> String {
        let Tally { read, new, changed, unchanged, checked, rejected } = self.tally;
        let rate = self.orders_per_second();
        let seconds =
            format!("{}.{:01}", self.elapsed.as_secs(), self.elapsed.subsec_millis() / 100);
        match (language, self.purpose) {
            (Language::Zh, Purpose::Store) => format!(
                "读取 {read} 个订单：新增 {new}，更新 {changed}，未变 {unchanged}；退回 {rejected}。\
                 用时 {seconds} 秒，每秒 {rate} 个。"
            ),
            (Language::Zh, Purpose::Check) => format!(
                "试运行，未写入：可导入 {checked} 个订单；退回 {rejected}。用时 {seconds} 秒，每秒 {rate} 个。"
            ),
            (Language::En, Purpose::Store) => format!(
                "{read} orders read: {new} new, {changed} changed, {unchanged} unchanged; \
                 {rejected} rejected. {seconds} s, {rate} orders/s."
            ),
            (Language::En, Purpose::Check) => format!(
                "dry run, nothing stored: {checked} orders are good; {rejected} rejected. \
                 {seconds} s, {rate} orders/s."
            ),
        }
    }
}
