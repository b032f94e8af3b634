//! The laws of the domain: stories that a lawyer can read, properties that hold for every order
//! and every sequence of commands, and golden files of everything ever put on record.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a broken test stops where it breaks"
)]

mod laws {
    mod agreement;
    mod arb;
    mod golden;
    mod hostile;
    mod log;
    mod money;
    mod pieces;
    mod reach;
    mod refusals;
    mod repeat;
    mod stories;
    mod story;
    mod way;
    mod words;
    mod world;
}
