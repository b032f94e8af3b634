//! One step of a story: what happens next, drawn from the seed and what is.

use crate::{
    chance::Chance,
    mirror::Violation,
    people::{filing, wish},
    sky::Kind,
    town::{facts, retold},
    wire::at_bank,
    words::in_words,
    world::{Task, World},
};
use domain::{
    actor::Actor,
    command::Command,
    facts::{Account, Channel},
    id::{CaseId, CommandId, KeyId},
    moment::Span,
    record::Receipt,
};
use engine::{
    desk::Envelope,
    ports::Clock as _,
    rows::{EffectFilter, EffectState, LIMIT_MAX, StreamKey},
};
use std::sync::Arc;

/// What a step may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Move {
    Command,
    Burst,
    Pump,
    Timers,
    Notices,
    Order,
    Retell,
    Follow,
    Again,
    Revive,
    Settings,
    Kill,
}

const MOVES: [(Move, u32); 12] = [
    (Move::Command, 34),
    (Move::Burst, 16),
    (Move::Pump, 18),
    (Move::Timers, 8),
    (Move::Notices, 8),
    (Move::Order, 5),
    (Move::Retell, 2),
    (Move::Follow, 3),
    (Move::Again, 4),
    (Move::Revive, 1),
    (Move::Settings, 1),
    (Move::Kill, 1),
];
/// Orders of one run: few, so that each has a long life.
const ORDERS_MAX: u64 = 40;

impl World {
    /// Plays one step.
    ///
    /// # Errors
    /// The [`Violation`] that it showed.
    pub async fn play(&mut self, step: u64) -> Result<(), Violation> {
        let mut chance = Chance::of(self.plan.seed, "step", step);
        self.ground.sky.begin(step);
        self.let_time_pass(&mut chance);
        let next =
            if self.orders == 0 { Move::Order } else { chance.weighed(&MOVES, Move::Command) };
        let tasks = match next {
            Move::Command => self.command(&mut chance).into_iter().collect(),
            Move::Burst => self.burst(&mut chance),
            Move::Pump => vec![(chance.index(2), pump(&mut chance))],
            Move::Timers => vec![(chance.index(2), Task::Timers(16))],
            Move::Notices => self.notices(&mut chance, 4),
            Move::Order => self.order(&mut chance).into_iter().collect(),
            Move::Retell => self.retell(&mut chance).into_iter().collect(),
            Move::Follow => vec![(chance.index(2), Task::Follow)],
            Move::Again => self.again(&mut chance).into_iter().collect(),
            Move::Revive => return self.revive(),
            Move::Settings => return self.change_settings(&mut chance),
            Move::Kill => {
                self.kill(&mut chance);
                Vec::new()
            }
        };
        self.have_done(tasks).await
    }

    fn let_time_pass(&mut self, chance: &mut Chance) {
        let mut ms = chance.between(20, 20_000);
        if self.ground.sky.strikes(Kind::ClockForward) {
            let hours = chance.weighed(&[(1, 4), (13, 3), (60, 2), (190, 1)], 1);
            ms = ms.saturating_add(chance.between(60_000, 3_600_000 * hours));
        }
        self.pass(Span::from_ms(ms));
        if self.ground.sky.strikes(Kind::ClockApart) {
            let apart = chance.between(-2_000, 2_000);
            if let Some(process) = self.processes.get(chance.index(2)) {
                process.clock.set_apart(apart);
            }
        }
    }

    fn envelope(
        &self,
        chance: &mut Chance,
        key: StreamKey,
        by: Actor,
        command: Command,
    ) -> Envelope {
        let command_id = CommandId::new(chance.uuid(self.now().ms()));
        let receipt = (!chance.one_in(3)).then(|| Receipt {
            key: format!("{:032x}", chance.draw()),
            request: format!("{:032x}", chance.draw()),
        });
        let version = self.mirror.order(&key).map(|order| order.version);
        let expected = match chance.below(8) {
            0..=2 => version,
            3 => version.map(|version| version.saturating_sub(1)),
            _ => None,
        };
        let expected = expected.filter(|_| matches!(command, Command::Case { .. }));
        Envelope { key, command, command_id, by, receipt, expected, settles: None }
    }

