//! People at work, one story after the other: an order, an application, a decision, money back.
//! When they stop, the books are balanced.

use super::{
    book::Book,
    caller::{Caller, Lines, Server, Wish},
    calm::until_calm,
    child::{Child, nobody_panicked},
    deeds::fen,
    dice::Dice,
    ground::{Ground, quick},
};
use crate::world::{Database, refund_of_one};
use app::{
    server,
    world::{Stopwatch, WallClock},
};
use reqwest::Method;
use serde_json::{Value, json};
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{net::TcpListener, sync::watch};

/// How long cases may take to close by themselves before the process is told to stop.
const LAST_LIFE: Duration = Duration::from_secs(3);

/// People at work.
pub struct Crew {
    pub ground: Ground,
    pub caller: Caller,
    /// How long each command took until it was answered, since somebody last looked.
    pub times: Mutex<Vec<Duration>>,
    orders: AtomicU64,
    keys: AtomicU64,
    enough: AtomicBool,
}

/// What a story was about.
pub struct Told {
    pub order_id: String,
    /// The buyer's token.
    pub buyer: String,
    pub case: String,
}

/// What the books said in the end.
pub struct Reckoned {
    pub lines: Lines,
    pub book: Book,
    /// Cases that had closed before time was moved.
    pub closed_by_themselves: usize,
}

impl Crew {
    /// People on a ground of their own, who ask at this port.
    pub async fn new(database: Database, port: u16) -> Arc<Self> {
        let caller = Caller::new(vec![format!("http://127.0.0.1:{port}")], Server::Dies);
        let ground = Ground::new(database, quick()).await;
        let (times, orders, keys, enough) = Default::default();
        Arc::new(Self { ground, caller, times, orders, keys, enough })
    }

    /// One after the other: an order, an application, a decision, money back.
    pub async fn work(&self, seed: u64) {
        let mut dice = Dice::new(seed);
        while !self.are_told_to_stop() {
            self.story(&mut dice).await;
        }
    }

    /// Nobody begins another story.
    pub fn stop(&self) {
        self.enough.store(true, Ordering::Relaxed);
    }

    /// Whether nobody begins another story.
    pub fn are_told_to_stop(&self) -> bool {
        self.enough.load(Ordering::Relaxed)
    }

    /// How many stories have begun.
    pub fn begun(&self) -> u64 {
        self.orders.load(Ordering::Relaxed)
    }

    /// One story, with an order and a buyer of its own; answers with the case.
    pub async fn story(&self, dice: &mut Dice) -> Told {
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
        Told { order_id, buyer: buyer.clone(), case }
    }

    async fn open(&self, buyer: &str, order_id: &str) -> String {
        let asked = refund_of_one("不喜欢");
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
        let watch = Stopwatch::start();
        let (status, answer) = self.caller.ask(wish, 0).await;
        self.times.lock().unwrap().push(watch.elapsed());
        assert!(status.is_success(), "{wish:?}: {status} {answer}");
        answer
    }

    /// Stops the process once the last cases are closed, lets time pass until nothing more happens,
    /// and holds answers, log, rows and the channel's books against each other.
    pub async fn reckon(&self, mut child: Child, port: u16) -> Reckoned {
        tokio::time::sleep(LAST_LIFE).await;
        child.terminate();
        let (status, _) = child.ended().await;
        assert!(status.success(), "{status}");
        let app = self.ground.app(&Arc::new(WallClock::default())).await;
        let by_themselves = Book::open(app.desk.store()).await;
        let closed_by_themselves = by_themselves.cases().filter(|case| !case.is_open()).count();
        let (_stop, stopped) = watch::channel(false);
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        tokio::spawn(server::serve(listener, server::service(Arc::clone(&app), 64), stopped));
        let book = until_calm(&app, &self.ground.sandbox).await;
        let lines = self.caller.ledger.lines();
        book.keeps(&lines.promises);
        book.numbers_differ();
        book.caps_hold(app.desk.store(), 50_000_000).await;
        book.equals(&self.ground.sandbox.books());
        book.views_agree(app.desk.store()).await;
        let open: Vec<_> = book.cases().filter(|case| case.is_open()).collect();
        assert!(open.is_empty(), "{open:?}");
        nobody_panicked(&self.ground);
        Reckoned { lines, book, closed_by_themselves }
    }
}
