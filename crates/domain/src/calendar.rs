//! China's working days: which days the platform's three working days count (Q5). Holidays and
//! moved working days are announced year by year, so the calendar says until when it is valid and
//! refuses to guess beyond.

use crate::{
    moment::Moment,
    policy::{
        Mistake,
        document::Section,
        mistake::{Mistakes, Problem},
    },
};
use jiff::civil::{Date, Weekday};
use std::{
    collections::BTreeSet,
    ops::Range,
    sync::{Arc, LazyLock},
};

const BUILT_IN: &str = include_str!("../calendar/china.toml");

/// The longest single holiday, in days.
const HOLIDAY_DAYS_MAX: u32 = 31;

/// The statutory working days of whole years (全国年节及纪念日放假办法).
#[derive(Clone, Debug)]
pub struct Calendar {
    valid_from: Date,
    valid_until: Date,
    free: BTreeSet<Date>,
    moved: BTreeSet<Date>,
}

/// A day was asked for that the calendar does not know yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the calendar of working days covers {valid_from} to {valid_until} only")]
pub struct BeyondCalendar {
    /// The first day it knows.
    pub valid_from: Date,
    /// The last day it knows.
    pub valid_until: Date,
}

impl Calendar {
    /// The calendar that the house ships. A test proves that it has no mistake; a faulty day
    /// would be left out, a faulty year not be covered.
    #[must_use]
    pub fn built_in() -> Arc<Self> {
        static CALENDAR: LazyLock<Arc<Calendar>> =
            LazyLock::new(|| Arc::new(read(BUILT_IN, &mut Mistakes::new(BUILT_IN))));
        Arc::clone(&CALENDAR)
    }

    /// Reads a calendar document.
    ///
    /// # Errors
    /// Every mistake found, with its line.
    pub fn parse(text: &str) -> Result<Self, Vec<Mistake>> {
        let mut mistakes = Mistakes::new(text);
        let calendar = read(text, &mut mistakes);
        let mistakes = mistakes.into_list();
        if mistakes.is_empty() { Ok(calendar) } else { Err(mistakes) }
    }

    /// The last day it knows.
    #[must_use]
    pub const fn valid_until(&self) -> Date {
        self.valid_until
    }

    /// Whether people work on that day in China.
    ///
    /// # Errors
    /// [`BeyondCalendar`] for a day that it does not know.
    pub fn is_working_day(&self, date: Date) -> Result<bool, BeyondCalendar> {
        if date < self.valid_from || date > self.valid_until {
            let (valid_from, valid_until) = (self.valid_from, self.valid_until);
            return Err(BeyondCalendar { valid_from, valid_until });
        }
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        Ok(self.moved.contains(&date) || !(weekend || self.free.contains(&date)))
    }

    /// The end, in China time, of the `working_days`-th working day after the day of `from`; the
    /// day of `from` itself for none.
    ///
    /// # Errors
    /// [`BeyondCalendar`] if that day, or the day of `from`, is not known.
    pub fn end_of_working_day_after(
        &self,
        from: Moment,
        working_days: u32,
    ) -> Result<Moment, BeyondCalendar> {
        let mut date = from.date_in_china();
        self.is_working_day(date)?;
        let mut left = working_days;
        // Ends at the latest with the calendar's last day.
        while left > 0 {
            date = date.tomorrow().unwrap_or(Date::MAX);
            left = left.saturating_sub(u32::from(self.is_working_day(date)?));
        }
        Ok(Moment::end_of_day_in_china(date))
    }
}

fn read(text: &str, mistakes: &mut Mistakes<'_>) -> Calendar {
    let mut document = Section::whole(text, mistakes);
    let mut calendar = Calendar {
        valid_from: Date::MAX,
        valid_until: Date::MIN,
        free: BTreeSet::new(),
        moved: BTreeSet::new(),
    };
    for section in document.sections(mistakes, "years") {
        read_year(section, mistakes, &mut calendar);
    }
    if calendar.valid_from > calendar.valid_until {
        document.wrong(mistakes, "years", &Problem::Missing);
    }
    document.finish(mistakes);
    calendar
}

fn read_year(mut section: Section<'_>, mistakes: &mut Mistakes<'_>, calendar: &mut Calendar) {
    let year = section.number(mistakes, "year", 2008..=2200, 2008);
    let year = i16::try_from(year).unwrap_or(2008);
    section.text(mistakes, "source");
    let (first, last) = (Date::constant(year, 1, 1), Date::constant(year, 12, 31));
    let follows = calendar.valid_until == Date::MIN
        || calendar.valid_until.tomorrow().is_ok_and(|next| next == first);
    if follows {
        calendar.valid_from = calendar.valid_from.min(first);
        calendar.valid_until = last;
    } else {
        section.wrong(mistakes, "year", &Problem::Gap);
    }
    for holiday in section.sections(mistakes, "holidays") {
        read_holiday(holiday, mistakes, calendar, first..last);
    }
    section.finish(mistakes);
}

fn read_holiday(
    mut section: Section<'_>,
    mistakes: &mut Mistakes<'_>,
    calendar: &mut Calendar,
    year: Range<Date>,
) {
    section.text(mistakes, "zh");
    section.text(mistakes, "en");
    let from = section.date(mistakes, "from").map(|date| civil(date, &year, mistakes));
    let to = section.date(mistakes, "to").map(|date| civil(date, &year, mistakes));
    if let (Some(Some(from)), Some(Some(to))) = (from, to) {
        let days = u32::try_from(from.until(to).map_or(-1, |span| span.get_days())).ok();
        if days.is_none_or(|days| days >= HOLIDAY_DAYS_MAX) {
            section.wrong(mistakes, "to", &Problem::Date);
        } else {
            calendar
                .free
                .extend(from.series(jiff::Span::new().days(1)).take_while(|day| *day <= to));
        }
    }
    for works in section.dates(mistakes, "works") {
        calendar.moved.extend(civil(works, &year, mistakes));
    }
    section.finish(mistakes);
}

