//! No case is left without a way on: a deadline runs or somebody can act, and if time passes, the
//! channel answers and people do their work, every case ends.

use super::{
    arb::{facts, moves, people, ten_thousand, world},
    money::play,
    story::when::sealed,
    world::World,
};
use domain::{
    actor::Actor,
    allowed::{allowed_actions, is_allowed, may_go_twice},
    case::{Case, Route, Stage},
    command::{Act, Action, RefundNews},
    id::CaseId,
    refund::{Path, Refund, State},
};
use proptest::prelude::{any, proptest};

/// No case needs more steps to its end than this.
const STEPS_MAX: usize = 100;

fn has_a_way_on(case: &Case) -> bool {
    let acts = |by: &Actor| {
        let allowed = allowed_actions(case, by);
        let idle = [Action::PostMessage, Action::AddEvidence, Action::Mark];
        allowed.iter().any(|action| !idle.contains(action))
    };
    case.deadline.is_some() || people().iter().take(8).any(acts)
}

/// The one among all people who may do this and does not decide it against the rules.
fn somebody(world: &mut World, case_id: CaseId, action: Action, act: &Act) {
    let case = world.order.case(case_id).unwrap().clone();
    let able = people().iter().take(8).filter(|by| is_allowed(&case, by, action));
    let done = able.map(|by| world.act(by, case_id, act.clone())).any(|result| result.is_ok());
    assert!(done, "nobody can {action:?}: {case:?}");
}

/// The next thing that becomes of a refund that is not done.
fn help(world: &mut World, case_id: CaseId, refund: &Refund) {
    let refund_no = refund.refund_no.clone();
    let masked = || "尾号0403".to_owned();
    let succeed = |world: &mut World| {
        let (channel_no, at) = ("503".to_owned(), world.at);
        let news = RefundNews::Succeeded { channel_no, at, arrived_in: "零钱".into() };
        let act = Act::RecordRefund { refund_no: refund_no.clone(), news };
        world.act(&Actor::System, case_id, act).expect("the news is heard");
    };
    match refund.state {
        State::Ordered | State::Waiting | State::Uncertain | State::Accepted => succeed(world),
        State::Abnormal => {
            let (account_masked, sealed) = (masked(), sealed());
            let act = Act::NameCard { refund_no: refund_no.clone(), account_masked, sealed };
            somebody(world, case_id, Action::NameCard, &act);
            succeed(world);
        }
        State::Declined | State::ClosedByChannel => {
            let act = Act::ReplaceRefund { refund_no, route: Route::Designated };
            somebody(world, case_id, Action::ReplaceRefund, &act);
        }
        State::AwaitingApproval => {
            if refund.path == Path::Designated {
                let refund_no = refund_no.clone();
                let act = Act::NameAccount { refund_no, account_masked: masked() };
                somebody(world, case_id, Action::NameAccount, &act);
            }
            somebody(world, case_id, Action::ApprovePayout, &Act::ApprovePayout { refund_no });
        }
        State::Approved => {
            let act = Act::MarkPaid { refund_no, voucher: "V-1".into() };
            somebody(world, case_id, Action::MarkPaid, &act);
        }
        State::Succeeded | State::Replaced | State::Paid => {}
    }
}

/// One step towards the end of a case.
fn go_on(world: &mut World, case_id: CaseId) {
    let case = world.order.case(case_id).unwrap().clone();
    assert!(has_a_way_on(&case), "a dead end: {case:?}");
    if may_go_twice(&case) {
        let open = case.tickets.iter().find(|ticket| ticket.closed_at.is_none()).unwrap();
        let act = Act::CloseTicket { ticket_no: open.ticket_no };
        return somebody(world, case_id, Action::CloseTicket, &act);
    }
    if case.stage == Stage::Disputed {
        let act = Act::Rule { terms: None, reason: "裁决".into() };
        return somebody(world, case_id, Action::Rule, &act);
    }
    if let Some(refund) = case.refunds.iter().find(|refund| !refund.state.is_done()) {
        return help(world, case_id, refund);
    }
    let deadline = case.deadline.expect("what waits for nobody has a deadline");
    world.at = world.at.max(deadline.due_at);
    let events = world.act(&Actor::System, case_id, Act::Expire).expect("time passes");
    assert!(!events.is_empty(), "the deadline passed and nothing happened: {case:?}");
}

proptest! {
    #![proptest_config(ten_thousand())]
    #[test]
    fn every_case_has_a_way_on_and_comes_to_an_end(
        facts in facts(), strictness in any::<u8>(), moves in moves(24)
    ) {
        let mut world = world(&facts, strictness);
        play(&mut world, &moves);
        let cases: Vec<CaseId> = world.order.cases.iter().map(|case| case.case_id).collect();
        for case_id in cases {
            let mut steps = 0;
            while world.order.case(case_id).unwrap().is_open() {
                steps += 1;
                assert!(steps <= STEPS_MAX, "no end: {:?}", world.order.case(case_id));
                go_on(&mut world, case_id);
            }
        }
    }
}
