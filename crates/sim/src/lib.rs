//! A year of weather in a minute: a seeded simulation of the production engine.
//!
//! One seed is one exact story: shops, buyers, merchants, arbiters and a bank with books of its
//! own, a clock that jumps, and faults wherever a fault can come between. Afterwards the weather
//! calms, the backlog is worked off, and everything is compared with everything else.

pub mod bank;
pub mod calm;
pub mod chance;
pub mod check;
pub mod clock;
pub mod flaw;
pub mod home;
pub mod hunt;
pub mod lease;
pub mod life;
pub mod machine;
pub mod mirror;
pub mod people;
pub mod play;
pub mod process;
pub mod report;
pub mod run;
pub mod server;
pub mod sky;
pub mod storm;
pub mod town;
pub mod wire;
pub mod words;
pub mod world;
