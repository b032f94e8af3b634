//! What filters mean, once for both databases. Each list is driven by an index; what else is
//! asked is tested on the rows that the index gives.

pub(crate) mod cases;

use crate::decode::limited;
use engine::rows::{EffectFilter, EffectState, OrderFilter};
use sqlx::{Database, Encode, QueryBuilder, Type};

const ORDERS: &str =
    "select shop_id, order_id, buyer_id, placed_at, version, summary from order_row where ";
const EFFECTS: &str = "select shop_id, effect_id, order_id, case_id, kind, state, due_at, \
    attempts, note from outbox";

/// How each database is led to the index. PostgreSQL has statistics and finds it. SQLite keeps none
/// of ours: it would take a second equality for a better index, and then sort, and the primary key
/// for as good as a partial index.
#[derive(Clone, Copy)]
pub(crate) struct Hints {
    /// Before the name of the index, after that of its table; absent where it is not said.
    indexed_by: Option<&'static str>,
    /// Who handles a case, out of its summary; empty if nobody.
    assignee: &'static str,
    /// The tier of a case, out of its summary.
    tier: &'static str,
    /// Whether a case has a tag: before the tag, and after it.
    tag: (&'static str, &'static str),
}

pub(crate) const SQLITE: Hints = Hints {
    indexed_by: Some(" indexed by "),
    assignee: "coalesce(json_extract(summary, '$.assignee'), '') = ",
    tier: "json_extract(summary, '$.tier') = ",
    tag: ("exists (select 1 from json_each(summary, '$.tags') where value = ", ")"),
};
pub(crate) const POSTGRES: Hints = Hints {
    indexed_by: None,
    assignee: "coalesce(summary::jsonb ->> 'assignee', '') = ",
    tier: "summary::jsonb ->> 'tier' = ",
    tag: ("summary::jsonb -> 'tags' @> to_jsonb(", "::text)"),
};

impl Hints {
    fn by(self, index: &str) -> String {
        self.indexed_by.map(|indexed_by| format!("{indexed_by}{index}")).unwrap_or_default()
    }
}

/// A query that is being put together.
struct Terms<DB: Database> {
    query: QueryBuilder<DB>,
    first: bool,
}

/// Orders, last placed first: `order_row_by_buyer` or `order_row_by_placed`.
pub(crate) fn orders<DB>(filter: &OrderFilter) -> QueryBuilder<DB>
where
    DB: Database,
    String: for<'q> Encode<'q, DB> + Type<DB>,
    i64: for<'q> Encode<'q, DB> + Type<DB>,
{
    let mut terms = Terms::new(ORDERS);
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
    let mut terms = Terms::new(EFFECTS);
    let buried = filter.state == Some(EffectState::Buried);
    terms.query.push(if buried { hints.by("outbox_buried") } else { String::new() });
    terms.query.push(" where ");
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
    fn new(select: &str) -> Self {
        Self { query: QueryBuilder::new(select), first: true }
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

    fn limited(mut self, limit: u32) -> QueryBuilder<DB>
    where
        i64: for<'q> Encode<'q, DB> + Type<DB>,
    {
        self.query.push(" limit ").push_bind(limited(limit).saturating_add(1));
        self.query
    }
}
