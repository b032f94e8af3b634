//! Sixty-four callers at once on a few orders of a few buyers, through one door or two, with the
//! workers at work and the channel in foul weather: nothing is lost, nothing is done twice, no cap
//! is passed.

use super::{
    book::Book,
    caller::{Caller, Server, Wish},
    calm::until_calm,
    deeds::{application, deed_of, fen},
    dice::Dice,
    door::second,
    scaled,
};
use crate::world::{Database, MCHID, World};
use app::{access::people::Office, workers};
use domain::moment::Span;
use reqwest::{Method, StatusCode};
use sandbox::{
    books::transaction::Transaction,
    faults::{Call, Fault, Kind, Scope},
};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{sync::watch, task::JoinSet};

/// How many ask at once.
const CALLERS: usize = 64;
/// How often each does something.
const DEEDS_EACH: usize = 24;
/// How many buyers there are, and how many orders each has.
const BUYERS: usize = 4;
const ORDERS_EACH: usize = 5;
/// The yearly cap: about half of what a buyer has paid.
const YEARLY_MINOR: i64 = 30_000;
/// What the two payments of an order brought.
const TENDERS_MINOR: [i64; 2] = [8_000, 4_600];

/// Who does something.
#[derive(Clone, Copy)]
enum Role {
    Buyer,
    Merchant,
    Arbiter,
}

/// A case that callers know of.
#[derive(Clone)]
struct Seat {
    case_id: String,
    buyer: usize,
    order_id: String,
}

struct Arena {
    world: World,
    caller: Caller,
    buyers: Vec<String>,
    merchants: Vec<String>,
    arbiter: String,
    cases: Mutex<Vec<Seat>>,
    keys: AtomicU64,
}

impl Arena {
    async fn new(world: World, doors: Vec<String>) -> Self {
        let policy = world.get(&world.owner, "/api/v1/policy").await.1;
        let text = policy["text"].as_str().unwrap();
        let text = text
            .replace("yearly_minor = 50_000_000", &format!("yearly_minor = {YEARLY_MINOR}"))
            .replace("applications_per_item = 5", "applications_per_item = 100")
            .replace("risk_cases = 10", "risk_cases = 10_000");
        let draft = json!({"text": text, "note": "小额"});
        let (status, answer) = world.post(&world.owner, "/api/v1/policy", &draft).await;
        assert!(status.is_success(), "{answer}");
        let shop = json!({"name": "茶铺", "account_verified": true, "approval_limit": fen(9_000)});
        let (status, answer) = world.send(Method::PUT, &world.owner, "/api/v1/shop", &shop).await;
        assert!(status.is_success(), "{answer}");
        let agent = world.person("lin", Office::Agent).await;
        let supervisor = world.person("zhao", Office::Supervisor).await;
        let arbiter = world.person("bao", Office::Arbiter).await;
        let mut buyers = Vec::new();
        for buyer in 0..BUYERS {
            buyers.push(world.buyer(&format!("oB{buyer}")).await);
            for order in 0..ORDERS_EACH {
                put_in(&world, buyer, order).await;
            }
        }
        let merchants = vec![world.owner.clone(), agent, supervisor];
        let caller = Caller::new(doors, Server::Stays);
        let (cases, keys) = (Mutex::default(), AtomicU64::new(0));
        Self { world, caller, buyers, merchants, arbiter, cases, keys }
    }

    /// One caller: the same seed wants the same things, whatever the others do.
    async fn call(&self, seed: u64) {
        let mut dice = Dice::new(seed);
        for _ in 0..scaled(DEEDS_EACH) {
            let known = { dice.one_of(&self.cases.lock().unwrap()).cloned() };
            match known {
                Some(_) | None if dice.one_in(4) => self.open(&mut dice).await,
                None => self.open(&mut dice).await,
                Some(_) if dice.one_in(16) => self.record(&mut dice).await,
                Some(seat) => self.act(&seat, &mut dice).await,
            }
        }
    }

    fn wish(&self, (token, order_id): (&str, &str), path: String, body: &Value) -> Wish {
        let key = format!("key-{}", self.keys.fetch_add(1, Ordering::Relaxed));
        Wish {
            token: token.to_owned(),
            method: Method::POST,
            path,
            body: body.to_string(),
            key,
            order_id: order_id.to_owned(),
            seen: None,
            kinds: &[],
        }
    }

    async fn open(&self, dice: &mut Dice) {
        let (buyer, order) = (dice.below(BUYERS), dice.below(ORDERS_EACH));
        let order_id = order_id(buyer, order);
        let path = format!("/api/v1/orders/{order_id}/cases");
        let mut wish = self.wish((&self.buyers[buyer], &order_id), path, &application(dice));
        wish.kinds = &["opened"];
        let Some(case) = self.ask(&wish, dice).await else { return };
        let case_id = case["case_id"].as_str().unwrap().to_owned();
        self.cases.lock().unwrap().push(Seat { case_id, buyer, order_id });
    }

