//! What the network and the channel may do to a request: the refund is carried out once.

use super::{
    assert_books_equal, refund_of, refunding, refunding_to, set_shop, trouble, until_closed,
};
use crate::world::{Database, MCHID, World, transaction_of};
use domain::moment::Span;
use sandbox::{
    books::refund::Status,
    faults::{Call, Fault, Kind, Scope},
};

/// Refunds of an order's payment as the channel has them.
fn carried_out(world: &World, order_id: &str) -> Vec<(i64, Status)> {
    let books = world.sandbox.books();
    let payment = transaction_of(order_id);
    let refunds = books.refunds_of(&payment);
    refunds.map(|refund| (refund.refund_fen, refund.status)).collect()
}

/// What goes wrong with applying, asking, or the answer to either.
const TROUBLES: [(Kind, Call); 24] = [
    (Kind::SilenceBefore, Call::Apply),
    (Kind::SilenceAfter, Call::Apply),
    (Kind::FrequencyLimitedBefore, Call::Apply),
    (Kind::FrequencyLimitedAfter, Call::Apply),
    (Kind::SystemErrorBefore, Call::Apply),
    (Kind::SystemErrorAfter, Call::Apply),
    (Kind::BadGatewayBefore, Call::Apply),
    (Kind::BadGatewayAfter, Call::Apply),
    (Kind::AnswerProbe, Call::Apply),
    (Kind::AnswerWrongSerial, Call::Apply),
    (Kind::AnswerStale, Call::Apply),
    (Kind::AnswerTampered, Call::Apply),
    (Kind::SilenceBefore, Call::Query),
    (Kind::FrequencyLimitedBefore, Call::Query),
    (Kind::SystemErrorBefore, Call::Query),
    (Kind::BadGatewayBefore, Call::Query),
    (Kind::AnswerProbe, Call::Query),
    (Kind::AnswerWrongSerial, Call::Query),
    (Kind::AnswerStale, Call::Query),
    (Kind::AnswerTampered, Call::Query),
    (Kind::SilenceAfter, Call::Any),
    (Kind::SystemErrorAfter, Call::Any),
    (Kind::FrequencyLimitedAfter, Call::Any),
    (Kind::NotEnough, Call::Any),
];

async fn one_trouble_never_makes_two_refunds_or_none(database: Database) {
    let world = World::new(database).await;
    for (n, (kind, call)) in TROUBLES.into_iter().enumerate() {
        // Without its notice the refund must be asked about, and so meets trouble with that too.
        trouble(&world, Kind::NoticeLost, Call::Any);
        trouble(&world, kind.clone(), call);
        let order_id = format!("38{n:05}");
        let case_id = refunding_to(&world, &format!("o{n}"), &order_id, 5_900).await;

        let case = until_closed(&world, &case_id, 30).await;

        assert_eq!(case["outcome"], "refunded", "{kind:?}");
        assert_eq!(carried_out(&world, &order_id), [(5_900, Status::Success)], "{kind:?}");
        world.sandbox.clear_faults();
    }
    assert_books_equal(&world).await;
}

async fn trouble_upon_trouble_ends_all_the_same(database: Database) {
    let world = World::new(database).await;
    let all = [
        Kind::SilenceAfter,
        Kind::SystemErrorBefore,
        Kind::AnswerTampered,
        Kind::FrequencyLimitedBefore,
        Kind::BadGatewayAfter,
        Kind::AnswerProbe,
        Kind::SilenceBefore,
    ];
    for kind in all {
        world.sandbox.add_fault(Fault { kind, scope: Scope::Next(2), call: Call::Any });
    }
    let case_id = refunding(&world, "3800001", 5_900).await;

    until_closed(&world, &case_id, 240).await;

    assert_eq!(carried_out(&world, "3800001"), [(5_900, Status::Success)]);
    assert_books_equal(&world).await;
}

/// An answer that cannot be trusted is none: what it claims is not put on record.
async fn an_answer_that_cannot_be_trusted_is_not_believed(database: Database) {
    let world = World::new(database).await;
    let kinds =
        [Kind::AnswerProbe, Kind::AnswerWrongSerial, Kind::AnswerStale, Kind::AnswerTampered];
    for (n, kind) in kinds.into_iter().enumerate() {
        trouble(&world, kind.clone(), Call::Apply);
        let case_id = refunding(&world, &format!("38{n:05}"), 5_900).await;

        world.settle().await;

        let refund = refund_of(&world, &case_id, 0).await;
        assert_eq!(refund["state"], "uncertain", "{kind:?}");
        assert_eq!(refund["channel_no"], serde_json::Value::Null, "{kind:?}");
        until_closed(&world, &case_id, 30).await;
    }
    assert_books_equal(&world).await;
}

async fn a_shortage_waits_and_goes_on_by_itself(database: Database) {
    let world = World::new(database).await;
    world.sandbox.set_balance(MCHID, 5_000).unwrap();
    let case_id = refunding(&world, "3800001", 5_900).await;

    world.pass(Span::seconds(3_600)).await;
    let waiting = refund_of(&world, &case_id, 0).await;
    assert_eq!((&waiting["state"], &waiting["code"]), (&"waiting".into(), &"NOT_ENOUGH".into()));
    assert_books_equal(&world).await;

    world.sandbox.set_balance(MCHID, 5_900).unwrap();
    until_closed(&world, &case_id, 10).await;

    let books = world.sandbox.books();
    let debited: i64 = books.refunds().map(|refund| refund.shares.debited_fen).sum();
    assert_eq!(books.balance_fen(MCHID), 5_900 - debited, "to the fen");
    assert_books_equal(&world).await;
}

async fn an_account_not_in_order_waits_and_goes_on_by_itself(database: Database) {
    let world = World::new(database).await;
    set_shop(&world, false, None).await;
    let case_id = refunding(&world, "3800001", 5_900).await;

    world.pass(Span::seconds(3_600)).await;
    let waiting = refund_of(&world, &case_id, 0).await;
    assert_eq!(waiting["code"], "ACCOUNT_NOT_VERIFIED", "{waiting}");
    assert!(carried_out(&world, "3800001").is_empty(), "nothing left the building");

    set_shop(&world, true, None).await;
    until_closed(&world, &case_id, 15).await;
    assert_books_equal(&world).await;
}

/// Weeks of silence: the refund waits as long as it must and is not given up.
async fn a_channel_that_is_away_for_days_is_waited_for(database: Database) {
    let world = World::new(database).await;
    let away = Fault { kind: Kind::BadGatewayBefore, scope: Scope::Always, call: Call::Any };
    world.sandbox.add_fault(away);
    let case_id = refunding(&world, "3800001", 5_900).await;
    for _ in 0..40 {
        world.pass(Span::hours(2)).await;
    }
    assert_eq!(refund_of(&world, &case_id, 0).await["state"], "uncertain");

    world.sandbox.clear_faults();
    until_closed(&world, &case_id, 30).await;

    assert_eq!(carried_out(&world, "3800001"), [(5_900, Status::Success)]);
    assert_books_equal(&world).await;
}

crate::on_both! {
    one_trouble_never_makes_two_refunds_or_none,
    trouble_upon_trouble_ends_all_the_same,
    an_answer_that_cannot_be_trusted_is_not_believed,
    a_shortage_waits_and_goes_on_by_itself,
    an_account_not_in_order_waits_and_goes_on_by_itself,
    a_channel_that_is_away_for_days_is_waited_for,
}
