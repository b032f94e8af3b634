//! Second: which goods, how many, and why.

use super::{Theirs, kind::read, theirs};
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
use domain::{application::CaseType, id::ReasonCode, money::Money, policy::Policy};
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
    draft: Draft,
}

/// A line of the order.
struct Line {
    id: String,
    title: String,
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
    let mut draft = draft::load(&app, &theirs.key, visit.language()).await?;
    if let Some(kind) = visit.asked_for("type").and_then(read)
        && draft.case_type != Some(kind)
    {
        (draft.case_type, draft.reason) = (Some(kind), None);
        draft::save(&app, &theirs.key, &draft, visit.language()).await?;
    }
    let Some(kind) = draft.case_type else {
        return Ok(Redirect::to(&format!("/b/orders/{order_id}/apply")).into_response());
    };
    show::page(&page(&app, visit, &theirs, (draft, kind)).await?)
}

async fn page(
    app: &App,
    visit: Visit,
    theirs: &Theirs,
    (draft, kind): (Draft, CaseType),
) -> Result<GoodsPage, Problem> {
    let facts = theirs.facts(&visit)?;
    let rulebook = app.desk.rulebook();
    let shop = rulebook.shop(&theirs.key.shop_id).await;
    let shop = shop.map_err(|fault| Problem::trouble(fault.into(), visit.language()))?;
    let policy = rulebook.policy(&theirs.key.shop_id, shop.policy_version).await;
    let policy = policy.map_err(|fault| Problem::trouble(fault.into(), visit.language()))?;
    let history = theirs.order.history(facts, draft.amends);
    let single = facts.items.len() == 1;
    let lines = facts.items.iter().zip(&history).map(|(item, before)| {
        let left = item.quantity.saturating_sub(before.pieces_settled);
        let id = item.item_id.to_string();
        let chosen = match draft.items.get(&id) {
            Some(chosen) => (*chosen).min(left),
            // One line alone is what is meant, most likely.
            None if single && draft.items.is_empty() => left,
            None => 0,
        };
        Line {
            title: item.title.clone(),
            category: visit.page.texts.word_of("category", &name_of(&item.category)),
            unit_price: item.unit_price,
            bought: item.quantity,
            left,
            busy: before.open_case,
            chosen,
            id,
        }
    });
    Ok(GoodsPage {
        order_id: theirs.key.order_id.to_string(),
        type_word: visit.page.texts.word_of("case-type", &name_of(&kind)),
        cancels: kind == CaseType::Cancellation,
        asks_opened: kind.returns_goods(),
        asks_received: kind == CaseType::RefundOnly,
        items: lines.collect(),
        groups: groups(&policy, kind, &draft, &visit),
        draft,
        p: visit.page,
    })
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
            Some(group) => group.reasons.push(row),
            None => groups.push(Group { name: heading.to_owned(), reasons: vec![row] }),
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
    let mut draft = draft::load(&app, &theirs.key, visit.language()).await?;
    let Some(kind) = draft.case_type else {
        return Ok(Redirect::to(&format!("/b/orders/{order_id}/apply")).into_response());
    };
    let facts = theirs.facts(&visit)?;
    for item in &facts.items {
        let typed = fields.one(&format!("quantity-{}", item.item_id));
        let quantity = typed.parse().unwrap_or(0).min(item.quantity);
        draft.items.insert(item.item_id.to_string(), quantity);
    }
    draft.reason = ReasonCode::parse(fields.one("reason")).ok();
    draft.opened = answer(fields.one("opened"));
    draft.received = answer(fields.one("received"));
    draft::save(&app, &theirs.key, &draft, visit.language()).await?;
    let needs_items = !matches!(kind, CaseType::Cancellation | CaseType::ShippingFee);
    let missing = if draft.reason.is_none() {
        Some("reason_unchosen")
    } else if needs_items && draft.items.values().all(|quantity| *quantity == 0) {
        Some("items_unchosen")
    } else {
        None
    };
    if let Some(code) = missing {
        let problem = visit.asked.problem(StatusCode::UNPROCESSABLE_ENTITY, code);
        let mut page = page(&app, visit, &theirs, (draft, kind)).await?;
        page.p.problem = Some(problem);
        return show::with_status(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let next = format!("/b/orders/{}/apply/told", theirs.key.order_id);
    Ok(Redirect::to(&next).into_response())
}

fn answer(text: &str) -> Option<bool> {
    match text {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}
