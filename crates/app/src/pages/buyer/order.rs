//! One order: what was bought, and for each line what after-sale is possible, until when, or why
//! not (B1). Before anything is wrong, a video of the unboxing can be put on record (C1).

use super::apply::{
    Theirs,
    files::{Shown, attached},
    kind::example,
    probe, remedy_path, theirs,
};
use crate::{
    api::problem::Problem,
    assembly::App,
    pages::{
        buyer::draft::{self, Draft},
        page::{Page, name_of},
        parts::findings,
        sent::{Sent, keep},
        show,
        visit::Visit,
    },
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::{
    application::{Application, CaseType, Pieces},
    decide::Assessment,
    facts::{Facts, Progress},
    finding::{FactValue, Finding, Verdict},
    id::FileId,
    moment::Moment,
    money::Money,
    policy::Policy,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The kind of documents that hold what was put on record of an order before any dispute.
pub const DEPOSIT: &str = "deposit";
/// Files put on record of one order.
const DEPOSITED_MAX: usize = 20;
/// Lines that are judged one by one; what is above is told by the application itself.
const JUDGED_MAX: usize = 60;

#[derive(Template)]
#[template(path = "buyer/order.html")]
struct OrderPage {
    p: Page,
    order_id: String,
    progress: String,
    on_its_way: bool,
    placed_at: Moment,
    signed_at: Option<Moment>,
    paid: Option<Money>,
    freight: Money,
    items: Vec<Line>,
    parcels: Vec<(String, String, Moment)>,
    cases: Vec<(String, String, String)>,
    /// The whole order cannot be asked for, and why.
    closed: Option<(findings::Told, Option<String>)>,
    deposited: Vec<Shown>,
    has_draft: bool,
}

/// A line of the order, with what is possible.
struct Line {
    title: String,
    initial: String,
    category: String,
    unit_price: Money,
    quantity: u32,
    clause: Option<(String, Moment)>,
    /// What is possible, until when.
    open: Vec<(String, Option<Moment>)>,
    /// What is not, and why.
    shut: Vec<(String, findings::Told, Option<String>)>,
}

/// `GET /b/orders/{order_id}`
///
/// # Errors
/// A [`Problem`] if there is no such order.
pub async fn show(
    State(app): State<Arc<App>>,
    Path(order_id): Path<String>,
    visit: Visit,
) -> Result<Response, Problem> {
    let theirs = theirs(&app, &visit, &order_id).await?;
    show::page(&page(&app, &visit, &theirs).await?)
}

async fn page(app: &App, visit: &Visit, theirs: &Theirs) -> Result<OrderPage, Problem> {
    let facts = theirs.facts(visit)?;
    let language = visit.language();
    let draft = draft::load(app, &theirs.key, language).await?;
    let shop = app.desk.rulebook().shop(&theirs.key.shop_id).await;
    let shop = shop.map_err(|fault| Problem::trouble(fault.into(), language))?;
    let policy = app.desk.rulebook().policy(&theirs.key.shop_id, shop.policy_version).await;
    let policy = policy.map_err(|fault| Problem::trouble(fault.into(), language))?;
    let asked: Vec<(usize, &'static str, Application)> = questions(&policy, facts);
    let applications = asked.iter().map(|(_, _, application)| application.clone()).collect();
    let probed = probe(app, visit, theirs, &Draft::default(), applications).await?;
    let mut items: Vec<Line> = facts.items.iter().map(|item| line(item, visit)).collect();
    let mut closed = None;
    for ((at, name, _), assessment) in asked.iter().zip(&probed.assessments) {
        if closed.is_none() {
            closed = whole(&policy, assessment, theirs, visit);
        }
        if let Some(line) = items.get_mut(*at) {
            judge(line, (*name, assessment), (&policy, theirs, visit));
        }
    }
    let deposited = deposit_of(app, theirs, language).await?;
    Ok(OrderPage {
        order_id: theirs.key.order_id.to_string(),
        progress: visit.page.texts.word_of("progress", &name_of(&facts.progress)),
        on_its_way: matches!(facts.progress, Progress::Shipped | Progress::PartlyShipped),
        placed_at: facts.placed_at,
        signed_at: facts.signed_at,
        paid: facts.paid().ok(),
        freight: facts.freight,
        items,
        parcels: parcels(facts),
        cases: cases(theirs, visit),
        closed,
        deposited: attached(app, &theirs.key.shop_id, &deposited.files, visit.page.texts).await?,
        has_draft: draft.case_type.is_some(),
        p: visit.page.clone(),
    })
}

/// For each line: could it be returned without a reason, and could it be complained about?
fn questions(policy: &Policy, facts: &Facts) -> Vec<(usize, &'static str, Application)> {
    let free = policy
        .reasons()
        .iter()
        .find(|reason| reason.no_reason && reason.allows(CaseType::ReturnAndRefund));
    let free = free.and_then(|reason| {
        let example = example(policy, CaseType::ReturnAndRefund)?;
        Some(Application { reason: reason.code.clone(), ..example })
    });
    let wrong = example(policy, CaseType::RefundOnly);
    let both = [("no-reason", free), ("quality", wrong)];
    let mut questions = Vec::new();
    for (at, item) in facts.items.iter().enumerate().take(JUDGED_MAX) {
        for (name, application) in &both {
            let Some(application) = application.clone() else { continue };
            let items = vec![Pieces { item_id: item.item_id.clone(), quantity: 1 }];
            questions.push((at, *name, Application { items, ..application }));
        }
    }
    questions
}

fn line(item: &domain::facts::Item, visit: &Visit) -> Line {
    Line {
        title: item.title.clone(),
        initial: item.title.chars().next().map(String::from).unwrap_or_default(),
        category: visit.page.texts.word_of("category", &name_of(&item.category)),
        unit_price: item.unit_price,
        quantity: item.quantity,
        clause: item.clause_accepted.as_ref().map(|it| (it.clause.clone(), it.accepted_at)),
        open: Vec::new(),
        shut: Vec::new(),
    }
}

/// An order that is in no state for a case at all says so once.
fn whole(
    policy: &Policy,
    assessment: &Assessment,
    theirs: &Theirs,
    visit: &Visit,
) -> Option<(findings::Told, Option<String>)> {
    let blocking = blocking(assessment).filter(|finding| finding.clause.as_str() == "F1")?;
    Some(told(policy, blocking, theirs, visit))
}

/// What stands in the way, apart from what is yet to be filled in.
fn blocking(assessment: &Assessment) -> Option<&Finding> {
    let filled_in_later = ["evidence_missing", "description_missing", "route_unconfirmed"];
    let mut findings = assessment.judgement.findings.iter();
    findings.find(|finding| {
        finding.verdict == Verdict::Blocks && !filled_in_later.contains(&finding.code.as_str())
    })
}

fn told(
    policy: &Policy,
    finding: &Finding,
    theirs: &Theirs,
    visit: &Visit,
) -> (findings::Told, Option<String>) {
    let path = finding.remedy.and_then(|remedy| remedy_path(remedy, theirs.key.order_id.as_str()));
    (findings::tell(policy, finding, visit.page.texts), path)
}

fn judge(
    line: &mut Line,
    (name, assessment): (&str, &Assessment),
    (policy, theirs, visit): (&Policy, &Theirs, &Visit),
) {
    let word = visit.page.texts.word_of("order-possible", name);
    if let Some(finding) = blocking(assessment) {
        let (told, path) = told(policy, finding, theirs, visit);
        line.shut.push((word, told, path));
        return;
    }
    let findings = assessment.judgement.findings.iter();
    let closes_at = findings.flat_map(|finding| &finding.facts).find_map(|fact| {
        match (&fact.value, fact.name.as_str()) {
            (FactValue::Moment(at), "closes_at") => Some(*at),
            _ => None,
        }
    });
    line.open.push((word, closes_at));
}

fn parcels(facts: &Facts) -> Vec<(String, String, Moment)> {
    let parcels = facts.shipments.iter();
    parcels.map(|it| (it.carrier.clone(), it.waybill.clone(), it.shipped_at)).collect()
}

/// The cases of the order: id, type, stage.
fn cases(theirs: &Theirs, visit: &Visit) -> Vec<(String, String, String)> {
    let cases = theirs.order.cases.iter().rev();
    let cases = cases.map(|case| {
        let word = visit.page.texts.word_of("case-type", &name_of(&case.application.case_type));
        (case.case_id.to_string(), word, visit.page.word(case.stage.as_str()))
    });
    cases.collect()
}

/// What was put on record of an order before any dispute.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Deposit {
    files: Vec<FileId>,
}

async fn deposit_of(
    app: &App,
    theirs: &Theirs,
    language: domain::policy::Language,
) -> Result<Deposit, Problem> {
    let key = &theirs.key;
    let found = app.registry.get(&key.shop_id, DEPOSIT, key.order_id.as_str()).await;
    Ok(found.map_err(|fault| Problem::fault(&fault, language))?.unwrap_or_default())
}

/// `POST /b/orders/{order_id}/deposit`: puts an unboxing video on record (C1).
///
/// # Errors
/// A [`Problem`] if there is no such order.
pub async fn deposit(
    State(app): State<Arc<App>>,
    Path(order_id): Path<String>,
    visit: Visit,
    sent: Sent,
) -> Result<Response, Problem> {
    let theirs = theirs(&app, &visit, &order_id).await?;
    let named = sent.fields.all("file_id").filter_map(|id| FileId::parse(id).ok());
    let named: Vec<FileId> = named.collect();
    let kept = match keep(&app, &visit, &theirs.key.order_id, sent.files).await {
        Ok(kept) => kept,
        Err(problem) => {
            let status = StatusCode::from_u16(problem.status);
            let mut page = page(&app, &visit, &theirs).await?;
            page.p.problem = Some(problem);
            return show::with_status(status.unwrap_or(StatusCode::UNPROCESSABLE_ENTITY), &page);
        }
    };
    let mut deposit = deposit_of(&app, &theirs, visit.language()).await?;
    for file_id in kept.into_iter().chain(named) {
        if deposit.files.len() < DEPOSITED_MAX && !deposit.files.contains(&file_id) {
            deposit.files.push(file_id);
        }
    }
    let place = (DEPOSIT, theirs.key.order_id.as_str());
    let (shop_id, at) = (&theirs.key.shop_id, app.desk.now());
    let written = app.registry.overwrite(shop_id, place, &deposit, at).await;
    written.map_err(|fault| Problem::fault(&fault, visit.language()))?;
    Ok(show::see(&format!("/b/orders/{order_id}"), "deposited"))
}
