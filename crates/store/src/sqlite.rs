//! SQLite: one writer, a few readers, one file, and one beside it for what can be made anew. For
//! one process that writes, and command line tools beside it.

mod beside;
mod checkpoint;
mod claim;
mod commit;
mod figure;
mod lock;
mod many;
mod offered;
mod outbox;
#[cfg(test)]
mod plan;
mod read;
mod registry;
mod search;
mod view;
mod write;

pub use beside::figures_beside;

use self::{beside::Beside, checkpoint::Checkpoints, many::Readers};
use crate::{
    fault::{failed, failing, migration},
    gather::Reads,
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
    Connection, Sqlite as Dialect, SqliteConnection, SqlitePool, Transaction,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{str::FromStr, sync::Arc, time::Duration};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// Bytes of the file that are read through the page cache of the system rather than copied.
const MMAP_BYTES: &str = "268435456";
/// Page cache of the writer and of each reader, in KiB (SQLite wants it negative).
const WRITER_CACHE_KIB: &str = "-65536";
const READER_CACHE_KIB: &str = "-16384";
/// Pages in the log before they are moved to the file: 64 MiB. A page that many commits wrote is
/// moved once; against 16 MiB that is a fifth of all that is written.
const CHECKPOINT_PAGES: &str = "16000";
/// The same where a task moves them: 512 MiB, for when it does not get round to it.
const CHECKPOINT_PAGES_MAX: &str = "128000";
/// The log is cut back to this size, 128 MiB, after it had to grow.
const LOG_BYTES_MAX: &str = "134217728";

/// The store in one file.
pub(crate) struct Sqlite {
    /// Whoever wants to write waits here, in order, not in SQLite's busy loop.
    writer: Arc<Kept<Dialect>>,
    /// They read both files.
    readers: SqlitePool,
    /// What is asked most, asked together with others.
    reads: Reads<Readers>,
    /// Where the follower writes.
    beside: Beside,
    /// Moves the log beside the commits, where that was asked for.
    checkpoints: Option<Checkpoints>,
}

impl Sqlite {
    pub(crate) async fn open(url: &str, options: &Options) -> Result<Self, StoreFault> {
        let connect = SqliteConnectOptions::from_str(url)
            .map_err(|error| failed("read the URL of the SQLite file", &error))?
            .foreign_keys(true)
            .busy_timeout(options.lock())
            .pragma("mmap_size", MMAP_BYTES)
            .pragma("temp_store", "memory");
        let checkpoint_pages = if options.serves { CHECKPOINT_PAGES_MAX } else { CHECKPOINT_PAGES };
        let writer = connect
            .clone()
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // The log is forced to disk at each commit: what is answered is never lost.
            .synchronous(SqliteSynchronous::Full)
            .pragma("cache_size", WRITER_CACHE_KIB)
            .pragma("wal_autocheckpoint", checkpoint_pages)
            .pragma("journal_size_limit", LOG_BYTES_MAX);
        migrate(&MIGRATIONS, &writer, options).await?;
        let mover = pool(options, 1).connect_lazy_with(writer.clone());
        let writer = pool(options, 1)
            .after_connect(|connection, _| Box::pin(write::put_at_hand(connection)))
            .connect_with(writer)
            .await
            .map_err(failing("open the SQLite file to write"))?;
        let writer = Arc::new(kept(writer, options));
        let beside = Beside::open(&connect, options).await?;
        let reader = connect.read_only(true).pragma("cache_size", READER_CACHE_KIB);
        let opening = failing("open the SQLite file to read");
        let reads = Readers::open(&reader, options).await.map_err(&opening)?;
        let readers = beside
            .readers(pool(options, options.readers_max.max(1)))
            .connect_with(reader)
            .await
            .map_err(&opening)?;
        beside.fit(&readers).await?;
        let checkpoints = options.serves.then(|| Checkpoints::start(mover, Arc::clone(&writer)));
        let reads = Reads::new(reads, options.serves);
        Ok(Self { writer, readers, reads, beside, checkpoints })
    }
}

/// A file does not hang up: a connection to it is believed to live until something fails.
fn kept(pool: SqlitePool, options: &Options) -> Kept<Dialect> {
    Kept::new(pool, Duration::MAX, options.acquire())
}

fn pool(options: &Options, connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(options.acquire())
        // A file does not hang up, and a connection in use is as good as a new one.
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
}

/// Makes the file if it is not there, and brings its schema up to date.
async fn migrate(
    migrations: &Migrator,
    writer: &SqliteConnectOptions,
    options: &Options,
) -> Result<(), StoreFault> {
    let writer = pool(options, 1).connect_with(writer.clone()).await;
    let writer = writer.map_err(failing("open a SQLite file to bring it up to date"))?;
    if migrations.run(&writer).await.is_err() {
        // Another process may have migrated the same file at the same moment: look once more.
        migrations.run(&writer).await.map_err(|error| migration(&error))?;
    }
    writer.close().await;
    Ok(())
}

/// A transaction that may write. It takes SQLite's write lock at once: one that began by reading
/// could find, at its first write, that what it read is no longer so.
async fn begin(writer: &mut SqliteConnection) -> Result<Transaction<'_, Dialect>, StoreFault> {
    writer.begin_with("begin immediate").await.map_err(failing("begin to write"))
}

