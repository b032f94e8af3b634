//! The shop tells the facts of an order. The same facts again change nothing; new facts may not
//! take away what cases and refunds already rest on.

use crate::{
    ask::Ask,
    event::Event,
    facts::{Facts, FactsError},
    moment::{Moment, Span},
    order::Order,
    refusal::Refusal,
};

/// Clocks of shops may run ahead by so much.
const CLOCK_AHEAD: Span = Span::days(1);

pub(super) fn decide(order: &Order, facts: &Facts, ask: &Ask<'_>) -> Result<Vec<Event>, Refusal> {
    facts.check()?;
    check_times(facts, ask.at.after(CLOCK_AHEAD))?;
    if let Some(before) = &order.facts {
        if before == facts {
            return Ok(Vec::new());
        }
        check_against(order, before, facts)?;
    }
    Ok(vec![Event::OrderRecorded(Box::new(facts.clone()))])
}

fn check_times(facts: &Facts, latest: Moment) -> Result<(), Refusal> {
    let paid = facts.tenders.iter().map(|tender| tender.paid_at);
    let sent = facts.shipments.iter().map(|shipment| shipment.shipped_at);
    let used = facts.items.iter().filter_map(|item| item.activated_at);
    let mut times = paid.chain(sent).chain(used).chain([facts.placed_at]).chain(facts.signed_at);
    if times.any(|time| time > latest) {
        return Err(FactsError::Range("a time, which lies in the future,").into());
    }
    Ok(())
}

fn check_against(order: &Order, before: &Facts, facts: &Facts) -> Result<(), Refusal> {
    let contradicts = |what| Err(Refusal::FactsContradict { what });
    if before.order_id != facts.order_id || before.currency != facts.currency {
        return contradicts("currency");
    }
    if before.buyer_id != facts.buyer_id {
        return contradicts("buyer_id");
    }
    for refund in order.refunds() {
        if let Some(id) = refund.path.transaction()
            && before.tender(id).map(|tender| tender.amount)
                != facts.tender(id).map(|tender| tender.amount)
        {
            return contradicts("tenders");
        }
    }
    let taken = order.taken(before)?;
    let paid = facts.paid()?;
    if before.paid()?.exceeds(paid) && taken.total.exceeds(paid) {
        return contradicts("tenders");
    }
    for case in &order.cases {
        for pieces in &case.application.items {
            let now = facts.item(&pieces.item_id).map_or(0, |item| item.quantity);
            if now < pieces.quantity {
                return contradicts("items");
            }
        }
    }
    let settled = order.history(before, None);
    let shrunk = settled.iter().any(|history| {
        facts.item(&history.item_id).map_or(0, |item| item.quantity) < history.pieces_settled
    });
    if shrunk || (!order.cases.is_empty() && taken.freight.exceeds(facts.freight)) {
        return contradicts("items");
    }
    Ok(())
}
