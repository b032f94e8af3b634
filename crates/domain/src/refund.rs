//! A refund (退款): money going back. One case can need several, one for each payment.

use crate::{
    id::{PersonId, RefundNo, TransactionId},
    moment::Moment,
    money::Money,
};
use serde::{Deserialize, Serialize};

/// The most refunds of one payment that the channel accepts (WeChat Pay API v3, refund limits).
pub const REFUNDS_PER_PAYMENT_MAX: usize = 50;

/// One refund.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Refund {
    /// The shop's number for it, the channel's idempotency key: used once, for ever.
    pub refund_no: RefundNo,
    /// Which way it goes.
    pub path: Path,
    /// How much.
    pub amount: Money,
    /// Not before: refunds of one payment keep a minute apart.
    pub send_at: Moment,
    /// Where it stands.
    pub state: State,
    /// Since when.
    pub since: Moment,
    /// When the channel first accepted it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<Moment>,
    /// The channel's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel_no: Option<String>,
    /// Where the channel says it arrived, such as `招商银行信用卡0403`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrived_in: Option<String>,
    /// Why it waits or failed: the channel's code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The designated account with all but its end hidden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_masked: Option<String>,
    /// Who of the shop had a hand in where the money goes: named the account, ordered it anew.
    /// They do not approve it as well (four eyes).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hands: Vec<PersonId>,
    /// The voucher of a payout carried out by people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voucher: Option<String>,
}

/// Which way a refund goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Path {
    /// Back through WeChat Pay to the payment it came from.
    Original(TransactionId),
    /// Back through a third party's channel, by people, after the platform approved it (F3).
    ThirdParty(TransactionId),
    /// To a designated account, by people, after finance approved it (F2, Q1).
    Designated,
}

impl Path {
    /// The payment it goes back to.
    #[must_use]
    pub const fn transaction(&self) -> Option<&TransactionId> {
        match self {
            Self::Original(id) | Self::ThirdParty(id) => Some(id),
            Self::Designated => None,
        }
    }

    /// Whether people carry it out.
    #[must_use]
    pub const fn is_payout(&self) -> bool {
        match self {
            Self::Original(_) => false,
            Self::ThirdParty(_) | Self::Designated => true,
        }
    }
}

/// Where a refund stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Will be sent.
    Ordered,
    /// Not accepted yet for a reason that passes: balance short, account not verified (F4).
    Waiting,
    /// The answer was lost, or a final no is not believed yet; the channel is asked about the
    /// number.
    Uncertain,
    /// The channel accepted it (退款处理中).
    Accepted,
    /// The money has gone (退款成功).
    Succeeded,
    /// The money left the merchant but cannot reach the payer (退款异常).
    Abnormal,
    /// The channel refused it for good.
    Declined,
    /// The channel accepted it, could not carry it out for seven days, and closed it (退款关闭).
    ClosedByChannel,
    /// Another refund took its place.
    Replaced,
    /// A payout waits for approval by a second person.
    AwaitingApproval,
    /// A payout was approved and waits to be carried out.
    Approved,
    /// A payout was carried out.
    Paid,
}

impl State {
    /// Whether its amount counts as given: everything but what another refund replaced.
    #[must_use]
    pub const fn counts(self) -> bool {
        !matches!(self, Self::Replaced)
    }

    /// Whether the money has gone for good.
    #[must_use]
    pub const fn is_done(self) -> bool {
        matches!(self, Self::Succeeded | Self::Paid | Self::Replaced)
    }

    /// Whether people must look for another way.
    #[must_use]
    pub const fn has_failed(self) -> bool {
        matches!(self, Self::Abnormal | Self::Declined | Self::ClosedByChannel)
    }

    /// Whether the channel may still change it.
    #[must_use]
    pub const fn is_on_its_way(self) -> bool {
        matches!(self, Self::Ordered | Self::Waiting | Self::Uncertain | Self::Accepted)
    }
}
