//! Arbitrary orders and arbitrary moves. A move is a handful of bytes that is read against the
//! order as it stands, so that most moves mean something and failing ones shrink well.

pub mod act;
pub mod event;
pub mod filing;

use crate::laws::world::World;
use domain::{
    actor::{Actor, Role},
    allowed::allowed_actions,
    case::Case,
    command::{Act, Action, Command, RefundNews},
    facts::{Account, Category, Channel, Coupon, Facts, Item, Progress, Tender},
    id::{BuyerId, ItemId, KeyId, OrderId, PersonId, RefundNo, TransactionId},
    moment::{Moment, Span},
    money::{Currency, Money},
    policy::Policy,
};
use proptest::{
    collection::vec,
    prelude::{Just, Strategy, any, prop_oneof},
    test_runner::{Config, RngSeed},
};
use std::sync::{Arc, OnceLock};

/// So many cases each; the seed is fixed, so a suite that passes passes again.
pub fn ten_thousand() -> Config {
    Config { rng_seed: RngSeed::Fixed(20_261_123), failure_persistence: None, ..Config::default() }
}

pub fn fen(minor: i64) -> Money {
    Money::cny(minor).unwrap()
}

pub fn item_id(n: usize) -> ItemId {
    ItemId::parse(&format!("A{n}")).unwrap()
}

pub fn transaction_id(n: usize) -> TransactionId {
    TransactionId::parse(&format!("420000{n}")).unwrap()
}

/// When orders are placed.
pub fn placed_at() -> Moment {
    Moment::parse("2026-11-01T02:00:00Z").unwrap()
}

fn category(n: u8) -> Category {
    match n {
        0 => Category::Fresh,
        1 => Category::MadeToOrder,
        2 => Category::Virtual,
        3 | 4 => Category::CrossBorder,
        _ => Category::Ordinary,
    }
}

/// Price, quantity, discount in per cent, category, duty.
type Goods = (i64, u32, i64, u8, i64);

fn item(n: usize, (price, quantity, off, kind, duty): Goods) -> Item {
    let (category, unit_price) = (category(kind), fen(price));
    let full = unit_price.times(quantity).unwrap();
    Item {
        item_id: item_id(n),
        sku: None,
        title: format!("商品{n}"),
        category,
        unit_price,
        quantity,
        discount: (off > 0).then(|| full.share(off, 100).unwrap()),
        duty: (category == Category::CrossBorder).then(|| fen(duty)),
        activated_at: None,
        clause_accepted: None,
        seven_day_right: None,
        batch: None,
    }
}

/// One ordinary item for ten yuan, paid at once.
pub fn plain_order() -> Facts {
    whole((vec![(1_000, 1, 0, 9, 0)], Vec::new(), 0, vec![(1, 5)], Progress::Completed))
}

fn progress() -> impl Strategy<Value = Progress> {
    prop_oneof![
        6 => Just(Progress::Completed),
        2 => Just(Progress::Shipped),
        1 => Just(Progress::AwaitingShipment),
    ]
}

/// Any order that can be true: items, discounts, coupons, duties, delivery fee, payments.
pub fn facts() -> impl Strategy<Value = Facts> {
    let price = prop_oneof![3 => 1i64..20_000, 1 => 0i64..9];
    let off = prop_oneof![2 => Just(0i64), 1 => 0i64..=100];
    let goods = vec((price, 1u32..=4, off, 0u8..10, 0i64..3_000), 1..=4);
    let coupons = vec(0i64..=600, 0..=2);
    let tenders = vec((0i64..1_000, 0u8..6), 1..=3);
    (goods, coupons, 0i64..3_000, tenders, progress()).prop_map(whole)
}

/// Items, coupons in thousandths, delivery fee, payments by weight, progress.
type Parts = (Vec<Goods>, Vec<i64>, i64, Vec<(i64, u8)>, Progress);

