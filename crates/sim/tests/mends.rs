//! What the simulator once found in the engine, laid down: wherever in a story the database fails,
//! or another process comes between.
#![expect(clippy::unwrap_used, reason = "a test ends where something is amiss")]

use domain::{
    actor::Actor,
    application::{Application, CaseType, Declared, Pieces},
    calendar::Calendar,
    case::{Goods, Route, Terms},
    command::{Act, Command, Filing},
    facts::{Channel, Facts, Progress},
    id::{CommandId, FileId, KeyId, ReasonCode, ShopId},
    moment::Moment,
    policy::EvidenceKind,
    record::Receipt,
};
use engine::{
    desk::{Answer, Desk, Envelope, Trouble},
    follow::follow_once,
    ports::{Clock, StoreFault},
    rebuild::check_figures,
    rows::StreamKey,
    rulebook::Rulebook,
};
use sim::{
    bank::Bank,
    chance::Chance,
    clock::{ProcessClock, TrueTime},
    home::{self, Home, Sharing},
    lease::Leases,
    process::{Ground, Process, keys},
    sky::{Kind, Sky},
    town::{Stall, facts, person, stalls},
};
use std::{
    pin::pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
};

/// More calls of the database than any command makes.
const CALLS_MAX: u64 = 24;
const YEARLY_FEN: i64 = 60_000;

/// A shop, an order of it that takes more than half of what its buyer may get back in a year, and
/// two processes.
struct Stage {
    ground: Ground,
    stall: Stall,
    facts: Facts,
    processes: [Process; 2],
    chance: Chance,
}

impl Stage {
    fn set() -> Self {
        let time = TrueTime::from(Moment::parse("2026-03-02T02:00:00Z").unwrap());
        let (sky, keys) = (Sky::scripted(&[]), keys().unwrap());
        let stall = (1..).flat_map(|seed| stalls(&mut Chance::of(seed, "town", 0)));
        let stall = { stall }.find(|it| it.yearly_fen == YEARLY_FEN && it.limit_fen.is_none());
        let stall = stall.unwrap();
        let mut chance = Chance::of(1, "facts", 0);
        let facts = std::iter::repeat_with(|| facts(&mut chance, 1, time.now()).unwrap());
        let facts = { facts }.find(is_plain).unwrap();
        let ground = Ground {
            home: Arc::new(Home::sqlite(Sharing::Together).unwrap()),
            bank: Arc::new(Mutex::new(Bank::open(&sky, keys))),
            sky,
            time,
            keys,
            leases: Leases::default(),
            flaw: None,
            batched: false,
        };
        let (store, documents) = (ground.home.store(), stall.documents(ground.time.now()));
        home::now(async move { store.put_documents(&documents).await }).unwrap();
        let shops = [stall.shop_id.clone()];
        let processes = [0, 1].map(|nth| Process::start(&ground, nth, &shops).unwrap());
        Self { ground, stall, facts, processes, chance }
    }

    /// Both processes start anew and know nothing yet; from now on calls are counted, and the
    /// weather is laid down.
    fn begin(&mut self, script: &[(Kind, u64)]) {
        self.ground.sky.lay_down(script);
        let shops = [self.stall.shop_id.clone()];
        self.processes = [0, 1].map(|nth| Process::start(&self.ground, nth, &shops).unwrap());
        self.ground.sky.begin(0);
    }

    /// A stage on which there is a case to be decided.
    async fn with_case() -> Self {
        let mut stage = Self::set();
        let order = stage.order_recorded();
        stage.desk(0).handle(order).await.unwrap();
        let opened = stage.opened();
        stage.desk(0).handle(opened).await.unwrap();
        stage
    }

    fn desk(&self, nth: usize) -> &Desk {
        &self.processes[nth].desk
    }

    fn key(&self) -> StreamKey {
        let (shop_id, order_id) = (self.stall.shop_id.clone(), self.facts.order_id.clone());
        StreamKey { shop_id, order_id }
    }

    fn envelope(&mut self, by: Actor, command: Command) -> Envelope {
        let command_id = CommandId::new(self.chance.uuid(self.ground.time.now().ms()));
        let (key, expected, settles) = (self.key(), None, None);
        Envelope { key, command, command_id, by, receipt: None, expected, settles }
    }

    fn order_recorded(&mut self) -> Envelope {
        let by = Actor::Key(KeyId::parse("key-1").unwrap());
        self.envelope(by, Command::RecordOrder(Box::new(self.facts.clone())))
    }

    fn opened(&mut self) -> Envelope {
        let item = self.facts.items.first().unwrap();
        let application = Application {
            case_type: CaseType::RefundOnly,
            reason: ReasonCode::parse("other_agreed").unwrap(),
            items: vec![Pieces { item_id: item.item_id.clone(), quantity: 1 }],
            amount: None,
            description: "as the picture shows".to_owned(),
            evidence: vec![FileId::parse("file-1").unwrap()],
            declared: Declared { route_confirmed: true, ..Declared::default() },
        };
        let filing = Filing { application, evidence_kinds: vec![EvidenceKind::Photo] };
        let by = Actor::Buyer(self.facts.buyer_id.clone());
        self.envelope(by, Command::Open(Box::new(filing)))
    }

