//! Second: which goods, how many, and why.

use super::{
    Theirs, current,
    kind::read,
    policy_in_force, probe,
    said::{Placed, Said, placed},
    theirs,
};
use crate::{
    api::problem::Problem,
    assembly::App,
    pages::{
        buyer::{
            draft::{self, Draft},
            order::is_filled_in_later,
            orders::{Tile, tile},
        },
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
    application::CaseType,
    facts::Item,
    finding::Verdict,
    id::ReasonCode,
    money::Money,
    policy::{ItemHistory, Policy},
};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "buyer/apply/goods.html")]
struct GoodsPage {
    p: Page,
    order_id: String,
    type_word: String,
    cancels: bool,
    asks_opened: bool,
    asks_received: bool,
    items: Vec<Line>,
    groups: Vec<Group>,
    /// What stands in the way of what is chosen.
    stops: Vec<Said>,
    draft: Draft,
}

/// A line of the order.
struct Line {
    id: String,
    title: String,
    tile: Tile,
    category: String,
    unit_price: Money,
    bought: u32,
    left: u32,
    busy: bool,
    chosen: u32,
}

/// A heading with its reasons.
struct Group {
    name: String,
    is_chosen: bool,
    reasons: Vec<(ReasonCode, String, bool)>,
}

/// `GET /b/orders/{order_id}/apply/goods?type=`
///
/// # Errors
/// A [`Problem`] if there is no such order.
pub async fn show(
    State(app): State<Arc<App>>,
    Path(order_id): Path<String>,
    visit: Visit,
) -> Result<Response, Problem> {
    let theirs = theirs(&app, &visit, &order_id).await?;
    let mut draft = current(&app, &visit, &theirs).await?;
    if let Some(kind) = visit.asked_for("type").and_then(read)
        && draft.case_type != Some(kind)
    {
        (draft.case_type, draft.reason) = (Some(kind), None);
        draft::save(&app, &theirs.key, &draft, visit.language()).await?;
    }
    let Some(kind) = draft.case_type else {
        return Ok(Redirect::to(&format!("/b/orders/{order_id}/apply")).into_response());
    };
    show::page(&page(&app, &visit, &theirs, (draft, kind)).await?)
}

async fn page(
    app: &App,
    visit: &Visit,
    theirs: &Theirs,
    (draft, kind): (Draft, CaseType),
) -> Result<GoodsPage, Problem> {
    let facts = theirs.facts(visit)?;
    let policy = policy_in_force(app, visit, theirs).await?;
    let history = theirs.order.history(facts, draft.amends);
    let lines = facts.items.iter().zip(&history).map(|both| {
        let single = facts.items.len() == 1 && draft.items.is_empty();
        line(both, (&draft, single), visit)
    });
    Ok(GoodsPage {
        order_id: theirs.key.order_id.to_string(),
        type_word: visit.page.texts.word_of("case-type", &name_of(&kind)),
        cancels: kind == CaseType::Cancellation,
        asks_opened: kind.returns_goods(),
        asks_received: kind == CaseType::RefundOnly,
        items: lines.collect(),
        groups: groups(&policy, kind, &draft, visit),
        stops: Vec::new(),
        draft,
        p: visit.page.clone(),
    })
}

fn line(
    (item, before): (&Item, &ItemHistory),
    (draft, single): (&Draft, bool),
    visit: &Visit,
) -> Line {
    let left = item.quantity.saturating_sub(before.pieces_settled);
    let id = item.item_id.to_string();
    // One line alone is what is meant, most likely.
    let likely = if single && !before.open_case { left } else { 0 };
    Line {
        title: item.title.clone(),
        tile: tile(&item.title),
        category: visit.page.texts.word_of("category", &name_of(&item.category)),
        unit_price: item.unit_price,
        bought: item.quantity,
        left,
        busy: before.open_case,
        chosen: draft.items.get(&id).map_or(likely, |chosen| (*chosen).min(left)),
        id,
    }
}

