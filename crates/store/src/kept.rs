//! A connection that is kept. One that goes back to its pool is asked first whether it lives, by a
//! task of its own, and whoever wants it next waits for the answer: where a connection is used
//! again and again, that is more than the work itself.

use crate::fault::failing;
use engine::ports::StoreFault;
use sqlx::{Database, Pool, pool::PoolConnection};
use std::{
    ops::{Deref, DerefMut},
    time::Duration,
};
use tokio::{
    sync::{Mutex, MutexGuard},
    time::{Instant, timeout},
};

/// At most one connection out of a pool. Whoever wants it waits here, in order.
pub(crate) struct Kept<DB: Database> {
    pool: Pool<DB>,
    place: Mutex<Place<DB>>,
    /// How long a connection that nobody uses is believed to live.
    trusted: Duration,
    /// How long to wait for those before.
    patience: Duration,
}

/// The connection, and since when nobody uses it.
type Place<DB> = Option<(PoolConnection<DB>, Instant)>;

impl<DB: Database> Kept<DB> {
    pub(crate) fn new(pool: Pool<DB>, trusted: Duration, patience: Duration) -> Self {
        Self { pool, place: Mutex::new(None), trusted, patience }
    }

    /// The connection, once everybody before has done with it.
    pub(crate) async fn take(&self) -> Result<Taken<'_, DB>, StoreFault> {
        let Ok(place) = timeout(self.patience, self.place.lock()).await else {
            return Err(StoreFault::Busy("others have the connection for too long".into()));
        };
        self.taken(Some(place)).await
    }

    /// The connection if nobody has it, or another one of the pool.
    pub(crate) async fn take_any(&self) -> Result<Taken<'_, DB>, StoreFault> {
        self.taken(self.place.try_lock().ok()).await
    }

    async fn taken<'a>(
        &'a self,
        mut place: Option<MutexGuard<'a, Place<DB>>>,
    ) -> Result<Taken<'a, DB>, StoreFault> {
        let kept = place.as_deref_mut().and_then(Option::take);
        let connection = match kept.filter(|(_, since)| since.elapsed() < self.trusted) {
            Some((connection, _)) => connection,
            None => self.pool.acquire().await.map_err(failing("take a connection"))?,
        };
        Ok(Taken { connection, trusted: self.trusted, place })
    }
}

/// A connection for as long as somebody has it. It goes back to its pool, which looks whether it
/// lives, unless it is said that all went well.
pub(crate) struct Taken<'a, DB: Database> {
    connection: PoolConnection<DB>,
    trusted: Duration,
    /// Where it is kept; nowhere if another one is.
    place: Option<MutexGuard<'a, Place<DB>>>,
}

impl<DB: Database> Taken<'_, DB> {
    /// All went well: the next who wants it gets it as it is. Not to be said on PostgreSQL after a
    /// transaction was dropped, which is rolled back only with the next use or in the pool.
    pub(crate) fn keep(self) {
        if let Some(mut place) = self.place
            && !self.trusted.is_zero()
        {
            *place = Some((self.connection, Instant::now()));
        }
    }
}

impl<DB: Database> Deref for Taken<'_, DB> {
    type Target = DB::Connection;

    fn deref(&self) -> &DB::Connection {
        &self.connection
    }
}

impl<DB: Database> DerefMut for Taken<'_, DB> {
    fn deref_mut(&mut self) -> &mut DB::Connection {
        &mut self.connection
    }
}

/// The first of several that nobody has; if all are taken, the first of them once it is free.
pub(crate) async fn first_free<DB: Database>(
    several: &[Kept<DB>],
) -> Result<Taken<'_, DB>, StoreFault> {
    for kept in several {
        if let Ok(place) = kept.place.try_lock() {
            return kept.taken(Some(place)).await;
        }
    }
    let first = several.first().ok_or_else(|| StoreFault::Broken("nothing is kept".into()))?;
    first.take().await
}

