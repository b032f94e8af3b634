//! The town: its shops with their policies, its people, and what they order.

use crate::chance::Chance;
use domain::{
    actor::{Actor, Role},
    facts::{Account, Category, Channel, Coupon, Facts, Item, Progress, Shipment, Tender},
    id::{BuyerId, ItemId, KeyId, OrderId, PersonId, ShopId, TransactionId},
    moment::{Moment, Span},
    money::{Currency, Money},
    standing::ShopSettings,
};
use engine::{
    rows::Document,
    rulebook::{POLICY, PublishedPolicy, SHOP, Shop, policy_id},
};

const DEFAULT_POLICY: &str = include_str!("../../domain/policy/default.toml");

/// One shop.
#[derive(Clone, Debug)]
pub struct Stall {
    /// Its name.
    pub shop_id: ShopId,
    /// The most one buyer gets back from it in a year, in fen.
    pub yearly_fen: i64,
    /// How many per cent of what was paid may go back.
    pub percent: i64,
    /// Above this a second person confirms, in fen.
    pub limit_fen: Option<i64>,
    policy: String,
}

/// The shops of a seed: one generous, one strict.
#[must_use]
pub fn stalls(chance: &mut Chance) -> Vec<Stall> {
    let names = ["north", "south"];
    names.iter().filter_map(|name| stall(name, chance)).collect()
}

fn stall(name: &str, chance: &mut Chance) -> Option<Stall> {
    let yearly_fen = chance.weighed(&[(50_000_000, 2), (150_000, 3), (60_000, 2)], 50_000_000);
    let percent = chance.weighed(&[(105, 3), (100, 1), (120, 1)], 105);
    let hours = chance.weighed(&[(48, 2), (12, 1)], 48);
    let fast = chance.one_in(2);
    let limit_fen = chance.weighed(&[(None, 2), (Some(20_000), 2), (Some(3_000), 1)], None);
    let swaps = [
        ("yearly_minor = 50_000_000", format!("yearly_minor = {yearly_fen}")),
        ("refund_percent = 105", format!("refund_percent = {percent}")),
        ("merchant_decides_hours = 48", format!("merchant_decides_hours = {hours}")),
        ("risk_cases = 10", "risk_cases = 60".to_owned()),
        ("applications_per_item = 5", "applications_per_item = 20".to_owned()),
        ("enabled = false", format!("enabled = {fast}")),
    ];
    let policy =
        swaps.iter().fold(DEFAULT_POLICY.to_owned(), |text, (from, to)| text.replacen(from, to, 1));
    let shop_id = ShopId::parse(name).ok()?;
    Some(Stall { shop_id, yearly_fen, percent, limit_fen, policy })
}

impl Stall {
    /// The documents of the registry that make it.
    #[must_use]
    pub fn documents(&self, at: Moment) -> Vec<Document> {
        let published = PublishedPolicy { text: self.policy.clone(), note: String::new() };
        vec![
            self.document(POLICY, &policy_id(1), serde_json::to_string(&published), (1, at)),
            self.settings(true, (1, at)),
        ]
    }

    /// Its settings, with its account verified or not.
    #[must_use]
    pub fn settings(&self, account_verified: bool, at: (u64, Moment)) -> Document {
        let approval_limit = self.limit_fen.and_then(|fen| Money::cny(fen).ok());
        let settings = ShopSettings { account_verified, approval_limit };
        let shop = Shop { name: self.shop_id.to_string(), settings, policy_version: 1 };
        self.document(SHOP.0, SHOP.1, serde_json::to_string(&shop), at)
    }

    fn document(
        &self,
        kind: &str,
        id: &str,
        body: serde_json::Result<String>,
        (version, updated_at): (u64, Moment),
    ) -> Document {
        Document {
            shop_id: self.shop_id.clone(),
            kind: kind.to_owned(),
            id: id.to_owned(),
            version,
            updated_at,
            body: body.unwrap_or_default(),
        }
    }
}

/// The people on the merchant's and the platform's side.
#[must_use]
pub fn staff() -> Vec<Actor> {
    let person = |id: &str, role| Some(Actor::Person { id: PersonId::parse(id).ok()?, role });
    let all = [
        person("agent-1", Role::Agent),
        person("agent-2", Role::Agent),
        person("supervisor-1", Role::Supervisor),
        person("supervisor-2", Role::Supervisor),
        person("finance-1", Role::Finance),
        person("finance-2", Role::Finance),
        person("owner-1", Role::Owner),
        KeyId::parse("key-1").ok().map(Actor::Key),
        PersonId::parse("arbiter-1").ok().map(Actor::Arbiter),
        PersonId::parse("arbiter-2").ok().map(Actor::Arbiter),
        PersonId::parse("operator-1").ok().map(Actor::Operator),
        PersonId::parse("operator-2").ok().map(Actor::Operator),
    ];
    all.into_iter().flatten().collect()
}

/// A person of the staff by name.
#[must_use]
pub fn person(name: &str) -> Option<Actor> {
    staff().into_iter().find(|actor| actor.person().is_some_and(|id| id.as_str() == name))
}

