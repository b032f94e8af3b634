//! Pages over HTTP, as a browser without script sees them.

mod doors;
mod platform;
mod table;
pub mod visitor;
