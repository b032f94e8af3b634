//! Opening: what was kept is there, what does not fit is told.

use super::{
    fixture::{accept, all_cases, case, commit, key, open_case, record},
    ground::{Backend, Ground},
};
use engine::ports::StoreFault;
use std::sync::Arc;
use store::Options;

pub async fn what_was_committed_is_there_after_reopening(ground: Arc<Ground>) {
    accept(ground.store.as_ref(), commit("o", 0)).await;
    open_case(ground.store.as_ref(), case("p", 1)).await;

    let another = ground.another().await;

    another.check().await.unwrap();
    assert_eq!(another.load(&key("o"), 0).await.unwrap(), [record(1)]);
    assert_eq!(another.cases(&all_cases()).await.unwrap().rows, [case("p", 1)]);
    accept(another.as_ref(), commit("o", 1)).await;
    assert_eq!(ground.store.version(&key("o")).await.unwrap(), 2);
}

pub async fn a_schema_from_the_future_is_refused(ground: Arc<Ground>) {
    ground.store.check().await.unwrap();
    ground
        .tamper(match ground.backend {
            Backend::Sqlite => {
                "insert into _sqlx_migrations (version, description, success, checksum, \
                 execution_time) values (9999, 'future', true, x'00', 0)"
            }
            Backend::Postgres => {
                "insert into _sqlx_migrations (version, description, success, checksum, \
                 execution_time) values (9999, 'future', true, '\\x00', 0)"
            }
        })
        .await;

    let fault = ground.store.check().await.unwrap_err();
    assert!(matches!(&fault, StoreFault::Broken(why) if why.contains("9999")), "{fault}");
    let fault = store::open(&ground.url, &Options::default()).await.err();
    assert!(matches!(&fault, Some(StoreFault::Broken(_))), "{fault:?}");
}

pub async fn a_broken_row_is_told_with_its_column(ground: Arc<Ground>) {
    open_case(ground.store.as_ref(), case("o", 1)).await;
    for (tampering, column) in [
        ("update case_row set case_type = 'gift'", "case_type"),
        ("update case_row set case_type = 'exchange', waits_for = 'nobody'", "waits_for"),
        ("update case_row set waits_for = null, currency = 'yuan'", "currency"),
        ("update case_row set currency = 'CNY', amount_minor = -1", "amount_minor"),
        ("update case_row set amount_minor = 1, opened_at = -5", "opened_at"),
        ("update case_row set opened_at = 1, version = -1", "version"),
        ("update case_row set version = 1, buyer_id = 'not an id'", "buyer_id"),
    ] {
        ground.tamper(tampering).await;
        let fault = ground.store.cases(&all_cases()).await.unwrap_err();
        assert!(matches!(&fault, StoreFault::Broken(why) if why.contains(column)), "{fault}");
    }
}

pub async fn many_may_open_at_once(ground: Arc<Ground>) {
    let openers: Vec<_> = (0..8)
        .map(|_| {
            let ground = Arc::clone(&ground);
            tokio::spawn(async move { ground.another().await.check().await })
        })
        .collect();
    for opener in openers {
        opener.await.unwrap().unwrap();
    }
}

pub async fn a_url_of_neither_database_is_refused() {
    for url in ["", "mysql://user:secret@host/db", "wanbi.db"] {
        let fault = store::open(url, &Options::default()).await.err();
        let Some(StoreFault::Broken(why)) = fault else { panic!("{url}: {fault:?}") };
        assert!(!why.contains("secret"), "{why}");
    }
}
