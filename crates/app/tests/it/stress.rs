//! Many at once, killed at any moment: what was promised is kept and money goes back once.
//!
//! These tests take real time and real processes, so they stand apart from the others. How much
//! they do is set by `WANBI_TEST_STRESS` (per cent of the usual load) and `WANBI_TEST_KILLS`.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a broken test stops where it breaks"
)]

mod book;
mod caller;
mod calm;
mod child;
mod crash;
mod crew;
mod deeds;
pub mod dice;
mod door;
mod ground;
mod kill;
mod load;
mod publish;
mod queue;
mod race;
mod share;
mod soak;
mod stale;
mod stop;

use std::str::FromStr;

/// A number that whoever runs the tests may set.
#[expect(clippy::disallowed_methods, reason = "how much is done is for whoever runs the tests")]
pub fn setting<T: FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// So much of a load as `WANBI_TEST_STRESS` says, in per cent; at least one.
fn scaled(usual: usize) -> usize {
    let percent: usize = setting("WANBI_TEST_STRESS").unwrap_or(100);
    (usual.saturating_mul(percent) / 100).max(1)
}
