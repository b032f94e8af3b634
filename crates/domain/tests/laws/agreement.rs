//! What is listed as allowed and what is decided agree: nothing listed is refused as not now,
//! nothing unlisted is accepted.

use super::{
    arb::{Move, act, facts, moves, people, ten_thousand, world},
    money::play,
    world::World,
};
use domain::{
    allowed::allowed_actions,
    command::{Action, Command},
    refusal::Refusal,
};
use proptest::prelude::{any, proptest};

fn check(world: &World, step: Move) {
    for case in &world.order.cases {
        // Every third, to save time; the stranger, who is last, is refused for another reason.
        for by in people().iter().take(9).skip(step.pick(0, 3)).step_by(3) {
            let allowed = allowed_actions(case, by);
            for action in Action::ALL {
                let act = act::of(world, case, action, step);
                assert_eq!(act.action(), Some(action));
                let command = Command::Case { case_id: case.case_id, act };
                let id = domain::id::CommandId::NONE;
                let refused = matches!(
                    world.decide(by, &command, id),
                    Err(Refusal::NotNow { action: named, stage })
                        if named == action && stage == case.stage
                );
                assert_eq!(
                    refused,
                    !allowed.contains(&action),
                    "{action:?} by {by:?} at {:?}",
                    case.stage
                );
            }
        }
    }
}

proptest! {
    #![proptest_config(ten_thousand())]
    #[test]
    fn what_is_listed_as_allowed_is_never_refused_as_not_now_and_the_rest_always(
        facts in facts(), strictness in any::<u8>(), moves in moves(24), last in any::<[u8; 8]>()
    ) {
        let mut world = world(&facts, strictness);
        play(&mut world, &moves);
        check(&world, Move(last));
    }
}
