//! Claims: what is due is taken and leased in one statement. Rows that another process has just
//! taken are skipped, not waited for.

use super::Postgres;
use crate::{
    column::Columns,
    decode::{all, claimed, due_effect, due_timer},
    fault::failing,
};
use domain::moment::Moment;
use engine::{
    ports::StoreFault,
    rows::{DueEffect, DueTimer},
};
use sqlx::postgres::PgRow;

/// Served by `outbox_due`, then the primary key of `outbox`.
pub(super) async fn effects(
    store: &Postgres,
    now: Moment,
    lease_until: Moment,
    limit: u32,
) -> Result<Vec<DueEffect>, StoreFault> {
    let rows = sqlx::query(
        "with due as ( \
         select shop_id, effect_id, due_at from outbox \
         where state <> 'buried' and due_at <= $1 \
         order by due_at, shop_id, effect_id limit $3 for update skip locked) \
         update outbox set state = 'leased', due_at = $2, attempts = attempts + 1 from due \
         where outbox.shop_id = due.shop_id and outbox.effect_id = due.effect_id \
         returning outbox.shop_id, outbox.effect_id, outbox.order_id, outbox.case_id, \
         outbox.kind, outbox.body, outbox.attempts, outbox.note, \
         due.due_at as was_due_at",
    )
    .bind(now.ms())
    .bind(lease_until.ms())
    .bind(claimed(limit))
    .fetch_all(&store.pool)
    .await
    .map_err(failing("claim due effects"))?;
    all(&in_order(rows, "effect_id", PgRow::text)?, due_effect)
}

/// Served by `case_row_wakes`, then the primary key of `case_row`.
pub(super) async fn timers(
    store: &Postgres,
    now: Moment,
    lease_until: Moment,
    limit: u32,
) -> Result<Vec<DueTimer>, StoreFault> {
    let rows = sqlx::query(
        "with due as ( \
         select shop_id, case_id, wakes_at from case_row \
         where wakes_at is not null and wakes_at <= $1 \
         order by wakes_at, shop_id, case_id limit $3 for update skip locked) \
         update case_row set wakes_at = $2 from due \
         where case_row.shop_id = due.shop_id and case_row.case_id = due.case_id \
         returning case_row.shop_id, case_row.case_id, case_row.order_id, case_row.due_at, \
         due.wakes_at as was_due_at",
    )
    .bind(now.ms())
    .bind(lease_until.ms())
    .bind(claimed(limit))
    .fetch_all(&store.pool)
    .await
    .map_err(failing("claim due timers"))?;
    all(&in_order(rows, "case_id", PgRow::uuid)?, due_timer)
}

/// An update returns rows in any order; people were promised the oldest first.
fn in_order<T: Ord>(
    rows: Vec<PgRow>,
    id: &str,
    read: impl Fn(&PgRow, &str) -> Result<T, StoreFault>,
) -> Result<Vec<PgRow>, StoreFault> {
    let place =
        |row: PgRow| Ok(((row.number("was_due_at")?, row.text("shop_id")?, read(&row, id)?), row));
    let mut placed = rows.into_iter().map(place).collect::<Result<Vec<_>, StoreFault>>()?;
    placed.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(placed.into_iter().map(|(_, row)| row).collect())
}
