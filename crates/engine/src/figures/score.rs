//! The score of a shop (P1, P2): a plain sum that anybody can check by hand.
//!
//! A shop has 100 points. Points are taken off for four things, each in proportion up to its own
//! limit, over the cases opened in a stretch of days:
//!
//! | what | most taken off | all of it at |
//! |---|---|---|
//! | requests refused that the platform then granted | 40 | 5 % of the decided cases |
//! | cases decided by a deadline that passed | 30 | 20 % of the decided cases |
//! | slow answers: half of them take longer than 12 hours | 20 | 48 hours |
//! | cases that came before the platform and were ruled on | 10 | 10 % of the decided cases |
//!
//! A shop with few cases is measured as if it had [`BASE_MIN`]: one case does not sink it.

use super::{DayFigure, HourFigure, median_hours};

/// The days a score looks back.
pub const SCORE_DAYS: i32 = 90;
/// The fewest decided cases that shares are counted by.
pub const BASE_MIN: u64 = 20;

/// How a shop handled its cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Conduct {
    /// Decided cases.
    pub decided: u64,
    /// Refused, and then ruled for the buyer.
    pub wrongly_refused: u64,
    /// Decided by a deadline of the merchant that passed.
    pub automatic: u64,
    /// Ruled on by the platform.
    pub ruled: u64,
    /// The hours that half of the first answers took at most.
    pub median_hours: Option<u32>,
}

impl Conduct {
    /// Out of figures by day.
    #[must_use]
    pub fn of(days: &[DayFigure], hours: &[HourFigure]) -> Self {
        let sum = |count: fn(&DayFigure) -> u64| days.iter().map(count).sum();
        Self {
            decided: sum(|day| day.decided),
            wrongly_refused: sum(|day| day.wrongly_refused),
            automatic: sum(|day| day.automatic),
            ruled: sum(|day| day.ruled),
            median_hours: median_hours(hours),
        }
    }
}

/// What points are taken off for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// Requests refused that the platform then granted (P1).
    WronglyRefused,
    /// Cases decided by a deadline that passed (P2).
    Automatic,
    /// Slow answers (P2).
    Slow,
    /// Cases that came before the platform.
    Ruled,
}

impl Ground {
    /// Its name in texts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WronglyRefused => "wrongly-refused",
            Self::Automatic => "automatic",
            Self::Slow => "slow",
            Self::Ruled => "ruled",
        }
    }
}

/// What one ground takes off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deduction {
    /// For what.
    pub ground: Ground,
    /// Points taken off.
    pub points: u64,
    /// The most it could be.
    pub points_max: u64,
    /// What was measured: cases, or hours.
    pub measured: u64,
}

/// A score with its reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// 0 to 100.
    pub points: u64,
    /// What was taken off, in the order of the table; nothing is left out, so that a shop also
    /// sees what it does well.
    pub deductions: Vec<Deduction>,
}

/// The score of a shop.
#[must_use]
pub fn score(conduct: &Conduct) -> Score {
    let base = conduct.decided.max(BASE_MIN);
    let share = |ground, cases: u64, points_max: u64, percent: u64| {
        let points = up_to(points_max, cases.saturating_mul(100), base.saturating_mul(percent));
        Deduction { ground, points, points_max, measured: cases }
    };
    let hours = u64::from(conduct.median_hours.unwrap_or(0));
    let slow = Deduction {
        ground: Ground::Slow,
        points: up_to(20, hours.saturating_sub(12), 36),
        points_max: 20,
        measured: hours,
    };
    let deductions = vec![
        share(Ground::WronglyRefused, conduct.wrongly_refused, 40, 5),
        share(Ground::Automatic, conduct.automatic, 30, 20),
        slow,
        share(Ground::Ruled, conduct.ruled, 10, 10),
    ];
    let taken: u64 = deductions.iter().map(|deduction| deduction.points).sum();
    Score { points: 100_u64.saturating_sub(taken), deductions }
}

/// The part of the points that `measured` is of `full`, never more than all; a part of a point
/// counts as one.
fn up_to(points: u64, measured: u64, full: u64) -> u64 {
    points.saturating_mul(measured.min(full)).div_ceil(full.max(1))
}

#[cfg(test)]
mod tests {
    use super::{Conduct, score};

    fn points(conduct: Conduct) -> u64 {
        let score = score(&conduct);
        let taken: u64 = score.deductions.iter().map(|deduction| deduction.points).sum();
        assert_eq!(score.points + taken, 100, "{score:?}");
        score.points
    }

    #[test]
    fn a_shop_without_cases_has_all_its_points() {
        assert_eq!(points(Conduct::default()), 100);
    }

    #[test]
    fn each_ground_takes_off_its_part_and_no_more() {
        let good = Conduct { decided: 100, median_hours: Some(12), ..Conduct::default() };
        assert_eq!(points(good), 100);
        assert_eq!(points(Conduct { wrongly_refused: 1, ..good }), 92);
        assert_eq!(points(Conduct { wrongly_refused: 5, ..good }), 60);
        assert_eq!(points(Conduct { wrongly_refused: 100, ..good }), 60);
        assert_eq!(points(Conduct { automatic: 10, ..good }), 85);
        assert_eq!(points(Conduct { automatic: 100, ..good }), 70);
        assert_eq!(points(Conduct { median_hours: Some(30), ..good }), 90);
        assert_eq!(points(Conduct { median_hours: Some(500), ..good }), 80);
        assert_eq!(points(Conduct { ruled: 5, ..good }), 95);
    }

    #[test]
    fn the_worst_shop_has_none_and_never_less() {
        let worst = Conduct {
            decided: 10,
            wrongly_refused: u64::MAX,
            automatic: u64::MAX,
            ruled: u64::MAX,
            median_hours: Some(u32::MAX),
        };
        assert_eq!(points(worst), 0);
    }

    #[test]
    fn one_case_does_not_sink_a_small_shop() {
        let small = Conduct { decided: 1, wrongly_refused: 1, ..Conduct::default() };
        assert_eq!(points(small), 60);
        let small = Conduct { decided: 1, automatic: 1, ..Conduct::default() };
        assert_eq!(points(small), 92);
    }
}
