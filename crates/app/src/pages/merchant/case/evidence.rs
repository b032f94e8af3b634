//! The evidence viewer: one file large, or two side by side (K1), with the way to the others;
//! the merchant's own files; the bytes themselves.

use super::{
    dossier::Dossier,
    sheet::{self, With},
};
use crate::{
    api::problem::Problem,
    assembly::App,
    evidence::{Fault, http},
    pages::{
        act::{Found, carry_out},
        page::Page,
        parts::exhibits::{self, Shown},
        sent::{Sent, keep},
        show::{self, see},
        visit::Visit,
    },
    world::new_command_id,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use domain::{command::Act, id::FileId};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "merchant/evidence.html")]
struct Viewer {
    p: Page,
    path: String,
    title: String,
    shown: Vec<Shown>,
    here: Shown,
    other: Option<Shown>,
    previous: Option<FileId>,
    next: Option<FileId>,
    number: usize,
}

/// `GET /m/cases/{case_id}/evidence/{file_id}?with={other}`
///
/// # Errors
/// A [`Problem`] if there is no such case, or no such file in it.
pub async fn look(
    State(app): State<Arc<App>>,
    Path((case_id, file_id)): Path<(String, String)>,
    visit: Visit,
) -> Result<Response, Problem> {
    let dossier = Dossier::load(&app, &visit, &case_id).await?;
    let p = &visit.page;
    let shown = exhibits::of_case(&app, &dossier.key.shop_id, &dossier.case, p.texts).await?;
    let named = |id: &str| shown.iter().position(|exhibit| exhibit.file_id.as_str() == id);
    let number = named(&file_id).ok_or_else(|| visit.asked.not_found())?;
    let at = |number: usize| shown.get(number).map(|exhibit| exhibit.file_id.clone());
    let other = visit.asked_for("with").and_then(named).filter(|other| *other != number);
    let viewer = Viewer {
        path: dossier.path(),
        title: super::panel::title(p, &dossier),
        here: shown.get(number).cloned().ok_or_else(|| visit.asked.not_found())?,
        other: other.and_then(|other| shown.get(other).cloned()),
        previous: number.checked_sub(1).and_then(at),
        next: at(number + 1),
        number: number + 1,
        p: visit.page.clone(),
        shown,
    };
    show::page(&viewer)
}

/// `POST /m/cases/{case_id}/evidence`: the merchant puts files on record.
///
/// # Errors
/// A [`Problem`] if there is no such case.
pub async fn add(
    State(app): State<Arc<App>>,
    Path(case_id): Path<String>,
    mut visit: Visit,
    sent: Sent,
) -> Result<Response, Problem> {
    let dossier = Dossier::load(&app, &visit, &case_id).await?;
    let Sent { fields, files } = sent;
    let added = async {
        let files = keep(&app, &visit, &dossier.facts.order_id, files).await?;
        let act = Act::AddEvidence { files, note: fields.one("note").to_owned() };
        let (key, case_id) = (dossier.key.clone(), dossier.case.case_id);
        let found = Found { key, case_id, command_id: new_command_id() };
        carry_out(&app, &visit, found, act, &fields).await
    };
    match added.await {
        Ok(_) => Ok(see(&dossier.path(), "mcase-evidence#evidence")),
        Err(problem) => {
            let status = problem.http_status();
            visit.page.problem = Some(problem);
            sheet::show(&app, &dossier, &visit, With::form(status, None)).await
        }
    }
}

/// `GET /m/files/{file_id}`: a file of the shop.
///
/// # Errors
/// A [`Problem`] if the shop has no such file.
pub async fn file(
    State(app): State<Arc<App>>,
    Path(file_id): Path<String>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let file_id = FileId::parse(&file_id).map_err(|_| visit.asked.not_found())?;
    let file = match app.files.file(visit.shop()?, &file_id).await {
        Ok(file) => file,
        Err(Fault::Store(fault)) => return Err(Problem::fault(&fault, visit.language())),
        Err(_) => return Err(visit.asked.not_found()),
    };
    Ok(http::content(&app.files, &file, &headers).await.into_response())
}
