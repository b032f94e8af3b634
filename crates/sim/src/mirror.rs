//! The log, followed record by record from outside, and what must be true of every record the
//! moment it is there. Everything else is held against this.

mod laws;

use crate::{home, town::Stall};
use domain::{
    effect::Effect,
    evolve::evolve,
    id::{BuyerId, CaseId, CommandId, EffectId, ShopId},
    moment::Moment,
    order::Order,
    react::{Called, react},
    record::Record,
};
use engine::{
    consequence::read,
    ports::{Store, StoreFault},
    rows::{LIMIT_MAX, StoredRecord, StreamKey},
};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::Arc,
};

/// A law that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which law, in a few words.
    pub law: &'static str,
    /// What was seen.
    pub what: String,
}

impl Violation {
    /// A law that does not hold, and what was seen.
    #[must_use]
    pub fn of(law: &'static str, what: impl Into<String>) -> Self {
        Self { law, what: what.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.law, self.what)
    }
}

impl From<StoreFault> for Violation {
    fn from(fault: StoreFault) -> Self {
        Self::of("the simulation itself works", fault.to_string())
    }
}

/// One order as the log tells it.
#[derive(Debug, Default)]
pub struct Stream {
    /// The order.
    pub order: Order,
    /// Its records.
    pub records: Vec<StoredRecord>,
    /// The command of the last one.
    last: Option<CommandId>,
}

/// The log, followed.
#[derive(Debug, Default)]
pub struct Mirror {
    /// Every order.
    pub streams: BTreeMap<StreamKey, Stream>,
    /// Every effect that an event called for.
    pub called: BTreeMap<(ShopId, EffectId), Called>,
    /// Every command that left events: where, and how many.
    pub commands: BTreeMap<CommandId, (StreamKey, usize)>,
    /// What each buyer was given by each shop in each year, in fen.
    pub years: BTreeMap<(ShopId, BuyerId, i16), i64>,
    receipts: BTreeMap<(StreamKey, String), CommandId>,
    refund_nos: BTreeSet<String>,
    after: BTreeMap<ShopId, i64>,
    records: u64,
}

impl Mirror {
    /// Follows what is new in every shop.
    ///
    /// # Errors
    /// The first [`Violation`] that a new record shows.
    pub fn follow(
        &mut self,
        store: &Arc<dyn Store>,
        stalls: &[Stall],
        now: Moment,
    ) -> Result<(), Violation> {
        for stall in stalls {
            loop {
                let after = self.after.get(&stall.shop_id).copied().unwrap_or(0);
                let (store, shop_id) = (Arc::clone(store), stall.shop_id.clone());
                let page =
                    home::now(async move { store.export(&shop_id, after, LIMIT_MAX).await })?;
                let Some(last) = page.last().map(|row| row.sequence) else { break };
                let whole = page.len() < usize::try_from(LIMIT_MAX).unwrap_or(usize::MAX);
                for row in page {
                    self.take(stall, row.key, row.record, now)?;
                }
                self.after.insert(stall.shop_id.clone(), last);
                if whole {
                    break;
                }
            }
        }
        Ok(())
    }

    fn take(
        &mut self,
        stall: &Stall,
        key: StreamKey,
        stored: StoredRecord,
        now: Moment,
    ) -> Result<(), Violation> {
        let unreadable = |fault| Violation::of("every record can be read", format!("{fault}"));
        let record = read(&stored).map_err(unreadable)?;
        let stream = self.streams.entry(key.clone()).or_default();
        laws::before(&key, (&stream.order, stream.last), &record, now)?;
        evolve(&mut stream.order, &record);
        let called = react(&stream.order, &record);
        laws::after(&key, &stream.order, &record, stall)?;
        stream.records.push(stored);
        stream.last = Some(record.command);
        self.remember(stall, key, &record, called)?;
        self.records = self.records.saturating_add(1);
        Ok(())
    }

    /// What can be held only against all other records.
    fn remember(
        &mut self,
        stall: &Stall,
        key: StreamKey,
        record: &Record,
        called: Vec<Called>,
    ) -> Result<(), Violation> {
        for one in called {
            if let Effect::Refund(order) = &one.effect
                && !self.refund_nos.insert(order.refund_no.to_string())
            {
                let what = format!("{key:?}: {}", order.refund_no);
                return Err(Violation::of("a refund number is used once, for ever", what));
            }
            self.called.insert((key.shop_id.clone(), one.effect_id.clone()), one);
        }
        if let Some(receipt) = &record.receipt {
            let first = self.receipts.entry((key.clone(), receipt.key.clone()));
            if *first.or_insert(record.command) != record.command {
                let what = format!("{key:?}: key {}", receipt.key);
                return Err(Violation::of("an idempotency key is answered once", what));
            }
        }
        if let Some(given) = laws::given(record) {
            let order = self.streams.get(&key).map(|stream| &stream.order);
            let facts = order.and_then(|order| order.facts.as_ref());
            let buyer_id = facts.map(|facts| facts.buyer_id.clone());
            if let Some(buyer_id) = buyer_id {
                let year = record.at.year_in_china();
                let sum = self.years.entry((key.shop_id.clone(), buyer_id, year)).or_default();
                *sum = sum.saturating_add(given);
                if *sum > stall.yearly_fen {
                    let what = format!("{key:?}: {sum} of {} fen", stall.yearly_fen);
                    return Err(Violation::of("a buyer's year has a cap", what));
                }
            }
        }
        let known = self.commands.entry(record.command).or_insert_with(|| (key, 0));
        known.1 = known.1.saturating_add(1);
        Ok(())
    }

    /// The order as it is now.
    #[must_use]
    pub fn order(&self, key: &StreamKey) -> Option<&Order> {
        self.streams.get(key).map(|stream| &stream.order)
    }

    /// Every case that has not ended.
    #[must_use]
    pub fn open_cases(&self) -> Vec<(StreamKey, CaseId)> {
        let all = self.streams.iter().flat_map(|(key, stream)| {
            let open = stream.order.cases.iter().filter(|case| case.is_open());
            open.map(move |case| (key.clone(), case.case_id))
        });
        all.collect()
    }

    /// Reads the whole log again: what was once there is there for ever, byte for byte.
    ///
    /// # Errors
    /// A [`Violation`] if a record is missing or another.
    pub fn read_again(&self, store: &Arc<dyn Store>) -> Result<(), Violation> {
        for (key, stream) in &self.streams {
            let (store, wanted) = (Arc::clone(store), key.clone());
            let stored = home::now(async move { store.load(&wanted, 0).await })?;
            if !stored.starts_with(&stream.records) {
                let what = format!(
                    "{key:?} has {} records and had {}",
                    stored.len(),
                    stream.records.len()
                );
                return Err(Violation::of("what was once written stays", what));
            }
        }
        Ok(())
    }

    /// How many records there are.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.records
    }

    /// A digest of everything that happened.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for (key, stream) in &self.streams {
            hash.update(key.shop_id.as_str());
            hash.update(key.order_id.as_str());
            for record in &stream.records {
                hash.update(&record.body);
            }
        }
        hash.finalize().iter().take(12).map(|byte| format!("{byte:02x}")).collect()
    }
}
