//! Appeals against restrictions (F7): a reviewer lifts a restriction for a time, or keeps it.

use super::{case::in_shop, shops::listed};
use crate::{
    api::{appeals, problem::Problem},
    assembly::App,
    pages::{fields::Fields, page::Page, show, visit::Visit},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::{id::ShopId, moment::Moment};
use engine::restriction::{APPEAL, Appeal, Decision};
use std::sync::Arc;

/// Appeals shown of one shop.
const SHOWN: u32 = 100;

#[derive(Template)]
#[template(path = "platform/appeals.html")]
struct Appeals {
    p: Page,
    open: Vec<Row>,
    decided: Vec<Row>,
    may_decide: bool,
}

struct Row {
    shop_id: String,
    shop: String,
    buyer_id: String,
    material: String,
    made_at: Moment,
    lifted: bool,
    lifted_until: Option<Moment>,
    /// Of one that is decided: the decision's; else what was typed and refused.
    note: String,
    /// For how many days to lift, as it was typed.
    days: String,
}

/// `GET /p/appeals`
///
/// # Errors
/// A [`Problem`] if they cannot be read.
pub async fn list(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    show::page(&page(&app, visit).await?)
}

async fn page(app: &App, visit: Visit) -> Result<Appeals, Problem> {
    let (mut open, mut decided) = (Vec::new(), Vec::new());
    for (id, shop) in listed(app, visit.language()).await? {
        let Ok(shop_id) = ShopId::parse(&id) else { continue };
        let found = app.registry.list::<Appeal>(&shop_id, APPEAL, "", SHOWN).await;
        let found = found.map_err(|fault| Problem::fault(&fault, visit.language()))?;
        for entry in found {
            let Appeal { buyer_id, material, made_at, decision, lifted_until, note } = entry.body;
            let list = if decision.is_none() { &mut open } else { &mut decided };
            list.push(Row {
                shop_id: id.clone(),
                shop: shop.clone(),
                buyer_id: buyer_id.to_string(),
                material,
                made_at,
                lifted: decision == Some(Decision::Lifted),
                lifted_until,
                note,
                days: appeals::LIFTED_DAYS.to_string(),
            });
        }
    }
    open.sort_by_key(|row| row.made_at);
    decided.sort_by_key(|row| std::cmp::Reverse(row.made_at));
    let may_decide = visit.page.office.as_deref() == Some("operator");
    Ok(Appeals { p: visit.page, open, decided, may_decide })
}

/// `POST /p/appeals/{shop_id}/{buyer_id}`
///
/// # Errors
/// A [`Problem`] if there is no such appeal.
pub async fn decide(
    State(app): State<Arc<App>>,
    Path((shop, buyer_id)): Path<(String, String)>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, Problem> {
    let visit = in_shop(&shop, visit)?;
    let decision = appeals::Decide::new(
        fields.one("decision") == "lifted",
        fields.one("note"),
        fields.one("days").parse().ok(),
    );
    match appeals::settle(&app, &visit.asked, &buyer_id, decision).await {
        Ok(_) => Ok(show::see("/p/appeals", "appeal-decided")),
        Err(problem) if problem.status == StatusCode::UNPROCESSABLE_ENTITY.as_u16() => {
            let mut page = page(&app, visit).await?;
            let refused = |row: &&mut Row| row.shop_id == shop && row.buyer_id == buyer_id;
            if let Some(row) = page.open.iter_mut().find(refused) {
                row.note = fields.one("note").to_owned();
                row.days = fields.one("days").to_owned();
            }
            page.p.problem = Some(problem);
            show::with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(problem) => Err(problem),
    }
}
