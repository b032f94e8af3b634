//! A refund in the books, from acceptance to its end.

use serde::{Deserialize, Serialize};

use super::{RefundKey, amounts::Shares};

/// The state WeChat Pay shows. `Success` and `Closed` are final.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    Processing,
    Success,
    Closed,
    Abnormal,
}

/// Which way the money goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Channel {
    Original,
    OtherBankcard,
}

/// A refund in the books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    pub mchid: String,
    pub refund_id: String,
    pub out_refund_no: String,
    pub transaction_id: String,
    pub out_trade_no: String,
    pub refund_fen: i64,
    pub total_fen: i64,
    pub reason: Option<String>,
    pub notify_url: Option<String>,
    pub funds_account: String,
    pub shares: Shares,
    pub created_ms: i64,
    pub status: Status,
    pub channel: Channel,
    pub received_account: String,
    pub success_ms: Option<i64>,
    /// Whether the merchant's balance was debited; if not, it waits for money.
    pub funded: bool,
    /// Where it goes at `due_ms`, unless something comes between.
    pub destiny: Status,
    pub due_ms: i64,
}

impl Refund {
    /// What it is found by.
    pub fn key(&self) -> RefundKey {
        RefundKey { mchid: self.mchid.clone(), out_refund_no: self.out_refund_no.clone() }
    }

    /// Whether it came to nothing; then it counts for nothing.
    pub fn is_closed(&self) -> bool {
        self.status == Status::Closed
    }

    /// WeChat Pay, refund states: a closed refund gives the merchant its money back.
    pub(super) fn moved(&mut self, to: Status, at_ms: i64, balance_fen: &mut i64) {
        self.status = to;
        match to {
            Status::Success => self.success_ms = Some(at_ms),
            Status::Closed if self.funded => *balance_fen += self.shares.debited_fen,
            Status::Closed | Status::Abnormal | Status::Processing => {}
        }
    }

    /// An abnormal refund is in progress again, to another account.
    pub(super) fn sent_another_way(&mut self, received_account: String, due_ms: i64) {
        self.status = Status::Processing;
        self.destiny = Status::Success;
        self.channel = Channel::OtherBankcard;
        self.received_account = received_account;
        self.due_ms = due_ms;
    }
}
