//! A sandbox, a client and somebody who takes notices.

use std::{
    collections::VecDeque,
    sync::{
        Arc, LazyLock, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use providers::{
    client::{self, Client},
    wechat_pay::{
        WechatPay,
        answer::{Answer, Declined, Unknown, Why},
        credentials::{Credentials, MerchantSource},
        notice::{Content, Notice, NoticeError, RefundNotice},
        platform_keys::{Certificate, PlatformKeys, PublicKey},
        private::Private,
        refund::{
            Query, Refund, Status,
            abnormal::{ApplyAbnormal, Bank, Route},
            apply::{Apply, Draft, Order},
        },
        sign::Stamp,
    },
};
use sandbox::{
    Sandbox,
    books::transaction::Transaction,
    config::{Config, KeyMode, Time},
    faults::{Fault, Kind},
    keys::Keys,
};

pub const MCHID: &str = "1900000001";
pub const BALANCE_FEN: i64 = 1_000_000;
pub const MINUTE: Duration = Duration::from_secs(60);
pub const DAY: Duration = Duration::from_secs(86_400);

/// Made once: RSA keys take a while.
pub static KEYS: LazyLock<Keys> = LazyLock::new(|| Keys::generate().unwrap());

static NONCES: AtomicU64 = AtomicU64::new(0);

pub struct Bench {
    pub sandbox: Sandbox,
    pub pay: WechatPay,
    pub receiver: Receiver,
}

/// Nothing happens by itself: time is set, notices are stepped.
pub fn config(mode: KeyMode) -> Config {
    let mut config = Config::new(mode, &KEYS, MCHID, BALANCE_FEN);
    config.time = Time::StandsStill;
    config.pace.tick = None;
    config.pace.silence = Duration::ZERO;
    config
}

pub fn credentials(mode: KeyMode) -> Credentials {
    let Keys { merchant, platform } = &*KEYS;
    let public = PublicKey::from_pem(&platform.public_key_id, &platform.public_key_pem).unwrap();
    let certificate = Certificate::from_pem(&platform.certificate_pem).unwrap();
    let believed = match mode {
        KeyMode::PublicKey => PlatformKeys::public_key(public),
        KeyMode::Certificate => PlatformKeys::certificates(vec![certificate]),
        KeyMode::Switching => PlatformKeys::switching(public, vec![certificate]),
    };
    let source = MerchantSource {
        mchid: MCHID.into(),
        certificate_serial: merchant.certificate_serial.clone(),
        private_key_pem: merchant.private_key_pem.clone(),
        apiv3_key: merchant.apiv3_key.clone(),
    };
    Credentials::new(&source, believed).unwrap()
}

pub fn client(base_url: &str) -> Client {
    let mut config = client::Config::new(base_url);
    config.total_timeout = Duration::from_secs(2);
    Client::new(&config).unwrap()
}

impl Bench {
    pub async fn new() -> Self {
        Self::in_mode(KeyMode::PublicKey).await
    }

    pub async fn in_mode(mode: KeyMode) -> Self {
        Self::with(config(mode)).await
    }

    pub async fn with(config: Config) -> Self {
        let mode = config.mode;
        let sandbox = Sandbox::start(config).await.unwrap();
        let pay = WechatPay::new(client(&sandbox.base_url), credentials(mode));
        let receiver = Receiver::start().await;
        receiver.at(sandbox.now_s());
        Self { sandbox, pay, receiver }
    }

    /// A payment from a balance, made now; returns WeChat's number.
    pub fn paid(&self, total_fen: i64) -> String {
        self.put(|_| {}, total_fen)
    }

    pub fn put(&self, change: impl FnOnce(&mut Transaction), total_fen: i64) -> String {
        let id = self.sandbox.new_transaction_id();
        let out_trade_no = format!("ORDER-{}", &id[18..]);
        let mut payment = Transaction::new(&id, &out_trade_no, MCHID, total_fen);
        payment.paid_at_ms = self.sandbox.now_ms();
        change(&mut payment);
        self.sandbox.put_transaction(payment).unwrap();
        id
    }

    pub fn draft(&self, id: &str, no: &str, refund_fen: i64, total_fen: i64) -> Draft {
        Draft {
            notify_url: Some(self.receiver.url.clone()),
            reason: Some("商品破损".into()),
            ..Draft::new(Order::TransactionId(id.into()), no, refund_fen, total_fen)
        }
    }

    pub async fn apply(&self, id: &str, no: &str, fen: i64, total_fen: i64) -> Answer<Refund> {
        let apply = Apply::new(self.draft(id, no, fen, total_fen)).unwrap();
        let nonce = nonce();
        self.pay.apply_refund(&apply, self.stamp(&nonce)).await
    }

    pub async fn query(&self, no: &str) -> Answer<Refund> {
        let nonce = nonce();
        self.pay.query_refund(&Query::new(no).unwrap(), self.stamp(&nonce)).await
    }

    pub async fn to_card(&self, refund_id: &str, no: &str, account: &str) -> Answer<Refund> {
        let (account, name) = (Private::new(account), Private::new("张三"));
        let route = Route::UserBankCard { bank: Bank::CmbDebit, account, name };
        self.abnormal(refund_id, no, route).await
    }

    pub async fn abnormal(&self, refund_id: &str, no: &str, route: Route) -> Answer<Refund> {
        let apply = ApplyAbnormal::new(refund_id, no, route).unwrap();
        let nonce = nonce();
        self.pay.apply_abnormal_refund(&apply, self.stamp(&nonce)).await
    }

    pub fn stamp<'a>(&self, nonce: &'a str) -> Stamp<'a> {
        Stamp { now_s: self.sandbox.now_s(), nonce }
    }

    pub fn fault(&self, kind: Kind) {
        self.sandbox.add_fault(Fault::next(kind));
    }

    /// Lets sandbox time pass and everything due happen.
    pub async fn pass(&self, time: Duration) {
        self.sandbox.advance(time);
        self.receiver.at(self.sandbox.now_s());
        self.sandbox.tick().await;
    }

    /// What the receiver got, opened by the client at this moment.
    pub fn opened(&self) -> Vec<Result<Notice, NoticeError>> {
        let received = self.receiver.received();
        let open = |one: &Received| self.pay.open_notice(&one.headers, &one.body, one.now_s);
        received.iter().map(open).collect()
    }

    /// Number and status of every good notice received.
    pub fn told(&self) -> Vec<(String, Status)> {
        let refund = |notice: Notice| match notice.content {
            Content::Refund(refund) => *refund,
            Content::Other { event_type } => panic!("{event_type}"),
        };
        let short = |refund: RefundNotice| (refund.out_refund_no, refund.refund_status);
        self.opened().into_iter().filter_map(Result::ok).map(refund).map(short).collect()
    }
}

