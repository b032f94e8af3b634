//! Timers: a case's deadline, claimed like an effect.

use super::{
    fixture::{accept, all_cases, case, case_id, commit, key, moment, open_case},
    ground::Ground,
};
use engine::rows::{Commit, DueTimer};
use std::{collections::BTreeSet, sync::Arc};

async fn claim(ground: &Ground, now: i64, lease_until: i64, limit: u32) -> Vec<DueTimer> {
    ground.store.claim_timers(moment(now), moment(lease_until), limit).await.unwrap()
}

async fn due(ground: &Ground, n: u128, due_at: i64) {
    let mut row = case(&format!("o{n}"), n);
    row.due_at = Some(moment(due_at));
    open_case(ground.store.as_ref(), row).await;
}

pub async fn a_due_timer_is_claimed_once_a_lease(ground: Arc<Ground>) {
    due(&ground, 1, 10).await;
    let expected = [DueTimer { key: key("o1"), case_id: case_id(1), due_at: moment(10) }];

    assert!(claim(&ground, 9, 100, 10).await.is_empty());
    assert_eq!(claim(&ground, 10, 100, 10).await, expected);
    assert!(claim(&ground, 99, 200, 10).await.is_empty());
    assert_eq!(claim(&ground, 100, 200, 10).await, expected);
    // People go on seeing the deadline, not the lease.
    let rows = ground.store.cases(&all_cases()).await.unwrap().rows;
    assert_eq!(rows[0].due_at, Some(moment(10)));
}

pub async fn the_earliest_timer_is_claimed_first(ground: Arc<Ground>) {
    for (n, due_at) in [(1, 30), (2, 10), (3, 20), (4, 10)] {
        due(&ground, n, due_at).await;
    }

    let first = claim(&ground, 50, 100, 3).await;
    assert_eq!(first.iter().map(|timer| timer.case_id).collect::<Vec<_>>(), [2, 4, 3].map(case_id));
    assert!(claim(&ground, 50, 100, 0).await.is_empty());
    assert_eq!(claim(&ground, 50, 100, 3).await.len(), 1);
}

pub async fn a_case_that_is_rewritten_loses_its_lease(ground: Arc<Ground>) {
    due(&ground, 1, 10).await;
    claim(&ground, 10, 1_000, 10).await;

    let mut row = case("o1", 1);
    row.due_at = Some(moment(50));
    accept(ground.store.as_ref(), Commit { cases: vec![row], ..commit("o1", 1) }).await;

    assert!(claim(&ground, 49, 1_000, 10).await.is_empty());
    assert_eq!(claim(&ground, 50, 1_000, 10).await.len(), 1);
}

pub async fn a_case_without_deadline_has_no_timer(ground: Arc<Ground>) {
    due(&ground, 1, 10).await;
    let mut row = case("o1", 1);
    row.due_at = None;
    accept(ground.store.as_ref(), Commit { cases: vec![row], ..commit("o1", 1) }).await;

    assert!(claim(&ground, 9_999, 10_000, 10).await.is_empty());
    assert_eq!(ground.store.next_due().await.unwrap(), None);
}

pub async fn no_timer_is_claimed_twice_at_once(ground: Arc<Ground>) {
    let batch: Vec<_> = (0..100)
        .map(|n| {
            let order = format!("o{n}");
            Commit { cases: vec![case(&order, n)], ..commit(&order, 0) }
        })
        .collect();
    ground.store.commit(&batch).await.unwrap();

    let workers: Vec<_> = (0..8)
        .map(|_| {
            let ground = Arc::clone(&ground);
            tokio::spawn(async move {
                let mut taken = Vec::new();
                for _ in 0..5 {
                    taken.extend(claim(&ground, 9_000, 99_000, 7).await);
                }
                taken
            })
        })
        .collect();
    let mut taken = Vec::new();
    for worker in workers {
        taken.extend(worker.await.unwrap());
    }

    taken.extend(claim(&ground, 9_000, 99_000, 200).await);
    let distinct: BTreeSet<_> = taken.iter().map(|timer| timer.case_id).collect();
    assert_eq!((taken.len(), distinct.len()), (100, 100));
}
