//! Yearly totals, and how a buyer stands.

use super::{
    fixture::{accept, buyer, case, commit, key_of, moment, open_case, shop, total},
    ground::Ground,
};
use domain::id::{BuyerId, ShopId};
use engine::rows::{
    Commit,
    CommitVerdict::{Committed, GuardFailed},
    Guard, StandingRow,
};
use std::sync::Arc;

async fn refunded(ground: &Ground) -> i64 {
    ground.store.standing(&shop(), &buyer(), 2026, moment(0)).await.unwrap().refunded_minor
}

fn adding(order: &str, add: i64, cap: i64) -> Commit {
    Commit { guards: vec![total(add, cap)], ..commit(order, 0) }
}

pub async fn a_total_adds_up_to_the_cap_and_no_further(ground: Arc<Ground>) {
    assert_eq!(refunded(&ground).await, 0);
    accept(ground.store.as_ref(), adding("a", 60, 100)).await;
    accept(ground.store.as_ref(), adding("b", 40, 100)).await;

    let verdicts = ground.store.commit(&[adding("c", 1, 100), adding("d", 1, 101)]).await.unwrap();

    assert_eq!(verdicts, [GuardFailed, Committed]);
    assert_eq!(refunded(&ground).await, 101);
}

pub async fn two_streams_that_race_for_one_cap_do_not_both_pass(ground: Arc<Ground>) {
    for round in 0..8 {
        let cap = (round + 1) * 100;
        let racers: Vec<_> = (0..2)
            .map(|n| {
                let store = Arc::clone(&ground.store);
                let commit = adding(&format!("o{round}-{n}"), 100, cap);
                tokio::spawn(async move { store.commit(&[commit]).await.unwrap() })
            })
            .collect();
        let mut verdicts = Vec::new();
        for racer in racers {
            verdicts.extend(racer.await.unwrap());
        }
        verdicts.sort_by_key(|verdict| *verdict == GuardFailed);
        assert_eq!(verdicts, [Committed, GuardFailed], "round {round}");
        assert_eq!(refunded(&ground).await, cap);
    }
}

pub async fn giving_back_always_holds(ground: Arc<Ground>) {
    accept(ground.store.as_ref(), adding("a", 90, 100)).await;
    accept(ground.store.as_ref(), adding("b", -30, 10)).await;
    assert_eq!(refunded(&ground).await, 60);

    accept(ground.store.as_ref(), adding("c", 40, 100)).await;
    assert_eq!(refunded(&ground).await, 100);
}

pub async fn totals_are_kept_by_shop_buyer_and_year(ground: Arc<Ground>) {
    let add = |shop: &str, buyer: &str, year: i16, order: &str| {
        let buyer_id = BuyerId::parse(buyer).unwrap();
        let guard = Guard::YearlyTotal { buyer_id, year, add_minor: 100, cap_minor: 100 };
        Commit { key: key_of(shop, order), guards: vec![guard], ..commit(order, 0) }
    };
    let batch = [
        add("shop", "buyer", 2026, "a"),
        add("shop", "buyer", 2027, "b"),
        add("shop", "other", 2026, "c"),
        add("store", "buyer", 2026, "d"),
        add("store", "buyer", 2026, "e"),
    ];

    let verdicts = ground.store.commit(&batch).await.unwrap();

    assert_eq!(verdicts, [Committed, Committed, Committed, Committed, GuardFailed]);
    let other = ShopId::parse("store").unwrap();
    let standing = ground.store.standing(&other, &buyer(), 2026, moment(0)).await.unwrap();
    assert_eq!(standing, StandingRow { refunded_minor: 100, cases: 0 });
}

pub async fn a_buyers_cases_are_counted_from_a_moment(ground: Arc<Ground>) {
    for n in 1..=5_u8 {
        let mut row = case(&format!("o{n}"), n.into());
        row.opened_at = moment(i64::from(n) * 10);
        open_case(ground.store.as_ref(), row).await;
    }
    let mut other = case("other", 9);
    other.buyer_id = BuyerId::parse("other").unwrap();
    open_case(ground.store.as_ref(), other).await;

    let standing = ground.store.standing(&shop(), &buyer(), 2026, moment(30)).await.unwrap();

    assert_eq!(standing, StandingRow { refunded_minor: 0, cases: 3 });
}
