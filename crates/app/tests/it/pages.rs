//! Pages over HTTP, as a browser without script sees them.

mod apply;
mod doors;
mod mcase;
mod platform;
mod settings;
mod sign_in;
mod table;
pub mod visitor;
mod wechat;
