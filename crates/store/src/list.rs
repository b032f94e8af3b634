//! What filters mean, once for both databases. Each list is driven by one index; what else is
//! asked is tested on the rows that the index gives.

use crate::{decode::limited, name};
use domain::id::CaseId;
use engine::rows::{CaseFilter, CaseOrder, EffectFilter, EffectState, LIMIT_MAX, OrderFilter};
use sqlx::{Database, Encode, QueryBuilder, Type};
use uuid::Uuid;

const CASES: &str = "select shop_id, case_id, order_id, buyer_id, case_type, stage, waits_for, \
    due_at, reason, amount_minor, currency, opened_at, updated_at, version, summary \
    from case_row where ";
const ORDERS: &str =
    "select shop_id, order_id, buyer_id, placed_at, version, summary from order_row where ";
const EFFECTS: &str = "select shop_id, effect_id, order_id, case_id, kind, state, due_at, \
    attempts, note from outbox";

/// How each database is led to the index. PostgreSQL has statistics and finds it. SQLite keeps none
/// of ours: it would take a second equality for a better index, and then sort, and the primary key
/// for as good as a partial index.
#[derive(Clone, Copy)]
pub(crate) struct Hints {
    /// Before a column that must not choose the index.
    residual: &'static str,
    /// After the table where the buried are listed.
    buried: &'static str,
    /// The larger of two numbers.
    larger: &'static str,
    /// Who handles a case, out of its summary; empty if nobody.
    assignee: &'static str,
    /// The tier of a case, out of its summary.
    tier: &'static str,
    /// Whether a case has a tag: before the tag, and after it.
    tag: (&'static str, &'static str),
}

pub(crate) const SQLITE: Hints = Hints {
    residual: "+",
    buried: " indexed by outbox_buried",
    larger: "max",
    assignee: "coalesce(json_extract(summary, '$.assignee'), '') = ",
    tier: "json_extract(summary, '$.tier') = ",
    tag: ("exists (select 1 from json_each(summary, '$.tags') where value = ", ")"),
};
pub(crate) const POSTGRES: Hints = Hints {
    residual: "",
    buried: "",
    larger: "greatest",
    assignee: "coalesce(summary::jsonb ->> 'assignee', '') = ",
    tier: "summary::jsonb ->> 'tier' = ",
    tag: ("summary::jsonb -> 'tags' @> to_jsonb(", "::text)"),
};

/// What an amount is multiplied by before it is divided by the time left, so that small amounts
/// differ; the largest amount times this is still a number of the database.
const RISK_SCALE: i64 = 100_000;
/// So much time is reckoned as left at least, in milliseconds.
const RISK_LEFT_MS_MIN: i64 = 3_600_000;

/// The stage in which most cases are, and which has no index of its own: the last opened of all
/// cases are nearly all closed.
const CLOSED: &str = "closed";

/// The index that drives a list of cases.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Drive {
    /// `case_row_disputed`
    Disputed,
    /// `case_row_by_order`
    Order,
    /// `case_row_by_buyer`
    Buyer,
    /// `case_row_by_deadline`
    Deadline,
    /// `case_row_by_stage`
    Stage,
    /// the primary key
    Key,
}

impl Drive {
    fn of(filter: &CaseFilter) -> Self {
        if filter.shop_id.is_none() {
            Self::Disputed
        } else if filter.among.is_some() {
            Self::Key
        } else if filter.order_id.is_some() {
            Self::Order
        } else if filter.buyer_id.is_some() {
            Self::Buyer
        } else if filter.order != CaseOrder::Newest {
            Self::Deadline
        } else if filter.stage.as_deref().is_some_and(|stage| stage != CLOSED) {
            Self::Stage
        } else {
            Self::Key
        }
    }
}

/// A query that is being put together.
struct Terms<DB: Database> {
    query: QueryBuilder<DB>,
    hints: Hints,
    first: bool,
}

