//! The laws of the domain: stories that a lawyer can read, properties that hold for every order
//! and every sequence of commands, and golden files of everything ever put on record.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a broken test stops where it breaks"
)]

mod laws {
    mod golden;
    mod refusals;
    mod stories;
    mod story;
    mod world;
}
