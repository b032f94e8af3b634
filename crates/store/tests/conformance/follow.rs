//! The follower over a real store: golden records become figures and words.

use super::{
    figures::{all, days},
    fixture::{commit, search, shop},
    ground::Ground,
};
use domain::{
    calendar::Calendar,
    evolve::fold,
    id::{CaseId, OrderId, ShopId},
    moment::Moment,
    record::Record,
};
use engine::{
    figures::{Day, Days, Scope, case_figures},
    follow::{Followed, follow_anew, follow_once},
    ports::{Clock, Store},
    rebuild::check_figures,
    rows::{Commit, CommitVerdict, StoredRecord, StreamKey},
    rulebook::Rulebook,
};
use serde_json::{Value, json};
use sqlx::{Connection, PgConnection};
use std::{fs, path::Path, sync::Arc};

struct Still;

impl Clock for Still {
    fn now(&self) -> Moment {
        Moment::from_ms(1_800_000_000_000)
    }
}

fn rules(store: &Arc<dyn Store>) -> Rulebook {
    Rulebook::new(Arc::clone(store), Arc::new(Still), Calendar::built_in())
}

/// The records of an order, golden ones put in a row; the n-th case of the test.
pub fn story(n: u128, names: &str) -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../domain/tests/golden");
    let record = |(place, name): (usize, &str)| {
        let text = fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
        let mut record: Value = serde_json::from_str(&text).unwrap();
        record["version"] = json!(place + 1);
        // The built-in policy, which every shop has.
        if let Some(filed) = record.pointer_mut("/event/case/what/opened") {
            filed["policy_version"] = json!(0);
        }
        if let Some(case_id) = record.pointer_mut("/event/case/case_id") {
            *case_id = json!(format!("00000000-0000-0000-0000-{n:012}"));
        }
        record
    };
    names.split_whitespace().enumerate().map(record).collect()
}

pub fn stored(records: &[Value]) -> Vec<StoredRecord> {
    let stored = records.iter().map(|record| {
        let record: Record = serde_json::from_value(record.clone()).unwrap();
        engine::consequence::write(&record).unwrap()
    });
    stored.collect()
}

pub fn order(shop_id: &str, n: u128) -> StreamKey {
    let order_id = OrderId::parse(&format!("o{n}")).unwrap();
    StreamKey { shop_id: ShopId::parse(shop_id).unwrap(), order_id }
}

/// Commits the records of an order from one of them on.
pub async fn tell(store: &dyn Store, key: &StreamKey, records: &[StoredRecord], from: usize) {
    let expected_version = u64::try_from(from).unwrap();
    let records = records[from..].to_vec();
    let told = Commit { key: key.clone(), expected_version, records, ..commit("o", 0) };
    assert_eq!(store.commit(&[told]).await.unwrap(), [CommitVerdict::Committed]);
}

pub async fn follow(store: &Arc<dyn Store>) -> usize {
    let rules = rules(store);
    let mut records = 0;
    loop {
        let followed = follow_once(store.as_ref(), &rules).await.unwrap();
        records += followed.records;
        if followed == Followed::default() {
            return records;
        }
    }
}

fn november() -> Scope {
    let last = Day::of(Moment::parse("2026-11-30T00:00:00Z").unwrap());
    Scope { days: Days::until(last, 60), ..days(1) }
}

pub const LIFE: &str = "order_recorded opened rejected escalated ruled";

pub async fn views_are_what_the_log_says(ground: Arc<Ground>) {
    let store = &ground.store;
    for n in 1..=60 {
        let records = stored(&story(n, LIFE));
        tell(store.as_ref(), &order("shop", n), &records[..2], 0).await;
    }
    assert_eq!(follow(store).await, 120);
    for n in 1..=30 {
        tell(store.as_ref(), &order("shop", n), &stored(&story(n, LIFE)), 2).await;
    }
    assert_eq!(follow(store).await, 90);

    for n in 1..=60 {
        let key = order("shop", n);
        let records = store.load(&key, 0).await.unwrap();
        let records: Vec<Record> =
            records.iter().map(|stored| engine::consequence::read(stored).unwrap()).collect();
        let right = case_figures(&key, &fold(&records), &records);
        let (figure, text) = store.case_figure(&shop(), right[0].case_id).await.unwrap().unwrap();
        assert_eq!(figure, right[0]);
        assert!(text.text.contains("手工陶瓷杯") && text.text.contains("有瑕疵"));
    }
    let summed = store.days(&november()).await.unwrap();
    let sum = |count: fn(&engine::figures::DayFigure) -> u64| summed.iter().map(count).sum::<u64>();
    assert_eq!((sum(|day| day.cases), sum(|day| day.wrongly_refused)), (60, 30));
    let placed = store.order_days(&november()).await.unwrap();
    assert_eq!((placed.len(), placed[0].orders), (1, 60));
    let found = search(store.as_ref(), &shop(), "陶瓷 有瑕疵 o17", 99).await;
    assert_eq!(found.len(), 1);
}

