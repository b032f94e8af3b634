//! How the outside is spoken to.
//!
//! Protocols are pure values: a request is built, an answer is read, and neither knows a socket,
//! a clock or a source of randomness. [`client`] is the one file that opens a connection.

pub mod channel;
pub mod client;
pub mod http;
pub mod pace;
pub mod wechat_login;
pub mod wechat_pay;
