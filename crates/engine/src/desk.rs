//! The desk: the one corridor behind all doors. A command is loaded for, decided, and committed;
//! on a conflict it is decided again on what is true now.

use crate::{
    committer::Committer,
    consequence::{RecordFault, Stamp, consequence, read},
    ports::{Clock, Store, StoreFault},
    rows::{CommitVerdict, StreamKey},
    rulebook::{Rulebook, RulesFault},
};
use domain::{
    actor::Actor,
    ask::Ask,
    command::{Act, Command, Filing},
    decide::{Assessment, assess, decide},
    event::Event,
    evolve::fold,
    id::{CommandId, EffectId, ShopId},
    moment::{Moment, Span},
    money::{Currency, Money},
    order::Order,
    policy::Policy,
    record::{Receipt, Record},
    refusal::Refusal,
    standing::Standing,
};
use moka::sync::Cache;
use std::sync::Arc;
use tokio::sync::Notify;

/// How often a command is decided anew after others came first.
const TRIES_MAX: u32 = 32;
/// Orders kept in memory.
const HOT_ORDERS_MAX: u64 = 20_000;

/// A command with all that comes with it.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// The order it is about.
    pub key: StreamKey,
    /// What is asked.
    pub command: Command,
    /// Its id.
    pub command_id: CommandId,
    /// Who asks.
    pub by: Actor,
    /// The caller's idempotency key, and what it was used for.
    pub receipt: Option<Receipt>,
    /// The version the caller has seen, if it insists on it (`If-Match`).
    pub expected: Option<u64>,
    /// The effect whose outcome this is.
    pub settles: Option<EffectId>,
}

