//! What happens when: orders and tales laid out on a line of time, so that they can be played.

use super::{
    PAST,
    dice::Dice,
    goods::{GOODS, Good, by_sku},
    marks,
    order::{Bought, Paid, Way, facts},
    people::{BUYERS, RESTLESS},
    tale::{Beat, Plot, Tale, beats},
};
use crate::demo::DemoFault;
use domain::{
    application::CaseType,
    facts::{Category, Facts},
    id::{BuyerId, OrderId, ShopId},
    moment::{Moment, Span},
};

/// Orders reach back so many days.
const ORDER_DAYS: u32 = 44;
/// Buyers of a shop who have no name here.
const STRANGERS: u32 = 60;
const MINUTE_S: u32 = 60;
const HOUR_S: u32 = 3_600;
const DAY_MS: i64 = 86_400_000;

/// A thing to do.
pub enum Todo {
    /// The shop tells an order.
    Record(Box<Facts>),
    /// The buyer applies.
    Open(usize),
    /// Somebody takes a step.
    Take(usize, Beat),
}

/// A tale with the order it is about.
pub struct Told {
    /// Where.
    pub shop_id: ShopId,
    /// Its order.
    pub order_id: OrderId,
    /// Who bought.
    pub buyer_id: BuyerId,
    /// The tale.
    pub tale: Tale,
}

/// Everything, with its moments.
pub struct Agenda {
    /// What, in which shop, when.
    pub todos: Vec<(Moment, ShopId, Todo)>,
    /// The tales that the todos number.
    pub told: Vec<Told>,
    dice: Dice,
    today: Moment,
}

impl Agenda {
    /// An empty one.
    pub const fn new(seed: u64, today: Moment) -> Self {
        Self { todos: Vec::new(), told: Vec::new(), dice: Dice::new(seed), today }
    }

    /// An order with a known number for the examples that are printed.
    pub fn add_example(
        &mut self,
        shop: &str,
        (order_id, sku): (&str, &str),
        buyer: usize,
    ) -> Result<(), DemoFault> {
        let signed_at = self.today.before(Span::hours(70));
        let bought = Bought {
            order_id: id(order_id)?,
            buyer_id: named(buyer)?,
            lines: vec![(good(sku)?, 1)],
            placed_at: signed_at.before(Span::days(3)),
            paid: Paid::Balance,
            way: Way::Signed(signed_at),
        };
        self.record(shop, bought)
    }

    /// Orders that nobody complains about.
    pub fn add_quiet_orders(&mut self, shop: &'static str, count: u32) -> Result<(), DemoFault> {
        let goods: Vec<&Good> = GOODS.iter().filter(|good| good.shop == shop).collect();
        for _ in 0..count {
            let dice = &mut self.dice;
            let Some(first) = dice.one_of(&goods).copied() else { continue };
            let mut lines = vec![(first, dice.between(1, 2))];
            // Vouchers are sold by themselves: they are never sent with a parcel.
            if first.category != Category::Virtual && dice.once_in(3) {
                let more = dice.one_of(&goods).copied();
                let fits = |good: &&Good| good.sku != first.sku && good.category == first.category;
                lines.extend(more.filter(fits).map(|good| (good, 1)));
            }
            let placed_at = self.some_day();
            let way = self.way(first, placed_at);
            let order_id = self.order_id()?;
            let (buyer_id, paid) = (self.stranger(shop)?, self.paid());
            let bought = Bought { order_id, buyer_id, lines, placed_at, paid, way };
            self.record(shop, bought)?;
        }
        Ok(())
    }

    /// A tale with its order.
    pub fn add_tale(&mut self, shop: &str, tale: &Tale) -> Result<(), DemoFault> {
        let sold = good(tale.sku)?;
        let dice = &mut self.dice;
        let lately_s = dice.between(0, 45 * MINUTE_S);
        let opened_s_ago = (tale.opened_min_ago * MINUTE_S).saturating_sub(lately_s);
        let opened_at = self.today.before(Span::seconds(opened_s_ago));
        // Nobody acts on the minute.
        let pace_per_cent = dice.between(88, 112);
        let (way, placed_at) = if tale.case_type == CaseType::Cancellation {
            (Way::Unsent, opened_at.before(Span::seconds(dice.between(HOUR_S, 7 * HOUR_S))))
        } else {
            let waited = dice.between(3 * HOUR_S, 22 * HOUR_S);
            let signed_at = opened_at.before(Span::seconds(waited));
            let way = if sold.category == Category::Virtual { 3_600 } else { 62 * HOUR_S };
            (Way::Signed(signed_at), signed_at.before(Span::seconds(way)))
        };
        let order_id = self.order_id()?;
        let buyer_id = match tale.buyer {
            Some(buyer) => named(buyer)?,
            None => self.stranger(shop)?,
        };
        let paid = tale.paid.unwrap_or(Paid::Balance);
        let lines = vec![(sold, tale.pieces)];
        let (number, buyer) = (order_id.clone(), buyer_id.clone());
        let sorted_for = buyer_id.clone();
        self.record(shop, Bought { order_id, buyer_id, lines, placed_at, paid, way })?;
        let (shop_id, n) = (shop_id(shop)?, self.told.len());
        self.told.push(Told {
            shop_id: shop_id.clone(),
            order_id: number,
            buyer_id: buyer,
            tale: *tale,
        });
        self.todos.push((opened_at, shop_id.clone(), Todo::Open(n)));
        if let Some(beat) = marks::sort(tale, n, &sorted_for)? {
            let at = opened_at.after(Span::seconds(marks::AFTER_MIN * MINUTE_S));
            self.todos.push((at, shop_id.clone(), Todo::Take(n, beat)));
        }
        for beat in beats(tale.plot) {
            let after_s = beat.after_min * MINUTE_S / 100 * pace_per_cent;
            let at = opened_at.after(Span::seconds(after_s));
            self.todos.push((at, shop_id.clone(), Todo::Take(n, beat)));
        }
        Ok(())
    }

