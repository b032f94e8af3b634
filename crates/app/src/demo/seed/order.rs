//! Orders as the shops would tell them: goods, coupons, freight, payments, parcels, to the fen.

use super::{dice::Dice, goods::Good};
use crate::demo::DemoFault;
use domain::{
    facts::{
        Acceptance, Account, Category, Channel, Coupon, Facts, Item, Progress, Shipment, Tender,
    },
    id::{BuyerId, ItemId, OrderId, TransactionId},
    moment::{Moment, Span},
    money::{Currency, Money, MoneyError},
};

/// Duty on goods from abroad, in hundredths of a per cent (跨境电商综合税 9.1 %).
const DUTY_BASIS_POINTS: i64 = 910;
/// Carriers, with how their numbers begin.
const CARRIERS: [(&str, &str); 5] = [
    ("顺丰速运", "SF"),
    ("中通快递", "78"),
    ("圆通速递", "YT"),
    ("京东物流", "JDVA"),
    ("邮政EMS", "EA"),
];
/// The clause of goods made to order.
const CLAUSE: &str = "本商品按您的要求定制，确认后开始制作，非质量问题不支持退换。";

/// How an order was paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paid {
    /// From the balance.
    Balance,
    /// By debit card.
    Debit,
    /// By credit card.
    Credit,
    /// A deposit and the rest, two payments.
    InTwo,
    /// A part through a third party.
    ThirdParty,
}

/// How far an order has come, and since when.
#[derive(Clone, Copy, Debug)]
pub enum Way {
    /// Placed, not paid.
    Unpaid,
    /// Paid, not sent.
    Unsent,
    /// On its way.
    Sent,
    /// Signed for at a moment.
    Signed(Moment),
    /// Cancelled before it was sent.
    Cancelled,
}

/// What is bought.
pub struct Bought<'a> {
    /// The number of the order.
    pub order_id: OrderId,
    /// By whom.
    pub buyer_id: BuyerId,
    /// What, and how many of each.
    pub lines: Vec<(&'a Good, u32)>,
    /// When.
    pub placed_at: Moment,
    /// How it was paid.
    pub paid: Paid,
    /// How far it has come.
    pub way: Way,
}

/// The facts of an order.
pub fn facts(bought: Bought<'_>, dice: &mut Dice) -> Result<Facts, DemoFault> {
    let name = bought.order_id.to_string();
    write(bought, dice).map_err(|error| DemoFault::story(&name, &error))
}

fn write(bought: Bought<'_>, dice: &mut Dice) -> Result<Facts, Wrong> {
    let Bought { order_id, buyer_id, lines, placed_at, paid, way } = bought;
    let items = lines
        .iter()
        .enumerate()
        .map(|(n, (good, quantity))| item(n, (good, *quantity), placed_at, dice))
        .collect::<Result<Vec<_>, _>>()?;
    let goods = Money::sum(Currency::CNY, goods(&items)?)?;
    let unsendable = items.iter().all(|item| item.category == Category::Virtual);
    let freight = if unsendable || goods.minor() >= 9_900 { 0 } else { 600 };
    let coupons = coupons(goods, dice)?;
    let mut facts = Facts {
        order_id,
        buyer_id,
        currency: Currency::CNY,
        placed_at,
        progress: Progress::AwaitingPayment,
        items,
        freight: Money::cny(freight)?,
        coupons,
        tenders: Vec::new(),
        shipments: Vec::new(),
        signed_at: None,
    };
    let paid_at = placed_at.after(Span::seconds(dice.between(8, 240)));
    let was_paid = !matches!(way, Way::Unpaid);
    if was_paid {
        let due = due(&facts)?;
        facts.tenders = tenders(paid, due, paid_at, dice)?;
    }
    let sent_at = paid_at.after(Span::seconds(dice.between(5 * 3_600, 22 * 3_600)));
    (facts.progress, facts.signed_at) = match way {
        Way::Unpaid => (Progress::AwaitingPayment, None),
        Way::Unsent => (Progress::AwaitingShipment, None),
        Way::Cancelled => (Progress::Cancelled, None),
        Way::Sent => (Progress::Shipped, None),
        Way::Signed(at) => (Progress::Completed, Some(at)),
    };
    if matches!(way, Way::Sent | Way::Signed(_)) && !unsendable {
        let latest = facts.signed_at.map(|at| at.before(Span::hours(12)));
        facts.shipments = vec![shipment(&facts, latest.map_or(sent_at, |l| l.min(sent_at)), dice)];
    }
    Ok(facts)
}

