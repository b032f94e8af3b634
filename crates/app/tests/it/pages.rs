//! Pages over HTTP, as a browser without script sees them.

mod apply;
mod apply_files;
mod apply_types;
mod bcase;
mod buyer_orders;
mod doors;
mod live;
mod marks;
mod mcase;
mod money;
mod overview;
mod platform;
mod policy;
mod queue;
mod replies;
mod returns;
mod settings;
mod sign_in;
mod table;
pub mod visitor;
mod wechat;