/// The reasons that go with a type, under their headings.
fn groups(policy: &Policy, kind: CaseType, draft: &Draft, visit: &Visit) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for reason in policy.reasons().iter().filter(|reason| reason.allows(kind)) {
        let heading = reason.parent.as_ref().and_then(|code| policy.reason(code));
        let heading = heading.unwrap_or(reason).name(visit.language());
        let chosen = draft.reason.as_ref() == Some(&reason.code);
        let row = (reason.code.clone(), reason.name(visit.language()).to_owned(), chosen);
        match groups.last_mut().filter(|group| group.name == heading) {
            Some(group) => {
                group.is_chosen |= chosen;
                group.reasons.push(row);
            }
            None => {
                let name = heading.to_owned();
                groups.push(Group { name, is_chosen: chosen, reasons: vec![row] });
            }
        }
    }
    groups
}

/// `POST /b/orders/{order_id}/apply/goods`
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
    let Some(kind) = draft.case_type else {
        return Ok(Redirect::to(&format!("/b/orders/{order_id}/apply")).into_response());
    };
    for item in &theirs.facts(&visit)?.items {
        let typed = fields.one(&format!("quantity-{}", item.item_id));
        let quantity = typed.parse().unwrap_or(0).min(item.quantity);
        draft.items.insert(item.item_id.to_string(), quantity);
    }
    draft.reason = ReasonCode::parse(fields.one("reason")).ok();
    draft.opened = answer(fields.one("opened"));
    draft.received = answer(fields.one("received"));
    draft::save(&app, &theirs.key, &draft, visit.language()).await?;
    let checks = fields.one("do") == "check";
    let missing = missing(&draft, kind).filter(|_| !checks);
    let problem = missing.map(|code| visit.asked.problem(StatusCode::UNPROCESSABLE_ENTITY, code));
    let stops = stops(&app, &visit, &theirs, &draft).await?;
    if problem.is_none() && stops.is_empty() && !checks {
        let next = format!("/b/orders/{}/apply/told", theirs.key.order_id);
        return Ok(Redirect::to(&next).into_response());
    }
    let mut page = page(&app, &visit, &theirs, (draft, kind)).await?;
    (page.p.problem, page.stops) = (problem, stops);
    let status = if checks { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    show::with_status(status, &page)
}

/// What is not chosen yet.
fn missing(draft: &Draft, kind: CaseType) -> Option<&'static str> {
    let needs_items = !matches!(kind, CaseType::Cancellation | CaseType::ShippingFee);
    if draft.reason.is_none() {
        Some("reason_unchosen")
    } else if needs_items && draft.items.values().all(|quantity| *quantity == 0) {
        Some("items_unchosen")
    } else {
        None
    }
}

/// What of the policy stands in the way of the goods and the reason chosen, whatever else will be
/// filled in.
async fn stops(
    app: &App,
    visit: &Visit,
    theirs: &Theirs,
    draft: &Draft,
) -> Result<Vec<Said>, Problem> {
    let chosen = Draft {
        amount: String::new(),
        return_freight: String::new(),
        description: String::new(),
        files: Vec::new(),
        proof: Vec::new(),
        ..draft.clone()
    };
    let Some(application) = chosen.application(theirs.facts(visit)?) else {
        return Ok(Vec::new());
    };
    let nothing_chosen =
        application.items.is_empty() && missing(draft, application.case_type).is_some();
    if nothing_chosen {
        return Ok(Vec::new());
    }
    let probed = probe(app, visit, theirs, draft, vec![application]).await?;
    let Some(mut assessment) = probed.assessments.into_iter().next() else {
        return Ok(Vec::new());
    };
    assessment
        .judgement
        .findings
        .retain(|finding| finding.verdict == Verdict::Blocks && !is_filled_in_later(finding));
    let Placed { head, goods, amount, words, evidence, .. } =
        placed(&probed.policy, &assessment.judgement, (theirs, visit));
    Ok([head, goods, amount, words, evidence].concat())
}

fn answer(text: &str) -> Option<bool> {
    match text {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}
