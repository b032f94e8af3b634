//! The application (售后申请): what the buyer asks.

use crate::{
    id::{FileId, ItemId, ReasonCode},
    money::Money,
};
use serde::{Deserialize, Serialize};

/// The longest description or message, in bytes.
pub const TEXT_BYTES_MAX: usize = 6_000;
/// The most files with one application, answer or message.
pub const FILES_MAX: usize = 20;

/// The type of a case (售后类型).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CaseType {
    /// Money back, goods stay or never came (仅退款).
    RefundOnly,
    /// Goods back, then money back (退货退款).
    ReturnAndRefund,
    /// Goods back, other goods out (换货).
    Exchange,
    /// Only the delivery fee back (仅退运费, S1).
    ShippingFee,
    /// A difference in price back (退差价).
    PriceDifference,
    /// An order not yet sent is cancelled (取消订单, F1).
    Cancellation,
}

impl CaseType {
    /// Whether the goods go back to the shop.
    #[must_use]
    pub const fn returns_goods(self) -> bool {
        match self {
            Self::ReturnAndRefund | Self::Exchange => true,
            Self::RefundOnly | Self::ShippingFee | Self::PriceDifference | Self::Cancellation => {
                false
            }
        }
    }

    /// Whether pieces of the items are settled by it, so that they cannot be asked for again.
    #[must_use]
    pub const fn settles_pieces(self) -> bool {
        match self {
            Self::RefundOnly | Self::ReturnAndRefund | Self::Exchange | Self::Cancellation => true,
            Self::ShippingFee | Self::PriceDifference => false,
        }
    }
}

/// Who is at fault by the reason given; decides who bears freight, duty and fees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The seller (商家责任).
    Seller,
    /// The carrier (物流责任).
    Carrier,
    /// The buyer (买家原因).
    Buyer,
}

/// So many pieces of one item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Pieces {
    /// Which line.
    pub item_id: ItemId,
    /// How many of it, at least 1.
    pub quantity: u32,
}

/// What the buyer asks, as it was last amended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Application {
    /// What kind of remedy.
    #[serde(rename = "type")]
    pub case_type: CaseType,
    /// Why, from the policy's tree.
    pub reason: ReasonCode,
    /// Which items; empty means the whole order (shipping fee, cancellation).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Pieces>,
    /// How much; absent means as much as the policy allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// What happened, in the buyer's words.
    #[serde(default)]
    pub description: String,
    /// Files that show it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<FileId>,
    /// What the buyer declares about the goods and the route.
    #[serde(default)]
    pub declared: Declared,
}

/// What the buyer declares with an application.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Declared {
    /// The goods were opened or used (F5); absent means not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opened: Option<bool>,
    /// Files that prove no use (F5).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub proof_of_no_use: Vec<FileId>,
    /// The goods have arrived; absent means as the order says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received: Option<bool>,
    /// The card paid with is still open and may take the refund (F3).
    pub route_confirmed: bool,
    /// Return freight the buyer paid and asks back where the seller is at fault (S1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_freight: Option<Money>,
}
