//! What is sent from the third page: words, files, their order, and at last the application.

use super::{ToldPage, page};
use crate::{
    api::{cases::application::filing, files::Files, problem::Problem},
    assembly::App,
    pages::{
        act::handle,
        buyer::{
            apply::{Theirs, theirs},
            draft::{self, Draft},
        },
        fields::{Fields, amount},
        sent::{Sent, keep_fit},
        show,
        visit::Visit,
    },
    world::new_command_id,
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    application::FILES_MAX,
    command::{Act, Command},
    id::{CaseId, FileId},
};
use std::sync::Arc;

/// `POST /b/orders/{order_id}/apply/told`: `do` is `check`, `submit`, `attach`, what becomes of a
/// file (`up-ID`, `down-ID`, `remove-ID`, `use-ID`), or where to go on (`go:PATH`).
///
/// # Errors
/// A [`Problem`] if there is no such order.
pub async fn tell(
    State(app): State<Arc<App>>,
    Path(order_id): Path<String>,
    visit: Visit,
    sent: Sent,
) -> Result<Response, Problem> {
    let theirs = theirs(&app, &visit, &order_id).await?;
    let (once, language) = (sent.fields.one("once").to_owned(), visit.language());
    if let Some(case_id) = draft::filed(&app, &theirs.key, &once, language).await? {
        return Ok(show::see(&format!("/b/cases/{case_id}"), "applied"));
    }
    let mut draft = draft::load(&app, &theirs.key, language).await?;
    let (fields, problem) = fill(&app, &visit, &theirs, (&mut draft, sent)).await;
    if once != draft.once {
        // A page that was open while the draft was sent or thrown away elsewhere: its words are
        // shown again and become the draft only when they are sent from here.
        let changed = visit.asked.problem(StatusCode::CONFLICT, "changed_meanwhile");
        return again(&app, &visit, &theirs, (draft, Some(changed), &fields)).await;
    }
    draft::save(&app, &theirs.key, &draft, language).await?;
    if let Some(path) = fields.one("do").strip_prefix("go:") {
        let path = Some(path).filter(|path| path.starts_with("/b/")).unwrap_or("/b");
        return Ok(Redirect::to(&show::safe_path(path, "/b")).into_response());
    }
    let problem = problem.or(unreadable(&draft, &theirs, &visit)?);
    if problem.is_none() && fields.one("do") == "submit" {
        match submit(&app, &visit, &theirs, &draft).await {
            Ok(case_id) => return done(&app, &visit, &theirs, (draft, case_id)).await,
            Err(problem) if problem.status >= 500 => return Err(problem),
            Err(problem) => {
                return again(&app, &visit, &theirs, (draft, Some(problem), &fields)).await;
            }
        }
    }
    again(&app, &visit, &theirs, (draft, problem, &fields)).await
}

/// What was typed and attached goes into the draft.
async fn fill(
    app: &App,
    visit: &Visit,
    theirs: &Theirs,
    (draft, Sent { fields, files }): (&mut Draft, Sent),
) -> (Fields, Option<Problem>) {
    fields.one("description").clone_into(&mut draft.description);
    fields.one("amount").clone_into(&mut draft.amount);
    fields.one("return_freight").clone_into(&mut draft.return_freight);
    draft.route_confirmed = fields.has("route_confirmed");
    let (proof, evidence) = files.into_iter().partition(|file| file.field == "proof");
    let mut unfit = None;
    for (list, named, files) in
        [(&mut draft.files, "file_id", evidence), (&mut draft.proof, "proof_id", proof)]
    {
        let (kept, problem) = keep_fit(app, visit, &theirs.key.order_id, files).await;
        let named = fields.all(named).filter_map(|id| FileId::parse(id).ok());
        for file_id in kept.into_iter().chain(named) {
            add(list, file_id);
        }
        unfit = unfit.or(problem);
    }
    arrange(draft, &fields);
    (fields, unfit)
}

fn add(list: &mut Vec<FileId>, file_id: FileId) {
    if !list.contains(&file_id) && list.len() < FILES_MAX {
        list.push(file_id);
    }
}

