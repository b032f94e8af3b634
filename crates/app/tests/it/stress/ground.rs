//! The ground that processes stand on and that outlives them: a folder, a database, the payment
//! channel's stand-in, a shop.

use crate::world::{Database, MCHID, SECRET, SHOP, channel};
use app::{
    access::{link::Links, people::Office},
    assembly::App,
    config::Config,
    onboarding::{self, Newcomer},
    world::WallClock,
};
use domain::{
    actor::Actor,
    id::{BuyerId, PersonId, ShopId},
    moment::{Moment, Span},
};
use sandbox::{Sandbox, books::transaction::Transaction, config::Pace};
use serde_json::{Value, json};
use std::{fmt::Write, path::PathBuf, sync::Arc, time::Duration};

/// The ground.
pub struct Ground {
    pub folder: tempfile::TempDir,
    pub sandbox: Sandbox,
    pub config: Config,
    pub owner: String,
    pub arbiter: String,
}

/// Refunds arrive in a moment, and notices are posted by themselves.
pub fn quick() -> Pace {
    Pace {
        balance: Duration::from_millis(150),
        tick: Some(Duration::from_millis(20)),
        ..Pace::default()
    }
}

impl Ground {
    /// A ground with one shop.
    pub async fn new(database: Database, pace: Pace) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (sandbox, account) = channel(folder.path(), pace).await;
        let mut config = Config::default();
        config.database.url = database.fresh(folder.path());
        config.files.url = folder.path().join("files").display().to_string();
        config.security.secret = SECRET.into();
        config.wechat_pay.insert(SHOP.into(), account);
        let app = App::assemble(&config, Arc::default()).await.unwrap();
        let (shop_id, at) = (shop_id(), app.desk.now());
        let owner = onboarding::open_shop(&app.registry, &shop_id, "茶铺", &Actor::System, at);
        let owner = owner.await.unwrap().unwrap();
        let platform = ShopId::parse("platform").unwrap();
        let person_id = PersonId::parse("bao").unwrap();
        let newcomer = Newcomer { person_id: &person_id, name: "bao", office: Office::Arbiter };
        let arbiter =
            onboarding::let_in(&app.registry, &platform, &newcomer, &Actor::System, at).await;
        Self { folder, sandbox, config, owner, arbiter: arbiter.unwrap().unwrap() }
    }

    /// The application in this process, on the same ground.
    pub async fn app(&self, clock: &Arc<WallClock>) -> Arc<App> {
        App::assemble(&self.config, Arc::clone(clock)).await.unwrap()
    }

    /// A configuration file for a process that listens on a port.
    pub fn config_file(&self, port: u16) -> PathBuf {
        let account = &self.config.wechat_pay[SHOP];
        let mut text = String::new();
        let mut put = |key: &str, value: &str| writeln!(text, "{key} = {value:?}").unwrap();
        put("server.listen", &format!("127.0.0.1:{port}"));
        put("server.public_url", &format!("http://127.0.0.1:{port}"));
        put("database.url", &self.config.database.url);
        put("files.url", &self.config.files.url);
        put("security.secret", SECRET);
        put("log.filter", "warn");
        let mut account_of =
            |key: &str, value: &str| put(&format!("wechat_pay.{SHOP}.{key}"), value);
        account_of("mchid", MCHID);
        account_of("certificate_serial", &account.certificate_serial);
        account_of("private_key_file", &account.private_key_file.display().to_string());
        account_of("apiv3_key_file", &account.apiv3_key_file.display().to_string());
        account_of("public_key_id", account.public_key_id.as_deref().unwrap());
        let public_key_file = account.public_key_file.as_ref().unwrap();
        account_of("public_key_file", &public_key_file.display().to_string());
        account_of("base_url", account.base_url.as_deref().unwrap());
        let path = self.folder.path().join(format!("wanbi-{port}.toml"));
        std::fs::write(&path, text).unwrap();
        path
    }

    /// The token of a buyer.
    pub fn buyer(&self, buyer_id: &str) -> String {
        let until = Moment::from_ms(self.sandbox.now_ms()).after(Span::days(25));
        let buyer_id = BuyerId::parse(buyer_id).unwrap();
        Links::new(SECRET).sign(&shop_id(), &buyer_id, until).unwrap()
    }

    /// The facts of a plain order of so much, whose payment the stand-in knows.
    pub fn order(&self, order_id: &str, buyer_id: &str, fen: i64) -> Value {
        let now = Moment::from_ms(self.sandbox.now_ms());
        let transaction_id = format!("4200{order_id:0>24}");
        let mut payment = Transaction::new(&transaction_id, &transaction_id, MCHID, fen);
        payment.paid_at_ms = now.before(Span::days(3)).ms();
        self.sandbox.put_transaction(payment).unwrap();
        let yuan = json!({"amount_minor": fen, "currency": "CNY"});
        json!({
            "order_id": order_id, "buyer_id": buyer_id, "currency": "CNY",
            "placed_at": now.before(Span::days(3)), "progress": "completed",
            "items": [{"item_id": "A1", "title": "手工陶瓷杯", "category": "ordinary",
                "unit_price": yuan, "quantity": 1}],
            "freight": {"amount_minor": 0, "currency": "CNY"},
            "tenders": [{"transaction_id": transaction_id, "channel": "wechat_pay",
                "account": "balance", "amount": yuan, "paid_at": now.before(Span::days(3))}],
            "signed_at": now.before(Span::days(1)),
        })
    }
}

/// The shop.
pub fn shop_id() -> ShopId {
    ShopId::parse(SHOP).unwrap()
}
