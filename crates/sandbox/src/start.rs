//! Starts, steers and stops a sandbox from the same process.

use std::{io, sync::Arc, time::Duration};

use tokio::{net::TcpListener, task::JoinHandle};

use crate::{
    books::{Books, entry::Entry, transaction::Transaction},
    config::Config,
    control,
    faults::Fault,
    keys::KeysError,
    random,
    wechat_login::{self, Phone},
    wechat_pay::{self, notices},
    world::{World, millis},
};

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("the sandbox cannot listen on its address")]
    Bind(#[source] io::Error),
    #[error("the sandbox cannot read its journal")]
    Journal(#[source] io::Error),
    #[error("the sandbox cannot make its HTTP client")]
    Http(#[source] reqwest::Error),
    #[error("the APIv3 key of merchant {0} is not 32 bytes")]
    ApiV3Key(String),
    #[error(transparent)]
    Keys(#[from] KeysError),
}

/// Why something was not put into the books.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PutError {
    #[error("the sandbox has no merchant of this number")]
    NoSuchMerchant,
    #[error("the amounts or numbers of the payment cannot be")]
    Implausible,
    #[error("the payment has refunds and cannot be changed")]
    Refunded,
}

/// A running sandbox; it ends when dropped.
pub struct Sandbox {
    /// Scheme, host and port: what a client is given in place of `https://api.mch.weixin.qq.com`.
    pub base_url: String,
    world: Arc<World>,
    tasks: Vec<JoinHandle<()>>,
}

impl Sandbox {
    /// Binds, wakes the books up from their journal, and serves from then on.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        let world = Arc::new(World::new(&config)?);
        let listener = TcpListener::bind(config.bind).await.map_err(StartError::Bind)?;
        let address = listener.local_addr().map_err(StartError::Bind)?;
        let routes = wechat_pay::routes()
            .merge(wechat_login::routes())
            .merge(control::routes())
            .with_state(Arc::clone(&world));
        let mut tasks = vec![tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, routes).await {
                tracing::error!(%error, "the sandbox stopped serving");
            }
        })];
        if let Some(every) = config.pace.tick {
            tasks.push(tokio::spawn(keep_time(Arc::clone(&world), every)));
        }
        Ok(Self { base_url: format!("http://{address}"), world, tasks })
    }

    /// Milliseconds since 1970, in sandbox time.
    pub fn now_ms(&self) -> i64 {
        self.world.clock.now_ms()
    }

    /// Seconds since 1970, in sandbox time: what a client's requests are to be stamped with.
    pub fn now_s(&self) -> i64 {
        self.now_ms() / 1_000
    }

    /// Sandbox time is real time plus this, from now on.
    pub fn set_clock_offset_ms(&self, offset_ms: i64) {
        self.world.set_clock(offset_ms);
    }

    /// Moves sandbox time on.
    pub fn advance(&self, by: Duration) {
        let offset_ms = self.world.clock.offset_ms().saturating_add(millis(by));
        self.world.set_clock(offset_ms);
    }

    /// Lets everything due happen and delivers every notice due; returns how many were posted.
    pub async fn tick(&self) -> usize {
        notices::deliver(&self.world).await
    }

    /// A number WeChat Pay could have given to a payment.
    pub fn new_transaction_id(&self) -> String {
        random::transaction_id(self.now_ms())
    }

    /// Makes a payment known.
    pub fn put_transaction(&self, transaction: Transaction) -> Result<(), PutError> {
        put_transaction(&self.world, transaction)
    }

    /// Sets what a merchant's refunds are paid from.
    pub fn set_balance(&self, mchid: &str, balance_fen: i64) -> Result<(), PutError> {
        set_balance(&self.world, mchid, balance_fen)
    }

    /// Says who sits at the phone, and what they answer.
    pub fn set_phone(&self, phone: Phone) {
        self.world.login.set(phone);
    }

    /// Asks for trouble.
    pub fn add_fault(&self, fault: Fault) {
        self.world.act(|state, _| state.faults.add(fault));
    }

    /// No more trouble.
    pub fn clear_faults(&self) {
        self.world.act(|state, _| state.faults.clear());
    }

    /// The books as they are now.
    pub fn books(&self) -> Books {
        self.world.act(|state, _| state.books.clone())
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandbox").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

/// A payment that already has refunds stays as it is: changing it would falsify their parts.
pub(crate) fn put_transaction(world: &World, transaction: Transaction) -> Result<(), PutError> {
    if !world.merchants.contains_key(&transaction.mchid) {
        return Err(PutError::NoSuchMerchant);
    }
    if !transaction.is_plausible() {
        return Err(PutError::Implausible);
    }
    world.act(|state, _| {
        let id = &transaction.transaction_id;
        let known = state.books.transaction(id).or_else(|| {
            state.books.transaction_by_trade_no(&transaction.mchid, &transaction.out_trade_no)
        });
        match known {
            Some(known) if *known == transaction => return Ok(()),
            Some(known) if state.books.refunds_of(&known.transaction_id).next().is_some() => {
                return Err(PutError::Refunded);
            }
            Some(_) | None => {}
        }
        state.commit(Entry::Transaction(transaction));
        Ok(())
    })
}

pub(crate) fn set_balance(world: &World, mchid: &str, balance_fen: i64) -> Result<(), PutError> {
    if !world.merchants.contains_key(mchid) {
        return Err(PutError::NoSuchMerchant);
    }
    world.set_balance(mchid, balance_fen);
    Ok(())
}

async fn keep_time(world: Arc<World>, every: Duration) {
    let mut beat = tokio::time::interval(every);
    beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        beat.tick().await;
        notices::deliver(&world).await;
    }
}
