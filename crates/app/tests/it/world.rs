//! A world to test in: the application over HTTP, the payment channel's stand-in, a clock that is
//! moved. Workers do not run by themselves; they are stepped.

use app::{
    access::people::Office,
    assembly::App,
    config::{Config, WechatLoginAccount, WechatPayAccount},
    onboarding::{self, Newcomer},
    server,
    world::WallClock,
};
use domain::{
    actor::Actor,
    id::{PersonId, ShopId},
    moment::Span,
};
use engine::{pump::pump_once, timers::expire_once};
use reqwest::{Method, StatusCode};
use sandbox::{
    Sandbox,
    books::transaction::Transaction,
    config::{KeyMode, Pace},
    keys::Keys,
};
use serde_json::{Value, json};
use std::{
    path::Path,
    process::Command,
    sync::{Arc, LazyLock},
    time::Duration,
};
use tokio::{net::TcpListener, sync::watch};

/// The shop of most tests.
pub const SHOP: &str = "tea";
/// Its merchant number.
pub const MCHID: &str = "1900000001";
/// The server's secret.
pub const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    /// Embedded.
    Sqlite,
    /// A database of its own on the server that `WANBI_TEST_POSTGRES` names.
    Postgres,
}

impl Database {
    /// The address of a fresh, empty database.
    #[expect(clippy::disallowed_methods, reason = "only the environment knows where the server is")]
    pub fn fresh(self, folder: &Path) -> String {
        match self {
            Self::Sqlite => format!("sqlite://{}/wanbi.db", folder.display()),
            Self::Postgres => {
                let server = std::env::var("WANBI_TEST_POSTGRES").expect(
                    "set WANBI_TEST_POSTGRES to a PostgreSQL server, or run `cargo xtask test`",
                );
                let name = format!("it_{}", app::world::random_hex::<8>());
                let made = Command::new("psql")
                    .args([&server, "-qc", &format!("create database {name}")])
                    .status()
                    .expect("psql comes with PostgreSQL");
                assert!(made.success(), "the database {name} could not be made");
                let (front, _) = server.rsplit_once('/').expect("the URL names a database");
                format!("{front}/{name}")
            }
        }
    }
}

/// The world.
pub struct World {
    pub app: Arc<App>,
    pub sandbox: Sandbox,
    pub clock: Arc<WallClock>,
    pub base: String,
    pub http: reqwest::Client,
    pub owner: String,
    pub config: Config,
    _stop: watch::Sender<bool>,
    _folder: tempfile::TempDir,
}

