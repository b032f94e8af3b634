//! The cases behind a figure: what a bar or a row of the overview leads to.

use super::{
    range::Range,
    reasons::{name, policy},
};
use crate::{
    api::{cursor, problem::Problem},
    assembly::App,
    figures,
    pages::{
        page::{Page, encoded, name_of},
        show,
        visit::Visit,
    },
};
use askama::Template;
use axum::{extract::State, response::Response};
use domain::id::{CaseId, ReasonCode};
use engine::figures::{CaseFigure, Day, Slice};
use serde::de::{DeserializeOwned, IntoDeserializer, value::Error};
use std::sync::Arc;

/// Cases on a page.
const SHOWN: u32 = 50;

#[derive(Template)]
#[template(path = "merchant/overview/cases.html")]
struct Cases {
    p: Page,
    range: Range,
    /// What the cases have in common, in words.
    named: Vec<(String, String)>,
    /// The same as an address says it.
    query: String,
    rows: Vec<(CaseFigure, String)>,
    next: Option<String>,
}

/// `GET /m/overview/cases`
///
/// # Errors
/// A [`Problem`] if they cannot be read.
pub async fn show(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    let language = visit.language();
    let range = Range::asked(&visit);
    let slice = slice(&visit);
    let scope = figures::scope(&app, visit.shop()?, range.days()).await;
    let scope = scope.map_err(|trouble| Problem::trouble(trouble, language))?;
    let after = visit.asked_for("cursor").and_then(cursor::read::<(i32, CaseId)>);
    let after = after.map(|(day, case_id)| (Day::new(day), case_id));
    let found = app.desk.store().case_figures(&scope, &slice, after, SHOWN).await;
    let found = found.map_err(|fault| Problem::fault(&fault, language))?;
    let policy = policy(&app, &visit).await?;
    let full = u32::try_from(found.len()).is_ok_and(|count| count == SHOWN);
    let next = found.last().filter(|_| full);
    let next = next.and_then(|last| cursor::write(&(last.opened_on.number(), last.case_id)));
    let reason = |case: CaseFigure| {
        let reason = name(&policy, case.reason.as_str(), language);
        (case, reason)
    };
    show::page(&Cases {
        named: named(&visit, &slice, |code| name(&policy, code, language)),
        query: format!("{}{}", range.query(), query(&slice)),
        rows: found.into_iter().map(reason).collect(),
        p: visit.page,
        range,
        next,
    })
}

/// Which cases an address asks for; what makes no sense is not asked for.
#[must_use]
pub fn slice(visit: &Visit) -> Slice {
    Slice {
        reason: visit.asked_for("reason").and_then(|code| ReasonCode::parse(code).ok()),
        product: visit.asked_for("product").map(without_nul),
        batch: visit.asked_for("batch").map(without_nul),
        decided: visit.asked_for("decided").and_then(named_as),
        refusing: visit.asked_for("refusing").and_then(named_as),
        settled: visit.asked_for("settled").and_then(named_as),
    }
}

fn without_nul(text: &str) -> String {
    text.replace('\0', "")
}

fn named_as<T: DeserializeOwned>(name: &str) -> Option<T> {
    let name: serde::de::value::StrDeserializer<'_, Error> = name.into_deserializer();
    T::deserialize(name).ok()
}

/// The same as an address says it, to be put behind another part.
#[must_use]
pub fn query(slice: &Slice) -> String {
    let terms = [
        ("reason", slice.reason.as_ref().map(ToString::to_string)),
        ("product", slice.product.clone()),
        ("batch", slice.batch.clone()),
        ("decided", slice.decided.map(|value| name_of(&value))),
        ("refusing", slice.refusing.map(|value| name_of(&value))),
        ("settled", slice.settled.map(|value| name_of(&value))),
    ];
    let term = |(name, value): (&str, Option<String>)| {
        value.map(|value| format!("&{name}={}", encoded(&value))).unwrap_or_default()
    };
    terms.into_iter().map(term).collect()
}

fn named(visit: &Visit, slice: &Slice, reason: impl Fn(&str) -> String) -> Vec<(String, String)> {
    let texts = visit.page.texts;
    let word = |group: &str, value: String| texts.word_of(group, &value);
    let terms = [
        ("reason", slice.reason.as_ref().map(|code| reason(code.as_str()))),
        ("product", slice.product.clone()),
        ("batch", slice.batch.clone()),
        ("decided", slice.decided.map(|value| word("decided", name_of(&value)))),
        ("refusing", slice.refusing.map(|value| word("refusing", name_of(&value)))),
        ("settled", slice.settled.map(|value| word("settled", name_of(&value)))),
    ];
    let named = |(name, value): (&str, Option<String>)| {
        value.map(|value| (texts.t(&format!("overview-by-{name}")), value))
    };
    terms.into_iter().filter_map(named).collect()
}
