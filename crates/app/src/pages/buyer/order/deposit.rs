//! An unboxing on record (C1): put there before any dispute, with the moment and the sum that
//! prove it, and at hand when something is applied for.

use super::page;
use crate::{
    api::{files::Files, problem::Problem},
    assembly::App,
    pages::{
        buyer::apply::{Theirs, theirs},
        sent::{Sent, keep_fit},
        show,
        visit::Visit,
    },
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{application::FILES_MAX, id::FileId, policy::Language};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The kind of documents that hold what was put on record of an order before any dispute.
pub const DEPOSIT: &str = "deposit";

/// What was put on record of an order before any dispute. Nothing of it is taken away again.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Deposit {
    /// The files, oldest first.
    pub files: Vec<FileId>,
}

/// What is on record of an order.
///
/// # Errors
/// A [`Problem`] if it cannot be read.
pub async fn of_order(app: &App, theirs: &Theirs, language: Language) -> Result<Deposit, Problem> {
    let key = &theirs.key;
    let found = app.registry.get(&key.shop_id, DEPOSIT, key.order_id.as_str()).await;
    Ok(found.map_err(|fault| Problem::fault(&fault, language))?.unwrap_or_default())
}

/// `POST /b/orders/{order_id}/deposit`: puts files on record.
///
/// # Errors
/// A [`Problem`] if there is no such order.
pub async fn put(
    State(app): State<Arc<App>>,
    Path(order_id): Path<String>,
    visit: Visit,
    sent: Sent,
) -> Result<Response, Problem> {
    let theirs = theirs(&app, &visit, &order_id).await?;
    let named = sent.fields.all("file_id").filter_map(|id| FileId::parse(id).ok());
    let named: Vec<FileId> = named.take(FILES_MAX).collect();
    let files = Files { app: &app, asked: &visit.asked, key: &theirs.key };
    files.check(&named).await?;
    let (kept, unfit) = keep_fit(&app, &visit, &theirs.key.order_id, sent.files).await;
    let mut deposit = of_order(&app, &theirs, visit.language()).await?;
    let before = deposit.files.len();
    for file_id in kept.into_iter().chain(named) {
        if deposit.files.len() < FILES_MAX && !deposit.files.contains(&file_id) {
            deposit.files.push(file_id);
        }
    }
    if deposit.files.len() > before {
        let place = (DEPOSIT, theirs.key.order_id.as_str());
        let (shop_id, at) = (&theirs.key.shop_id, app.desk.now());
        let written = app.registry.overwrite(shop_id, place, &deposit, at).await;
        written.map_err(|fault| Problem::fault(&fault, visit.language()))?;
    }
    if let Some(problem) = unfit {
        let status = problem.http_status();
        let mut page = page(&app, &visit, &theirs).await?;
        page.p.problem = Some(problem);
        return show::with_status(status, &page);
    }
    let done = if deposit.files.len() > before { "deposited" } else { "deposited-nothing" };
    Ok(show::see(&format!("/b/orders/{order_id}"), done))
}
