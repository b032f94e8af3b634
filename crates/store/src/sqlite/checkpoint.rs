//! Moves the log into the file beside the commits. Left to itself, SQLite does it at the end of
//! whichever commit finds the log long, and everybody behind that one waits for 64 MiB to reach the
//! disk.

use crate::kept::Kept;
use sqlx::{Sqlite as Dialect, SqlitePool};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::task::JoinHandle;

/// Rows after which the log is moved. Opening a case writes four, which are 12 kB of log: about
/// 3 MB. The longer the log, the longer the disk is kept busy, and commits feel it; the shorter,
/// the more often a page is moved that is written again.
const ROWS: u64 = 1_000;
const MOVE: &str = "pragma wal_checkpoint(passive)";
/// How often it is looked whether there are so many.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Fewer are moved after so many looks, half a minute.
const LOOKS_MAX: u32 = 300;

/// Counts what was written, and moves it from time to time. Ends when it is dropped.
pub(super) struct Checkpoints {
    rows: Arc<AtomicU64>,
    mover: JoinHandle<()>,
}

impl Checkpoints {
    /// `beside` is a connection of its own, `writer` the one that commits.
    pub(super) fn start(beside: SqlitePool, writer: Arc<Kept<Dialect>>) -> Self {
        let rows = Arc::new(AtomicU64::new(0));
        let mover = tokio::spawn(run(Arc::clone(&rows), beside, writer));
        Self { rows, mover }
    }

    /// So many rows were committed.
    pub(super) fn written(&self, rows: usize) {
        self.rows.fetch_add(u64::try_from(rows).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        self.mover.abort();
    }
}

async fn run(rows: Arc<AtomicU64>, beside: SqlitePool, writer: Arc<Kept<Dialect>>) {
    let mut looks = 0_u32;
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        looks = looks.saturating_add(1);
        let written = rows.load(Ordering::Relaxed);
        if written < ROWS && (written == 0 || looks < LOOKS_MAX) {
            continue;
        }
        (looks, _) = (0, rows.swap(0, Ordering::Relaxed));
        // The first takes a while and commits go on; the second takes what came meanwhile. The
        // third is between two commits: all is moved then, and the next commit begins the log anew,
        // unless somebody still reads from it.
        // What failed is done next time, or by a commit that finds the log very long.
        for pool in [&beside, &beside] {
            let _moved = sqlx::query(MOVE).fetch_all(pool).await;
        }
        if let Ok(mut writer) = writer.take().await
            && sqlx::query(MOVE).fetch_all(&mut *writer).await.is_ok()
        {
            writer.keep();
        }
    }
}
