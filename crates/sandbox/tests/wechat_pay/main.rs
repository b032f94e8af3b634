//! The real client against the sandbox, over real HTTP with real signatures.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod answers;
mod control;
mod harness;
mod keys;
mod limits;
mod notices;
mod oracle;
mod raw;
mod refunds;
mod restart;
