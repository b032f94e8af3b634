//! Orders as WeChat Stores answer them (`/channels/ec/order/get`), one answer a line.
//!
//! What WeChat does not tell, or tells otherwise than we keep it, is decided here:
//!
//! - Account: the order does not say from what kind of account it was paid, so it is
//!   [`Account::Balance`]; the refund's own answer names the true route.
//! - Category, by the first hint that holds: `deliver_method` 1 or 3 is virtual,
//!   `quality_inspect_type` 2 is fresh, a filled `custom_info` is made to order.
//! - `order_price` is what the buyer paid. Where lines and freight come to more, the rest is one
//!   coupon of the whole order; where they come to less, the line is refused.
//! - Addresses, names and telephone numbers are not read at all.

mod amount;
mod payment;
mod wire;

use crate::import::{
    fault::{Flaw, order::OrderFlaw, value::ValueFlaw},
    json, jsonl,
};
use domain::{
    facts::{Account, Category, Facts, FactsError, ITEMS_MAX, Item, Progress, Shipment},
    id::{BuyerId, IdError, ItemId, OrderId},
    moment::Moment,
    money::Currency,
};
use std::collections::HashSet;
use wire::{Answer, Custom, Delivery, Order, Parcel, Product, Shape, Text};

/// WeChat's order does not name the kind of account; most buyers pay from their balance.
const ACCOUNT_UNTOLD: Account = Account::Balance;

/// The facts of a line: the whole answer, or only the order inside it.
pub(crate) fn facts(text: &str) -> Result<Box<Facts>, Flaw> {
    let shape: Shape = json::read(text)?;
    let errcode = shape.errcode.unwrap_or(0);
    if errcode != 0 {
        let errmsg = shape.errmsg.unwrap_or_default();
        return Err(Flaw::new("errcode", OrderFlaw::Answer { errcode, errmsg }));
    }
    if shape.order.is_none() {
        return jsonl::checked(Box::new(mapped(&json::read::<Order>(text)?)?));
    }
    let facts = mapped(&json::read::<Answer>(text)?.order);
    let inside = |flaw: Flaw| Flaw { key: format!("order.{}", flaw.key), ..flaw };
    jsonl::checked(Box::new(facts.map_err(inside)?))
}

fn mapped(order: &Order) -> Result<Facts, Flaw> {
    let detail = &order.order_detail;
    let progress = progress(order.status)?;
    let items = items(order)?;
    let (freight, coupons) = amount::whole(&items, &detail.price_info)?;
    Ok(Facts {
        order_id: id(&order.order_id, "order_id", OrderId::parse)?,
        buyer_id: id(&order.openid, "openid", BuyerId::parse)?,
        currency: Currency::CNY,
        placed_at: needed(order.create_time, "create_time")?,
        progress,
        items,
        freight,
        coupons,
        tenders: payment::tenders(order, progress)?,
        shipments: shipments(detail.delivery_info.as_ref())?,
        signed_at: detail.ext_info.as_ref().and_then(|ext| moment(ext.confirm_receipt_time)),
    })
}

/// WeChat Store, order status. A gift waiting to be accepted (12) and a group not yet complete
/// (13) are paid and not sent.
fn progress(status: i64) -> Result<Progress, Flaw> {
    match status {
        10 => Ok(Progress::AwaitingPayment),
        12 | 13 | 20 => Ok(Progress::AwaitingShipment),
        21 => Ok(Progress::PartlyShipped),
        30 => Ok(Progress::Shipped),
        100 => Ok(Progress::Completed),
        190 | 200 | 250 => Ok(Progress::Cancelled),
        other => Err(Flaw::new("status", ValueFlaw::Status(other))),
    }
}