    fn given(&self, nth: usize, envelope: Envelope) -> (usize, Task) {
        self.ground.sky.tell(|| format!("process {nth}: {}", in_words(&envelope)));
        (nth, Task::Command(Box::new(envelope)))
    }

    /// Somebody wants something: a new case, or something about one.
    fn command(&self, chance: &mut Chance) -> Option<(usize, Task)> {
        let keys: Vec<&StreamKey> = self.mirror.streams.keys().collect();
        let key = (*chance.pick(&keys)?).clone();
        let order = self.mirror.order(&key)?;
        let facts = order.facts.as_ref()?;
        let open: Vec<_> = order.cases.iter().filter(|case| case.is_open()).collect();
        let (by, command) = if open.is_empty() || chance.one_in(9) {
            let by = Actor::Buyer(facts.buyer_id.clone());
            (by, Command::Open(Box::new(filing(chance, facts)?)))
        } else {
            let among = if chance.one_in(15) { order.cases.iter().collect() } else { open };
            let case = *chance.pick(&among)?;
            let (by, act) = wish(chance, case, facts)?;
            (by, Command::Case { case_id: case.case_id, act })
        };
        let envelope = self.envelope(chance, key, by, command);
        Some(self.given(chance.index(2), envelope))
    }

    /// Much at once: several people on the same order, the pump, timers and notices beside them.
    fn burst(&mut self, chance: &mut Chance) -> Vec<(usize, Task)> {
        let mut tasks = Vec::new();
        for _ in 0..chance.between(2, 4) {
            tasks.extend(self.command(chance));
        }
        if chance.one_in(2) {
            // The same at the same time, in the other process: twice, or as somebody else.
            let twin = tasks.first().and_then(|(nth, task)| {
                let Task::Command(envelope) = task else { return None };
                let mut twin = (**envelope).clone();
                twin.command_id = CommandId::new(chance.uuid(self.now().ms()));
                if chance.one_in(2) {
                    twin.receipt = None;
                }
                Some((1_usize.saturating_sub(*nth), twin))
            });
            if let Some((nth, twin)) = twin {
                let given = self.given(nth, twin);
                tasks.push(given);
            }
        }
        if chance.one_in(2) {
            tasks.push((0, pump(chance)));
            tasks.push((1, pump(chance)));
        }
        if chance.one_in(3) {
            tasks.push((chance.index(2), Task::Timers(8)));
            tasks.push((chance.index(2), Task::Timers(8)));
        }
        if chance.one_in(3) {
            tasks.extend(self.notices(chance, 2));
        }
        tasks
    }

    /// Notices that are due, each posted to one of the processes.
    pub(crate) fn notices(&mut self, chance: &mut Chance, most: usize) -> Vec<(usize, Task)> {
        let now = self.now();
        let mut tasks = Vec::new();
        for _ in 0..most {
            let Some(due) = at_bank(&self.ground.bank).next_notice(now) else { break };
            self.ground.sky.tell(|| format!("notice of {}", due.0.refund_no));
            let command_id = CommandId::new(chance.uuid(now.ms()));
            tasks.push((chance.index(2), Task::Notice(Box::new(due), command_id)));
        }
        tasks
    }

    /// A buyer orders and pays; the shop tells of it.
    fn order(&mut self, chance: &mut Chance) -> Option<(usize, Task)> {
        if self.orders >= ORDERS_MAX {
            return self.command(chance);
        }
        let shop_id = chance.pick(&self.stalls)?.shop_id.clone();
        let facts = facts(chance, self.orders, self.now())?;
        self.orders += 1;
        for tender in &facts.tenders {
            if tender.channel == Channel::WechatPay && tender.account != Account::ThirdParty {
                let (id, order) = (tender.transaction_id.as_str(), facts.order_id.as_str());
                let mut bank = at_bank(&self.ground.bank);
                bank.pay(id, order, tender.amount.minor(), tender.paid_at);
            }
        }
        let key = StreamKey { shop_id, order_id: facts.order_id.clone() };
        let by = Actor::Key(KeyId::parse("key-1").ok()?);
        let command = Command::RecordOrder(Box::new(facts));
        let envelope = self.envelope(chance, key, by, command);
        Some(self.given(chance.index(2), envelope))
    }

