//! Whether the schema is the one this program knows.

use engine::ports::StoreFault;
use sqlx::migrate::Migrator;

/// Compares the migrations of the program with those the database has.
pub(crate) fn compare(known: &Migrator, applied: &[i64]) -> Result<(), StoreFault> {
    let known: Vec<i64> = known.iter().map(|migration| migration.version).collect();
    if known == applied {
        return Ok(());
    }
    Err(StoreFault::Broken(format!(
        "check the schema: it has the migrations {applied:?}, this program knows {known:?}"
    )))
}
