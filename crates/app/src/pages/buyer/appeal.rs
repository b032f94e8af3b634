//! A buyer's appeal against a restriction (申诉, F7): the material, and what became of it.

use crate::{
    api::{appeals, problem::Problem},
    assembly::App,
    pages::{fields::Fields, page::Page, policy::in_force, show, visit::Visit},
};
use askama::Template;
use axum::{extract::State, response::Response};
use domain::{
    moment::{Moment, Span},
    policy::money,
};
use engine::restriction::{APPEAL, Appeal, Decision};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "buyer/appeal.html")]
struct AppealPage {
    p: Page,
    days: u32,
    of: String,
    restricted: bool,
    made: Option<Made>,
    yearly: String,
    material: String,
}

/// An appeal that was made.
struct Made {
    material: String,
    at: Moment,
    /// `waits`, `lifted`, `kept`.
    state: &'static str,
    lifted_until: Option<Moment>,
    note: String,
}

/// `GET /b/appeal`
///
/// # Errors
/// A [`Problem`] if nothing can be read.
pub async fn show(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    show::page(&page(&app, &visit, String::new()).await?)
}

/// `POST /b/appeal`. The same material sent again, as by a double click, is one appeal.
///
/// # Errors
/// A [`Problem`] if it cannot be kept.
pub async fn post(
    State(app): State<Arc<App>>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, Problem> {
    let material = fields.one("material").to_owned();
    let known = appeal(&app, &visit).await?;
    let same = known.is_some_and(|k| k.decision.is_none() && k.material == material);
    let made = if same {
        Ok(())
    } else {
        appeals::file(&app, &visit.asked, material.clone()).await.map(drop)
    };
    let Err(problem) = made else { return Ok(show::see("/b/appeal", "appeal")) };
    let status = problem.http_status();
    if status.is_server_error() {
        return Err(problem);
    }
    let mut page = page(&app, &visit, material).await?;
    page.p.problem = Some(problem);
    show::with_status(status, &page)
}

async fn appeal(app: &App, visit: &Visit) -> Result<Option<Appeal>, Problem> {
    let Some(buyer_id) = visit.asked.caller.buyer() else { return Ok(None) };
    let found = app.registry.get(visit.shop()?, APPEAL, buyer_id.as_str()).await;
    found.map_err(|fault| Problem::fault(&fault, visit.language()))
}

async fn page(app: &App, visit: &Visit, material: String) -> Result<AppealPage, Problem> {
    let language = visit.language();
    let (shop_id, now) = (visit.shop()?, app.desk.now());
    let buyer_id = visit.asked.caller.buyer().ok_or_else(|| visit.asked.not_found())?;
    let (_, policy) = in_force(app, shop_id, language).await?;
    let since = now.before(Span::days(policy.limits.risk_days));
    let year = now.year_in_china();
    let standing = app.desk.store().standing(shop_id, buyer_id, year, since).await;
    let standing = standing.map_err(|fault| Problem::fault(&fault, language))?;
    let known = appeal(app, visit).await?;
    let lifted = known.as_ref().and_then(|a| a.lifted_until).is_some_and(|until| until > now);
    Ok(AppealPage {
        p: visit.page.clone(),
        of: visit.page.t2(
            "bcase-appeal-of",
            &("cases", standing.cases),
            &("most", policy.limits.risk_cases),
        ),
        days: policy.limits.risk_days,
        restricted: standing.cases >= policy.limits.risk_cases && !lifted,
        made: known.map(made),
        yearly: money(policy.limits.yearly),
        material,
    })
}

fn made(appeal: Appeal) -> Made {
    Made {
        state: match appeal.decision {
            None => "waits",
            Some(Decision::Lifted) => "lifted",
            Some(Decision::Kept) => "kept",
        },
        material: appeal.material,
        at: appeal.made_at,
        lifted_until: appeal.lifted_until,
        note: appeal.note,
    }
}