impl World {
    /// A world with one shop, whose owner may do everything.
    pub async fn new(database: Database) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (sandbox, account) = channel(folder.path(), stepped()).await;
        let mut config = Config::default();
        config.database.url = database.fresh(folder.path());
        config.files.url = folder.path().join("files").display().to_string();
        config.security.secret = SECRET.into();
        config.wechat_pay.insert(SHOP.into(), account);
        let official = official_account(folder.path(), &sandbox.base_url);
        config.wechat_login.insert(SHOP.into(), official);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        config.server.public_url.clone_from(&base);
        let clock = Arc::new(WallClock::default());
        let app = App::assemble(&config, Arc::clone(&clock)).await.unwrap();
        let shop_id = ShopId::parse(SHOP).unwrap();
        let at = app.desk.now();
        let owner = onboarding::open_shop(&app.registry, &shop_id, "茶铺", &Actor::System, at);
        let owner = owner.await.unwrap().unwrap();
        let (stop, stopped) = watch::channel(false);
        let router = server::service(Arc::clone(&app), 1_024);
        tokio::spawn(server::serve(listener, router, stopped));
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { app, sandbox, clock, base, http, owner, config, _stop: stop, _folder: folder }
    }

    /// The token of a new person; of the platform for its offices.
    pub async fn person(&self, id: &str, office: Office) -> String {
        let shop = if office.role().is_some() { SHOP } else { "platform" };
        let (shop_id, person_id) = (ShopId::parse(shop).unwrap(), PersonId::parse(id).unwrap());
        let newcomer = Newcomer { person_id: &person_id, name: id, office };
        let (registry, at) = (&self.app.registry, self.app.desk.now());
        let token = onboarding::let_in(registry, &shop_id, &newcomer, &Actor::System, at);
        token.await.unwrap().unwrap()
    }

    /// The token of a buyer.
    pub async fn buyer(&self, buyer_id: &str) -> String {
        let path = format!("/api/v1/buyers/{buyer_id}/links");
        let body = json!({"expires_in_seconds": 2_592_000});
        let (status, made) = self.post(&self.owner, &path, &body).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        made["token"].as_str().unwrap().to_owned()
    }

    /// Sends a request and reads the JSON answer, `null` if there is none.
    pub async fn send(
        &self,
        method: Method,
        token: &str,
        path: &str,
        body: &Value,
    ) -> (StatusCode, Value) {
        let mut request = self
            .http
            .request(method, format!("{}{path}", self.base))
            .bearer_auth(token)
            .header("wanbi-shop", SHOP);
        if !body.is_null() {
            request = request.json(body);
        }
        let response = request.send().await.unwrap();
        let status = response.status();
        (status, response.json().await.unwrap_or(Value::Null))
    }

    /// `POST`.
    pub async fn post(&self, token: &str, path: &str, body: &Value) -> (StatusCode, Value) {
        self.send(Method::POST, token, path, body).await
    }

    /// `GET`.
    pub async fn get(&self, token: &str, path: &str) -> (StatusCode, Value) {
        self.send(Method::GET, token, path, &Value::Null).await
    }

    /// A verb of a case; it must succeed.
    pub async fn act(&self, token: &str, case_id: &str, verb: &str, body: Value) -> Value {
        let path = format!("/api/v1/cases/{case_id}/{verb}");
        let (status, answer) = self.post(token, &path, &body).await;
        assert!(status.is_success(), "{verb}: {status} {answer}");
        answer
    }

    /// Puts in an order of one buyer: so many pieces of one item at a price, with freight, paid
    /// by balance, signed for a day ago. The stand-in knows the payment.
    pub async fn order(&self, order_id: &str, buyer_id: &str, fen: i64, pieces: i64) -> Value {
        let facts = facts(self, order_id, buyer_id, fen, pieces);
        let total = fen * pieces + 1_000;
        let transaction_id = facts["tenders"][0]["transaction_id"].as_str().unwrap().to_owned();
        self.sandbox.put_transaction(payment(&transaction_id, total, self)).unwrap();
        let path = format!("/api/v1/orders/{order_id}");
        let (status, answer) = self.send(Method::PUT, &self.owner, &path, &facts).await;
        assert!(status.is_success(), "{status} {answer}");
        facts
    }

    /// Opens a case as the buyer and answers with its id.
    pub async fn open(&self, buyer: &str, order_id: &str, application: Value) -> String {
        let path = format!("/api/v1/orders/{order_id}/cases");
        let (status, case) = self.post(buyer, &path, &application).await;
        assert_eq!(status, StatusCode::CREATED, "{case}");
        case["case_id"].as_str().unwrap().to_owned()
    }

    /// A case as the owner sees it.
    pub async fn case(&self, case_id: &str) -> Value {
        let (status, case) = self.get(&self.owner, &format!("/api/v1/cases/{case_id}")).await;
        assert_eq!(status, StatusCode::OK, "{case}");
        case
    }

    /// Lets time pass, here and at the payment channel, and the workers work.
    pub async fn pass(&self, span: Span) {
        self.clock.move_forward(span);
        let ms = u64::try_from(span.ms()).unwrap();
        self.sandbox.advance(Duration::from_millis(ms));
        self.settle().await;
    }

    /// Steps the workers until nothing is due.
    pub async fn settle(&self) {
        settle(&self.app, &self.sandbox).await;
    }
}

/// Steps the workers until nothing is due.
pub async fn settle(app: &App, sandbox: &Sandbox) {
    for _ in 0..200 {
        sandbox.tick().await;
        let pumped = pump_once(&app.desk, &app.channel, 64).await.unwrap();
        let expired = expire_once(&app.desk, 256).await.unwrap();
        if pumped + expired == 0 {
            return;
        }
    }
    panic!("the workers do not come to rest");
}