    /// A buyer who asks so often that the risk control steps in (F7).
    pub fn add_restless_buyer(&mut self, shop: &str) -> Result<(), DemoFault> {
        for n in 0..10 {
            let tale = Tale {
                sku: if n % 2 == 0 { "GDB-1" } else { "LPP-1" },
                pieces: 1,
                plot: Plot::Withdraw,
                opened_min_ago: (n * 35 + 40) * 60 + n * 13,
                case_type: CaseType::ReturnAndRefund,
                reason: "unwanted_seven_days",
                words: "不想要了。",
                paid: None,
                buyer: Some(RESTLESS),
            };
            self.add_tale(shop, &tale)?;
        }
        Ok(())
    }

    fn record(&mut self, shop: &str, bought: Bought<'_>) -> Result<(), DemoFault> {
        let mut facts = facts(bought, &mut self.dice)?;
        let is_quiet = self.dice.once_in(2) && !facts.order_id.as_str().starts_with("3729");
        if is_quiet && facts.signed_at.is_some_and(|at| at < self.today.before(Span::days(16))) {
            // Old vouchers have mostly been used.
            for item in facts.items.iter_mut().filter(|item| item.category == Category::Virtual) {
                item.activated_at = facts.signed_at;
            }
        }
        let sent = facts.shipments.iter().map(|shipment| shipment.shipped_at);
        let paid = facts.tenders.iter().map(|tender| tender.paid_at);
        let last = sent.chain(paid).chain(facts.signed_at).chain([facts.placed_at]).max();
        // What lies before the shop joined was told when it did.
        let begin = self.today.before(PAST);
        let at = last.unwrap_or(begin).max(begin);
        self.todos.push((at, shop_id(shop)?, Todo::Record(Box::new(facts))));
        Ok(())
    }

    /// By day: between eight and eleven in China.
    fn some_day(&mut self) -> Moment {
        let today_ms = self.today.ms() + 8 * 3_600_000;
        let midnight_ms = today_ms - today_ms.rem_euclid(DAY_MS) - 8 * 3_600_000;
        let days = i64::from(self.dice.between(0, ORDER_DAYS));
        let second = i64::from(self.dice.between(8 * HOUR_S, 23 * HOUR_S));
        let at = Moment::from_ms(midnight_ms - days * DAY_MS + second * 1_000);
        let lately = self.today.before(Span::seconds(self.dice.between(600, 4 * HOUR_S)));
        at.min(lately)
    }

    fn way(&mut self, good: &Good, placed_at: Moment) -> Way {
        let age = self.today.since(placed_at);
        if good.category == Category::Virtual {
            return Way::Signed(placed_at.after(Span::seconds(300)));
        }
        if self.dice.once_in(18) {
            return Way::Cancelled;
        }
        let signed_at = placed_at.after(Span::seconds(self.dice.between(40 * HOUR_S, 96 * HOUR_S)));
        if signed_at < self.today {
            Way::Signed(signed_at)
        } else if age > Span::hours(26) {
            Way::Sent
        } else if self.dice.once_in(4) {
            Way::Unpaid
        } else {
            Way::Unsent
        }
    }

    fn paid(&mut self) -> Paid {
        match self.dice.between(1, 20) {
            1 => Paid::ThirdParty,
            2 | 3 => Paid::InTwo,
            4..=8 => Paid::Credit,
            9..=12 => Paid::Debit,
            _ => Paid::Balance,
        }
    }

    fn order_id(&mut self) -> Result<OrderId, DemoFault> {
        id(&format!("3728{}", self.dice.digits(15)))
    }

    fn stranger(&mut self, shop: &str) -> Result<BuyerId, DemoFault> {
        let who = self.dice.between(1, STRANGERS);
        let text = format!("oGx4{shop}{:0>3}kQmZ7vYt1s", who);
        BuyerId::parse(&text).map_err(|error| DemoFault::story("a buyer", &error))
    }
}

fn id(text: &str) -> Result<OrderId, DemoFault> {
    OrderId::parse(text).map_err(|error| DemoFault::story("an order", &error))
}

fn shop_id(text: &str) -> Result<ShopId, DemoFault> {
    ShopId::parse(text).map_err(|error| DemoFault::story("a shop", &error))
}

fn good(sku: &str) -> Result<&'static Good, DemoFault> {
    by_sku(sku).ok_or_else(|| DemoFault::story(sku, &"nobody sells it"))
}

fn named(buyer: usize) -> Result<BuyerId, DemoFault> {
    let id = BUYERS.get(buyer).map_or("", |(_, id, _)| id);
    BuyerId::parse(id).map_err(|error| DemoFault::story("a buyer", &error))
}
