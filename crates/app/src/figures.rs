//! What is read of a shop's figures: its score (P1, P2), and what a dispute would likely cost (P1).

use crate::assembly::App;
use domain::{case::Case, id::ShopId, moment::Moment};
use engine::{
    desk::Trouble,
    figures::{
        Day, Days, Grouping, Scope,
        dispute::{self, Estimate},
        score::{Conduct, SCORE_DAYS, Score, score},
    },
};

/// The days that rulings are looked back for.
const RULINGS_DAYS: i32 = 365;

/// A stretch of days of a shop, in the currency of its policy.
///
/// # Errors
/// [`Trouble`] if the shop's policy cannot be read.
pub async fn scope(app: &App, shop_id: &ShopId, days: Days) -> Result<Scope, Trouble> {
    let rules = app.desk.rulebook();
    let shop = rules.shop(shop_id).await?;
    let policy = rules.policy(shop_id, shop.policy_version).await?;
    let currency = policy.limits.yearly.currency();
    Ok(Scope { shop_id: shop_id.clone(), days, currency })
}

/// The score of a shop, over the last days.
///
/// # Errors
/// [`Trouble`] if its figures cannot be read.
pub async fn shop_score(app: &App, shop_id: &ShopId, now: Moment) -> Result<Score, Trouble> {
    let scope = scope(app, shop_id, Days::until(Day::of(now), SCORE_DAYS)).await?;
    let store = app.desk.store();
    let (days, hours) = (store.days(&scope).await?, store.hours(&scope).await?);
    Ok(score(&Conduct::of(&days, &hours)))
}

/// What a dispute about a case would likely cost its shop, and on what that rests.
///
/// # Errors
/// [`Trouble`] if its figures or its policy cannot be read.
pub async fn dispute_cost(
    app: &App,
    shop_id: &ShopId,
    case: &Case,
    now: Moment,
) -> Result<Estimate, Trouble> {
    let policy = app.desk.rulebook().policy(shop_id, case.policy_version).await?;
    let scope = scope(app, shop_id, Days::until(Day::of(now), RULINGS_DAYS)).await?;
    let shares = app.desk.store().shares(&scope, Grouping::Reason).await?;
    let reason = case.application.reason.as_str();
    let history = shares.iter().find(|share| share.name == reason);
    dispute::dispute_cost(case, &policy, history)
        .map_err(|error| Trouble::Refused(Box::new(error.into())))
}
