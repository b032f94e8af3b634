//! The process is killed at any moment, again and again, while people work: what was answered is
//! there, what was not is asked again, and money goes back once.

use super::{
    book::Book,
    caller::{Caller, Server, Wish},
    calm::until_calm,
    child::{Child, free_port, nobody_panicked},
    deeds::fen,
    dice::Dice,
    ground::{Ground, quick},
    setting,
};
use crate::world::Database;
use app::{server, world::WallClock};
use reqwest::Method;
use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{net::TcpListener, sync::watch, task::JoinSet};

/// How many work at once.
const CALLERS: u64 = 8;
/// A life is so long, in milliseconds, counted from the first answer.
const LIFE_MS: (i64, i64) = (100, 300);
/// How long cases may take to close by themselves after the last kill.
const LAST_LIFE: Duration = Duration::from_secs(3);

/// People at work.
struct Crew {
    ground: Ground,
    caller: Caller,
    orders: AtomicU64,
    keys: AtomicU64,
    enough: AtomicBool,
}

impl Crew {
    /// One after the other: an order, an application, a decision, money back.
    async fn work(&self, seed: u64) {
        let mut dice = Dice::new(seed);
        while !self.enough.load(Ordering::Relaxed) {
            self.story(&mut dice).await;
        }
    }

    async fn story(&self, dice: &mut Dice) {
        let no = self.orders.fetch_add(1, Ordering::Relaxed);
        let (order_id, buyer_id) = (format!("38{no:06}"), format!("oB{no}"));
        let (owner, buyer) = (&self.ground.owner, &self.ground.buyer(&buyer_id));
        let amount = dice.between(100, 20_000);
        let facts = self.ground.order(&order_id, &buyer_id, amount);
        let path = format!("/api/v1/orders/{order_id}");
        let mut wish = self.wish((owner, &order_id), &path, (&facts, &["order_recorded"]));
        wish.method = Method::PUT;
        self.done(&wish).await;
        let case = self.open(buyer, &order_id).await;
        match dice.below(10) {
            0 => {
                self.act((buyer, &order_id), &case, ("withdraw", json!({}), &["withdrawn"])).await;
                let case = self.open(buyer, &order_id).await;
                self.approve(&order_id, &case).await;
            }
            1 => {
                let terms =
                    json!({"amount": fen(amount / 2), "route": "original", "goods": "keep"});
                let offer = json!({"terms": terms, "note": "一半可以吗"});
                self.act((owner, &order_id), &case, ("offer", offer, &["offer_made"])).await;
                let accepted = ("accept-offer", json!({}), &["offer_accepted"] as &[_]);
                self.act((buyer, &order_id), &case, accepted).await;
            }
            2 => self.dispute(&order_id, &case, (buyer, amount)).await,
            _ => self.approve(&order_id, &case).await,
        }
    }

    async fn open(&self, buyer: &str, order_id: &str) -> String {
        let asked = json!({"type": "refund_only", "reason": "unwanted_dislike",
            "items": [{"item_id": "A1", "quantity": 1}], "description": "不喜欢"});
        let path = format!("/api/v1/orders/{order_id}/cases");
        let case = self.done(&self.wish((buyer, order_id), &path, (&asked, &["opened"]))).await;
        case["case_id"].as_str().unwrap().to_owned()
    }

    async fn approve(&self, order_id: &str, case: &str) {
        let owner = &self.ground.owner;
        self.act((owner, order_id), case, ("approve", json!({}), &["approved"])).await;
    }

    async fn dispute(&self, order_id: &str, case: &str, (buyer, amount): (&str, i64)) {
        let owner = (self.ground.owner.as_str(), order_id);
        let reason = json!({"reason": "不符合条件"});
        self.act(owner, case, ("reject", reason.clone(), &["rejected"])).await;
        self.act((buyer, order_id), case, ("escalate", reason, &["escalated"])).await;
        let terms = json!({"amount": fen(amount), "route": "original", "goods": "keep"});
        let ruling = json!({"terms": terms, "reason": "支持买家"});
        let arbiter = (self.ground.arbiter.as_str(), order_id);
        self.act(arbiter, case, ("rule", ruling, &["ruled"])).await;
    }