/// What came of a command.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The order after it.
    pub order: Arc<Order>,
    /// It had been answered before; this is that answer.
    pub repeated: bool,
    /// The events it led to; none if nothing changed or it was repeated.
    pub events: usize,
}

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// A rule says no.
    #[error("refused: {}", .0.code())]
    Refused(Box<Refusal>),
    /// The idempotency key was used for another request.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// There is no such shop.
    #[error("there is no such shop")]
    NoShop,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreFault),
    /// Something stored cannot be read.
    #[error(transparent)]
    Record(#[from] RecordFault),
    /// Something of the rules cannot be read.
    #[error("{0}")]
    Rules(String),
    /// Too many came first.
    #[error("the order is changed by too many at once")]
    Contended,
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<RulesFault> for Trouble {
    fn from(fault: RulesFault) -> Self {
        match fault {
            RulesFault::NoShop(_) => Self::NoShop,
            RulesFault::Store(fault) => Self::Store(fault),
            RulesFault::Unreadable(_) => Self::Rules(fault.to_string()),
        }
    }
}

/// The desk.
pub struct Desk {
    store: Arc<dyn Store>,
    committer: Committer,
    clock: Arc<dyn Clock>,
    rulebook: Rulebook,
    hot: Cache<StreamKey, Arc<Order>>,
    effects_called: Notify,
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
        Self { store, committer, clock, rulebook, hot, effects_called: Notify::new() }
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
        let cached = self.hot.get(key);
        let mut sure = cached.is_none();
        let mut order = match cached {
            Some(order) => order,
            None => self.reload(key).await?,
        };
        for _ in 0..TRIES_MAX {
            match self.attempt(&order, &envelope).await {
                Ok(Tried::Done(answer)) => return Ok(answer),
                Ok(Tried::Again) => {}
                // What is in memory may be older than what another process wrote: a refusal is
                // given only on what is true now.
                Err(Trouble::Refused(_)) if !sure => {}
                Err(Trouble::Store(StoreFault::Unknown(why))) => {
                    return self.look_after_doubt(&envelope, why).await;
                }
                Err(trouble) => return Err(trouble),
            }
            let version = self.store.version(key).await?;
            if version != order.version || !sure {
                order = self.reload(key).await?;
            }
            sure = true;
        }
        Err(Trouble::Contended)
    }

    async fn attempt(&self, order: &Arc<Order>, envelope: &Envelope) -> Result<Tried, Trouble> {
        if let Some(answer) = self.repeated(order, envelope).await? {
            return Ok(Tried::Done(answer));
        }
        if let Some(expected) = envelope.expected
            && expected != order.version
        {
            return Err(Refusal::VersionPassed { now: order.version }.into());
        }
        let (events, policy, at) = self.decide(order, envelope).await?;
        if events.is_empty() {
            if let Some(effect_id) = &envelope.settles {
                self.store.settle_effect(&envelope.key.shop_id, effect_id).await?;
            }
            let order = Arc::clone(order);
            return Ok(Tried::Done(Answer { order, repeated: false, events: 0 }));
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
                self.hot.insert(envelope.key.clone(), Arc::clone(&order));
                if calls {
                    self.effects_called.notify_one();
                }
                Ok(Tried::Done(Answer { order, repeated: false, events: count }))
            }
            CommitVerdict::Conflict | CommitVerdict::GuardFailed => Ok(Tried::Again),
        }
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
        let ask = Ask {
            at,
            by: &envelope.by,
            command: envelope.command_id,
            policy: &policy,
            policy_version,
            calendar: self.rulebook.calendar(),
            shop: &shop.settings,
            standing: &standing,
        };
        let events = decide(order, &envelope.command, &ask)?;
        Ok((events, policy, at))
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
        let order = self.order(key).await?;
        let facts = order.facts.as_ref().ok_or(Refusal::NoSuchOrder)?;
        if let Actor::Buyer(buyer_id) = by
            && *buyer_id != facts.buyer_id
        {
            return Err(Refusal::NoSuchOrder.into());
        }
        let shop = self.rulebook.shop(&key.shop_id).await?;
        let policy = self.rulebook.policy(&key.shop_id, shop.policy_version).await?;
        let at = self.clock.now();
        let standing = self.standing(&key.shop_id, &order, &policy, at).await?;
        let ask = Ask {
            at,
            by,
            command: CommandId::NONE,
            policy: &policy,
            policy_version: shop.policy_version,
            calendar: self.rulebook.calendar(),
            shop: &shop.settings,
            standing: &standing,
        };
        let assessment = assess(&order, facts, filing, None, &ask).map_err(Refusal::from)?;
        Ok((policy, assessment))
    }

    async fn standing(
        &self,
        shop_id: &ShopId,
        order: &Order,
        policy: &Policy,
        at: Moment,
    ) -> Result<Standing, Trouble> {
        let Some(facts) = &order.facts else { return Ok(unknown_standing(order)) };
        let since = at.before(Span::days(policy.limits.risk_days));
        let row = self
            .store
            .standing(shop_id, &facts.buyer_id, at.year_in_china(), since)
            .await?;
        let lifted = crate::restriction::lifted_until(self.store(), shop_id, &facts.buyer_id);
        let total = Money::new(row.refunded_minor, policy.limits.yearly.currency());
        Ok(Standing {
            refunded_this_year: total.map_err(Refusal::from)?,
            cases_in_window: row.cases,
            restriction_lifted_until: lifted.await?,
        })
    }

    /// The database did not say whether it committed: the log knows.
    async fn look_after_doubt(&self, envelope: &Envelope, why: String) -> Result<Answer, Trouble> {
        self.hot.invalidate(&envelope.key);
        let records = self.records(&envelope.key).await?;
        let mine = records.iter().filter(|record| record.command == envelope.command_id);
        match mine.count() {
            0 => Err(StoreFault::Unknown(why).into()),
            events => Ok(Answer { order: Arc::new(fold(&records)), repeated: false, events }),
        }
    }
}

enum Tried {
    Done(Answer),
    Again,
}

/// Only what may open a case or move money needs to know how the buyer stands.
const fn needs_standing(command: &Command) -> bool {
    match command {
        Command::RecordOrder(_) => false,
        Command::Open(_) => true,
        Command::Case { act, .. } => matches!(
            act,
            Act::Amend(_)
                | Act::Approve { .. }
                | Act::Offer { .. }
                | Act::AcceptOffer
                | Act::ConfirmProposal
                | Act::Inspect { .. }
                | Act::Rule { .. }
                | Act::Expire
        ),
    }
}

fn unknown_standing(order: &Order) -> Standing {
    let currency = order.facts.as_ref().map_or(Currency::CNY, |facts| facts.currency);
    Standing {
        refunded_this_year: Money::zero(currency),
        cases_in_window: 0,
        restriction_lifted_until: None,
    }
}
