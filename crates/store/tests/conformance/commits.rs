//! The only writer: what is accepted, what is refused, and that the two never mix.

use super::{
    fixture::{
        accept, all_cases, all_effects, all_orders, case, commit, effect, effect_id, key, key_of,
        moment, order_row, record, shop, total,
    },
    ground::Ground,
};
use engine::{
    ports::StoreFault,
    rows::{
        CaseRow, Commit,
        CommitVerdict::{self, Committed, Conflict, GuardFailed},
    },
};
use std::sync::Arc;

pub async fn a_fresh_commit_is_there_whole(ground: Arc<Ground>) {
    let store = &ground.store;
    let whole = Commit {
        records: vec![record(1), record(2)],
        effects: vec![effect("o.1.0", 10)],
        order: Some(order_row("o", 7)),
        cases: vec![case("o", 1)],
        guards: vec![total(5, 10)],
        ..commit("o", 0)
    };

    accept(store.as_ref(), whole.clone()).await;

    assert_eq!(store.version(&key("o")).await.unwrap(), 2);
    assert_eq!(store.load(&key("o"), 0).await.unwrap(), whole.records);
    assert_eq!(store.cases(&all_cases()).await.unwrap().rows, whole.cases);
    assert_eq!(store.orders(&all_orders()).await.unwrap().rows, [whole.order.unwrap()]);
    let effects = store.effects(&all_effects()).await.unwrap().rows;
    assert_eq!(effects.len(), 1);
    assert_eq!((&effects[0].effect_id, &effects[0].key), (&effect_id("o.1.0"), &key("o")));
    assert_eq!((effects[0].attempts, effects[0].note.as_str()), (0, ""));
}

/// Whether a case is new may be guessed from its moments, and wrongly.
pub async fn a_case_that_changes_in_the_moment_it_was_opened_is_written(ground: Arc<Ground>) {
    let opened = Commit { cases: vec![case("o", 1)], ..commit("o", 0) };
    let row = CaseRow { stage: "closed".into(), version: 2, ..case("o", 1) };
    let changed = Commit { cases: vec![row.clone()], ..commit("o", 1) };

    accept(ground.store.as_ref(), opened).await;
    accept(ground.store.as_ref(), changed).await;

    assert_eq!(ground.store.cases(&all_cases()).await.unwrap().rows, [row]);
    assert_eq!(ground.store.load(&key("o"), 0).await.unwrap().len(), 2);
}

pub async fn a_row_that_was_thrown_away_comes_back_with_the_next_commit(ground: Arc<Ground>) {
    let opened = Commit { cases: vec![case("o", 1)], ..commit("o", 0) };
    accept(ground.store.as_ref(), opened).await;
    ground.tamper("delete from case_row").await;
    let row = CaseRow { updated_at: moment(2_000), version: 2, ..case("o", 1) };

    accept(ground.store.as_ref(), Commit { cases: vec![row.clone()], ..commit("o", 1) }).await;

    assert_eq!(ground.store.cases(&all_cases()).await.unwrap().rows, [row]);
}

pub async fn a_commit_on_an_old_version_is_a_conflict(ground: Arc<Ground>) {
    accept(ground.store.as_ref(), commit("o", 0)).await;

    let verdicts = ground.store.commit(&[commit("o", 0)]).await.unwrap();

    assert_eq!(verdicts, [Conflict]);
    assert_eq!(ground.store.load(&key("o"), 0).await.unwrap().len(), 1);
}

pub async fn a_commit_on_a_version_to_come_is_a_conflict(ground: Arc<Ground>) {
    accept(ground.store.as_ref(), commit("o", 0)).await;

    let verdicts = ground.store.commit(&[commit("o", 2), commit("new", 1)]).await.unwrap();

    assert_eq!(verdicts, [Conflict, Conflict]);
    assert_eq!(ground.store.version(&key("new")).await.unwrap(), 0);
}

pub async fn of_two_commits_on_one_version_in_a_batch_the_first_wins(ground: Arc<Ground>) {
    let mut second = commit("o", 0);
    second.records[0].body = "second".into();

    let verdicts = ground.store.commit(&[commit("o", 0), second]).await.unwrap();

    assert_eq!(verdicts, [Committed, Conflict]);
    assert_eq!(ground.store.load(&key("o"), 0).await.unwrap(), [record(1)]);
}

