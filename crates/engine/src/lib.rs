//! How a message is carried: ports, the corridor that every command goes through, the pump of
//! the outbox, timers, rebuild. Runs unchanged in a simulator: no web server, SQL or sockets here.

pub mod committer;
pub mod consequence;
pub mod desk;
pub mod figures;
pub mod follow;
pub mod listing;
pub mod ports;
pub mod pump;
pub mod rebuild;
pub mod restriction;
pub mod rows;
pub mod rulebook;
pub mod search;
pub mod timers;
