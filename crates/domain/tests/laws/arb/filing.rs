//! Arbitrary applications, and orders told anew.

use super::{Move, fen};
use crate::laws::world::World;
use domain::{
    application::{Application, CaseType, Declared, Pieces},
    command::Filing,
    facts::{Facts, Progress},
    id::{FileId, ReasonCode},
    money::Money,
    policy::EvidenceKind,
};

const TYPES: [CaseType; 6] = [
    CaseType::RefundOnly,
    CaseType::ReturnAndRefund,
    CaseType::Exchange,
    CaseType::ShippingFee,
    CaseType::PriceDifference,
    CaseType::Cancellation,
];

/// All kinds of evidence, one file each.
pub const KINDS: [EvidenceKind; 4] = [
    EvidenceKind::Photo,
    EvidenceKind::Video,
    EvidenceKind::Document,
    EvidenceKind::LogisticsScreenshot,
];

/// An application that mostly can be made.
pub fn read(world: &World, step: Move) -> Filing {
    let facts = world.facts().unwrap();
    let unsent = facts.progress == Progress::AwaitingShipment;
    let mut case_type = TYPES[step.pick(3, 5)];
    if unsent || step.pick(3, 32) == 31 {
        case_type = CaseType::Cancellation;
    }
    let whole = matches!(case_type, CaseType::ShippingFee | CaseType::Cancellation);
    let mut items: Vec<Pieces> = Vec::new();
    for (n, item) in facts.items.iter().enumerate().filter(|_| !whole) {
        let quantity = step.pick(4, 9) / (n + 1);
        if quantity > 0 || n == step.pick(5, facts.items.len()) {
            let quantity = u32::try_from(quantity).unwrap().clamp(1, item.quantity.max(1));
            items.push(Pieces { item_id: item.item_id.clone(), quantity });
        }
    }
    let asks = case_type == CaseType::PriceDifference || step.pick(6, 4) == 0;
    Filing {
        application: Application {
            case_type,
            reason: reason(world, case_type, step),
            items,
            amount: asks.then(|| fen(i64::try_from(step.pick(6, 200) * 37).unwrap())),
            description: "说明".into(),
            evidence: vec![FileId::parse("f1").unwrap()],
            declared: Declared {
                opened: (step.pick(5, 3) == 0).then_some(true),
                proof_of_no_use: Vec::new(),
                received: None,
                route_confirmed: true,
                return_freight: (step.pick(5, 7) == 0).then(|| fen(1_200)),
            },
        },
        evidence_kinds: KINDS.to_vec(),
    }
}

fn reason(world: &World, case_type: CaseType, step: Move) -> ReasonCode {
    let reasons = world.policy.reasons().iter();
    let fitting: Vec<&ReasonCode> =
        reasons.filter(|reason| reason.types.contains(&case_type)).map(|r| &r.code).collect();
    fitting[step.pick(6, fitting.len())].clone()
}

/// The order as the shop may tell it anew: mostly the same, sometimes with other amounts.
pub fn retold(world: &World, step: Move) -> Facts {
    let mut facts = world.facts().unwrap().clone();
    match step.pick(3, 6) {
        0 => facts.progress = Progress::Completed,
        1 => facts.signed_at = Some(world.at),
        2 => facts.progress = Progress::Shipped,
        3 => cheaper(&mut facts, step),
        4 => facts.items.truncate(step.pick(4, 4).max(1)),
        _ => {}
    }
    facts
}

/// The first item costs less, or more, and so does the first payment.
fn cheaper(facts: &mut Facts, step: Move) {
    let factor = i64::try_from(step.pick(4, 150)).unwrap();
    let Some(item) = facts.items.first_mut() else { return };
    item.unit_price = item.unit_price.share(factor, 100).unwrap();
    item.discount = None;
    let goods = facts.items.iter().map(|item| item.before_coupons().unwrap());
    let duties = facts.items.iter().filter_map(|item| item.duty);
    let due = Money::sum(facts.currency, goods.chain(duties).chain([facts.freight])).unwrap();
    facts.coupons.clear();
    let weights: Vec<i64> = facts.tenders.iter().map(|tender| tender.amount.minor()).collect();
    for (tender, amount) in facts.tenders.iter_mut().zip(due.split(&weights).unwrap()) {
        tender.amount = amount;
    }
}
