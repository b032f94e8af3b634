//! What the follower and the readers of figures need of a store.

use super::{
    CaseFigure, CaseText, Day, DayFigure, Grouping, HourFigure, OpenWork, OrderDay, Scope, Share,
    Slice, Stretch,
};
use crate::{ports::StoreFault, search::Found};
use async_trait::async_trait;
use domain::id::{CaseId, ShopId};

/// Figures of shops: written by the follower, read by pages.
#[async_trait]
pub trait Figures: Send + Sync {
    /// Shops with records that were not followed yet, by id, and how far each was followed.
    async fn shops_with_news(&self, limit: u32) -> Result<Vec<(ShopId, i64)>, StoreFault>;

    /// How far the log of a shop was followed; 0 if not at all. What is settled up to there cannot
    /// grow any more.
    async fn followed(&self, shop_id: &ShopId) -> Result<i64, StoreFault>;

    /// Writes what a stretch of the log gives, in one transaction, if the shop was followed as
    /// far as where the stretch begins. False, and nothing written, if another was first. A row
    /// made from an older version than the one that stands is left out.
    async fn write_stretch(&self, stretch: &Stretch) -> Result<bool, StoreFault>;

    /// Forgets what was followed of a shop, so that all of it is made anew from the log.
    async fn forget_figures(&self, shop_id: &ShopId) -> Result<(), StoreFault>;

    /// The figures and the words of one case.
    async fn case_figure(
        &self,
        shop_id: &ShopId,
        case_id: CaseId,
    ) -> Result<Option<(CaseFigure, CaseText)>, StoreFault>;

    /// The cases in figures, last opened first, continuing after a day and a case.
    async fn case_figures(
        &self,
        scope: &Scope,
        slice: &Slice,
        after: Option<(Day, CaseId)>,
        limit: u32,
    ) -> Result<Vec<CaseFigure>, StoreFault>;

    /// By day of opening; days without cases are left out.
    async fn days(&self, scope: &Scope) -> Result<Vec<DayFigure>, StoreFault>;

    /// Paid orders by day of placing.
    async fn order_days(&self, scope: &Scope) -> Result<Vec<OrderDay>, StoreFault>;

    /// The largest groups, at most [`super::SHARES_MAX`].
    async fn shares(&self, scope: &Scope, grouping: Grouping) -> Result<Vec<Share>, StoreFault>;

    /// How long the first answers took.
    async fn hours(&self, scope: &Scope) -> Result<Vec<HourFigure>, StoreFault>;

    /// Open cases by stage and by who must act, each counted up to
    /// [`super::OPEN_COUNTED_MAX`].
    async fn open_work(&self, shop_id: &ShopId) -> Result<Vec<OpenWork>, StoreFault>;
}

/// Full-text search over cases.
#[async_trait]
pub trait Search: Send + Sync {
    /// The cases of a shop that have every word of the text in them, last opened first, those
    /// opened before a case alone if one is given; nothing for a text without words. What was
    /// written a moment ago may not be found yet.
    async fn search_cases(
        &self,
        shop_id: &ShopId,
        text: &str,
        before: Option<CaseId>,
        limit: u32,
    ) -> Result<Found, StoreFault>;
}
