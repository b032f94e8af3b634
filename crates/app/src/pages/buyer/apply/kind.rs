//! First: what kind of remedy.

use super::{
    Theirs, current, policy_in_force, probe,
    said::{Said, said},
    theirs,
};
use crate::{
    api::problem::Problem,
    assembly::App,
    pages::{
        buyer::draft::{self, Draft},
        fields::Fields,
        page::{Page, name_of},
        show,
        visit::Visit,
    },
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    application::{Application, CaseType, Declared},
    finding::Verdict,
    policy::Policy,
};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "buyer/apply/kind.html")]
struct KindPage {
    p: Page,
    order_id: String,
    kinds: Vec<Kind>,
    amends: bool,
    has_draft: bool,
}

/// A type of case, and whether it is possible now.
struct Kind {
    name: String,
    word: String,
    hint: String,
    chosen: bool,
    /// Why not.
    closed: Option<Said>,
}

/// The types a buyer chooses from.
const KINDS: [CaseType; 6] = [
    CaseType::RefundOnly,
    CaseType::ReturnAndRefund,
    CaseType::Exchange,
    CaseType::ShippingFee,
    CaseType::PriceDifference,
    CaseType::Cancellation,
];

/// `GET /b/orders/{order_id}/apply`
///
/// # Errors
/// A [`Problem`] if there is no such order.
pub async fn show(
    State(app): State<Arc<App>>,
    Path(order_id): Path<String>,
    visit: Visit,
) -> Result<Response, Problem> {
    let theirs = theirs(&app, &visit, &order_id).await?;
    let draft = current(&app, &visit, &theirs).await?;
    show::page(&page(&app, &visit, &theirs, &draft).await?)
}

async fn page(
    app: &App,
    visit: &Visit,
    theirs: &Theirs,
    draft: &Draft,
) -> Result<KindPage, Problem> {
    let texts = visit.page.texts;
    let policy = policy_in_force(app, visit, theirs).await?;
    let offered: Vec<(CaseType, Application)> =
        KINDS.into_iter().filter_map(|kind| Some((kind, example(&policy, kind)?))).collect();
    let examples = offered.iter().map(|(_, example)| example.clone()).collect();
    let probed = probe(app, visit, theirs, draft, examples).await?;
    let kinds = offered.into_iter().zip(probed.assessments);
    let kinds = kinds.map(|((kind, _), assessment)| {
        let name = name_of(&kind);
        let mut findings = assessment.judgement.findings.iter();
        // Whether the order is in a state for it at all; the rest depends on what is still to be
        // filled in.
        let blocking =
            findings.find(|it| it.verdict == Verdict::Blocks && it.clause.as_str() == "F1");
        Kind {
            word: texts.word_of("case-type", &name),
            hint: texts.word_of("apply-kind", &name),
            chosen: draft.case_type == Some(kind),
            closed: blocking.map(|finding| said(&policy, finding, (theirs, visit))),
            name,
        }
    });
    let mut kinds: Vec<Kind> = kinds.collect();
    kinds.sort_by_key(|kind| kind.closed.is_some());
    // The same reason is said once.
    let mut said_before = String::new();
    for why in kinds.iter_mut().filter_map(|kind| kind.closed.as_mut()) {
        if why.text == said_before {
            why.text.clear();
        } else {
            said_before.clone_from(&why.text);
        }
    }
    Ok(KindPage {
        order_id: theirs.key.order_id.to_string(),
        kinds,
        amends: draft.amends.is_some(),
        has_draft: draft.case_type.is_some(),
        p: visit.page.clone(),
    })
}

/// An application of a type for the whole order, with the first reason that goes with it.
fn example(policy: &Policy, case_type: CaseType) -> Option<Application> {
    let reason = policy.reasons().iter().find(|reason| reason.allows(case_type))?;
    Some(Application {
        case_type,
        reason: reason.code.clone(),
        items: Vec::new(),
        amount: None,
        description: String::new(),
        evidence: Vec::new(),
        declared: Declared::default(),
    })
}

/// `POST /b/orders/{order_id}/apply`
///
/// # Errors
/// A [`Problem`] if there is no such order.
pub async fn choose(
    State(app): State<Arc<App>>,
    Path(order_id): Path<String>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, Problem> {
    let theirs = theirs(&app, &visit, &order_id).await?;
    let mut draft = current(&app, &visit, &theirs).await?;
    let Some(kind) = read(fields.one("type")) else {
        let mut page = page(&app, &visit, &theirs, &draft).await?;
        page.p.problem =
            Some(visit.asked.problem(StatusCode::UNPROCESSABLE_ENTITY, "type_missing"));
        return show::with_status(StatusCode::UNPROCESSABLE_ENTITY, &page);
    };
    if kind == CaseType::Cancellation {
        let next = format!("/b/orders/{}/cancel", theirs.key.order_id);
        return Ok(Redirect::to(&next).into_response());
    }
    if draft.case_type != Some(kind) {
        draft.case_type = Some(kind);
        draft.reason = None;
    }
    draft::save(&app, &theirs.key, &draft, visit.language()).await?;
    let next = format!("/b/orders/{}/apply/goods", theirs.key.order_id);
    Ok(Redirect::to(&next).into_response())
}

/// A type by its name.
pub(super) fn read(name: &str) -> Option<CaseType> {
    KINDS.into_iter().find(|kind| name_of(kind) == name)
}
