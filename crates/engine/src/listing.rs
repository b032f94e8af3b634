//! In which place a case stands in a list, and where a list goes on.

use crate::rows::{CaseOrder, CaseRow, Page};
use domain::{
    id::CaseId,
    moment::{Moment, Span},
    money::Money,
};

/// The place of a case in a list: the moment it is sorted by, and its id.
pub type Place = (Moment, CaseId);

/// What is less than this, in minor units, is not told apart.
pub const LITTLE_MINOR: i64 = 1_000;
/// How much later a case comes that is about half the money.
pub const HALVING: Span = Span::hours(6);
/// So many doublings of the least are told apart.
pub const DOUBLINGS_MAX: u32 = 13;

/// By when a case is dealt with first: its deadline, put off by six hours for each halving of the
/// money at stake, between ¥40,960 and ¥10. It does not depend on when one looks, so an index
/// keeps cases in this order; the amount over the time left would be sorted anew for each look.
/// PostgreSQL reckons it by itself; the conformance suite holds it to this.
#[must_use]
pub fn urgent_at(due_at: Moment, amount: Money) -> Moment {
    let halvings = (0..DOUBLINGS_MAX).filter(|n| amount.minor() < LITTLE_MINOR << n).count();
    let later = HALVING.ms().saturating_mul(i64::try_from(halvings).unwrap_or(0));
    due_at.after(Span::from_ms(later))
}

impl CaseRow {
    /// Its place in a list; none where the order leaves it out.
    #[must_use]
    pub fn place(&self, order: CaseOrder) -> Option<Place> {
        let moment = match order {
            CaseOrder::Newest => self.opened_at,
            CaseOrder::Deadline => self.due_at?,
            CaseOrder::Risk => urgent_at(self.due_at?, self.amount),
        };
        Some((moment, self.case_id))
    }
}

impl Page<CaseRow> {
    /// Where the list goes on; none at its end.
    #[must_use]
    pub fn next(&self, order: CaseOrder) -> Option<Place> {
        let last = || self.rows.last()?.place(order);
        if self.more { self.reached.or_else(last) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::urgent_at;
    use domain::{
        moment::{Moment, Span},
        money::Money,
    };

    #[test]
    fn each_halving_of_the_money_puts_off_by_six_hours() {
        let due = Moment::from_ms(1_000_000_000_000);
        let later = |fen: i64| urgent_at(due, Money::cny(fen).unwrap()).since(due);
        for (fen, halvings) in [
            (0, 13),
            (999, 13),
            (1_000, 12),
            (1_999, 12),
            (2_000, 11),
            (90_000, 6),
            (4_095_999, 1),
            (4_096_000, 0),
            (i64::from(i32::MAX), 0),
        ] {
            assert_eq!(later(fen), Span::hours(halvings * 6), "{fen}");
        }
    }
}
