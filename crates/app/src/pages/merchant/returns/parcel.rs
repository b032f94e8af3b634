//! Parcels that belong to no case (无主件): written down under their waybill, so that the same
//! parcel is written down once, until a case claims them or they are sent back.

use super::{Typed, page};
use crate::{
    api::problem::Problem,
    assembly::App,
    carriers::{Carrier, recognised, tidy},
    pages::{act, fields::Fields, show, visit::Visit},
    registry::Change,
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::{actor::Actor, id::CaseId, moment::Moment};
use engine::{ports::StoreFault, rows::LIMIT_MAX};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The kind of documents that hold parcels.
pub const PARCEL: &str = "parcel";
/// How long a waybill is.
const WAYBILL_CHARS: std::ops::RangeInclusive<usize> = 6..=40;
/// The longest note, in characters.
const NOTE_CHARS_MAX: usize = 200;
/// The most open parcels listed.
const OPEN_MAX: usize = 200;

/// How a parcel stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Nobody has asked for it.
    Open,
    /// A case claimed it, or its owner came.
    Claimed,
    /// It was sent back.
    SentBack,
}

/// A parcel that belongs to no case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    /// Its number.
    pub waybill: String,
    /// Whose number it looks like.
    pub carrier: Option<String>,
    /// What is in it, who seems to have sent it.
    pub note: String,
    /// Who wrote it down, or settled it.
    pub by: Actor,
    /// When it came.
    pub at: Moment,
    /// How it stands.
    pub state: Standing,
    /// The case that claimed it.
    pub case_id: Option<CaseId>,
}

/// The open ones, the last first.
///
/// # Errors
/// A [`Problem`] if they cannot be read.
pub async fn open(app: &App, visit: &Visit) -> Result<Vec<Parcel>, Problem> {
    let mut parcels = Vec::new();
    let mut after = String::new();
    loop {
        let found = app.registry.list::<Parcel>(visit.shop()?, PARCEL, &after, LIMIT_MAX).await;
        let found = found.map_err(|fault| Problem::fault(&fault, visit.language()))?;
        let Some(last) = found.last() else { break };
        after.clone_from(&last.id);
        let open = found.into_iter().map(|entry| entry.body);
        parcels.extend(open.filter(|parcel| parcel.state == Standing::Open));
        if parcels.len() >= OPEN_MAX {
            break;
        }
    }
    parcels.sort_by_key(|parcel| std::cmp::Reverse(parcel.at));
    Ok(parcels)
}

/// `POST /m/returns/parcels`
///
/// # Errors
/// A [`Problem`] if it cannot be written. What is wrong with the form is said on the page.
pub async fn record(
    State(app): State<Arc<App>>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, Problem> {
    let typed = Typed { waybill: tidy(fields.one("waybill")), note: fields.one("note").to_owned() };
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let fits = WAYBILL_CHARS.contains(&typed.waybill.len())
        && typed.waybill.chars().all(plain)
        && typed.note.chars().count() <= NOTE_CHARS_MAX;
    if !fits {
        let problem = visit.asked.problem(StatusCode::UNPROCESSABLE_ENTITY, "parcel_unfit");
        return page(&app, visit, typed, Some(problem)).await;
    }
    let fault = |fault: StoreFault| Problem::fault(&fault, visit.language());
    let shop_id = visit.shop()?;
    let known = app.registry.entry::<Parcel>(shop_id, PARCEL, &typed.waybill).await;
    let known = known.map_err(fault)?;
    if !known.as_ref().is_some_and(|entry| entry.body.state == Standing::Open) {
        let body = Parcel {
            carrier: recognised(&typed.waybill).map(|carrier: Carrier| carrier.name().to_owned()),
            waybill: typed.waybill.clone(),
            note: typed.note,
            by: visit.asked.caller.actor(),
            at: app.desk.now(),
            state: Standing::Open,
            case_id: None,
        };
        let replaces = known.map_or(0, |entry| entry.version);
        let change = Change { shop_id, kind: PARCEL, id: &typed.waybill, replaces, body: &body };
        // Whoever was first wrote the same parcel down.
        app.registry.keep(change, app.desk.now()).await.map_err(fault)?;
    }
    Ok(show::see("/m/returns", "parcel-kept"))
}

/// `POST /m/returns/parcels/{waybill}`
///
/// # Errors
/// A [`Problem`] if there is no such parcel, or it cannot be written.
pub async fn settle(
    State(app): State<Arc<App>>,
    Path(waybill): Path<String>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, Problem> {
    let fault = |fault: StoreFault| Problem::fault(&fault, visit.language());
    let shop_id = visit.shop()?;
    let known = app.registry.entry::<Parcel>(shop_id, PARCEL, &waybill).await.map_err(fault)?;
    let known = known.ok_or_else(|| visit.asked.not_found())?;
    let state = match fields.one("state") {
        "claimed" => Standing::Claimed,
        "sent_back" => Standing::SentBack,
        _ => return Err(visit.asked.problem(StatusCode::UNPROCESSABLE_ENTITY, "parcel_unfit")),
    };
    let case_id = match fields.some("case_id").filter(|_| state == Standing::Claimed) {
        Some(case_id) => match act::found(&app, &visit, case_id).await {
            Ok(found) => Some(found.case_id),
            Err(problem) => return page(&app, visit, Typed::default(), Some(problem)).await,
        },
        None => None,
    };
    if known.body.state == Standing::Open {
        let by = visit.asked.caller.actor();
        let body = Parcel { state, case_id, by, ..known.body };
        let replaces = known.version;
        let change = Change { shop_id, kind: PARCEL, id: &waybill, replaces, body: &body };
        if !app.registry.keep(change, app.desk.now()).await.map_err(fault)? {
            return Err(visit.asked.problem(StatusCode::CONFLICT, "changed_meanwhile"));
        }
    }
    Ok(show::see("/m/returns", "parcel-settled"))
}
