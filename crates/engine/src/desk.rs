//! The desk: the one corridor behind all doors. A command is loaded for, decided, and committed;
//! on a conflict it is decided again on what is true now.

mod envelope;
mod foresee;
mod insisted;
mod needs;
mod probe;
mod rehearse;
mod watchers;

pub use envelope::{Answer, Envelope, Trouble};
pub use foresee::Foreseen;
pub use probe::Probed;
pub use rehearse::Rehearsed;
pub use watchers::Watchers;

use crate::{
    committer::Committer,
    consequence::{Stamp, consequence, read},
    ports::{Clock, Store, StoreFault},
    rows::{CommitVerdict, StreamKey},
    rulebook::{Rulebook, Shop},
};
use domain::{
    actor::Actor,
    ask::Ask,
    command::{Act, Command, Filing},
    decide::{Assessment, decide},
    event::Event,
    evolve::fold,
    moment::Moment,
    order::Order,
    policy::Policy,
    record::Record,
    refusal::Refusal,
    standing::Standing,
};
use moka::sync::Cache;
use needs::{needs_standing, unknown_standing};
use std::{
    hash::{Hash, Hasher},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::{Mutex, Notify};

/// How often a command is decided anew after others came first.
const TRIES_MAX: u32 = 32;
/// Commands on one order take turns within a process, so that they do not decide in vain; orders
/// share so many turns. Correctness never rests on it: the version check at commit does.
const TURNS: usize = 1_024;
/// Orders kept in memory.
const HOT_ORDERS_MAX: u64 = 20_000;

/// The desk.
pub struct Desk {
    store: Arc<dyn Store>,
    committer: Committer,
    clock: Arc<dyn Clock>,
    rulebook: Rulebook,
    hot: Cache<StreamKey, Arc<Order>>,
    turns: Vec<Mutex<()>>,
    effects_called: Notify,
    watchers: Watchers,
    written: AtomicU64,
}

impl Desk {
    /// A desk over a store.
    #[must_use]
    pub fn new(
        store: Arc<dyn Store>,
        committer: Committer,
        clock: Arc<dyn Clock>,
        rulebook: Rulebook,
    ) -> Self {
        let hot = Cache::new(HOT_ORDERS_MAX);
        let turns = std::iter::repeat_with(Mutex::default).take(TURNS).collect();
        let (effects_called, watchers, written) = Default::default();
        Self { store, committer, clock, rulebook, hot, turns, effects_called, watchers, written }
    }

    /// The store, for those who list.
    #[must_use]
    pub fn store(&self) -> &dyn Store {
        self.store.as_ref()
    }

    /// The rules.
    #[must_use]
    pub const fn rulebook(&self) -> &Rulebook {
        &self.rulebook
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// Resolves when a command has called for effects since the last time.
    pub async fn effects_called(&self) {
        self.effects_called.notified().await;
    }

    /// How many commands were written here since the start.
    #[must_use]
    pub fn written(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }

    /// Those who wait for something to change.
    #[must_use]
    pub const fn watchers(&self) -> &Watchers {
        &self.watchers
    }

    /// The order as it is now, in every process.
    ///
    /// # Errors
    /// [`Trouble`] if it cannot be loaded.
    pub async fn order(&self, key: &StreamKey) -> Result<Arc<Order>, Trouble> {
        let version = self.store.version(key).await?;
        match self.hot.get(key) {
            Some(order) if order.version == version => Ok(order),
            Some(_) | None => self.reload(key).await,
        }
    }

    /// The records of an order, oldest first.
    ///
    /// # Errors
    /// [`Trouble`] if they cannot be loaded.
    pub async fn records(&self, key: &StreamKey) -> Result<Vec<Record>, Trouble> {
        let stored = self.store.load(key, 0).await?;
        Ok(stored.iter().map(read).collect::<Result<Vec<_>, _>>()?)
    }

    async fn reload(&self, key: &StreamKey) -> Result<Arc<Order>, Trouble> {
        let order = Arc::new(fold(&self.records(key).await?));
        self.hot.insert(key.clone(), Arc::clone(&order));
        Ok(order)
    }

    /// Carries out a command.
    ///
    /// # Errors
    /// [`Trouble`] with the reason; then nothing was written, unless the database itself could
    /// not say.
    pub async fn handle(&self, envelope: Envelope) -> Result<Answer, Trouble> {
        let key = &envelope.key;
        let turn = self.turns.get(turn_of(key)).map(Mutex::lock);
        let _turn = futures_util::future::OptionFuture::from(turn).await;
        let order = match self.hot.get(key) {
            Some(order) => order,
            None => self.reload(key).await?,
        };
        let answer = self.carry_out(order, &envelope).await?;
        if answer.events > 0 {
            self.hot.insert(envelope.key.clone(), Arc::clone(&answer.order));
        }
        Ok(answer)
    }

    /// Carries out a command that is most likely the first of its order, as at an import: what is
    /// not there is not looked for, nobody takes turns, and the order is not kept at hand. If the
    /// order is there after all, the commit says so and the command is decided anew.
    ///
    /// # Errors
    /// As for [`Self::handle`].
    pub async fn handle_first(&self, envelope: Envelope) -> Result<Answer, Trouble> {
        self.carry_out(Arc::default(), &envelope).await
    }

    /// Decides on an order as it may be, and again on what is true as often as others come first.
    async fn carry_out(
        &self,
        mut order: Arc<Order>,
        envelope: &Envelope,
    ) -> Result<Answer, Trouble> {
        let key = &envelope.key;
        for _ in 0..TRIES_MAX {
            let said = match self.attempt(&order, envelope).await {
                Ok(Tried::Done(answer)) => return Ok(answer),
                Ok(Tried::Again) => Said::Again,
                Ok(Tried::Nothing) => Said::Nothing,
                Err(Trouble::Refused(refusal)) => Said::Refused(refusal),
                Err(Trouble::Store(StoreFault::Unknown(why))) => {
                    return self.look_after_doubt(envelope, why).await;
                }
                Err(trouble) => return Err(trouble),
            };
            // What is in memory may be older than what another process wrote, and what the buyer
            // stands at may be newer: that nothing changes, like a refusal, is said only of an
            // order that is still the same after everything else was looked at.
            let version = self.store.version(key).await?;
            if version != order.version {
                order = self.reload(key).await?;
                continue;
            }
            match said {
                Said::Again => {}
                Said::Nothing => return self.nothing(order, envelope).await,
                Said::Refused(refusal) => return Err(Trouble::Refused(refusal)),
            }
        }
        Err(Trouble::Contended)
    }

    async fn attempt(&self, order: &Arc<Order>, envelope: &Envelope) -> Result<Tried, Trouble> {
        if let Some(answer) = self.repeated(order, envelope).await? {
            return Ok(Tried::Done(answer));
        }
        self.insisted(order, envelope).await?;
        let (events, policy, at) = self.decide(order, envelope).await?;
        if events.is_empty() {
            return Ok(Tried::Nothing);
        }
        let count = events.len();
        let stamp = Stamp {
            at,
            by: envelope.by.clone(),
            command: envelope.command_id,
            receipt: envelope.receipt.clone(),
        };
        let (after, mut commit) = consequence(&envelope.key, order, events, &stamp, &policy)?;
        commit.settles.clone_from(&envelope.settles);
        let calls = !commit.effects.is_empty();
        match self.committer.commit(commit).await? {
            CommitVerdict::Committed => {
                let order = Arc::new(after);
                if calls {
                    self.effects_called.notify_one();
                }
                self.written.fetch_add(1, Ordering::Relaxed);
                self.watchers.written(&envelope.key, order.version);
                Ok(Tried::Done(Answer { order, repeated: false, events: count }))
            }
            CommitVerdict::Conflict | CommitVerdict::GuardFailed => Ok(Tried::Again),
        }
    }

    /// The command changes nothing; if it is what came of an effect, that effect is done with.
    async fn nothing(&self, order: Arc<Order>, envelope: &Envelope) -> Result<Answer, Trouble> {
        if let Some(effect_id) = &envelope.settles {
            self.store.settle_effect(&envelope.key.shop_id, effect_id).await?;
        }
        Ok(Answer { order, repeated: false, events: 0 })
    }

    /// The same key and the same request get the first answer: the order as it was then.
    async fn repeated(
        &self,
        order: &Arc<Order>,
        envelope: &Envelope,
    ) -> Result<Option<Answer>, Trouble> {
        let Some(receipt) = &envelope.receipt else { return Ok(None) };
        let Some((known, version)) = order.receipt(&receipt.key) else { return Ok(None) };
        if known.request != receipt.request {
            return Err(Trouble::KeyReused);
        }
        let order = if version == order.version {
            Arc::clone(order)
        } else {
            let records = self.records(&envelope.key).await?;
            Arc::new(fold(records.iter().filter(|record| record.version <= version)))
        };
        Ok(Some(Answer { order, repeated: true, events: 0 }))
    }

    async fn decide(
        &self,
        order: &Order,
        envelope: &Envelope,
    ) -> Result<(Vec<Event>, Arc<Policy>, Moment), Trouble> {
        let grounds = self.grounds(order, envelope).await?;
        let ask = self.ask(&grounds, envelope);
        let events = decide(order, &envelope.command, &ask)?;
        Ok((events, Arc::clone(&grounds.policy), grounds.at))
    }

    /// What a command is decided on.
    async fn grounds(&self, order: &Order, envelope: &Envelope) -> Result<Grounds, Trouble> {
        let shop_id = &envelope.key.shop_id;
        let shop = self.rulebook.shop(shop_id).await?;
        let policy_version = match &envelope.command {
            Command::Case { act: Act::Amend(_), .. }
            | Command::RecordOrder(_)
            | Command::Open(_) => shop.policy_version,
            Command::Case { case_id, .. } => {
                order.case(*case_id).map_or(shop.policy_version, |case| case.policy_version)
            }
        };
        let policy = self.rulebook.policy(shop_id, policy_version).await?;
        let at = self.clock.now();
        let standing = if needs_standing(&envelope.command) {
            self.standing(shop_id, order, &policy, at).await?
        } else {
            unknown_standing(order)
        };
        Ok(Grounds { at, shop, policy, policy_version, standing })
    }

    fn ask<'a>(&'a self, grounds: &'a Grounds, envelope: &'a Envelope) -> Ask<'a> {
        Ask {
            at: grounds.at,
            by: &envelope.by,
            command: envelope.command_id,
            policy: &grounds.policy,
            policy_version: grounds.policy_version,
            calendar: self.rulebook.calendar(),
            shop: &grounds.shop.settings,
            standing: &grounds.standing,
        }
    }

    /// What would be possible, and why, before anything is submitted.
    ///
    /// # Errors
    /// [`Trouble`] if there is no such order or it cannot be judged.
    pub async fn check(
        &self,
        key: &StreamKey,
        filing: &Filing,
        by: &Actor,
    ) -> Result<(Arc<Policy>, Assessment), Trouble> {
        let probed = self.probe(key, std::slice::from_ref(filing), None, by).await?;
        let assessment = probed.assessments.into_iter().next().ok_or(Refusal::NoSuchOrder)?;
        Ok((probed.policy, assessment))
    }

    /// The database did not say whether it committed: the log knows.
    async fn look_after_doubt(&self, envelope: &Envelope, why: String) -> Result<Answer, Trouble> {
        self.hot.invalidate(&envelope.key);
        // Where the log cannot be read either, the doubt stays: "busy" would say that nothing of
        // the command happened.
        let records = match self.records(&envelope.key).await {
            Err(Trouble::Store(_)) => return Err(StoreFault::Unknown(why).into()),
            records => records?,
        };
        let is_mine = |record: &Record| record.command == envelope.command_id;
        let Some(last) = records.iter().rposition(is_mine) else {
            return Err(StoreFault::Unknown(why).into());
        };
        // The order as the command left it, whatever others have done since: whoever asks again
        // under the same key is shown the same.
        let until = records.get(..=last).unwrap_or_default();
        let events = until.iter().filter(|record| is_mine(record)).count();
        Ok(Answer { order: Arc::new(fold(until)), repeated: false, events })
    }
}

/// What a decision is made on, as long as it is being made.
struct Grounds {
    at: Moment,
    shop: Arc<Shop>,
    policy: Arc<Policy>,
    policy_version: u32,
    standing: Standing,
}

/// What is said once it is sure that the order is the same.
enum Said {
    Again,
    Nothing,
    Refused(Box<Refusal>),
}

enum Tried {
    Done(Answer),
    Nothing,
    Again,
}

fn turn_of(key: &StreamKey) -> usize {
    let mut hash = std::hash::DefaultHasher::new();
    key.hash(&mut hash);
    usize::try_from(hash.finish()).unwrap_or(0) % TURNS
}
