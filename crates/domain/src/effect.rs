//! What the world must be asked, with every choice already made: nothing is left to decide when
//! it is carried out.

use crate::{
    event::SealedCard,
    id::{CaseId, RefundNo, TransactionId},
    money::Money,
};
use serde::{Deserialize, Serialize};

/// A message to the outside world.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Effect {
    /// See to it that the channel accepts this refund; asked again with the same number until
    /// it is known whether it did.
    Refund(RefundOrder),
    /// Learn what became of an accepted refund.
    QueryRefund {
        /// Which.
        refund_no: RefundNo,
    },
    /// Send an abnormal refund to another card.
    RefundToCard {
        /// Which.
        refund_no: RefundNo,
        /// The channel's number of it.
        channel_no: String,
        /// The card.
        sealed: SealedCard,
    },
    /// Ask the channel about a payment and its refund, for a ticket (F8).
    QueryTransaction {
        /// The payment.
        transaction_id: TransactionId,
        /// The refund.
        refund_no: RefundNo,
    },
}

/// A refund as the channel is asked for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefundOrder {
    /// The number.
    pub refund_no: RefundNo,
    /// The case.
    pub case_id: CaseId,
    /// The payment.
    pub transaction_id: TransactionId,
    /// How much.
    pub amount: Money,
    /// What the payment was.
    pub total: Money,
}

impl Effect {
    /// The kind, for reading by eye.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Refund(_) => "refund",
            Self::QueryRefund { .. } => "query_refund",
            Self::RefundToCard { .. } => "refund_to_card",
            Self::QueryTransaction { .. } => "query_transaction",
        }
    }

    /// The refund it is about.
    #[must_use]
    pub const fn refund_no(&self) -> &RefundNo {
        match self {
            Self::Refund(order) => &order.refund_no,
            Self::QueryRefund { refund_no }
            | Self::RefundToCard { refund_no, .. }
            | Self::QueryTransaction { refund_no, .. } => refund_no,
        }
    }
}