fn whole((goods, coupons, freight, tenders, progress): Parts) -> Facts {
    let items: Vec<Item> = goods.into_iter().enumerate().map(|(n, goods)| item(n, goods)).collect();
    let mut left =
        Money::sum(Currency::CNY, items.iter().map(|i| i.before_coupons().unwrap())).unwrap();
    let mut taken = Vec::new();
    for (n, thousandths) in coupons.into_iter().enumerate() {
        let amount = left.share(thousandths, 1_000).unwrap();
        left = left.minus(amount).unwrap();
        taken.push(Coupon { name: format!("券{n}"), amount });
    }
    let duties = Money::sum(Currency::CNY, items.iter().filter_map(|item| item.duty)).unwrap();
    let due = left.plus(duties).unwrap().plus(fen(freight)).unwrap();
    let weights: Vec<i64> = tenders.iter().map(|(weight, _)| *weight).collect();
    let shares = due.split(&weights).unwrap();
    let tenders = tenders.iter().zip(shares).enumerate();
    let placed_at = placed_at();
    let signed = progress == Progress::Completed;
    Facts {
        order_id: OrderId::parse("3700001").unwrap(),
        buyer_id: BuyerId::parse("oBUYER").unwrap(),
        currency: Currency::CNY,
        placed_at,
        progress,
        items,
        freight: fen(freight),
        coupons: taken,
        tenders: tenders.map(|(n, ((_, kind), amount))| tender(n, *kind, amount)).collect(),
        shipments: Vec::new(),
        signed_at: signed.then(|| placed_at.after(Span::days(2))),
    }
}

fn tender(n: usize, kind: u8, amount: Money) -> Tender {
    let (channel, account) = match kind {
        0 => (Channel::Other, Account::ThirdParty),
        1 => (Channel::WechatPay, Account::CreditCard),
        2 => (Channel::WechatPay, Account::DebitCard),
        _ => (Channel::WechatPay, Account::Balance),
    };
    Tender { transaction_id: transaction_id(n), channel, account, amount, paid_at: placed_at() }
}

/// What somebody does, as bytes: who, what, about which, and how much.
#[derive(Clone, Copy, Debug)]
pub struct Move(pub [u8; 8]);

impl Move {
    /// The `n`-th byte, up to a bound.
    pub fn pick(self, n: usize, below: usize) -> usize {
        usize::from(self.0[n % 8]) % below.max(1)
    }
}

pub fn moves(most: usize) -> impl Strategy<Value = Vec<Move>> {
    vec(any::<[u8; 8]>().prop_map(Move), 1..=most)
}

/// Everybody who may act.
pub fn people() -> &'static [Actor] {
    static PEOPLE: OnceLock<Vec<Actor>> = OnceLock::new();
    PEOPLE.get_or_init(|| {
        let person = |id: &str, role| Actor::Person { id: PersonId::parse(id).unwrap(), role };
        vec![
            Actor::Buyer(BuyerId::parse("oBUYER").unwrap()),
            person("Li", Role::Agent),
            person("Wang", Role::Supervisor),
            person("Qian", Role::Finance),
            person("Zhao", Role::Owner),
            Actor::Key(KeyId::parse("shop-system").unwrap()),
            Actor::Arbiter(PersonId::parse("Sun").unwrap()),
            Actor::Operator(PersonId::parse("Zhou").unwrap()),
            Actor::System,
            Actor::Buyer(BuyerId::parse("oSTRANGER").unwrap()),
        ]
    })
}

/// Rules that reach their limits sooner: a small yearly limit, a fast lane, a low second limit.
pub fn strict_policy() -> Arc<Policy> {
    static STRICT: OnceLock<Arc<Policy>> = OnceLock::new();
    let policy = STRICT.get_or_init(|| {
        let source = Policy::default_policy()
            .source()
            .replace("yearly_minor = 50_000_000", "yearly_minor = 30_000")
            .replace("enabled = false", "enabled = true");
        Arc::new(Policy::parse(&source).unwrap())
    });
    Arc::clone(policy)
}

/// A world in which the order was just told of; the first byte says how strict it is.
pub fn world(facts: &Facts, strictness: u8) -> World {
    let mut world = World::new();
    world.at = placed_at().after(Span::days(5));
    if strictness % 3 == 1 {
        world.policy = strict_policy();
    }
    if strictness % 5 == 1 {
        world.shop.approval_limit = Some(fen(5_000));
    }
    let told = Command::RecordOrder(Box::new(facts.clone()));
    world.give(&Actor::System, &told).expect("the order can be true");
    world
}

