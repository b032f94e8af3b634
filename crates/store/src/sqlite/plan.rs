//! Tests: which index drives each list, as SQLite itself explains it.

use super::{Sqlite, search};
use crate::{list, options::Options};
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
        shop_id: Some(shop()),
        buyer_id: BuyerId::parse("b").ok(),
        order_id: OrderId::parse("o").ok(),
        waits_for: Some(Side::Merchant),
        stage: Some("submitted".into()),
        case_type: Some(CaseType::Exchange),
        reason: ReasonCode::parse("r").ok(),
        opened_since: Some(Moment::from_ms(1)),
        opened_until: Some(Moment::from_ms(2)),
        order,
        after: Some((Moment::from_ms(1), CaseId::new(Uuid::nil()))),
        limit: 50,
        ..CaseFilter::all(None, 1)
    }
}

#[tokio::test]
async fn each_list_of_cases_is_driven_by_its_index() {
    let ground = ground().await;
    let newest = || full(CaseOrder::Newest);
    let deadline = || full(CaseOrder::Deadline);
    for (filter, index) in [
        (newest(), "case_row_by_order"),
        (CaseFilter { order_id: None, ..newest() }, "case_row_by_buyer"),
        (CaseFilter { order_id: None, buyer_id: None, ..newest() }, "case_row_by_stage"),
        (
            CaseFilter { order_id: None, buyer_id: None, stage: Some("closed".into()), ..newest() },
            "sqlite_autoindex_case_row_1",
        ),
        (
            CaseFilter { order_id: None, buyer_id: None, stage: None, ..newest() },
            "sqlite_autoindex_case_row_1",
        ),
        (CaseFilter { order_id: None, buyer_id: None, ..deadline() }, "case_row_by_deadline"),
        (
            CaseFilter { order_id: None, buyer_id: None, after: None, ..deadline() },
            "case_row_by_deadline",
        ),
        (
            CaseFilter { shop_id: None, order_id: None, buyer_id: None, ..deadline() },
            "case_row_disputed",
        ),
    ] {
        ground.check(list::cases(&filter, list::SQLITE), index).await;
    }
}

#[tokio::test]
async fn each_list_of_orders_and_effects_is_driven_by_its_index() {
    let ground = ground().await;
    let after = Some((Moment::from_ms(1), OrderId::parse("o").unwrap()));
    let orders = OrderFilter { shop_id: shop(), buyer_id: None, after, limit: 50 };
    ground.check(list::orders(&orders, list::SQLITE), "order_row_by_placed").await;
    let orders = OrderFilter { buyer_id: BuyerId::parse("b").ok(), ..orders };
    ground.check(list::orders(&orders, list::SQLITE), "order_row_by_buyer").await;

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
    let plan = ground.plan(&QueryBuilder::new(search::FOUND)).await;
    assert!(plan.first().is_some_and(|step| step.contains("case_gram")), "{plan:?}");
    assert!(!plan.iter().any(|step| step.contains("ORDER BY")), "{plan:?}");
}
