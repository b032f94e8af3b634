//! What can be done with a case over HTTP: the verb, a body, and what it becomes in the log.

use super::dice::Dice;
use serde_json::{Value, json};

/// One thing that can be done.
pub struct Deed {
    /// As `allowed_actions` names it.
    pub action: &'static str,
    /// The last part of the path.
    pub verb: &'static str,
    /// What its first event may be.
    pub kinds: &'static [&'static str],
    body: fn(&mut Dice) -> Value,
}

impl Deed {
    /// A body for it.
    pub fn body(&self, dice: &mut Dice) -> Value {
        (self.body)(dice)
    }
}

const fn deed(
    action: &'static str,
    verb: &'static str,
    kinds: &'static [&'static str],
    body: fn(&mut Dice) -> Value,
) -> Deed {
    Deed { action, verb, kinds, body }
}

/// Everything that needs no file and no second step.
pub const DEEDS: &[Deed] = &[
    deed("amend", "amend", &["amended"], application),
    deed("withdraw", "withdraw", &["withdrawn"], |_| json!({})),
    deed(
        "post_message",
        "messages",
        &["message_posted"],
        |dice| json!({"text": format!("留言 {}", dice.throw())}),
    ),
    deed("approve", "approve", &["approved", "decision_proposed"], approve),
    deed(
        "offer",
        "offer",
        &["offer_made", "decision_proposed"],
        |dice| json!({"terms": terms(dice), "note": "这样可以吗"}),
    ),
    deed("accept_offer", "accept-offer", &["offer_accepted"], |_| json!({})),
    deed("decline_offer", "decline-offer", &["offer_declined"], |_| json!({"note": "不行"})),
    deed(
        "confirm_proposal",
        "confirm-proposal",
        &["approved", "offer_made", "return_inspected"],
        |_| json!({}),
    ),
    deed("decline_proposal", "decline-proposal", &["proposal_declined"], |_| json!({})),
    deed("reject", "reject", &["rejected"], |_| json!({"reason": "不符合条件"})),
    deed(
        "ship_return",
        "ship-return",
        &["return_shipped"],
        |dice| json!({"carrier": "顺丰速运", "waybill": format!("SF{:013}", dice.below(1_000_000_000))}),
    ),
    deed("receive", "receive", &["return_received"], |_| json!({})),
    deed("inspect", "inspect", &["return_inspected", "decision_proposed"], inspect),
    deed("escalate", "escalate", &["escalated"], |_| json!({"reason": "请平台介入"})),
    deed("rule", "rule", &["ruled"], |dice| {
        let terms = if dice.one_in(3) { Value::Null } else { terms(dice) };
        json!({"terms": terms, "reason": "裁决"})
    }),
];

/// The deed of that name.
pub fn deed_of(action: &str) -> Option<&'static Deed> {
    DEEDS.iter().find(|deed| deed.action == action)
}

/// An application for one piece, the delivery fee or a difference.
pub fn application(dice: &mut Dice) -> Value {
    let item = format!("A{}", dice.between(1, 3));
    let items = json!([{"item_id": item, "quantity": 1}]);
    let description = format!("申请 {}", dice.throw());
    let of = |kind: &str, reason: &str| json!({"type": kind, "reason": reason, "items": items, "description": description});
    match dice.below(6) {
        0 | 1 => of("refund_only", "unwanted_dislike"),
        2 => of("return_and_refund", "unwanted_seven_days"),
        3 => {
            let mut asked = of("refund_only", "unwanted_dislike");
            asked["amount"] = fen(dice.between(1, 4_000));
            asked
        }
        4 => {
            let mut asked = of("price_difference", "difference_agreed");
            asked["amount"] = fen(dice.between(1, 2_000));
            asked
        }
        _ => json!({"type": "shipping_fee", "reason": "freight_overcharged",
            "description": description}),
    }
}

/// An amount as the interface writes it.
pub fn fen(minor: i64) -> Value {
    json!({"amount_minor": minor, "currency": "CNY"})
}

fn approve(dice: &mut Dice) -> Value {
    if dice.one_in(2) { json!({}) } else { json!({"amount": fen(dice.between(1, 14_000))}) }
}

fn terms(dice: &mut Dice) -> Value {
    json!({"amount": fen(dice.between(1, 14_000)), "route": "original", "goods": "keep"})
}

fn inspect(dice: &mut Dice) -> Value {
    match dice.below(4) {
        0 => json!({"result": "refused", "note": "与描述不符"}),
        1 => json!({"result": "accepted_in_part", "amount": fen(dice.between(1, 4_000)),
            "note": "有使用痕迹"}),
        _ => json!({"result": "accepted"}),
    }
}