/// Reads a move against the world as it stands: who asks what. Time moves on first.
pub fn read(world: &mut World, step: Move) -> (Actor, Command) {
    jump(world, step);
    let by = people()[step.pick(1, people().len())].clone();
    let cases = &world.order.cases;
    let Some(case) = cases.get(step.pick(2, cases.len())) else {
        return (people()[0].clone(), Command::Open(Box::new(filing::read(world, step))));
    };
    let case_id = case.case_id;
    let on_case = |by, act| (by, Command::Case { case_id, act });
    let system = Actor::System;
    match step.pick(0, 24) {
        0..=2 => (people()[0].clone(), Command::Open(Box::new(filing::read(world, step)))),
        3 => (Actor::System, Command::RecordOrder(Box::new(filing::retold(world, step)))),
        4 => {
            let action = Action::ALL[step.pick(3, Action::ALL.len())];
            on_case(by, act::of(world, case, action, step))
        }
        5 | 6 => on_case(system, Act::Expire),
        7 | 8 => {
            let (refund_no, news) = (refund_no(case, step), news(world.at, step));
            on_case(system, Act::RecordRefund { refund_no, news })
        }
        9 => on_case(system, act::answer(case, step)),
        kind => {
            let chatter = matches!(kind, 10 | 11);
            let able = able(case, chatter);
            let Some((by, action)) = able.get(step.pick(3, able.len())) else {
                return on_case(system, Act::Expire);
            };
            on_case((*by).clone(), act::of(world, case, *action, step))
        }
    }
}

/// Who may do what now; chatter and second thoughts apart, or everything would be chatter.
fn able(case: &Case, chatter: bool) -> Vec<(&'static Actor, Action)> {
    use Action::{AddEvidence, Amend, Mark, OpenTicket, PostMessage, RequestEvidence, Withdraw};
    let dull = [AddEvidence, Amend, Mark, OpenTicket, PostMessage, RequestEvidence, Withdraw];
    let people = people().iter().take(8);
    let pairs = people.flat_map(|by| allowed_actions(case, by).into_iter().map(move |a| (by, a)));
    let mut seen: Vec<Action> = Vec::new();
    let mut able: Vec<(&Actor, Action)> = Vec::new();
    for (by, action) in pairs.filter(|(_, action)| dull.contains(action) == chatter) {
        // Two people at most for one thing: the second may confirm what the first began.
        if seen.iter().filter(|known| **known == action).count() < 2 {
            seen.push(action);
            able.push((by, action));
        }
    }
    able
}

fn jump(world: &mut World, step: Move) {
    let cases = &world.order.cases;
    let due = cases.get(step.pick(2, cases.len())).and_then(|case| case.deadline);
    let later = |span| world.at.after(span);
    let expires = matches!(step.pick(0, 24), 5 | 6);
    world.at = match step.pick(7, 32) {
        0..=15 if expires => due.map_or(world.at, |due| due.due_at.max(world.at)),
        16..=20 => later(Span::seconds(20)),
        21..=24 => later(Span::hours(1)),
        25 | 26 => later(Span::days(1)),
        27 => later(Span::days(9)),
        28 => later(Span::days(120)),
        _ => world.at,
    };
}

/// One of the case's refunds, or one that it does not have.
pub fn refund_no(case: &Case, step: Move) -> RefundNo {
    let refund = case.refunds.get(step.pick(4, case.refunds.len() + 1));
    refund.map_or_else(|| RefundNo::parse("WBNONE").unwrap(), |refund| refund.refund_no.clone())
}

/// Any news of the channel.
pub fn news(at: Moment, step: Move) -> RefundNews {
    let channel_no = format!("5030000{}", step.pick(5, 3));
    let code = if step.pick(5, 2) == 0 { "NOT_ENOUGH" } else { "SYSTEM_ERROR" }.to_owned();
    match step.pick(3, 8) {
        0 => RefundNews::Processing { channel_no },
        1 => RefundNews::Abnormal { channel_no },
        2 => RefundNews::Closed { channel_no },
        3 => RefundNews::Declined { code },
        4 => RefundNews::Waits { code },
        5 => RefundNews::Unknown,
        _ => RefundNews::Succeeded { channel_no, at, arrived_in: "零钱".into() },
    }
}
