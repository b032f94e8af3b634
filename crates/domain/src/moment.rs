//! Time inside the domain: a moment is milliseconds since 1970, a span is a length of time.

use jiff::{Timestamp, civil::Date, tz::Offset};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A point in time, in milliseconds since 1970-01-01T00:00:00Z. On the wire: RFC 3339 in UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i64);

/// The earliest and latest moment accepted: the years 1970 to 9000.
const MOMENT_MS_MAX: i64 = 221_845_392_000_000;

/// China has had one time zone, UTC+8 without summer time, since 1992.
const CHINA_OFFSET_HOURS: i8 = 8;

impl Moment {
    /// A moment, held inside the years 1970 to 9000.
    #[must_use]
    pub fn from_ms(ms: i64) -> Self {
        Self(ms.clamp(0, MOMENT_MS_MAX))
    }

    /// Unix seconds, as WeChat's interfaces write times.
    #[must_use]
    pub fn from_seconds(seconds: i64) -> Self {
        Self::from_ms(seconds.saturating_mul(1000))
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// Reads RFC 3339, with any offset.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let timestamp: Timestamp = text.parse().ok()?;
        let ms = timestamp.as_millisecond();
        (0..=MOMENT_MS_MAX).contains(&ms).then_some(Self(ms))
    }

    /// That much later; held at the end of time rather than wrapped.
    #[must_use]
    pub fn after(self, span: Span) -> Self {
        Self::from_ms(self.0.saturating_add(span.0))
    }

    /// That much earlier; held at 1970.
    #[must_use]
    pub fn before(self, span: Span) -> Self {
        Self::from_ms(self.0.saturating_sub(span.0))
    }

    /// How long from `earlier` to this moment; nothing if it lies later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0).max(0))
    }

    /// The civil date in China at this moment.
    #[must_use]
    pub fn date_in_china(self) -> Date {
        self.timestamp().to_zoned(china().to_time_zone()).date()
    }

    /// The calendar year in China: what a yearly limit counts by.
    #[must_use]
    pub fn year_in_china(self) -> i16 {
        self.date_in_china().year()
    }

    /// The end of a civil day in China: 23:59:59.999.
    #[must_use]
    pub fn end_of_day_in_china(date: Date) -> Self {
        let end = date.at(23, 59, 59, 999_000_000);
        china().to_timestamp(end).map_or(Self(0), |moment| Self::from_ms(moment.as_millisecond()))
    }

    fn timestamp(self) -> Timestamp {
        Timestamp::from_millisecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

fn china() -> Offset {
    Offset::constant(CHINA_OFFSET_HOURS)
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.timestamp())
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text)
            .ok_or_else(|| serde::de::Error::custom("not an RFC 3339 time from 1970 on"))
    }
}

/// A length of time in milliseconds, never negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(i64);

impl Span {
    /// So many milliseconds.
    #[must_use]
    pub const fn from_ms(ms: i64) -> Self {
        Self(if ms < 0 { 0 } else { ms })
    }

    /// So many seconds.
    #[must_use]
    pub const fn seconds(seconds: u32) -> Self {
        Self(seconds as i64 * 1000)
    }

    /// So many hours.
    #[must_use]
    pub const fn hours(hours: u32) -> Self {
        Self(hours as i64 * 3_600_000)
    }

    /// So many days of 24 hours.
    #[must_use]
    pub const fn days(days: u32) -> Self {
        Self(days as i64 * 86_400_000)
    }

    /// Milliseconds.
    #[must_use]
    pub const fn ms(self) -> i64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::{Moment, Span};

    #[test]
    fn a_moment_reads_what_it_writes() {
        let moment = Moment::parse("2026-11-23T12:41:00.5+08:00").unwrap();
        assert_eq!(moment.to_string(), "2026-11-23T04:41:00.500Z");
        assert_eq!(Moment::parse(&moment.to_string()), Some(moment));
    }

    #[test]
    fn the_year_turns_at_midnight_in_china() {
        let eve = Moment::parse("2026-12-31T15:59:59Z").unwrap();
        assert_eq!(eve.year_in_china(), 2026);
        assert_eq!(eve.after(Span::seconds(1)).year_in_china(), 2027);
    }

    #[test]
    fn the_end_of_a_day_is_its_last_millisecond_in_china() {
        let date = Moment::parse("2026-11-23T00:00:00Z").unwrap().date_in_china();
        assert_eq!(Moment::end_of_day_in_china(date).to_string(), "2026-11-23T15:59:59.999Z");
    }
}
