//! Which days a page is about: the last so many, or from a day to another.

use crate::pages::{page::Page, visit::Visit};
use engine::figures::{Day, Days};

/// The ranges one can pick, in days.
pub const RANGES: [i32; 4] = [7, 30, 90, 365];
/// What is shown where nothing was picked.
const USUAL: i32 = 30;

/// The days of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range(Days);

impl Range {
    /// As the address says: `days=30`, or `from` and `to`; what makes no sense is the usual range.
    #[must_use]
    pub fn asked(visit: &Visit) -> Self {
        let today = Day::of(visit.page.now);
        let day = |name| visit.asked_for(name).and_then(Day::parse);
        if let (Some(from), Some(to)) = (day("from"), day("to")) {
            return Self(Days::between(from, to));
        }
        let count = visit.asked_for("days").and_then(|days| days.parse().ok());
        Self(Days::until(today, count.unwrap_or(USUAL)))
    }

    /// The days.
    #[must_use]
    pub const fn days(self) -> Days {
        self.0
    }

    /// How many.
    #[must_use]
    pub const fn count(self) -> i32 {
        self.0.count()
    }

    /// What a file of it is called.
    #[must_use]
    pub fn name(self) -> String {
        format!("{}-{}", self.0.first(), self.0.last())
    }

    /// As people read it.
    #[must_use]
    pub fn words(self, p: &Page) -> String {
        p.t2("overview-range", &("first", self.0.first()), &("last", self.0.last()))
    }

    /// How an address says it.
    #[must_use]
    pub fn query(self) -> String {
        format!("from={}&to={}", self.0.first(), self.0.last())
    }
}
