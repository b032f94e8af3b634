//! Tests: which index drives each list, as SQLite itself explains it.

use super::{Sqlite, search};
use crate::{
    figure,
    list::{self, cases::Cases},
    options::Options,
};
use domain::{
    actor::Side,
    application::CaseType,
    id::{BuyerId, CaseId, EffectId, OrderId, ReasonCode, ShopId},
    moment::Moment,
};
use engine::rows::{CaseFilter, CaseOrder, EffectFilter, EffectState, OrderFilter};
use sqlx::{AssertSqlSafe, QueryBuilder, Row, Sqlite as Dialect};
use tempfile::TempDir;
use uuid::Uuid;

struct Ground {
    store: Sqlite,
    _folder: TempDir,
}

async fn ground() -> Ground {
    let folder = TempDir::new().unwrap();
    let url = format!("sqlite://{}", folder.path().join("wanbi.db").display());
    Ground { store: Sqlite::open(&url, &Options::default()).await.unwrap(), _folder: folder }
}

impl Ground {
    /// The one step of a plan: a search by this index, no scan, no sort.
    async fn check(&self, query: QueryBuilder<Dialect>, index: &str) {
        let plan = self.plan(&query).await;
        let [step] = plan.as_slice() else { panic!("more than one step: {plan:?}") };
        assert!(step.contains(&format!("INDEX {index} ")), "{index} expected: {step}");
        assert!(step.starts_with("SEARCH") || step.contains("disputed"), "{step}");
    }

    async fn plan(&self, query: &QueryBuilder<Dialect>) -> Vec<String> {
        let explain = AssertSqlSafe(format!("explain query plan {}", query.sql().as_str()));
        let rows = sqlx::query(explain).fetch_all(&self.store.readers).await.unwrap();
        rows.iter().map(|row| row.get("detail")).collect()
    }
}

fn shop() -> ShopId {
    ShopId::parse("s").unwrap()
}

/// A filter that asks for everything, so that every term competes for the index.
fn full(order: CaseOrder) -> CaseFilter {
    CaseFilter {
        buyer_id: BuyerId::parse("b").ok(),
        order_id: OrderId::parse("o").ok(),
        waits_for: Some(Side::Merchant),
        stage: Some("under_review".into()),
        case_type: Some(CaseType::Exchange),
        reason: ReasonCode::parse("r").ok(),
        opened_since: Some(Moment::from_ms(1)),
        opened_until: Some(Moment::from_ms(2)),
        order,
        after: Some((Moment::from_ms(1), CaseId::new(Uuid::nil()))),
        ..CaseFilter::all(Some(shop()), 50)
    }
}

#[tokio::test]
async fn each_list_of_cases_is_driven_by_its_index() {
    let ground = ground().await;
    let newest = || full(CaseOrder::Newest);
    let deadline = || full(CaseOrder::Deadline);
    let risk = || full(CaseOrder::Risk);
    let of_work = |filter| CaseFilter { buyer_id: None, ..filter };
    for (filter, index) in [
        (newest(), "case_row_by_buyer"),
        (of_work(newest()), "case_row_by_stage"),
        (of_work(deadline()), "case_row_by_deadline"),
        (of_work(risk()), "case_row_by_urgency"),
        (CaseFilter { after: None, ..of_work(deadline()) }, "case_row_by_deadline"),
        (CaseFilter { after: None, ..of_work(risk()) }, "case_row_by_urgency"),
        (
            CaseFilter { stage: None, waits_for: None, ..of_work(newest()) },
            "sqlite_autoindex_case_row_1",
        ),
        (
            CaseFilter { stage: Some("closed".into()), waits_for: None, ..of_work(newest()) },
            "sqlite_autoindex_case_row_1",
        ),
        (CaseFilter { shop_id: None, ..of_work(deadline()) }, "case_row_disputed"),
    ] {
        ground.check(Cases::of(&filter, list::SQLITE).rows(), index).await;
    }
}

/// Where several stretches of an index are read, each is read in its order and none is sorted but
/// the page itself and the heads of the stretches.
#[tokio::test]
async fn what_waits_for_somebody_is_read_from_stretches_of_one_index() {
    let ground = ground().await;
    for (order, index) in [
        (CaseOrder::Newest, "case_row_by_stage"),
        (CaseOrder::Deadline, "case_row_by_deadline"),
        (CaseOrder::Risk, "case_row_by_urgency"),
    ] {
        let waits_for = Some(Side::Merchant);
        let filter = CaseFilter { waits_for, order, ..CaseFilter::all(Some(shop()), 50) };
        let narrowed = CaseFilter { tag: Some("vip".into()), ..filter.clone() };
        let cases = Cases::of(&filter, list::SQLITE);
        assert!(cases.measuring::<Dialect>().is_none(), "nothing is tested on its rows");
        let measuring = Cases::of(&narrowed, list::SQLITE).measuring().unwrap();
        for query in [cases.rows(), measuring] {
            let plan = ground.plan(&query).await;
            let reads: Vec<_> = plan.iter().filter(|step| step.contains(index)).collect();
            assert_eq!(reads.len(), 11, "one of each stage: {plan:?}");
            assert!(reads.iter().all(|step| step.starts_with("SEARCH")), "{plan:?}");
            assert!(reads.iter().all(|step| step.contains("COVERING")), "{plan:?}");
            let scans = plan.iter().any(|step| step.starts_with("SCAN case_row"));
            assert!(!scans, "{plan:?}");
        }
    }
}

#[tokio::test]
async fn open_work_is_counted_in_one_index() {
    let ground = ground().await;
    let plan = ground.plan(&figure::open_work(&shop())).await;
    let counts = "SEARCH case_row USING COVERING INDEX case_row_by_stage (shop_id=? AND stage=? \
                  AND waits_for=?)";
    assert!(plan.iter().any(|step| step == counts), "{plan:?}");
}

#[tokio::test]
async fn each_list_of_orders_and_effects_is_driven_by_its_index() {
    let ground = ground().await;
    let after = Some((Moment::from_ms(1), OrderId::parse("o").unwrap()));
    let orders = OrderFilter { shop_id: shop(), buyer_id: None, after, limit: 50 };
    ground.check(list::orders(&orders), "order_row_by_placed").await;
    let orders = OrderFilter { buyer_id: BuyerId::parse("b").ok(), ..orders };
    ground.check(list::orders(&orders), "order_row_by_buyer").await;

    let state = Some(EffectState::Buried);
    let after = EffectId::parse("e").ok();
    let effects = EffectFilter { shop_id: shop(), state, after, limit: 50 };
    ground.check(list::effects(&effects, list::SQLITE), "outbox_buried").await;
    let effects = EffectFilter { state: Some(EffectState::Waiting), ..effects };
    let plan = ground.plan(&list::effects(&effects, list::SQLITE)).await;
    assert!(plan.len() == 1 && plan[0].contains("PRIMARY KEY"), "{plan:?}");
}

#[tokio::test]
async fn a_search_begins_at_the_index_of_grams_and_sorts_nothing() {
    let ground = ground().await;
    for sql in [search::FOUND, search::LOOKED_AT] {
        let plan = ground.plan(&QueryBuilder::new(sql)).await;
        let first = plan.iter().find(|step| step.contains("SCAN") || step.contains("SEARCH"));
        assert!(first.is_some_and(|step| step.contains("case_gram")), "{plan:?}");
        assert!(!plan.iter().any(|step| step.contains("ORDER BY")), "{plan:?}");
    }
}
