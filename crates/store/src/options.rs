//! How many connections the store holds and how long it waits.

use std::time::Duration;

/// Sizes and time-outs of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Connections to PostgreSQL.
    pub connections_max: u32,
    /// Connections that read from SQLite; one more writes.
    pub readers_max: u32,
    /// Whether many work with it at once, as in a server: then reads that come at the same time are
    /// made together, and the log of SQLite is moved into the file by a task beside the commits,
    /// not by whichever commit finds it long. Needs the runtime of whoever opens it.
    pub serves: bool,
    /// How long to wait for a free connection.
    pub acquire_ms_max: u32,
    /// How long to wait for a lock that another transaction, or with SQLite another process, holds.
    pub lock_ms_max: u32,
    /// How long PostgreSQL may work on one statement, or wait for the next one of a transaction.
    pub statement_ms_max: u32,
    /// How long to wait for an answer of PostgreSQL to a whole call before the connection is given
    /// up. Longer than the others, so that it only speaks where the network has gone silent.
    pub answer_ms_max: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            connections_max: 16,
            readers_max: 4,
            serves: false,
            acquire_ms_max: 5_000,
            lock_ms_max: 5_000,
            statement_ms_max: 10_000,
            answer_ms_max: 30_000,
        }
    }
}

impl Options {
    pub(crate) fn acquire(&self) -> Duration {
        Duration::from_millis(self.acquire_ms_max.into())
    }

    pub(crate) fn lock(&self) -> Duration {
        Duration::from_millis(self.lock_ms_max.into())
    }

    pub(crate) fn answer(&self) -> Duration {
        Duration::from_millis(self.answer_ms_max.into())
    }
}
