//! A faithful stand-in for WeChat Pay over real HTTP, with the real cryptography.
//!
//! WeChat Pay has no sandbox of its own. This one keeps its own books, signs what it says, checks
//! what it is told, notifies as WeChat Pay does, and misbehaves on demand. It listens on this
//! machine only unless told otherwise, and its control API is open: never expose it.
//!
//! ```no_run
//! # async fn demo() -> Result<(), Box<dyn std::error::Error>> {
//! use sandbox::{Sandbox, books::transaction::Transaction, config::{Config, KeyMode}, keys::Keys};
//!
//! let keys = Keys::load_or_generate("demo/keys".as_ref())?;
//! let sandbox =
//!     Sandbox::start(Config::new(KeyMode::PublicKey, &keys, "1900000001", 1_000_000)).await?;
//! let payment = Transaction {
//!     paid_at_ms: sandbox.now_ms(),
//!     ..Transaction::new(&sandbox.new_transaction_id(), "ORDER-1", "1900000001", 9_900)
//! };
//! sandbox.put_transaction(payment)?;
//! println!("WeChat Pay is at {}", sandbox.base_url);
//! # Ok(())
//! # }
//! ```

pub mod books;
pub mod clock;
pub mod config;
mod control;
pub mod faults;
mod journal;
pub mod keys;
mod random;
mod start;
pub mod wechat_login;
mod wechat_pay;
mod world;

pub use start::{PutError, Sandbox, StartError};