    /// The shop tells the facts of an order anew, each time others.
    async fn record(&self, dice: &mut Dice) {
        let (buyer, order) = (dice.below(BUYERS), dice.below(ORDERS_EACH));
        let mut facts = facts(&self.world, buyer, order);
        facts["items"][0]["title"] = json!(format!("手工陶瓷杯 {}", dice.throw()));
        let order_id = order_id(buyer, order);
        let path = format!("/api/v1/orders/{order_id}");
        let mut wish = self.wish((&self.world.owner, &order_id), path, &facts);
        (wish.method, wish.kinds) = (Method::PUT, &["order_recorded"]);
        self.ask(&wish, dice).await;
    }

    /// Does one of the things that this role may do with a case now.
    async fn act(&self, seat: &Seat, dice: &mut Dice) {
        let role = dice.one_of(&[Role::Buyer, Role::Merchant, Role::Merchant, Role::Arbiter]);
        let token = match role {
            Some(Role::Buyer) | None => &self.buyers[seat.buyer],
            Some(Role::Merchant) => &self.merchants[dice.below(self.merchants.len())],
            Some(Role::Arbiter) => &self.arbiter,
        };
        let path = format!("/api/v1/cases/{}", seat.case_id);
        let case = self.caller.get(token, &path, dice.below(2)).await;
        let allowed = case["allowed_actions"].as_array().cloned().unwrap_or_default();
        let allowed: Vec<_> = allowed.iter().filter_map(|a| deed_of(a.as_str()?)).collect();
        let Some(deed) = dice.one_of(&allowed) else { return };
        let path = format!("{path}/{}", deed.verb);
        let mut wish = self.wish((token, &seat.order_id), path, &deed.body(dice));
        wish.kinds = deed.kinds;
        wish.seen = case["version"].as_u64().filter(|_| dice.one_in(4));
        self.ask(&wish, dice).await;
    }

    /// Asks once, or twice at the same moment with the same key: both answers are one.
    async fn ask(&self, wish: &Wish, dice: &mut Dice) -> Option<Value> {
        let door = dice.below(self.caller.doors());
        if !dice.one_in(4) {
            let (status, answer) = self.caller.ask(wish, door).await;
            return status.is_success().then_some(answer);
        }
        let first = self.caller.ask(wish, door);
        let second = self.caller.ask(wish, door + 1);
        let ((one, first), (two, second)) = tokio::join!(first, second);
        if one.is_success() && two.is_success() {
            assert_eq!(first["version"], second["version"], "{wish:?}");
            assert_eq!(first["case_id"], second["case_id"], "{wish:?}");
        }
        one.is_success().then_some(first).or_else(|| two.is_success().then_some(second))
    }

    /// Every command again with its key: the first answer, and nothing new. Another body under
    /// the same key is refused.
    async fn ask_all_again(&self) {
        for promise in self.caller.ledger.lines().promises {
            let (status, answer) = self.caller.until_answered(&promise.wish, 0).await;
            assert!(status.is_success(), "{promise:?}: {status} {answer}");
            assert_eq!(answer["version"], promise.version, "{promise:?}");
            if promise.version % 16 == 0 && promise.wish.path.ends_with("/messages") {
                let body = json!({"text": "另一条"}).to_string();
                let other = Wish { body, ..promise.wish };
                let (status, answer) = self.caller.until_answered(&other, 0).await;
                assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{other:?}");
                assert_eq!(answer["code"], "idempotency_key_reused");
            }
        }
    }
}

fn order_id(buyer: usize, order: usize) -> String {
    format!("37{buyer:02}{order:03}")
}

fn transaction_id(order_id: &str, tender: usize) -> String {
    format!("42{tender}{order_id:0>25}")
}

/// Three things, delivery, two payments.
fn facts(world: &World, buyer: usize, order: usize) -> Value {
    let now = world.app.desk.now();
    let order_id = order_id(buyer, order);
    let item = |n: usize| {
        json!({"item_id": format!("A{n}"), "title": "手工陶瓷杯", "category": "ordinary",
            "unit_price": fen(4_000), "quantity": 1})
    };
    let tender = |n: usize| {
        json!({"transaction_id": transaction_id(&order_id, n), "channel": "wechat_pay",
            "account": "balance", "amount": fen(TENDERS_MINOR[n]),
            "paid_at": now.before(Span::days(3))})
    };
    json!({
        "order_id": order_id, "buyer_id": format!("oB{buyer}"), "currency": "CNY",
        "placed_at": now.before(Span::days(3)), "progress": "completed",
        "items": [item(1), item(2), item(3)], "freight": fen(600),
        "tenders": [tender(0), tender(1)], "signed_at": now.before(Span::days(1)),
    })
}