pub async fn a_chain_in_one_batch_is_written_whole(ground: Arc<Ground>) {
    let opened =
        Commit { cases: vec![case("o", 1)], order: Some(order_row("o", 1)), ..commit("o", 0) };
    let mut changed = case("o", 1);
    changed.stage = "approved".into();
    changed.version = 2;
    let approved =
        Commit { cases: vec![changed.clone()], order: Some(order_row("o", 2)), ..commit("o", 1) };

    let verdicts = ground.store.commit(&[opened, approved]).await.unwrap();

    assert_eq!(verdicts, [Committed, Committed]);
    assert_eq!(ground.store.version(&key("o")).await.unwrap(), 2);
    assert_eq!(ground.store.cases(&all_cases()).await.unwrap().rows, [changed]);
    let orders = ground.store.orders(&all_orders()).await.unwrap().rows;
    assert_eq!(orders, [order_row("o", 2)]);
}

pub async fn a_refused_commit_writes_nothing_and_the_others_stand(ground: Arc<Ground>) {
    let with_all = |order: &str| Commit {
        effects: vec![effect(&format!("{order}.1.0"), 10)],
        order: Some(order_row(order, 1)),
        cases: vec![case(order, u128::from(order.as_bytes()[0]))],
        ..commit(order, 0)
    };
    let over = Commit { guards: vec![total(11, 10)], ..with_all("b") };
    let early = Commit { expected_version: 3, records: vec![record(4)], ..with_all("c") };

    let batch = [with_all("a"), over, early, with_all("d")];
    let verdicts = ground.store.commit(&batch).await.unwrap();

    assert_eq!(verdicts, [Committed, GuardFailed, Conflict, Committed]);
    let streams = ground.store.streams(&shop(), "", 10).await.unwrap();
    assert_eq!(streams, [key("a").order_id, key("d").order_id]);
    assert_eq!(ground.store.cases(&all_cases()).await.unwrap().rows.len(), 2);
    assert_eq!(ground.store.orders(&all_orders()).await.unwrap().rows.len(), 2);
    assert_eq!(ground.store.effects(&all_effects()).await.unwrap().rows.len(), 2);
    assert_eq!(ground.store.export(&shop(), 0, 10).await.unwrap().len(), 2);
}

pub async fn a_commit_settles_an_effect(ground: Arc<Ground>) {
    let asked =
        Commit { effects: vec![effect("o.1.0", 10), effect("o.1.1", 10)], ..commit("o", 0) };
    accept(ground.store.as_ref(), asked).await;

    let settles = Some(effect_id("o.1.0"));
    accept(ground.store.as_ref(), Commit { settles: settles.clone(), ..commit("o", 1) }).await;

    let left = ground.store.effects(&all_effects()).await.unwrap().rows;
    assert_eq!(left.iter().map(|row| row.effect_id.as_str()).collect::<Vec<_>>(), ["o.1.1"]);
    // Settling what is settled is no error: its outcome came twice.
    accept(ground.store.as_ref(), Commit { settles, ..commit("o", 2) }).await;
}

pub async fn an_effect_asked_and_settled_in_one_batch_is_gone(ground: Arc<Ground>) {
    let asked = Commit { effects: vec![effect("o.1.0", 10)], ..commit("o", 0) };
    let settled = Commit { settles: Some(effect_id("o.1.0")), ..commit("o", 1) };

    let verdicts = ground.store.commit(&[asked, settled]).await.unwrap();

    assert_eq!(verdicts, [Committed, Committed]);
    assert!(ground.store.effects(&all_effects()).await.unwrap().rows.is_empty());
}

pub async fn the_same_order_of_two_shops_is_two_streams(ground: Arc<Ground>) {
    let mut other = commit("o", 0);
    other.key = key_of("another", "o");

    let verdicts = ground.store.commit(&[commit("o", 0), other.clone()]).await.unwrap();

    assert_eq!(verdicts, [Committed, Committed]);
    assert_eq!(ground.store.version(&other.key).await.unwrap(), 1);
    assert_eq!(ground.store.export(&shop(), 0, 10).await.unwrap().len(), 1);
}

