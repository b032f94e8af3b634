//! Figures: what a shop can learn from its cases (P2, P4). One row a case and one an order, made
//! beside the write path by the follower and summed by the database; all of it is disposable.

mod day;
pub mod dispute;
mod port;
pub mod score;
mod tally;

pub use day::{Day, Days, RANGE_DAYS_MAX};
pub use port::{Figures, Search};
pub use tally::{case_figures, order_figure};

use crate::rows::StreamKey;
use domain::{
    application::{CaseType, Fault},
    case::Outcome,
    id::{CaseId, ReasonCode, ShopId},
    moment::Span,
    money::{Currency, Money},
};
use serde::{Deserialize, Serialize};

/// The most rows of a list of reasons, products or batches.
pub const SHARES_MAX: u32 = 20;

/// What is summed: the cases of one shop opened in a stretch of days, in one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Whose.
    pub shop_id: ShopId,
    /// Opened when.
    pub days: Days,
    /// In which currency: amounts of two cannot be added.
    pub currency: Currency,
}

/// Which of the cases in a scope; nothing named means all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slice {
    /// With this reason.
    pub reason: Option<ReasonCode>,
    /// Of this product.
    pub product: Option<String>,
    /// Of this batch.
    pub batch: Option<String>,
    /// Decided in this way.
    pub decided: Option<Decided>,
    /// Refused or not.
    pub refusing: Option<Refusing>,
    /// With the money gone or not.
    pub settled: Option<Settled>,
}

/// Whether all that was ordered back has gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settled {
    /// All of it.
    Whole,
    /// Some of it is on its way, waits or has failed.
    InPart,
}

/// How a case was decided, in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decided {
    /// By the merchant's people, or by an offer of theirs that the buyer accepted.
    Merchant,
    /// By the system, because a deadline of the merchant passed (P2).
    Deadline,
    /// By the system at once, within the limits the shop set (I2).
    FastLane,
    /// By the platform.
    Ruling,
}

impl Decided {
    /// Its name in the store and on pages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Merchant => "merchant",
            Self::Deadline => "deadline",
            Self::FastLane => "fast_lane",
            Self::Ruling => "ruling",
        }
    }
}

/// For whom the platform ruled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ruled {
    /// The buyer gets something.
    ForBuyer,
    /// The refusal stands.
    ForMerchant,
}

impl Ruled {
    /// Its name in the store and on pages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ForBuyer => "for_buyer",
            Self::ForMerchant => "for_merchant",
        }
    }
}

/// Whether the merchant refused what the platform then granted (P1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusing {
    /// Nothing was refused.
    Never,
    /// Something was refused, and the platform did not say otherwise.
    Refused,
    /// Refused, and later ruled for the buyer.
    Wrongly,
}

impl Refusing {
    /// Its name in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Refused => "refused",
            Self::Wrongly => "wrongly",
        }
    }
}

/// The money of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amounts {
    /// What the buyer asks.
    pub asked: Money,
    /// What was ordered back; what another refund replaced does not count.
    pub refunded: Money,
    /// What the payment channel says has gone.
    pub succeeded: Money,
    /// What people have paid out.
    pub paid_out: Money,
    /// What has failed and waits for another way.
    pub failed: Money,
}

/// One case in figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseFigure {
    /// Its stream.
    pub key: StreamKey,
    /// Its id.
    pub case_id: CaseId,
    /// The version of the stream that this was made from.
    pub version: u64,
    /// The day it was opened.
    pub opened_on: Day,
    /// What kind.
    pub case_type: CaseType,
    /// Why.
    pub reason: ReasonCode,
    /// Who is at fault by the reason.
    pub fault: Fault,
    /// The main product: its stock number, or its title where it has none.
    pub product: String,
    /// What the buyer read.
    pub title: String,
    /// The supplier's batch; empty if not known.
    pub batch: String,
    /// Its money.
    pub amounts: Amounts,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// How it was decided.
    pub decided: Option<Decided>,
    /// How long the first answer to the buyer took.
    pub answered_after: Option<Span>,
    /// For whom the platform ruled.
    pub ruled: Option<Ruled>,
    /// Whether the merchant refused, and wrongly.
    pub refusing: Refusing,
}

/// One order in figures: what refunds are measured against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderFigure {
    /// Its stream.
    pub key: StreamKey,
    /// The version of the stream that this was made from.
    pub version: u64,
    /// The day it was placed.
    pub placed_on: Day,
    /// What was paid; orders without payment are not counted.
    pub paid: Money,
}

