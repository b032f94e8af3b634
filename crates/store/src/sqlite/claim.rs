//! Claims: what is due is taken and leased in one write transaction, so nobody takes it twice.

use super::{
    Sqlite, begin,
    write::{hex, json},
};
use crate::{
    decode::{all, claimed, due_effect, due_timer},
    fault::failing,
};
use domain::moment::Moment;
use engine::{
    ports::StoreFault,
    rows::{DueEffect, DueTimer},
};
use sqlx::{SqliteConnection, sqlite::SqliteRow};

pub(super) async fn effects(
    store: &Sqlite,
    now: Moment,
    lease_until: Moment,
    limit: u32,
) -> Result<Vec<DueEffect>, StoreFault> {
    let mut writer = store.writer.take().await?;
    let mut tx = begin(&mut writer).await?;
    let mut due = all(&due_effects(&mut tx, now, limit).await?, due_effect)?;
    if due.is_empty() {
        drop(tx);
        writer.keep();
        return Ok(due);
    }
    lease_effects(&mut tx, &due, lease_until).await?;
    tx.commit().await.map_err(failing("commit a claim of effects"))?;
    writer.keep();
    for effect in &mut due {
        effect.attempts = effect.attempts.saturating_add(1);
    }
    Ok(due)
}

pub(super) async fn timers(
    store: &Sqlite,
    now: Moment,
    lease_until: Moment,
    limit: u32,
) -> Result<Vec<DueTimer>, StoreFault> {
    let mut writer = store.writer.take().await?;
    let mut tx = begin(&mut writer).await?;
    let due = all(&due_timers(&mut tx, now, limit).await?, due_timer)?;
    if due.is_empty() {
        drop(tx);
        writer.keep();
        return Ok(due);
    }
    lease_timers(&mut tx, &due, lease_until).await?;
    tx.commit().await.map_err(failing("commit a claim of timers"))?;
    writer.keep();
    Ok(due)
}

/// Served by `outbox_due`.
async fn due_effects(
    tx: &mut SqliteConnection,
    now: Moment,
    limit: u32,
) -> Result<Vec<SqliteRow>, StoreFault> {
    sqlx::query(
        "select shop_id, effect_id, order_id, case_id, kind, body, attempts, note \
         from outbox \
         where state <> 'buried' and due_at <= ?1 \
         order by due_at, shop_id, effect_id limit ?2",
    )
    .bind(now.ms())
    .bind(claimed(limit))
    .fetch_all(tx)
    .await
    .map_err(failing("look for due effects"))
}

/// Served by the primary key of `outbox`.
async fn lease_effects(
    tx: &mut SqliteConnection,
    due: &[DueEffect],
    lease_until: Moment,
) -> Result<(), StoreFault> {
    let rows = json(due.iter().map(|due| (due.key.shop_id.as_str(), due.effect_id.as_str())))?;
    sqlx::query(
        "update outbox set state = 'leased', due_at = ?2, attempts = attempts + 1 \
         where (shop_id, effect_id) in (select value ->> 0, value ->> 1 from jsonb_each(?1))",
    )
    .bind(rows)
    .bind(lease_until.ms())
    .execute(tx)
    .await
    .map_err(failing("lease due effects"))?;
    Ok(())
}

/// Served by `case_row_wakes`.
async fn due_timers(
    tx: &mut SqliteConnection,
    now: Moment,
    limit: u32,
) -> Result<Vec<SqliteRow>, StoreFault> {
    sqlx::query(
        "select shop_id, case_id, order_id, due_at from case_row \
         where wakes_at is not null and wakes_at <= ?1 \
         order by wakes_at, shop_id, case_id limit ?2",
    )
    .bind(now.ms())
    .bind(claimed(limit))
    .fetch_all(tx)
    .await
    .map_err(failing("look for due timers"))
}

/// Served by the primary key of `case_row`.
async fn lease_timers(
    tx: &mut SqliteConnection,
    due: &[DueTimer],
    lease_until: Moment,
) -> Result<(), StoreFault> {
    let rows = json(due.iter().map(|due| (due.key.shop_id.as_str(), hex(due.case_id))))?;
    sqlx::query(
        "update case_row set wakes_at = ?2 where (shop_id, case_id) in \
         (select value ->> 0, unhex(value ->> 1) from jsonb_each(?1))",
    )
    .bind(rows)
    .bind(lease_until.ms())
    .execute(tx)
    .await
    .map_err(failing("lease due timers"))?;
    Ok(())
}
