//! Makes the facts of an order out of its rows.

use super::{
    Cells,
    column::{Column, Layout},
    text,
    time::{self, Edge},
    words, yuan,
};
use crate::import::fault::{LineFault, Words, order::OrderFlaw, value::ValueFlaw};
use domain::{
    facts::{
        Account, Category, Channel, Coupon, Facts, FactsError, Item, Progress, Shipment, Tender,
    },
    id::{BuyerId, ItemId, OrderId, TransactionId},
    money::{Currency, Money},
};

/// What a coupon without a name is called.
const COUPON_NAME: &str = "优惠券";

/// The most digits of a number of pieces; the facts have a closer limit.
const QUANTITY_DIGITS_MAX: usize = 9;

/// A cell, with where it stands.
#[derive(Clone, Copy)]
struct Cell<'a> {
    text: &'a str,
    line: u64,
    column: Column,
}

/// The rows of one order under their headings.
struct Sheet<'a> {
    layout: &'a Layout,
    rows: &'a [Cells],
}

/// The facts of an order, checked.
pub(super) fn facts(layout: &Layout, rows: &[Cells]) -> Result<Box<Facts>, LineFault> {
    let sheet = Sheet { layout, rows };
    let facts = Box::new(Facts {
        order_id: sheet.whole(Column::OrderId, |text| text::id(text, OrderId::parse))?,
        buyer_id: sheet.whole(Column::BuyerId, |text| text::id(text, BuyerId::parse))?,
        currency: Currency::CNY,
        placed_at: sheet.whole(Column::PlacedAt, |text| needed(time::parse(text, Edge::First)))?,
        progress: sheet
            .whole(Column::Progress, |text| needed(words::find(text, words::PROGRESS)))?,
        items: sheet.items()?,
        freight: sheet.whole(Column::Freight, amount)?,
        coupons: sheet.coupons()?,
        tenders: sheet.tenders()?,
        shipments: sheet.shipments()?,
        signed_at: sheet.whole(Column::SignedAt, |text| time::parse(text, Edge::Last))?,
    });
    facts.check().map_err(|error| sheet.untrue(error))?;
    Ok(facts)
}

fn needed<T>(value: Result<Option<T>, ValueFlaw>) -> Result<T, ValueFlaw> {
    value?.ok_or(ValueFlaw::Missing)
}

fn amount(text: &str) -> Result<Money, ValueFlaw> {
    Ok(yuan::parse(text)?.unwrap_or(Money::zero(Currency::CNY)))
}

