//! The progress bar of an import. It shows itself only on a terminal.

use crate::import::run::Tick;
use domain::policy::Language;
use indicatif::{ProgressBar, ProgressStyle};
use std::time::Duration;

/// How often a bar without a known end turns.
const TURN: Duration = Duration::from_millis(200);

/// A bar on standard error.
pub struct Bar {
    bar: ProgressBar,
    language: Language,
}

impl Bar {
    /// For a file, whose size is known.
    #[must_use]
    pub fn of_file(bytes: u64, language: Language) -> Self {
        let bar = ProgressBar::new(bytes);
        let style = ProgressStyle::with_template("{bar:30} {percent:>3}% {msg} {eta}");
        Self { bar: style.map_or(bar.clone(), |style| bar.with_style(style)), language }
    }

    /// For standard input, whose end nobody knows.
    #[must_use]
    pub fn of_stream(language: Language) -> Self {
        let bar = ProgressBar::new_spinner();
        bar.enable_steady_tick(TURN);
        Self { bar, language }
    }

    /// Shows how far the run is.
    pub fn tick(&self, tick: Tick) {
        self.bar.set_position(tick.bytes);
        let Tick { read, rejected, .. } = tick;
        self.bar.set_message(match self.language {
            Language::Zh => format!("{read} 个订单，退回 {rejected}"),
            Language::En => format!("{read} orders, {rejected} rejected"),
        });
    }

    /// Clears the bar before the report.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }
}
