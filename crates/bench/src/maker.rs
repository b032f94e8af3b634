//! Orders and cases as a shop has them, made by the same functions that make them in earnest:
//! decided, folded, and written as the desk writes them, only without asking one by one.

use anyhow::{Context, Result, anyhow};
use domain::{
    actor::{Actor, Role},
    application::{Application, CaseType},
    ask::Ask,
    calendar::Calendar,
    case::{Goods, Route, Terms},
    command::{Act, Command, Filing, RefundNews},
    decide::decide,
    facts::Facts,
    id::{BuyerId, CaseId, CommandId, OrderId, PersonId, ReasonCode, ShopId},
    moment::{Moment, Span},
    money::{Currency, Money},
    order::Order,
    policy::Policy,
    standing::{ShopSettings, Standing},
};
use engine::{
    consequence::{Stamp, consequence},
    rows::{Commit, StreamKey},
};
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

/// What one piece costs, in fen.
pub const PIECE_FEN: i64 = 5_900;

/// Makes the orders of a shop.
#[derive(Clone)]
pub struct Maker {
    shop_id: ShopId,
    policy: Arc<Policy>,
    calendar: Arc<Calendar>,
    settings: ShopSettings,
    now: Moment,
}

/// How far a made case has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// There is an order, and no case.
    Order,
    /// The merchant must decide.
    Open,
    /// The merchant must decide, and the time for it is over.
    Overdue,
    /// The buyer must send the goods back.
    AwaitingReturn,
    /// The money has been ordered back, and nobody has asked the channel yet.
    Refunding,
    /// The money is back.
    Refunded,
}

impl Maker {
    /// For a shop, as it is at a moment.
    pub fn new(shop_id: ShopId, now: Moment) -> Self {
        let (policy, calendar) = (Policy::default_policy(), Calendar::built_in());
        Self { shop_id, policy, calendar, settings: ShopSettings::default(), now }
    }

    /// The id of an order. Orders were placed at some time, so cases come to them in no order.
    pub fn order_id(n: u64) -> String {
        format!("37{:017}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 10)
    }

    /// The buyer of an order.
    pub fn buyer_id(n: u64) -> String {
        format!("oBuyer-{n}")
    }

    /// The facts of an order, as a shop would send them.
    pub fn facts(&self, n: u64, at: Moment) -> serde_json::Value {
        let yuan = |fen: i64| json!({"amount_minor": fen, "currency": "CNY"});
        let paid_at = at.before(Span::days(3));
        json!({
            "order_id": Self::order_id(n), "buyer_id": Self::buyer_id(n), "currency": "CNY",
            "placed_at": paid_at, "progress": "completed",
            "items": [{"item_id": "A1", "title": "手工陶瓷杯", "category": "ordinary",
                "unit_price": yuan(PIECE_FEN), "quantity": 2}],
            "freight": yuan(1_000),
            "tenders": [{"transaction_id": format!("4200{n:024}"), "channel": "wechat_pay",
                "account": "balance", "amount": yuan(PIECE_FEN * 2 + 1_000), "paid_at": paid_at}],
            "signed_at": at.before(Span::days(1)),
        })
    }

    /// Everything that happens to an order until its case has come so far, as one commit.
    pub fn story(&self, n: u64, stage: Stage, at: Moment) -> Result<Commit> {
        let facts: Facts = serde_json::from_value(self.facts(n, at))?;
        let order_id = OrderId::parse(&Self::order_id(n))?;
        let key = StreamKey { shop_id: self.shop_id.clone(), order_id };
        let mut story = Story { maker: self, key, n, order: Order::default(), commit: None };
        let li = Actor::Person { id: PersonId::parse("li")?, role: Role::Owner };
        let buyer = Actor::Buyer(BuyerId::parse(&Self::buyer_id(n))?);
        story.goes_on(Command::RecordOrder(Box::new(facts)), &li, at)?;
        if stage == Stage::Order {
            return story.told();
        }
        let opened = if stage == Stage::Overdue { at.before(Span::hours(49)) } else { at };
        story.goes_on(Command::Open(Box::new(filing(n)?)), &buyer, opened)?;
        let case_id = story.order.cases.first().context("a case was opened")?.case_id;
        let act = |act| Command::Case { case_id, act };
        match stage {
            Stage::Order | Stage::Open | Stage::Overdue => {}
            Stage::AwaitingReturn => {
                let approve = Act::Approve { terms: None, note: String::new() };
                story.goes_on(act(approve), &li, at.after(Span::hours(3)))?;
            }
            Stage::Refunding | Stage::Refunded => {
                let amount = Money::cny(PIECE_FEN)?;
                let terms = Terms { amount, goods: Goods::Keep, route: Route::Original };
                let approve = Act::Approve { terms: Some(terms), note: String::new() };
                story.goes_on(act(approve), &li, at.after(Span::hours(3)))?;
            }
        }
        if stage == Stage::Refunded {
            story.paid(case_id, at.after(Span::hours(4)))?;
        }
        story.told()
    }

    /// How far the case of a number has come in a shop with so many: old ones are over.
    pub fn stage_of(n: u64, all: u64) -> Stage {
        if n < all / 10 * 9 {
            return Stage::Refunded;
        }
        if n.is_multiple_of(3) { Stage::AwaitingReturn } else { Stage::Open }
    }

    /// When it was opened: over two years, the last one a moment ago.
    pub fn moment_of(&self, n: u64, all: u64) -> Moment {
        const TWO_YEARS_MS: u64 = 2 * 365 * 86_400_000;
        let back = TWO_YEARS_MS / all.max(1) * (all - n);
        // What is open must not be overdue already.
        let back = if Self::stage_of(n, all) == Stage::Refunded { back } else { back % 40_000_000 };
        self.now.before(Span::from_ms(i64::try_from(back).unwrap_or_default()))
    }
}

/// What a buyer asks for.
pub fn application() -> serde_json::Value {
    json!({"type": "return_and_refund", "reason": "unwanted_seven_days",
        "items": [{"item_id": "A1", "quantity": 1}], "description": "颜色和图片不一样，不想要了"})
}

fn filing(n: u64) -> Result<Filing> {
    let mut application: Application = serde_json::from_value(application())?;
    if n.is_multiple_of(5) {
        application.case_type = CaseType::RefundOnly;
        application.reason = ReasonCode::parse("unwanted_dislike")?;
    }
    Ok(Filing { application, evidence_kinds: Vec::new() })
}

/// An order under way.
struct Story<'a> {
    maker: &'a Maker,
    key: StreamKey,
    n: u64,
    order: Order,
    commit: Option<Commit>,
}

