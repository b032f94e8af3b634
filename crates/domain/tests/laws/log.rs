//! The log is the truth: it tells the order again, survives being written and read, and a
//! decision taken twice is the same decision.

use super::arb::{facts, moves, read, ten_thousand, world};
use domain::{evolve::fold, record::Record};
use proptest::prelude::{any, prop_assert_eq, proptest};

proptest! {
    #![proptest_config(ten_thousand())]
    #[test]
    fn the_log_tells_the_order_again_after_it_was_written_and_read(
        facts in facts(), strictness in any::<u8>(), moves in moves(24)
    ) {
        let mut world = world(&facts, strictness);
        for step in &moves {
            let (by, command) = read(&mut world, *step);
            drop(world.give(&by, &command));
        }
        let mut again: Vec<Record> = Vec::with_capacity(world.records.len());
        for record in &world.records {
            let written = serde_json::to_string(record).unwrap();
            let read: Record = serde_json::from_str(&written).unwrap();
            prop_assert_eq!(&serde_json::to_string(&read).unwrap(), &written);
            again.push(read);
        }
        prop_assert_eq!(&again, &world.records);
        prop_assert_eq!(fold(&again), world.order);
    }

    #[test]
    fn deciding_twice_gives_the_same_events(
        facts in facts(), strictness in any::<u8>(), moves in moves(24)
    ) {
        let mut world = world(&facts, strictness);
        for step in &moves {
            let (by, command) = read(&mut world, *step);
            let id = world.next_command();
            let first = world.decide(&by, &command, id);
            prop_assert_eq!(&first, &world.decide(&by, &command, id));
            for event in first.unwrap_or_default() {
                world.write(&by, id, event);
            }
        }
    }
}