fn items(order: &Order) -> Result<Vec<Item>, Flaw> {
    let products = &order.order_detail.product_infos;
    if products.len() > ITEMS_MAX {
        let error = FactsError::Count { list: "items", min: 1, max: ITEMS_MAX };
        return Err(Flaw::new("order_detail.product_infos", error));
    }
    let mut taken = HashSet::new();
    let mut items = Vec::new();
    for (index, product) in products.iter().enumerate() {
        let path = |key: &str| format!("order_detail.product_infos[{index}].{key}");
        let name = item_name(product, &mut taken)
            .ok_or_else(|| Flaw::new(path("product_id"), ValueFlaw::Missing))?;
        let item_id = id(&Text(name), &path("product_id"), ItemId::parse)?;
        let (unit_price, discount) =
            amount::line(product).map_err(|words| Flaw { key: path("real_price"), words })?;
        let seven_days = product.extra_service.as_ref().and_then(|extra| extra.seven_day_return);
        items.push(Item {
            item_id,
            sku: Text::filled(&product.sku_code).or_else(|| Text::filled(&product.sku_id)),
            title: product.title.trim().to_owned(),
            category: category(order, product),
            unit_price,
            quantity: product.sku_cnt,
            discount,
            duty: None,
            activated_at: None,
            clause_accepted: None,
            seven_day_right: match seven_days {
                Some(0) => Some(false),
                Some(1) => Some(true),
                Some(_) | None => None,
            },
            batch: None,
        });
    }
    Ok(items)
}

/// `product_unique_id`, or product and SKU. The same SKU can stand twice, as bought and as a
/// gift: then the later ones are numbered in the order of the answer.
fn item_name(product: &Product, taken: &mut HashSet<String>) -> Option<String> {
    let name = Text::filled(&product.product_unique_id).or_else(|| {
        let product_id = Text::filled(&product.product_id)?;
        let sku_id = Text::filled(&product.sku_id);
        Some(sku_id.map_or_else(|| product_id.clone(), |sku_id| format!("{product_id}-{sku_id}")))
    })?;
    let count = taken.len().saturating_add(2);
    let numbered = (2..=count).map(|n| format!("{name}-{n}"));
    let free = std::iter::once(name.clone()).chain(numbered).find(|name| !taken.contains(name))?;
    taken.insert(free.clone());
    Some(free)
}

fn category(order: &Order, product: &Product) -> Category {
    let detail = &order.order_detail;
    let delivery = detail.delivery_info.as_ref();
    let custom = product.custom_info.as_ref().or(detail.custom_info.as_ref());
    if delivery.is_some_and(|delivery| matches!(delivery.deliver_method, Some(1 | 3))) {
        Category::Virtual
    } else if delivery.is_some_and(|delivery| delivery.quality_inspect_type == Some(2)) {
        Category::Fresh
    } else if custom.is_some_and(Custom::is_filled) {
        Category::MadeToOrder
    } else {
        Category::Ordinary
    }
}

fn shipments(delivery: Option<&Delivery>) -> Result<Vec<Shipment>, Flaw> {
    let Some(delivery) = delivery else { return Ok(Vec::new()) };
    let parcels = delivery.delivery_product_info.iter().flatten();
    let shipment = |(index, parcel): (usize, &Parcel)| {
        let key =
            format!("order_detail.delivery_info.delivery_product_info[{index}].delivery_time");
        let time = moment(parcel.delivery_time).or_else(|| moment(delivery.ship_done_time));
        let name = Text::filled(&parcel.delivery_name);
        Ok(Shipment {
            carrier: name.or_else(|| Text::filled(&parcel.delivery_id)).unwrap_or_default(),
            waybill: Text::filled(&parcel.waybill_id).unwrap_or_default(),
            shipped_at: time.ok_or_else(|| Flaw::new(key, ValueFlaw::Missing))?,
            quality_report: None,
        })
    };
    parcels.enumerate().map(shipment).collect()
}

/// WeChat writes 0 for a time that has not come.
fn moment(seconds: Option<i64>) -> Option<Moment> {
    seconds.filter(|seconds| *seconds > 0).map(Moment::from_seconds)
}

fn needed(seconds: i64, key: &str) -> Result<Moment, Flaw> {
    moment(Some(seconds)).ok_or_else(|| Flaw::new(key, ValueFlaw::Missing))
}

fn id<T>(text: &Text, key: &str, parse: fn(&str) -> Result<T, IdError>) -> Result<T, Flaw> {
    let text = text.0.trim();
    if text.is_empty() {
        return Err(Flaw::new(key, ValueFlaw::Missing));
    }
    parse(text).map_err(|error| {
        let text = text.to_owned();
        Flaw::new(key, ValueFlaw::Id { text, chars_max: error.max })
    })
}

#[cfg(test)]
mod tests;
