//! The overview of a shop: today's work, and what its figures say (P2, P4).

pub mod cases;
pub mod export;
mod range;
mod reasons;
pub mod review;
pub mod today;
mod trend;

use crate::{
    api::problem::Problem,
    assembly::App,
    figures,
    pages::{Routes, page::Page, show, visit::Visit},
};
use askama::Template;
use axum::{extract::State, response::Response, routing::get};
use domain::{id::ShopId, money::Money};
use engine::figures::{
    Day, DayFigure, Days, Grouping, OrderDay, Scope, Share, median_hours, score::Score,
};
use range::{RANGES, Range};
use reasons::Cause;
use std::sync::Arc;
use today::Today;
use trend::{Bucket, buckets, percent, sum};

/// The routes of the overview.
pub fn routes() -> Routes {
    Routes::new()
        .route("/m/overview", get(show))
        .route("/m/overview/cases", get(cases::show))
        .route("/m/overview/cases.csv", get(export::cases))
        .route("/m/overview/figures.csv", get(export::days))
        .route("/m/overview/review", get(review::show))
}

/// Rows of a list of products or batches on the page.
const ROWS_SHOWN: usize = 10;

#[derive(Template)]
#[template(path = "merchant/overview.html")]
struct Overview {
    p: Page,
    today: Today,
    range: Range,
    ranges: [i32; 4],
    key: Key,
    score: Score,
    weeks: Vec<Bucket>,
    causes: Vec<Cause>,
    products: Vec<Share>,
    batches: Vec<Share>,
}

impl Overview {
    fn money_of(&self, minor: &i64) -> String {
        self.p.money(&self.key.amount(*minor))
    }
}

/// The figures that stand first.
struct Key {
    currency: domain::money::Currency,
    cases: u64,
    refunds: u64,
    refunded: Money,
    orders: u64,
    rate: Option<String>,
    median_hours: Option<u32>,
    automatic: u64,
    automatic_cost: Money,
    automatic_this_month: Money,
    automatic_a_year: Money,
    wrongly_refused: u64,
}

impl Key {
    /// Out of what the refund rate is made.
    fn rate_of(&self, p: &Page) -> String {
        p.t2("overview-rate-of", &("refunds", self.refunds), &("orders", self.orders))
    }

    /// What passed deadlines came to.
    fn automatic_words(&self, p: &Page) -> String {
        let amount = p.money(&self.automatic_cost);
        p.t2("review-mend-automatic", &("n", self.automatic), &("amount", amount))
    }

    fn amount(&self, minor: i64) -> Money {
        Money::new(minor, self.currency).unwrap_or(Money::zero(self.currency))
    }
}

/// `GET /m/overview`
///
/// # Errors
/// A [`Problem`] if the figures cannot be read.
pub async fn show(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    let range = Range::asked(&visit);
    let shop_id = visit.shop()?.clone();
    let today = today::load(&app, &visit).await?;
    let read = read(&app, &shop_id, &visit, range).await?;
    let causes = reasons::load(&app, &visit, &read.scope).await?;
    let score = figures::shop_score(&app, &shop_id, visit.page.now).await;
    let score = score.map_err(|trouble| Problem::trouble(trouble, visit.language()))?;
    let store = app.desk.store();
    let fault = |fault| Problem::fault(&fault, visit.language());
    let products = store.shares(&read.scope, Grouping::Product).await.map_err(fault)?;
    let batches = store.shares(&read.scope, Grouping::Batch).await.map_err(fault)?;
    let first = |shares: Vec<Share>| shares.into_iter().take(ROWS_SHOWN).collect();
    show::page(&Overview {
        p: visit.page,
        today,
        ranges: RANGES,
        weeks: buckets(range.days(), &read.days, &read.orders),
        key: read.key,
        range,
        score,
        causes,
        products: first(products),
        batches: first(batches),
    })
}

/// What was read of a range.
struct Read {
    scope: Scope,
    days: Vec<DayFigure>,
    orders: Vec<OrderDay>,
    key: Key,
}

async fn read(app: &App, shop_id: &ShopId, visit: &Visit, range: Range) -> Result<Read, Problem> {
    let language = visit.language();
    let fault = |fault| Problem::fault(&fault, language);
    let scope = figures::scope(app, shop_id, range.days()).await;
    let scope = scope.map_err(|trouble| Problem::trouble(trouble, language))?;
    let store = app.desk.store();
    let days = store.days(&scope).await.map_err(fault)?;
    let orders = store.order_days(&scope).await.map_err(fault)?;
    let hours = store.hours(&scope).await.map_err(fault)?;
    let today = Day::of(visit.page.now);
    let month = Scope { days: Days::between(today.first_of_month(), today), ..scope.clone() };
    let month = store.days(&month).await.map_err(fault)?;
    let money = |minor| Money::new(minor, scope.currency).unwrap_or(Money::zero(scope.currency));
    let automatic_minor = days.iter().map(|day| day.automatic_minor).sum::<i64>();
    let (refunds, placed) =
        (sum(&days, |day| day.refunds), orders.iter().map(|day| day.orders).sum());
    let key = Key {
        currency: scope.currency,
        cases: sum(&days, |day| day.cases),
        refunds,
        refunded: money(days.iter().map(|day| day.refunded_minor).sum()),
        orders: placed,
        rate: percent(refunds, placed),
        median_hours: median_hours(&hours),
        automatic: sum(&days, |day| day.automatic),
        automatic_cost: money(automatic_minor),
        automatic_this_month: money(month.iter().map(|day| day.automatic_minor).sum()),
        automatic_a_year: money(a_year(automatic_minor, range.days().count())),
        wrongly_refused: sum(&days, |day| day.wrongly_refused),
    };
    Ok(Read { scope, days, orders, key })
}

/// What goes on for a year as it went for so many days.
fn a_year(minor: i64, days: i32) -> i64 {
    let year = i128::from(minor).saturating_mul(365);
    i64::try_from(year.checked_div(i128::from(days)).unwrap_or(0)).unwrap_or(i64::MAX)
}