/// An amount that cannot be, or a name that is none.
#[derive(Debug, thiserror::Error)]
pub enum Wrong {
    /// An amount.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A name.
    #[error(transparent)]
    Id(#[from] domain::id::IdError),
}

fn item(
    n: usize,
    (good, quantity): (&Good, u32),
    placed_at: Moment,
    dice: &mut Dice,
) -> Result<Item, Wrong> {
    let unit_price = Money::cny(i64::from(good.fen))?;
    let whole = unit_price.times(quantity)?;
    let abroad = good.category == Category::CrossBorder;
    let duty = whole.share(DUTY_BASIS_POINTS, 10_000)?;
    let to_order = good.category == Category::MadeToOrder;
    let accepted_at = placed_at.before(Span::seconds(20));
    Ok(Item {
        item_id: ItemId::parse(&format!("{}{:02}", char::from(b'A'), n + 1))?,
        sku: Some(good.sku.to_owned()),
        title: good.title.to_owned(),
        category: good.category,
        unit_price,
        quantity,
        discount: None,
        duty: abroad.then_some(duty),
        activated_at: None,
        clause_accepted: to_order.then(|| Acceptance { clause: CLAUSE.to_owned(), accepted_at }),
        seven_day_right: None,
        batch: Some(format!("B{}", dice.between(1, 4))),
    })
}

fn goods(items: &[Item]) -> Result<Vec<Money>, MoneyError> {
    items.iter().map(Item::before_coupons).collect()
}

/// What shops give: so much off from so much on.
fn coupons(goods: Money, dice: &mut Dice) -> Result<Vec<Coupon>, MoneyError> {
    let (name, fen) = match goods.minor() {
        30_000.. if dice.once_in(2) => ("满300减40", 4_000),
        20_000.. if dice.once_in(3) => ("满200减20", 2_000),
        5_000.. if dice.once_in(6) => ("新客立减8.88元", 888),
        _ => return Ok(Vec::new()),
    };
    Ok(vec![Coupon { name: name.to_owned(), amount: Money::cny(fen)? }])
}

/// Goods less coupons, with freight and duty.
fn due(facts: &Facts) -> Result<Money, MoneyError> {
    let coupons = Money::sum(Currency::CNY, facts.coupons.iter().map(|coupon| coupon.amount))?;
    let duty = Money::sum(Currency::CNY, facts.items.iter().filter_map(|item| item.duty))?;
    let goods = Money::sum(Currency::CNY, goods(&facts.items)?)?;
    goods.minus(coupons)?.plus(facts.freight)?.plus(duty)
}

fn tenders(paid: Paid, due: Money, paid_at: Moment, dice: &mut Dice) -> Result<Vec<Tender>, Wrong> {
    let mut tender = |channel, account, amount, later| {
        let transaction_id = TransactionId::parse(&format!("42000{}", dice.digits(23)))?;
        let paid_at = paid_at.after(later);
        Ok::<_, Wrong>(Tender { transaction_id, channel, account, amount, paid_at })
    };
    let now = Span::from_ms(0);
    let (wechat, other) = (Channel::WechatPay, Channel::Other);
    let deposit = due.share(20, 100)?;
    let rest = due.minus(deposit)?;
    Ok(match paid {
        Paid::Balance => vec![tender(wechat, Account::Balance, due, now)?],
        Paid::Debit => vec![tender(wechat, Account::DebitCard, due, now)?],
        Paid::Credit => vec![tender(wechat, Account::CreditCard, due, now)?],
        Paid::InTwo => vec![
            tender(wechat, Account::Balance, deposit, now)?,
            tender(wechat, Account::DebitCard, rest, Span::hours(2))?,
        ],
        Paid::ThirdParty => vec![
            tender(other, Account::ThirdParty, deposit, now)?,
            tender(wechat, Account::Balance, rest, now)?,
        ],
    })
}

fn shipment(facts: &Facts, shipped_at: Moment, dice: &mut Dice) -> Shipment {
    let (carrier, front) = dice.one_of(&CARRIERS).copied().unwrap_or(("顺丰速运", "SF"));
    let is_fresh = facts.items.iter().any(|item| item.category == Category::Fresh);
    let report = "出库质检：外观完好，糖度 13.2，箱内温度 4.1℃，质检员 07";
    Shipment {
        carrier: carrier.to_owned(),
        waybill: format!("{front}{}", dice.digits(12)),
        shipped_at,
        quality_report: is_fresh.then(|| report.to_owned()),
    }
}
