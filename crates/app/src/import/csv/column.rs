//! The columns of an order list, and the headings by which merchants and shop systems know them.

use super::text;
use crate::import::fault::{LineFault, file::FileFlaw};

/// What a column says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    OrderId,
    BuyerId,
    PlacedAt,
    Progress,
    PaidAt,
    Channel,
    Account,
    TransactionId,
    Paid,
    Freight,
    Coupon,
    CouponName,
    SignedAt,
    ItemId,
    Sku,
    Title,
    Category,
    UnitPrice,
    Quantity,
    Discount,
    Duty,
    SevenDayRight,
    ActivatedAt,
    Batch,
    Carrier,
    Waybill,
    ShippedAt,
}

/// Whether a column speaks of the whole order or of the item on its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// The same on every row of an order, or blank on all but one.
    Order,
    /// Of its own row.
    Item,
}

/// Columns, the headings they are known by, the first being the one we write, and what they are
/// of. Headings are compared after [`heading`] has simplified them.
const COLUMNS: &[(Column, Of, &[&str])] = &[
    (Column::OrderId, Of::Order, &["订单号", "订单编号", "订单id", "orderid", "orderno"]),
    (
        Column::BuyerId,
        Of::Order,
        &["买家", "买家id", "买家编号", "买家账号", "openid", "buyerid", "buyer"],
    ),
    (
        Column::PlacedAt,
        Of::Order,
        &["下单时间", "创建时间", "订单创建时间", "placedat", "createdat"],
    ),
    (Column::Progress, Of::Order, &["状态", "订单状态", "status", "progress"]),
    (Column::PaidAt, Of::Order, &["支付时间", "付款时间", "paidat"]),
    (Column::Channel, Of::Order, &["支付方式", "付款方式", "channel", "paymentmethod"]),
    (Column::Account, Of::Order, &["支付账户", "支付账号类型", "account"]),
    (Column::TransactionId, Of::Order, &["交易流水号", "支付流水号", "交易单号", "transactionid"]),
    (Column::Paid, Of::Order, &["实付", "实付金额", "实收", "paid", "paidamount"]),
    (Column::Freight, Of::Order, &["运费", "邮费", "freight", "shippingfee"]),
    (Column::Coupon, Of::Order, &["优惠券", "优惠券金额", "订单优惠", "coupon", "couponamount"]),
    (Column::CouponName, Of::Order, &["优惠券名称", "couponname"]),
    (Column::SignedAt, Of::Order, &["签收时间", "收货时间", "确认收货时间", "signedat"]),
    (Column::ItemId, Of::Item, &["商品编号", "商品id", "itemid", "productid"]),
    (Column::Sku, Of::Item, &["sku", "规格编码", "商家编码", "货号", "skucode"]),
    (
        Column::Title,
        Of::Item,
        &["商品名称", "商品", "商品标题", "title", "itemtitle", "productname"],
    ),
    (Column::Category, Of::Item, &["类目", "商品类目", "类别", "category"]),
    (Column::UnitPrice, Of::Item, &["单价", "商品单价", "价格", "unitprice", "price"]),
    (Column::Quantity, Of::Item, &["数量", "件数", "quantity", "qty"]),
    (Column::Discount, Of::Item, &["优惠", "优惠金额", "商品优惠", "discount"]),
    (Column::Duty, Of::Item, &["税费", "关税", "duty", "tax"]),
    (Column::SevenDayRight, Of::Item, &["七天无理由", "7天无理由", "sevendayright"]),
    (Column::ActivatedAt, Of::Item, &["激活时间", "使用时间", "activatedat"]),
    (Column::Batch, Of::Item, &["批次", "batch"]),
    (Column::Carrier, Of::Item, &["快递公司", "物流公司", "carrier"]),
    (Column::Waybill, Of::Item, &["运单号", "快递单号", "物流单号", "waybill", "trackingnumber"]),
    (Column::ShippedAt, Of::Item, &["发货时间", "shippedat"]),
];

/// What an order list cannot do without. `实付` is among them because it proves the rest: what was
/// paid must be what items, freight and duty less discounts come to.
const NEEDED: &[Column] = &[
    Column::OrderId,
    Column::BuyerId,
    Column::PlacedAt,
    Column::Progress,
    Column::Title,
    Column::UnitPrice,
    Column::Quantity,
    Column::Paid,
];

/// Units that may stand behind a heading of an amount: `单价(元)`.
const UNITS: &[&str] = &["元", "人民币", "yuan", "cny", "rmb"];

/// Which column stands where.
#[derive(Clone, Debug, Default)]
pub(super) struct Layout {
    places: Vec<(Column, usize)>,
    headings: Vec<String>,
    ignored: Vec<String>,
}

