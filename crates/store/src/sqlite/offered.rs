//! The ports of figures and of search, as this backend offers them.

use super::{Sqlite, figure as write, search};
use crate::{decode::all, fault::failing, figure, search::Asked};
use async_trait::async_trait;
use domain::id::{CaseId, ShopId};
use engine::{
    figures::{
        CaseFigure, CaseText, Day, DayFigure, Figures, Grouping, HourFigure, OpenWork, OrderDay,
        Scope, Search, Share, Slice, Stretch,
    },
    ports::StoreFault,
    search::{Found, Wanted},
};

#[async_trait]
impl Figures for Sqlite {
    async fn shops_with_news(&self, limit: u32) -> Result<Vec<(ShopId, i64)>, StoreFault> {
        write::shops_with_news(&self.readers, limit).await
    }

    async fn followed(&self, shop_id: &ShopId) -> Result<i64, StoreFault> {
        write::followed(&self.readers, shop_id).await
    }

    async fn write_stretch(&self, stretch: &Stretch) -> Result<bool, StoreFault> {
        write::write(self, stretch).await
    }

    async fn forget_figures(&self, shop_id: &ShopId) -> Result<(), StoreFault> {
        write::forget(self, shop_id).await
    }

    async fn case_figure(
        &self,
        shop_id: &ShopId,
        case_id: CaseId,
    ) -> Result<Option<(CaseFigure, CaseText)>, StoreFault> {
        write::one(&self.readers, shop_id, case_id).await
    }

    async fn days(&self, scope: &Scope) -> Result<Vec<DayFigure>, StoreFault> {
        let mut query = figure::days(scope);
        let rows = query.build().fetch_all(&self.readers).await;
        all(&rows.map_err(failing("sum cases by day"))?, figure::day_figure)
    }

    async fn order_days(&self, scope: &Scope) -> Result<Vec<OrderDay>, StoreFault> {
        let mut query = figure::order_days(scope);
        let rows = query.build().fetch_all(&self.readers).await;
        all(&rows.map_err(failing("list orders by day"))?, figure::order_day)
    }

    async fn shares(&self, scope: &Scope, grouping: Grouping) -> Result<Vec<Share>, StoreFault> {
        let mut query = figure::shares(scope, grouping);
        let rows = query.build().fetch_all(&self.readers).await;
        all(&rows.map_err(failing("sum cases by group"))?, figure::share)
    }

    async fn hours(&self, scope: &Scope) -> Result<Vec<HourFigure>, StoreFault> {
        let mut query = figure::hours(scope);
        let rows = query.build().fetch_all(&self.readers).await;
        all(&rows.map_err(failing("count cases by hours"))?, figure::hour)
    }

    async fn open_work(&self, shop_id: &ShopId) -> Result<Vec<OpenWork>, StoreFault> {
        let mut query = figure::open_work(shop_id);
        let rows = query.build().fetch_all(&self.readers).await;
        all(&rows.map_err(failing("count open cases"))?, figure::open)
    }

    async fn case_figures(
        &self,
        scope: &Scope,
        slice: &Slice,
        after: Option<(Day, CaseId)>,
        limit: u32,
    ) -> Result<Vec<CaseFigure>, StoreFault> {
        let mut query = figure::cases(scope, slice, after, limit);
        let rows = query.build().fetch_all(&self.readers).await;
        all(&rows.map_err(failing("list figures of cases"))?, figure::case)
    }
}

#[async_trait]
impl Search for Sqlite {
    async fn search_cases(
        &self,
        shop_id: &ShopId,
        text: &str,
        before: Option<CaseId>,
        limit: u32,
    ) -> Result<Found, StoreFault> {
        let Some(wanted) = Wanted::read(text) else { return Ok(Found::default()) };
        let asked = Asked { shop_id, wanted: &wanted, before, limit };
        search::search(&self.readers, &asked).await
    }
}
