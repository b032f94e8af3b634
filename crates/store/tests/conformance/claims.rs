//! Claims of effects: everything due is taken, by one at a time, the oldest first.

use super::{
    fixture::{ask, effect_id, key, moment},
    ground::Ground,
};
use engine::rows::{DueEffect, LIMIT_MAX};
use std::{collections::BTreeSet, sync::Arc};

async fn claim(ground: &Ground, now: i64, lease_until: i64, limit: u32) -> Vec<DueEffect> {
    ground.store.claim_effects(moment(now), moment(lease_until), limit).await.unwrap()
}

fn ids(due: &[DueEffect]) -> Vec<&str> {
    due.iter().map(|effect| effect.effect_id.as_str()).collect()
}

pub async fn a_claimed_effect_is_leased_and_due_again_when_the_lease_ends(ground: Arc<Ground>) {
    ask(ground.store.as_ref(), &[("a", 10)]).await;

    let first = claim(&ground, 10, 100, 10).await;
    assert_eq!(ids(&first), ["a"]);
    assert_eq!((first[0].attempts, &first[0].key), (1, &key("order-a")));
    assert_eq!(first[0].body, r#"{"id":"a"}"#);

    assert!(claim(&ground, 99, 200, 10).await.is_empty());
    let second = claim(&ground, 100, 200, 10).await;
    assert_eq!((ids(&second), second[0].attempts), (vec!["a"], 2));
}

pub async fn the_oldest_is_claimed_first_and_no_more_than_the_limit(ground: Arc<Ground>) {
    ask(ground.store.as_ref(), &[("d", 30), ("c", 10), ("b", 20), ("a", 20)]).await;

    assert!(claim(&ground, 50, 100, 0).await.is_empty());
    assert_eq!(ids(&claim(&ground, 50, 100, 3).await), ["c", "a", "b"]);
    assert_eq!(ids(&claim(&ground, 50, 100, 3).await), ["d"]);

    let many: Vec<_> = (0..LIMIT_MAX + 5).map(|n| format!("many{n}")).collect();
    let many: Vec<_> = many.iter().map(|id| (id.as_str(), 1)).collect();
    ask(ground.store.as_ref(), &many).await;
    assert_eq!(claim(&ground, 50, 100, u32::MAX).await.len(), LIMIT_MAX as usize);
}

pub async fn what_is_not_due_is_not_claimed(ground: Arc<Ground>) {
    ask(ground.store.as_ref(), &[("a", 10), ("b", 11), ("c", 12)]).await;
    ground.store.bury_effect(&key("x").shop_id, &effect_id("a"), "").await.unwrap();

    assert_eq!(ids(&claim(&ground, 11, 100, 10).await), ["b"]);
}

pub async fn no_effect_is_claimed_twice_at_once(ground: Arc<Ground>) {
    let all: Vec<_> = (0..200).map(|n| format!("e{n:03}")).collect();
    let asked: Vec<_> = all.iter().map(|id| (id.as_str(), 1)).collect();
    ask(ground.store.as_ref(), &asked).await;

    let workers: Vec<_> = (0..8)
        .map(|_| {
            let ground = Arc::clone(&ground);
            tokio::spawn(async move {
                let mut taken = Vec::new();
                for _ in 0..10 {
                    taken.extend(claim(&ground, 10, 1_000, 7).await);
                }
                taken
            })
        })
        .collect();
    let mut taken = Vec::new();
    for worker in workers {
        taken.extend(worker.await.unwrap());
    }

    // Skipped rows are left for the next round; nothing is left when nobody else is at work.
    taken.extend(claim(&ground, 10, 1_000, 200).await);
    assert!(taken.iter().all(|effect| effect.attempts == 1));
    let distinct: BTreeSet<_> = taken.iter().map(|effect| effect.effect_id.as_str()).collect();
    assert_eq!((taken.len(), distinct.len()), (200, 200));
}
