//! What the engine needs of the world: a store that remembers, a provider that is asked, a clock.
//! Narrow and high-level, so that each backend can be written natively.

use crate::{
    figures::{Figures, Search},
    rows::{
        CaseFilter, CaseRow, Commit, CommitVerdict, Document, DueEffect, DueTimer, EffectFilter,
        EffectRow, ExportedRecord, OrderFilter, OrderRow, OutboxCounts, Page, StandingRow,
        StoredRecord, StreamKey,
    },
};
use async_trait::async_trait;
use domain::{
    command::RefundNews,
    effect::Effect,
    id::{BuyerId, CaseId, EffectId, OrderId, ShopId},
    moment::{Moment, Span},
};

/// The database failed; nothing of the failed call happened unless it says so.
#[derive(Debug, thiserror::Error)]
pub enum StoreFault {
    /// Busy, deadlocked, connection lost before the transaction began: ask again.
    #[error("the database could not do it now: {0}")]
    Busy(String),
    /// The answer to a commit was lost: it may or may not have happened. Load again and look.
    #[error("the database did not say whether it committed: {0}")]
    Unknown(String),
    /// Disk full, a bug, a schema that does not fit: asking again will not help.
    #[error("the database refused: {0}")]
    Broken(String),
}

/// The store. Every method reads or writes one transaction; every list has a limit.
#[async_trait]
pub trait Store: Figures + Search + Send + Sync {
    /// The records of a stream with a version above `after`, oldest first.
    async fn load(&self, key: &StreamKey, after: u64) -> Result<Vec<StoredRecord>, StoreFault>;

    /// The version of a stream; 0 if there is none.
    async fn version(&self, key: &StreamKey) -> Result<u64, StoreFault>;

    /// The only writer: judges and writes a batch in one transaction. Commits are judged in the
    /// order given, each against what the ones before it left: version first, then its guards.
    /// A commit that is not accepted writes nothing; the others stand. Verdicts in the same order.
    async fn commit(&self, batch: &[Commit]) -> Result<Vec<CommitVerdict>, StoreFault>;

    /// Which order a case belongs to, within one shop.
    async fn order_of_case(
        &self,
        shop_id: &ShopId,
        case_id: CaseId,
    ) -> Result<Option<OrderId>, StoreFault>;

    /// How a buyer stands with a shop in a calendar year, and how many cases the buyer opened
    /// since a moment.
    async fn standing(
        &self,
        shop_id: &ShopId,
        buyer_id: &BuyerId,
        year: i16,
        cases_since: Moment,
    ) -> Result<StandingRow, StoreFault>;

    /// Cases as people list them.
    async fn cases(&self, filter: &CaseFilter) -> Result<Page<CaseRow>, StoreFault>;

    /// Orders as people list them.
    async fn orders(&self, filter: &OrderFilter) -> Result<Page<OrderRow>, StoreFault>;

    /// Takes due effects, oldest first, and leases them until `lease_until`; an effect whose lease
    /// has run out is due again. Each claim counts as one attempt.
    async fn claim_effects(
        &self,
        now: Moment,
        lease_until: Moment,
        limit: u32,
    ) -> Result<Vec<DueEffect>, StoreFault>;

    /// Puts a claimed effect back, due later, with a note why.
    async fn defer_effect(
        &self,
        shop_id: &ShopId,
        effect_id: &EffectId,
        due_at: Moment,
        note: &str,
    ) -> Result<(), StoreFault>;

    /// Buries an effect that people must look at.
    async fn bury_effect(
        &self,
        shop_id: &ShopId,
        effect_id: &EffectId,
        note: &str,
    ) -> Result<(), StoreFault>;

    /// Makes a waiting or buried effect due now, with its attempts forgotten. False if there is
    /// none.
    async fn revive_effect(
        &self,
        shop_id: &ShopId,
        effect_id: &EffectId,
        now: Moment,
    ) -> Result<bool, StoreFault>;