/// One more row than the limit, so that it shows whether there are more.
pub(crate) fn cases<DB>(filter: &CaseFilter, hints: Hints) -> QueryBuilder<DB>
where
    DB: Database,
    String: for<'q> Encode<'q, DB> + Type<DB>,
    i64: for<'q> Encode<'q, DB> + Type<DB>,
    Uuid: for<'q> Encode<'q, DB> + Type<DB>,
{
    let drive = Drive::of(filter);
    let mut terms = Terms::new(CASES, hints);
    match &filter.shop_id {
        Some(shop_id) => terms.by("shop_id = ", shop_id.to_string()),
        None => terms.fixed("stage = 'disputed'"),
    }
    if let Some(order_id) = &filter.order_id {
        terms.driven_by(drive == Drive::Order, "order_id = ", order_id.to_string());
    }
    if let Some(buyer_id) = &filter.buyer_id {
        terms.driven_by(drive == Drive::Buyer, "buyer_id = ", buyer_id.to_string());
    }
    if drive == Drive::Stage {
        // Written out, because a partial index is not found by a parameter.
        terms.fixed("stage <> 'closed'");
    }
    if let Some(stage) = &filter.stage {
        terms.driven_by(drive == Drive::Stage, "stage = ", stage.clone());
    }
    if let Some(side) = filter.waits_for {
        terms.driven_by(false, "waits_for = ", name::side(side).to_owned());
    }
    if let Some(case_type) = filter.case_type {
        terms.driven_by(false, "case_type = ", name::case_type(case_type).to_owned());
    }
    if let Some(reason) = &filter.reason {
        terms.driven_by(false, "reason = ", reason.to_string());
    }
    terms.narrowed(filter);
    terms.case_order(filter);
    terms.limited(filter.limit)
}

/// Orders, last placed first: `order_row_by_buyer` or `order_row_by_placed`.
pub(crate) fn orders<DB>(filter: &OrderFilter, hints: Hints) -> QueryBuilder<DB>
where
    DB: Database,
    String: for<'q> Encode<'q, DB> + Type<DB>,
    i64: for<'q> Encode<'q, DB> + Type<DB>,
{
    let mut terms = Terms::new(ORDERS, hints);
    terms.by("shop_id = ", filter.shop_id.to_string());
    if let Some(buyer_id) = &filter.buyer_id {
        terms.by("buyer_id = ", buyer_id.to_string());
    }
    if let Some((placed_at, order_id)) = &filter.after {
        terms.by("(placed_at, order_id) < (", placed_at.ms());
        terms.query.push(", ").push_bind(order_id.to_string()).push(")");
    }
    terms.query.push(" order by placed_at desc, order_id desc");
    terms.limited(filter.limit)
}

/// Effects by id: the primary key, or `outbox_buried`.
pub(crate) fn effects<DB>(filter: &EffectFilter, hints: Hints) -> QueryBuilder<DB>
where
    DB: Database,
    String: for<'q> Encode<'q, DB> + Type<DB>,
    i64: for<'q> Encode<'q, DB> + Type<DB>,
{
    let mut terms = Terms::new(EFFECTS, hints);
    let buried = filter.state == Some(EffectState::Buried);
    terms.query.push(if buried { hints.buried } else { "" }).push(" where ");
    terms.by("shop_id = ", filter.shop_id.to_string());
    match filter.state {
        // Written out, because a partial index is not found by a parameter.
        Some(EffectState::Buried) => terms.fixed("state = 'buried'"),
        Some(EffectState::Leased) => terms.fixed("state = 'leased'"),
        Some(EffectState::Waiting) => terms.fixed("state = 'waiting'"),
        None => {}
    }
    if let Some(after) = &filter.after {
        terms.by("effect_id > ", after.to_string());
    }
    terms.query.push(" order by effect_id");
    terms.limited(filter.limit)
}

