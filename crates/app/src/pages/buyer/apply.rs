//! The buyer applies (B2, B3): what kind of remedy, which goods and why, what happened. Three
//! pages, each usable without script; what is filled in is kept by the server.

pub mod files;
pub mod goods;
pub mod kind;
pub mod told;

use super::draft::{self, Draft};
use crate::{
    api::{
        cases::{application::filing, find},
        files::Files,
        problem::Problem,
    },
    assembly::App,
    pages::visit::Visit,
};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    application::Application, command::Filing, facts::Facts, finding::Remedy, id::OrderId,
    order::Order,
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
        Remedy::CancelOrder => step("/apply/goods?type=cancellation"),
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
    let order = app.desk.order(&key).await;
    let order = order.map_err(|trouble| Problem::trouble(trouble, visit.language()))?;
    let case = order.case(case_id).ok_or_else(|| visit.asked.not_found())?;
    let before = draft::load(&app, &key, visit.language()).await?;
    if before.amends != Some(case_id) {
        let draft = Draft::of_case(case_id, &case.application);
        draft::save(&app, &key, &draft, visit.language()).await?;
    }
    let path = format!("/b/orders/{}/apply/told", key.order_id);
    Ok(Redirect::to(&path).into_response())
}
