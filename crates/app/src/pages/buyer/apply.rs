//! The buyer applies (B2, B3): what kind of remedy, which goods and why, what happened. Three
//! pages, each usable without script; what is filled in is kept by the server.

pub mod cancel;
pub mod files;
pub mod goods;
pub mod kind;
pub mod said;
pub mod told;

use super::draft::{self, Draft};
use crate::{
    api::{
        cases::{application::filing, find},
        files::Files,
        problem::Problem,
    },
    assembly::App,
    pages::{policy::in_force, show, visit::Visit},
};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    allowed::is_allowed,
    application::Application,
    command::{Action, Filing},
    facts::Facts,
    finding::Remedy,
    id::{CaseId, OrderId},
    order::Order,
    policy::Policy,
};
use engine::{desk::Probed, rows::StreamKey};
use std::sync::Arc;

/// An order that is the visitor's.
pub struct Theirs {
    /// Which.
    pub key: StreamKey,
    /// The order.
    pub order: Arc<Order>,
}

impl Theirs {
    /// The facts; every order that can be found has them.
    ///
    /// # Errors
    /// A [`Problem`] if there are none.
    pub fn facts(&self, visit: &Visit) -> Result<&Facts, Problem> {
        self.order.facts.as_ref().ok_or_else(|| visit.asked.not_found())
    }
}

/// Finds an order. What is another's is not there.
///
/// # Errors
/// A [`Problem`] if there is none.
pub async fn theirs(app: &App, visit: &Visit, order_id: &str) -> Result<Theirs, Problem> {
    let order_id = OrderId::parse(order_id).map_err(|_| visit.asked.not_found())?;
    let key = StreamKey { shop_id: visit.shop()?.clone(), order_id };
    let order = app.desk.order(&key).await;
    let order = order.map_err(|trouble| Problem::trouble(trouble, visit.language()))?;
    let buyer_id = order.facts.as_ref().map(|facts| &facts.buyer_id);
    if buyer_id.is_none() || buyer_id != visit.asked.caller.buyer() {
        return Err(visit.asked.not_found());
    }
    Ok(Theirs { key, order })
}

/// The policy by which an application is judged now.
///
/// # Errors
/// A [`Problem`] if it cannot be read.
pub async fn policy_in_force(
    app: &App,
    visit: &Visit,
    theirs: &Theirs,
) -> Result<Arc<Policy>, Problem> {
    let (_, policy) = in_force(app, &theirs.key.shop_id, visit.language()).await?;
    Ok(policy)
}

/// The draft of an order. One that changes a case is over when the case can no longer be changed.
///
/// # Errors
/// A [`Problem`] if it cannot be read.
pub async fn current(app: &App, visit: &Visit, theirs: &Theirs) -> Result<Draft, Problem> {
    let draft = draft::load(app, &theirs.key, visit.language()).await?;
    let over = draft.amends.is_some_and(|case_id| !may_amend(theirs, case_id, visit));
    Ok(if over { Draft::fresh() } else { draft })
}

fn may_amend(theirs: &Theirs, case_id: CaseId, visit: &Visit) -> bool {
    let case = theirs.order.case(case_id);
    case.is_some_and(|case| is_allowed(case, &visit.asked.caller.actor(), Action::Amend))
}

/// `POST /b/orders/{order_id}/apply/drop`: what was filled in is thrown away.
///
/// # Errors
/// A [`Problem`] if there is no such order.
pub async fn drop_draft(
    State(app): State<Arc<App>>,
    Path(order_id): Path<String>,
    visit: Visit,
) -> Result<Response, Problem> {
    let theirs = theirs(&app, &visit, &order_id).await?;
    draft::save(&app, &theirs.key, &Draft::fresh(), visit.language()).await?;
    Ok(show::see(&format!("/b/orders/{}", theirs.key.order_id), "draft-dropped"))
}

/// What the policy makes of applications on an order.
///
/// # Errors
/// A [`Problem`] if it cannot say.
pub async fn probe(
    app: &App,
    visit: &Visit,
    theirs: &Theirs,
    draft: &Draft,
    applications: Vec<Application>,
) -> Result<Probed, Problem> {
    let files = Files { app, asked: &visit.asked, key: &theirs.key };
    let mut filings: Vec<Filing> = Vec::new();
    for application in applications {
        filings.push(filing(application, &files).await?);
    }
    let by = visit.asked.caller.actor();
    let probed = app.desk.probe(&theirs.key, &filings, draft.amends, &by).await;
    probed.map_err(|trouble| Problem::trouble(trouble, visit.language()))
}

/// Where a remedy leads from an application on an order; nowhere if it is for others to do.
#[must_use]
pub fn remedy_path(remedy: Remedy, order_id: &str) -> Option<String> {
    let step = |rest: &str| Some(format!("/b/orders/{order_id}{rest}"));
    match remedy {
        Remedy::CancelOrder => step("/cancel"),
        Remedy::LowerAmount | Remedy::NegotiateAmount => step("/apply/told#amount"),
        Remedy::ConfirmRoute => step("/apply/told#route"),
        Remedy::ProveNoUse => step("/apply/told#proof"),
        Remedy::AddEvidence => step("/apply/told#evidence"),
        Remedy::ChooseOtherReason => step("/apply"),
        Remedy::ChooseOtherItems => step("/apply/goods"),
        Remedy::Appeal => Some("/b/appeal".to_owned()),
        Remedy::OpenTicket | Remedy::AddLogistics => Some("/b/cases".to_owned()),
        Remedy::ContactShop => Some("/b/help#contact".to_owned()),
        Remedy::NothingPaid
        | Remedy::UseDesignatedAccount
        | Remedy::AwaitPlatformApproval
        | Remedy::CompleteShopAccount => None,
    }
}

/// `GET /b/cases/{case_id}/amend`: the case becomes a draft, and the draft is filled in anew (B4).
///
/// # Errors
/// A [`Problem`] if there is no such case.
pub async fn amend(
    State(app): State<Arc<App>>,
    Path(case_id): Path<String>,
    visit: Visit,
) -> Result<Response, Problem> {
    let (key, case_id) = find(&app, &visit.asked, &case_id).await?;
    let theirs = theirs(&app, &visit, key.order_id.as_str()).await?;
    if !may_amend(&theirs, case_id, &visit) {
        return Ok(Redirect::to(&format!("/b/cases/{case_id}")).into_response());
    }
    let case = theirs.order.case(case_id).ok_or_else(|| visit.asked.not_found())?;
    let before = draft::load(&app, &key, visit.language()).await?;
    if before.amends != Some(case_id) {
        let draft = Draft::of_case(case_id, &case.application);
        draft::save(&app, &key, &draft, visit.language()).await?;
    }
    let path = format!("/b/orders/{}/apply/told", key.order_id);
    Ok(Redirect::to(&path).into_response())
}
