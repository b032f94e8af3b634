//! A record: an event with when, by whom and by which command. This is what is kept and hashed.

use crate::{actor::Actor, event::Event, id::CommandId, moment::Moment};
use serde::{Deserialize, Serialize};

/// One event on record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// 1 for the first of an order, then without gaps.
    pub version: u64,
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: Actor,
    /// By which command.
    pub command: CommandId,
    /// The caller's idempotency key, if one was given: the receipt of the command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
    /// What.
    pub event: Event,
}

/// The proof that a request was answered: a repeated key with the same request gets the same
/// answer, with another request a refusal.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// SHA-256 of who asked and of the key, in hex, 32 digits of it.
    pub key: String,
    /// SHA-256 of the request, in hex, 32 digits of it.
    pub request: String,
}
