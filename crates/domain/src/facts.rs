//! The facts of an order: what was bought, paid, shipped and signed for. They come from the shop.

mod check;

pub use check::FactsError;

use crate::{
    id::{BuyerId, ItemId, OrderId, TransactionId},
    moment::Moment,
    money::{Currency, Money, MoneyError},
};
use serde::{Deserialize, Serialize};

/// The most items an order may have.
pub const ITEMS_MAX: usize = 200;
/// The most payments an order may have.
pub const TENDERS_MAX: usize = 10;
/// The most parcels an order may have.
pub const SHIPMENTS_MAX: usize = 50;
/// The most coupons an order may have.
pub const COUPONS_MAX: usize = 20;
/// The most pieces of one item.
pub const QUANTITY_MAX: u32 = 100_000;
/// The longest title of an item, in bytes.
pub const TITLE_BYTES_MAX: usize = 600;

/// What the shop says of one order (订单).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// The shop's name for the order.
    pub order_id: OrderId,
    /// Who bought.
    pub buyer_id: BuyerId,
    /// The one currency of every amount of the order.
    pub currency: Currency,
    /// When the order was placed.
    pub placed_at: Moment,
    /// How far the order has come.
    pub progress: Progress,
    /// What was bought, 1 to [`ITEMS_MAX`] lines.
    pub items: Vec<Item>,
    /// What the buyer paid for delivery (运费).
    pub freight: Money,
    /// Discounts of the whole order, spread over the items by their value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coupons: Vec<Coupon>,
    /// How it was paid; empty while unpaid.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tenders: Vec<Tender>,
    /// What was sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shipments: Vec<Shipment>,
    /// When the buyer signed for it (签收).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_at: Option<Moment>,
}

/// How far an order has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// Placed, not paid (待付款).
    AwaitingPayment,
    /// Paid, nothing sent (待发货).
    AwaitingShipment,
    /// Some of it sent (部分发货).
    PartlyShipped,
    /// All of it sent (待收货).
    Shipped,
    /// Received (已完成).
    Completed,
    /// Cancelled or closed (已取消).
    Cancelled,
}

/// The kinds of goods that have rules of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Ordinary goods (普通商品), seven-day right.
    Ordinary,
    /// Fresh food (生鲜).
    Fresh,
    /// Made to order (定制).
    MadeToOrder,
    /// Virtual goods (虚拟).
    Virtual,
    /// Cross-border goods (跨境).
    CrossBorder,
}

/// One line of the order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Unique within the order.
    pub item_id: ItemId,
    /// The shop's stock number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// What the buyer read.
    pub title: String,
    /// Which rules apply.
    pub category: Category,
    /// Price of one piece before discounts.
    pub unit_price: Money,
    /// Pieces bought, 1 to [`QUANTITY_MAX`].
    pub quantity: u32,
    /// Discount of the whole line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Money>,
    /// Tax and duty paid for the whole line on top of the price (cross-border).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duty: Option<Money>,
    /// When it was activated or used (virtual goods).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activated_at: Option<Moment>,
    /// The no-return clause that the buyer accepted before buying (made to order, K2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause_accepted: Option<Acceptance>,
    /// Whether the seven-day right without reason holds; by default, as the category has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seven_day_right: Option<bool>,
    /// The supplier's batch, for the numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<String>,
}

/// A clause shown before purchase and accepted; the acceptance is itself evidence (K2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// The words accepted.
    pub clause: String,
    /// When.
    pub accepted_at: Moment,
}

/// A discount on the whole order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Coupon {
    /// What it is called.
    pub name: String,
    /// What it took off.
    pub amount: Money,
}

/// One payment of the order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Tender {
    /// The channel's transaction number (交易流水号), unique within the order.
    pub transaction_id: TransactionId,
    /// Where it was paid.
    pub channel: Channel,
    /// From what kind of account.
    pub account: Account,
    /// How much.
    pub amount: Money,
    /// When.
    pub paid_at: Moment,
}

/// A payment channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// WeChat Pay: refunds go through its API.
    WechatPay,
    /// Any other: refunds are carried out by people and recorded.
    Other,
}

/// The kind of account a payment came from (F3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Account {
    /// The channel's own balance (零钱).
    Balance,
    /// A debit card (借记卡).
    DebitCard,
    /// A credit card (信用卡).
    CreditCard,
    /// A third party's account (第三方支付).
    ThirdParty,
}

/// One parcel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Shipment {
    /// Who carries it.
    pub carrier: String,
    /// Its number.
    pub waybill: String,
    /// When it left.
    pub shipped_at: Moment,
    /// A quality report made at dispatch (fresh food, K1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality_report: Option<String>,
}

impl Facts {
    /// The item of that name.
    #[must_use]
    pub fn item(&self, item_id: &ItemId) -> Option<&Item> {
        self.items.iter().find(|item| item.item_id == *item_id)
    }

    /// The payment of that number.
    #[must_use]
    pub fn tender(&self, transaction_id: &TransactionId) -> Option<&Tender> {
        self.tenders.iter().find(|tender| tender.transaction_id == *transaction_id)
    }

    /// What was paid in all.
    ///
    /// # Errors
    /// [`MoneyError`], which checked facts never give.
    pub fn paid(&self) -> Result<Money, MoneyError> {
        Money::sum(self.currency, self.tenders.iter().map(|tender| tender.amount))
    }

    /// What each line came to after its own discount and its part of the coupons, in the order
    /// of the items. The parts of a coupon add up to it exactly (S2).
    ///
    /// # Errors
    /// [`MoneyError`], which checked facts never give.
    pub fn line_paid(&self) -> Result<Vec<Money>, MoneyError> {
        let before = self.items.iter().map(Item::before_coupons).collect::<Result<Vec<_>, _>>()?;
        let coupons = Money::sum(self.currency, self.coupons.iter().map(|coupon| coupon.amount))?;
        let weights: Vec<i64> = before.iter().map(|amount| amount.minor()).collect();
        let shares = coupons.split(&weights)?;
        before.into_iter().zip(shares).map(|(amount, share)| amount.minus(share)).collect()
    }

    /// Whether anything has left the shop.
    #[must_use]
    pub const fn is_unshipped(&self) -> bool {
        matches!(self.progress, Progress::AwaitingShipment)
    }

    /// Whether it is paid and neither closed nor waiting for payment.
    #[must_use]
    pub const fn is_paid(&self) -> bool {
        match self.progress {
            Progress::AwaitingPayment | Progress::Cancelled => false,
            Progress::AwaitingShipment
            | Progress::PartlyShipped
            | Progress::Shipped
            | Progress::Completed => true,
        }
    }
}

impl Item {
    /// Price × quantity less the line's own discount.
    ///
    /// # Errors
    /// [`MoneyError::Range`] if the discount is larger.
    pub fn before_coupons(&self) -> Result<Money, MoneyError> {
        let full = self.unit_price.times(self.quantity)?;
        full.minus(self.discount.unwrap_or(Money::zero(full.currency())))
    }

    /// Whether it may be returned within the window without a reason (消费者权益保护法 art. 25:
    /// not made-to-order, fresh or virtual goods).
    #[must_use]
    pub fn has_seven_day_right(&self) -> bool {
        self.seven_day_right.unwrap_or(match self.category {
            Category::Ordinary => true,
            Category::Fresh | Category::MadeToOrder | Category::Virtual | Category::CrossBorder => {
                false
            }
        })
    }
}
