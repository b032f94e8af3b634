//! Many orders at once, as at an import: all are there, once. How fast is printed, not judged.

use super::{
    book::Book,
    caller::{Caller, Server, Wish},
    scaled,
};
use crate::world::{Database, World, facts};
use app::world::Stopwatch;
use reqwest::{Method, StatusCode};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::task::JoinSet;

/// Orders to put in.
const ORDERS: usize = 5_000;
/// Connections.
const CONNECTIONS: usize = 32;

/// Puts in the next order until there are enough; says how long each took.
async fn put_in(
    world: &World,
    caller: &Caller,
    next: &AtomicUsize,
    orders: usize,
) -> Vec<Duration> {
    let mut times = Vec::new();
    loop {
        let n = next.fetch_add(1, Ordering::Relaxed);
        if n >= orders {
            return times;
        }
        let order_id = format!("42{n:06}");
        let wish = Wish {
            token: world.owner.clone(),
            method: Method::PUT,
            path: format!("/api/v1/orders/{order_id}"),
            body: facts(world, &order_id, &format!("oB{}", n % 997), 5_900, 2).to_string(),
            key: format!("import-{n}"),
            order_id,
            seen: None,
            kinds: &["order_recorded"],
        };
        let watch = Stopwatch::start();
        let (status, answer) = caller.ask(&wish, 0).await;
        times.push(watch.elapsed());
        assert_eq!(status, StatusCode::CREATED, "{answer}");
    }
}

async fn all_orders_of_an_import_are_there(database: Database) {
    let world = Arc::new(World::new(database).await);
    let (orders, next) = (scaled(ORDERS), Arc::new(AtomicUsize::new(0)));
    let caller = Caller::new(vec![world.base.clone()], Server::Stays);
    let (watch, mut putting) = (Stopwatch::start(), JoinSet::new());
    for _ in 0..CONNECTIONS {
        let (world, caller, next) = (Arc::clone(&world), caller.clone(), Arc::clone(&next));
        putting.spawn(async move { put_in(&world, &caller, &next, orders).await });
    }
    let mut times: Vec<Duration> = putting.join_all().await.into_iter().flatten().collect();
    let took = watch.elapsed();

    times.sort_unstable();
    println!(
        "{database:?}: {orders} orders over {CONNECTIONS} connections in {took:?}, {:.0}/s; \
         median {:?}, p99 {:?}, longest {:?}",
        orders as f64 / took.as_secs_f64(),
        times[orders / 2],
        times[orders * 99 / 100],
        times[orders - 1],
    );
    let book = Book::open(world.app.desk.store()).await;
    assert_eq!(book.len(), orders);
    book.keeps(&caller.ledger.lines().promises);
    book.views_agree(world.app.desk.store()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_orders_of_an_import_are_there_on_sqlite() {
    all_orders_of_an_import_are_there(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_orders_of_an_import_are_there_on_postgres() {
    all_orders_of_an_import_are_there(Database::Postgres).await;
}
