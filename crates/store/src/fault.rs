//! From what the database said to what the engine must do: ask again, look, or give up.

use engine::ports::StoreFault;
use sqlx::{
    error::DatabaseError, migrate::MigrateError, postgres::PgDatabaseError, sqlite::SqliteError,
};

/// The result codes of SQLite that pass by themselves: busy, locked, interrupted.
const SQLITE_PASSING: [u32; 3] = [5, 6, 9];

/// The states of PostgreSQL that pass by themselves: serialization failure, deadlock, lock
/// time-out, statement time-out, idle time-outs, too many connections, out of memory, and a
/// server that shuts down, crashes, starts or has just become a standby.
const POSTGRES_PASSING: [&str; 13] = [
    "40001", "40P01", "55P03", "57014", "25P03", "57P05", "53300", "53200", "57P01", "57P02",
    "57P03", "25006", "25P02",
];

/// A call failed before anything of it could be committed.
pub(crate) fn failed(attempt: &str, error: &sqlx::Error) -> StoreFault {
    let sentence = format!("{attempt}: {error}");
    if passes(error) { StoreFault::Busy(sentence) } else { StoreFault::Broken(sentence) }
}

/// `map_err` with what was attempted.
pub(crate) fn failing(attempt: &'static str) -> impl Fn(sqlx::Error) -> StoreFault {
    move |error| failed(attempt, &error)
}

/// The commit itself failed: whether it happened is not known, whatever the error says.
pub(crate) fn unknown(attempt: &'static str) -> impl Fn(sqlx::Error) -> StoreFault {
    move |error| StoreFault::Unknown(format!("{attempt}: {error}"))
}

/// The migrations failed.
pub(crate) fn migration(error: &MigrateError) -> StoreFault {
    let sentence = format!("bring the schema up to date: {error}");
    if let MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _) = error
        && passes(cause)
    {
        return StoreFault::Busy(sentence);
    }
    StoreFault::Broken(sentence)
}

fn passes(error: &sqlx::Error) -> bool {
    if let sqlx::Error::Database(error) = error {
        return database_passes(error.as_ref());
    }
    matches!(
        error,
        sqlx::Error::Io(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::Protocol(_)
            | sqlx::Error::BeginFailed
    )
}

fn database_passes(error: &(dyn DatabaseError + 'static)) -> bool {
    let code = error.code().unwrap_or_default();
    if error.try_downcast_ref::<PgDatabaseError>().is_some() {
        // Class 08 is trouble with the connection.
        return code.starts_with("08") || POSTGRES_PASSING.contains(&code.as_ref());
    }
    let of_sqlite = error.try_downcast_ref::<SqliteError>().is_some();
    // The low byte is the kind; what is above refines it.
    let kind = code.parse::<u32>().map(|code| code & 0xff);
    of_sqlite && kind.is_ok_and(|kind| SQLITE_PASSING.contains(&kind))
}