/// The words of one case, as they are searched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseText {
    /// Its stream.
    pub key: StreamKey,
    /// Its id.
    pub case_id: CaseId,
    /// The version of the stream that this was made from.
    pub version: u64,
    /// All of it, as [`crate::search::plain`] leaves it.
    pub text: String,
}

/// What a stretch of the log gives: rows, and how far the log was followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Whose.
    pub shop_id: ShopId,
    /// From where: the sequence that was followed before.
    pub after: i64,
    /// To where.
    pub until: i64,
    /// Orders that were told anew.
    pub orders: Vec<OrderFigure>,
    /// Cases to which something happened.
    pub cases: Vec<CaseFigure>,
    /// Their words.
    pub texts: Vec<CaseText>,
}

/// The cases opened on one day, summed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayFigure {
    /// Which day.
    pub day: Day,
    /// How many.
    pub cases: u64,
    /// How many were decided.
    pub decided: u64,
    /// How many of them by a deadline of the merchant that passed.
    pub automatic: u64,
    /// How many of them at once.
    pub fast: u64,
    /// How many led to a refund.
    pub refunds: u64,
    /// How many came before the platform and were ruled on.
    pub ruled: u64,
    /// How many were refused wrongly.
    pub wrongly_refused: u64,
    /// Minor units ordered back.
    pub refunded_minor: i64,
    /// Minor units ordered back because a deadline passed.
    pub automatic_minor: i64,
    /// Minor units the channel says have gone.
    pub succeeded_minor: i64,
    /// Minor units people have paid out.
    pub paid_out_minor: i64,
    /// Minor units that failed and wait for another way.
    pub failed_minor: i64,
}

/// The paid orders placed on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderDay {
    /// Which day.
    pub day: Day,
    /// How many.
    pub orders: u64,
    /// Minor units paid.
    pub paid_minor: i64,
}

/// What cases are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grouping {
    /// The reason.
    Reason,
    /// The main product.
    Product,
    /// The product and its supplier's batch; cases without one are left out.
    Batch,
}

/// A group of cases, the largest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// The reason, or the product.
    pub name: String,
    /// What the buyer read of the product; empty for reasons.
    pub title: String,
    /// The batch; empty but for batches.
    pub batch: String,
    /// How many cases.
    pub cases: u64,
    /// Minor units ordered back.
    pub refunded_minor: i64,
    /// How many were ruled on.
    pub ruled: u64,
    /// How many of them for the buyer.
    pub ruled_for_buyer: u64,
}

/// How many cases were first answered after so many whole hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HourFigure {
    /// Hours.
    pub hours: u32,
    /// Cases.
    pub cases: u64,
}

/// The hours that half of the answers took at most; absent where nothing was answered.
#[must_use]
pub fn median_hours(figures: &[HourFigure]) -> Option<u32> {
    let total: u64 = figures.iter().map(|figure| figure.cases).sum();
    let mut left = total.div_ceil(2);
    let mut sorted = figures.to_vec();
    sorted.sort_by_key(|figure| figure.hours);
    sorted.iter().find_map(|figure| {
        left = left.saturating_sub(figure.cases);
        (left == 0 && total > 0).then_some(figure.hours)
    })
}

/// So many open cases of a stage and a side are counted; whoever has more need not know how many.
pub const OPEN_COUNTED_MAX: u32 = 1_000;

/// Open cases by stage and by who must act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenWork {
    /// The stage, as `domain::case::Stage` writes it.
    pub stage: String,
    /// Who must act.
    pub waits_for: Option<domain::actor::Side>,
    /// How many; counted up to [`OPEN_COUNTED_MAX`].
    pub cases: u64,
}

#[cfg(test)]
mod tests {
    use super::{HourFigure, median_hours};

    #[test]
    fn half_of_the_answers_took_no_longer_than_the_median() {
        let figure = |hours, cases| HourFigure { hours, cases };
        assert_eq!(median_hours(&[]), None);
        assert_eq!(median_hours(&[figure(5, 1)]), Some(5));
        assert_eq!(median_hours(&[figure(40, 1), figure(2, 2)]), Some(2));
        assert_eq!(median_hours(&[figure(48, 2), figure(1, 1)]), Some(48));
    }
}