impl Layout {
    /// Reads the heading.
    ///
    /// # Errors
    /// [`LineFault`] if columns are missing or stand twice.
    pub(super) fn read(line: u64, cells: &[String]) -> Result<Self, LineFault> {
        let mut layout = Self::default();
        for (place, cell) in cells.iter().enumerate() {
            let shown: String = cell.split_whitespace().collect();
            let column = known(&shown);
            if let Some(twice) = column.filter(|column| layout.place(*column).is_some()) {
                let flaw = FileFlaw::ColumnTwice(layout.heading(twice).to_owned());
                return Err(LineFault::new(line, &shown, flaw));
            }
            match column {
                Some(column) => layout.places.push((column, place)),
                None if shown.is_empty() => {}
                None => layout.ignored.push(shown.clone()),
            }
            layout.headings.push(shown);
        }
        let missing: Vec<&str> = NEEDED
            .iter()
            .filter(|column| layout.place(**column).is_none())
            .map(|column| name(*column))
            .collect();
        if missing.is_empty() {
            return Ok(layout);
        }
        Err(LineFault::new(line, "", FileFlaw::ColumnsMissing(missing)))
    }

    /// How many headings are known: tells the delimiter.
    pub(super) fn score(cells: &[String]) -> usize {
        cells.iter().filter(|cell| known(cell).is_some()).count()
    }

    /// Where a column stands.
    pub(super) fn place(&self, column: Column) -> Option<usize> {
        self.places.iter().find(|(known, _)| *known == column).map(|(_, place)| *place)
    }

    /// The heading as the file has it; ours for a column it does not have.
    pub(super) fn heading(&self, column: Column) -> &str {
        let place = self.place(column).and_then(|place| self.headings.get(place));
        place.map_or_else(|| name(column), String::as_str)
    }

    /// How many columns there are, known or not.
    pub(super) const fn width(&self) -> usize {
        self.headings.len()
    }

    /// Headings that say nothing to us.
    pub(super) fn ignored(&self) -> &[String] {
        &self.ignored
    }

    /// The columns of the whole order that the file has.
    pub(super) fn of_order(&self) -> impl Iterator<Item = usize> {
        self.places.iter().filter(|(column, _)| of(*column) == Of::Order).map(|(_, place)| *place)
    }
}

fn entry(column: Column) -> Option<&'static (Column, Of, &'static [&'static str])> {
    COLUMNS.iter().find(|(known, ..)| *known == column)
}

fn name(column: Column) -> &'static str {
    entry(column).and_then(|(.., names)| names.first()).copied().unwrap_or_default()
}

fn of(column: Column) -> Of {
    entry(column).map_or(Of::Item, |(_, of, _)| *of)
}

fn known(cell: &str) -> Option<Column> {
    let heading = heading(cell);
    let plain = UNITS.iter().find_map(|unit| heading.strip_suffix(unit)).unwrap_or(&heading);
    let found = |heading: &str| {
        COLUMNS.iter().find(|(.., names)| names.contains(&heading)).map(|(column, ..)| *column)
    };
    found(plain).or_else(|| found(&heading))
}

/// A heading without what merchants put around it: spaces, brackets, hyphens, stars, capitals.
fn heading(cell: &str) -> String {
    text::narrow(cell)
        .chars()
        .filter(|char| !char.is_whitespace() && !"()[]【】*_-:：\u{feff}".contains(*char))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{COLUMNS, Column, Layout, known};

    fn cells(text: &str) -> Vec<String> {
        text.split(',').map(str::to_owned).collect()
    }

    #[test]
    fn headings_are_known_however_they_are_dressed() {
        for (text, column) in [
            ("*订单号", Column::OrderId),
            ("单价（元）", Column::UnitPrice),
            ("单价 (元)", Column::UnitPrice),
            ("Unit_Price (CNY)", Column::UnitPrice),
            ("ＳＫＵ", Column::Sku),
            ("Order ID", Column::OrderId),
        ] {
            assert_eq!(known(text), Some(column), "{text}");
        }
        for text in ["单价(分)", "备注", ""] {
            assert_eq!(known(text), None, "{text}");
        }
    }

    #[test]
    fn no_heading_means_two_columns() {
        let mut all: Vec<&str> =
            COLUMNS.iter().flat_map(|(.., names)| names.iter().copied()).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        assert!(
            COLUMNS
                .iter()
                .all(|(column, _, names)| names.iter().all(|n| known(n) == Some(*column)))
        );
    }

    #[test]
    fn a_heading_that_lacks_or_repeats_is_refused() {
        let fault = Layout::read(1, &cells("订单号,买家,数量")).unwrap_err();
        assert!(fault.zh.contains("下单时间、状态、商品名称、单价、实付"), "{}", fault.zh);
        let twice = Layout::read(1, &cells("订单号,买家,Order-ID")).unwrap_err();
        assert_eq!((twice.key.as_str(), &*twice.code), ("Order-ID", "import_column_twice"));
    }
}
