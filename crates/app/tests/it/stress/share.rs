//! Two processes share the work of one database: each refund is carried out once, by either; what
//! one leaves behind when it is killed the other takes over.

use super::{
    book::Book,
    caller::{Caller, Server, Wish},
    calm::{pass, until_calm},
    child::{Child, free_port, nobody_panicked},
    ground::{Ground, quick, shop_id},
    scaled,
};
use crate::world::{Database, refund_of_one, settle};
use app::{assembly::App, server, world::WallClock};
use domain::moment::Span;
use engine::{
    pump::{LEASE, pump_once},
    rows::{EffectFilter, EffectState},
};
use reqwest::Method;
use sandbox::{
    config::Pace,
    faults::{Call, Fault, Kind, Scope},
};
use serde_json::{Value, json};
use std::{ops::Range, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::watch, task::JoinSet};

/// Refunds to share.
const REFUNDS: usize = 200;
/// Refunds that are under way when the process is killed.
const LEFT_BEHIND: usize = 20;
/// The clock runs ahead so far while the refunds are ordered, so that they all fall due only when
/// both processes are ready.
const AHEAD: Span = Span::seconds(8);
/// How long the processes may take to carry them out.
const PATIENCE: Duration = Duration::from_secs(60);

/// A house without workers: it takes orders and decisions, and leaves the refunds to others.
struct Office {
    ground: Arc<Ground>,
    app: Arc<App>,
    clock: Arc<WallClock>,
    caller: Caller,
    _stop: watch::Sender<bool>,
}

impl Office {
    async fn new(pace: Pace) -> Arc<Self> {
        let ground = Arc::new(Ground::new(Database::Postgres, pace).await);
        let clock = Arc::new(WallClock::default());
        let app = ground.app(&clock).await;
        let (stop, stopped) = watch::channel(false);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(server::serve(listener, server::service(Arc::clone(&app), 1_024), stopped));
        let caller = Caller::new(vec![base], Server::Stays);
        Arc::new(Self { ground, app, clock, caller, _stop: stop })
    }

    async fn ask(
        &self,
        who: &str,
        n: usize,
        (method, path, body): (Method, &str, &Value),
    ) -> Value {
        let order_id = format!("41{n:06}");
        let kinds = &["order_recorded", "opened", "approved"];
        let wish = Wish {
            token: who.to_owned(),
            method,
            path: path.to_owned(),
            body: body.to_string(),
            key: format!("{n} {path}"),
            order_id,
            seen: None,
            kinds,
        };
        let (status, answer) = self.caller.ask(&wish, 0).await;
        assert!(status.is_success(), "{status} {answer}");
        answer
    }

    /// An order with an application.
    async fn apply(&self, n: usize) -> String {
        let (order_id, buyer_id) = (format!("41{n:06}"), format!("oB{n}"));
        let facts = self.ground.order(&order_id, &buyer_id, 1_000 + n as i64);
        let path = format!("/api/v1/orders/{order_id}");
        self.ask(&self.ground.owner, n, (Method::PUT, &path, &facts)).await;
        let asked = refund_of_one("不喜欢");
        let (buyer, path) = (self.ground.buyer(&buyer_id), format!("{path}/cases"));
        let case = self.ask(&buyer, n, (Method::POST, &path, &asked)).await;
        case["case_id"].as_str().unwrap().to_owned()
    }

    async fn approve(&self, n: usize, case_id: &str) {
        let path = format!("/api/v1/cases/{case_id}/approve");
        self.ask(&self.ground.owner, n, (Method::POST, &path, &json!({}))).await;
    }

    /// So many orders with applications, then all of them approved.
    async fn order_refunds(self: &Arc<Self>, which: Range<usize>, ahead: Span) {
        let mut applying = JoinSet::new();
        for n in which {
            let office = Arc::clone(self);
            applying.spawn(async move { (n, office.apply(n).await) });
        }
        let applied = applying.join_all().await;
        self.clock.move_forward(ahead);
        let mut approving = JoinSet::new();
        for (n, case_id) in applied {
            let office = Arc::clone(self);
            approving.spawn(async move { office.approve(n, &case_id).await });
        }
        approving.join_all().await;
    }

    /// So many refunds are in the channel's books, and the cases they belong to are closed.
    async fn carried_out(&self, refunds: usize) -> bool {
        let known = self.ground.sandbox.books().refunds().count();
        assert!(known <= refunds, "the channel knows {known} refunds");
        let book = Book::open(self.app.desk.store()).await;
        known == refunds && book.cases().filter(|case| !case.is_open()).count() >= refunds
    }

