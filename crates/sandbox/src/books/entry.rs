//! One change to the books: one line of the journal.

use serde::{Deserialize, Serialize};

use super::{
    RefundKey,
    notice::{Attempt, Notice},
    refund::{Refund, Status},
    transaction::Transaction,
};

/// One change to the books.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "snake_case")]
pub enum Entry {
    /// A payment was made, or made anew under the same number.
    Transaction(Transaction),
    /// The merchant's balance is this now.
    Balance { mchid: String, balance_fen: i64 },
    /// A refund was accepted.
    Accepted(Box<Refund>),
    /// A refund that waited for the merchant's money has it.
    Funded { key: RefundKey, due_ms: i64 },
    /// A refund reached another state.
    Moved { key: RefundKey, at_ms: i64, to: Status },
    /// An abnormal refund goes another way.
    AbnormalApplied { key: RefundKey, received_account: String, due_ms: i64 },
    /// A notice is to be delivered.
    NoticeQueued(Box<Notice>),
    /// A notice was posted, or lost on purpose.
    NoticeTried { seq: u64, attempt: Attempt },
    /// The clock was moved.
    Clock { offset_ms: i64 },
}
