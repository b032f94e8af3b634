//! What is remembered: SQLite and PostgreSQL behind the engine's narrow port. The only SQL.
//!
//! Both backends speak their own dialect and share what is no SQL: the judgement of a batch
//! (`judge`), the shapes of rows, the meaning of filters. One conformance suite holds
//! them to the same answers.

mod column;
mod decode;
mod fault;
mod figure;
mod gather;
mod judge;
mod kept;
mod list;
mod name;
mod options;
mod postgres;
mod schema;
mod search;
mod shape;
mod sqlite;

pub use options::Options;
pub use sqlite::figures_beside;

use engine::ports::{Store, StoreFault};
use std::sync::Arc;

/// Opens the store that a URL names, `sqlite:///path/file.db` or `postgres://…`, and brings its
/// schema up to date.
///
/// # Errors
/// [`StoreFault::Broken`] if the URL names neither, or the schema is not ours;
/// [`StoreFault::Busy`] if the database does not answer.
pub async fn open(url: &str, options: &Options) -> Result<Arc<dyn Store>, StoreFault> {
    match url.split_once(':') {
        Some(("sqlite", _)) => Ok(Arc::new(sqlite::Sqlite::open(url, options).await?)),
        Some(("postgres" | "postgresql", _)) => {
            Ok(Arc::new(postgres::Postgres::open(url, options).await?))
        }
        // The URL is not repeated: it may hold a password.
        Some(_) | None => {
            Err(StoreFault::Broken("open a store: the URL must begin sqlite: or postgres:".into()))
        }
    }
}
