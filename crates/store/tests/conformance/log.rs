//! The log: loading, exporting, finding.

use super::{
    fixture::{accept, case, case_id, commit, key, key_of, open_case, record, shop},
    ground::Ground,
};
use domain::id::ShopId;
use engine::rows::{Commit, StoredRecord};
use sqlx::{Connection, PgConnection};
use std::{collections::BTreeSet, sync::Arc};

pub async fn a_stream_is_loaded_from_any_version_on(ground: Arc<Ground>) {
    let records: Vec<StoredRecord> = (1..=12).map(record).collect();
    accept(ground.store.as_ref(), Commit { records: records.clone(), ..commit("o", 0) }).await;
    accept(ground.store.as_ref(), commit("o2", 0)).await;

    assert_eq!(ground.store.load(&key("o"), 0).await.unwrap(), records);
    assert_eq!(ground.store.load(&key("o"), 9).await.unwrap(), records[9..]);
    assert_eq!(ground.store.load(&key("o"), 12).await.unwrap(), []);
    assert_eq!(ground.store.load(&key("nobody"), 0).await.unwrap(), []);
    assert_eq!(ground.store.version(&key("nobody")).await.unwrap(), 0);
    assert!(ground.store.load(&key("o"), u64::MAX).await.is_err());
}

pub async fn records_are_exported_in_order_of_writing(ground: Arc<Ground>) {
    let mut elsewhere = commit("x", 0);
    elsewhere.key = key_of("elsewhere", "x");
    let two = Commit { records: vec![record(1), record(2)], ..commit("b", 0) };
    ground.store.commit(&[two, elsewhere, commit("a", 0)]).await.unwrap();
    accept(ground.store.as_ref(), commit("b", 2)).await;

    let all = ground.store.export(&shop(), 0, 100).await.unwrap();

    let seen: Vec<_> =
        all.iter().map(|row| (row.key.order_id.as_str(), row.record.version)).collect();
    assert_eq!(seen, [("b", 1), ("b", 2), ("a", 1), ("b", 3)]);
    assert!(all.is_sorted_by(|a, b| a.sequence < b.sequence));
    let rest = ground.store.export(&shop(), all[1].sequence, 100).await.unwrap();
    assert_eq!(rest, all[2..]);
    assert_eq!(ground.store.export(&shop(), all[0].sequence, 2).await.unwrap(), all[1..3]);
    assert_eq!(ground.store.export(&shop(), i64::MAX, 2).await.unwrap(), []);
}

pub async fn an_export_that_follows_writers_misses_nothing(ground: Arc<Ground>) {
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let store = Arc::clone(&ground.store);
            tokio::spawn(async move {
                for n in 0..25 {
                    let commits = [commit(&format!("o{writer}-{n}"), 0)];
                    store.commit(&commits).await.unwrap();
                }
            })
        })
        .collect();

    let (mut after, mut seen, mut idle) = (0, BTreeSet::new(), 0);
    while idle < 2 {
        let done = writers.iter().all(tokio::task::JoinHandle::is_finished);
        let page = ground.store.export(&shop(), after, 7).await.unwrap();
        idle = if done && page.is_empty() { idle + 1 } else { 0 };
        for row in page {
            assert!(row.sequence > after);
            after = row.sequence;
            seen.insert(row.key.order_id);
        }
    }

    assert_eq!(seen.len(), 200);
}

/// PostgreSQL only: SQLite has one writer, and what it writes is seen in order.
pub async fn an_export_waits_for_open_transactions(ground: Arc<Ground>) {
    // Given a transaction that has drawn a sequence and is slow to end,
    let mut slow = PgConnection::connect(&ground.url).await.unwrap();
    let mut tx = slow.begin().await.unwrap();
    sqlx::query("insert into stream (shop_id, order_id, version) values ('shop', 'slow', 1)")
        .execute(&mut *tx)
        .await
        .unwrap();
    sqlx::query(
        "insert into event (shop_id, order_id, version, kind, at, body) \
         values ('shop', 'slow', 1, 'opened', 1, '{}')",
    )
    .execute(&mut *tx)
    .await
    .unwrap();
    // and one that came after it and has ended,
    accept(ground.store.as_ref(), commit("fast", 0)).await;

    // when somebody exports,
    let store = Arc::clone(&ground.store);
    let export = tokio::spawn(async move { store.export(&shop(), 0, 10).await.unwrap() });
    let end = async {
        // The other may look as often as it likes: it sees nothing until both are there.
        for _ in 0..20 {
            ground.store.version(&key("fast")).await.unwrap();
        }
        tx.commit().await.unwrap();
    };
    end.await;

    // then both are seen, in order.
    let seen = export.await.unwrap();
    let orders: Vec<_> = seen.iter().map(|row| row.key.order_id.as_str()).collect();
    assert_eq!(orders, ["slow", "fast"]);
}

pub async fn streams_are_listed_by_order_id(ground: Arc<Ground>) {
    for order in ["b", "a", "B", "10", "9"] {
        accept(ground.store.as_ref(), commit(order, 0)).await;
    }
    let list = async |after: &'static str, limit| {
        let streams = ground.store.streams(&shop(), after, limit).await.unwrap();
        streams.iter().map(|order| order.as_str().to_owned()).collect::<Vec<_>>().join(" ")
    };

    assert_eq!(list("", 10).await, "10 9 B a b");
    assert_eq!(list("9", 2).await, "B a");
    assert_eq!(list("b", 2).await, "");
}

pub async fn the_order_of_a_case_is_found_within_its_shop(ground: Arc<Ground>) {
    open_case(ground.store.as_ref(), case("o", 7)).await;

    let found = ground.store.order_of_case(&shop(), case_id(7)).await.unwrap();
    assert_eq!(found, Some(key("o").order_id));
    let another = ShopId::parse("another").unwrap();
    assert_eq!(ground.store.order_of_case(&another, case_id(7)).await.unwrap(), None);
    assert_eq!(ground.store.order_of_case(&shop(), case_id(8)).await.unwrap(), None);
}
