//! A buyer's case: what happens now, who must act until when, and everything the buyer may do
//! about it, each with what comes of it said before the click.

pub mod act;
pub mod money;
pub mod now;
pub mod offer;
pub mod steps;
pub mod story;

use crate::{
    api::problem::Problem,
    assembly::App,
    carriers::{Carrier, recognised},
    pages::{
        fields::Fields,
        live::{self, Standing},
        page::{Page, name_of},
        parts::{exhibits, history, talk, working},
        show,
        visit::Visit,
    },
};
use askama::Template;
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::{
    actor::Side,
    allowed::allowed_actions,
    case::{Case, Parcel},
    facts::Facts,
    id::CaseId,
    moment::Moment,
    money::Money,
    policy::Policy,
};
use engine::rows::StreamKey;
use providers::wechat_pay::refund::abnormal::Bank;
use serde::Serialize;
use std::sync::Arc;

/// What a page shows of a case.
#[derive(Template)]
#[template(path = "buyer/case.html")]
pub struct CasePage {
    p: Page,
    case_id: CaseId,
    order_id: String,
    version: u64,
    opened_at: Moment,
    closed: bool,
    now: now::Now,
    steps: Vec<steps::Step>,
    asked: story::Asked,
    allowed: Vec<String>,
    request: Option<String>,
    refused: Option<String>,
    remark: Option<String>,
    ruling: Option<String>,
    offer: Option<offer::Shown>,
    refunds: Vec<money::Shown>,
    banks: &'static [&'static str],
    returned: Option<Parcel>,
    replacement: Option<Parcel>,
    carriers: Vec<(&'static str, &'static str)>,
    mediation: Option<Money>,
    says: story::Says,
    contacts: Vec<super::contacts::Contact>,
    working: Vec<working::Line>,
    entitled: Money,
    exhibits: Vec<exhibits::Shown>,
    talk: Vec<talk::Said>,
    history: Vec<history::Line>,
    news: Vec<history::Line>,
    typed: Typed,
}

/// What was typed into a form that was not carried out, to be shown again.
#[derive(Default)]
pub struct Typed {
    /// Which form.
    pub verb: &'static str,
    /// What it said.
    pub fields: Fields,
}

impl CasePage {
    /// Whether an action is open to the buyer now.
    fn may(&self, action: &str) -> bool {
        self.allowed.iter().any(|allowed| allowed == action)
    }

    /// What was typed into a field of a form that was not carried out.
    fn kept(&self, verb: &str, field: &str) -> &str {
        if self.typed.verb == verb { self.typed.fields.one(field) } else { "" }
    }

    /// Until when, with the zone named.
    fn until(&self, due_at: &Moment) -> String {
        let p = &self.p;
        p.t2("bcase-until", &("time", p.time(due_at)), &("zone", p.t("time-zone")))
    }

    /// What the channel answered, and when.
    fn answered(&self, answer: &str, at: &Moment) -> String {
        self.p.t2("bcase-ticket-answer", &("answer", answer), &("time", self.p.time(at)))
    }

    /// Whether a carrier stands in the form of the return.
    fn carries(&self, code: &str) -> bool {
        if self.typed.verb == "ship-return" {
            return self.typed.fields.one("carrier") == code;
        }
        let known = self.returned.as_ref().and_then(|parcel| Carrier::named(&parcel.carrier));
        known.is_some_and(|carrier| carrier.code() == code)
    }

    /// The other carrier, written by hand.
    fn other_carrier(&self) -> &str {
        if self.typed.verb == "ship-return" {
            return self.typed.fields.one("other");
        }
        let parcel = self.returned.as_ref().filter(|p| Carrier::named(&p.carrier).is_none());
        parcel.map_or("", |parcel| parcel.carrier.as_str())
    }

    /// The waybill as it was typed, or as it is on record.
    fn waybill(&self) -> &str {
        if self.typed.verb == "ship-return" {
            return self.typed.fields.one("waybill");
        }
        self.returned.as_ref().map_or("", |parcel| parcel.waybill.as_str())
    }
}

/// `GET /b/cases/{case_id}`
///
/// # Errors
/// A [`Problem`] if there is no such case for this buyer.
pub async fn show(
    State(app): State<Arc<App>>,
    Path(case_id): Path<String>,
    visit: Visit,
) -> Result<Response, Problem> {
    show::page(&page(&app, &visit, &case_id, Typed::default()).await?)
}

/// The page again, after something was not carried out: with the reason, what is new since it was
/// last seen, and all that was typed.
pub(super) async fn again(
    app: &App,
    visit: &Visit,
    case_id: &str,
    (typed, problem): (Typed, Problem),
) -> Result<Response, Problem> {
    let status = problem.http_status();
    // What is not there stays so, and what the system cannot do is no page of a case.
    if status == StatusCode::NOT_FOUND || status.is_server_error() {
        return Err(problem);
    }
    let mut page = page(app, visit, case_id, typed).await?;
    page.p.problem = Some(problem);
    page.p.done = None;
    show::with_status(status, &page)
}

