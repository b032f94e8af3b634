//! How figures go on: summed by week, or by day where there are few days.

use engine::figures::{Day, DayFigure, Days, OrderDay};

/// Up to so many days are shown one by one.
const DAYS_MAX: i32 = 14;

/// A week, or a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// The first day that is counted.
    pub first: Day,
    /// The last.
    pub last: Day,
    /// Cases opened.
    pub cases: u64,
    /// Cases decided by a deadline.
    pub automatic: u64,
    /// Cases that led to a refund.
    pub refunds: u64,
    /// Minor units ordered back.
    pub refunded_minor: i64,
    /// Orders placed and paid.
    pub orders: u64,
}

impl Bucket {
    /// What it is called under a picture.
    #[must_use]
    pub fn label(&self) -> String {
        self.first.to_string().split_once('-').map(|(_, day)| day.to_owned()).unwrap_or_default()
    }

    /// Refunds among the orders of the same days, in per cent.
    #[must_use]
    pub fn rate(&self) -> String {
        percent(self.refunds, self.orders).unwrap_or_else(|| "0.0".to_owned())
    }
}

/// The figures of a range in buckets, the first first; days without figures are nothing, not left
/// out.
#[must_use]
pub fn buckets(days: Days, figures: &[DayFigure], orders: &[OrderDay]) -> Vec<Bucket> {
    let weekly = days.count() > DAYS_MAX;
    let mut buckets = Vec::new();
    let mut first = days.first();
    while first <= days.last() {
        let last = if weekly { first.monday().plus(6).min(days.last()) } else { first };
        let within = |day: Day| first <= day && day <= last;
        let mine: Vec<DayFigure> =
            figures.iter().filter(|figure| within(figure.day)).copied().collect();
        let placed = orders.iter().filter(|order| within(order.day));
        buckets.push(Bucket {
            first,
            last,
            cases: sum(&mine, |day| day.cases),
            automatic: sum(&mine, |day| day.automatic),
            refunds: sum(&mine, |day| day.refunds),
            refunded_minor: mine.iter().map(|day| day.refunded_minor).sum(),
            orders: placed.map(|order| order.orders).sum(),
        });
        first = last.plus(1);
    }
    buckets
}

/// A count summed over days.
pub fn sum(days: &[DayFigure], count: fn(&DayFigure) -> u64) -> u64 {
    days.iter().map(count).sum()
}

/// A part in per cent with one place, such as `3.5`; nothing of nothing.
#[must_use]
pub fn percent(part: u64, whole: u64) -> Option<String> {
    let permille = part.saturating_mul(1_000).checked_div(whole)?;
    Some(format!("{}.{}", permille / 10, permille % 10))
}

#[cfg(test)]
mod tests {
    use super::{buckets, percent};
    use engine::figures::{Day, Days, OrderDay};

    #[test]
    fn a_range_is_cut_into_whole_weeks_but_for_its_ends() {
        // A Saturday.
        let last = Day::parse("2026-11-28").unwrap();
        let orders = [OrderDay { day: last.plus(-6), orders: 4, paid_minor: 1 }];
        let weeks = buckets(Days::until(last, 30), &[], &orders);
        let firsts: Vec<String> = weeks.iter().map(super::Bucket::label).collect();
        assert_eq!(firsts, ["10-30", "11-02", "11-09", "11-16", "11-23"]);
        assert_eq!((weeks[3].orders, weeks[4].orders), (4, 0));
        assert_eq!(weeks[4].last, last);
        assert_eq!(buckets(Days::until(last, 7), &[], &[]).len(), 7);
        assert_eq!(buckets(Days::until(last, 365), &[], &[]).len(), 53);
    }

    #[test]
    fn a_part_is_told_with_one_place() {
        assert_eq!(percent(1, 3).as_deref(), Some("33.3"));
        assert_eq!(percent(3, 2).as_deref(), Some("150.0"));
        assert_eq!(percent(0, 5).as_deref(), Some("0.0"));
        assert_eq!(percent(1, 0), None);
    }
}
