//! Money is ordered back: how much of what, which way, under which numbers, and when it is sent.

use crate::{
    actor::Side,
    application::{Application, CaseType, Fault},
    ask::Ask,
    case::{Deadline, Goods, Otherwise, Outcome, Route, Terms},
    event::CaseEvent,
    facts::{Account, Channel, Facts, Tender},
    id::{CaseId, RefundNo},
    moment::Moment,
    money::{Money, MoneyError},
    order::Order,
    refund::{Path, Refund, State},
    refusal::Refusal,
    working::{Rules, entitle},
};

/// Whose money is ordered back, and for what.
pub(super) struct Wanted<'a> {
    pub(super) case_id: CaseId,
    pub(super) application: &'a Application,
    pub(super) fault: Fault,
}

/// Orders money back. From this event on it counts as given, whatever becomes of it.
pub(super) fn order(
    order: &Order,
    facts: &Facts,
    wanted: &Wanted<'_>,
    terms: &Terms,
    ask: &Ask<'_>,
) -> Result<Vec<CaseEvent>, Refusal> {
    let taken = order.taken(facts)?;
    check_caps(facts, taken.total, terms.amount, ask)?;
    let rules = Rules { fault: wanted.fault, money: &ask.policy.money };
    let working = entitle(facts, &taken, wanted.application, rules)?;
    let allocation = working.allocation.scaled(terms.amount)?;
    let refunds = plan(order, facts, wanted.case_id, terms, ask)?;
    let watch = watch(&refunds, ask);
    let nothing = refunds.is_empty();
    let mut events = vec![CaseEvent::RefundOrdered { allocation, refunds }];
    events.push(if nothing {
        CaseEvent::Closed { outcome: Outcome::Refunded }
    } else {
        CaseEvent::WatchSet { deadline: Some(watch) }
    });
    Ok(events)
}

/// One refund ≤ 105 % of what was paid, and a yearly total per buyer and shop (F2). The order's
/// refunds count together, so that many small ones do not pass what one may not.
pub(super) fn check_caps(
    facts: &Facts,
    taken: Money,
    amount: Money,
    ask: &Ask<'_>,
) -> Result<(), Refusal> {
    let percent = i64::from(ask.policy.limits.refund_percent);
    let left = facts.paid()?.share(percent, 100)?.minus_at_most(taken)?;
    if amount.currency() != facts.currency {
        return Err(MoneyError::Mixed.into());
    }
    if amount.exceeds(left) {
        return Err(Refusal::AboveCap { left });
    }
    let yearly = ask.policy.limits.yearly;
    if yearly.currency() == facts.currency {
        let left = yearly.minus_at_most(ask.standing.refunded_this_year)?;
        if amount.exceeds(left) {
            return Err(Refusal::AboveYear { left });
        }
    }
    Ok(())
}

/// Which ways money would go on some terms if it were ordered back now: what people are shown
/// before they decide. Nothing goes for an exchange, and nothing where nothing is due.
///
/// # Errors
/// The [`Refusal`] that ordering it would meet.
pub fn ways(
    order: &Order,
    case_id: CaseId,
    terms: &Terms,
    ask: &Ask<'_>,
) -> Result<Vec<Refund>, Refusal> {
    let facts = order.facts.as_ref().ok_or(Refusal::NoSuchOrder)?;
    let case = order.case(case_id).ok_or(Refusal::NoSuchCase)?;
    let swaps = case.application.case_type == CaseType::Exchange && terms.goods == Goods::Return;
    if swaps { Ok(Vec::new()) } else { plan(order, facts, case_id, terms, ask) }
}

/// Splits an amount over the ways it can go: the payments it came from in proportion to what is
/// left of each, and what they cannot take to a designated account (F2, F3).
///
/// # Errors
/// [`MoneyError`] where an amount cannot be represented or has another currency.
pub fn split(
    order: &Order,
    facts: &Facts,
    terms: &Terms,
    at: Moment,
) -> Result<Vec<(Path, Money)>, MoneyError> {
    let mut ways: Vec<(Path, Money)> = Vec::new();
    let mut rest = terms.amount;
    if terms.route == Route::Original {
        let open: Vec<&Tender> = facts
            .tenders
            .iter()
            .filter(|tender| order.takes_refunds(&tender.transaction_id, at))
            .collect();
        let left = open
            .iter()
            .map(|tender| order.left_of(&tender.transaction_id))
            .collect::<Result<Vec<Money>, MoneyError>>()?;
        let original = rest.at_most(Money::sum(facts.currency, left.iter().copied())?)?;
        let weights: Vec<i64> = left.iter().map(|left| left.minor()).collect();
        rest = rest.minus(original)?;
        let shares = open.iter().zip(original.split(&weights)?);
        ways.extend(shares.map(|(tender, share)| (path_to(tender), share)));
    }
    ways.push((Path::Designated, rest));
    ways.retain(|(_, amount)| !amount.is_zero());
    Ok(ways)
}

/// The refunds that carry an amount back, each with its number.
pub(super) fn plan(
    order: &Order,
    facts: &Facts,
    case_id: CaseId,
    terms: &Terms,
    ask: &Ask<'_>,
) -> Result<Vec<Refund>, Refusal> {
    let ways = split(order, facts, terms, ask.at)?.into_iter().enumerate();
    Ok(ways
        .map(|(n, way)| new_refund(order, RefundNo::derive(case_id, ask.command, n), way, ask))
        .collect())
}

/// A payment through WeChat Pay goes back through its API; any other by people (F3).
pub(super) fn path_to(tender: &Tender) -> Path {
    let id = tender.transaction_id.clone();
    match (tender.channel, tender.account) {
        (Channel::WechatPay, Account::Balance | Account::DebitCard | Account::CreditCard) => {
            Path::Original(id)
        }
        (Channel::WechatPay, Account::ThirdParty) | (Channel::Other, _) => Path::ThirdParty(id),
    }
}

pub(super) fn new_refund(
    order: &Order,
    refund_no: RefundNo,
    (path, amount): (Path, Money),
    ask: &Ask<'_>,
) -> Refund {
    let send_at = path.transaction().map_or(ask.at, |id| order.next_slot(id, ask.at));
    let state = if path.is_payout() { State::AwaitingApproval } else { State::Ordered };
    Refund {
        refund_no,
        path,
        amount,
        send_at,
        state,
        since: ask.at,
        accepted_at: None,
        channel_no: None,
        arrived_in: None,
        code: None,
        account_masked: None,
        hands: Vec::new(),
        voucher: None,
    }
}

/// The next look at money on its way: a ticket is opened if it has not arrived by then (F8).
fn watch(refunds: &[Refund], ask: &Ask<'_>) -> Deadline {
    let last: Moment = refunds.iter().map(|refund| refund.send_at).max().unwrap_or(ask.at);
    watch_from(last, ask)
}

pub(super) fn watch_from(from: Moment, ask: &Ask<'_>) -> Deadline {
    Deadline {
        due_at: from.after(ask.policy.deadlines.refund_arrives),
        waits_for: Side::System,
        otherwise: Otherwise::OpenTicket,
    }
}
