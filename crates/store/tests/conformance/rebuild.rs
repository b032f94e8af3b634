//! Views are made anew from the log; the log and the outbox stay as they are.

use super::{
    fixture::{
        accept, all_cases, all_effects, all_orders, case, commit, effect, key, moment, order_row,
    },
    ground::Ground,
};
use engine::{ports::StoreFault, rows::Commit};
use std::sync::Arc;

pub async fn views_are_replaced_and_nothing_else(ground: Arc<Ground>) {
    let store = &ground.store;
    let old = Commit {
        effects: vec![effect("o.1.0", 10)],
        order: Some(order_row("o", 1)),
        cases: vec![case("o", 1), case("o", 2)],
        ..commit("o", 0)
    };
    let other =
        Commit { order: Some(order_row("p", 1)), cases: vec![case("p", 3)], ..commit("p", 0) };
    store.commit(&[old.clone(), other.clone()]).await.unwrap();
    store.claim_timers(moment(9_000), moment(99_000), 10).await.unwrap();

    // Even what never changes in a commit is made anew.
    let mut renewed = case("o", 2);
    renewed.buyer_id = domain::id::BuyerId::parse("renamed").unwrap();
    renewed.opened_at = moment(77);
    let rebuilt = Commit {
        records: Vec::new(),
        effects: Vec::new(),
        order: Some(order_row("o", 5)),
        cases: vec![renewed.clone()],
        ..commit("o", 1)
    };
    let [gone, kept] = [case("o", 1), case("o", 2)].map(|row| row.case_id);
    store.replace_views(&rebuilt, &[gone]).await.unwrap();

    let cases = store.cases(&all_cases()).await.unwrap().rows;
    assert_eq!(cases, [case("p", 3), renewed]);
    let orders = store.orders(&all_orders()).await.unwrap().rows;
    assert_eq!(orders, [order_row("o", 5), order_row("p", 1)]);
    assert_eq!(store.load(&key("o"), 0).await.unwrap(), old.records);
    assert_eq!(store.effects(&all_effects()).await.unwrap().rows.len(), 1);
    let timers = store.claim_timers(moment(9_000), moment(99_000), 10).await.unwrap();
    assert_eq!(timers.len(), 1, "the rebuilt timer has no lease");

    let nothing = Commit { order: None, cases: Vec::new(), ..rebuilt };
    store.replace_views(&nothing, &[kept]).await.unwrap();
    assert_eq!(store.cases(&all_cases()).await.unwrap().rows, other.cases);
}

pub async fn a_rebuild_of_an_old_version_is_told_to_look_again(ground: Arc<Ground>) {
    let with_case = Commit { cases: vec![case("o", 1)], ..commit("o", 0) };
    accept(ground.store.as_ref(), with_case.clone()).await;
    accept(ground.store.as_ref(), commit("o", 1)).await;

    let stale = Commit { records: Vec::new(), cases: Vec::new(), ..commit("o", 1) };
    let fault = ground.store.replace_views(&stale, &[]).await.unwrap_err();

    assert!(matches!(fault, StoreFault::Busy(_)), "{fault}");
    assert_eq!(ground.store.cases(&all_cases()).await.unwrap().rows, with_case.cases);
}
