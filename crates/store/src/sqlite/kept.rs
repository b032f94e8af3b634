//! A connection that is kept. One that goes back to a pool is asked first whether it lives, by a
//! task of its own, and whoever wants it next waits for the answer: where a connection is used
//! again and again, that is more changes of threads than the work itself.

use crate::fault::failed;
use engine::ports::StoreFault;
use sqlx::{
    ConnectOptions, Connection, Sqlite as Dialect, SqliteConnection, Transaction,
    sqlite::SqliteConnectOptions,
};
use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use tokio::{
    sync::{Mutex, MutexGuard},
    time::timeout,
};

/// One connection. Whoever wants it waits here, in order.
pub(super) struct Kept {
    connection: Mutex<SqliteConnection>,
    /// Whether it may have ended, so that the next who takes it gets another one.
    is_doubtful: AtomicBool,
    options: SqliteConnectOptions,
    /// What is made in each connection before it is used.
    at_hand: &'static [&'static str],
    patience: Duration,
}

impl Kept {
    pub(super) async fn open(
        options: SqliteConnectOptions,
        at_hand: &'static [&'static str],
        patience: Duration,
    ) -> Result<Self, sqlx::Error> {
        let connection = Mutex::new(connect(&options, at_hand).await?);
        Ok(Self { connection, is_doubtful: AtomicBool::new(false), options, at_hand, patience })
    }

    /// The connection, once everybody before has done with it.
    pub(super) async fn take(&self) -> Result<Taken<'_>, StoreFault> {
        let Ok(connection) = timeout(self.patience, self.connection.lock()).await else {
            return Err(StoreFault::Busy("others have the connection for too long".into()));
        };
        self.sound(connection).await
    }

    /// The connection, if nobody has it.
    pub(super) async fn take_if_free(&self) -> Option<Result<Taken<'_>, StoreFault>> {
        let connection = self.connection.try_lock().ok()?;
        Some(self.sound(connection).await)
    }

    async fn sound<'a>(
        &'a self,
        mut connection: MutexGuard<'a, SqliteConnection>,
    ) -> Result<Taken<'a>, StoreFault> {
        if self.is_doubtful.load(Ordering::Relaxed) {
            let another = connect(&self.options, self.at_hand).await;
            *connection = another.map_err(|error| failed("open the SQLite file again", &error))?;
            self.is_doubtful.store(false, Ordering::Relaxed);
        }
        Ok(Taken { connection, is_doubtful: &self.is_doubtful })
    }
}

async fn connect(
    options: &SqliteConnectOptions,
    at_hand: &[&'static str],
) -> Result<SqliteConnection, sqlx::Error> {
    let mut connection = options.connect().await?;
    for made in at_hand {
        sqlx::query(*made).execute(&mut connection).await?;
    }
    Ok(connection)
}

/// A connection for as long as somebody has it.
pub(super) struct Taken<'a> {
    connection: MutexGuard<'a, SqliteConnection>,
    is_doubtful: &'a AtomicBool,
}

impl Taken<'_> {
    /// A transaction that may write. It takes SQLite's write lock at once: one that began by
    /// reading could find, at its first write, that what it read is no longer so.
    pub(super) async fn begin(&mut self) -> Result<Transaction<'_, Dialect>, StoreFault> {
        let begun = self.connection.begin_with("begin immediate").await;
        begun.map_err(fault(self.is_doubtful, "begin to write"))
    }

    /// The connection itself, and what its errors are.
    pub(super) fn own(
        &mut self,
        attempt: &'static str,
    ) -> (&mut SqliteConnection, impl Fn(sqlx::Error) -> StoreFault) {
        (&mut *self.connection, fault(self.is_doubtful, attempt))
    }
}

/// What the database says of its own accord leaves the connection as it was; anything else may have
/// ended it.
fn fault(is_doubtful: &AtomicBool, attempt: &'static str) -> impl Fn(sqlx::Error) -> StoreFault {
    move |error| {
        if !matches!(error, sqlx::Error::Database(_)) {
            is_doubtful.store(true, Ordering::Relaxed);
        }
        failed(attempt, &error)
    }
}

#[cfg(test)]
mod tests {
    use super::Kept;
    use engine::ports::StoreFault;
    use sqlx::sqlite::SqliteConnectOptions;
    use std::time::Duration;
    use tempfile::TempDir;

    async fn kept(folder: &TempDir) -> Kept {
        let options = SqliteConnectOptions::new()
            .filename(folder.path().join("kept.db"))
            .create_if_missing(true);
        let at_hand = &["create temp table mark (n)", "insert into mark values (1)"];
        Kept::open(options, at_hand, Duration::from_millis(50)).await.unwrap()
    }

    async fn marks(kept: &Kept) -> i64 {
        let mut taken = kept.take().await.unwrap();
        let (connection, fault) = taken.own("count marks");
        let marks = sqlx::query_scalar("select count(*) from mark").fetch_one(connection).await;
        marks.map_err(fault).unwrap()
    }

    #[tokio::test]
    async fn a_connection_is_kept_until_it_is_in_doubt() {
        let folder = TempDir::new().unwrap();
        let kept = kept(&folder).await;
        {
            let mut taken = kept.take().await.unwrap();
            let (connection, fault) = taken.own("leave a mark");
            let done = sqlx::query("insert into mark values (2)").execute(&mut *connection).await;
            done.map_err(&fault).unwrap();
            let wrong = sqlx::query("insert into nothing values (2)").execute(connection).await;
            assert!(matches!(wrong.map_err(&fault), Err(StoreFault::Broken(_))));
        }
        // What the database says of a statement says nothing against the connection.
        assert_eq!(marks(&kept).await, 2);

        {
            let mut taken = kept.take().await.unwrap();
            let fault = taken.own("ask").1(sqlx::Error::WorkerCrashed);
            assert!(matches!(fault, StoreFault::Busy(_)), "{fault}");
        }
        assert_eq!(marks(&kept).await, 1, "another connection, with what it needs at hand");
    }

    #[tokio::test]
    async fn whoever_waits_too_long_is_told() {
        let folder = TempDir::new().unwrap();
        let kept = kept(&folder).await;
        let taken = kept.take().await.unwrap();

        assert!(matches!(kept.take().await, Err(StoreFault::Busy(_))));
        assert!(kept.take_if_free().await.is_none());
        drop(taken);
        assert_eq!(marks(&kept).await, 1);
    }

    /// Whoever goes away in the middle leaves nothing behind.
    #[tokio::test]
    async fn a_transaction_that_is_dropped_is_rolled_back() {
        let folder = TempDir::new().unwrap();
        let kept = kept(&folder).await;
        for _ in 0..3 {
            let mut taken = kept.take().await.unwrap();
            let mut tx = taken.begin().await.unwrap();
            sqlx::query("insert into mark values (3)").execute(&mut *tx).await.unwrap();
        }

        assert_eq!(marks(&kept).await, 1);
    }
}
