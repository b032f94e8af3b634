//! Third: what happened, with what to show for it, and what comes of it before it is sent.

use super::{Theirs, probe, remedy_path, theirs};
use crate::{
    api::{cases::application::filing, files::Files, problem::Problem},
    assembly::App,
    pages::{
        act::handle,
        buyer::{
            apply::files::{Shown, attached},
            draft::{self, Draft},
        },
        fields::{Fields, amount},
        page::{Page, name_of},
        parts::{findings, working},
        sent::{Sent, keep},
        show,
        text::Texts,
        visit::Visit,
    },
    world::new_command_id,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    application::{Application, FILES_MAX},
    command::{Act, Command},
    finding::Judgement,
    id::{CaseId, FileId},
    money::Money,
    policy::{Policy, Reason},
};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "buyer/apply/told.html")]
struct ToldPage {
    p: Page,
    order_id: String,
    type_word: String,
    reason: String,
    goods: Vec<String>,
    describe: bool,
    needs: Vec<String>,
    files: Vec<Shown>,
    proof: Vec<Shown>,
    asks_proof: bool,
    asks_freight: bool,
    asks_route: bool,
    findings: Vec<(findings::Told, Option<String>)>,
    working: Vec<working::Line>,
    entitled: Money,
    automatic: bool,
    draft: Draft,
}

/// `GET /b/orders/{order_id}/apply/told`
///
/// # Errors
/// A [`Problem`] if there is no such order.
pub async fn show(
    State(app): State<Arc<App>>,
    Path(order_id): Path<String>,
    visit: Visit,
) -> Result<Response, Problem> {
    let theirs = theirs(&app, &visit, &order_id).await?;
    let draft = draft::load(&app, &theirs.key, visit.language()).await?;
    match page(&app, &visit, &theirs, draft).await? {
        Some(page) => show::page(&page),
        None => Ok(Redirect::to(&format!("/b/orders/{order_id}/apply/goods")).into_response()),
    }
}

/// The page; none while there is nothing to judge yet.
async fn page(
    app: &App,
    visit: &Visit,
    theirs: &Theirs,
    draft: Draft,
) -> Result<Option<ToldPage>, Problem> {
    let facts = theirs.facts(visit)?;
    let Some(application) = draft.application(facts) else { return Ok(None) };
    let probed = probe(app, visit, theirs, &draft, vec![application.clone()]).await?;
    let Some(assessment) = probed.assessments.into_iter().next() else { return Ok(None) };
    let (policy, texts) = (&probed.policy, visit.page.texts);
    let Some(reason) = policy.reason(&application.reason) else { return Ok(None) };
    let order_id = theirs.key.order_id.to_string();
    let judgement = &assessment.judgement;
    let codes: Vec<&str> = judgement.findings.iter().map(|it| it.code.as_str()).collect();
    Ok(Some(ToldPage {
        type_word: texts.word_of("case-type", &name_of(&application.case_type)),
        reason: reason.name(visit.language()).to_owned(),
        goods: goods(&application, facts),
        describe: reason.describe,
        needs: needs(reason, texts),
        files: attached(app, &theirs.key.shop_id, &draft.files, texts).await?,
        proof: attached(app, &theirs.key.shop_id, &draft.proof, texts).await?,
        asks_proof: draft.opened == Some(true),
        asks_freight: application.case_type.returns_goods()
            || codes.iter().any(|code| code.contains("return_freight"))
            || application.reason.as_str() == "freight_return",
        asks_route: codes.contains(&"route_unconfirmed") || draft.route_confirmed,
        findings: told(policy, judgement, &order_id, texts),
        working: working::lines(&assessment.working, facts, texts),
        entitled: assessment.working.entitled,
        automatic: facts.is_unshipped() && policy.cancellation_automatic,
        p: visit.page.clone(),
        draft,
        order_id,
    }))
}

/// What blocks first, then what speaks against, each with where its remedy leads.
fn told(
    policy: &Policy,
    judgement: &Judgement,
    order_id: &str,
    texts: Texts,
) -> Vec<(findings::Told, Option<String>)> {
    let rank = |verdict: &str| match verdict {
        "blocks" => 0,
        "doubts" => 1,
        "notes" => 2,
        _ => 3,
    };
    let told = findings::told(policy, judgement, texts).into_iter().map(|it| {
        let path = it.remedy.and_then(|remedy| remedy_path(remedy, order_id));
        (it, path)
    });
    let mut told: Vec<_> = told.collect();
    told.sort_by_key(|(it, _)| rank(it.verdict));
    told
}

