//! What buyers ask for: applications with a type, a reason, items and an amount.

use crate::chance::Chance;
use domain::{
    application::{Application, CaseType, Declared, Pieces},
    command::Filing,
    facts::{Facts, Item},
    id::{FileId, ReasonCode},
    money::Money,
    policy::EvidenceKind,
};

const REASONS: [(CaseType, &str); 11] = [
    (CaseType::RefundOnly, "quality_defect"),
    (CaseType::RefundOnly, "missing_piece"),
    (CaseType::RefundOnly, "other_agreed"),
    (CaseType::ReturnAndRefund, "quality_malfunction"),
    (CaseType::ReturnAndRefund, "unwanted_seven_days"),
    (CaseType::ReturnAndRefund, "mismatch_look"),
    (CaseType::Exchange, "quality_defect"),
    (CaseType::Exchange, "unwanted_size"),
    (CaseType::ShippingFee, "freight_overcharged"),
    (CaseType::PriceDifference, "difference_agreed"),
    (CaseType::ReturnAndRefund, "counterfeit_suspected"),
];

/// An application on an order.
#[must_use]
pub fn filing(chance: &mut Chance, facts: &Facts) -> Option<Filing> {
    let cancels = facts.is_unshipped() && !chance.one_in(8);
    let (case_type, reason) = if cancels {
        let reason = if chance.one_in(2) { "cancel_unwanted" } else { "cancel_late" };
        (CaseType::Cancellation, reason)
    } else {
        *chance.pick(&REASONS)?
    };
    let whole = matches!(case_type, CaseType::Cancellation | CaseType::ShippingFee);
    let items = if whole { Vec::new() } else { pieces(chance, &facts.items) };
    let application = Application {
        case_type,
        reason: ReasonCode::parse(reason).ok()?,
        items,
        amount: amount(chance, case_type, facts),
        description: "as the picture shows".to_owned(),
        evidence: FileId::parse("file-1").ok().into_iter().collect(),
        declared: Declared { route_confirmed: true, ..Declared::default() },
    };
    Some(Filing { application, evidence_kinds: vec![EvidenceKind::Photo] })
}

fn pieces(chance: &mut Chance, items: &[Item]) -> Vec<Pieces> {
    let wanted = chance.between(1, 2);
    let mut pieces: Vec<Pieces> = Vec::new();
    for _ in 0..wanted {
        let Some(item) = chance.pick(items) else { continue };
        // Now and then more than was bought.
        let most = i64::from(item.quantity) + i64::from(chance.one_in(20));
        let quantity = u32::try_from(chance.between(1, most)).unwrap_or(1);
        if !pieces.iter().any(|known| known.item_id == item.item_id) {
            pieces.push(Pieces { item_id: item.item_id.clone(), quantity });
        }
    }
    pieces
}

fn amount(chance: &mut Chance, case_type: CaseType, facts: &Facts) -> Option<Money> {
    let paid = facts.paid().ok()?.minor();
    let fen = match case_type {
        CaseType::PriceDifference => chance.between(1, 300),
        CaseType::Cancellation | CaseType::Exchange => return None,
        CaseType::RefundOnly | CaseType::ReturnAndRefund | CaseType::ShippingFee => {
            match chance.below(8) {
                0 => paid.saturating_mul(2),
                1..=3 => chance.between(1, paid.max(1)),
                _ => return None,
            }
        }
    };
    Money::new(fen, facts.currency).ok()
}
