//! The outbox one effect at a time, and as people see it.

use super::{
    fixture::{all_effects, ask, case, effect_id, moment, open_case, shop},
    ground::Ground,
};
use engine::rows::{EffectFilter, EffectRow, EffectState, OutboxCounts};
use std::sync::Arc;

async fn rows(ground: &Ground) -> Vec<EffectRow> {
    ground.store.effects(&all_effects()).await.unwrap().rows
}

async fn claim(ground: &Ground, now: i64, lease_until: i64) -> usize {
    ground.store.claim_effects(moment(now), moment(lease_until), 10).await.unwrap().len()
}

async fn revive(ground: &Ground, id: &str, now: i64) -> bool {
    ground.store.revive_effect(&shop(), &effect_id(id), moment(now)).await.unwrap()
}

async fn bury(ground: &Ground, id: &str) {
    ground.store.bury_effect(&shop(), &effect_id(id), "gave up").await.unwrap();
}

pub async fn a_deferred_effect_is_due_later_and_says_why(ground: Arc<Ground>) {
    ask(ground.store.as_ref(), &[("a", 10)]).await;
    assert_eq!(claim(&ground, 10, 100).await, 1);

    let note = "busy: 系统繁忙";
    ground.store.defer_effect(&shop(), &effect_id("a"), moment(50), note).await.unwrap();

    let row = rows(&ground).await.remove(0);
    assert_eq!((row.state, row.due_at), (EffectState::Waiting, moment(50)));
    assert_eq!((row.attempts, row.note.as_str()), (1, note));
    assert_eq!(claim(&ground, 49, 100).await, 0);
    let claimed = ground.store.claim_effects(moment(50), moment(100), 10).await.unwrap();
    assert_eq!((claimed[0].attempts, claimed[0].note.as_str()), (2, note));
}

pub async fn a_stale_deferral_changes_nothing(ground: Arc<Ground>) {
    ask(ground.store.as_ref(), &[("a", 10), ("b", 10)]).await;
    claim(&ground, 10, 100).await;
    bury(&ground, "a").await;
    ground.store.settle_effect(&shop(), &effect_id("b")).await.unwrap();

    for id in ["a", "b", "nobody"] {
        ground.store.defer_effect(&shop(), &effect_id(id), moment(20), "late").await.unwrap();
    }

    let rows = rows(&ground).await;
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].state, rows[0].note.as_str()), (EffectState::Buried, "gave up"));
}

pub async fn a_buried_effect_is_not_claimed_until_it_is_revived(ground: Arc<Ground>) {
    ask(ground.store.as_ref(), &[("a", 10)]).await;
    claim(&ground, 10, 100).await;
    bury(&ground, "a").await;
    assert_eq!(claim(&ground, 9_999, 10_000).await, 0);

    assert!(revive(&ground, "a", 500).await);

    let row = rows(&ground).await.remove(0);
    assert_eq!((row.state, row.due_at, row.attempts), (EffectState::Waiting, moment(500), 0));
    assert_eq!(row.note, "", "it begins anew");
    assert_eq!(claim(&ground, 500, 600).await, 1);
}

pub async fn only_waiting_and_buried_effects_are_revived(ground: Arc<Ground>) {
    ask(ground.store.as_ref(), &[("a", 10), ("b", 9_000)]).await;
    claim(&ground, 10, 100).await;

    assert!(!revive(&ground, "a", 20).await, "it is leased");
    assert!(revive(&ground, "b", 20).await, "it waits");
    assert!(!revive(&ground, "nobody", 20).await);
    assert_eq!(claim(&ground, 20, 100).await, 1);
}

pub async fn a_settled_effect_is_gone(ground: Arc<Ground>) {
    ask(ground.store.as_ref(), &[("a", 10), ("b", 10)]).await;

    for _ in 0..2 {
        ground.store.settle_effect(&shop(), &effect_id("a")).await.unwrap();
    }

    let rows = rows(&ground).await;
    assert_eq!(rows.iter().map(|row| row.effect_id.as_str()).collect::<Vec<_>>(), ["b"]);
}

pub async fn effects_are_listed_by_id_state_and_cursor(ground: Arc<Ground>) {
    ask(ground.store.as_ref(), &[("d", 90), ("b", 10), ("c", 10), ("a", 90), ("e", 90)]).await;
    claim(&ground, 10, 100).await;
    bury(&ground, "e").await;
    let ids = async |filter: EffectFilter| {
        let page = ground.store.effects(&filter).await.unwrap();
        let ids: Vec<_> = page.rows.iter().map(|row| row.effect_id.to_string()).collect();
        (ids.concat(), page.more)
    };

    assert_eq!(ids(all_effects()).await, ("abcde".into(), false));
    let of = |state| EffectFilter { state: Some(state), ..all_effects() };
    assert_eq!(ids(of(EffectState::Waiting)).await, ("ad".into(), false));
    assert_eq!(ids(of(EffectState::Leased)).await, ("bc".into(), false));
    assert_eq!(ids(of(EffectState::Buried)).await, ("e".into(), false));
    let page = EffectFilter { limit: 2, ..all_effects() };
    assert_eq!(ids(page.clone()).await, ("ab".into(), true));
    assert_eq!(
        ids(EffectFilter { after: Some(effect_id("b")), ..page.clone() }).await,
        ("cd".into(), true)
    );
    assert_eq!(
        ids(EffectFilter { after: Some(effect_id("d")), ..page }).await,
        ("e".into(), false)
    );
}

pub async fn the_outbox_is_counted(ground: Arc<Ground>) {
    let count = async |now| ground.store.outbox_counts(moment(now)).await.unwrap();
    let none = OutboxCounts { due: 0, waiting: 0, buried: 0, oldest_due_at: None };
    assert_eq!(count(1).await, none);

    ask(ground.store.as_ref(), &[("a", 10), ("b", 20), ("c", 30), ("d", 5)]).await;
    bury(&ground, "d").await;
    let expected = OutboxCounts { due: 2, waiting: 1, buried: 1, oldest_due_at: Some(moment(10)) };
    assert_eq!(count(20).await, expected);

    ground.store.claim_effects(moment(10), moment(100), 1).await.unwrap();
    let expected = OutboxCounts { due: 1, waiting: 2, buried: 1, oldest_due_at: Some(moment(20)) };
    assert_eq!(count(20).await, expected);
}

pub async fn what_falls_due_next_is_known(ground: Arc<Ground>) {
    let next = async || ground.store.next_due().await.unwrap();
    assert_eq!(next().await, None);

    let mut row = case("o", 1);
    row.due_at = Some(moment(40));
    open_case(ground.store.as_ref(), row).await;
    assert_eq!(next().await, Some(moment(40)));

    ask(ground.store.as_ref(), &[("a", 30)]).await;
    assert_eq!(next().await, Some(moment(30)));

    bury(&ground, "a").await;
    ground.store.claim_timers(moment(40), moment(70), 1).await.unwrap();
    assert_eq!(next().await, Some(moment(70)));
}