    /// Takes an effect off the outbox without an event (it needs none, or its event stands).
    async fn settle_effect(&self, shop_id: &ShopId, effect_id: &EffectId)
    -> Result<(), StoreFault>;

    /// Effects as people list them.
    async fn effects(&self, filter: &EffectFilter) -> Result<Page<EffectRow>, StoreFault>;

    /// How many effects are due, waiting and buried, and since when the oldest is due.
    async fn outbox_counts(&self, now: Moment) -> Result<OutboxCounts, StoreFault>;

    /// Takes due timers, earliest first, and leases them until `lease_until`.
    async fn claim_timers(
        &self,
        now: Moment,
        lease_until: Moment,
        limit: u32,
    ) -> Result<Vec<DueTimer>, StoreFault>;

    /// The earliest moment at which an effect or a timer falls due.
    async fn next_due(&self) -> Result<Option<Moment>, StoreFault>;

    /// One document of the registry (shops, people, keys, policies, files, …).
    async fn document(
        &self,
        shop_id: &ShopId,
        kind: &str,
        id: &str,
    ) -> Result<Option<Document>, StoreFault>;

    /// Documents of one kind with an id above `after`, by id.
    async fn documents(
        &self,
        shop_id: &ShopId,
        kind: &str,
        after: &str,
        limit: u32,
    ) -> Result<Vec<Document>, StoreFault>;

    /// Documents of one kind with an id below `before`, the highest first.
    async fn documents_before(
        &self,
        shop_id: &ShopId,
        kind: &str,
        before: &str,
        limit: u32,
    ) -> Result<Vec<Document>, StoreFault>;

    /// Writes documents in one transaction, each only if its stored version is one less than the
    /// version given (1 creates). False, and nothing written, if any is not.
    async fn put_documents(&self, documents: &[Document]) -> Result<bool, StoreFault>;

    /// Everything that happened in a shop, in order of writing, with a sequence above `after`.
    async fn export(
        &self,
        shop_id: &ShopId,
        after: i64,
        limit: u32,
    ) -> Result<Vec<ExportedRecord>, StoreFault>;

    /// The streams of a shop with an order id above `after`, by order id.
    async fn streams(
        &self,
        shop_id: &ShopId,
        after: &str,
        limit: u32,
    ) -> Result<Vec<OrderId>, StoreFault>;

    /// Replaces the view rows, timers of one stream by what its events say (rebuild). Rows of
    /// `strays`, cases of which no event says anything, are taken away.
    async fn replace_views(&self, rebuilt: &Commit, strays: &[CaseId]) -> Result<(), StoreFault>;

    /// Whether the database answers and its schema is the one this program knows.
    async fn check(&self) -> Result<(), StoreFault>;
}

/// The clock. In production the machine's; in demo and tests it can be moved.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Moment;
}

/// The outside world, as the pump asks it.
#[async_trait]
pub trait Channel: Send + Sync {
    /// Carries out one effect. Never fails: not knowing is an outcome.
    async fn carry_out(&self, asked: &Asked<'_>) -> Outcome;
}

/// One effect as the channel is asked for it.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Whose.
    pub shop_id: &'a ShopId,
    /// What.
    pub effect: &'a Effect,
    /// How often it was tried, this time included.
    pub attempt: u32,
    /// What the last attempt left with [`Next::Again`].
    pub note: &'a str,
    /// Now.
    pub at: Moment,
}

/// What came of an effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What was learned about the refund.
    pub news: Option<RefundNews>,
    /// What the channel answered to a ticket: the states of transaction and refund.
    pub answer: Option<(String, String)>,
    /// What becomes of the effect.
    pub next: Next,
}

/// What becomes of an effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// It is done, or declined for good.
    Settle,
    /// It is asked again, with the same numbers.
    Again {
        /// After so long.
        after: Span,
        /// Why, without personal data.
        note: String,
    },
    /// People must look.
    Bury {
        /// Why, without personal data.
        note: String,
    },
}