    async fn act(
        &self,
        who: (&str, &str),
        case: &str,
        (verb, body, kinds): (&str, Value, &'static [&'static str]),
    ) {
        let path = format!("/api/v1/cases/{case}/{verb}");
        self.done(&self.wish(who, &path, (&body, kinds))).await;
    }

    fn wish(
        &self,
        (token, order_id): (&str, &str),
        path: &str,
        (body, kinds): (&Value, &'static [&'static str]),
    ) -> Wish {
        Wish {
            token: token.to_owned(),
            method: Method::POST,
            path: path.to_owned(),
            body: body.to_string(),
            key: format!("key-{}", self.keys.fetch_add(1, Ordering::Relaxed)),
            order_id: order_id.to_owned(),
            seen: None,
            kinds,
        }
    }

    /// Nobody else is at this order, so whatever becomes of the process, a step that is possible
    /// is done in the end, and once.
    async fn done(&self, wish: &Wish) -> Value {
        let (status, answer) = self.caller.ask(wish, 0).await;
        assert!(status.is_success(), "{wish:?}: {status} {answer}");
        answer
    }
}

/// Kills the process so many times; answers with how long each start took.
async fn lives(crew: &Crew, port: u16, kills: usize) -> (Child, Vec<Duration>) {
    let mut dice = Dice::new(9);
    let mut child = Child::start(&crew.ground, port);
    let mut starts = vec![child.ready().await];
    for _ in 0..kills {
        let life = u64::try_from(dice.between(LIFE_MS.0, LIFE_MS.1)).unwrap();
        tokio::time::sleep(Duration::from_millis(life)).await;
        child.kill();
        child = Child::start(&crew.ground, port);
        starts.push(child.ready().await);
    }
    starts.sort_unstable();
    (child, starts)
}

async fn what_was_answered_outlives_the_process(database: Database, kills: usize) {
    let port = free_port();
    let caller = Caller::new(vec![format!("http://127.0.0.1:{port}")], Server::Dies);
    let (orders, keys, enough) = (AtomicU64::new(0), AtomicU64::new(0), AtomicBool::new(false));
    let ground = Ground::new(database, quick()).await;
    let crew = Arc::new(Crew { ground, caller, orders, keys, enough });
    let mut working = JoinSet::new();
    for n in 0..CALLERS {
        let crew = Arc::clone(&crew);
        working.spawn(async move { crew.work(n).await });
    }

    let (mut child, starts) = lives(&crew, port, kills).await;
    crew.enough.store(true, Ordering::Relaxed);
    while let Some(done) = working.join_next().await {
        done.unwrap();
    }
    tokio::time::sleep(LAST_LIFE).await;
    child.terminate();
    let (status, _) = child.ended().await;
    assert!(status.success(), "{status}");

    let clock = Arc::new(WallClock::default());
    let app = crew.ground.app(&clock).await;
    let by_themselves = Book::open(app.desk.store()).await;
    let (_stop, stopped) = watch::channel(false);
    let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    tokio::spawn(server::serve(listener, server::service(Arc::clone(&app), 64), stopped));
    let book = until_calm(&app, &crew.ground.sandbox).await;
    let lines = crew.caller.ledger.lines();
    println!(
        "{database:?}: {kills} kills, {} commands acknowledged, {} requests unanswered, {} busy, \
         {} records, {} cases ({} closed before time was moved), {} refunds; start: median {:?}, \
         longest {:?}",
        lines.promises.len(),
        lines.unanswered,
        lines.busy,
        book.len(),
        book.cases().count(),
        by_themselves.cases().filter(|case| !case.is_open()).count(),
        book.refunds().count(),
        starts[starts.len() / 2],
        starts[starts.len() - 1],
    );
    book.keeps(&lines.promises);
    book.numbers_differ();
    book.caps_hold(app.desk.store(), 50_000_000).await;
    book.equals(&crew.ground.sandbox.books());
    book.views_agree(app.desk.store()).await;
    let open: Vec<_> = book.cases().filter(|case| case.is_open()).collect();
    assert!(open.is_empty(), "{open:?}");
    nobody_panicked(&crew.ground);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_outlives_the_process_on_sqlite() {
    let kills = setting("WANBI_TEST_KILLS").unwrap_or(60);
    what_was_answered_outlives_the_process(Database::Sqlite, kills).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_outlives_the_process_on_postgres() {
    let kills = setting("WANBI_TEST_KILLS").unwrap_or(40);
    what_was_answered_outlives_the_process(Database::Postgres, kills).await;
}
