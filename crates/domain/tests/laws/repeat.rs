//! Timers and notices may come twice: the second time changes nothing.

use super::{
    arb::{Move, facts, moves, news, ten_thousand, world},
    money::play,
    world::World,
};
use domain::{
    actor::Actor,
    case::{Case, Otherwise},
    command::{Act, Command},
};
use proptest::prelude::{any, proptest};

fn expire_twice(world: &World, case: &Case) {
    let mut world = world.clone();
    let command = Command::Case { case_id: case.case_id, act: Act::Expire };
    // A deadline that had to be looked up may turn out to lie in the past: then it passes too.
    let looked_up = |case: &Case| {
        case.deadline.is_some_and(|deadline| deadline.otherwise == Otherwise::LookUpCalendar)
    };
    let times = if looked_up(case) { 2 } else { 1 };
    for _ in 0..times {
        world.give(&Actor::System, &command).expect("time passes without being refused");
    }
    assert_eq!(world.give(&Actor::System, &command), Ok(Vec::new()), "{case:?}");
}

fn hear_twice(world: &World, case: &Case) {
    for refund in &case.refunds {
        for kind in 0..8 {
            let mut world = world.clone();
            let refund_no = refund.refund_no.clone();
            let news = news(world.at, Move([kind; 8]));
            let act = Act::RecordRefund { refund_no, news };
            let command = Command::Case { case_id: case.case_id, act };
            let first = world.give(&Actor::System, &command);
            let second = world.give(&Actor::System, &command);
            assert_eq!(second, first.map(|_| Vec::new()), "{refund:?} {command:?}");
        }
    }
}

proptest! {
    #![proptest_config(ten_thousand())]
    #[test]
    fn a_deadline_that_passes_twice_and_news_heard_twice_change_nothing_more(
        facts in facts(), strictness in any::<u8>(), moves in moves(24)
    ) {
        let mut world = world(&facts, strictness);
        play(&mut world, &moves);
        let due = world.order.cases.iter().filter_map(|case| case.deadline);
        let last = due.map(|deadline| deadline.due_at).max();
        for case in &world.order.cases {
            hear_twice(&world, case);
        }
        world.at = last.map_or(world.at, |last| last.max(world.at));
        for case in &world.order.cases {
            expire_twice(&world, case);
        }
    }
}