/// A date of that year.
fn civil(
    (date, at): (toml::value::Date, Range<usize>),
    year: &Range<Date>,
    mistakes: &mut Mistakes<'_>,
) -> Option<Date> {
    let number = i16::try_from(date.year).ok();
    let (month, day) = (i8::try_from(date.month).ok(), i8::try_from(date.day).ok());
    let found = number.zip(month).zip(day);
    let found = found.and_then(|((year, month), day)| Date::new(year, month, day).ok());
    let found = found.filter(|date| *date >= year.start && *date <= year.end);
    if found.is_none() {
        mistakes.add(at, "date", &Problem::Date);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{BUILT_IN, BeyondCalendar, Calendar};
    use crate::moment::Moment;
    use jiff::civil::{Date, date};
    use std::fmt::Write as _;

    fn end(from: &str, working_days: u32) -> String {
        let from = Moment::parse(from).unwrap();
        Calendar::built_in().end_of_working_day_after(from, working_days).unwrap().to_string()
    }

    fn holidays(days: &[Date]) -> Vec<bool> {
        let calendar = Calendar::built_in();
        days.iter().map(|day| calendar.is_working_day(*day).unwrap()).collect()
    }

    #[test]
    fn the_built_in_calendar_has_no_mistake() {
        let calendar = Calendar::parse(BUILT_IN).unwrap();

        assert_eq!(calendar.valid_until(), date(2026, 12, 31));
        assert_eq!(calendar.is_working_day(date(2025, 1, 1)), Ok(false));
    }

    #[test]
    fn the_year_2026_has_the_working_days_of_the_notice() {
        let calendar = Calendar::built_in();
        let days = date(2026, 1, 1).series(jiff::Span::new().days(1)).take(365);

        let works = days.filter(|day| calendar.is_working_day(*day) == Ok(true)).count();

        assert_eq!(works, 248);
        let days = [date(2026, 2, 14), date(2026, 2, 16), date(2026, 9, 20), date(2026, 10, 8)];
        assert_eq!(holidays(&days), [true, false, true, true]);
    }

    #[test]
    fn three_working_days_count_from_the_next_one() {
        // Monday; a weekend between; asked on a Saturday.
        assert_eq!(end("2026-11-23T04:00:00Z", 3), "2026-11-26T15:59:59.999Z");
        assert_eq!(end("2026-11-26T04:00:00Z", 3), "2026-12-01T15:59:59.999Z");
        assert_eq!(end("2026-11-28T04:00:00Z", 1), "2026-11-30T15:59:59.999Z");
        assert_eq!(end("2026-11-23T04:00:00Z", 0), "2026-11-23T15:59:59.999Z");
    }

    #[test]
    fn holidays_are_skipped_and_moved_working_days_count() {
        // National Day 2026: 1–7 October free, Saturday 10 October works.
        assert_eq!(end("2026-09-30T04:00:00Z", 3), "2026-10-10T15:59:59.999Z");
        // Spring Festival 2026: 15–23 February free, Saturday 14 February works.
        assert_eq!(end("2026-02-13T04:00:00Z", 2), "2026-02-24T15:59:59.999Z");
        // Spring Festival 2025: Sunday 26 January works, 28 January to 4 February free.
        assert_eq!(end("2025-01-25T04:00:00Z", 3), "2025-02-05T15:59:59.999Z");
    }

    #[test]
    fn the_day_turns_at_midnight_in_china() {
        assert_eq!(end("2026-11-23T15:59:59Z", 1), "2026-11-24T15:59:59.999Z");
        assert_eq!(end("2026-11-23T16:00:00Z", 1), "2026-11-25T15:59:59.999Z");
    }

    #[test]
    fn beyond_the_last_notice_the_calendar_does_not_guess() {
        let (valid_from, valid_until) = (date(2025, 1, 1), date(2026, 12, 31));
        let beyond = Err(BeyondCalendar { valid_from, valid_until });
        let calendar = Calendar::built_in();
        for from in ["2026-12-31T04:00:00Z", "2027-06-01T04:00:00Z", "2024-12-31T04:00:00Z"] {
            let from = Moment::parse(from).unwrap();
            assert_eq!(calendar.end_of_working_day_after(from, 1), beyond);
            assert_eq!(calendar.end_of_working_day_after(from, u32::MAX), beyond);
        }
    }

    #[test]
    fn mistakes_in_a_calendar_are_reported_with_their_lines() {
        let mut text = String::from("[[years]]\nyear = 2027\nsource = \"x\"\n");
        writeln!(text, "[[years.holidays]]\nzh = \"元旦\"\nen = \"New Year\"").unwrap();
        writeln!(text, "from = 2027-01-03\nto = 2027-01-01\nworks = [2028-01-01]").unwrap();
        writeln!(text, "[[years]]\nyear = 2029\nsource = \"x\"\nextra = 1").unwrap();

        let mistakes = Calendar::parse(&text).unwrap_err();

        let lines: Vec<usize> = mistakes.iter().map(|mistake| mistake.line).collect();
        assert_eq!(lines, [4, 9, 10, 13], "{mistakes:?}");
        assert!(Calendar::parse("").is_err());
    }
}
