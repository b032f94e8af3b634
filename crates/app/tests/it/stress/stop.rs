//! Told to stop, the process answers what is under way, takes nothing new, and ends.

use super::{
    book::Book,
    child::{Child, free_port, nobody_panicked},
    ground::{Ground, quick},
};
use crate::world::{Database, SHOP};
use app::world::WallClock;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

/// Requests that are half sent when the process is told to stop.
const UNDER_WAY: usize = 16;
/// Callers who go on asking over connections they keep.
const HAMMERS: usize = 8;
/// How long it may take to stop once everything under way has been sent. The drain itself may
/// take 20 seconds; nobody here is that slow.
const END_MAX: Duration = Duration::from_secs(10);

/// The head of a request and its body in two halves.
fn halves(ground: &Ground, n: usize) -> (String, String) {
    let order_id = format!("39{n:06}");
    let body = ground.order(&order_id, "oB1", 5_900).to_string();
    let head = format!(
        "PUT /api/v1/orders/{order_id} HTTP/1.1\r\nhost: wanbi\r\nauthorization: Bearer {}\r\n\
         wanbi-shop: {SHOP}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        ground.owner,
        body.len()
    );
    let half = (0..=body.len() / 2).rev().find(|at| body.is_char_boundary(*at)).unwrap();
    let (first, second) = body.split_at(half);
    (format!("{head}{first}"), second.to_owned())
}

/// Puts orders in, one after the other, until the connection is refused or closed.
async fn hammer(ground: &Ground, base: &str, n: usize, answered: &AtomicUsize) {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for round in 0.. {
        let order_id = format!("40{n:03}{round:06}");
        let facts = ground.order(&order_id, "oB2", 5_900);
        let request =
            http.put(format!("{base}/api/v1/orders/{order_id}")).bearer_auth(&ground.owner);
        let Ok(answer) = request.json(&facts).send().await else { return };
        assert!(answer.status().is_success(), "{answer:?}");
        answered.fetch_add(1, Ordering::Relaxed);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_under_way_are_answered_before_the_process_ends() {
    let ground = Arc::new(Ground::new(Database::Sqlite, quick()).await);
    let mut child = Child::start(&ground, free_port());
    child.ready().await;
    let address = child.base.trim_start_matches("http://").to_owned();
    let mut half_sent = Vec::new();
    for n in 0..UNDER_WAY {
        let (first, second) = halves(&ground, n);
        let mut stream = TcpStream::connect(&address).await.unwrap();
        stream.write_all(first.as_bytes()).await.unwrap();
        half_sent.push((stream, second));
    }
    let (answered, mut hammers) = (Arc::new(AtomicUsize::new(0)), JoinSet::new());
    for n in 0..HAMMERS {
        let (ground, base, answered) =
            (Arc::clone(&ground), child.base.clone(), Arc::clone(&answered));
        hammers.spawn(async move { hammer(&ground, &base, n, &answered).await });
    }
    tokio::time::sleep(Duration::from_millis(300)).await;

    child.terminate();
    while let Some(done) = hammers.join_next().await {
        done.unwrap();
    }
    while TcpStream::connect(&address).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    for (mut stream, second) in half_sent {
        stream.write_all(second.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    }
    let (status, took) = child.ended().await;

    println!("stopped {took:?} after the last answer; {answered:?} others answered before");
    assert_eq!(status.code(), Some(0));
    assert!(took < END_MAX, "{took:?}");
    let app = ground.app(&Arc::new(WallClock::default())).await;
    let book = Book::open(app.desk.store()).await;
    assert!(book.len() >= UNDER_WAY + answered.load(Ordering::Relaxed));
    for n in 0..UNDER_WAY {
        assert_eq!(book.order(&format!("39{n:06}")).version, 1);
    }
    nobody_panicked(&ground);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_who_asks_nothing_does_not_keep_the_process_from_ending() {
    let ground = Ground::new(Database::Sqlite, quick()).await;
    let mut child = Child::start(&ground, free_port());
    child.ready().await;
    let address = child.base.trim_start_matches("http://").to_owned();
    let silent = TcpStream::connect(&address).await.unwrap();
    let mut stalled = TcpStream::connect(&address).await.unwrap();
    stalled.write_all(b"PUT /api/v1/orders/1 HTTP/1.1\r\nhost:").await.unwrap();

    child.terminate();
    let (status, took) = child.ended().await;

    println!("stopped {took:?} after it was told to, beside a silent and a stalled caller");
    assert_eq!(status.code(), Some(0));
    assert!(took < Duration::from_secs(22), "{took:?}");
    drop((silent, stalled));
}
