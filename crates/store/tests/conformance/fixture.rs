//! Small makers of rows. What a test does not care about is filled in.

use domain::{
    actor::Side,
    application::CaseType,
    id::{BuyerId, CaseId, EffectId, OrderId, ReasonCode, ShopId},
    moment::Moment,
    money::Money,
};
use engine::{
    ports::Store,
    rows::{
        CaseFilter, CaseRow, Commit, CommitVerdict, EffectFilter, Guard, NewEffect, OrderFilter,
        OrderRow, StoredRecord, StreamKey,
    },
};
use uuid::Uuid;

pub fn shop() -> ShopId {
    ShopId::parse("shop").unwrap()
}

pub fn buyer() -> BuyerId {
    BuyerId::parse("buyer").unwrap()
}

pub fn moment(ms: i64) -> Moment {
    Moment::from_ms(ms)
}

pub fn key(order: &str) -> StreamKey {
    key_of("shop", order)
}

pub fn key_of(shop: &str, order: &str) -> StreamKey {
    StreamKey { shop_id: ShopId::parse(shop).unwrap(), order_id: OrderId::parse(order).unwrap() }
}

pub fn case_id(n: u128) -> CaseId {
    CaseId::new(Uuid::from_u128(n))
}

pub fn effect_id(text: &str) -> EffectId {
    EffectId::parse(text).unwrap()
}

pub fn record(version: u64) -> StoredRecord {
    StoredRecord {
        version,
        kind: "opened".into(),
        at: moment(1_000),
        body: format!(r#"{{"version":{version}}}"#),
    }
}

/// A commit of one record and nothing else.
pub fn commit(order: &str, expected_version: u64) -> Commit {
    Commit {
        key: key(order),
        expected_version,
        records: vec![record(expected_version + 1)],
        effects: Vec::new(),
        settles: None,
        order: None,
        cases: Vec::new(),
        guards: Vec::new(),
    }
}

pub fn effect(id: &str, due_at: i64) -> NewEffect {
    NewEffect {
        effect_id: effect_id(id),
        case_id: case_id(1),
        kind: "refund".into(),
        due_at: moment(due_at),
        body: format!(r#"{{"id":"{id}"}}"#),
    }
}

pub fn case(order: &str, n: u128) -> CaseRow {
    CaseRow {
        key: key(order),
        case_id: case_id(n),
        buyer_id: buyer(),
        case_type: CaseType::RefundOnly,
        stage: "under_review".into(),
        waits_for: Some(Side::Merchant),
        due_at: Some(moment(5_000)),
        reason: ReasonCode::parse("broken").unwrap(),
        amount: Money::cny(1_234).unwrap(),
        opened_at: moment(1_000),
        updated_at: moment(1_000),
        version: 1,
        summary: "{}".into(),
    }
}

pub fn order_row(order: &str, placed_at: i64) -> OrderRow {
    OrderRow {
        key: key(order),
        buyer_id: buyer(),
        placed_at: moment(placed_at),
        version: 1,
        summary: "{}".into(),
    }
}

pub fn total(add_minor: i64, cap_minor: i64) -> Guard {
    Guard::YearlyTotal { buyer_id: buyer(), year: 2026, add_minor, cap_minor }
}

pub fn all_cases() -> CaseFilter {
    CaseFilter::all(Some(shop()), 100)
}

pub fn all_orders() -> OrderFilter {
    OrderFilter { shop_id: shop(), buyer_id: None, after: None, limit: 100 }
}

pub fn all_effects() -> EffectFilter {
    EffectFilter { shop_id: shop(), state: None, after: None, limit: 100 }
}

/// Commits one and expects it to be accepted.
pub async fn accept(store: &dyn Store, commit: Commit) {
    let verdicts = store.commit(&[commit]).await.unwrap();
    assert_eq!(verdicts, [CommitVerdict::Committed]);
}

/// Opens a case with this row, on an order of its own or as the first of that order.
pub async fn open_case(store: &dyn Store, row: CaseRow) {
    let version = store.version(&row.key).await.unwrap();
    let mut commit = commit(row.key.order_id.as_str(), version);
    commit.key = row.key.clone();
    commit.cases = vec![row];
    accept(store, commit).await;
}

/// Asks effects, each on an order of its own.
pub async fn ask(store: &dyn Store, effects: &[(&str, i64)]) {
    let batch: Vec<_> = effects
        .iter()
        .map(|(id, due_at)| Commit {
            effects: vec![effect(id, *due_at)],
            ..commit(&format!("order-{id}"), 0)
        })
        .collect();
    let verdicts = store.commit(&batch).await.unwrap();
    assert!(verdicts.iter().all(|verdict| *verdict == CommitVerdict::Committed));
}

/// The first cases that have these words, up to a limit.
pub async fn search(store: &dyn Store, shop_id: &ShopId, wanted: &str, limit: u32) -> Vec<CaseId> {
    store.search_cases(shop_id, wanted, None, limit).await.unwrap().cases
}
