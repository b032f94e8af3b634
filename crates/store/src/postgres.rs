//! PostgreSQL: many processes, one database. Plain `read committed` transactions and row locks, so
//! that it also runs where tables are distributed by shop.

mod claim;
mod commit;
mod export;
mod figure;
mod lock;
mod many;
mod offered;
mod outbox;
mod read;
mod registry;
mod search;
mod straight;
mod view;
mod write;

use self::many::Readers;
use crate::{
    fault::{failing, migration, unknown},
    gather::{ASKINGS, Reads},
    kept::Kept,
    options::Options,
    shape,
};
use async_trait::async_trait;
use domain::{
    id::{BuyerId, CaseId, EffectId, OrderId, ShopId},
    moment::Moment,
};
use engine::{
    ports::{Store, StoreFault},
    rows::{
        CaseFilter, CaseRow, Commit, CommitVerdict, Document, DueEffect, DueTimer, EffectFilter,
        EffectRow, ExportedRecord, OrderFilter, OrderRow, OutboxCounts, Page, StandingRow,
        StoredRecord, StreamKey,
    },
};
use sqlx::{
    Connection, PgConnection, PgPool, Postgres as Dialect, Transaction,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{str::FromStr, sync::atomic::AtomicI64, time::Duration};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// A connection that was idle for longer is asked whether it still lives before it is used: the
/// server may have been restarted, or another have taken its place.
const IDLE_TRUSTED: Duration = Duration::from_secs(1);

/// Out of so many connections some are kept for what is asked and written most.
const KEPT_OF: u32 = 8;

/// The store in a server.
pub(crate) struct Postgres {
    pool: PgPool,
    /// What is asked most, asked together with others.
    reads: Reads<Readers>,
    /// Writes batches; where several are written at once, others of the pool do as well.
    writer: Kept<Dialect>,
    /// How long to wait for the answer to a call.
    answer: Duration,
    /// All records with a sequence up to here are known to be there for good; see `export`.
    settled_until: AtomicI64,
}

impl Postgres {
    pub(crate) async fn open(url: &str, options: &Options) -> Result<Self, StoreFault> {
        let connect = PgConnectOptions::from_str(url)
            // The cause may quote the URL, and the URL may hold a password.
            .map_err(|_| StoreFault::Broken("read the URL of the PostgreSQL server".into()))?
            .application_name("wanbi")
            .options([
                ("default_transaction_isolation", "read committed".to_owned()),
                ("lock_timeout", options.lock_ms_max.to_string()),
                ("statement_timeout", options.statement_ms_max.to_string()),
                // Whoever falls silent within a transaction must not keep its locks.
                ("idle_in_transaction_session_timeout", options.statement_ms_max.to_string()),
            ]);
        let pool = PgPoolOptions::new()
            .max_connections(options.connections_max.max(1))
            .acquire_timeout(options.acquire())
            .test_before_acquire(false)
            .before_acquire(|connection, about| Box::pin(lives(connection, about.idle_for)))
            .connect_with(connect)
            .await
            .map_err(failing("connect to PostgreSQL"))?;
        MIGRATIONS.run(&pool).await.map_err(|error| migration(&error))?;
        read::check_encoding(&pool).await?;
        let answer = options.answer();
        // Whoever has few connections has none to keep.
        let trusted = if options.connections_max < KEPT_OF { Duration::ZERO } else { IDLE_TRUSTED };
        let kept = || Kept::new(pool.clone(), trusted, options.acquire());
        let connections = (0..if options.serves { ASKINGS } else { 1 }).map(|_| kept()).collect();
        let reads = Reads::new(Readers { connections, answer }, options.serves);
        let writer = kept();
        Ok(Self { pool, reads, writer, answer, settled_until: AtomicI64::new(0) })
    }

    async fn begin(&self) -> Result<Transaction<'static, Dialect>, StoreFault> {
        self.pool.begin().await.map_err(failing("begin to write"))
    }

    /// Waits for a call, but not for ever.
    async fn within<T: Send>(
        &self,
        call: impl Future<Output = Result<T, StoreFault>> + Send,
    ) -> Result<T, StoreFault> {
        within(self.answer, call).await
    }

    /// Commits. From here on only the database knows.
    async fn end(
        &self,
        tx: Transaction<'_, Dialect>,
        attempt: &'static str,
    ) -> Result<(), StoreFault> {
        match tokio::time::timeout(self.answer, tx.commit()).await {
            Ok(result) => result.map_err(unknown(attempt)),
            Err(_) => Err(StoreFault::Unknown(format!("{attempt}: PostgreSQL does not answer"))),
        }
    }
}

async fn begin(writer: &mut PgConnection) -> Result<Transaction<'_, Dialect>, StoreFault> {
    writer.begin().await.map_err(failing("begin to write"))
}

/// Waits for a call, but not for ever: a network that swallows packets gives no error. Only for
/// what may be asked again; a commit knows better where it stood.
async fn within<T: Send>(
    answer: Duration,
    call: impl Future<Output = Result<T, StoreFault>> + Send,
) -> Result<T, StoreFault> {
    match tokio::time::timeout(answer, call).await {
        Ok(result) => result,
        Err(_) => Err(StoreFault::Busy("wait for PostgreSQL: it does not answer".into())),
    }
}

/// Whether a connection may be used. One that has died fails here and is replaced.
async fn lives(connection: &mut PgConnection, idle_for: Duration) -> sqlx::Result<bool> {
    if idle_for > IDLE_TRUSTED {
        connection.ping().await?;
    }
    Ok(true)
}