/// Files go and change places. Script sends the whole order as `order`.
fn arrange(draft: &mut Draft, fields: &Fields) {
    let order: Vec<&str> = fields.one("order").split(' ').collect();
    let place = |id: &FileId| order.iter().position(|other| *other == id.as_str());
    draft.files.sort_by_key(|id| place(id).unwrap_or(usize::MAX));
    let Some((what, id)) = fields.one("do").split_once('-') else { return };
    if what == "use"
        && let Ok(file_id) = FileId::parse(id)
    {
        add(&mut draft.files, file_id);
    }
    for list in [&mut draft.files, &mut draft.proof] {
        let Some(at) = list.iter().position(|file_id| file_id.as_str() == id) else { continue };
        match what {
            "remove" => drop(list.remove(at)),
            "up" if at > 0 => list.swap(at, at.saturating_sub(1)),
            "down" if at.saturating_add(1) < list.len() => list.swap(at, at.saturating_add(1)),
            _ => {}
        }
    }
}

/// An amount that cannot be read is not taken for none.
fn unreadable(draft: &Draft, theirs: &Theirs, visit: &Visit) -> Result<Option<Problem>, Problem> {
    let currency = theirs.facts(visit)?.currency;
    let typed = [&draft.amount, &draft.return_freight];
    let wrong = typed.into_iter().find(|text| !text.is_empty() && amount(text, currency).is_none());
    Ok(wrong.map(|text| {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Problem::about(status, "amount_unreadable", ("amount", text), visit.language())
    }))
}

async fn again(
    app: &App,
    visit: &Visit,
    theirs: &Theirs,
    (draft, problem, fields): (Draft, Option<Problem>, &Fields),
) -> Result<Response, Problem> {
    let Some(page) = page(app, visit, theirs, draft).await? else {
        let path = format!("/b/orders/{}/apply/goods", theirs.key.order_id);
        return Ok(Redirect::to(&path).into_response());
    };
    let tried = fields.one("do") == "submit";
    let problem = problem.or_else(|| page.p.problem.clone());
    let status = problem.as_ref().map_or(StatusCode::OK, Problem::http_status);
    let page = ToldPage { tried, p: crate::pages::page::Page { problem, ..page.p }, ..page };
    show::with_status(status, &page)
}

/// Files the application, or changes the case.
async fn submit(
    app: &App,
    visit: &Visit,
    theirs: &Theirs,
    draft: &Draft,
) -> Result<CaseId, Problem> {
    let application = draft.application(theirs.facts(visit)?);
    let application = application
        .ok_or_else(|| visit.asked.problem(StatusCode::UNPROCESSABLE_ENTITY, "reason_unchosen"))?;
    let body = serde_json::to_vec(&application).unwrap_or_default();
    let files = Files { app, asked: &visit.asked, key: &theirs.key };
    let filing = Box::new(filing(application, &files).await?);
    let command_id = new_command_id();
    let command = match draft.amends {
        Some(case_id) => Command::Case { case_id, act: Act::Amend(filing) },
        None => Command::Open(filing),
    };
    let mut fields = Fields::new(vec![("once".to_owned(), draft.once.clone())]);
    fields.body = body.into();
    let answer = handle(app, visit, (theirs.key.clone(), command, command_id), &fields).await?;
    if let Some(case_id) = draft.amends {
        return Ok(case_id);
    }
    // A repeated request gets the case that the first one opened: the last of the order then.
    let last = answer.order.cases.last().map(|case| case.case_id);
    let opened = CaseId::opened_by(command_id);
    Ok(if answer.repeated { last.unwrap_or(opened) } else { opened })
}

async fn done(
    app: &App,
    visit: &Visit,
    theirs: &Theirs,
    (mut draft, case_id): (Draft, CaseId),
) -> Result<Response, Problem> {
    let said = if draft.amends.is_some() { "amended" } else { "applied" };
    draft.filed = Some(case_id);
    draft::save(app, &theirs.key, &draft, visit.language()).await?;
    Ok(show::see(&format!("/b/cases/{case_id}"), said))
}
