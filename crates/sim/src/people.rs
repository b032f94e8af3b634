//! What people do: sensible acts, from the table of what is allowed now, and hostile ones.

mod file;

pub use file::filing;

use crate::{chance::Chance, town};
use domain::{
    actor::Actor,
    allowed::{
        allowed_actions, may_be_paid, may_be_replaced, may_take_account, may_take_card,
        waits_for_finance, waits_for_platform,
    },
    case::{Audience, Case, Goods, Inspection, Marks, Route, Terms, Tier},
    command::{Act, Action},
    event::SealedCard,
    facts::Facts,
    id::{BuyerId, FileId, PersonId, RefundNo},
    money::Money,
    refund::Refund,
};

/// A card, encrypted for the bank with its public key.
const SEALED_CARD: &str = include_str!("fixtures/sealed_card.txt");

/// Somebody who has to do with a case, and what they want done.
#[must_use]
pub fn wish(chance: &mut Chance, case: &Case, facts: &Facts) -> Option<(Actor, Act)> {
    let mut people = town::staff();
    for _ in 0..4 {
        people.push(Actor::Buyer(facts.buyer_id.clone()));
    }
    people.extend(BuyerId::parse("stranger").ok().map(Actor::Buyer));
    if chance.one_in(12) {
        // Out of turn: whoever it is, whatever it is.
        let by = chance.pick(&people)?.clone();
        let action = *chance.pick(&Action::ALL)?;
        return Some((by, act(chance, case, facts, action)?));
    }
    for _ in 0..6 {
        let by = chance.pick(&people)?.clone();
        let mut may = allowed_actions(case, &by);
        let talk = |action: &Action| {
            matches!(action, Action::PostMessage | Action::Mark | Action::AddEvidence)
        };
        if may.iter().any(|action| !talk(action)) && !chance.one_in(6) {
            may.retain(|action| !talk(action));
        }
        if let Some(action) = chance.pick(&may) {
            return Some((by, act(chance, case, facts, *action)?));
        }
    }
    None
}

/// An act of this name with whatever belongs to it.
fn act(chance: &mut Chance, case: &Case, facts: &Facts, action: Action) -> Option<Act> {
    let note = || "as agreed".to_owned();
    let parcel = |chance: &mut Chance| {
        let waybill = if chance.one_in(10) { "?".to_owned() } else { "SF00012345678".to_owned() };
        ("SF".to_owned(), waybill)
    };
    Some(match action {
        Action::Amend => Act::Amend(Box::new(filing(chance, facts)?)),
        Action::Withdraw => Act::Withdraw,
        Action::AddEvidence => Act::AddEvidence { files: files(chance), note: note() },
        Action::RequestEvidence => Act::RequestEvidence { text: "a picture, please".to_owned() },
        Action::PostMessage => {
            let audience = if chance.one_in(3) { Audience::Merchant } else { Audience::Everyone };
            Act::PostMessage { text: "hello".to_owned(), files: Vec::new(), audience }
        }
        Action::Approve => {
            let terms = if chance.one_in(2) { Some(terms(chance, case, facts)?) } else { None };
            Act::Approve { terms, note: note() }
        }
        Action::Offer => Act::Offer { terms: terms(chance, case, facts)?, note: note() },
        Action::AcceptOffer => Act::AcceptOffer,
        Action::DeclineOffer => Act::DeclineOffer { note: note() },
        Action::ConfirmProposal => Act::ConfirmProposal,
        Action::DeclineProposal => Act::DeclineProposal { note: note() },
        Action::Reject => Act::Reject { reason: "not as described".to_owned() },
        Action::ShipReturn => {
            let (carrier, waybill) = parcel(chance);
            Act::ShipReturn { carrier, waybill }
        }
        Action::Receive => Act::Receive,
        Action::Inspect => Act::Inspect { result: inspection(chance, case), note: note() },
        Action::SendReplacement => {
            let (carrier, waybill) = parcel(chance);
            Act::SendReplacement { carrier, waybill }
        }
        Action::ConfirmReplacement => Act::ConfirmReplacement,
        Action::Escalate => Act::Escalate { reason: note() },
        Action::Rule => {
            let terms = if chance.one_in(3) { None } else { Some(terms(chance, case, facts)?) };
            Act::Rule { terms, reason: note() }
        }
        Action::Mark => Act::Mark { marks: marks(chance) },
        Action::OpenTicket
        | Action::CloseTicket
        | Action::ReplaceRefund
        | Action::NameCard
        | Action::NameAccount
        | Action::ApprovePayout
        | Action::MarkPaid => return money_act(chance, case, action),
    })
}

