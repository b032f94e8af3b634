//! However an order is refunded piece by piece, it comes to exactly what was paid (S2).

use super::{
    arb::{facts, people, ten_thousand, world},
    money::check_working,
    world::World,
};
use domain::{
    actor::Actor,
    application::{Application, CaseType, Declared, Pieces},
    command::{Act, Command, Filing, RefundNews},
    facts::{Facts, Progress},
    finding::Verdict,
    id::ReasonCode,
    money::Money,
    refusal::Refusal,
};
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

fn ask_for(pieces: &[Pieces], reason: &str) -> Filing {
    Filing {
        application: Application {
            case_type: CaseType::RefundOnly,
            reason: ReasonCode::parse(reason).unwrap(),
            items: pieces.to_vec(),
            amount: None,
            description: "说明".into(),
            evidence: Vec::new(),
            declared: Declared { route_confirmed: true, ..Declared::default() },
        },
        evidence_kinds: super::arb::filing::KINDS.to_vec(),
    }
}

/// Refunds these pieces; false if they come to nothing by themselves.
fn refund(world: &mut World, pieces: &[Pieces], reason: &str) -> bool {
    let filing = ask_for(pieces, reason);
    match world.give(&people()[0], &Command::Open(Box::new(filing))) {
        Ok(_) => {}
        Err(Refusal::Judged(judgement)) => {
            let mut blocking = judgement.findings.iter().filter(|f| f.verdict == Verdict::Blocks);
            assert!(blocking.all(|finding| finding.code == "nothing_left"), "{judgement:?}");
            return false;
        }
        Err(other) => panic!("{other:?}"),
    }
    let case = world.order.cases.last().unwrap().clone();
    check_working(&case.working);
    let case_id = case.case_id;
    world.act(&people()[1], case_id, Act::Approve { terms: None, note: String::new() }).unwrap();
    let refunds = world.order.case(case_id).unwrap().refunds.clone();
    for refund in refunds.iter().filter(|refund| !refund.path.is_payout()) {
        let (channel_no, at) = ("503".to_owned(), world.at);
        let news = RefundNews::Succeeded { channel_no, at, arrived_in: "零钱".into() };
        let act = Act::RecordRefund { refund_no: refund.refund_no.clone(), news };
        world.act(&Actor::System, case_id, act).unwrap();
    }
    for refund in refunds.iter().filter(|refund| refund.path.is_payout()) {
        let refund_no = refund.refund_no.clone();
        world.act(&people()[7], case_id, Act::ApprovePayout { refund_no }).unwrap();
        let act = Act::MarkPaid { refund_no: refund.refund_no.clone(), voucher: "V".into() };
        world.act(&people()[3], case_id, act).unwrap();
    }
    assert!(!world.order.case(case_id).unwrap().is_open());
    true
}

/// Asks for all pieces in an order and in lots given by bytes. What comes to nothing by itself is
/// asked for together with what follows.
fn refund_all(world: &mut World, facts: &Facts, lots: &[u8], reason: &str) {
    let mut left: Vec<u32> = facts.items.iter().map(|item| item.quantity).collect();
    let mut waiting = vec![0u32; left.len()];
    for (turn, lot) in lots.iter().chain(std::iter::repeat_n(&0, 16)).enumerate() {
        let n = usize::from(*lot) % left.len();
        // In the end everything that is left.
        let all = turn >= lots.len();
        for (index, (left, waiting)) in left.iter_mut().zip(&mut waiting).enumerate() {
            let most = if all { *left } else { (u32::from(*lot) / 16 % 3).min(*left) };
            if index == n || all {
                *waiting += most;
                *left -= most;
            }
        }
        let pieces: Vec<Pieces> = facts
            .items
            .iter()
            .zip(&waiting)
            .filter(|(_, quantity)| **quantity > 0)
            .map(|(item, quantity)| Pieces { item_id: item.item_id.clone(), quantity: *quantity })
            .collect();
        if !pieces.is_empty() && refund(world, &pieces, reason) {
            waiting.fill(0);
        }
    }
}

fn given(world: &World) -> Money {
    Money::sum(facts_of(world).currency, world.order.refunds().map(|refund| refund.amount)).unwrap()
}

fn facts_of(world: &World) -> &Facts {
    world.facts().unwrap()
}

proptest! {
    #![proptest_config(ten_thousand())]
    #[test]
    fn piece_by_piece_by_the_sellers_fault_everything_paid_comes_back_to_every_payment(
        facts in facts(), lots in any::<[u8; 5]>()
    ) {
        let facts = Facts { progress: Progress::Shipped, signed_at: None, ..facts };
        let mut world = world(&facts, 0);
        refund_all(&mut world, &facts, &lots, "quality_defect");
        prop_assert_eq!(given(&world), facts.paid().unwrap());
        for tender in &facts.tenders {
            let left = world.order.left_of(&tender.transaction_id).unwrap();
            prop_assert!(left.is_zero(), "{} of {:?}", left, tender);
        }
    }

    #[test]
    fn piece_by_piece_by_the_buyers_wish_exactly_the_goods_come_back(
        facts in facts(), lots in any::<[u8; 5]>()
    ) {
        let facts = Facts { progress: Progress::Shipped, signed_at: None, ..facts };
        let mut world = world(&facts, 0);
        refund_all(&mut world, &facts, &lots, "unwanted_wrong_order");
        let goods = Money::sum(facts.currency, facts.line_paid().unwrap()).unwrap();
        prop_assert_eq!(given(&world), goods);
    }
}

#[test]
fn the_fifty_first_refund_of_a_payment_goes_to_a_designated_account() {
    use domain::{case::Route, refund::Path};
    let mut world = world(&super::arb::plain_order(), 0);
    let pieces = [Pieces { item_id: super::arb::item_id(0), quantity: 1 }];
    world.give(&people()[0], &Command::Open(Box::new(ask_for(&pieces, "quality_defect")))).unwrap();
    let case_id = world.order.cases.last().unwrap().case_id;
    world.act(&people()[1], case_id, Act::Approve { terms: None, note: String::new() }).unwrap();

    for _ in 0..50 {
        let refund_no = world.order.refunds().last().unwrap().refund_no.clone();
        let news = RefundNews::Closed { channel_no: "503".into() };
        let heard = Act::RecordRefund { refund_no: refund_no.clone(), news };
        world.act(&Actor::System, case_id, heard).unwrap();
        let again = Act::ReplaceRefund { refund_no, route: Route::Original };
        world.act(&people()[1], case_id, again).unwrap();
    }

    let refunds: Vec<_> = world.order.refunds().collect();
    assert_eq!(refunds.len(), 51);
    let (last, first) = refunds.split_last().unwrap();
    assert!(first.iter().all(|refund| matches!(refund.path, Path::Original(_))));
    assert_eq!(last.path, Path::Designated);
    let times: Vec<i64> = first.iter().map(|refund| refund.send_at.seconds()).collect();
    assert!(times.iter().zip(times.iter().skip(1)).all(|(a, b)| b - a >= 60));
}