pub async fn of_many_writers_of_one_version_exactly_one_wins(ground: Arc<Ground>) {
    accept(ground.store.as_ref(), commit("o", 0)).await;
    for version in 1..=5 {
        assert_eq!(race(&ground, version).await, 1, "version {version}");
        assert_eq!(ground.store.version(&key("o")).await.unwrap(), version + 1);
    }
    let versions: Vec<_> =
        ground.store.load(&key("o"), 0).await.unwrap().iter().map(|row| row.version).collect();
    assert_eq!(versions, [1, 2, 3, 4, 5, 6]);
}

pub async fn of_many_creators_of_one_stream_exactly_one_wins(ground: Arc<Ground>) {
    assert_eq!(race(&ground, 0).await, 1);
    assert_eq!(ground.store.load(&key("o"), 0).await.unwrap().len(), 1);
}

/// How many of 64 writers, of two processes, win one version of the stream `o`.
async fn race(ground: &Ground, version: u64) -> usize {
    let stores = [Arc::clone(&ground.store), ground.another().await];
    let writers: Vec<_> = (0..64)
        .map(|n| {
            let store = Arc::clone(&stores[n % 2]);
            let mut commit = commit("o", version);
            commit.records[0].body = format!("writer {n}");
            tokio::spawn(async move { certain(store.commit(&[commit]).await).await })
        })
        .collect();
    let mut won = 0;
    for writer in writers {
        if writer.await.unwrap() == [Committed] {
            won += 1;
        }
    }
    won
}

/// Two processes may write one SQLite file, and then one of them may be told to ask again.
async fn certain(result: Result<Vec<CommitVerdict>, StoreFault>) -> Vec<CommitVerdict> {
    match result {
        Ok(verdicts) => verdicts,
        Err(StoreFault::Busy(_)) => vec![Conflict],
        Err(fault) => panic!("{fault}"),
    }
}

pub async fn batches_over_the_same_streams_in_any_order_all_end(ground: Arc<Ground>) {
    let orders: Vec<String> = (0..20).map(|n| format!("o{n:02}")).collect();
    let batch_of = |writer: usize| -> Vec<Commit> {
        let mut batch: Vec<_> = orders
            .iter()
            .map(|order| Commit { guards: vec![total(1, 1_000_000)], ..commit(order, 0) })
            .collect();
        batch.rotate_left(writer);
        if writer % 2 == 1 {
            batch.reverse();
        }
        batch
    };
    let writers: Vec<_> = (0..16)
        .map(|writer| {
            let (store, batch) = (Arc::clone(&ground.store), batch_of(writer));
            tokio::spawn(async move { store.commit(&batch).await })
        })
        .collect();

    let mut accepted = 0;
    for writer in writers {
        let verdicts = writer.await.unwrap().expect("no deadlock");
        accepted += verdicts.iter().filter(|verdict| **verdict == Committed).count();
    }

    assert_eq!(accepted, orders.len());
    assert_eq!(ground.store.export(&shop(), 0, 200).await.unwrap().len(), orders.len());
}

pub async fn an_empty_batch_is_nothing(ground: Arc<Ground>) {
    assert_eq!(ground.store.commit(&[]).await.unwrap(), []);
}

pub async fn a_malformed_commit_is_refused_before_anything_is_written(ground: Arc<Ground>) {
    let none = Commit { records: Vec::new(), ..commit("o", 0) };
    let gap = Commit { records: vec![record(1), record(3)], ..commit("o", 0) };
    let foreign_case = Commit { cases: vec![case("p", 1)], ..commit("o", 0) };
    let foreign_order = Commit { order: Some(order_row("p", 1)), ..commit("o", 0) };
    let endless = Commit { expected_version: u64::MAX, ..commit("o", 0) };

    for bad in [none, gap, foreign_case, foreign_order, endless] {
        let fault = ground.store.commit(&[commit("good", 0), bad]).await.unwrap_err();
        assert!(matches!(fault, StoreFault::Broken(_)), "{fault}");
    }

    assert!(ground.store.streams(&shop(), "", 10).await.unwrap().is_empty());
}
