//! One process of the engine: a desk, the way to its store, its line to the bank, its clock. It
//! lives until it is struck down; then another is started in its place.

use crate::{
    bank::{Keys, MCHID, PUBLIC_KEY_ID, Posted},
    clock::{ProcessClock, TrueTime},
    flaw::Flaw,
    home::Home,
    lease::Leases,
    life::Life,
    sky::Sky,
    storm::Storm,
    wire::{SharedBank, Wire},
};
use async_trait::async_trait;
use domain::{
    actor::Actor,
    calendar::Calendar,
    command::RefundNews,
    effect::Effect,
    event::{CaseEvent, Event, RefundStep},
    id::{CaseId, CommandId, RefundNo, ShopId},
    policy::Policy,
};
use engine::{
    committer::Committer,
    consequence::{Stamp, consequence},
    desk::Desk,
    ports::{Asked, Channel, Clock, Next, Outcome, Store},
    rows::StreamKey,
    rulebook::Rulebook,
};
use providers::{
    channel::{Account, Accounts, Untaken},
    http::HeaderMap,
    pace::Pace,
    wechat_pay::{
        WechatPay,
        credentials::{Credentials, MerchantSource},
        notice::Content,
        platform_keys::{PlatformKeys, PublicKey},
        refund::Status,
    },
};
use std::{
    collections::BTreeMap,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, Ordering},
    },
};

const MERCHANT_KEY: &str =
    include_str!("../../providers/tests/fixtures/test_only_merchant_key.pem");
const PLATFORM_KEY: &str =
    include_str!("../../providers/tests/fixtures/test_only_platform_key.pem");
const PLATFORM_PUBLIC: &str =
    include_str!("../../providers/tests/fixtures/test_only_platform_pub_key.pem");

/// The keys of both sides, read once.
static KEYS: LazyLock<Option<Keys>> = LazyLock::new(|| Keys::of(PLATFORM_KEY, MERCHANT_KEY));
static CREDENTIALS: LazyLock<Option<Credentials>> = LazyLock::new(credentials);

fn credentials() -> Option<Credentials> {
    let source = MerchantSource {
        mchid: MCHID.to_owned(),
        certificate_serial: "3775B6A45ACD588826D15E583A95F5DD00000001".to_owned(),
        private_key_pem: MERCHANT_KEY.to_owned(),
        apiv3_key: "test-only-apiv3-key-32-bytes-xyz".to_owned(),
    };
    let key = PublicKey::from_pem(PUBLIC_KEY_ID, PLATFORM_PUBLIC).ok()?;
    Credentials::new(&source, PlatformKeys::public_key(key)).ok()
}

/// The bank's keys, if they could be read.
#[must_use]
pub fn keys() -> Option<&'static Keys> {
    KEYS.as_ref()
}

/// What all processes of a run share.
pub struct Ground {
    /// The database.
    pub home: Arc<Home>,
    /// The weather.
    pub sky: Sky,
    /// The true time.
    pub time: Arc<TrueTime>,
    /// The bank.
    pub bank: SharedBank,
    /// The bank's keys.
    pub keys: &'static Keys,
    /// Who holds which effect.
    pub leases: Leases,
    /// The law that is broken, if any.
    pub flaw: Option<Flaw>,
    /// Whether commands are written in batches, as in production, or one by one.
    pub batched: bool,
}

/// One process.
pub struct Process {
    /// Its corridor.
    pub desk: Desk,
    /// The payment channel.
    pub accounts: Accounts,
    /// Whether it lives.
    pub life: Life,
    /// Its clock.
    pub clock: Arc<ProcessClock>,
    flaw: Option<Flaw>,
    lies: AtomicU64,
}

impl Process {
    /// Starts a process.
    #[must_use]
    pub fn start(ground: &Ground, nth: usize, shops: &[ShopId]) -> Option<Self> {
        let life = Life::default();
        let clock = Arc::new(ProcessClock::over(Arc::clone(&ground.time)));
        let store: Arc<dyn Store> = Arc::new(Storm::over(ground, nth, &life));
        let committer = if ground.batched {
            Committer::batched(Arc::clone(&store))
        } else {
            Committer::direct(Arc::clone(&store))
        };
        let time = Arc::clone(&clock) as Arc<dyn Clock>;
        let rulebook = Rulebook::new(Arc::clone(&store), Arc::clone(&time), Calendar::built_in());
        let desk = Desk::new(store, committer, time, rulebook);
        let accounts = accounts(ground, &life, shops)?;
        Some(Self { desk, accounts, life, clock, flaw: ground.flaw, lies: AtomicU64::new(0) })
    }