impl Story<'_> {
    fn goes_on(&mut self, command: Command, by: &Actor, at: Moment) -> Result<()> {
        let command_id = self.command_id(at);
        let standing = Standing {
            refunded_this_year: Money::zero(Currency::CNY),
            cases_in_window: 0,
            restriction_lifted_until: None,
        };
        let maker = self.maker;
        let ask = Ask {
            at,
            by,
            command: command_id,
            policy: &maker.policy,
            policy_version: 0,
            calendar: &maker.calendar,
            shop: &maker.settings,
            standing: &standing,
        };
        let events = decide(&self.order, &command, &ask);
        let events = events.map_err(|refusal| anyhow!("{command:?}: {refusal:?}"))?;
        let stamp = Stamp { at, by: by.clone(), command: command_id, receipt: None };
        let (order, commit) = consequence(&self.key, &self.order, events, &stamp, &maker.policy)?;
        self.order = order;
        self.commit = Some(match self.commit.take() {
            None => commit,
            Some(before) => joined(before, commit),
        });
        Ok(())
    }

    /// The channel has carried the refund out.
    fn paid(&mut self, case_id: CaseId, at: Moment) -> Result<()> {
        let case = self.order.case(case_id).context("the case is there")?;
        let refund_no = case.refunds.first().context("a refund was ordered")?.refund_no.clone();
        let (channel_no, arrived_in) = (format!("5030{}", self.n), "零钱".to_owned());
        let news = RefundNews::Succeeded { channel_no, at, arrived_in };
        let act = Act::RecordRefund { refund_no, news };
        self.goes_on(Command::Case { case_id, act }, &Actor::System, at)?;
        // Its effects have been and gone.
        if let Some(commit) = &mut self.commit {
            commit.effects.clear();
        }
        Ok(())
    }

    fn told(self) -> Result<Commit> {
        self.commit.context("nothing happened")
    }

    /// A UUID of version 7, as the desk draws them: by the moment, and otherwise its own.
    fn command_id(&self, at: Moment) -> CommandId {
        let ms = u128::from(at.ms().unsigned_abs()) << 80;
        let own = u128::from(self.n) << 8 | u128::from(self.order.version & 0xff);
        CommandId::new(Uuid::from_u128(ms | 0x7 << 76 | 0b10 << 62 | own & 0x3fff_ffff_ffff_ffff))
    }
}

fn joined(before: Commit, after: Commit) -> Commit {
    let mut cases = before.cases;
    cases.retain(|row| !after.cases.iter().any(|newer| newer.case_id == row.case_id));
    cases.extend(after.cases);
    Commit {
        records: [before.records, after.records].concat(),
        effects: [before.effects, after.effects].concat(),
        order: after.order.or(before.order),
        guards: [before.guards, after.guards].concat(),
        cases,
        ..before
    }
}
