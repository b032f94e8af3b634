//! The refund object: the answer to apply, query and apply-abnormal alike.

use serde::{Deserialize, Serialize};

use crate::wechat_pay::{private::Private, time::WireTime};

/// How far a refund is. `Success` and `Closed` are final, `Abnormal` is not: the money waits
/// between merchant and buyer until an abnormal refund is applied for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    Processing,
    Success,
    Closed,
    Abnormal,
}

/// WeChat Pay API v3, refund object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    pub refund_id: String,
    pub out_refund_no: String,
    pub transaction_id: String,
    pub out_trade_no: String,
    /// `ORIGINAL`, `BALANCE`, `OTHER_BALANCE`, `OTHER_BANKCARD`; open, since only people read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// Bank, kind of card and its last four digits, or the name of a balance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_received_account: Option<Private>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success_time: Option<WireTime>,
    /// When the application was accepted.
    pub create_time: WireTime,
    pub status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub funds_account: Option<String>,
    pub amount: Amount,
    #[serde(default)]
    pub promotion_detail: Vec<Promotion>,
}

/// All in fen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amount {
    #[serde(rename = "total")]
    pub total_fen: i64,
    #[serde(rename = "refund")]
    pub refund_fen: i64,
    #[serde(rename = "payer_total")]
    pub payer_total_fen: i64,
    #[serde(rename = "payer_refund")]
    pub payer_refund_fen: i64,
    #[serde(rename = "settlement_refund", skip_serializing_if = "Option::is_none")]
    pub settlement_refund_fen: Option<i64>,
    #[serde(rename = "settlement_total", skip_serializing_if = "Option::is_none")]
    pub settlement_total_fen: Option<i64>,
    #[serde(rename = "discount_refund", skip_serializing_if = "Option::is_none")]
    pub discount_refund_fen: Option<i64>,
    pub currency: String,
}

/// A coupon's share of a refund.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promotion {
    pub promotion_id: String,
    pub scope: String,
    /// `COUPON` or `DISCOUNT` in the libraries, `CASH` or `NOCASH` in newer samples: kept open.
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(rename = "amount")]
    pub amount_fen: i64,
    #[serde(rename = "refund_amount")]
    pub refund_amount_fen: i64,
}