    /// Whether it breaks this law.
    #[must_use]
    pub fn has(&self, flaw: Flaw) -> bool {
        self.flaw == Some(flaw)
    }

    /// The channel as the pump asks it: the production one, or one that breaks a law.
    #[must_use]
    pub fn channel(&self) -> &dyn Channel {
        self
    }
}

fn accounts(ground: &Ground, life: &Life, shops: &[ShopId]) -> Option<Accounts> {
    let mut all = BTreeMap::new();
    for shop_id in shops {
        let wire = Wire {
            bank: Arc::clone(&ground.bank),
            keys: ground.keys,
            sky: ground.sky.clone(),
            life: life.clone(),
            time: Arc::clone(&ground.time),
        };
        let account = Account {
            line: Arc::new(WechatPay::new(wire, CREDENTIALS.clone()?)),
            notify_url: Some(format!("https://shop.example/notices/{shop_id}")),
            renews: false,
            pace: Arc::new(Pace::per_second(150)),
            nonce,
        };
        all.insert(shop_id.clone(), account);
    }
    Some(Accounts::new(all))
}

/// Never the same twice; nothing depends on what it is.
fn nonce() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    format!("{:032x}", COUNT.fetch_add(1, Ordering::SeqCst))
}

/// [`Flaw::NoticeRepeated`]: what the notice says is written down, whatever is known.
pub(crate) async fn write_anyway(
    process: &Process,
    posted: &Posted,
    headers: &HeaderMap,
) -> Result<(), Untaken> {
    let desk = &process.desk;
    let shop_id = ShopId::parse(&posted.place.0).map_err(|_| Untaken::NotFound)?;
    let case_id = CaseId::parse(&posted.place.1).ok_or(Untaken::NotFound)?;
    let account = process.accounts.of(&shop_id).ok_or(Untaken::NotFound)?;
    let now = desk.now();
    let notice = account.line.open_notice(headers, &posted.body, now.seconds());
    let Ok(Content::Refund(refund)) = notice.map(|notice| notice.content) else { return Ok(()) };
    if refund.refund_status != Status::Success {
        return Ok(());
    }
    let refund_no = RefundNo::parse(&refund.out_refund_no).map_err(|_| Untaken::Malformed)?;
    let found = desk.store().order_of_case(&shop_id, case_id).await;
    let order_id = found.ok().flatten().ok_or(Untaken::NotNow)?;
    let key = StreamKey { shop_id, order_id };
    let order = desk.order(&key).await.map_err(|_| Untaken::NotNow)?;
    let step = RefundStep::Succeeded { at: now, arrived_in: String::new() };
    let what = CaseEvent::RefundMoved { refund_no, step };
    let command = CommandId::NONE;
    let stamp = Stamp { at: now, by: Actor::System, command, receipt: None };
    let events = vec![Event::Case { case_id, what }];
    let policy = Policy::default_policy();
    let made = consequence(&key, &order, events, &stamp, &policy).map_err(|_| Untaken::NotNow)?;
    desk.store().commit(&[made.1]).await.map(|_| ()).map_err(|_| Untaken::NotNow)
}

#[async_trait]
impl Channel for Process {
    async fn carry_out(&self, asked: &Asked<'_>) -> Outcome {
        let mut effect = asked.effect.clone();
        if self.flaw == Some(Flaw::NewNumberOnRetry)
            && asked.attempt > 1
            && let Effect::Refund(order) = &mut effect
        {
            let nth = self.lies.fetch_add(1, Ordering::SeqCst);
            let text = format!("{}X{nth}", order.refund_no.as_str().get(..20).unwrap_or("WB"));
            if let Ok(number) = RefundNo::parse(&text) {
                order.refund_no = number;
            }
        }
        let outcome = self.accounts.carry_out(&Asked { effect: &effect, ..*asked }).await;
        let lost = outcome.news == Some(RefundNews::Unknown);
        if self.flaw == Some(Flaw::UnknownIsFailure) && lost {
            let news = Some(RefundNews::Declined { code: "LOST".to_owned() });
            return Outcome { news, answer: None, next: Next::Settle };
        }
        outcome
    }
}
