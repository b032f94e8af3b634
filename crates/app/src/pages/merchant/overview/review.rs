//! The periodic review (复盘报告): refunds against the payment records we hold, and what to mend.

use super::{Key, range::Range, read, reasons, reasons::Cause};
use crate::{
    api::problem::Problem,
    assembly::App,
    figures,
    pages::{page::Page, show, visit::Visit},
};
use askama::Template;
use axum::{extract::State, response::Response};
use domain::money::Money;
use engine::{
    figures::{CaseFigure, Refusing, Settled, Slice, score::Score},
    ports::StoreFault,
};
use std::sync::Arc;

/// Cases named one by one.
const NAMED_MAX: u32 = 200;
/// Reasons that are worth a sentence.
const CAUSES_SHOWN: usize = 5;

#[derive(Template)]
#[template(path = "merchant/overview/review.html")]
struct Review {
    p: Page,
    range: Range,
    key: Key,
    books: Books,
    paid: Money,
    open: Vec<CaseFigure>,
    refused: Vec<CaseFigure>,
    causes: Vec<Cause>,
    score: Score,
}

/// What was ordered back, and where it is.
struct Books {
    ordered: Money,
    succeeded: Money,
    paid_out: Money,
    failed: Money,
    under_way: Money,
}

impl Books {
    /// Whether all that was ordered back has gone.
    const fn agree(&self) -> bool {
        self.failed.is_zero() && self.under_way.is_zero()
    }
}

impl Review {
    /// What of a case is still missing.
    fn missing(&self, case: &CaseFigure) -> String {
        let amounts = &case.amounts;
        let gone = amounts.succeeded.plus(amounts.paid_out);
        let missing = gone.and_then(|gone| amounts.refunded.minus_at_most(gone));
        self.p.money(&missing.unwrap_or(Money::zero(amounts.refunded.currency())))
    }

    /// Why it is missing.
    fn why(&self, case: &CaseFigure) -> String {
        let failed = !case.amounts.failed.is_zero();
        self.p.t(if failed { "review-failed" } else { "review-under-way" })
    }
}

/// `GET /m/overview/review`
///
/// # Errors
/// A [`Problem`] if the figures cannot be read.
pub async fn show(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    let range = Range::asked(&visit);
    let shop_id = visit.shop()?.clone();
    let read = read(&app, &shop_id, &visit, range).await?;
    let fault = |fault: StoreFault| Problem::fault(&fault, visit.language());
    let store = app.desk.store();
    let open = Slice { settled: Some(Settled::InPart), ..Slice::default() };
    let open = store.case_figures(&read.scope, &open, None, NAMED_MAX).await.map_err(fault)?;
    let wrong = Slice { refusing: Some(Refusing::Wrongly), ..Slice::default() };
    let refused = store.case_figures(&read.scope, &wrong, None, NAMED_MAX).await.map_err(fault)?;
    let causes = reasons::load(&app, &visit, &read.scope).await?;
    let score = figures::shop_score(&app, &shop_id, visit.page.now).await;
    let score = score.map_err(|trouble| Problem::trouble(trouble, visit.language()))?;
    let total = |of: fn(&engine::figures::DayFigure) -> i64| read.days.iter().map(of).sum::<i64>();
    let (ordered, failed) = (total(|day| day.refunded_minor), total(|day| day.failed_minor));
    let (succeeded, paid_out) = (total(|day| day.succeeded_minor), total(|day| day.paid_out_minor));
    let under_way =
        ordered.saturating_sub(succeeded).saturating_sub(paid_out).saturating_sub(failed).max(0);
    let paid = read.orders.iter().map(|day| day.paid_minor).sum();
    let key = read.key;
    show::page(&Review {
        books: Books {
            ordered: key.amount(ordered),
            succeeded: key.amount(succeeded),
            paid_out: key.amount(paid_out),
            failed: key.amount(failed),
            under_way: key.amount(under_way),
        },
        paid: key.amount(paid),
        causes: causes.into_iter().take(CAUSES_SHOWN).collect(),
        p: visit.page,
        range,
        key,
        open,
        refused,
        score,
    })
}
