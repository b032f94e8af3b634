//! Third: what happened, with what to show for it, and what comes of it before it is sent.

mod send;

pub use send::tell;

use super::{
    Theirs, current, probe,
    said::{Placed, placed},
    theirs,
};
use crate::{
    api::problem::Problem,
    assembly::App,
    pages::{
        buyer::{
            apply::files::{Shown, attached},
            draft::Draft,
            order::deposit,
        },
        fields::amount,
        page::{Page, name_of},
        parts::working,
        show,
        text::Texts,
        visit::Visit,
    },
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    application::{Application, CaseType, FILES_MAX, Fault},
    case::{Goods, Route, Terms},
    decide,
    facts::{Account, Facts},
    moment::Span,
    money::Money,
    policy::{EvidenceKind, Policy, Reason, money},
    refund,
};
use engine::desk::Probed;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "buyer/apply/told.html")]
struct ToldPage {
    p: Page,
    order_id: String,
    type_word: String,
    reason: String,
    goods: Vec<String>,
    /// The words are asked for by the reason.
    describe: bool,
    needs: Vec<Need>,
    files: Vec<Shown>,
    proof: Vec<Shown>,
    /// What was put on record before, and is not attached.
    deposited: Vec<Shown>,
    full: bool,
    asks_proof: bool,
    asks_freight: bool,
    asks_route: bool,
    refunds_money: bool,
    at: Placed,
    working: Vec<working::Line>,
    entitled: Money,
    ways: Vec<Way>,
    automatic: bool,
    /// Within so many hours the merchant decides.
    hours: i64,
    /// It was tried to submit it: what is missing is said as missing.
    tried: bool,
    draft: Draft,
}

/// What the reason asks to be shown.
struct Need {
    /// `照片或视频，至少 1 份`.
    words: String,
    given: usize,
    is_met: bool,
}

/// A way the money goes back.
#[derive(Clone, Debug)]
pub struct Way {
    /// `¥59.00`.
    pub amount: String,
    /// Which way: `原路返回`.
    pub path: String,
    /// When it usually arrives.
    pub expected: String,
}

/// `GET /b/orders/{order_id}/apply/told`
///
/// # Errors
/// A [`Problem`] if there is no such order.
pub async fn show(
    State(app): State<Arc<App>>,
    Path(order_id): Path<String>,
    visit: Visit,
) -> Result<Response, Problem> {
    let theirs = theirs(&app, &visit, &order_id).await?;
    let draft = current(&app, &visit, &theirs).await?;
    match page(&app, &visit, &theirs, draft).await? {
        Some(page) => show::page(&page),
        None => Ok(Redirect::to(&format!("/b/orders/{order_id}/apply/goods")).into_response()),
    }
}

/// The page; none while there is nothing to judge yet.
async fn page(
    app: &App,
    visit: &Visit,
    theirs: &Theirs,
    mut draft: Draft,
) -> Result<Option<ToldPage>, Problem> {
    let (facts, texts) = (theirs.facts(visit)?, visit.page.texts);
    let shop_id = &theirs.key.shop_id;
    let files = attached(app, shop_id, &draft.files, texts).await?;
    let proof = attached(app, shop_id, &draft.proof, texts).await?;
    // What is not there any more is not missed only when it is sent.
    draft.files = files.iter().map(|file| file.file_id.clone()).collect();
    draft.proof = proof.iter().map(|file| file.file_id.clone()).collect();
    let Some(application) = draft.application(facts) else { return Ok(None) };
    let (probed, problem) = judged(app, visit, theirs, (&draft, &application)).await?;
    let Some(assessment) = probed.assessments.first() else { return Ok(None) };
    let policy = &probed.policy;
    let Some(reason) = policy.reason(&application.reason) else { return Ok(None) };
    let at = placed(policy, &assessment.judgement, (theirs, visit));
    let entitled = assessment.working.entitled;
    let deposited = deposit::of_order(app, theirs, visit.language()).await?.files;
    let deposited: Vec<_> = deposited.into_iter().filter(|id| !draft.files.contains(id)).collect();
    let mut p = visit.page.clone();
    p.problem = problem;
    Ok(Some(ToldPage {
        goods: goods(&application, facts),
        describe: reason.describe || application.case_type == CaseType::ShippingFee,
        needs: needs(reason, &files, texts),
        deposited: attached(app, shop_id, &deposited, texts).await?,
        full: draft.files.len() >= FILES_MAX,
        asks_proof: draft.opened == Some(true),
        asks_freight: (application.case_type.returns_goods() && assessment.fault == Fault::Seller)
            || !draft.return_freight.is_empty()
            || application.reason.as_str() == "freight_return",
        asks_route: draft.route_confirmed || at.route.iter().any(|it| it.verdict == "blocks"),
        refunds_money: application.case_type != CaseType::Exchange,
        working: working::lines(&assessment.working, facts, texts),
        ways: ways(theirs, wanted(&draft, facts, entitled), visit)?,
        entitled,
        at,
        automatic: application.case_type == CaseType::Cancellation && policy.cancellation_automatic,
        hours: policy.deadlines.merchant_decides.ms() / Span::hours(1).ms(),
        ..named(p, theirs, (draft, &application, policy), (files, proof))
    }))
}

