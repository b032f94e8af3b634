//! The ruling (平台裁决): said in words first, then confirmed, then carried out by the system.

use super::{
    back_to,
    case::{act, again, in_shop, page},
};
use crate::{
    api::problem::Problem,
    assembly::App,
    pages::{fields::Fields, page::name_of, show, visit::Visit},
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::{
    case::{Goods, Route, Terms},
    command::Act,
    money::Currency,
    policy::money,
};
use std::sync::Arc;

/// `POST /p/cases/{shop_id}/{case_id}/rule`: the first time it is shown what it means, the second
/// time, with `sure`, it is done.
///
/// # Errors
/// A [`Problem`] if it cannot be ruled.
pub async fn rule(
    State(app): State<Arc<App>>,
    Path((shop, case_id)): Path<(String, String)>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, Problem> {
    let visit = in_shop(&shop, visit)?;
    let (terms, reason) = match read(&fields, &visit) {
        Ok(read) => read,
        Err(problem) => return again(&app, &visit, &case_id, (problem, fields)).await,
    };
    if !fields.has("sure") {
        let mut page = page(&app, &visit, &case_id, fields).await?;
        page.confirm = Some(in_words(terms.as_ref(), &visit));
        return show::page(&page);
    }
    match act(&app, &visit, &case_id, (Act::Rule { terms, reason }, &fields)).await {
        Ok(()) => Ok(back_to(&shop, &case_id, "ruled")),
        Err(problem) => again(&app, &visit, &case_id, (problem, fields)).await,
    }
}

/// What the form says: terms for the buyer, none for the merchant.
fn read(fields: &Fields, visit: &Visit) -> Result<(Option<Terms>, String), Problem> {
    let unfit = |code| visit.asked.problem(StatusCode::UNPROCESSABLE_ENTITY, code);
    let reason = fields.one("reason").to_owned();
    if reason.is_empty() {
        return Err(unfit("reason_missing"));
    }
    if fields.one("for") == "merchant" {
        return Ok((None, reason));
    }
    let currency = Currency::parse(fields.one("currency")).unwrap_or(Currency::CNY);
    let amount = fields.money("amount", currency, visit.language())?;
    let amount = amount.ok_or_else(|| unfit("nothing_due"))?;
    let goods = if fields.one("goods") == "return" { Goods::Return } else { Goods::Keep };
    let route =
        if fields.one("route") == "designated" { Route::Designated } else { Route::Original };
    Ok((Some(Terms { amount, route, goods }), reason))
}

fn in_words(terms: Option<&Terms>, visit: &Visit) -> String {
    let texts = visit.page.texts;
    let Some(terms) = terms else { return texts.t("platform-confirm-merchant") };
    let facts = [
        ("amount", money(terms.amount)),
        ("route", texts.word_of("route", &name_of(&terms.route))),
        ("goods", texts.word_of("goods", &name_of(&terms.goods))),
    ];
    texts.told("platform-confirm-buyer", &facts.map(|(name, value)| (name.to_owned(), value)))
}