#[async_trait]
impl Store for Postgres {
    async fn load(&self, key: &StreamKey, after: u64) -> Result<Vec<StoredRecord>, StoreFault> {
        self.reads.load((key.clone(), after)).await
    }

    async fn version(&self, key: &StreamKey) -> Result<u64, StoreFault> {
        self.within(read::version(&self.pool, key)).await
    }

    async fn commit(&self, batch: &[Commit]) -> Result<Vec<CommitVerdict>, StoreFault> {
        commit::commit(self, batch).await
    }

    async fn order_of_case(
        &self,
        shop_id: &ShopId,
        case_id: CaseId,
    ) -> Result<Option<OrderId>, StoreFault> {
        self.reads.order_of_case((shop_id.clone(), case_id)).await
    }

    async fn standing(
        &self,
        shop_id: &ShopId,
        buyer_id: &BuyerId,
        year: i16,
        cases_since: Moment,
    ) -> Result<StandingRow, StoreFault> {
        let account =
            crate::judge::Account { shop_id: shop_id.clone(), buyer_id: buyer_id.clone(), year };
        self.reads.standing((account, cases_since)).await
    }

    async fn cases(&self, filter: &CaseFilter) -> Result<Page<CaseRow>, StoreFault> {
        self.within(view::cases(&self.pool, filter)).await
    }

    async fn orders(&self, filter: &OrderFilter) -> Result<Page<OrderRow>, StoreFault> {
        self.within(view::orders(&self.pool, filter)).await
    }

    async fn claim_effects(
        &self,
        now: Moment,
        lease_until: Moment,
        limit: u32,
    ) -> Result<Vec<DueEffect>, StoreFault> {
        self.within(claim::effects(self, now, lease_until, limit)).await
    }

    async fn defer_effect(
        &self,
        shop_id: &ShopId,
        effect_id: &EffectId,
        due_at: Moment,
        note: &str,
    ) -> Result<(), StoreFault> {
        self.within(outbox::defer(&self.pool, (shop_id, effect_id), due_at, note)).await
    }

    async fn bury_effect(
        &self,
        shop_id: &ShopId,
        effect_id: &EffectId,
        note: &str,
    ) -> Result<(), StoreFault> {
        self.within(outbox::bury(&self.pool, (shop_id, effect_id), note)).await
    }

    async fn revive_effect(
        &self,
        shop_id: &ShopId,
        effect_id: &EffectId,
        now: Moment,
    ) -> Result<bool, StoreFault> {
        self.within(outbox::revive(&self.pool, (shop_id, effect_id), now)).await
    }

    async fn settle_effect(
        &self,
        shop_id: &ShopId,
        effect_id: &EffectId,
    ) -> Result<(), StoreFault> {
        self.within(outbox::settle(&self.pool, (shop_id, effect_id))).await
    }

    async fn effects(&self, filter: &EffectFilter) -> Result<Page<EffectRow>, StoreFault> {
        self.within(outbox::list(&self.pool, filter)).await
    }

    async fn outbox_counts(&self, now: Moment) -> Result<OutboxCounts, StoreFault> {
        self.within(outbox::counts(&self.pool, now)).await
    }

    async fn claim_timers(
        &self,
        now: Moment,
        lease_until: Moment,
        limit: u32,
    ) -> Result<Vec<DueTimer>, StoreFault> {
        self.within(claim::timers(self, now, lease_until, limit)).await
    }

    async fn next_due(&self) -> Result<Option<Moment>, StoreFault> {
        self.within(read::next_due(&self.pool)).await
    }

    async fn document(
        &self,
        shop_id: &ShopId,
        kind: &str,
        id: &str,
    ) -> Result<Option<Document>, StoreFault> {
        shape::asked([kind, id])?;
        self.reads.document((shop_id.clone(), kind.to_owned(), id.to_owned())).await
    }

    async fn documents(
        &self,
        shop_id: &ShopId,
        kind: &str,
        after: &str,
        limit: u32,
    ) -> Result<Vec<Document>, StoreFault> {
        self.within(registry::documents(&self.pool, shop_id, (kind, after), limit)).await
    }

    async fn documents_before(
        &self,
        shop_id: &ShopId,
        kind: &str,
        before: &str,
        limit: u32,
    ) -> Result<Vec<Document>, StoreFault> {
        self.within(registry::documents_before(&self.pool, shop_id, (kind, before), limit)).await
    }

    async fn put_documents(&self, documents: &[Document]) -> Result<bool, StoreFault> {
        registry::put(self, documents).await
    }

    async fn export(
        &self,
        shop_id: &ShopId,
        after: i64,
        limit: u32,
    ) -> Result<Vec<ExportedRecord>, StoreFault> {
        self.within(export::export(self, shop_id, after, limit)).await
    }

    async fn streams(
        &self,
        shop_id: &ShopId,
        after: &str,
        limit: u32,
    ) -> Result<Vec<OrderId>, StoreFault> {
        self.within(read::streams(&self.pool, shop_id, after, limit)).await
    }

    async fn replace_views(&self, rebuilt: &Commit, strays: &[CaseId]) -> Result<(), StoreFault> {
        view::replace(self, rebuilt, strays).await
    }

    async fn check(&self) -> Result<(), StoreFault> {
        self.within(read::check(&self.pool)).await
    }
}