    /// All that was paid is given back, under a key.
    async fn approved(&mut self) -> Envelope {
        let order = self.desk(0).order(&self.key()).await.unwrap();
        let case_id = order.cases.first().unwrap().case_id;
        let amount = self.facts.paid().unwrap();
        let terms = Terms { amount, route: Route::Original, goods: Goods::Keep };
        let act = Act::Approve { terms: Some(terms), note: "as agreed".to_owned() };
        let by = person("owner-1").unwrap();
        let envelope = self.envelope(by, Command::Case { case_id, act });
        let receipt = Receipt { key: "k-1".to_owned(), request: "approve".to_owned() };
        Envelope { receipt: Some(receipt), ..envelope }
    }

    /// Whether the log knows of a command.
    async fn is_on_record(&self, command: CommandId) -> bool {
        let store = self.ground.home.store();
        let key = self.key();
        let stored = home::now(async move { store.load(&key, 0).await }).unwrap();
        let mut records = stored.iter().map(|stored| engine::consequence::read(stored).unwrap());
        records.any(|record| record.command == command)
    }
}

fn is_plain(facts: &Facts) -> bool {
    let paid = facts.paid().unwrap().minor();
    let by_balance = facts.tenders.iter().all(|tender| tender.channel == Channel::WechatPay);
    facts.progress == Progress::Completed
        && facts.tenders.len() == 1
        && by_balance
        && paid > YEARLY_FEN / 2
        && paid < YEARLY_FEN
}

/// Lets work take so many turns; what it came to if it came to its end.
fn turns<T>(work: &mut std::pin::Pin<&mut impl Future<Output = T>>, turns: u64) -> Option<T> {
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..turns {
        if let Poll::Ready(done) = work.as_mut().poll(&mut context) {
            return Some(done);
        }
    }
    None
}

async fn told(script: &[(Kind, u64)]) -> (Result<Answer, Trouble>, bool) {
    let mut stage = Stage::with_case().await;
    let envelope = stage.approved().await;
    let command = envelope.command_id;
    stage.begin(script);

    let answer = stage.desk(0).handle(envelope).await;

    let written = stage.is_on_record(command).await;
    (answer, written)
}

#[tokio::test]
async fn a_commit_without_an_answer_is_never_told_as_not_begun() {
    let mut doubts = 0;
    for call in 1..=CALLS_MAX {
        let (answer, written) = told(&[(Kind::DoubtWritten, 1), (Kind::ReadFails, call)]).await;
        match answer {
            Ok(_) => assert!(written),
            Err(Trouble::Store(StoreFault::Unknown(_))) => doubts += 1,
            Err(trouble) => assert!(!written, "call {call}: {trouble}"),
        }
    }
    assert_eq!(doubts, 1, "the log is read once after a doubt");

    let (answer, written) = told(&[(Kind::DoubtWritten, 1), (Kind::StaysAway, 1)]).await;
    assert!(matches!(answer, Err(Trouble::Store(StoreFault::Unknown(_)))) && written);
}

#[tokio::test]
async fn the_same_key_gets_the_first_answer_wherever_another_process_comes_between() {
    let mut stopped = 0;
    for after in 0..CALLS_MAX {
        let mut stage = Stage::with_case().await;
        let first = stage.approved().await;
        let again = Envelope { command_id: stage.opened().command_id, ..first.clone() };
        stage.begin(&[]);

        let mut slow = pin!(stage.desk(1).handle(again));
        let done = turns(&mut slow, after);
        let quick = stage.desk(0).handle(first).await;

        stopped += u32::from(done.is_none());
        let slow = match done {
            Some(done) => done,
            None => slow.await,
        };
        let (quick, slow) = (quick.unwrap(), slow.unwrap());
        assert!(quick.repeated != slow.repeated, "after {after}: one is the first");
        assert_eq!(quick.order.version, slow.order.version, "after {after}");
    }
    assert!(stopped > 3, "there was somewhere to come between");
}

#[tokio::test]
async fn words_are_whole_wherever_the_database_failed_for_a_moment() {
    for call in 1..=CALLS_MAX {
        let mut stage = Stage::with_case().await;
        stage.begin(&[(Kind::ReadFails, call)]);

        for _ in 0..3 {
            let desk = stage.desk(0);
            // What could not be followed now is followed the next time.
            let _later = follow_once(desk.store(), desk.rulebook()).await;
        }

        let wrong = wrong_figures(&stage.ground, &stage.stall.shop_id).await;
        assert_eq!(wrong, Vec::<String>::new(), "call {call}");
    }
}

async fn wrong_figures(ground: &Ground, shop_id: &ShopId) -> Vec<String> {
    let clock = Arc::new(ProcessClock::over(Arc::clone(&ground.time))) as Arc<dyn Clock>;
    let store = ground.home.store();
    let rules = Rulebook::new(Arc::clone(&store), clock, Calendar::built_in());
    check_figures(store.as_ref(), &rules, shop_id).await.unwrap().wrong
}
