//! One order: what was bought, and for each line what after-sale is possible, until when, or why
//! not (B1). Before anything is wrong, a video of the unboxing can be put on record (C1).

pub mod deposit;
mod possible;

use super::{
    apply::{Theirs, files::Shown, files::attached, said::Said, theirs},
    draft,
    orders::{Tile, tile},
};
use crate::{
    api::problem::Problem,
    assembly::App,
    pages::{
        page::{Page, name_of},
        show,
        visit::Visit,
    },
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    actor::Side,
    case::{Case, Deadline},
    evolve::waits_for,
    facts::{Facts, Item, Progress},
    moment::Moment,
    money::Money,
    policy::money,
};
use possible::Possible;
pub use possible::is_filled_in_later;
use std::sync::Arc;

/// What is worth filming while it is unpacked: 500 yuan and more.
const VALUABLE_MINOR: i64 = 50_000;

#[derive(Template)]
#[template(path = "buyer/order.html")]
struct OrderPage {
    p: Page,
    order_id: String,
    progress: String,
    before_signing: bool,
    valuable: bool,
    placed_at: Moment,
    signed_at: Option<Moment>,
    paid: Option<Money>,
    freight: Money,
    coupons: Vec<(String, Money)>,
    items: Vec<Line>,
    /// Few enough to say at once what is possible with each.
    few: bool,
    parcels: Vec<Parcel>,
    cases: Vec<CaseCard>,
    /// What is possible with the order as a whole.
    whole: Vec<Possible>,
    /// Nothing can be asked for now, and why.
    closed: Option<Said>,
    deposited: Vec<Shown>,
    draft: Option<String>,
}

/// A line of the order, with what is possible.
struct Line {
    title: String,
    tile: Tile,
    category: String,
    unit_price: Money,
    quantity: u32,
    settled: u32,
    clause: Option<(String, Moment)>,
    /// The case that is open about it.
    case: Option<(String, String)>,
    possible: Vec<Possible>,
}

struct Parcel {
    carrier: String,
    waybill: String,
    at: Moment,
    report: Option<String>,
}

/// A case of the order.
struct CaseCard {
    id: String,
    word: String,
    stage: String,
    amount: String,
    tone: &'static str,
    mine: bool,
    deadline: Option<Deadline>,
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
    let (facts, texts) = (theirs.facts(visit)?, visit.page.texts);
    let language = visit.language();
    let draft = draft::load(app, &theirs.key, language).await?;
    let found = possible::of_order(app, visit, theirs).await?;
    let history = theirs.order.history(facts, None);
    let lines = facts.items.iter().zip(&history).zip(found.lines);
    let lines = lines.map(|((item, before), possible)| Line {
        settled: before.pieces_settled,
        case: open_case(theirs, item, visit).filter(|_| before.open_case),
        possible,
        ..line(item, visit)
    });
    let deposited = deposit::of_order(app, theirs, language).await?;
    let shop_id = &theirs.key.shop_id;
    Ok(OrderPage {
        items: lines.collect(),
        few: facts.items.len() <= 3,
        whole: found.whole,
        closed: found.closed,
        deposited: attached(app, shop_id, &deposited.files, texts).await?,
        draft: draft.case_type.map(|kind| texts.word_of("case-type", &name_of(&kind))),
        cases: theirs.order.cases.iter().rev().map(|case| card(case, visit)).collect(),
        ..told(facts, visit)
    })
}

/// What the page says of the facts alone.
fn told(facts: &Facts, visit: &Visit) -> OrderPage {
    let coupons = facts.coupons.iter().map(|coupon| (coupon.name.clone(), coupon.amount));
    let parcels = facts.shipments.iter().map(|it| Parcel {
        carrier: it.carrier.clone(),
        waybill: it.waybill.clone(),
        at: it.shipped_at,
        report: it.quality_report.clone(),
    });
    let underway = match facts.progress {
        Progress::AwaitingShipment | Progress::PartlyShipped | Progress::Shipped => true,
        Progress::AwaitingPayment | Progress::Completed | Progress::Cancelled => false,
    };
    OrderPage {
        order_id: facts.order_id.to_string(),
        progress: visit.page.texts.word_of("progress", &name_of(&facts.progress)),
        before_signing: underway && facts.signed_at.is_none(),
        valuable: facts.items.iter().any(|item| item.unit_price.minor() >= VALUABLE_MINOR),
        placed_at: facts.placed_at,
        signed_at: facts.signed_at,
        paid: facts.paid().ok().filter(|paid| !paid.is_zero()),
        freight: facts.freight,
        coupons: coupons.collect(),
        items: Vec::new(),
        few: false,
        parcels: parcels.collect(),
        cases: Vec::new(),
        whole: Vec::new(),
        closed: None,
        deposited: Vec::new(),
        draft: None,
        p: visit.page.clone(),
    }
}

fn line(item: &Item, visit: &Visit) -> Line {
    Line {
        title: item.title.clone(),
        tile: tile(&item.title),
        category: visit.page.texts.word_of("category", &name_of(&item.category)),
        unit_price: item.unit_price,
        quantity: item.quantity,
        settled: 0,
        clause: item.clause_accepted.as_ref().map(|it| (it.clause.clone(), it.accepted_at)),
        case: None,
        possible: Vec::new(),
    }
}

/// The open case about an item, and its type in a word.
fn open_case(theirs: &Theirs, item: &Item, visit: &Visit) -> Option<(String, String)> {
    let about = |case: &&Case| {
        let pieces = &case.application.items;
        pieces.is_empty() || pieces.iter().any(|pieces| pieces.item_id == item.item_id)
    };
    let case = theirs.order.cases.iter().rev().filter(|case| case.is_open()).find(about)?;
    let word = visit.page.texts.word_of("case-type", &name_of(&case.application.case_type));
    Some((case.case_id.to_string(), word))
}

fn card(case: &Case, visit: &Visit) -> CaseCard {
    let (p, waits) = (&visit.page, waits_for(case));
    let mine = waits == Some(Side::Buyer);
    CaseCard {
        id: case.case_id.to_string(),
        word: p.texts.word_of("case-type", &name_of(&case.application.case_type)),
        stage: match case.outcome {
            Some(outcome) => p.texts.word_of("outcome", &name_of(&outcome)),
            None => p.word(case.stage.as_str()),
        },
        amount: money(case.at_stake()),
        tone: super::orders::tone(case.outcome, mine),
        mine,
        deadline: case.deadline,
    }
}
