//! Effects one by one, and the outbox as people see it.

use crate::{
    decode::{self, effect_row, page},
    fault::failing,
    kept::Kept,
    list, shape,
};
use domain::{
    id::{EffectId, ShopId},
    moment::Moment,
};
use engine::{
    ports::StoreFault,
    rows::{EffectFilter, EffectRow, OutboxCounts, Page},
};
use sqlx::{Sqlite as Dialect, SqlitePool};

/// An effect by its key; each `where` here is served by the primary key of `outbox`.
type Key<'a> = (&'a ShopId, &'a EffectId);

/// Only while it is leased: what people revived or buried meanwhile stays as they left it.
pub(super) async fn defer(
    writer: &Kept<Dialect>,
    (shop_id, effect_id): Key<'_>,
    due_at: Moment,
    note: &str,
) -> Result<(), StoreFault> {
    let mut writer = writer.take().await?;
    sqlx::query(
        "update outbox set state = 'waiting', due_at = ?3, note = ?4 \
         where shop_id = ?1 and effect_id = ?2 and state = 'leased'",
    )
    .bind(shop_id.as_str())
    .bind(effect_id.as_str())
    .bind(due_at.ms())
    .bind(shape::note(note))
    .execute(&mut *writer)
    .await
    .map_err(failing("defer an effect"))?;
    writer.keep();
    Ok(())
}

pub(super) async fn bury(
    writer: &Kept<Dialect>,
    (shop_id, effect_id): Key<'_>,
    note: &str,
) -> Result<(), StoreFault> {
    let mut writer = writer.take().await?;
    sqlx::query(
        "update outbox set state = 'buried', note = ?3 where shop_id = ?1 and effect_id = ?2",
    )
    .bind(shop_id.as_str())
    .bind(effect_id.as_str())
    .bind(shape::note(note))
    .execute(&mut *writer)
    .await
    .map_err(failing("bury an effect"))?;
    writer.keep();
    Ok(())
}

/// Not while it is leased: somebody is at it.
pub(super) async fn revive(
    writer: &Kept<Dialect>,
    (shop_id, effect_id): Key<'_>,
    now: Moment,
) -> Result<bool, StoreFault> {
    let mut writer = writer.take().await?;
    let done = sqlx::query(
        "update outbox set state = 'waiting', due_at = ?3, attempts = 0, note = '' \
         where shop_id = ?1 and effect_id = ?2 and state <> 'leased'",
    )
    .bind(shop_id.as_str())
    .bind(effect_id.as_str())
    .bind(now.ms())
    .execute(&mut *writer)
    .await
    .map_err(failing("revive an effect"))?;
    writer.keep();
    Ok(done.rows_affected() > 0)
}

pub(super) async fn settle(
    writer: &Kept<Dialect>,
    (shop_id, effect_id): Key<'_>,
) -> Result<(), StoreFault> {
    let mut writer = writer.take().await?;
    sqlx::query("delete from outbox where shop_id = ?1 and effect_id = ?2")
        .bind(shop_id.as_str())
        .bind(effect_id.as_str())
        .execute(&mut *writer)
        .await
        .map_err(failing("settle an effect"))?;
    writer.keep();
    Ok(())
}

pub(super) async fn list(
    readers: &SqlitePool,
    filter: &EffectFilter,
) -> Result<Page<EffectRow>, StoreFault> {
    let rows = list::effects(filter, list::SQLITE)
        .build()
        .fetch_all(readers)
        .await
        .map_err(failing("list effects"))?;
    page(&rows, filter.limit, effect_row)
}

/// Served by `outbox_due` and `outbox_buried`; it costs what stands in them, not in the table.
pub(super) async fn counts(readers: &SqlitePool, now: Moment) -> Result<OutboxCounts, StoreFault> {
    let row = sqlx::query(
        "select \
         (select count(*) from outbox where state <> 'buried' and due_at <= ?1) as due, \
         (select count(*) from outbox where state <> 'buried' and due_at > ?1) as waiting, \
         (select count(*) from outbox where state = 'buried') as buried, \
         (select min(due_at) from outbox where state <> 'buried' and due_at <= ?1) \
         as oldest_due_at",
    )
    .bind(now.ms())
    .fetch_one(readers)
    .await
    .map_err(failing("count the outbox"))?;
    decode::counts(&row)
}
