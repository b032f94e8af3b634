//! The file of a dispute: both sides, the evidence, what the policy found, and what the arbiter
//! may do.

use super::{back_to, shop_of};
use crate::{
    api::{files, problem::Problem},
    assembly::App,
    pages::{
        act::{carry_out, found},
        fields::Fields,
        page::{Page, name_of},
        parts::{exhibits, findings, history, people::Names, refunds, talk, working},
        show,
        visit::Visit,
    },
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use domain::{
    actor::Side,
    allowed::allowed_actions,
    case::{Audience, Case, Deadline},
    command::{Act, Action},
    facts::Facts,
    money::Money,
    order::Order,
};
use std::sync::Arc;

/// The file of a case as the platform sees it.
#[derive(Template)]
#[template(path = "platform/case.html")]
pub(super) struct CasePage {
    pub p: Page,
    pub shop_id: String,
    pub case_id: String,
    pub version: u64,
    pub order_id: String,
    pub buyer_id: String,
    pub stage: String,
    pub case_type: String,
    pub reason: String,
    pub fault: String,
    pub description: String,
    pub asked: Money,
    pub entitled: Money,
    pub paid: Option<Money>,
    pub items: Vec<(String, u32, Money)>,
    pub justified: bool,
    pub deadline: Option<Deadline>,
    pub dispute: Option<(String, String)>,
    pub rejected: Option<String>,
    pub findings: Vec<findings::Told>,
    pub working: Vec<working::Line>,
    pub exhibits: Vec<exhibits::Shown>,
    pub talk: Vec<talk::Said>,
    pub history: Vec<history::Line>,
    pub refunds: Vec<refunds::Shown>,
    pub may_rule: bool,
    pub may_ask: bool,
    pub may_approve_payout: bool,
    /// What was typed, where it could not be carried out.
    pub typed: Fields,
    /// The ruling to be confirmed, in words.
    pub confirm: Option<String>,
}

impl CasePage {
    /// Where its files are.
    fn files_at(&self) -> String {
        format!("/p/files/{}", self.shop_id)
    }
}

/// `GET /p/cases/{shop_id}/{case_id}`
///
/// # Errors
/// A [`Problem`] if there is no such case.
pub async fn show(
    State(app): State<Arc<App>>,
    Path((shop_id, case_id)): Path<(String, String)>,
    visit: Visit,
) -> Result<Response, Problem> {
    let shop_id = shop_of(&shop_id, &visit)?;
    let visit = visit.in_shop(shop_id);
    show::page(&page(&app, &visit, &case_id, Fields::default()).await?)
}

/// The page of a case.
///
/// # Errors
/// A [`Problem`] if there is no such case.
pub(super) async fn page(
    app: &App,
    visit: &Visit,
    case_id: &str,
    typed: Fields,
) -> Result<CasePage, Problem> {
    let language = visit.language();
    let place = found(app, visit, case_id).await?;
    let trouble = |trouble| Problem::trouble(trouble, language);
    let order = app.desk.order(&place.key).await.map_err(trouble)?;
    let records = app.desk.records(&place.key).await.map_err(trouble)?;
    let both = order.facts.as_ref().zip(order.case(place.case_id));
    let (facts, case) = both.ok_or_else(|| visit.asked.not_found())?;
    let policy = app.desk.rulebook().policy(&place.key.shop_id, case.policy_version).await;
    let policy = policy.map_err(|fault| trouble(fault.into()))?;
    let texts = visit.page.texts;
    let (names, side) = (Names::default(), Side::Platform);
    let reader = history::Reader { side, names: &names, texts };
    let actions = allowed_actions(case, &visit.asked.caller.actor());
    let reason = policy.reason(&case.application.reason);
    Ok(CasePage {
        shop_id: place.key.shop_id.to_string(),
        case_id: case_id.to_owned(),
        findings: findings::told(&policy, &case.judgement, texts),
        working: working::lines(&case.working, facts, texts),
        exhibits: exhibits::of_case(app, &place.key.shop_id, case, texts).await?,
        talk: talk::open(case, side, texts),
        history: history::lines(&records, place.case_id, reader),
        refunds: refunds::of_case(case, facts, texts),
        reason: reason.map_or_else(String::new, |reason| reason.name(language).to_owned()),
        may_rule: actions.contains(&Action::Rule),
        may_ask: actions.contains(&Action::RequestEvidence),
        may_approve_payout: actions.contains(&Action::ApprovePayout),
        typed,
        confirm: None,
        ..told(&order, (facts, case), &visit.page)
    })
}

/// What the page says of the case alone.
fn told(order: &Order, (facts, case): (&Facts, &Case), p: &Page) -> CasePage {
    let wanted = case.application.items.iter().filter_map(|pieces| {
        let item = facts.item(&pieces.item_id)?;
        Some((item.title.clone(), pieces.quantity, item.unit_price))
    });
    let dispute = case.dispute.as_ref();
    CasePage {
        shop_id: String::new(),
        case_id: String::new(),
        version: order.version,
        order_id: facts.order_id.to_string(),
        buyer_id: facts.buyer_id.to_string(),
        stage: p.word(case.stage.as_str()),
        case_type: p.texts.word_of("case-type", &name_of(&case.application.case_type)),
        reason: String::new(),
        fault: p.texts.word_of("fault", &name_of(&case.fault)),
        description: case.application.description.clone(),
        asked: case.asked(),
        entitled: case.working.entitled,
        paid: facts.paid().ok(),
        items: wanted.collect(),
        justified: case.judgement.is_justified(),
        deadline: case.deadline,
        dispute: dispute.map(|it| (p.texts.word_of("side", &name_of(&it.by)), it.reason.clone())),
        rejected: case.remark.clone(),
        findings: Vec::new(),
        working: Vec::new(),
        exhibits: Vec::new(),
        talk: Vec::new(),
        history: Vec::new(),
        refunds: Vec::new(),
        may_rule: false,
        may_ask: false,
        may_approve_payout: false,
        typed: Fields::default(),
        confirm: None,
        p: p.clone(),
    }
}

/// The page again, with what was typed and why it was not done.
///
/// # Errors
/// A [`Problem`] if the page cannot be shown.
pub(super) async fn again(
    app: &App,
    visit: &Visit,
    case_id: &str,
    (problem, typed): (Problem, Fields),
) -> Result<Response, Problem> {
    let status = problem.http_status();
    if status.is_server_error() || status == StatusCode::NOT_FOUND {
        return Err(problem);
    }
    let mut page = page(app, visit, case_id, typed).await?;
    page.p.problem = Some(problem);
    show::with_status(status, &page)
}

/// `POST /p/cases/{shop_id}/{case_id}/evidence`: asks a side for evidence, with a date.
///
/// # Errors
/// A [`Problem`] if it cannot be asked.
pub async fn ask_evidence(
    State(app): State<Arc<App>>,
    Path((shop, case_id)): Path<(String, String)>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, Problem> {
    let visit = in_shop(&shop, visit)?;
    let side = match fields.one("side") {
        "merchant" => "merchant",
        "both" => "both",
        _ => "buyer",
    };
    let texts = visit.page.texts;
    let text = if fields.one("text").is_empty() {
        String::new()
    } else {
        let facts = [
            ("side", texts.word_of("asked-side", side)),
            ("date", fields.one("date").chars().take(10).collect()),
            ("text", fields.one("text").to_owned()),
        ];
        texts.told("platform-evidence-words", &facts.map(|(name, value)| (name.to_owned(), value)))
    };
    let done = act(&app, &visit, &case_id, (Act::RequestEvidence { text }, &fields)).await;
    match done {
        Ok(()) => Ok(back_to(&shop, &case_id, "evidence-asked")),
        Err(problem) => again(&app, &visit, &case_id, (problem, fields)).await,
    }
}

/// `POST /p/cases/{shop_id}/{case_id}/messages`: writes to both sides.
///
/// # Errors
/// A [`Problem`] if it cannot be written.
pub async fn write(
    State(app): State<Arc<App>>,
    Path((shop, case_id)): Path<(String, String)>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, Problem> {
    let visit = in_shop(&shop, visit)?;
    let (text, audience) = (fields.one("text").to_owned(), Audience::Everyone);
    let post = Act::PostMessage { text, files: Vec::new(), audience };
    match act(&app, &visit, &case_id, (post, &fields)).await {
        Ok(()) => Ok(back_to(&shop, &case_id, "message-posted")),
        Err(problem) => again(&app, &visit, &case_id, (problem, fields)).await,
    }
}

/// The visit in the shop that the path names.
pub(super) fn in_shop(shop: &str, visit: Visit) -> Result<Visit, Problem> {
    let shop_id = shop_of(shop, &visit)?;
    Ok(visit.in_shop(shop_id))
}

/// Carries out an act of the platform.
pub(super) async fn act(
    app: &App,
    visit: &Visit,
    case_id: &str,
    (act, fields): (Act, &Fields),
) -> Result<(), Problem> {
    let place = found(app, visit, case_id).await?;
    carry_out(app, visit, place, act, fields).await.map(|_| ())
}

/// `GET /p/files/{shop_id}/{file_id}`
///
/// # Errors
/// A [`Problem`] if there is no such file.
pub async fn file(
    State(app): State<Arc<App>>,
    Path((shop, file_id)): Path<(String, String)>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let visit = in_shop(&shop, visit)?;
    files::serve(State(app), Path(file_id), visit.asked, headers).await
}