fn filled(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

impl Sheet<'_> {
    fn fault(&self, cell: Cell<'_>, words: impl Into<Words>) -> LineFault {
        LineFault::new(cell.line, self.layout.heading(cell.column), words)
    }

    fn cell<'a>(&self, row: &'a Cells, column: Column) -> Cell<'a> {
        let text = self.layout.place(column).and_then(|place| row.cells.get(place));
        Cell { text: text.map_or("", |text| text::trimmed(text)), line: row.line, column }
    }

    /// Reads a cell of a row.
    fn of<T>(
        &self,
        row: &Cells,
        column: Column,
        read: impl Fn(&str) -> Result<T, ValueFlaw>,
    ) -> Result<T, LineFault> {
        let cell = self.cell(row, column);
        read(cell.text).map_err(|flaw| self.fault(cell, flaw))
    }

    /// Reads a value of the whole order: where it stands on several rows, all must agree.
    fn whole<T>(
        &self,
        column: Column,
        read: impl Fn(&str) -> Result<T, ValueFlaw>,
    ) -> Result<T, LineFault> {
        let line = self.rows.first().map_or(1, |row| row.line);
        let mut told = Cell { text: "", line, column };
        for row in self.rows {
            let cell = self.cell(row, column);
            if cell.text.is_empty() {
                continue;
            }
            if told.text.is_empty() {
                told = cell;
            } else if text::plain(told.text) != text::plain(cell.text) {
                let (first, text) = (told.text.to_owned(), cell.text.to_owned());
                let flaw = OrderFlaw::Differs { line: told.line, first, text };
                return Err(self.fault(cell, flaw));
            }
        }
        read(told.text).map_err(|flaw| self.fault(told, flaw))
    }

    fn items(&self) -> Result<Vec<Item>, LineFault> {
        self.rows.iter().enumerate().map(|(index, row)| self.item(index, row)).collect()
    }

    /// An item without a number of its own is numbered by its row within the order.
    fn item(&self, index: usize, row: &Cells) -> Result<Item, LineFault> {
        let item_id = self.of(row, Column::ItemId, |text| {
            let number = index.saturating_add(1).to_string();
            text::id(if text.is_empty() { &number } else { text }, ItemId::parse)
        })?;
        let category = self.of(row, Column::Category, |text| words::find(text, words::CATEGORY))?;
        Ok(Item {
            item_id,
            sku: filled(self.of(row, Column::Sku, text::whole_number)?),
            title: self.of(row, Column::Title, |text| needed(Ok(filled(text::line(text)))))?,
            category: category.unwrap_or(Category::Ordinary),
            unit_price: self.of(row, Column::UnitPrice, |text| needed(yuan::parse(text)))?,
            quantity: self.of(row, Column::Quantity, quantity)?,
            discount: self.of(row, Column::Discount, positive)?,
            duty: self.of(row, Column::Duty, positive)?,
            activated_at: self
                .of(row, Column::ActivatedAt, |text| time::parse(text, Edge::First))?,
            clause_accepted: None,
            seven_day_right: self
                .of(row, Column::SevenDayRight, |text| words::find(text, words::YES_NO))?,
            batch: filled(self.of(row, Column::Batch, text::whole_number)?),
        })
    }

    fn coupons(&self) -> Result<Vec<Coupon>, LineFault> {
        let name = self.whole(Column::CouponName, |text| Ok(filled(text::line(text))))?;
        let amount = self.whole(Column::Coupon, positive)?;
        let name = name.unwrap_or_else(|| COUPON_NAME.to_owned());
        Ok(amount.map(|amount| Coupon { name, amount }).into_iter().collect())
    }

    /// The one payment. A payment by hand, or of nothing, that has no number of its own is named
    /// after the order. The account is the channel's balance unless told.
    fn tenders(&self) -> Result<Vec<Tender>, LineFault> {
        let progress =
            self.whole(Column::Progress, |text| needed(words::find(text, words::PROGRESS)))?;
        let paid = self.whole(Column::Paid, yuan::parse)?;
        let unpaid = match progress {
            Progress::AwaitingPayment if paid.is_some_and(|paid| !paid.is_zero()) => {
                let flaw = OrderFlaw::PaymentContradicts;
                return Err(self.whole_fault(Column::Paid, flaw));
            }
            Progress::AwaitingPayment => true,
            Progress::Cancelled => paid.is_none_or(Money::is_zero),
            Progress::AwaitingShipment
            | Progress::PartlyShipped
            | Progress::Shipped
            | Progress::Completed => false,
        };
        if unpaid {
            return Ok(Vec::new());
        }
        let amount = paid.ok_or_else(|| self.whole_fault(Column::Paid, ValueFlaw::Missing))?;
        let channel =
            self.whole(Column::Channel, |text| match words::find(text, words::CHANNEL)? {
                None if amount.is_zero() => Ok(Channel::Other),
                channel => channel.ok_or(ValueFlaw::Missing),
            })?;
        let by_hand = amount.is_zero() || channel == Channel::Other;
        let named_after = if by_hand { Column::OrderId } else { Column::TransactionId };
        let has_own = !self.whole(Column::TransactionId, |text| Ok(text.is_empty()))?;
        let named = if has_own { Column::TransactionId } else { named_after };
        let transaction_id = self.whole(named, |text| text::id(text, TransactionId::parse))?;
        let account = self.whole(Column::Account, |text| words::find(text, words::ACCOUNT))?;
        let account = account.unwrap_or(Account::Balance);
        let paid_at = self.whole(Column::PaidAt, |text| needed(time::parse(text, Edge::First)))?;
        Ok(vec![Tender { transaction_id, channel, account, amount, paid_at }])
    }

    /// Every parcel once, however many items are in it.
    fn shipments(&self) -> Result<Vec<Shipment>, LineFault> {
        let mut shipments: Vec<Shipment> = Vec::new();
        for row in self.rows {
            let carrier = self.of(row, Column::Carrier, |text| Ok(text::line(text)))?;
            let waybill = self.of(row, Column::Waybill, text::whole_number)?;
            let shipped_at =
                self.of(row, Column::ShippedAt, |text| time::parse(text, Edge::First))?;
            let told = shipped_at.is_some() || !waybill.is_empty() || !carrier.is_empty();
            let known =
                shipments.iter().any(|known| known.waybill == waybill && known.carrier == carrier);
            if told && !known {
                let cell = self.cell(row, Column::ShippedAt);
                let shipped_at = shipped_at.ok_or_else(|| self.fault(cell, ValueFlaw::Missing))?;
                shipments.push(Shipment { carrier, waybill, shipped_at, quality_report: None });
            }
        }
        Ok(shipments)
    }

    fn whole_fault(&self, column: Column, words: impl Into<Words>) -> LineFault {
        let line = self.rows.first().map_or(1, |row| row.line);
        self.fault(Cell { text: "", line, column }, words)
    }

    /// Facts that cannot be true, said at the column they most likely come from.
    fn untrue(&self, error: FactsError) -> LineFault {
        let column = match &error {
            FactsError::Sum { .. } => Column::Paid,
            FactsError::Discount(_) => Column::Discount,
            FactsError::Twice(_) => Column::ItemId,
            FactsError::Range("quantity") => Column::Quantity,
            FactsError::Range(_) => Column::Title,
            FactsError::Money(_) => Column::UnitPrice,
            FactsError::Count { .. } => Column::OrderId,
        };
        self.whole_fault(column, OrderFlaw::Facts(error))
    }
}

/// A discount, coupon or duty; nothing where it is blank or zero.
fn positive(text: &str) -> Result<Option<Money>, ValueFlaw> {
    Ok(yuan::parse(text)?.filter(|amount| !amount.is_zero()))
}

/// Pieces: a whole number, also as a spreadsheet may write it, `2.00` or `1,000`.
fn quantity(cell: &str) -> Result<u32, ValueFlaw> {
    let plain = text::plain(cell);
    if plain.is_empty() {
        return Err(ValueFlaw::Missing);
    }
    let (whole, zeros) = plain.split_once('.').unwrap_or((&plain, ""));
    let digits = whole.replace(',', "");
    let is_whole = zeros.bytes().all(|byte| byte == b'0') && digits.len() <= QUANTITY_DIGITS_MAX;
    let count = digits.parse().ok().filter(|count: &u32| is_whole && *count > 0);
    count.ok_or(ValueFlaw::Count(plain))
}
