//! The application as its callers see it: over real HTTP, with the real client against the
//! payment channel's stand-in, on both databases.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "the facts are functions called by tests, and a test ends where something is amiss"
)]

/// Makes a test of each fact on each database.
#[macro_export]
macro_rules! on_both {
    ($($fact:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test]
            async fn $fact() {
                super::$fact($crate::world::Database::Sqlite).await;
            })+
        }
        mod on_postgres {
            $(#[tokio::test]
            async fn $fact() {
                super::$fact($crate::world::Database::Postgres).await;
            })+
        }
    };
}

mod access;
mod api;
mod browser;
mod first;
mod fuzz;
mod gallery;
mod life;
mod money;
mod pages;
mod stress;
mod world;
