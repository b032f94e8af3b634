//! The amounts of WeChat's order, brought to ours so that every sum is exact.

use super::wire::{Price, Product};
use crate::import::fault::{Flaw, Words, order::OrderFlaw};
use domain::{
    facts::{Coupon, FactsError, Item},
    money::{Currency, Money, MoneyError},
};

/// How the buyer's pages call what was taken off the whole order.
const COUPON_NAME: &str = "订单优惠";

const ORDER_PRICE: &str = "order_detail.price_info.order_price";
const FREIGHT: &str = "order_detail.price_info.freight";

/// The price of a piece and the discount of the line. The line comes to `real_price` exactly.
///
/// Where the merchant raised the price (`change_price`) above `sale_price` × pieces, the price of
/// a piece is the raised one, rounded up to a fen, and the few fen too many are a discount.
pub(super) fn line(product: &Product) -> Result<(Money, Option<Money>), Words> {
    split(product).map_err(words)
}

fn split(product: &Product) -> Result<(Money, Option<Money>), MoneyError> {
    let real = Money::cny(product.real_price)?;
    let sale = Money::cny(product.sale_price)?;
    let full = sale.times(product.sku_cnt)?;
    let (unit, discount) = if real.minor() <= full.minor() {
        (sale, full.minus(real)?)
    } else {
        let pieces = i64::from(product.sku_cnt.max(1));
        let rounded = real.minor().saturating_add(pieces).saturating_sub(1);
        let unit = Money::cny(rounded.checked_div(pieces).unwrap_or(0))?;
        (unit, unit.times(product.sku_cnt.max(1))?.minus(real)?)
    };
    Ok((unit, (discount.minor() > 0).then_some(discount)))
}

/// The freight, and what was taken off the whole order.
pub(super) fn whole(items: &[Item], price: &Price) -> Result<(Money, Vec<Coupon>), Flaw> {
    let changed = price.change_freight.filter(|_| price.is_change_freight == Some(true));
    let freight = Money::cny(changed.unwrap_or(price.freight)).map_err(|e| flaw(FREIGHT, e))?;
    let paid = Money::cny(price.order_price).map_err(|e| flaw(ORDER_PRICE, e))?;
    let lines = items.iter().map(Item::before_coupons).collect::<Result<Vec<_>, _>>();
    let due = lines
        .and_then(|lines| Money::sum(Currency::CNY, lines)?.plus(freight))
        .map_err(|error| flaw(ORDER_PRICE, error))?;
    let amount = due.minus(paid).map_err(|_| {
        let (paid_fen, due_fen) = (paid.minor(), due.minor());
        Flaw::new(ORDER_PRICE, OrderFlaw::PaidMore { paid_fen, due_fen })
    })?;
    let coupon = (amount.minor() > 0).then(|| Coupon { name: COUPON_NAME.into(), amount });
    Ok((freight, coupon.into_iter().collect()))
}

pub(super) fn flaw(key: &str, error: MoneyError) -> Flaw {
    Flaw { key: key.to_owned(), words: words(error) }
}

fn words(error: MoneyError) -> Words {
    FactsError::Money(error).into()
}
