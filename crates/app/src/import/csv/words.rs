//! The words merchants write for a status, a category, a payment channel, an account, yes and no.

use super::text;
use crate::import::fault::value::ValueFlaw;
use domain::facts::{Account, Category, Channel, Progress};

/// Words of one column and what they mean.
pub(super) type Known<T> = &'static [(&'static str, T)];

/// 状态. Refunded is no status of an order here: refunds are cases, not facts of the order.
pub(super) const PROGRESS: Known<Progress> = &[
    ("待付款", Progress::AwaitingPayment),
    ("待支付", Progress::AwaitingPayment),
    ("awaiting_payment", Progress::AwaitingPayment),
    ("待发货", Progress::AwaitingShipment),
    ("已付款", Progress::AwaitingShipment),
    ("已支付", Progress::AwaitingShipment),
    ("awaiting_shipment", Progress::AwaitingShipment),
    ("部分发货", Progress::PartlyShipped),
    ("partly_shipped", Progress::PartlyShipped),
    ("待收货", Progress::Shipped),
    ("已发货", Progress::Shipped),
    ("shipped", Progress::Shipped),
    ("已完成", Progress::Completed),
    ("已签收", Progress::Completed),
    ("已收货", Progress::Completed),
    ("交易成功", Progress::Completed),
    ("completed", Progress::Completed),
    ("已取消", Progress::Cancelled),
    ("已关闭", Progress::Cancelled),
    ("交易关闭", Progress::Cancelled),
    ("cancelled", Progress::Cancelled),
];

/// 类目.
pub(super) const CATEGORY: Known<Category> = &[
    ("普通商品", Category::Ordinary),
    ("普通", Category::Ordinary),
    ("ordinary", Category::Ordinary),
    ("生鲜", Category::Fresh),
    ("fresh", Category::Fresh),
    ("定制", Category::MadeToOrder),
    ("made_to_order", Category::MadeToOrder),
    ("虚拟", Category::Virtual),
    ("虚拟商品", Category::Virtual),
    ("virtual", Category::Virtual),
    ("跨境", Category::CrossBorder),
    ("跨境商品", Category::CrossBorder),
    ("cross_border", Category::CrossBorder),
];

/// 支付方式. All but WeChat Pay is refunded by hand.
pub(super) const CHANNEL: Known<Channel> = &[
    ("微信支付", Channel::WechatPay),
    ("微信", Channel::WechatPay),
    ("wechat_pay", Channel::WechatPay),
    ("wechat pay", Channel::WechatPay),
    ("wechat", Channel::WechatPay),
    ("其他", Channel::Other),
    ("支付宝", Channel::Other),
    ("云闪付", Channel::Other),
    ("银行卡", Channel::Other),
    ("银行转账", Channel::Other),
    ("现金", Channel::Other),
    ("other", Channel::Other),
    ("alipay", Channel::Other),
    ("cash", Channel::Other),
];

/// 支付账户 (F3).
pub(super) const ACCOUNT: Known<Account> = &[
    ("零钱", Account::Balance),
    ("余额", Account::Balance),
    ("balance", Account::Balance),
    ("借记卡", Account::DebitCard),
    ("储蓄卡", Account::DebitCard),
    ("debit_card", Account::DebitCard),
    ("信用卡", Account::CreditCard),
    ("credit_card", Account::CreditCard),
    ("第三方支付", Account::ThirdParty),
    ("第三方", Account::ThirdParty),
    ("third_party", Account::ThirdParty),
];

/// 是 or 否.
pub(super) const YES_NO: Known<bool> = &[
    ("是", true),
    ("支持", true),
    ("yes", true),
    ("true", true),
    ("1", true),
    ("否", false),
    ("不支持", false),
    ("no", false),
    ("false", false),
    ("0", false),
];

/// What a cell means; nothing for a blank one.
///
/// # Errors
/// [`ValueFlaw::Word`], which lists the words known.
pub(super) fn find<T: Copy>(cell: &str, known: Known<T>) -> Result<Option<T>, ValueFlaw> {
    let plain = text::plain(cell);
    if plain.is_empty() {
        return Ok(None);
    }
    let lower = plain.to_lowercase();
    let found = known.iter().find(|(word, _)| *word == lower).map(|(_, meaning)| *meaning);
    found.map(Some).ok_or_else(|| {
        let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
        ValueFlaw::Word { text: plain, known: words.join(" ") }
    })
}

#[cfg(test)]
mod tests {
    use super::{CATEGORY, CHANNEL, PROGRESS, find};
    use domain::facts::{Category, Channel, Progress};

    #[test]
    fn words_are_known_in_both_languages() {
        assert_eq!(find(" 待收货 ", PROGRESS), Ok(Some(Progress::Shipped)));
        assert_eq!(find("Fresh", CATEGORY), Ok(Some(Category::Fresh)));
        assert_eq!(find("WeChat Pay", CHANNEL), Ok(Some(Channel::WechatPay)));
        assert_eq!(find("", CHANNEL), Ok(None));
        assert!(find("微信之付", CHANNEL).is_err());
        assert!(find("已退款", PROGRESS).is_err());
    }
}
