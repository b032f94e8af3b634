//! The buyer applies, or changes the application. The policy judges it; what blocks is refused
//! with its findings, what does not goes on record with them.

use super::{Matter, check_files, check_text, merchant_decides, refunding};
use crate::{
    actor::Actor,
    application::{Application, CaseType, Fault},
    ask::Ask,
    case::{Goods, Route, Terms},
    command::Filing,
    event::{CaseEvent, Event, Filed},
    facts::Facts,
    finding::Judgement,
    id::CaseId,
    money::MoneyError,
    order::{CASES_MAX, Order},
    policy::Question,
    refusal::Refusal,
    working::{Rules, Working, entitle},
};

pub(super) fn open(order: &Order, filing: &Filing, ask: &Ask<'_>) -> Result<Vec<Event>, Refusal> {
    let facts = order.facts.as_ref().ok_or(Refusal::NoSuchOrder)?;
    if let Actor::Buyer(buyer_id) = ask.by
        && *buyer_id != facts.buyer_id
    {
        return Err(Refusal::NotYours);
    }
    if order.cases.len() >= CASES_MAX {
        return Err(Refusal::TooMany { what: "cases", max: 200 });
    }
    let case_id = CaseId::opened_by(ask.command);
    let filed = file(order, filing, None, ask)?;
    let at_once = granted_at_once(order, facts, case_id, &filed, ask);
    let mut events = vec![CaseEvent::Opened(Box::new(filed))];
    events.extend(at_once);
    Ok(events.into_iter().map(|what| Event::Case { case_id, what }).collect())
}

pub(super) fn amend(
    matter: Matter<'_>,
    filing: &Filing,
    ask: &Ask<'_>,
) -> Result<Vec<CaseEvent>, Refusal> {
    let filed = file(matter.order, filing, Some(matter.case.case_id), ask)?;
    Ok(vec![CaseEvent::Amended(Box::new(filed))])
}

/// What the policy makes of an application before it is submitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment {
    /// Who is at fault by the reason.
    pub fault: Fault,
    /// The findings.
    pub judgement: Judgement,
    /// How much.
    pub working: Working,
}

/// Judges an application and works out its amount, without filing it.
///
/// # Errors
/// [`MoneyError`] where an amount cannot be represented or has another currency.
pub fn assess(
    order: &Order,
    facts: &Facts,
    filing: &Filing,
    except: Option<CaseId>,
    ask: &Ask<'_>,
) -> Result<Assessment, MoneyError> {
    let application = &filing.application;
    let fault = ask.policy.reason(&application.reason).map_or(Fault::Buyer, |r| r.fault);
    let rules = Rules { fault, money: &ask.policy.money };
    let working = entitle(facts, &order.taken(facts)?, application, rules)?;
    let history = order.history(facts, except);
    let question = Question {
        facts,
        application,
        history: &history,
        entitled: working.entitled,
        original_left: order.original_left(ask.at)?,
        standing: ask.standing,
        shop: ask.shop,
        at: ask.at,
        evidence_kinds: &filing.evidence_kinds,
    };
    Ok(Assessment { fault, judgement: ask.policy.judge(&question), working })
}

fn file(
    order: &Order,
    filing: &Filing,
    except: Option<CaseId>,
    ask: &Ask<'_>,
) -> Result<Filed, Refusal> {
    let facts = order.facts.as_ref().ok_or(Refusal::NoSuchOrder)?;
    check_application(&filing.application, facts)?;
    let Assessment { fault, judgement, working } = assess(order, facts, filing, except, ask)?;
    if !judgement.may_submit() {
        return Err(Refusal::Judged(judgement));
    }
    Ok(Filed {
        application: filing.application.clone(),
        policy_version: ask.policy_version,
        fault,
        judgement,
        working,
        deadline: merchant_decides(ask),
    })
}

/// An application is no longer than one may be.
///
/// # Errors
/// The [`Refusal`] that names what is too long.
pub fn check_sizes(application: &Application) -> Result<(), Refusal> {
    check_text(&application.description)?;
    if application.items.len() > crate::facts::ITEMS_MAX {
        return Err(Refusal::TooMany { what: "items", max: 200 });
    }
    check_files(&application.evidence)?;
    check_files(&application.declared.proof_of_no_use)
}

fn check_application(application: &Application, facts: &Facts) -> Result<(), Refusal> {
    check_sizes(application)?;
    let amounts = [application.amount, application.declared.return_freight];
    if amounts.into_iter().flatten().any(|amount| amount.currency() != facts.currency) {
        return Err(MoneyError::Mixed.into());
    }
    Ok(())
}

/// What the policy lets the system grant at once: the cancellation of an order not yet sent
/// (F1), and small, justified requests in the fast lane (I2). Where money cannot be ordered by
/// the rules, people decide as usual.
fn granted_at_once(
    order: &Order,
    facts: &Facts,
    case_id: CaseId,
    filed: &Filed,
    ask: &Ask<'_>,
) -> Vec<CaseEvent> {
    let application = &filed.application;
    let cancels = application.case_type == CaseType::Cancellation
        && ask.policy.cancellation_automatic
        && filed.judgement.is_justified();
    let entitled = filed.working.entitled;
    let amount = application.amount.unwrap_or(entitled);
    if !cancels && !is_fast(filed, ask) {
        return Vec::new();
    }
    let wanted = refunding::Wanted { case_id, application, fault: filed.fault };
    let terms = Terms { amount, route: Route::Original, goods: Goods::Keep };
    let ordered = refunding::order(order, facts, &wanted, &terms, ask);
    ordered.map_or_else(
        |_| Vec::new(),
        |money| {
            let approved = CaseEvent::Approved { terms, note: String::new(), deadline: None };
            std::iter::once(approved).chain(money).collect()
        },
    )
}

fn is_fast(filed: &Filed, ask: &Ask<'_>) -> bool {
    let Some(lane) = &ask.policy.fast_lane else { return false };
    let application = &filed.application;
    let amount = application.amount.unwrap_or(filed.working.entitled);
    !application.case_type.returns_goods()
        && filed.judgement.is_justified()
        && !amount.is_zero()
        && amount.currency() == lane.amount.currency()
        && !amount.exceeds(lane.amount)
        && lane.reasons.contains(&application.reason)
}