fn goods(application: &Application, facts: &domain::facts::Facts) -> Vec<String> {
    let pieces = application.items.iter().filter_map(|pieces| {
        let item = facts.item(&pieces.item_id)?;
        Some(format!("{} × {}", item.title, pieces.quantity))
    });
    pieces.collect()
}

/// What the reason asks to be shown: `照片或视频 至少 1 份`.
fn needs(reason: &Reason, texts: Texts) -> Vec<String> {
    let rules = reason.evidence.iter().map(|rule| {
        let kinds: Vec<String> =
            rule.kinds.iter().map(|kind| texts.word_of("kind", &name_of(kind))).collect();
        let kinds = kinds.join(&texts.t("apply-or"));
        texts.t2("apply-needs", ("kinds", &kinds), ("count", &rule.count))
    });
    rules.collect()
}

/// `POST /b/orders/{order_id}/apply/told`: `do` is `check` or `submit`.
///
/// # Errors
/// A [`Problem`] if there is no such order.
pub async fn tell(
    State(app): State<Arc<App>>,
    Path(order_id): Path<String>,
    visit: Visit,
    sent: Sent,
) -> Result<Response, Problem> {
    let Sent { fields, files } = sent;
    let theirs = theirs(&app, &visit, &order_id).await?;
    let filed = draft::filed(&app, &theirs.key, fields.one("once"), visit.language()).await?;
    if let Some(case_id) = filed {
        return Ok(show::see(&format!("/b/cases/{case_id}"), "applied"));
    }
    let mut draft = draft::load(&app, &theirs.key, visit.language()).await?;
    take(&mut draft, &fields);
    let kept = keep(&app, &visit, &theirs.key.order_id, files).await;
    let (kept, unfit) = kept.map_or_else(|problem| (Vec::new(), Some(problem)), |ids| (ids, None));
    arrange(&mut draft, kept, &fields);
    draft::save(&app, &theirs.key, &draft, visit.language()).await?;
    let problem = unfit.or(unreadable(&draft, &theirs, &visit)?);
    if problem.is_none() && fields.one("do") == "submit" {
        match submit(&app, &visit, &theirs, &draft).await {
            Ok(case_id) => return done(&app, &visit, &theirs, (draft, case_id)).await,
            Err(problem) if problem.status >= 500 => return Err(problem),
            Err(problem) => return again(&app, &visit, &theirs, (draft, Some(problem))).await,
        }
    }
    again(&app, &visit, &theirs, (draft, problem)).await
}

/// What was typed goes into the draft.
fn take(draft: &mut Draft, fields: &Fields) {
    fields.one("description").clone_into(&mut draft.description);
    fields.one("amount").clone_into(&mut draft.amount);
    fields.one("return_freight").clone_into(&mut draft.return_freight);
    draft.route_confirmed = fields.has("route_confirmed");
}

/// Files come, go and change places; `do` says which: `remove-ID`, `up-ID`, `down-ID`.
fn arrange(draft: &mut Draft, kept: Vec<FileId>, fields: &Fields) {
    let proof = fields.one("to") == "proof" || fields.one("do") == "attach-proof";
    let list = if proof { &mut draft.proof } else { &mut draft.files };
    let named = fields.all("file_id").filter_map(|id| FileId::parse(id).ok());
    for file_id in kept.into_iter().chain(named) {
        if !list.contains(&file_id) && list.len() < FILES_MAX {
            list.push(file_id);
        }
    }
    let Some((what, id)) = fields.one("do").split_once('-') else { return };
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
    (draft, problem): (Draft, Option<Problem>),
) -> Result<Response, Problem> {
    let status = problem.as_ref().and_then(|it| StatusCode::from_u16(it.status).ok());
    let Some(mut page) = page(app, visit, theirs, draft).await? else {
        let path = format!("/b/orders/{}/apply/goods", theirs.key.order_id);
        return Ok(Redirect::to(&path).into_response());
    };
    page.p.problem = problem;
    show::with_status(status.unwrap_or(StatusCode::OK), &page)
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
