//! What goes into the store and comes out of it: plain rows, no rules.

use crate::listing::Place;
use domain::{
    actor::Side,
    application::CaseType,
    id::{BuyerId, CaseId, EffectId, OrderId, ReasonCode, ShopId},
    moment::Moment,
    money::Money,
};
use serde::{Deserialize, Serialize};

/// The most rows any list returns at once.
pub const LIMIT_MAX: u32 = 200;

/// The name of a stream: one order of one shop.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamKey {
    /// The shop.
    pub shop_id: ShopId,
    /// Its order.
    pub order_id: OrderId,
}

/// A record as kept: its body is the canonical JSON of a `domain::record::Record`, stored once
/// and never re-encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRecord {
    /// 1 for the first of a stream, then without gaps.
    pub version: u64,
    /// The kind of event, for reading by eye.
    pub kind: String,
    /// When it happened.
    pub at: Moment,
    /// The bytes.
    pub body: String,
}

/// One command's whole consequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// The stream.
    pub key: StreamKey,
    /// The version the decision was made on; 0 for a new stream.
    pub expected_version: u64,
    /// What happened, versions `expected_version + 1 ..`. Never empty, except in a rebuild.
    pub records: Vec<StoredRecord>,
    /// What the world must be asked.
    pub effects: Vec<NewEffect>,
    /// The effect whose outcome this is; it leaves the outbox with this commit.
    pub settles: Option<EffectId>,
    /// The order as people list it.
    pub order: Option<OrderRow>,
    /// The cases that changed, as people list them.
    pub cases: Vec<CaseRow>,
    /// What must still hold at the moment of writing.
    pub guards: Vec<Guard>,
}

/// What the store made of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommitVerdict {
    /// Written, durably.
    Committed,
    /// Another command came first; load again.
    Conflict,
    /// A guard no longer holds; ask the facts again.
    GuardFailed,
}

/// A condition on rows shared between orders, checked and applied in the same transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Guard {
    /// Adds to a buyer's yearly total, which may not pass the cap (F2). A negative amount gives
    /// back and always holds.
    YearlyTotal {
        /// Whose.
        buyer_id: BuyerId,
        /// Which calendar year in China.
        year: i16,
        /// Minor units to add.
        add_minor: i64,
        /// The most the total may be afterwards.
        cap_minor: i64,
    },
}

/// A message to the outside world, due from a moment on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEffect {
    /// Derived from the event.
    pub effect_id: EffectId,
    /// The case it belongs to.
    pub case_id: CaseId,
    /// The kind, for reading by eye.
    pub kind: String,
    /// Not before.
    pub due_at: Moment,
    /// The JSON of a `domain::effect::Effect`.
    pub body: String,
}

/// A claimed effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueEffect {
    /// Its stream.
    pub key: StreamKey,
    /// Its id.
    pub effect_id: EffectId,
    /// The case it belongs to.
    pub case_id: CaseId,
    /// The kind.
    pub kind: String,
    /// The JSON of a `domain::effect::Effect`.
    pub body: String,
    /// How often it was claimed, this time included.
    pub attempts: u32,
    /// What the last attempt left: why it is tried again.
    pub note: String,
}

/// Where an effect stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EffectState {
    /// Waits for its moment or its turn.
    Waiting,
    /// Claimed; somebody is at it.
    Leased,
    /// Given up; people must look.
    Buried,
}

/// An effect as people list it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectRow {
    /// Its stream.
    pub key: StreamKey,
    /// Its id.
    pub effect_id: EffectId,
    /// The case it belongs to.
    pub case_id: CaseId,
    /// The kind.
    pub kind: String,
    /// Where it stands.
    pub state: EffectState,
    /// When it is due.
    pub due_at: Moment,
    /// How often it was tried.
    pub attempts: u32,
    /// Why it waits or was buried.
    pub note: String,
}

/// A claimed timer: a case whose deadline has passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueTimer {
    /// The stream.
    pub key: StreamKey,
    /// The case.
    pub case_id: CaseId,
    /// When it fell due.
    pub due_at: Moment,
}

/// A case as people list it. Its `due_at` is also its timer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseRow {
    /// Its stream.
    pub key: StreamKey,
    /// Its id; ids are in order of opening.
    pub case_id: CaseId,
    /// Who asks.
    pub buyer_id: BuyerId,
    /// What kind.
    pub case_type: CaseType,
    /// The stage, as `domain::case::Stage` writes it.
    pub stage: String,
    /// Who must act next; absent when closed.
    pub waits_for: Option<Side>,
    /// By when; absent where nothing is due.
    pub due_at: Option<Moment>,
    /// Why.
    pub reason: ReasonCode,
    /// What it is about in money.
    pub amount: Money,
    /// When it was opened.
    pub opened_at: Moment,
    /// When it last changed.
    pub updated_at: Moment,
    /// The version of the stream at that change.
    pub version: u64,
    /// What else lists show: JSON, not searched by.
    pub summary: String,
}

