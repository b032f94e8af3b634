//! Times as spreadsheets write them: `2026-11-23 12:41[:05]`, `2026/11/23 9:05`, `2026年11月23日`,
//! RFC 3339. Without an offset they are Beijing time.

use super::text;
use crate::import::fault::value::ValueFlaw;
use domain::moment::Moment;

/// China has had one time zone, UTC+8 without summer time, since 1992.
const BEIJING: &str = "+08:00";

/// Which moment of the day a date without a time means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edge {
    /// Its first.
    First,
    /// Its last: for what a buyer's time runs from, so that a rough date costs the buyer nothing.
    Last,
}

/// Reads a time; nothing for a blank cell.
///
/// # Errors
/// [`ValueFlaw::Time`] or [`ValueFlaw::TimeSerial`].
pub(super) fn parse(cell: &str, edge: Edge) -> Result<Option<Moment>, ValueFlaw> {
    let plain = text::plain(cell);
    if plain.is_empty() {
        return Ok(None);
    }
    match rfc3339(&plain, edge).and_then(|text| Moment::parse(&text)) {
        Some(moment) => Ok(Some(moment)),
        None if is_serial(&plain) => Err(ValueFlaw::TimeSerial(plain)),
        None => Err(ValueFlaw::Time(plain)),
    }
}

fn rfc3339(text: &str, edge: Edge) -> Option<String> {
    let spaced = text.replace('日', " ");
    let spaced = spaced.trim();
    let (date, time) = spaced.split_once([' ', 'T']).unwrap_or((spaced, ""));
    let date = date.replace(['/', '年', '月', '.'], "-");
    let [year, month, day] = parts(&date, '-')?;
    let (year, month, day) = (digits(year, 4, 4)?, digits(month, 1, 2)?, digits(day, 1, 2)?);
    let (clock, offset) = zoned(time.trim());
    let clock = if clock.is_empty() {
        match edge {
            Edge::First => "00:00:00".to_owned(),
            Edge::Last => "23:59:59.999".to_owned(),
        }
    } else {
        of_day(clock)?
    };
    Some(format!("{year}-{month:0>2}-{day:0>2}T{clock}{offset}"))
}

/// The time of day with an hour of two digits and with seconds.
fn of_day(clock: &str) -> Option<String> {
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let fraction = digits(fraction, 1, 9)?;
    let [hour, minute, second] = parts(clock, ':').or_else(|| {
        let [hour, minute] = parts(clock, ':')?;
        Some([hour, minute, "00"])
    })?;
    let (hour, minute, second) =
        (digits(hour, 1, 2)?, digits(minute, 2, 2)?, digits(second, 2, 2)?);
    Some(format!("{hour:0>2}:{minute}:{second}.{fraction}"))
}

fn zoned(time: &str) -> (&str, &str) {
    let at = time.find(['Z', 'z', '+', '-']).unwrap_or(time.len());
    match time.split_at_checked(at) {
        Some((clock, offset)) if !offset.is_empty() => (clock.trim_end(), offset),
        Some(_) | None => (time, BEIJING),
    }
}

fn parts<const N: usize>(text: &str, by: char) -> Option<[&str; N]> {
    text.split(by).collect::<Vec<_>>().try_into().ok()
}

fn digits(text: &str, min: usize, max: usize) -> Option<&str> {
    let fits = (min..=max).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then_some(text)
}

/// Days since 1900 with a fraction, as a spreadsheet keeps dates: `46349.52847`.
fn is_serial(text: &str) -> bool {
    let (days, fraction) = text.split_once('.').unwrap_or((text, "0"));
    digits(days, 5, 5).is_some() && digits(fraction, 1, 20).is_some()
}

#[cfg(test)]
mod tests {
    use super::{Edge, ValueFlaw, parse};
    use proptest::prelude::{any, proptest};

    fn check(cell: &str, want: &str) {
        let moment = parse(cell, Edge::First).unwrap().unwrap();
        assert_eq!(moment.to_string(), want, "{cell}");
    }

    #[test]
    fn a_time_without_an_offset_is_beijing_time() {
        for cell in [
            "2026-11-23 12:41",
            "2026-11-23 12:41:00",
            "2026/11/23 12:41",
            "2026-11-23T12:41:00+08:00",
            "2026-11-23T04:41:00Z",
            "2026年11月23日 12:41",
            "2026年11月23日12:41",
            "２０２６－１１－２３　１２：４１",
            "2026.11.23 12:41",
            "2026-11-23  12:41:00.000",
        ] {
            check(cell, "2026-11-23T04:41:00.000Z");
        }
        check("2026/1/3 9:05", "2026-01-03T01:05:00.000Z");
    }

    #[test]
    fn a_date_alone_is_its_first_or_last_moment() {
        check("2026/11/23", "2026-11-22T16:00:00.000Z");
        let last = parse("2026-11-23", Edge::Last).unwrap().unwrap();
        assert_eq!(last.to_string(), "2026-11-23T15:59:59.999Z");
        assert_eq!(parse("  ", Edge::Last), Ok(None));
    }

    #[test]
    fn other_things_are_refused() {
        for cell in [
            "11/23/2026",
            "23.11.2026",
            "2026-13-01",
            "2026-02-30",
            "2026-11-23 25:00",
            "2026-11-23 12",
            "2026-11-23 下午 3:00",
            "2026-11-23 3:00 PM",
            "昨天",
            "20261123",
        ] {
            assert!(matches!(parse(cell, Edge::First), Err(ValueFlaw::Time(_))), "{cell}");
        }
        for cell in ["46349.5284722222", "46349"] {
            assert!(matches!(parse(cell, Edge::First), Err(ValueFlaw::TimeSerial(_))), "{cell}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in any::<String>(), near in "[0-9年月日:/ .TZ+-]{0,24}") {
            let _ = (parse(&text, Edge::First), parse(&near, Edge::Last));
        }
    }
}
