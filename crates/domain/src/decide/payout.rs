//! Other ways for the money: a failed refund ordered anew, another card, a designated account
//! that finance approves and carries out.

use super::{Matter, refunding};
use crate::{
    actor::Side,
    allowed::{
        may_be_paid, may_be_replaced, may_take_account, may_take_card, waits_for_finance,
        waits_for_platform,
    },
    ask::Ask,
    case::{Outcome, Route},
    event::{CaseEvent, RefundStep, SealedCard},
    id::RefundNo,
    refund::{Path, Refund},
    refusal::Refusal,
};

fn refund_in<'a>(
    matter: Matter<'a>,
    refund_no: &RefundNo,
    may: fn(&Refund) -> bool,
) -> Result<&'a Refund, Refusal> {
    let refund = matter.case.refund(refund_no).ok_or(Refusal::NoSuchRefund)?;
    if may(refund) { Ok(refund) } else { Err(Refusal::RefundNotFailed) }
}

/// A refund that the channel refused for good or closed is ordered anew under a new number:
/// the old one is known to be dead, so nothing can be paid twice.
pub(super) fn replace(
    matter: Matter<'_>,
    refund_no: &RefundNo,
    route: Route,
    ask: &Ask<'_>,
) -> Result<Vec<CaseEvent>, Refusal> {
    let failed = refund_in(matter, refund_no, may_be_replaced)?;
    let back = failed.path.transaction();
    let back = back.filter(|id| matter.order.takes_refunds(id, ask.at));
    let path = match (route, back) {
        (Route::Original, Some(id)) => Path::Original(id.clone()),
        (Route::Original, None) | (Route::Designated, _) => Path::Designated,
    };
    let new_no = RefundNo::derive(matter.case.case_id, ask.command, 0);
    let refund = refunding::new_refund(matter.order, new_no, (path, failed.amount), ask);
    let watch = refunding::watch_from(refund.send_at, ask);
    Ok(vec![
        CaseEvent::RefundReplaced { refund_no: refund_no.clone(), refunds: vec![refund] },
        CaseEvent::WatchSet { deadline: Some(watch) },
    ])
}

pub(super) fn name_card(
    matter: Matter<'_>,
    refund_no: &RefundNo,
    account_masked: &str,
    sealed: &SealedCard,
) -> Result<Vec<CaseEvent>, Refusal> {
    refund_in(matter, refund_no, may_take_card)?;
    let account_masked = masked(account_masked)?;
    let step = RefundStep::CardNamed { account_masked, sealed: sealed.clone() };
    Ok(vec![CaseEvent::RefundMoved { refund_no: refund_no.clone(), step }])
}

pub(super) fn name_account(
    matter: Matter<'_>,
    refund_no: &RefundNo,
    account_masked: &str,
) -> Result<Vec<CaseEvent>, Refusal> {
    refund_in(matter, refund_no, may_take_account)?;
    let step = RefundStep::AccountNamed { account_masked: masked(account_masked)? };
    Ok(vec![CaseEvent::RefundMoved { refund_no: refund_no.clone(), step }])
}

fn masked(text: &str) -> Result<String, Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::AccountMissing);
    }
    if text.len() > 200 {
        return Err(Refusal::TextTooLong { bytes_max: 200 });
    }
    Ok(text.to_owned())
}

/// Whoever approved the case, named the account or ordered the refund anew does not approve the
/// payout (four eyes). A third party's channel is
/// approved by the platform (F3).
pub(super) fn approve(
    matter: Matter<'_>,
    refund_no: &RefundNo,
    ask: &Ask<'_>,
) -> Result<Vec<CaseEvent>, Refusal> {
    let platform = ask.by.side() == Side::Platform;
    let may = if platform { waits_for_platform } else { waits_for_finance };
    let refund = refund_in(matter, refund_no, may)?;
    if refund.path == Path::Designated && refund.account_masked.is_none() {
        return Err(Refusal::AccountMissing);
    }
    let decided_by = matter.case.decided_by.as_ref().and_then(|by| by.person());
    let had_a_hand = ask.by.person().is_some_and(|person| refund.hands.contains(person));
    if had_a_hand || (decided_by.is_some() && decided_by == ask.by.person()) {
        return Err(Refusal::SecondPersonMustDiffer);
    }
    let step = RefundStep::PayoutApproved;
    Ok(vec![CaseEvent::RefundMoved { refund_no: refund_no.clone(), step }])
}

pub(super) fn mark_paid(
    matter: Matter<'_>,
    refund_no: &RefundNo,
    voucher: &str,
) -> Result<Vec<CaseEvent>, Refusal> {
    refund_in(matter, refund_no, may_be_paid)?;
    let voucher = voucher.trim();
    if voucher.is_empty() {
        return Err(Refusal::ReasonMissing);
    }
    if voucher.len() > 100 {
        return Err(Refusal::TextTooLong { bytes_max: 100 });
    }
    let step = RefundStep::PaidOut { voucher: voucher.to_owned() };
    Ok(with_end(matter, refund_no, step))
}

/// A refund is done: its tickets close, and with the last one the case.
pub(super) fn with_end(
    matter: Matter<'_>,
    refund_no: &RefundNo,
    step: RefundStep,
) -> Vec<CaseEvent> {
    let mut events = vec![CaseEvent::RefundMoved { refund_no: refund_no.clone(), step }];
    let tickets = matter.case.tickets.iter();
    let tickets =
        tickets.filter(|ticket| ticket.refund_no == *refund_no && ticket.closed_at.is_none());
    events.extend(tickets.map(|t| CaseEvent::TicketClosed { ticket_no: t.ticket_no }));
    let mut others = matter.case.refunds.iter().filter(|other| other.refund_no != *refund_no);
    if matter.case.is_open() && others.all(|other| other.state.is_done()) {
        events.push(CaseEvent::Closed { outcome: Outcome::Refunded });
    }
    events
}
