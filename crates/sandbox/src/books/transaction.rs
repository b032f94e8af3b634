//! A payment that can be refunded.

use serde::{Deserialize, Serialize};

/// What the buyer paid with, so that the account a refund reaches is believable.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayerAccount {
    /// 零钱
    #[default]
    Balance,
    /// 零钱通
    BalancePlus,
    DebitCard(Card),
    CreditCard(Card),
}

/// A card by its bank and last digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    pub bank: String,
    pub last_four: String,
}

impl PayerAccount {
    /// `user_received_account` as WeChat Pay words it.
    pub fn received_account(&self) -> String {
        match self {
            Self::Balance => "支付用户零钱".to_owned(),
            Self::BalancePlus => "支付用户零钱通".to_owned(),
            Self::DebitCard(card) => format!("{}借记卡{}", card.bank, card.last_four),
            Self::CreditCard(card) => format!("{}信用卡{}", card.bank, card.last_four),
        }
    }

    pub(crate) fn is_card(&self) -> bool {
        match self {
            Self::Balance | Self::BalancePlus => false,
            Self::DebitCard(_) | Self::CreditCard(_) => true,
        }
    }
}

/// A payment that can be refunded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transaction {
    pub transaction_id: String,
    pub out_trade_no: String,
    pub mchid: String,
    /// What the order cost.
    pub total_fen: i64,
    /// What the buyer paid; the rest was a coupon.
    pub payer_total_fen: i64,
    /// The part of the coupon that the merchant was paid for (a recharged coupon, `COUPON`); the
    /// rest is a mere discount (`DISCOUNT`) and was never settled.
    #[serde(default)]
    pub settled_coupon_fen: i64,
    pub paid_at_ms: i64,
    #[serde(default)]
    pub payer_account: PayerAccount,
    pub openid: String,
}

impl Transaction {
    /// A payment without coupons from a balance.
    pub fn new(transaction_id: &str, out_trade_no: &str, mchid: &str, total_fen: i64) -> Self {
        Self {
            transaction_id: transaction_id.to_owned(),
            out_trade_no: out_trade_no.to_owned(),
            mchid: mchid.to_owned(),
            total_fen,
            payer_total_fen: total_fen,
            settled_coupon_fen: 0,
            paid_at_ms: 0,
            payer_account: PayerAccount::Balance,
            openid: "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o".to_owned(),
        }
    }

    /// What reached the merchant before fees.
    pub fn settlement_total_fen(&self) -> i64 {
        self.payer_total_fen + self.settled_coupon_fen
    }

    /// The whole coupon.
    pub fn coupon_fen(&self) -> i64 {
        self.total_fen - self.payer_total_fen
    }

    /// Whether the numbers can belong to one payment.
    pub fn is_plausible(&self) -> bool {
        (1..=self.total_fen).contains(&self.payer_total_fen)
            && (0..=self.coupon_fen()).contains(&self.settled_coupon_fen)
            && !self.transaction_id.is_empty()
            && !self.out_trade_no.is_empty()
    }
}
