//! Nothing that stands in a log and nothing that anybody asks makes the domain panic.

use super::{
    arb::{self, Move, act, event, moves, news, people, ten_thousand},
    story::when::sealed,
    world::World,
};
use domain::{
    allowed::allowed_actions,
    application::{Application, CaseType, Declared, Pieces},
    case::{Case, Goods, Inspection, Route, Terms},
    command::{Act, Action, Command, Filing},
    evolve::waits_for,
    id::{CommandId, FileId, ReasonCode, RefundNo},
    moment::Moment,
    money::{Currency, Money},
};
use proptest::prelude::{any, proptest};

fn amount(step: Move, n: usize) -> Money {
    let minor = [0, 1, 6_400, 10_000_000_000_000][step.pick(n, 4)];
    let currency = if step.pick(n + 1, 5) == 0 { "USD" } else { "CNY" };
    Money::new(minor, Currency::parse(currency).unwrap()).unwrap()
}

fn text(step: Move) -> String {
    ["", " ", "话", "\u{202e}\0\u{10ffff}"][step.pick(5, 4)].repeat(1 + step.pick(6, 3) * 3_000)
}

fn filing(step: Move) -> Filing {
    let types = [CaseType::RefundOnly, CaseType::Exchange, CaseType::ShippingFee];
    let files = || vec![FileId::parse("f").unwrap(); step.pick(3, 30)];
    let pieces = |n: usize| Pieces {
        item_id: arb::item_id(n % 3),
        quantity: [0, 1, 2, u32::MAX][(n + step.pick(4, 4)) % 4],
    };
    Filing {
        application: Application {
            case_type: types[step.pick(2, 3)],
            reason: ReasonCode::parse(["quality_defect", "no_such"][step.pick(7, 2)]).unwrap(),
            items: (0..step.pick(6, 5) * 60).map(pieces).collect(),
            amount: (step.pick(5, 2) == 0).then(|| amount(step, 4)),
            description: text(step),
            evidence: files(),
            declared: Declared {
                opened: Some(true),
                proof_of_no_use: files(),
                received: Some(false),
                route_confirmed: false,
                return_freight: Some(amount(step, 5)),
            },
        },
        evidence_kinds: arb::filing::KINDS.to_vec(),
    }
}

/// An act with amounts, texts and numbers that nobody would send by mistake.
fn hostile(world: &World, case: &Case, step: Move) -> Act {
    let routes = [Route::Original, Route::Designated];
    let goods = [Goods::Return, Goods::Keep];
    let (route, goods) = (routes[step.pick(2, 2)], goods[step.pick(3, 2)]);
    let terms = Terms { amount: amount(step, 4), route, goods };
    let refund_no = arb::refund_no(case, step);
    let (carrier, waybill) = (text(step), text(step));
    match step.pick(6, 14) {
        0 => Act::Approve { terms: Some(terms), note: text(step) },
        1 => Act::Offer { terms, note: text(step) },
        2 => Act::Rule { terms: Some(terms), reason: text(step) },
        3 => {
            let result = Inspection::AcceptedInPart { amount: amount(step, 4) };
            Act::Inspect { result, note: text(step) }
        }
        4 => Act::Amend(Box::new(filing(step))),
        5 => Act::ShipReturn { carrier, waybill },
        6 => Act::CloseTicket { ticket_no: u32::MAX },
        7 => Act::NameCard { refund_no, account_masked: text(step), sealed: sealed() },
        8 => Act::MarkPaid { refund_no, voucher: text(step) },
        9 => Act::RecordRefund { refund_no, news: news(world.at, step) },
        10 => Act::Expire,
        11 => Act::ReplaceRefund { refund_no, route },
        12 => act::answer(case, step),
        _ if world.facts().is_some_and(|facts| !facts.items.is_empty()) => {
            act::of(world, case, Action::ALL[step.pick(7, Action::ALL.len())], step)
        }
        _ => Act::ConfirmProposal,
    }
}

fn ask(world: &mut World, step: Move) {
    let by = people()[step.pick(1, people().len())].clone();
    let case = world.order.cases.get(step.pick(2, 3));
    let command = match case {
        Some(case) if step.pick(0, 5) > 0 => {
            let case_id = case.case_id;
            Command::Case { case_id, act: hostile(world, case, step) }
        }
        Some(_) | None if step.pick(0, 5) == 1 => {
            Command::RecordOrder(Box::new(event::facts(step)))
        }
        Some(_) | None => Command::Open(Box::new(filing(step))),
    };
    drop(world.give(&by, &command));
}

fn look(world: &World) {
    for case in &world.order.cases {
        let lists: usize = people().iter().map(|by| allowed_actions(case, by).len()).sum();
        let asked = (case.asked(), case.due_to_buyer(), case.at_stake(), waits_for(case));
        let refund_no = RefundNo::derive(case.case_id, CommandId::NONE, usize::MAX);
        assert!(lists <= 10 * Action::ALL.len(), "{asked:?}");
        assert!(case.refund(&refund_no).is_none());
    }
    let _sums =
        (world.order.original_left(world.at), world.order.original_left(Moment::from_ms(0)));
}

proptest! {
    #![proptest_config(ten_thousand())]
    #[test]
    fn no_history_and_no_command_makes_the_domain_panic(
        history in moves(16), commands in moves(10), start in any::<[u8; 8]>()
    ) {
        let mut world = World::new();
        let told = event::told(Move(start));
        for record in std::iter::once(told).chain(history.iter().map(|step| event::record(*step))) {
            world.at = record.at;
            world.write(&record.by, record.command, record.event);
        }
        for step in commands {
            ask(&mut world, step);
            look(&world);
        }
    }
}
