//! The payment of WeChat's order: one tender, or none while unpaid.

use super::{
    ACCOUNT_UNTOLD, amount, moment,
    wire::{Order, Text},
};
use crate::import::fault::{Flaw, order::OrderFlaw, value::ValueFlaw};
use domain::{
    facts::{Channel, Progress, Tender},
    id::TransactionId,
    money::Money,
};

const PAY_INFO: &str = "order_detail.pay_info.transaction_id";

/// `payment_method`: 1 WeChat Pay, 2 pay later (先用后付), which WeChat Pay collects too; 3 a
/// lottery for 0 yuan and 4 points go by hand. Those two, and orders for nothing, have no
/// transaction at WeChat Pay, so they are named after the order.
///
/// An order that is under way without a collected payment (pay later, before the collection) is
/// refused: there is nothing yet that could be refunded. It can be imported once it is paid.
pub(super) fn tenders(order: &Order, progress: Progress) -> Result<Vec<Tender>, Flaw> {
    let detail = &order.order_detail;
    let pay = detail.pay_info.as_ref();
    let paid_at = pay.and_then(|pay| moment(pay.pay_time));
    let method = pay.and_then(|pay| pay.payment_method).unwrap_or(1);
    let key = "order_detail.price_info.order_price";
    let amount = Money::cny(detail.price_info.order_price).map_err(|e| amount::flaw(key, e))?;
    let told = pay.and_then(|pay| Text::filled(&pay.transaction_id));
    let by_hand = amount.minor() == 0 || !matches!(method, 1 | 2);
    let name = told.or_else(|| by_hand.then(|| order.order_id.0.trim().to_owned()));
    let (Some(name), Some(paid_at)) = (name, paid_at) else {
        return match progress {
            Progress::AwaitingPayment | Progress::Cancelled => Ok(Vec::new()),
            Progress::AwaitingShipment
            | Progress::PartlyShipped
            | Progress::Shipped
            | Progress::Completed => Err(Flaw::new(PAY_INFO, OrderFlaw::PaymentMissing)),
        };
    };
    let transaction_id = TransactionId::parse(&name)
        .map_err(|error| Flaw::new(PAY_INFO, ValueFlaw::Id { text: name, chars_max: error.max }))?;
    let channel = if by_hand { Channel::Other } else { Channel::WechatPay };
    Ok(vec![Tender { transaction_id, channel, account: ACCOUNT_UNTOLD, amount, paid_at }])
}
