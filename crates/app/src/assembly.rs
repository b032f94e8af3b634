//! The composition root: from configuration to a running whole. Everything that is real is let
//! in here and handed inwards.

mod merchant;

use crate::{
    access::{Means, link::Links},
    api::{problem::Problem, request::Asked},
    config::Config,
    demo::board::Board,
    evidence,
    live::Live,
    metrics::Metrics,
    registry::{Change, Registry},
    vault::{Named, PAYOUT_ACCOUNT, Vault, account_id},
    world::{WallClock, random_bytes},
};
use axum::http::StatusCode;
use domain::{calendar::Calendar, id::ShopId};
use engine::{
    committer::{Committer, IMPORT_BATCH_MAX},
    desk::Desk,
    ports::{Clock, Store},
    rulebook::Rulebook,
};
use providers::channel::Accounts;
use serde::Serialize;
use std::sync::{Arc, OnceLock};
use tokio::sync::Notify;

/// The whole application.
pub struct App {
    /// The corridor.
    pub desk: Desk,
    /// Shops, people, keys and the like.
    pub registry: Registry,
    /// Buyers' links.
    pub links: Links,
    /// What signing in is done with.
    pub means: Means,
    /// Designated accounts.
    pub vault: Vault,
    /// The payment channels.
    pub channel: Accounts,
    /// Evidence files.
    pub files: evidence::Files,
    /// What keeps open pages fresh.
    pub live: Live,
    /// What is counted.
    pub metrics: Metrics,
    /// The clock, which a demo can move.
    pub clock: Arc<WallClock>,
    /// The address people reach it by.
    pub public_url: String,
    /// What pages know of a demo; absent outside one.
    pub demo: OnceLock<Board>,
    pump_wanted: Notify,
}

/// Why the application cannot be put together.
#[derive(Debug, thiserror::Error)]
pub enum AssemblyError {
    /// The secret is not set.
    #[error("security.secret is not set: put at least 32 random characters there")]
    NoSecret,
    /// The database cannot be opened.
    #[error("the database cannot be opened: {0}")]
    Store(#[from] engine::ports::StoreFault),
    /// A merchant account cannot be used.
    #[error("the merchant account of {shop} cannot be used: {why}")]
    Merchant {
        /// Of which shop.
        shop: String,
        /// Why.
        why: String,
    },
    /// An official account cannot be used.
    #[error("the official account of {shop} cannot be used: {why}")]
    OfficialAccount {
        /// Of which shop.
        shop: String,
        /// Why.
        why: String,
    },
    /// The calendar cannot be read.
    #[error("the calendar {0}")]
    Calendar(String),
    /// The folder of files cannot be used.
    #[error("the files cannot be kept: {0}")]
    Files(String),
}

impl App {
    /// Puts the application together.
    ///
    /// # Errors
    /// [`AssemblyError`] with the first thing that will not do.
    pub async fn assemble(
        config: &Config,
        clock: Arc<WallClock>,
    ) -> Result<Arc<Self>, AssemblyError> {
        if config.security.secret.is_empty() {
            return Err(AssemblyError::NoSecret);
        }
        let options = store::Options { serves: true, ..store::Options::default() };
        let store = store::open(&config.database.url, &options).await?;
        let channel = merchant::accounts(config)?;
        let means = Means::new(config)
            .map_err(|(shop, why)| AssemblyError::OfficialAccount { shop, why })?;
        let registry = Registry::new(Arc::clone(&store));
        let storage = evidence::Storage::open(&config.files.url, &config.files.keys())
            .map_err(|fault| AssemblyError::Files(fault.to_string()))?;
        let files = evidence::Files::new(Arc::clone(&store), storage, evidence::Limits::default());
        Ok(Arc::new(Self {
            desk: desk(&store, Arc::clone(&clock) as Arc<dyn Clock>, calendar(config)?),
            registry,
            links: Links::new(&config.security.secret),
            means,
            vault: Vault::new(&config.security.secret),
            channel,
            files,
            live: Live::default(),
            metrics: Metrics::default(),
            clock,
            public_url: config.server.public_url.clone(),
            demo: OnceLock::new(),
            pump_wanted: Notify::new(),
        }))
    }

    /// Writes a document for a caller, with the audit line.
    ///
    /// # Errors
    /// A [`Problem`] if somebody else changed it meanwhile.
    pub async fn put<T: Serialize + Sync>(
        &self,
        change: Change<'_, T>,
        act: &str,
        asked: &Asked,
    ) -> Result<(), Problem> {
        let put = self.registry.put(change, &asked.caller.actor(), act, self.desk.now()).await;
        match put.map_err(|fault| Problem::fault(&fault, asked.language))? {
            true => Ok(()),
            false => Err(asked.problem(StatusCode::CONFLICT, "changed_meanwhile")),
        }
    }

    /// Keeps the designated account that a command names for a refund, sealed.
    ///
    /// # Errors
    /// A [`Problem`] if it cannot be kept.
    pub async fn keep_account(
        &self,
        shop_id: &ShopId,
        named: &Named<'_>,
        asked: &Asked,
    ) -> Result<(), Problem> {
        let internal = || asked.problem(StatusCode::INTERNAL_SERVER_ERROR, "internal");
        let sealed = self.vault.seal(named.refund_no, named.account, random_bytes());
        let sealed = sealed.ok_or_else(internal)?;
        let id = account_id(named.refund_no, named.command_id);
        let change = Change { shop_id, kind: PAYOUT_ACCOUNT, id: &id, replaces: 0, body: &sealed };
        self.put(change, "payout_account.named", asked).await
    }

    /// Asks the pump to look at once.
    pub fn wake_pump(&self) {
        self.pump_wanted.notify_one();
    }

    /// Resolves when somebody asked for the pump.
    pub async fn pump_wanted(&self) {
        self.pump_wanted.notified().await;
    }
}

/// A desk over a store, with group commit.
#[must_use]
pub fn desk(store: &Arc<dyn Store>, clock: Arc<dyn Clock>, calendar: Arc<Calendar>) -> Desk {
    desk_by(store, Committer::batched(Arc::clone(store)), clock, calendar)
}

/// A desk that writes so many orders of an import in one transaction.
#[must_use]
pub fn import_desk(store: &Arc<dyn Store>, clock: Arc<dyn Clock>, calendar: Arc<Calendar>) -> Desk {
    let committer = Committer::batched_by(Arc::clone(store), IMPORT_BATCH_MAX);
    desk_by(store, committer, clock, calendar)
}

fn desk_by(
    store: &Arc<dyn Store>,
    committer: Committer,
    clock: Arc<dyn Clock>,
    calendar: Arc<Calendar>,
) -> Desk {
    let rulebook = Rulebook::new(Arc::clone(store), Arc::clone(&clock), calendar);
    Desk::new(Arc::clone(store), committer, clock, rulebook)
}

/// The calendar that is configured, or the one built in.
///
/// # Errors
/// [`AssemblyError::Calendar`] if the file will not do.
pub fn calendar(config: &Config) -> Result<Arc<Calendar>, AssemblyError> {
    let Some(path) = &config.calendar.file else { return Ok(Calendar::built_in()) };
    let wrong = |why: String| AssemblyError::Calendar(format!("{}: {why}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    Calendar::parse(&text).map(Arc::new).map_err(|mistakes| {
        let first = mistakes.first();
        wrong(first.map_or_else(String::new, |m| format!("line {}: {}", m.line, m.message)))
    })
}