/// `GET /b/cases/{case_id}/version`
///
/// # Errors
/// A [`Problem`] if there is no such case for this buyer.
pub async fn version(
    State(app): State<Arc<App>>,
    Path(case_id): Path<String>,
    visit: Visit,
) -> Result<Json<Standing>, Problem> {
    let (key, _) = crate::api::cases::find(&app, &visit.asked, &case_id).await?;
    let shown = live::shown(&app, &key, visit.asked.caller.actor().side()).await;
    shown.map(Json).map_err(|trouble| Problem::trouble(trouble, visit.language()))
}

/// `GET /b/carriers?waybill=`: which carrier a waybill looks like.
pub async fn carrier(visit: Visit) -> Json<Option<&'static str>> {
    Json(visit.asked_for("waybill").and_then(recognised).map(Carrier::code))
}

/// A case as found, with the rules it is judged by.
struct Found {
    key: StreamKey,
    case: Case,
    facts: Facts,
    policy: Arc<Policy>,
    version: u64,
    history: Vec<history::Line>,
}

async fn found(app: &App, visit: &Visit, case_id: &str) -> Result<Found, Problem> {
    let trouble = |trouble| Problem::trouble(trouble, visit.language());
    let (key, case_id) = crate::api::cases::find(app, &visit.asked, case_id).await?;
    let records = app.desk.records(&key).await.map_err(trouble)?;
    let order = domain::evolve::fold(&records);
    let there = order.facts.clone().zip(order.case(case_id).cloned());
    let (facts, case) = there.ok_or_else(|| visit.asked.not_found())?;
    let policy = app.desk.rulebook().policy(&key.shop_id, case.policy_version).await;
    let policy = policy.map_err(|fault| trouble(fault.into()))?;
    let names = crate::pages::parts::people::Names::default();
    let reader = history::Reader { side: Side::Buyer, names: &names, texts: visit.page.texts };
    let history = history::lines(&records, case_id, reader);
    Ok(Found { key, case, facts, policy, version: order.version, history })
}

async fn page(app: &App, visit: &Visit, case_id: &str, typed: Typed) -> Result<CasePage, Problem> {
    let texts = visit.page.texts;
    let Found { key, case, facts, policy, version, history } = found(app, visit, case_id).await?;
    let allowed = allowed_actions(&case, &visit.asked.caller.actor());
    let mediation = policy.money.mediation_minimum;
    let contacts = super::contacts::of_shop(app, &key.shop_id, visit.language()).await?;
    let exhibits = exhibits::of_case(app, &key.shop_id, &case, texts).await?;
    Ok(CasePage {
        now: now::now(&case, texts),
        steps: steps::steps(&case, texts),
        asked: story::asked(&case, &facts, (&policy, texts)),
        refused: story::refused(&case),
        remark: story::remark(&case),
        ruling: case.ruling.as_ref().map(|ruling| ruling.reason.clone()),
        request: story::request(&case),
        offer: offer::of_case(&case, (&policy, texts)),
        refunds: money::of_case(&case, &facts, (texts, &allowed)),
        banks: &Bank::NAMES,
        carriers: Carrier::ALL.map(|carrier| (carrier.code(), carrier.name_in(texts.0))).to_vec(),
        mediation: Some(mediation).filter(|least| !least.exceeds(case.asked())),
        says: story::says(&case, (&policy, texts)),
        working: working::lines(&case.working, &facts, texts),
        entitled: case.working.entitled,
        talk: talk::open(&case, Side::Buyer, texts),
        news: news(&history, &typed),
        allowed: allowed.iter().map(|action| action.name()).collect(),
        p: visit.page.clone(),
        case_id: case.case_id,
        order_id: key.order_id.to_string(),
        opened_at: case.opened_at,
        closed: !case.is_open(),
        returned: case.returned,
        replacement: case.replacement,
        version,
        contacts,
        exhibits,
        history,
        typed,
    })
}

/// What has happened since the page was made whose form was not carried out.
fn news(history: &[history::Line], typed: &Typed) -> Vec<history::Line> {
    let Ok(seen) = typed.fields.one("version").parse::<u64>() else { return Vec::new() };
    history.iter().filter(|line| line.version > seen).cloned().collect()
}

/// The word for a value of ours in a group of texts.
fn word<T: Serialize>(texts: crate::pages::text::Texts, group: &str, value: &T) -> String {
    texts.word_of(group, &name_of(value))
}