    async fn effects(&self, state: EffectState) -> usize {
        let filter =
            EffectFilter { shop_id: shop_id(), state: Some(state), after: None, limit: 200 };
        self.app.desk.store().effects(&filter).await.unwrap().rows.len()
    }

    async fn all_is_right(&self) {
        let Ground { sandbox, .. } = &*self.ground;
        let book = until_calm(&self.app, sandbox).await;
        book.keeps(&self.caller.ledger.lines().promises);
        book.numbers_differ();
        book.equals(&sandbox.books());
        book.views_agree(self.app.desk.store()).await;
        assert!(book.cases().all(|case| !case.is_open()));
        nobody_panicked(&self.ground);
    }
}

/// Waits until something is so.
async fn until(what: &str, patience: Duration, mut is_so: impl AsyncFnMut() -> bool) {
    let watch = app::world::Stopwatch::start();
    while !is_so().await {
        assert!(watch.elapsed() < patience, "{what}: not after {patience:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// How many effects a process has carried out.
async fn carried_out_by(child: &Child) -> usize {
    let metrics = reqwest::get(format!("{}/metrics", child.base)).await.unwrap();
    let metrics = metrics.text().await.unwrap();
    let mut counts = metrics.lines().filter_map(|line| {
        line.strip_prefix("wanbi_effects_carried_out_total ").and_then(|n| n.parse().ok())
    });
    counts.next().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_carry_out_each_refund_once() {
    let office = Office::new(quick()).await;
    let refunds = scaled(REFUNDS);
    office.order_refunds(0..refunds, AHEAD).await;
    let mut first = Child::start(&office.ground, free_port());
    let mut second = Child::start(&office.ground, free_port());
    tokio::join!(first.ready(), second.ready());

    until("all refunds are carried out", PATIENCE, async || office.carried_out(refunds).await)
        .await;

    let (one, two) = (carried_out_by(&first).await, carried_out_by(&second).await);
    println!("{refunds} refunds: {one} effects carried out by one process, {two} by the other");
    assert_eq!(one + two, refunds, "each effect is claimed once");
    assert!(one > 0 && two > 0, "one process did all the work: {one} and {two}");
    office.all_is_right().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_killed_process_left_is_taken_over_after_the_lease() {
    let silent = Pace { silence: Duration::from_secs(600), ..quick() };
    let office = Office::new(silent).await;
    let sandbox = &office.ground.sandbox;
    let mute = |kind| Fault { kind, scope: Scope::Next(LEFT_BEHIND as u32 / 2), call: Call::Apply };
    sandbox.add_fault(mute(Kind::SilenceAfter));
    sandbox.add_fault(mute(Kind::SilenceBefore));
    office.order_refunds(0..LEFT_BEHIND, Span::seconds(0)).await;
    let mut child = Child::start(&office.ground, free_port());
    until("all are asked for and half of them are done", PATIENCE, async || {
        sandbox.books().refunds().count() == LEFT_BEHIND / 2
            && office.effects(EffectState::Leased).await == LEFT_BEHIND
    })
    .await;

    child.kill();
    sandbox.clear_faults();
    let pumped = pump_once(&office.app.desk, &office.app.channel, 64).await.unwrap();
    assert_eq!(pumped, 0, "the leases of the dead still hold");
    pass(&office.app, sandbox, Span::from_ms(LEASE.ms() + 1_000)).await;
    settle(&office.app, sandbox).await;

    assert_eq!(sandbox.books().refunds().count(), LEFT_BEHIND);
    assert_eq!(office.effects(EffectState::Leased).await, 0);
    office.all_is_right().await;
}

/// The client waits ten seconds for an answer; others do not wait with it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_without_an_answer_holds_up_no_other() {
    let silent = Pace { silence: Duration::from_secs(600), ..quick() };
    let office = Office::new(silent).await;
    let scope = Scope::Next(1);
    let mute = Fault { kind: Kind::SilenceBefore, scope, call: Call::Apply };
    office.ground.sandbox.add_fault(mute);
    office.order_refunds(0..1, Span::seconds(0)).await;
    let mut child = Child::start(&office.ground, free_port());
    child.ready().await;
    until("the first is under way", PATIENCE, async || {
        office.effects(EffectState::Leased).await == 1
    })
    .await;

    office.order_refunds(1..9, Span::seconds(0)).await;

    until("the others are carried out", Duration::from_secs(6), async || {
        office.ground.sandbox.books().refunds().count() == 8
    })
    .await;
    child.kill();
    office.all_is_right().await;
}