/// Acts about the refunds of a case.
fn money_act(chance: &mut Chance, case: &Case, action: Action) -> Option<Act> {
    let mut of = |which: fn(&Refund) -> bool| {
        let fits: Vec<&Refund> = case.refunds.iter().filter(|refund| which(refund)).collect();
        let found = chance.pick(&fits).map(|refund| refund.refund_no.clone());
        found.or_else(|| case.refunds.first().map(|refund| refund.refund_no.clone()))
    };
    Some(match action {
        Action::OpenTicket => Act::OpenTicket { refund_no: of(|refund| !refund.state.is_done())? },
        Action::CloseTicket => {
            let open = case.tickets.iter().find(|ticket| ticket.closed_at.is_none());
            Act::CloseTicket { ticket_no: open.map_or(1, |ticket| ticket.ticket_no) }
        }
        Action::ReplaceRefund => {
            let refund_no = of(may_be_replaced)?;
            let route = if chance.one_in(4) { Route::Designated } else { Route::Original };
            Act::ReplaceRefund { refund_no, route }
        }
        Action::NameCard => name_card(of(may_take_card)?),
        Action::NameAccount => Act::NameAccount {
            refund_no: of(may_take_account)?,
            account_masked: "****1234".to_owned(),
        },
        Action::ApprovePayout => Act::ApprovePayout {
            refund_no: of(|refund| waits_for_finance(refund) || waits_for_platform(refund))?,
        },
        Action::MarkPaid => Act::MarkPaid {
            refund_no: of(may_be_paid)?,
            voucher: format!("V{}", chance.below(1_000_000)),
        },
        Action::Amend
        | Action::Withdraw
        | Action::AddEvidence
        | Action::RequestEvidence
        | Action::PostMessage
        | Action::Approve
        | Action::Offer
        | Action::AcceptOffer
        | Action::DeclineOffer
        | Action::ConfirmProposal
        | Action::DeclineProposal
        | Action::Reject
        | Action::ShipReturn
        | Action::Receive
        | Action::Inspect
        | Action::SendReplacement
        | Action::ConfirmReplacement
        | Action::Escalate
        | Action::Rule
        | Action::Mark => return None,
    })
}

/// Names the card for an abnormal refund.
#[must_use]
pub fn name_card(refund_no: RefundNo) -> Act {
    let sealed = SealedCard {
        bank_type: "ICBC_DEBIT".to_owned(),
        bank_account: SEALED_CARD.to_owned(),
        real_name: SEALED_CARD.to_owned(),
        key_id: crate::bank::PUBLIC_KEY_ID.to_owned(),
    };
    Act::NameCard { refund_no, account_masked: "ICBC ****0000".to_owned(), sealed }
}

/// Terms: mostly what is at stake or less, sometimes far more than may be.
#[must_use]
pub fn terms(chance: &mut Chance, case: &Case, facts: &Facts) -> Option<Terms> {
    let asked = case.asked().minor().max(1);
    let paid = facts.paid().ok()?.minor();
    let fen = match chance.below(10) {
        0 => paid.saturating_mul(3),
        1 | 2 => paid.saturating_add(paid / 20),
        3..=5 => chance.between(1, asked),
        _ => asked,
    };
    let route = if chance.one_in(5) { Route::Designated } else { Route::Original };
    let returns = case.goods_are_out() && !chance.one_in(3);
    let goods = if returns { Goods::Return } else { Goods::Keep };
    Some(Terms { amount: Money::new(fen, facts.currency).ok()?, route, goods })
}

fn inspection(chance: &mut Chance, case: &Case) -> Inspection {
    let part = Money::new(chance.between(1, case.asked().minor().max(1)), case.asked().currency());
    match (chance.below(5), part) {
        (0, _) => Inspection::Refused,
        (1, Ok(amount)) => Inspection::AcceptedInPart { amount },
        _ => Inspection::Accepted,
    }
}

fn marks(chance: &mut Chance) -> Marks {
    let tier = chance.weighed(&[(Tier::Ordinary, 1), (Tier::Difficult, 1)], Tier::Ordinary);
    let tags = vec![format!("tag-{}", chance.below(5))];
    Marks { assignee: PersonId::parse("agent-1").ok(), tags, tier }
}

fn files(chance: &mut Chance) -> Vec<FileId> {
    let name = format!("file-{}", chance.below(1_000));
    FileId::parse(&name).ok().into_iter().collect()
}