/// What a buyer orders now; nothing if the numbers do not come out.
#[must_use]
pub fn facts(chance: &mut Chance, nth: u64, now: Moment) -> Option<Facts> {
    let count = chance.between(1, 3);
    let items: Vec<Item> = (1..=count).filter_map(|n| item(chance, n)).collect();
    let goods = items.iter().try_fold(0, |sum: i64, item| {
        let duty = item.duty.map_or(0, Money::minor);
        Some(sum + item.before_coupons().ok()?.minor() + duty)
    })?;
    let freight = if chance.one_in(3) { 0 } else { chance.between(1, 1_500) };
    let coupon = if chance.one_in(4) { chance.between(1, 90) } else { 0 };
    let paid = goods + freight - coupon;
    let old = if chance.one_in(12) { 362 } else { u32::try_from(chance.between(0, 3)).ok()? };
    let paid_at = now.before(Span::days(old));
    let progress = chance.weighed(
        &[
            (Progress::AwaitingShipment, 3),
            (Progress::PartlyShipped, 1),
            (Progress::Shipped, 3),
            (Progress::Completed, 6),
        ],
        Progress::Shipped,
    );
    let shipped = progress != Progress::AwaitingShipment;
    let shipment = Shipment {
        carrier: "SF".to_owned(),
        waybill: format!("SF{nth:010}"),
        shipped_at: paid_at,
        quality_report: None,
    };
    let coupons = (coupon > 0).then(|| Money::cny(coupon)).and_then(Result::ok);
    let coupons = coupons.map(|amount| Coupon { name: "spring".to_owned(), amount });
    Some(Facts {
        order_id: OrderId::parse(&format!("O{nth:05}")).ok()?,
        buyer_id: BuyerId::parse(&format!("buyer-{}", chance.between(1, 4))).ok()?,
        currency: Currency::CNY,
        placed_at: paid_at.before(Span::seconds(60)),
        progress,
        items,
        freight: Money::cny(freight).ok()?,
        coupons: coupons.into_iter().collect(),
        tenders: tenders(chance, nth, paid, paid_at)?,
        shipments: shipped.then_some(shipment).into_iter().collect(),
        signed_at: (progress == Progress::Completed).then_some(now),
    })
}

fn item(chance: &mut Chance, n: i64) -> Option<Item> {
    let category = chance.weighed(
        &[
            (Category::Ordinary, 10),
            (Category::Fresh, 1),
            (Category::MadeToOrder, 1),
            (Category::Virtual, 1),
            (Category::CrossBorder, 1),
        ],
        Category::Ordinary,
    );
    let crosses = category == Category::CrossBorder;
    let duty = if crosses { Money::cny(chance.between(1, 900)).ok() } else { None };
    Some(Item {
        item_id: ItemId::parse(&format!("I{n}")).ok()?,
        sku: None,
        title: format!("goods {n}"),
        category,
        unit_price: Money::cny(chance.between(100, 20_000)).ok()?,
        quantity: u32::try_from(chance.between(1, 3)).ok()?,
        discount: None,
        duty,
        activated_at: None,
        clause_accepted: None,
        seven_day_right: None,
        batch: None,
    })
}

/// One payment or two, mostly through WeChat Pay.
fn tenders(chance: &mut Chance, nth: u64, paid: i64, paid_at: Moment) -> Option<Vec<Tender>> {
    let first = if paid > 2 && chance.one_in(4) { chance.between(1, paid - 1) } else { paid };
    let mut tenders = Vec::new();
    for (n, fen) in [first, paid - first].into_iter().enumerate().filter(|(_, fen)| *fen > 0) {
        let (channel, account) = chance.weighed(
            &[
                ((Channel::WechatPay, Account::Balance), 6),
                ((Channel::WechatPay, Account::DebitCard), 3),
                ((Channel::WechatPay, Account::CreditCard), 2),
                ((Channel::WechatPay, Account::ThirdParty), 1),
                ((Channel::Other, Account::Balance), 1),
            ],
            (Channel::WechatPay, Account::Balance),
        );
        let transaction_id = TransactionId::parse(&format!("42{nth:022}{n:04}")).ok()?;
        let amount = Money::cny(fen).ok()?;
        tenders.push(Tender { transaction_id, channel, account, amount, paid_at });
    }
    Some(tenders)
}

/// The order goes on: it is sent, or signed for.
#[must_use]
pub fn retold(facts: &Facts, now: Moment) -> Facts {
    let mut facts = facts.clone();
    match facts.progress {
        Progress::AwaitingShipment | Progress::PartlyShipped => {
            facts.progress = Progress::Shipped;
            if facts.shipments.is_empty() {
                facts.shipments.push(Shipment {
                    carrier: "SF".to_owned(),
                    waybill: "SF1234567890".to_owned(),
                    shipped_at: now,
                    quality_report: None,
                });
            }
        }
        Progress::Shipped => {
            facts.progress = Progress::Completed;
            facts.signed_at = Some(now);
        }
        Progress::AwaitingPayment | Progress::Completed | Progress::Cancelled => {
            if let Some(item) = facts.items.first_mut() {
                item.title.push('.');
            }
        }
    }
    facts
}