/// An order as people list it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderRow {
    /// Its stream.
    pub key: StreamKey,
    /// Who bought.
    pub buyer_id: BuyerId,
    /// When.
    pub placed_at: Moment,
    /// The version of the stream at its last change of facts.
    pub version: u64,
    /// What lists show: JSON, not searched by.
    pub summary: String,
}

/// How a buyer stands.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub struct StandingRow {
    /// Minor units of refunds ordered in the year.
    pub refunded_minor: i64,
    /// Cases opened since the moment asked for; counted up to 1,000.
    pub cases: u32,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows, at most the limit.
    pub rows: Vec<T>,
    /// Whether there are more, or may be.
    pub more: bool,
    /// Where a narrowed list of cases stopped looking before its page was full.
    pub reached: Option<Place>,
}

/// In what order cases are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseOrder {
    /// Last opened first.
    Newest,
    /// Nearest deadline first; only cases that have one.
    Deadline,
    /// Much money and little time first, as [`crate::listing::urgent_at`] weighs them; only cases
    /// that have a deadline.
    Risk,
}

impl CaseFilter {
    /// Every case, newest first; what a list narrows.
    #[must_use]
    pub const fn all(shop_id: Option<ShopId>, limit: u32) -> Self {
        Self {
            shop_id,
            buyer_id: None,
            order_id: None,
            waits_for: None,
            stage: None,
            case_type: None,
            reason: None,
            open_only: false,
            opened_since: None,
            opened_until: None,
            amount_min: None,
            amount_max: None,
            assignee: None,
            tag: None,
            tier: None,
            among: None,
            order: CaseOrder::Newest,
            after: None,
            limit,
        }
    }
}

/// Which cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseFilter {
    /// Of one shop; absent only for the platform, which sees disputed cases of all shops.
    pub shop_id: Option<ShopId>,
    /// Of one buyer.
    pub buyer_id: Option<BuyerId>,
    /// Of one order: tested on what the rest of the filter finds. Whoever knows the order names its
    /// cases in `among`.
    pub order_id: Option<OrderId>,
    /// Waiting for one side.
    pub waits_for: Option<Side>,
    /// In one stage.
    pub stage: Option<String>,
    /// Of one type.
    pub case_type: Option<CaseType>,
    /// With one reason.
    pub reason: Option<ReasonCode>,
    /// Not yet ended.
    pub open_only: bool,
    /// Opened then or later.
    pub opened_since: Option<Moment>,
    /// Opened before.
    pub opened_until: Option<Moment>,
    /// About so much money or more, in minor units.
    pub amount_min: Option<i64>,
    /// About so much money or less, in minor units.
    pub amount_max: Option<i64>,
    /// Handled by one person; empty for those that nobody handles.
    pub assignee: Option<String>,
    /// Under one tag.
    pub tag: Option<String>,
    /// On one tier, as `domain::case::Tier` writes it.
    pub tier: Option<String>,
    /// One of these alone, at most [`LIMIT_MAX`].
    pub among: Option<Vec<CaseId>>,
    /// In which order.
    pub order: CaseOrder,
    /// Continue after the case in this place of the order.
    pub after: Option<Place>,
    /// How many, 1 to [`LIMIT_MAX`].
    pub limit: u32,
}

/// Which orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderFilter {
    /// Of one shop.
    pub shop_id: ShopId,
    /// Of one buyer.
    pub buyer_id: Option<BuyerId>,
    /// Continue after this row (last placed first): when it was placed, and its id.
    pub after: Option<(Moment, OrderId)>,
    /// How many, 1 to [`LIMIT_MAX`].
    pub limit: u32,
}

/// Which effects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectFilter {
    /// Of one shop.
    pub shop_id: ShopId,
    /// In one state.
    pub state: Option<EffectState>,
    /// Continue after this id.
    pub after: Option<EffectId>,
    /// How many, 1 to [`LIMIT_MAX`].
    pub limit: u32,
}

/// The outbox in numbers, over all shops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutboxCounts {
    /// Due now.
    pub due: u64,
    /// Due later or leased.
    pub waiting: u64,
    /// Buried.
    pub buried: u64,
    /// Since when the oldest due effect is due.
    pub oldest_due_at: Option<Moment>,
}

/// One document of the registry: a shop, a person, a key, a version of a policy, a file, …
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Whose.
    pub shop_id: ShopId,
    /// The kind, such as `person`.
    pub kind: String,
    /// Unique within shop and kind.
    pub id: String,
    /// 1 when created, one more at each change.
    pub version: u64,
    /// When it last changed.
    pub updated_at: Moment,
    /// JSON.
    pub body: String,
}

/// One record of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportedRecord {
    /// Ascending within the store; gaps are possible.
    pub sequence: i64,
    /// The stream.
    pub key: StreamKey,
    /// The record.
    pub record: StoredRecord,
}
