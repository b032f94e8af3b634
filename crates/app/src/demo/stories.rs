//! Five cases of a demo to look at first, found as they stand now: after a jump of the clock
//! others may have taken their place, or none.

use super::{CHAHE, tokens::Tokens};
use crate::{access::people::Office, assembly::App};
use domain::{
    application::CaseType,
    case::{Case, Otherwise, Stage},
    id::{BuyerId, ShopId},
    moment::Moment,
    money::Money,
    refund::State,
};
use engine::{
    ports::StoreFault,
    rows::{CaseFilter, CaseOrder, CaseRow, LIMIT_MAX},
};

/// Cases looked at for one that fits.
const LOOKED_AT: u32 = 50;

/// A case to look at, and as whom.
#[derive(Clone, Debug)]
pub struct Story {
    /// Which of the five: `waiting`, `offer`, `return`, `dispute`, `stuck`.
    pub name: &'static str,
    /// Who opens it, as the form names them.
    pub who: String,
    /// Where it is.
    pub path: String,
    /// What was bought.
    pub title: String,
    /// What it is about in money.
    pub amount: Money,
    /// Until when somebody must act.
    pub due_at: Option<Moment>,
}

/// The stories that can be told now.
///
/// # Errors
/// [`StoreFault`] if cases cannot be read.
pub async fn stories(app: &App, tokens: &Tokens) -> Result<Vec<Story>, StoreFault> {
    let Ok(shop_id) = ShopId::parse(CHAHE) else { return Ok(Vec::new()) };
    let at_desk = |office| (staff(tokens, CHAHE, office), "/m/cases");
    let waiting = rows(app, filter(&shop_id, Stage::UnderReview)).await?;
    let approves = format!("{:?}", name_of(Otherwise::Approve));
    let waiting = waiting
        .into_iter()
        .find(|row| row.case_type == CaseType::RefundOnly && row.summary.contains(&approves));
    let inspecting = rows(app, filter(&shop_id, Stage::Inspecting)).await?.into_iter().next();
    let stuck = stuck(app, &shop_id).await?;
    let mut told = Vec::new();
    told.extend(waiting.map(|row| story("waiting", at_desk(Office::Agent), &row)));
    told.extend(offered(app, tokens).await?);
    told.extend(inspecting.map(|row| story("return", at_desk(Office::Agent), &row)));
    told.extend(disputed(app, tokens).await?);
    told.extend(stuck.map(|row| story("stuck", at_desk(Office::Finance), &row)));
    Ok(told)
}

/// A counter-offer to one of the buyers who can be visited.
async fn offered(app: &App, tokens: &Tokens) -> Result<Option<Story>, StoreFault> {
    for (n, buyer) in tokens.buyers.iter().enumerate() {
        let of = |buyer_id: &BuyerId| CaseFilter {
            buyer_id: Some(buyer_id.clone()),
            ..filter(&buyer.shop, Stage::Offered)
        };
        if let Some(row) = rows(app, of(&buyer.buyer)).await?.first() {
            return Ok(Some(story("offer", (format!("buyer/{n}"), "/b/cases"), row)));
        }
    }
    Ok(None)
}

/// The dispute whose deadline is next.
async fn disputed(app: &App, tokens: &Tokens) -> Result<Option<Story>, StoreFault> {
    let mut all = filter_all(Stage::Disputed);
    all.shop_id = None;
    let Some(row) = rows(app, all).await?.into_iter().next() else { return Ok(None) };
    let who = staff(tokens, crate::access::PLATFORM, Office::Arbiter);
    let at = format!("/p/cases/{}", row.key.shop_id);
    Ok(Some(story("dispute", (who, &at), &row)))
}

/// A refund that the channel could not carry out.
async fn stuck(app: &App, shop_id: &ShopId) -> Result<Option<CaseRow>, StoreFault> {
    for row in rows(app, filter(shop_id, Stage::Refunding)).await? {
        let Ok(order) = app.desk.order(&row.key).await else { continue };
        if order.case(row.case_id).is_some_and(is_stuck) {
            return Ok(Some(row));
        }
    }
    Ok(None)
}

fn is_stuck(case: &Case) -> bool {
    let stuck =
        |state: State| matches!(state, State::Abnormal | State::Declined | State::ClosedByChannel);
    case.refunds.iter().any(|refund| stuck(refund.state))
}

/// How many cases a buyer has, as far as one looks.
///
/// # Errors
/// [`StoreFault`] if cases cannot be read.
pub async fn cases_of(
    app: &App,
    shop_id: &ShopId,
    buyer_id: &BuyerId,
) -> Result<usize, StoreFault> {
    let mut filter = filter(shop_id, Stage::Closed);
    (filter.stage, filter.buyer_id) = (None, Some(buyer_id.clone()));
    // By deadline, those that have none would be left out.
    (filter.order, filter.limit) = (CaseOrder::Newest, LIMIT_MAX);
    Ok(rows(app, filter).await?.len())
}

/// A person as the form names them.
#[must_use]
pub fn staff(tokens: &Tokens, shop: &str, office: Office) -> String {
    let mut people = tokens.people.iter();
    let found = people.find(|person| person.shop == shop && person.office == office);
    found.map_or_else(String::new, |person| format!("{shop}/{}", person.person))
}

fn story(name: &'static str, (who, at): (String, &str), row: &CaseRow) -> Story {
    let summary: serde_json::Value = serde_json::from_str(&row.summary).unwrap_or_default();
    let title = summary.get("title").and_then(serde_json::Value::as_str).unwrap_or_default();
    Story {
        name,
        who,
        path: format!("{at}/{}", row.case_id),
        title: title.to_owned(),
        amount: row.amount,
        due_at: row.due_at,
    }
}

fn name_of(otherwise: Otherwise) -> String {
    crate::pages::page::name_of(&otherwise)
}

async fn rows(app: &App, filter: CaseFilter) -> Result<Vec<CaseRow>, StoreFault> {
    Ok(app.desk.store().cases(&filter).await?.rows)
}

fn filter(shop_id: &ShopId, stage: Stage) -> CaseFilter {
    CaseFilter { shop_id: Some(shop_id.clone()), ..filter_all(stage) }
}

fn filter_all(stage: Stage) -> CaseFilter {
    CaseFilter {
        stage: Some(stage.as_str().to_owned()),
        order: CaseOrder::Deadline,
        ..CaseFilter::all(None, LOOKED_AT)
    }
}
