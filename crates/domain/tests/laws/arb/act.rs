//! Arbitrary acts of a kind, with amounts around everything that is due or left.

use super::{Move, fen, filing, refund_no};
use crate::laws::{story::when::sealed, world::World};
use domain::{
    case::{Audience, Case, Goods, Inspection, Marks, Route, Terms, Tier},
    command::{Act, Action},
    id::{FileId, PersonId},
    money::Money,
};

fn amount(world: &World, case: &Case, step: Move) -> Money {
    let due = case.due_to_buyer();
    let paid = world.facts().and_then(|facts| facts.paid().ok()).unwrap_or(due);
    let amount = match step.pick(4, 8) {
        0 => due.share(1, 3),
        1 => due.plus(fen(1)),
        2 => Ok(paid),
        3 => paid.share(105, 100),
        4 => Ok(fen(i64::try_from(step.pick(5, 256)).unwrap() * 11)),
        _ => Ok(due),
    };
    amount.unwrap_or(due)
}

fn terms(world: &World, case: &Case, step: Move) -> Terms {
    let route = if step.pick(5, 4) == 0 { Route::Designated } else { Route::Original };
    let back = case.goods_are_out() != (step.pick(6, 6) == 0);
    let goods = if back { Goods::Return } else { Goods::Keep };
    Terms { amount: amount(world, case, step), route, goods }
}

/// What the channel answers about a refund.
pub fn answer(case: &Case, step: Move) -> Act {
    let refund_no = refund_no(case, step);
    Act::RecordAnswer { refund_no, trade_state: "REFUND".into(), refund_status: "CLOSED".into() }
}

/// An act of that name.
#[expect(clippy::too_many_lines, reason = "a flat list of one shape: name, act")]
pub fn of(world: &World, case: &Case, action: Action, step: Move) -> Act {
    let text = || if step.pick(5, 16) == 0 { String::new() } else { "话".to_owned() };
    let parcel = || {
        let waybill = if step.pick(5, 16) == 0 { "1" } else { "SF1234567890" };
        ("顺丰速运".to_owned(), waybill.to_owned())
    };
    let refund_no = || refund_no(case, step);
    match action {
        Action::Amend => Act::Amend(Box::new(filing::read(world, step))),
        Action::Withdraw => Act::Withdraw,
        Action::AddEvidence => {
            let files = vec![FileId::parse(&format!("e{}", step.pick(4, 9))).unwrap()];
            Act::AddEvidence { files, note: text() }
        }
        Action::RequestEvidence => Act::RequestEvidence { text: text() },
        Action::PostMessage => {
            Act::PostMessage { text: text(), files: Vec::new(), audience: Audience::Merchant }
        }
        Action::Mark => {
            let tier = [Tier::Ordinary, Tier::Difficult, Tier::Legal][step.pick(4, 3)];
            let assignee = (step.pick(5, 2) == 0).then(|| PersonId::parse("Li").unwrap());
            Act::Mark { marks: Marks { assignee, tags: vec![text()], tier } }
        }
        Action::Approve => {
            let terms = (step.pick(6, 2) == 0).then(|| terms(world, case, step));
            Act::Approve { terms, note: text() }
        }
        Action::Offer => Act::Offer { terms: terms(world, case, step), note: text() },
        Action::AcceptOffer => Act::AcceptOffer,
        Action::DeclineOffer => Act::DeclineOffer { note: text() },
        Action::ConfirmProposal => Act::ConfirmProposal,
        Action::DeclineProposal => Act::DeclineProposal { note: text() },
        Action::Reject => Act::Reject { reason: text() },
        Action::ShipReturn => {
            let (carrier, waybill) = parcel();
            Act::ShipReturn { carrier, waybill }
        }
        Action::Receive => Act::Receive,
        Action::Inspect => {
            let result = match step.pick(6, 4) {
                0 => Inspection::AcceptedInPart { amount: amount(world, case, step) },
                1 => Inspection::Refused,
                _ => Inspection::Accepted,
            };
            Act::Inspect { result, note: text() }
        }
        Action::SendReplacement => {
            let (carrier, waybill) = parcel();
            Act::SendReplacement { carrier, waybill }
        }
        Action::ConfirmReplacement => Act::ConfirmReplacement,
        Action::Escalate => Act::Escalate { reason: text() },
        Action::Rule => {
            let terms = (step.pick(6, 2) == 0).then(|| terms(world, case, step));
            Act::Rule { terms, reason: text() }
        }
        Action::OpenTicket => Act::OpenTicket { refund_no: refund_no() },
        Action::CloseTicket => {
            Act::CloseTicket { ticket_no: u32::try_from(step.pick(4, 3)).unwrap() }
        }
        Action::ReplaceRefund => {
            let route = if step.pick(5, 2) == 0 { Route::Original } else { Route::Designated };
            Act::ReplaceRefund { refund_no: refund_no(), route }
        }
        Action::NameCard => {
            let (account_masked, sealed) = ("尾号0403".to_owned(), sealed());
            Act::NameCard { refund_no: refund_no(), account_masked, sealed }
        }
        Action::NameAccount => {
            Act::NameAccount { refund_no: refund_no(), account_masked: "尾号0403".into() }
        }
        Action::ApprovePayout => Act::ApprovePayout { refund_no: refund_no() },
        Action::MarkPaid => Act::MarkPaid { refund_no: refund_no(), voucher: text() },
    }
}
