//! Whatever anybody does in whatever order, the money adds up.

use super::{
    arb::{Move, facts, moves, read, ten_thousand, world},
    world::World,
};
use domain::{
    application::Fault,
    event::{CaseEvent, Event},
    id::RefundNo,
    money::Money,
    refund::{Path, REFUNDS_PER_PAYMENT_MAX, Refund},
    working::{Rules, StepKind, Working, entitle},
};
use proptest::prelude::{any, proptest};
use std::collections::BTreeSet;

/// Plays moves; what is refused changes nothing.
pub fn play(world: &mut World, moves: &[Move]) {
    for step in moves {
        let (by, command) = read(world, *step);
        drop(world.give(&by, &command));
    }
}

/// Refunds that another took the place of. What the channel declared dead and pays all the same
/// is the channel's doing: it is recorded, but was not ordered.
fn replaced(world: &World) -> BTreeSet<RefundNo> {
    let events = world.records.iter().map(|record| &record.event);
    events
        .filter_map(|event| match event {
            Event::Case { what: CaseEvent::RefundReplaced { refund_no, .. }, .. } => {
                Some(refund_no.clone())
            }
            Event::Case { .. } | Event::OrderRecorded(_) => None,
        })
        .collect()
}

fn sum<'a>(refunds: impl IntoIterator<Item = &'a Refund>) -> i64 {
    refunds.into_iter().map(|refund| refund.amount.minor()).sum()
}

/// The laws of money, one paragraph each.
fn check(world: &World) {
    let facts = world.facts().unwrap();
    let dead = replaced(world);
    let counted: Vec<&Refund> =
        world.order.refunds().filter(|refund| !dead.contains(&refund.refund_no)).collect();

    let paid = facts.paid().unwrap();
    let cap = paid.share(105, 100).unwrap().minor();
    assert!(sum(counted.iter().copied()) <= cap, "more than 105 % of {paid}: {counted:?}");

    let yearly = world.policy.limits.yearly;
    for year in [2026, 2027, 2028] {
        let given = world.records.iter().filter(|r| r.at.year_in_china() == year);
        let given = given.filter_map(|record| ordered(&record.event));
        let given = Money::sum(facts.currency, given).unwrap();
        assert!(!given.exceeds(yearly), "{given} in {year}, {yearly} at most");
    }

    for tender in &facts.tenders {
        let id = Some(&tender.transaction_id);
        let back = counted.iter().filter(|refund| refund.path.transaction() == id);
        assert!(sum(back.copied()) <= tender.amount.minor(), "more than {tender:?} took");
        let all: Vec<&Refund> =
            world.order.refunds().filter(|refund| refund.path.transaction() == id).collect();
        assert!(all.len() <= REFUNDS_PER_PAYMENT_MAX);
        let mut sent: Vec<i64> = all.iter().map(|refund| refund.send_at.ms()).collect();
        sent.sort_unstable();
        let close = sent.iter().zip(sent.iter().skip(1)).find(|(a, b)| *b - *a < 60_000);
        assert!(close.is_none(), "two refunds of one payment in one minute: {sent:?}");
    }

    let numbers: BTreeSet<&RefundNo> = world.order.refunds().map(|r| &r.refund_no).collect();
    assert_eq!(numbers.len(), world.order.refunds().count(), "a refund number was used twice");
    for number in numbers {
        let fine = |byte: u8| byte.is_ascii_alphanumeric() || b"_-|*@".contains(&byte);
        assert!((1..=64).contains(&number.as_str().len()) && number.as_str().bytes().all(fine));
    }

    check_cases(world, &dead);
}

fn check_cases(world: &World, dead: &BTreeSet<RefundNo>) {
    let facts = world.facts().unwrap();
    for case in &world.order.cases {
        check_working(&case.working);
        let refunds = case.refunds.iter().filter(|refund| !dead.contains(&refund.refund_no));
        let allocated = case.allocation.as_ref().map_or(0, |a| a.total().unwrap().minor());
        assert_eq!(sum(refunds), allocated, "refunds and their allocation differ");
        assert!(case.refunds.iter().all(|refund| !refund.amount.is_zero()));
    }
    let taken = world.order.taken(facts).unwrap();
    for (item, line) in facts.items.iter().zip(&taken.items) {
        assert!(line.pieces <= item.quantity, "more pieces of {} than were bought", item.item_id);
    }
    assert!(!taken.freight.exceeds(facts.freight), "more delivery fee than was paid");
}