pub async fn shops_with_news_are_those_not_followed_to_their_end(ground: Arc<Ground>) {
    let store = &ground.store;
    let records = stored(&story(1, LIFE));
    for shop_id in ["b", "a", "c"] {
        tell(store.as_ref(), &order(shop_id, 1), &records[..1], 0).await;
    }
    let names = async |limit| {
        let shops = store.shops_with_news(limit).await.unwrap();
        shops.iter().map(|(shop_id, _)| shop_id.to_string()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!((names(9).await.as_str(), names(2).await.as_str()), ("a b c", "a b"));

    assert_eq!(follow(store).await, 3);
    assert_eq!(names(9).await, "");

    tell(store.as_ref(), &order("a", 1), &records, 1).await;
    tell(store.as_ref(), &order("b", 1), &records, 1).await;
    assert_eq!(names(9).await, "b a", "who is furthest behind comes first");
}

pub async fn two_followers_write_each_stretch_once(ground: Arc<Ground>) {
    let store = &ground.store;
    for n in 1..=40 {
        tell(store.as_ref(), &order("shop", n), &stored(&story(n, LIFE)), 0).await;
    }
    let other = ground.another().await;

    let (one, two) = tokio::join!(follow(store), follow(&other));

    assert_eq!(one + two, 200);
    let cases = store.case_figures(&november(), &all(), None, 200).await.unwrap();
    assert_eq!(cases.len(), 40);
    assert_eq!(store.order_days(&november()).await.unwrap()[0].orders, 40);
}

pub async fn a_follower_that_begins_anew_makes_the_same_rows(ground: Arc<Ground>) {
    let store = &ground.store;
    for n in 1..=5 {
        tell(store.as_ref(), &order("shop", n), &stored(&story(n, LIFE)), 0).await;
    }
    follow(store).await;
    let before = store.case_figures(&november(), &all(), None, 200).await.unwrap();
    let found = search(store.as_ref(), &shop(), "陶瓷", 9).await;
    ground.tamper("update case_figure set refunded_minor = 1").await;
    ground.tamper("update case_text set text = 'x'").await;
    let wrong = check_figures(store.as_ref(), &rules(store), &shop()).await.unwrap();
    assert_eq!((wrong.cases, wrong.wrong.len()), (5, 5));

    let records = follow_anew(store.as_ref(), &rules(store), &shop()).await.unwrap();

    assert_eq!(records, 25);
    assert_eq!(store.case_figures(&november(), &all(), None, 200).await.unwrap(), before);
    assert_eq!(search(store.as_ref(), &shop(), "陶瓷", 9).await, found);
    assert_eq!(follow(store).await, 0);
    let right = check_figures(store.as_ref(), &rules(store), &shop()).await.unwrap();
    assert_eq!((right.cases, right.wrong.len()), (5, 0));
}

/// PostgreSQL only: SQLite has one writer, and what it writes is seen in order.
pub async fn a_slow_transaction_is_not_passed_over(ground: Arc<Ground>) {
    // Given a transaction that has drawn a sequence and is slow to end,
    let slow = stored(&story(1, "order_recorded"));
    let mut connection = PgConnection::connect(&ground.url).await.unwrap();
    let mut tx = connection.begin().await.unwrap();
    sqlx::query("insert into stream (shop_id, order_id, version) values ('shop', 'o1', 1)")
        .execute(&mut *tx)
        .await
        .unwrap();
    sqlx::query(
        "insert into event (shop_id, order_id, version, kind, at, body) \
         values ('shop', 'o1', 1, 'order_recorded', 1, $1)",
    )
    .bind(&slow[0].body)
    .execute(&mut *tx)
    .await
    .unwrap();
    // and one that came after it and has ended,
    tell(ground.store.as_ref(), &order("shop", 2), &stored(&story(2, LIFE)), 0).await;

    // when the follower goes on meanwhile,
    let store = Arc::clone(&ground.store);
    let following = tokio::spawn(async move { follow(&store).await });
    for _ in 0..20 {
        ground.store.version(&order("shop", 2)).await.unwrap();
    }
    assert_eq!(ground.store.case_figures(&november(), &all(), None, 9).await.unwrap(), []);
    tx.commit().await.unwrap();

    // then it has seen both.
    following.await.unwrap();
    follow(&ground.store).await;
    assert_eq!(ground.store.order_days(&november()).await.unwrap()[0].orders, 2);
    let found: Vec<CaseId> = search(ground.store.as_ref(), &shop(), "陶瓷", 9).await;
    assert_eq!(found.len(), 1);
}
