//! A shop with ten thousand cases: how long the pages of its queue take, and what they weigh. How
//! fast is printed, not judged; that it stays a page is.

use super::scaled;
use crate::{
    pages::visitor::Visitor,
    world::{Database, SHOP, World, facts},
};
use app::{access::people::Office, world::Stopwatch, world::new_command_id};
use domain::{
    actor::Actor,
    case::{Marks, Tier},
    command::{Act, Command, Filing},
    facts::Facts,
    id::{BuyerId, CaseId, KeyId, OrderId, ShopId},
    moment::Span,
};
use engine::{desk::Envelope, follow::follow_once, rows::StreamKey};
use serde_json::json;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::task::JoinSet;

/// Cases of the shop.
const CASES: usize = 10_000;
/// Given at once.
const AT_ONCE: usize = 64;
/// How often each page is asked for.
const ASKED: usize = 15;
/// A page of the queue weighs no more than this, however long the queue is.
const BYTES_MAX: usize = 400_000;
/// And on the wire.
const COMPRESSED_MAX: usize = 60_000;

/// Gives a command over the desk, which is the way of every command.
async fn give(world: &World, order_id: &str, command: Command, by: Actor) -> CaseId {
    let command_id = new_command_id();
    let key = StreamKey {
        shop_id: ShopId::parse(SHOP).unwrap(),
        order_id: OrderId::parse(order_id).unwrap(),
    };
    let (receipt, expected, settles) = (None, None, None);
    let envelope = Envelope { key, command, command_id, by, receipt, expected, settles };
    world.app.desk.handle(envelope).await.unwrap();
    CaseId::opened_by(command_id)
}

/// An order with a case on it; some of the cases are sorted, some refused, some withdrawn.
async fn one(world: &World, n: usize) {
    let (order_id, buyer_id) = (format!("55{n:06}"), format!("oQ{n}"));
    let fen = 1_000 + i64::try_from(n * 37 % 90_000).unwrap();
    let told: Facts = serde_json::from_value(facts(world, &order_id, &buyer_id, fen, 2)).unwrap();
    let shop = || Actor::Key(KeyId::parse("erp").unwrap());
    give(world, &order_id, Command::RecordOrder(Box::new(told)), shop()).await;
    let application = json!({"type": "return_and_refund", "reason": "unwanted_seven_days",
        "items": [{"item_id": "A1", "quantity": 1}],
        "description": format!("第{n}位买家：杯子和图片不一样，颜色偏深，想退掉，请尽快处理，谢谢")});
    let filing = Filing {
        application: serde_json::from_value(application).unwrap(),
        evidence_kinds: Vec::new(),
    };
    let buyer = Actor::Buyer(BuyerId::parse(&buyer_id).unwrap());
    let case_id = give(world, &order_id, Command::Open(Box::new(filing)), buyer.clone()).await;
    let (act, by) = match n % 5 {
        0 => {
            let tags = vec!["破损".to_owned()];
            let marks = Marks { assignee: None, tags, tier: Tier::Difficult };
            (Act::Mark { marks }, shop())
        }
        1 => (Act::Withdraw, buyer),
        2 => (Act::Reject { reason: "照片里看不出问题".to_owned() }, shop()),
        _ => return,
    };
    give(world, &order_id, Command::Case { case_id, act }, by).await;
}

async fn fill(world: &Arc<World>, cases: usize) {
    let (next, mut filling) = (Arc::new(AtomicUsize::new(0)), JoinSet::new());
    for _ in 0..AT_ONCE {
        let (world, next) = (Arc::clone(world), Arc::clone(&next));
        filling.spawn(async move {
            loop {
                let n = next.fetch_add(1, Ordering::Relaxed);
                if n >= cases {
                    return;
                }
                one(&world, n).await;
            }
        });
    }
    while let Some(filled) = filling.join_next().await {
        filled.unwrap();
    }
}

/// The middle of how long a page takes, what it weighs, and what of that is sent.
async fn look(agent: &Visitor, path: &str) -> (Duration, usize, usize) {
    let mut times = Vec::new();
    let mut bytes = 0;
    for _ in 0..ASKED {
        let watch = Stopwatch::start();
        let shown = agent.get(path).await;
        times.push(watch.elapsed());
        assert!(shown.status.is_success(), "{path} {}", shown.status);
        bytes = shown.html.len();
    }
    times.sort_unstable();
    let asked = agent.http.get(format!("{}{path}", agent.base));
    let asked = asked.header("cookie", &agent.cookie).header("accept-encoding", "gzip");
    let sent = asked.send().await.unwrap().bytes().await.unwrap().len();
    (times[ASKED / 2], bytes, sent)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "fills ten thousand cases and measures: --run-ignored all -E 'test(ten_thousand)'"]
async fn the_queue_of_a_shop_with_ten_thousand_cases_stays_a_page() {
    let world = Arc::new(World::new(Database::Sqlite).await);
    let cases = scaled(CASES);
    let watch = Stopwatch::start();
    fill(&world, cases).await;
    println!("{cases} cases were opened in {:.1} s", watch.elapsed().as_secs_f64());
    let watch = Stopwatch::start();
    let (store, rules) = (world.app.desk.store(), world.app.desk.rulebook());
    while follow_once(store, rules).await.unwrap().records > 0 {}
    println!("and followed in {:.1} s", watch.elapsed().as_secs_f64());
    world.clock.move_forward(Span::hours(1));
    let agent = Visitor::person(&world, "li", Office::Agent).await;
    println!("{:<44} {:>9} {:>9} {:>9}", "page", "ms", "bytes", "gzip");
    for query in [
        "",
        "sort=deadline",
        "sort=newest",
        "tab=buyer",
        "tab=closed",
        "tab=all",
        "who=none",
        "tag=%E7%A0%B4%E6%8D%9F",
        "tier=legal",
        "min=100&max=120",
        "tab=all&since=2020-01-01",
        "tab=all&until=2020-01-01",
        "q=%E6%9D%AF%E5%AD%90",
        "q=oQ77",
        "part=rows",
    ] {
        let path = format!("/m/cases?{query}");
        let (time, bytes, sent) = look(&agent, &path).await;
        let ms = time.as_secs_f64() * 1_000.0;
        println!("{path:<44} {ms:>9.1} {bytes:>9} {sent:>9}");
        assert!(bytes <= BYTES_MAX && sent <= COMPRESSED_MAX, "{path}: {bytes} {sent}");
    }
    let (time, bytes, sent) = look(&agent, "/m").await;
    println!("{:<44} {:>9.1} {bytes:>9} {sent:>9}", "/m", time.as_secs_f64() * 1_000.0);
}
