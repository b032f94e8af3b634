//! Stories of the policy: every row of the requirements that it decides, as facts.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a story that cannot be told has failed"
)]

mod chaos;
mod conditions;
mod desk;
mod document;
mod rows;
mod sentences;
