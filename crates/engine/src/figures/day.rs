//! Days in China, and stretches of them.

use domain::moment::{Moment, Span};
use std::fmt;

/// The longest stretch of time that is summed at once.
pub const RANGE_DAYS_MAX: i32 = 400;

const DAY_MS: i64 = 86_400_000;
const CHINA_MS: i64 = 8 * 3_600_000;

/// A civil day in China, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

impl Day {
    /// The day of that number.
    #[must_use]
    pub const fn new(number: i32) -> Self {
        Self(number)
    }

    /// The day in China at a moment.
    #[must_use]
    pub fn of(moment: Moment) -> Self {
        let days = moment.ms().saturating_add(CHINA_MS).div_euclid(DAY_MS);
        Self(i32::try_from(days).unwrap_or(i32::MAX))
    }

    /// Its number.
    #[must_use]
    pub const fn number(self) -> i32 {
        self.0
    }

    /// So many days later; earlier if negative.
    #[must_use]
    pub const fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// The Monday of its week.
    #[must_use]
    pub const fn monday(self) -> Self {
        // The first day of 1970 was a Thursday.
        Self(self.0.saturating_sub(self.0.saturating_add(3).rem_euclid(7)))
    }

    /// The first day of its month.
    #[must_use]
    pub fn first_of_month(self) -> Self {
        let day = i32::from(self.noon().date_in_china().day());
        self.plus(1_i32.saturating_sub(day))
    }

    /// Reads `2026-11-23`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text.len() == 10 && text.is_ascii();
        let midday = Moment::parse(&format!("{text}T12:00:00+08:00")).filter(|_| plain)?;
        Some(Self::of(midday))
    }

    /// Noon: no bending at the beginning of time.
    fn noon(self) -> Moment {
        self.starts_at().after(Span::hours(12))
    }

    /// Its first moment.
    #[must_use]
    pub fn starts_at(self) -> Moment {
        Moment::from_ms(i64::from(self.0).saturating_mul(DAY_MS).saturating_sub(CHINA_MS))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.noon().date_in_china())
    }
}

/// A stretch of days, both ends included, never longer than [`RANGE_DAYS_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    first: Day,
    last: Day,
}

impl Days {
    /// The days up to one, so many in all.
    #[must_use]
    pub fn until(last: Day, count: i32) -> Self {
        let count = count.clamp(1, RANGE_DAYS_MAX);
        Self { first: last.plus(1_i32.saturating_sub(count)), last }
    }

    /// From a day to another; of too many the last ones, of none the last day.
    #[must_use]
    pub fn between(first: Day, last: Day) -> Self {
        Self::until(last, last.0.saturating_sub(first.0).saturating_add(1))
    }

    /// The first.
    #[must_use]
    pub const fn first(self) -> Day {
        self.first
    }

    /// The last.
    #[must_use]
    pub const fn last(self) -> Day {
        self.last
    }

    /// How many.
    #[must_use]
    pub const fn count(self) -> i32 {
        self.last.0.saturating_sub(self.first.0).saturating_add(1)
    }
}

#[cfg(test)]
mod tests {
    use super::{Day, Days};
    use domain::moment::Moment;

    #[test]
    fn a_day_begins_at_midnight_in_china() {
        let last = Moment::parse("2026-11-23T15:59:59.999Z").unwrap();
        let first = Moment::parse("2026-11-23T16:00:00Z").unwrap();
        assert_eq!(Day::of(last).to_string(), "2026-11-23");
        assert_eq!(Day::of(first).to_string(), "2026-11-24");
        assert_eq!(Day::of(first).starts_at(), first);
        assert_eq!(Day::of(first).monday(), Day::of(last));
        assert_eq!(Day::new(0).to_string(), "1970-01-01");
        assert_eq!(Day::parse("2026-11-24"), Some(Day::of(first)));
        assert_eq!(Day::of(first).first_of_month().to_string(), "2026-11-01");
        for text in ["", "2026-11-31", "2026-1-1", "26-11-2026", "2026-11-24T", "二〇二六年"] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_stretch_is_never_longer_than_the_most() {
        let days = Days::until(Day::new(1_000), 7);
        assert_eq!((days.first(), days.count()), (Day::new(994), 7));
        assert_eq!(Days::until(Day::new(1_000), i32::MAX).count(), 400);
        assert_eq!(Days::until(Day::new(1_000), -3).count(), 1);
        let (first, last) = (Day::new(1_000), Day::new(1_006));
        assert_eq!(Days::between(first, last), Days::until(last, 7));
        assert_eq!(Days::between(last, first), Days::until(first, 1));
    }
}