/// Whatever is asked next, an order's own amounts are not entitled to more than is left of them.
fn check_next(world: &World, step: Move) {
    let (facts, filing) = (world.facts().unwrap(), super::arb::filing::read(world, step));
    let taken = world.order.taken(facts).unwrap();
    for fault in [Fault::Seller, Fault::Carrier, Fault::Buyer] {
        let rules = Rules { fault, money: &world.policy.money };
        let working = entitle(facts, &taken, &filing.application, rules).unwrap();
        check_working(&working);
        let own = working.entitled.minus(working.allocation.extra).unwrap();
        let left = facts.paid().unwrap().minus_at_most(taken.total).unwrap();
        assert!(!own.exceeds(left), "{own} of {left}: {working:?}");
    }
}

/// What is added less what is deducted is what one is entitled to.
pub fn check_working(working: &Working) {
    let mut total = 0;
    for step in &working.steps {
        total += match step.kind {
            StepKind::Goods | StepKind::Duty | StepKind::Freight | StepKind::ReturnFreight => {
                step.amount.minor()
            }
            StepKind::CrossBorderReturn | StepKind::AlreadyRefunded => -step.amount.minor(),
            StepKind::DutyKept | StepKind::FreightKept | StepKind::Fee => 0,
        };
    }
    assert_eq!(total, working.entitled.minor(), "{working:?}");
    assert_eq!(working.allocation.total().unwrap(), working.entitled, "{working:?}");
}

fn ordered(event: &Event) -> Option<Money> {
    match event {
        Event::Case { what: CaseEvent::RefundOrdered { refunds, .. }, .. } => {
            let sum = sum(refunds);
            Some(Money::cny(sum).unwrap())
        }
        Event::Case { .. } | Event::OrderRecorded(_) => None,
    }
}

proptest! {
    #![proptest_config(ten_thousand())]
    #[test]
    fn a_buyer_never_gets_more_than_was_paid_nor_one_payment_more_than_it_took(
        facts in facts(), strictness in any::<u8>(), moves in moves(40), last in any::<[u8; 8]>()
    ) {
        let mut world = world(&facts, strictness);
        play(&mut world, &moves);
        check(&world);
        check_next(&world, Move(last));
    }
}

#[test]
fn effects_ask_the_channel_for_exactly_what_was_ordered() {
    use domain::{effect::Effect, refund::State};
    use proptest::{
        strategy::{Strategy, ValueTree},
        test_runner::TestRunner,
    };
    let mut runner = TestRunner::new(ten_thousand());
    let mut asked = 0;
    for _ in 0..500 {
        let (facts, steps) = (facts(), moves(24)).new_tree(&mut runner).unwrap().current();
        let mut world = world(&facts, 0);
        play(&mut world, &steps);
        let mut wanted: Vec<String> = world
            .called
            .iter()
            .filter_map(|called| match &called.effect {
                Effect::Refund(order) => Some(format!("{} {}", order.refund_no, order.amount)),
                Effect::QueryRefund { .. }
                | Effect::RefundToCard { .. }
                | Effect::QueryTransaction { .. } => None,
            })
            .collect();
        let original = world.order.refunds().filter(|r| matches!(r.path, Path::Original(_)));
        let mut ordered: Vec<String> =
            original.map(|refund| format!("{} {}", refund.refund_no, refund.amount)).collect();
        wanted.sort();
        ordered.sort();
        assert_eq!(wanted, ordered);
        asked += wanted.len();
        let ids: BTreeSet<&str> = world.called.iter().map(|c| c.effect_id.as_str()).collect();
        assert_eq!(ids.len(), world.called.len(), "an effect id was used twice");
        assert!(world.order.refunds().all(|r| r.state != State::Ordered || r.since <= r.send_at));
    }
    assert!(asked > 100, "the moves hardly order anything: {asked}");
}