    fn retell(&self, chance: &mut Chance) -> Option<(usize, Task)> {
        let keys: Vec<&StreamKey> = self.mirror.streams.keys().collect();
        let key = (*chance.pick(&keys)?).clone();
        let facts = self.mirror.order(&key)?.facts.as_ref()?;
        let command = Command::RecordOrder(Box::new(retold(facts, self.now())));
        let by = Actor::Key(KeyId::parse("key-1").ok()?);
        let envelope = self.envelope(chance, key, by, command);
        Some(self.given(chance.index(2), envelope))
    }

    /// A request that was answered is put again, under its key: the same, or another under it.
    fn again(&mut self, chance: &mut Chance) -> Option<(usize, Task)> {
        let nth = chance.index(self.asked.len());
        let mut envelope = self.asked.get(nth)?.0.clone();
        let receipt = envelope.receipt.as_mut()?;
        self.tally.repeated += 1;
        if chance.one_in(4) {
            receipt.request = format!("{:032x}", chance.draw());
        }
        envelope.command_id = CommandId::new(chance.uuid(self.now().ms()));
        Some(self.given(chance.index(2), envelope))
    }

    /// Somebody looks at the outbox and has buried effects tried again.
    pub(crate) fn revive(&mut self) -> Result<(), Violation> {
        let now = self.now();
        for stall in &self.stalls {
            let filter = EffectFilter {
                shop_id: stall.shop_id.clone(),
                state: Some(EffectState::Buried),
                after: None,
                limit: LIMIT_MAX,
            };
            let store = self.ground.home.store();
            crate::home::now(async move {
                for row in store.effects(&filter).await?.rows {
                    store.revive_effect(&row.key.shop_id, &row.effect_id, now).await?;
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    /// The account of a shop is verified, or not any more.
    fn change_settings(&mut self, chance: &mut Chance) -> Result<(), Violation> {
        self.settings += 1;
        let verified = self.settings.is_multiple_of(2) && !chance.one_in(2);
        self.set_verified(verified)
    }

    pub(crate) fn set_verified(&mut self, verified: bool) -> Result<(), Violation> {
        let now = self.now();
        let Some(stall) = self.stalls.first() else { return Ok(()) };
        let (store, shop_id) = (self.ground.home.store(), stall.shop_id.clone());
        let kept = Arc::clone(&store);
        let (kind, id) = engine::rulebook::SHOP;
        let found = crate::home::now(async move { store.document(&shop_id, kind, id).await })?;
        let version = found.map_or(1, |document| document.version.saturating_add(1));
        let document = stall.settings(verified, (version, now));
        crate::home::now(async move { kept.put_documents(&[document]).await })?;
        Ok(())
    }

    fn kill(&self, chance: &mut Chance) {
        if let Some(process) = self.processes.get(chance.index(2)) {
            process.life.end();
        }
    }

    /// The clocks of all processes are set right.
    pub(crate) fn set_clocks(&self) {
        for process in &self.processes {
            process.clock.set_apart(0);
            debug_assert_eq!(process.clock.now(), self.now(), "a clock that is right");
        }
    }

    /// The case, where it stands now.
    #[must_use]
    pub fn case(&self, key: &StreamKey, case_id: CaseId) -> Option<&domain::case::Case> {
        self.mirror.order(key).and_then(|order| order.case(case_id))
    }
}

fn pump(chance: &mut Chance) -> Task {
    Task::Pump(u32::try_from(chance.between(1, 12)).unwrap_or(1))
}