#[async_trait]
impl Store for Sqlite {
    async fn load(&self, key: &StreamKey, after: u64) -> Result<Vec<StoredRecord>, StoreFault> {
        self.reads.load((key.clone(), after)).await
    }

    async fn version(&self, key: &StreamKey) -> Result<u64, StoreFault> {
        read::version(&self.readers, key).await
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
        view::cases(&self.readers, filter).await
    }

    async fn orders(&self, filter: &OrderFilter) -> Result<Page<OrderRow>, StoreFault> {
        view::orders(&self.readers, filter).await
    }

    async fn claim_effects(
        &self,
        now: Moment,
        lease_until: Moment,
        limit: u32,
    ) -> Result<Vec<DueEffect>, StoreFault> {
        claim::effects(self, now, lease_until, limit).await
    }

    async fn defer_effect(
        &self,
        shop_id: &ShopId,
        effect_id: &EffectId,
        due_at: Moment,
        note: &str,
    ) -> Result<(), StoreFault> {
        outbox::defer(&self.writer, (shop_id, effect_id), due_at, note).await
    }

    async fn bury_effect(
        &self,
        shop_id: &ShopId,
        effect_id: &EffectId,
        note: &str,
    ) -> Result<(), StoreFault> {
        outbox::bury(&self.writer, (shop_id, effect_id), note).await
    }

    async fn revive_effect(
        &self,
        shop_id: &ShopId,
        effect_id: &EffectId,
        now: Moment,
    ) -> Result<bool, StoreFault> {
        outbox::revive(&self.writer, (shop_id, effect_id), now).await
    }

    async fn settle_effect(
        &self,
        shop_id: &ShopId,
        effect_id: &EffectId,
    ) -> Result<(), StoreFault> {
        outbox::settle(&self.writer, (shop_id, effect_id)).await
    }

    async fn effects(&self, filter: &EffectFilter) -> Result<Page<EffectRow>, StoreFault> {
        outbox::list(&self.readers, filter).await
    }

    async fn outbox_counts(&self, now: Moment) -> Result<OutboxCounts, StoreFault> {
        outbox::counts(&self.readers, now).await
    }

    async fn claim_timers(
        &self,
        now: Moment,
        lease_until: Moment,
        limit: u32,
    ) -> Result<Vec<DueTimer>, StoreFault> {
        claim::timers(self, now, lease_until, limit).await
    }

    async fn next_due(&self) -> Result<Option<Moment>, StoreFault> {
        read::next_due(&self.readers).await
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
        registry::documents(&self.readers, shop_id, (kind, after), limit).await
    }

    async fn documents_before(
        &self,
        shop_id: &ShopId,
        kind: &str,
        before: &str,
        limit: u32,
    ) -> Result<Vec<Document>, StoreFault> {
        registry::documents_before(&self.readers, shop_id, (kind, before), limit).await
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
        read::export(&self.readers, shop_id, after, limit).await
    }

    async fn streams(
        &self,
        shop_id: &ShopId,
        after: &str,
        limit: u32,
    ) -> Result<Vec<OrderId>, StoreFault> {
        read::streams(&self.readers, shop_id, after, limit).await
    }

    async fn replace_views(&self, rebuilt: &Commit, strays: &[CaseId]) -> Result<(), StoreFault> {
        view::replace(self, rebuilt, strays).await
    }

    async fn check(&self) -> Result<(), StoreFault> {
        read::check(&self.readers).await
    }
}
