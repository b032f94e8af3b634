//! Do the arbitrary moves reach everything? A property that is never put to the test proves
//! nothing.

use super::{
    arb::{facts, moves, ten_thousand, world},
    money::play,
};
use domain::{
    case::Outcome,
    event::{CaseEvent, Event},
};
use proptest::{
    prelude::any,
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};
use std::collections::BTreeMap;

/// What is to be seen at least so often in two thousand plays.
const SEEN_MIN: u32 = 5;

const KINDS: &str = "order_recorded opened amended withdrawn evidence_requested evidence_added \
    evidence_lapsed message_posted offer_made offer_accepted offer_declined offer_lapsed \
    decision_proposed proposal_declined approved rejected return_shipped return_received \
    return_inspected replacement_sent refund_ordered refund_replaced refund_moved ticket_opened \
    ticket_answered ticket_closed escalated dispute_reminded ruled marked watch_set closed";

#[test]
fn the_moves_reach_every_kind_of_event_and_every_outcome() {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let mut runner = TestRunner::new(ten_thousand());
    for _ in 0..2_000 {
        let plays = (facts(), any::<u8>(), moves(40));
        let (facts, strictness, steps) = plays.new_tree(&mut runner).unwrap().current();
        let mut world = world(&facts, strictness);
        play(&mut world, &steps);
        for record in &world.records {
            *seen.entry(record.event.kind().to_owned()).or_default() += 1;
            if let Event::Case { what: CaseEvent::Closed { outcome }, .. } = &record.event {
                *seen.entry(format!("{outcome:?}")).or_default() += 1;
            }
        }
    }
    let outcomes = [
        Outcome::Refunded,
        Outcome::Exchanged,
        Outcome::Rejected,
        Outcome::RuledForMerchant,
        Outcome::NotReturned,
    ];
    let wanted = KINDS.split_whitespace().map(str::to_owned);
    let wanted = wanted.chain(outcomes.iter().map(|outcome| format!("{outcome:?}")));
    let missing: Vec<String> =
        wanted.filter(|kind| seen.get(kind).copied().unwrap_or(0) < SEEN_MIN).collect();
    assert!(missing.is_empty(), "hardly seen: {missing:?} among {seen:#?}");
}