#[cfg(test)]
mod tests {
    use super::{Kept, first_free};
    use engine::ports::StoreFault;
    use sqlx::{
        Connection, Sqlite,
        sqlite::{SqliteConnectOptions, SqlitePoolOptions},
    };
    use std::time::Duration;
    use tempfile::TempDir;

    const FOR_EVER: Duration = Duration::from_secs(3_600);

    /// A table that each connection has for itself, with one row.
    const MARK: &str = "create temp table mark as select 1 as n";

    async fn kept(folder: &TempDir, trusted: Duration) -> Kept<Sqlite> {
        let options = SqliteConnectOptions::new()
            .filename(folder.path().join("kept.db"))
            .create_if_missing(true);
        let pool = SqlitePoolOptions::new()
            .max_connections(2)
            .test_before_acquire(false)
            .after_connect(|connection, _| {
                Box::pin(async move { sqlx::query(MARK).execute(connection).await.map(drop) })
            })
            .connect_with(options);
        Kept::new(pool.await.unwrap(), trusted, Duration::from_millis(50))
    }

    /// Leaves one mark more in the connection, says how many there were, and keeps it.
    async fn marks(kept: &Kept<Sqlite>) -> i64 {
        let mut taken = kept.take().await.unwrap();
        let marks = sqlx::query_scalar("select count(*) from mark").fetch_one(&mut *taken);
        let marks = marks.await.unwrap();
        sqlx::query("insert into mark values (2)").execute(&mut *taken).await.unwrap();
        taken.keep();
        marks
    }

    #[tokio::test]
    async fn a_connection_is_kept_while_all_goes_well() {
        let folder = TempDir::new().unwrap();
        let kept = kept(&folder, FOR_EVER).await;

        assert_eq!((marks(&kept).await, marks(&kept).await), (1, 2));
        // One that was not said to be well goes back to the pool, which has another one as well.
        let spoiled = kept.take().await.unwrap();
        assert_eq!(kept.pool.num_idle(), 0);
        drop(spoiled);
        while kept.pool.num_idle() == 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(kept.pool.size(), 1);
    }

    #[tokio::test]
    async fn a_connection_that_nobody_trusts_any_more_goes_back_to_its_pool() {
        let folder = TempDir::new().unwrap();
        for (trusted, idle) in [(Duration::ZERO, 1), (FOR_EVER, 0)] {
            let kept = kept(&folder, trusted).await;
            marks(&kept).await;
            for _ in 0..100 {
                tokio::task::yield_now().await;
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            assert_eq!(kept.pool.num_idle(), idle, "trusted for {trusted:?}");
        }
    }

    #[tokio::test]
    async fn whoever_waits_too_long_is_told_and_whoever_may_takes_another() {
        let folder = TempDir::new().unwrap();
        let several = [kept(&folder, FOR_EVER).await, kept(&folder, FOR_EVER).await];
        let first = several[0].take().await.unwrap();

        assert!(matches!(several[0].take().await, Err(StoreFault::Busy(_))));
        let other = several[0].take_any().await.unwrap();
        let second = first_free(&several).await.unwrap();
        assert!(matches!(first_free(&several).await, Err(StoreFault::Busy(_))));
        drop((first, other, second));
        assert_eq!(marks(&several[0]).await, 1);
    }

    /// Whoever goes away in the middle leaves nothing behind, kept or not.
    #[tokio::test]
    async fn a_transaction_that_is_dropped_is_rolled_back() {
        let folder = TempDir::new().unwrap();
        let kept = kept(&folder, FOR_EVER).await;
        for keeps in [true, false, true] {
            let mut taken = kept.take().await.unwrap();
            let mut tx = taken.begin().await.unwrap();
            sqlx::query("insert into mark values (3)").execute(&mut *tx).await.unwrap();
            drop(tx);
            if keeps {
                taken.keep();
            }
        }

        assert_eq!(marks(&kept).await, 1);
    }
}