async fn put_in(world: &World, buyer: usize, order: usize) {
    let order_id = order_id(buyer, order);
    for (n, total) in TENDERS_MINOR.into_iter().enumerate() {
        let id = transaction_id(&order_id, n);
        let mut payment = Transaction::new(&id, &id, MCHID, total);
        payment.paid_at_ms = world.sandbox.now_ms() - 3 * 86_400_000;
        world.sandbox.put_transaction(payment).unwrap();
    }
    let path = format!("/api/v1/orders/{order_id}");
    let facts = facts(world, buyer, order);
    let (status, answer) = world.send(Method::PUT, &world.owner, &path, &facts).await;
    assert!(status.is_success(), "{answer}");
}

/// Everything that goes wrong between the channel and us without changing what becomes of a
/// refund.
fn foul_weather() -> Vec<Kind> {
    vec![
        Kind::SilenceBefore,
        Kind::NoticeDuplicate,
        Kind::SilenceAfter,
        Kind::NoticeHeld,
        Kind::FrequencyLimitedBefore,
        Kind::FrequencyLimitedAfter,
        Kind::NoticeLate { seconds: 30 },
        Kind::SystemErrorBefore,
        Kind::SystemErrorAfter,
        Kind::NoticeLost,
        Kind::BadGatewayBefore,
        Kind::BadGatewayAfter,
        Kind::NoticeProbe,
        Kind::AnswerProbe,
        Kind::AnswerWrongSerial,
        Kind::NoticeStale,
        Kind::AnswerStale,
        Kind::AnswerTampered,
        Kind::NoticeBeforeAnswer,
    ]
}

/// All callers at once, while the workers work and the channel posts its notices.
async fn let_loose(arena: &Arc<Arena>, seed: u64) {
    let mut callers = JoinSet::new();
    for n in 0..CALLERS as u64 {
        let arena = Arc::clone(arena);
        callers.spawn(async move { arena.call(seed << 8 | n).await });
    }
    let notices = Arc::clone(arena);
    let ticking = tokio::spawn(async move {
        for kind in foul_weather().into_iter().cycle() {
            let scope = Scope::Next(1);
            notices.world.sandbox.add_fault(Fault { kind, scope, call: Call::Any });
            notices.world.sandbox.tick().await;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    while let Some(done) = callers.join_next().await {
        done.unwrap();
    }
    ticking.abort();
    arena.world.sandbox.clear_faults();
}

async fn money_is_right_under_races(database: Database, processes: usize) {
    let world = World::new(database).await;
    let (stop, stopped) = watch::channel(false);
    let (mut apps, mut doors) = (vec![Arc::clone(&world.app)], vec![world.base.clone()]);
    for _ in 1..processes {
        let (app, base) = second(&world, &stopped).await;
        apps.push(app);
        doors.push(base);
    }
    let arena = Arc::new(Arena::new(world, doors).await);
    let mut working: Vec<_> = apps.iter().map(|app| workers::start(app, &stopped)).collect();
    let watch = app::world::Stopwatch::start();

    let_loose(&arena, 20_260_731).await;
    let took = watch.elapsed();
    stop.send(true).unwrap();
    for workers in &mut working {
        while let Some(done) = workers.join_next().await {
            done.unwrap();
        }
    }
    let World { app, sandbox, .. } = &arena.world;
    let book = until_calm(app, sandbox).await;

    let lines = arena.caller.ledger.lines();
    let bitten: BTreeSet<&str> = lines.refusals.keys().map(String::as_str).collect();
    println!(
        "{database:?} x{processes}: {} commands acknowledged, {} refused, {} busy in {took:?}; \
         {} records, {} cases, {} refunds; {:?}",
        lines.promises.len(),
        lines.refusals.values().sum::<u64>(),
        lines.busy,
        book.len(),
        book.cases().count(),
        book.refunds().count(),
        lines.refusals,
    );
    right(&arena, &book).await;
    assert!(bitten.contains("above_year"), "the yearly cap never bit: {:?}", lines.refusals);
    arena.ask_all_again().await;
    let after = Book::open(app.desk.store()).await;
    assert_eq!(after.len(), book.len(), "asking again did something");
}

/// What must be true whatever came first.
async fn right(arena: &Arena, book: &Book) {
    let store = arena.world.app.desk.store();
    book.keeps(&arena.caller.ledger.lines().promises);
    book.numbers_differ();
    book.caps_hold(store, YEARLY_MINOR).await;
    book.nothing_is_stuck();
    book.equals(&arena.world.sandbox.books());
    book.views_agree(store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn money_is_right_when_all_ask_at_once_on_sqlite() {
    money_is_right_under_races(Database::Sqlite, 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn money_is_right_when_all_ask_at_once_on_postgres() {
    money_is_right_under_races(Database::Postgres, 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn money_is_right_when_all_ask_two_processes_at_once() {
    money_is_right_under_races(Database::Postgres, 2).await;
}