impl<DB: Database> Terms<DB> {
    fn new(select: &str, hints: Hints) -> Self {
        Self { query: QueryBuilder::new(select), hints, first: true }
    }

    fn fixed(&mut self, term: &'static str) {
        self.query.push(if self.first { "" } else { " and " }).push(term);
        self.first = false;
    }

    fn by<T>(&mut self, term: &'static str, value: T)
    where
        T: for<'q> Encode<'q, DB> + Type<DB>,
    {
        self.fixed(term);
        self.query.push_bind(value);
    }

    fn driven_by<T>(&mut self, drives: bool, term: &'static str, value: T)
    where
        T: for<'q> Encode<'q, DB> + Type<DB>,
    {
        let residual = if drives { "" } else { self.hints.residual };
        self.fixed(residual);
        self.query.push(term).push_bind(value);
    }

    /// What is tested on the rows that the index gives.
    fn narrowed(&mut self, filter: &CaseFilter)
    where
        String: for<'q> Encode<'q, DB> + Type<DB>,
        i64: for<'q> Encode<'q, DB> + Type<DB>,
        Uuid: for<'q> Encode<'q, DB> + Type<DB>,
    {
        if filter.open_only {
            self.fixed(self.hints.residual);
            self.query.push("stage <> 'closed'");
        }
        if let Some(since) = filter.opened_since {
            self.by("opened_at >= ", since.ms());
        }
        if let Some(until) = filter.opened_until {
            self.by("opened_at < ", until.ms());
        }
        if let Some(minor) = filter.amount_min {
            self.by("amount_minor >= ", minor);
        }
        if let Some(minor) = filter.amount_max {
            self.by("amount_minor <= ", minor);
        }
        if let Some(assignee) = &filter.assignee {
            self.by(self.hints.assignee, assignee.clone());
        }
        if let Some(tier) = &filter.tier {
            self.by(self.hints.tier, tier.clone());
        }
        if let Some(tag) = &filter.tag {
            let (before, after) = self.hints.tag;
            self.by(before, tag.clone());
            self.query.push(after);
        }
        if let Some(among) = &filter.among {
            self.fixed("case_id in (");
            let mut list = self.query.separated(", ");
            for case_id in among.iter().take(usize::try_from(LIMIT_MAX).unwrap_or(0)) {
                list.push_bind(CaseId::uuid(*case_id));
            }
            // A list of nothing is written too: the null that it ends on is no case.
            list.push("null");
            self.query.push(")");
        }
    }

    fn case_order(&mut self, filter: &CaseFilter)
    where
        i64: for<'q> Encode<'q, DB> + Type<DB>,
        Uuid: for<'q> Encode<'q, DB> + Type<DB>,
    {
        let after = filter.after.map(|(due_at, case_id)| (due_at.ms(), CaseId::uuid(case_id)));
        match filter.order {
            CaseOrder::Newest => {
                if let Some((_, case_id)) = after {
                    self.by("case_id < ", case_id);
                }
                self.query.push(" order by case_id desc");
            }
            CaseOrder::Deadline => {
                self.fixed("due_at is not null");
                if let Some((due_at, case_id)) = after {
                    self.by("(due_at, case_id) > (", due_at);
                    self.query.push(", ").push_bind(case_id).push(")");
                }
                self.query.push(" order by due_at, case_id");
            }
            CaseOrder::Risk { now } => {
                self.fixed("due_at is not null");
                self.query.push(" order by amount_minor * ").push_bind(RISK_SCALE).push(" / ");
                self.query.push(self.hints.larger).push("(due_at - ").push_bind(now.ms());
                self.query.push(", ").push_bind(RISK_LEFT_MS_MIN).push(") desc, due_at, case_id");
            }
        }
    }

    fn limited(mut self, limit: u32) -> QueryBuilder<DB>
    where
        i64: for<'q> Encode<'q, DB> + Type<DB>,
    {
        self.query.push(" limit ").push_bind(limited(limit).saturating_add(1));
        self.query
    }
}
