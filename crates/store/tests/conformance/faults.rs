//! Faults are told for what they are: ask again, look, or give up; and the store lives on.

use super::{
    fixture::{accept, commit, key},
    ground::{Backend, Ground},
};
use engine::ports::StoreFault;
use sqlx::{Connection, PgConnection, SqliteConnection};
use std::sync::Arc;
use store::Options;

pub async fn a_lock_that_is_held_for_too_long_is_busy(ground: Arc<Ground>) {
    accept(ground.store.as_ref(), commit("o", 0)).await;
    let impatient = Options { lock_ms_max: 50, serves: true, ..Options::default() };
    let store = store::open(&ground.url, &impatient).await.unwrap();

    let result = match ground.backend {
        Backend::Sqlite => {
            let mut other = SqliteConnection::connect(&ground.url).await.unwrap();
            let tx = other.begin_with("begin immediate").await.unwrap();
            let result = store.commit(&[commit("o", 1)]).await;
            tx.rollback().await.unwrap();
            result
        }
        Backend::Postgres => {
            let mut other = PgConnection::connect(&ground.url).await.unwrap();
            let mut tx = other.begin().await.unwrap();
            sqlx::query("update stream set version = version").execute(&mut *tx).await.unwrap();
            let result = store.commit(&[commit("o", 1)]).await;
            tx.rollback().await.unwrap();
            result
        }
    };

    assert!(matches!(result, Err(StoreFault::Busy(_))), "{result:?}");
    accept(store.as_ref(), commit("o", 1)).await;
}

pub async fn a_commit_that_fails_at_its_end_is_unknown(ground: Arc<Ground>) {
    // Given a database that refuses only when it is asked to commit,
    let (refusing, healing) = match ground.backend {
        Backend::Sqlite => (
            vec![
                "create table parent (id integer primary key)",
                "create table child (id integer references parent (id) \
                 deferrable initially deferred)",
                "create trigger refuse after insert on event \
                 begin insert into child (id) values (1); end",
            ],
            "drop trigger refuse",
        ),
        Backend::Postgres => (
            vec![
                "create function refuse() returns trigger language plpgsql \
                 as $$ begin raise exception 'refused'; end $$",
                "create constraint trigger refuse after insert on event \
                 deferrable initially deferred for each row execute function refuse()",
            ],
            "drop trigger refuse on event",
        ),
    };
    for statement in refusing {
        ground.tamper(statement).await;
    }

    let result = ground.store.commit(&[commit("o", 0)]).await;

    assert!(matches!(result, Err(StoreFault::Unknown(_))), "{result:?}");
    assert_eq!(ground.store.version(&key("o")).await.unwrap(), 0);
    ground.tamper(healing).await;
    accept(ground.store.as_ref(), commit("o", 0)).await;
}

pub async fn a_statement_that_fails_is_broken_and_leaves_nothing(ground: Arc<Ground>) {
    ground.tamper("alter table order_row rename to gone").await;
    let mut whole = commit("o", 0);
    whole.order = Some(super::fixture::order_row("o", 1));

    let result = ground.store.commit(&[whole.clone()]).await;

    assert!(matches!(result, Err(StoreFault::Broken(_))), "{result:?}");
    assert_eq!(ground.store.load(&key("o"), 0).await.unwrap(), []);
    ground.tamper("alter table gone rename to order_row").await;
    accept(ground.store.as_ref(), whole).await;
}

/// PostgreSQL only: a file does not hang up.
pub async fn a_lost_connection_is_busy_and_then_replaced(ground: Arc<Ground>) {
    accept(ground.store.as_ref(), commit("o", 0)).await;
    ground
        .tamper(
            "select pg_terminate_backend(pid) from pg_stat_activity \
             where datname = current_database() and pid <> pg_backend_pid()",
        )
        .await;

    // Each connection of the pool may be found dead once.
    for _ in 0..=Options::default().connections_max {
        match ground.store.commit(&[commit("o", 1)]).await {
            Ok(_) => break,
            Err(fault) => assert!(matches!(fault, StoreFault::Busy(_)), "{fault}"),
        }
    }

    assert_eq!(ground.store.version(&key("o")).await.unwrap(), 2);
}