pub fn nonce() -> String {
    format!("{:032}", NONCES.fetch_add(1, Ordering::SeqCst))
}

#[track_caller]
pub fn known(answer: Answer<Refund>) -> Refund {
    let Answer::Known(refund) = answer else { panic!("not known: {answer:?}") };
    *refund
}

#[track_caller]
pub fn declined(answer: Answer<Refund>) -> Declined {
    let Answer::Declined(declined) = answer else { panic!("not declined: {answer:?}") };
    declined
}

#[track_caller]
pub fn unknown(answer: Answer<Refund>) -> Why {
    let Answer::Unknown(Unknown { why, .. }) = answer else { panic!("not unknown: {answer:?}") };
    why
}

/// One POST as it arrived.
#[derive(Clone)]
pub struct Received {
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// The receiver's clock when it arrived.
    pub now_s: i64,
}

#[derive(Default)]
struct Desk {
    received: Vec<Received>,
    answers: VecDeque<u16>,
    now_s: i64,
}

/// Takes notices on a port of its own.
pub struct Receiver {
    pub url: String,
    desk: Arc<Mutex<Desk>>,
    task: tokio::task::JoinHandle<()>,
}

impl Receiver {
    async fn start() -> Self {
        let desk = Arc::new(Mutex::new(Desk::default()));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/notices", listener.local_addr().unwrap());
        let routes = Router::new().route("/notices", post(take)).with_state(Arc::clone(&desk));
        let task = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { url, desk, task }
    }

    /// How the next notices are answered; 204 when this runs out.
    pub fn answers(&self, statuses: &[u16]) {
        self.desk.lock().unwrap().answers.extend(statuses);
    }

    pub fn received(&self) -> Vec<Received> {
        self.desk.lock().unwrap().received.clone()
    }

    pub fn count(&self) -> usize {
        self.desk.lock().unwrap().received.len()
    }

    /// Sets the receiver's clock.
    pub fn at(&self, now_s: i64) {
        self.desk.lock().unwrap().now_s = now_s;
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn take(State(desk): State<Arc<Mutex<Desk>>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let mut desk = desk.lock().unwrap();
    let now_s = desk.now_s;
    desk.received.push(Received { headers, body: body.to_vec(), now_s });
    StatusCode::from_u16(desk.answers.pop_front().unwrap_or(204)).unwrap()
}
