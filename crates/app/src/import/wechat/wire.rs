//! The parts of WeChat's order that are read (WeChat Store, `/channels/ec/order/get`). WeChat adds
//! fields at any time, so unknown ones are passed over; those without `Option` must be there.

use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, Visitor},
};
use std::fmt;

/// A glance at a line: an answer around an order, or an order, or an error.
#[derive(Debug, Deserialize)]
pub(super) struct Shape {
    pub(super) errcode: Option<i64>,
    pub(super) errmsg: Option<String>,
    pub(super) order: Option<IgnoredAny>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Answer {
    pub(super) order: Order,
}

#[derive(Debug, Deserialize)]
pub(super) struct Order {
    pub(super) order_id: Text,
    pub(super) status: i64,
    pub(super) create_time: i64,
    pub(super) openid: Text,
    pub(super) order_detail: Detail,
}

#[derive(Debug, Deserialize)]
pub(super) struct Detail {
    pub(super) product_infos: Vec<Product>,
    pub(super) price_info: Price,
    pub(super) pay_info: Option<Pay>,
    pub(super) delivery_info: Option<Delivery>,
    pub(super) ext_info: Option<Ext>,
    pub(super) custom_info: Option<Custom>,
}

/// Amounts are fen. `real_price` is what was paid for the line, all its pieces together.
#[derive(Debug, Deserialize)]
pub(super) struct Product {
    pub(super) product_unique_id: Option<Text>,
    pub(super) product_id: Option<Text>,
    pub(super) sku_id: Option<Text>,
    pub(super) sku_code: Option<Text>,
    pub(super) sku_cnt: u32,
    pub(super) title: String,
    pub(super) sale_price: i64,
    pub(super) real_price: i64,
    pub(super) extra_service: Option<Extra>,
    pub(super) custom_info: Option<Custom>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Extra {
    pub(super) seven_day_return: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Price {
    pub(super) order_price: i64,
    pub(super) freight: i64,
    pub(super) is_change_freight: Option<bool>,
    pub(super) change_freight: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Pay {
    pub(super) payment_method: Option<i64>,
    pub(super) pay_time: Option<i64>,
    pub(super) transaction_id: Option<Text>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Delivery {
    pub(super) delivery_product_info: Option<Vec<Parcel>>,
    pub(super) ship_done_time: Option<i64>,
    pub(super) deliver_method: Option<i64>,
    pub(super) quality_inspect_type: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Parcel {
    pub(super) waybill_id: Option<Text>,
    pub(super) delivery_id: Option<Text>,
    pub(super) delivery_name: Option<Text>,
    pub(super) delivery_time: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Ext {
    pub(super) confirm_receipt_time: Option<i64>,
}

/// What the buyer had made (定制). Empty fields are written even where nothing was.
#[derive(Debug, Deserialize)]
pub(super) struct Custom {
    pub(super) custom_type: Option<i64>,
    pub(super) custom_word: Option<Text>,
    pub(super) custom_img_url: Option<Text>,
}

impl Custom {
    /// Whether anything was made to order.
    pub(super) fn is_filled(&self) -> bool {
        self.custom_type.is_some_and(|kind| kind > 0)
            || Text::filled(&self.custom_word).is_some()
            || Text::filled(&self.custom_img_url).is_some()
    }
}

/// A text that WeChat writes as a string here and as a number there. A number with a fraction or
/// exponent is no id: it has lost its digits.
#[derive(Debug)]
pub(super) struct Text(pub(super) String);

impl Text {
    /// The text, if there is one.
    pub(super) fn filled(text: &Option<Self>) -> Option<String> {
        let text = text.as_ref()?.0.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or a whole number")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Text, E> {
        Ok(Text(text.to_owned()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Text, E> {
        Ok(Text(number.to_string()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Text, E> {
        Ok(Text(number.to_string()))
    }
}
