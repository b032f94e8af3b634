//! What is true: money, orders, cases and the policy that judges them. No clock, no randomness,
//! no I/O, nothing asynchronous lives here.
#![deny(clippy::float_arithmetic, clippy::indexing_slicing)]

pub mod actor;
pub mod allowed;
pub mod application;
pub mod ask;
pub mod calendar;
pub mod case;
pub mod command;
pub mod decide;
pub mod effect;
pub mod event;
pub mod evolve;
pub mod facts;
pub mod finding;
pub mod id;
pub mod moment;
pub mod money;
pub mod order;
pub mod policy;
pub mod react;
pub mod record;
pub mod refund;
pub mod refusal;
#[cfg(feature = "schema")]
pub mod schema;
pub mod sight;
pub mod standing;
pub mod working;