/// A payment as the stand-in knows it.
pub fn payment(transaction_id: &str, total: i64, world: &World) -> Transaction {
    let mut payment = Transaction::new(transaction_id, transaction_id, MCHID, total);
    payment.paid_at_ms = world.sandbox.now_ms() - 3 * 86_400_000;
    payment
}

/// The facts of a plain order.
pub fn facts(world: &World, order_id: &str, buyer_id: &str, fen: i64, pieces: i64) -> Value {
    let now = world.app.desk.now();
    let yuan = |minor: i64| json!({"amount_minor": minor, "currency": "CNY"});
    json!({
        "order_id": order_id, "buyer_id": buyer_id, "currency": "CNY",
        "placed_at": now.before(Span::days(3)), "progress": "completed",
        "items": [{"item_id": "A1", "title": "手工陶瓷杯", "category": "ordinary",
            "unit_price": yuan(fen), "quantity": pieces}],
        "freight": yuan(1_000),
        "tenders": [{"transaction_id": transaction_of(order_id), "channel": "wechat_pay",
            "account": "balance", "amount": yuan(fen * pieces + 1_000),
            "paid_at": now.before(Span::days(3))}],
        "signed_at": now.before(Span::days(1)),
    })
}

/// An application to send one of the pieces `A1` back.
pub fn return_of_one(description: &str) -> Value {
    one_piece(("return_and_refund", "unwanted_seven_days"), description)
}

/// An application for the money of one of the pieces `A1`, which stays with the buyer.
pub fn refund_of_one(description: &str) -> Value {
    one_piece(("refund_only", "unwanted_dislike"), description)
}

fn one_piece((case_type, reason): (&str, &str), description: &str) -> Value {
    json!({"type": case_type, "reason": reason,
        "items": [{"item_id": "A1", "quantity": 1}], "description": description})
}

/// The payment of an order, as WeChat Pay would number it.
pub fn transaction_of(order_id: &str) -> String {
    format!(
        "4200{:0>24}",
        order_id.bytes().filter(u8::is_ascii_digit).map(char::from).collect::<String>()
    )
}

/// The official account that the stand-in knows; its secret lies in the folder.
fn official_account(folder: &Path, base_url: &str) -> WechatLoginAccount {
    let secret_file = folder.join("official-account.secret");
    std::fs::write(&secret_file, sandbox::wechat_login::SECRET).unwrap();
    WechatLoginAccount {
        appid: sandbox::wechat_login::APPID.into(),
        secret_file,
        base_url: Some(base_url.to_owned()),
        authorize_url: Some(format!("{base_url}/connect/oauth2/authorize")),
    }
}

/// Keys take long to make, and every world may have the same.
static KEYS: LazyLock<Keys> = LazyLock::new(|| Keys::generate().unwrap());

/// The pace of a stand-in that is stepped: nothing happens by itself.
pub fn stepped() -> Pace {
    Pace { tick: None, silence: Duration::from_millis(20), ..Pace::default() }
}

/// Starts the payment channel's stand-in; its keys lie in the folder.
pub async fn channel(folder: &Path, pace: Pace) -> (Sandbox, WechatPayAccount) {
    let keys = &*KEYS;
    let mut config = sandbox::config::Config::new(KeyMode::PublicKey, keys, MCHID, 10_000_000_000);
    config.pace = pace;
    let sandbox = Sandbox::start(config).await.unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let account = WechatPayAccount {
        mchid: MCHID.into(),
        certificate_serial: keys.merchant.certificate_serial.clone(),
        private_key_file: write("merchant.pem", &keys.merchant.private_key_pem),
        apiv3_key_file: write("apiv3.key", &keys.merchant.apiv3_key),
        public_key_id: Some(keys.platform.public_key_id.clone()),
        public_key_file: Some(write("platform.pem", &keys.platform.public_key_pem)),
        certificate_files: Vec::new(),
        base_url: Some(sandbox.base_url.clone()),
    };
    (sandbox, account)
}
