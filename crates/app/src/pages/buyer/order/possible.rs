//! What after-sale is possible with an order, until when, or why not: the policy is asked for each
//! line and each type, as if it were applied for now.

use crate::{
    api::problem::Problem,
    assembly::App,
    pages::{
        buyer::{
            apply::{
                Theirs, policy_in_force, probe,
                said::{Said, said},
            },
            draft::Draft,
        },
        page::name_of,
        visit::Visit,
    },
};
use domain::{
    application::{Application, CaseType, Declared, Pieces},
    decide::Assessment,
    facts::{Category, Facts, Item},
    finding::{FactValue, Finding, Verdict},
    moment::Moment,
    policy::{Policy, Reason},
};

/// Lines that are judged one by one; what is above is told by the application itself.
const JUDGED_MAX: usize = 60;

/// A type of after-sale, and whether it is possible.
pub(super) struct Possible {
    /// What.
    pub word: String,
    /// Where one applies for it.
    pub path: String,
    /// Until when, if a window is running.
    pub until: Option<Moment>,
    /// It is possible, but something speaks against it.
    pub doubt: Option<Said>,
    /// Why not.
    pub shut: Option<Said>,
}

/// What is possible with an order.
pub(super) struct Found {
    /// Line by line; nothing for lines that are not judged.
    pub lines: Vec<Vec<Possible>>,
    /// With the order as a whole.
    pub whole: Vec<Possible>,
    /// Nothing at all, and why (F1).
    pub closed: Option<Said>,
}

/// A question to the policy.
struct Question {
    /// About which line; absent for the whole order.
    line: Option<usize>,
    /// The key of its word.
    name: &'static str,
    application: Application,
}

/// Asks the policy.
///
/// # Errors
/// A [`Problem`] if it cannot say.
pub(super) async fn of_order(app: &App, visit: &Visit, theirs: &Theirs) -> Result<Found, Problem> {
    let facts = theirs.facts(visit)?;
    let policy = policy_in_force(app, visit, theirs).await?;
    let questions = questions(&policy, facts);
    let applications = questions.iter().map(|question| question.application.clone()).collect();
    let probed = probe(app, visit, theirs, &Draft::default(), applications).await?;
    let mut found = Found {
        lines: facts.items.iter().map(|_| Vec::new()).collect(),
        whole: Vec::new(),
        closed: None,
    };
    for (question, assessment) in questions.iter().zip(&probed.assessments) {
        let blocking = blocking(assessment);
        let f1 = blocking.filter(|finding| finding.clause.as_str() == "F1");
        if let Some(finding) = f1 {
            found.closed.get_or_insert_with(|| said(&policy, finding, (theirs, visit)));
            continue;
        }
        let answer = answer(question, (assessment, blocking), &policy, (theirs, visit));
        match question.line.and_then(|at| found.lines.get_mut(at)) {
            Some(line) => line.extend(answer),
            None => found.whole.extend(answer),
        }
    }
    Ok(found)
}

fn answer(
    question: &Question,
    (assessment, blocking): (&Assessment, Option<&Finding>),
    policy: &Policy,
    (theirs, visit): (&Theirs, &Visit),
) -> Option<Possible> {
    let kind = name_of(&question.application.case_type);
    // What an open case or an earlier refund has settled is said by the line itself.
    let said_elsewhere = ["item_has_open_case", "too_many_pieces", "nothing_left"];
    if blocking.is_some_and(|finding| said_elsewhere.contains(&finding.code.as_str())) {
        return None;
    }
    let mut findings = assessment.judgement.findings.iter();
    let doubt = findings.find(|finding| finding.verdict == Verdict::Doubts);
    Some(Possible {
        word: visit.page.texts.word_of("order-possible", question.name),
        path: format!("/b/orders/{}/apply/goods?type={kind}", theirs.key.order_id),
        until: closes_at(assessment),
        doubt: doubt.map(|finding| said(policy, finding, (theirs, visit))),
        shut: blocking.map(|finding| said(policy, finding, (theirs, visit))),
    })
}

/// For each line: could it be returned without a reason, complained about, exchanged? For the
/// order: could the delivery fee or a difference in price be asked back?
fn questions(policy: &Policy, facts: &Facts) -> Vec<Question> {
    let mut questions = Vec::new();
    for (at, item) in facts.items.iter().enumerate().take(JUDGED_MAX) {
        for (name, case_type, no_reason) in [
            ("no-reason", CaseType::ReturnAndRefund, true),
            ("refund-only", CaseType::RefundOnly, false),
            ("return-and-refund", CaseType::ReturnAndRefund, false),
            ("exchange", CaseType::Exchange, false),
        ] {
            let Some(reason) = reason(policy, case_type, no_reason, item) else { continue };
            if is_for_goods(name, item) {
                let items = vec![Pieces { item_id: item.item_id.clone(), quantity: 1 }];
                let application = Application { items, ..plain(case_type, reason) };
                questions.push(Question { line: Some(at), name, application });
            }
        }
    }
    let whole =
        [("price-difference", CaseType::PriceDifference), ("freight", CaseType::ShippingFee)];
    for (name, case_type) in whole {
        let Some(first) = facts.items.first() else { continue };
        let Some(reason) = reason(policy, case_type, false, first) else { continue };
        let asks_freight = case_type == CaseType::ShippingFee;
        if asks_freight && facts.freight.is_zero() {
            continue;
        }
        questions.push(Question { line: None, name, application: plain(case_type, reason) });
    }
    questions
}

/// What has no body cannot be sent back.
fn is_for_goods(name: &str, item: &Item) -> bool {
    item.category != Category::Virtual || name == "refund-only"
}

/// The reason of that type whose window is open longest.
fn reason<'a>(
    policy: &'a Policy,
    case_type: CaseType,
    no_reason: bool,
    item: &Item,
) -> Option<&'a Reason> {
    let fits = |reason: &&Reason| reason.allows(case_type) && reason.no_reason == no_reason;
    let reasons = policy.reasons().iter().filter(fits);
    // Of several the first of the document: what it lists first is what people come with.
    reasons.rev().max_by_key(|reason| reason.window(item.category))
}

fn plain(case_type: CaseType, reason: &Reason) -> Application {
    Application {
        case_type,
        reason: reason.code.clone(),
        items: Vec::new(),
        amount: None,
        description: String::new(),
        evidence: Vec::new(),
        declared: Declared::default(),
    }
}

/// What stands in the way, apart from what is yet to be filled in.
fn blocking(assessment: &Assessment) -> Option<&Finding> {
    let mut findings = assessment.judgement.findings.iter();
    findings.find(|finding| finding.verdict == Verdict::Blocks && !is_filled_in_later(finding))
}

/// Whether a finding only says that the application is not complete yet.
#[must_use]
pub fn is_filled_in_later(finding: &Finding) -> bool {
    [
        "amount_needed",
        "description_missing",
        "evidence_missing",
        "freight_reason_missing",
        "route_unconfirmed",
        "spoilage_unproven",
    ]
    .contains(&finding.code.as_str())
}

fn closes_at(assessment: &Assessment) -> Option<Moment> {
    let facts = assessment.judgement.findings.iter().flat_map(|finding| &finding.facts);
    facts.filter(|fact| fact.name == "closes_at").find_map(|fact| match &fact.value {
        FactValue::Moment(at) => Some(*at),
        FactValue::Money(_) | FactValue::Count(_) | FactValue::Text(_) => None,
    })
}
