//! What can be wrong with an order whose values are each readable.

use crate::import::fault::{Words, quoted};
use domain::facts::FactsError;

/// A mistake in how the parts of an order fit together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OrderFlaw {
    /// Rows of the same order stand in two places.
    Split { line: u64 },
    /// A value of the whole order is another on another row.
    Differs { line: u64, first: String, text: String },
    /// The rows of one order are above the limit.
    TooLarge(usize),
    /// More orders than one spreadsheet may have.
    TooMany(usize),
    /// Paid, but without what names the payment.
    PaymentMissing,
    /// Not paid by its status, but with an amount paid.
    PaymentContradicts,
    /// The buyer paid more than goods and freight come to.
    PaidMore { paid_fen: i64, due_fen: i64 },
    /// WeChat answered with an error instead of an order.
    Answer { errcode: i64, errmsg: String },
    /// The facts cannot be true.
    Facts(FactsError),
}

impl From<FactsError> for Words {
    fn from(error: FactsError) -> Self {
        let code = error.code();
        let en = error.to_string();
        let zh = match error {
            FactsError::Money(_) => "金额超出范围，或币种与订单不同。".into(),
            FactsError::Count { list, min, max } => {
                format!("{} 须有 {min} 至 {max} 项。", list_name(list))
            }
            FactsError::Twice(id) => format!("“{}”在订单中出现两次。", quoted(&id)),
            FactsError::Range(what) => format!("{what} 为空、太长或超出范围。"),
            FactsError::Discount(what) => format!("{}：优惠大于价格。", quoted(&what)),
            FactsError::Sum { paid, due } => {
                format!("实付 {paid}，但商品加运费、税费减优惠应为 {due}。")
            }
        };
        Self::new(code, zh, en)
    }
}

impl From<OrderFlaw> for Words {
    fn from(flaw: OrderFlaw) -> Self {
        let (code, zh, en) = match flaw {
            OrderFlaw::Split { line } => (
                "import_order_split",
                format!("同一订单的行必须相邻：第 {line} 行已经有这个订单。请把它们移到一起。"),
                format!(
                    "rows of one order must be adjacent, but line {line} has this order already"
                ),
            ),
            OrderFlaw::Differs { line, first, text } => (
                "import_order_differs",
                format!(
                    "同一订单各行应一致：第 {line} 行是“{}”，这里是“{}”。",
                    quoted(&first),
                    quoted(&text)
                ),
                format!(
                    "must be the same on every row of an order: \"{}\" on line {line}, \"{}\" here",
                    quoted(&first),
                    quoted(&text)
                ),
            ),
            OrderFlaw::TooLarge(max) => (
                "import_order_too_large",
                format!("一个订单的行合计超过 {max} 字节，未写入退回文件。"),
                format!("the rows of one order come to more than {max} bytes, so not copied"),
            ),
            OrderFlaw::TooMany(max) => (
                "import_orders_too_many",
                format!("一个表格最多 {max} 个订单。其余的在退回文件中，可接着导入。"),
                format!("a CSV file has at most {max} orders; import the reject file for the rest"),
            ),
            OrderFlaw::PaymentMissing => (
                "import_payment_missing",
                "订单已支付，但没有支付时间或交易流水号。".into(),
                "the order is paid but has no time or transaction number of the payment".into(),
            ),
            OrderFlaw::PaymentContradicts => (
                "import_payment_contradicts",
                "状态是待付款，却填了实付金额。".into(),
                "awaiting payment by its status, yet with an amount paid".into(),
            ),
            OrderFlaw::PaidMore { paid_fen, due_fen } => (
                "import_paid_more_than_due",
                format!("实付 {paid_fen} 分，多于商品与运费合计 {due_fen} 分。"),
                format!("paid {paid_fen} fen, more than goods and freight, {due_fen} fen"),
            ),
            OrderFlaw::Answer { errcode, errmsg } => (
                "import_wechat_error",
                format!("微信返回的是错误 {errcode}，不是订单：{}。", quoted(&errmsg)),
                format!("WeChat answered with error {errcode}, not an order: {}", quoted(&errmsg)),
            ),
            OrderFlaw::Facts(error) => return error.into(),
        };
        Self::new(code, zh, en)
    }
}

fn list_name(list: &str) -> &str {
    match list {
        "items" => "商品",
        "tenders" => "支付",
        "shipments" => "包裹",
        "coupons" => "优惠券",
        other => other,
    }
}