/// What the page is about.
fn named(
    p: Page,
    theirs: &Theirs,
    (draft, application, policy): (Draft, &Application, &Policy),
    (files, proof): (Vec<Shown>, Vec<Shown>),
) -> ToldPage {
    let reason = policy.reason(&application.reason);
    let reason = reason.map_or_else(String::new, |it| it.name(p.texts.0).to_owned());
    ToldPage {
        order_id: theirs.key.order_id.to_string(),
        type_word: p.texts.word_of("case-type", &name_of(&application.case_type)),
        reason,
        goods: Vec::new(),
        describe: false,
        needs: Vec::new(),
        files,
        proof,
        deposited: Vec::new(),
        full: false,
        asks_proof: false,
        asks_freight: false,
        asks_route: false,
        refunds_money: true,
        at: Placed::default(),
        working: Vec::new(),
        entitled: Money::zero(policy.limits.yearly.currency()),
        ways: Vec::new(),
        automatic: false,
        hours: 0,
        tried: false,
        draft,
        p,
    }
}

/// What the policy makes of it. What cannot be judged as it stands, a text that is too long above
/// all, is judged without and said beside it, so that nobody is shut out from their own words.
async fn judged(
    app: &App,
    visit: &Visit,
    theirs: &Theirs,
    (draft, application): (&Draft, &Application),
) -> Result<(Probed, Option<Problem>), Problem> {
    match probe(app, visit, theirs, draft, vec![application.clone()]).await {
        Ok(probed) => Ok((probed, None)),
        Err(problem) if problem.status >= 500 => Err(problem),
        Err(problem) => {
            let mut bare = application.clone();
            bare.description.clear();
            (bare.amount, bare.declared.return_freight) = (None, None);
            let probed = probe(app, visit, theirs, draft, vec![bare]).await?;
            Ok((probed, Some(problem)))
        }
    }
}

/// What is asked for: as typed, or all there is.
fn wanted(draft: &Draft, facts: &Facts, entitled: Money) -> Money {
    let typed = amount(&draft.amount, facts.currency);
    typed.filter(|typed| !typed.exceeds(entitled)).unwrap_or(entitled)
}

/// Which way an amount would go back (F2, F3).
///
/// # Errors
/// A [`Problem`] if the order has no facts.
pub fn ways(theirs: &Theirs, amount: Money, visit: &Visit) -> Result<Vec<Way>, Problem> {
    let (facts, p) = (theirs.facts(visit)?, &visit.page);
    let terms = Terms { amount, route: Route::Original, goods: Goods::Keep };
    // An amount that cannot be split is shown without its ways.
    let ways = decide::split(&theirs.order, facts, &terms, p.now).unwrap_or_default();
    let ways = ways.into_iter().map(|(path, amount)| {
        let tender = path.transaction().and_then(|id| facts.tender(id));
        let (name, expected) = match (&path, tender.map(|tender| tender.account)) {
            (refund::Path::Original(_), Some(Account::Balance)) => ("original", "balance"),
            (refund::Path::Original(_), Some(Account::DebitCard)) => ("original", "debit-card"),
            (refund::Path::Original(_), Some(Account::CreditCard)) => ("original", "credit-card"),
            (refund::Path::Original(_), Some(Account::ThirdParty) | None) => ("original", "payout"),
            (refund::Path::ThirdParty(_), _) => ("third-party", "payout"),
            (refund::Path::Designated, _) => ("designated", "payout"),
        };
        Way {
            amount: money(amount),
            path: p.texts.word_of("path", name),
            expected: p.texts.word_of("expected", expected),
        }
    });
    Ok(ways.collect())
}

fn goods(application: &Application, facts: &Facts) -> Vec<String> {
    let pieces = application.items.iter().filter_map(|pieces| {
        let item = facts.item(&pieces.item_id)?;
        Some(format!("{} × {}", item.title, pieces.quantity))
    });
    pieces.collect()
}

/// What the reason asks to be shown, and how much of it there is.
fn needs(reason: &Reason, files: &[Shown], texts: Texts) -> Vec<Need> {
    let rules = reason.evidence.iter().map(|rule| {
        let kinds: Vec<String> = if rule.kinds.len() == EVIDENCE_KINDS {
            vec![texts.t("kind-any")]
        } else {
            rule.kinds.iter().map(|kind| texts.word_of("kind", &name_of(kind))).collect()
        };
        let kinds = kinds.join(&texts.t("apply-or"));
        let given = files.iter().filter(|file| rule.accepts(file.kind)).count();
        Need {
            words: texts.t2("apply-needs", ("kinds", &kinds), ("count", &rule.count)),
            given,
            is_met: u32::try_from(given).is_ok_and(|given| given >= rule.count),
        }
    });
    rules.collect()
}

/// So many kinds of evidence there are: a rule that names all takes any.
const EVIDENCE_KINDS: usize = [
    EvidenceKind::Photo,
    EvidenceKind::Video,
    EvidenceKind::Document,
    EvidenceKind::LogisticsScreenshot,
]
.len();
