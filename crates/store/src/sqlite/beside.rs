//! The file beside the main one: figures and words to search by. The follower has a writer of its
//! own there, so however long it works, no command waits for it
//! (docs/adr/0011-figures-in-a-file-of-their-own.md).

use super::{LOG_BYTES_MAX, pool};
use crate::{
    fault::{failing, unknown},
    options::Options,
};
use engine::ports::StoreFault;
use sqlx::{
    AssertSqlSafe, Sqlite as Dialect, SqlitePool, Transaction,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::path::{Path, PathBuf};

static MIGRATIONS: Migrator = sqlx::migrate!("beside/migrations");

/// Page cache of the writer, in KiB (SQLite wants it negative).
const CACHE_KIB: &str = "-32768";
/// Pages in the log before they are moved to the file: 32 MiB.
const CHECKPOINT_PAGES: &str = "8000";

/// The file of figures beside a SQLite file.
#[must_use]
pub fn figures_beside(file: &Path) -> PathBuf {
    file.with_extension("views.db")
}

/// The follower's writer.
pub(super) struct Beside {
    writer: SqlitePool,
    path: PathBuf,
}

impl Beside {
    /// Opens the file of figures beside the one that `connect` opens.
    pub(super) async fn open(
        connect: &SqliteConnectOptions,
        options: &Options,
    ) -> Result<Self, StoreFault> {
        let path = figures_beside(connect.get_filename());
        let writer = connect
            .clone()
            .filename(&path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // All of it can be made anew, and what a power cut takes is the last of it, whole
            // transactions at a time: nothing is forced to disk but before a checkpoint.
            .synchronous(SqliteSynchronous::Normal)
            .pragma("cache_size", CACHE_KIB)
            .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
            .pragma("journal_size_limit", LOG_BYTES_MAX);
        super::migrate(&MIGRATIONS, &writer, options).await?;
        let writer = pool(options, 1)
            .connect_with(writer)
            .await
            .map_err(failing("open the file of figures to write"))?;
        Ok(Self { writer, path })
    }

    /// Readers of both files: a statement finds each table in the file that has it.
    pub(super) fn readers(&self, readers: SqlitePoolOptions) -> SqlitePoolOptions {
        let path = self.path.clone();
        readers.after_connect(move |connection, _| {
            let path = path.to_string_lossy().into_owned();
            Box::pin(async move {
                let attach = sqlx::query("attach ?1 as views").bind(path);
                attach.execute(connection).await.map(drop)
            })
        })
    }

    /// A main file that was put back from a copy has forgotten what was followed of it: then all
    /// of this is made anew.
    pub(super) async fn fit(&self, readers: &SqlitePool) -> Result<(), StoreFault> {
        let strange = sqlx::query(
            "select 1 from followed where sequence = (select max(sequence) from followed) \
             and sequence > 0 and not exists (select 1 from event where event.sequence = \
             followed.sequence and event.shop_id = followed.shop_id)",
        );
        let strange = strange.fetch_optional(readers).await;
        if strange.map_err(failing("hold the figures against the log"))?.is_none() {
            return Ok(());
        }
        let mut tx = self.begin().await?;
        for table in
            ["case_gram", "case_text", "case_figure", "order_figure", "order_day", "followed"]
        {
            let empties = AssertSqlSafe(format!("delete from {table}"));
            let done = sqlx::query(empties).execute(&mut *tx).await;
            done.map_err(failing("forget the figures of another log"))?;
        }
        tx.commit().await.map_err(unknown("commit that figures are forgotten"))
    }

    /// A transaction that may write.
    pub(super) async fn begin(&self) -> Result<Transaction<'static, Dialect>, StoreFault> {
        self.writer.begin_with("begin immediate").await.map_err(failing("begin to write figures"))
    }
}
