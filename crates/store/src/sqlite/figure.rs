//! Figures: written by the follower, summed for pages.

use super::{Sqlite, search};
use crate::{
    column::Columns,
    decode::{all, limited},
    fault::{failing, unknown},
    figure::{self, json},
};
use domain::id::{CaseId, ShopId};
use engine::{
    figures::{CaseFigure, CaseText, Stretch},
    ports::StoreFault,
};
use sqlx::{SqliteConnection, SqlitePool};

const NEWS: &str = "with recursive shop (shop_id) as ( select (select event.shop_id from event order by \
    event.shop_id limit 1) union all select (select event.shop_id from event where \
    event.shop_id > shop.shop_id order by event.shop_id limit 1) from shop where \
    shop.shop_id is not null) select shop.shop_id, coalesce(followed.sequence, 0) as \
    sequence from shop left join followed on followed.shop_id = shop.shop_id where \
    shop.shop_id is not null and exists (select 1 from event where event.shop_id = \
    shop.shop_id and event.sequence > coalesce(followed.sequence, 0)) order by \
    coalesce(followed.sequence, 0), shop.shop_id limit ?1";
const CASES: &str = "insert into case_figure (shop_id, case_id, order_id, version, opened_on, case_type, \
    reason, fault, product, title, batch, currency, asked_minor, refunded_minor, \
    succeeded_minor, paid_out_minor, failed_minor, outcome, decided, answered_ms, ruled, \
    refusing) select value ->> 'shop_id', unhex(value ->> 'case_id'), value ->> 'order_id', \
    value ->> 'version', value ->> 'opened_on', value ->> 'case_type', value ->> 'reason', \
    value ->> 'fault', value ->> 'product', value ->> 'title', value ->> 'batch', value ->> \
    'currency', value ->> 'asked_minor', value ->> 'refunded_minor', value ->> \
    'succeeded_minor', value ->> 'paid_out_minor', value ->> 'failed_minor', value ->> \
    'outcome', value ->> 'decided', value ->> 'answered_ms', value ->> 'ruled', value ->> \
    'refusing' from jsonb_each(?1) where true on conflict (shop_id, case_id) do update set \
    order_id = excluded.order_id, version = excluded.version, opened_on = \
    excluded.opened_on, case_type = excluded.case_type, reason = excluded.reason, fault = \
    excluded.fault, product = excluded.product, title = excluded.title, batch = \
    excluded.batch, currency = excluded.currency, asked_minor = excluded.asked_minor, \
    refunded_minor = excluded.refunded_minor, succeeded_minor = excluded.succeeded_minor, \
    paid_out_minor = excluded.paid_out_minor, failed_minor = excluded.failed_minor, outcome \
    = excluded.outcome, decided = excluded.decided, answered_ms = excluded.answered_ms, \
    ruled = excluded.ruled, refusing = excluded.refusing where case_figure.version < \
    excluded.version";
const ORDERS: &str = "insert into order_figure (shop_id, order_id, version, placed_on, currency, orders, \
    paid_minor) select value ->> 'shop_id', value ->> 'order_id', value ->> 'version', value \
    ->> 'placed_on', value ->> 'currency', value ->> 'orders', value ->> 'paid_minor' from \
    jsonb_each(?1) where true on conflict (shop_id, order_id) do update set version = \
    excluded.version, placed_on = excluded.placed_on, currency = excluded.currency, orders = \
    excluded.orders, paid_minor = excluded.paid_minor where order_figure.version < \
    excluded.version";
const TAKEN_FROM_DAYS: &str = "insert into order_day (shop_id, placed_on, currency, orders, paid_minor) select shop_id, \
    placed_on, currency, -sum(orders), -sum(paid_minor) from order_figure where shop_id = ?2 \
    and order_id in (select value ->> 'order_id' from jsonb_each(?1)) group by shop_id, \
    placed_on, currency on conflict (shop_id, placed_on, currency) do update set orders = \
    order_day.orders + excluded.orders, paid_minor = order_day.paid_minor + \
    excluded.paid_minor";
const ADDED_TO_DAYS: &str = "insert into order_day (shop_id, placed_on, currency, orders, paid_minor) select shop_id, \
    placed_on, currency, sum(orders), sum(paid_minor) from order_figure where shop_id = ?2 \
    and order_id in (select value ->> 'order_id' from jsonb_each(?1)) group by shop_id, \
    placed_on, currency on conflict (shop_id, placed_on, currency) do update set orders = \
    order_day.orders + excluded.orders, paid_minor = order_day.paid_minor + \
    excluded.paid_minor";

/// Who is furthest behind comes first. The shops are found one by one, each with a look at the
/// next of `event_by_shop`; the same index says whether a shop has news.
pub(super) async fn shops_with_news(
    readers: &SqlitePool,
    limit: u32,
) -> Result<Vec<(ShopId, i64)>, StoreFault> {
    let rows = sqlx::query(NEWS)
        .bind(limited(limit))
        .fetch_all(readers)
        .await
        .map_err(failing("look for shops with news"))?;
    all(&rows, |row| Ok((row.shop_id()?, row.number("sequence")?)))
}

/// Served by the primary key of `followed`.
pub(super) async fn followed(readers: &SqlitePool, shop_id: &ShopId) -> Result<i64, StoreFault> {
    let row = sqlx::query("select sequence from followed where shop_id = ?1")
        .bind(shop_id.as_str())
        .fetch_optional(readers)
        .await
        .map_err(failing("look how far a shop was followed"))?;
    row.map_or(Ok(0), |row| row.number("sequence"))
}

pub(super) async fn write(store: &Sqlite, stretch: &Stretch) -> Result<bool, StoreFault> {
    let mut tx = store.beside.begin().await?;
    begin_following(&mut tx, &stretch.shop_id).await?;
    if !advance(&mut tx, stretch).await? {
        return Ok(false);
    }
    rows(&mut tx, stretch).await?;
    tx.commit().await.map_err(unknown("commit a stretch of figures"))?;
    Ok(true)
}

async fn rows(tx: &mut SqliteConnection, stretch: &Stretch) -> Result<(), StoreFault> {
    if !stretch.orders.is_empty() {
        orders(tx, stretch).await?;
    }
    if !stretch.cases.is_empty() {
        let rows = json(stretch.cases.iter().map(figure::Case::of))?;
        sqlx::query(CASES)
            .bind(rows)
            .execute(&mut *tx)
            .await
            .map_err(failing("write figures of cases"))?;
    }
    if !stretch.texts.is_empty() {
        search::write(tx, stretch).await?;
    }
    Ok(())
}

async fn begin_following(tx: &mut SqliteConnection, shop_id: &ShopId) -> Result<(), StoreFault> {
    sqlx::query(
        "insert into followed (shop_id, sequence) values (?1, 0) \
         on conflict (shop_id) do nothing",
    )
    .bind(shop_id.as_str())
    .execute(tx)
    .await
    .map_err(failing("begin to follow a shop"))?;
    Ok(())
}

/// Served by the primary key of `followed`.
async fn advance(tx: &mut SqliteConnection, stretch: &Stretch) -> Result<bool, StoreFault> {
    let done =
        sqlx::query("update followed set sequence = ?3 where shop_id = ?1 and sequence = ?2")
            .bind(stretch.shop_id.as_str())
            .bind(stretch.after)
            .bind(stretch.until)
            .execute(tx)
            .await
            .map_err(failing("say how far a shop is followed"))?;
    Ok(done.rows_affected() == 1)
}

/// What the orders were counted as is taken from their days, the rows are written, and what they
/// are counted as now is added: whatever changes, a day is the sum of its orders. Served by the
/// primary keys of `order_figure` and `order_day`.
async fn orders(tx: &mut SqliteConnection, stretch: &Stretch) -> Result<(), StoreFault> {
    let rows = json(stretch.orders.iter().map(figure::Order::of))?;
    let shop_id = stretch.shop_id.as_str();
    let counting = failing("count orders by day");
    sqlx::query(TAKEN_FROM_DAYS)
        .bind(rows.as_str())
        .bind(shop_id)
        .execute(&mut *tx)
        .await
        .map_err(&counting)?;
    sqlx::query(ORDERS)
        .bind(rows.as_str())
        .execute(&mut *tx)
        .await
        .map_err(failing("write figures of orders"))?;
    sqlx::query(ADDED_TO_DAYS).bind(rows).bind(shop_id).execute(tx).await.map_err(counting)?;
    Ok(())
}

/// Each served by the primary key of its table.
const FORGETTING: [&str; 6] = [
    "delete from case_gram where rowid in (select row_no from case_text where shop_id = ?1)",
    "delete from case_text where shop_id = ?1",
    "delete from case_figure where shop_id = ?1",
    "delete from order_figure where shop_id = ?1",
    "delete from order_day where shop_id = ?1",
    "delete from followed where shop_id = ?1",
];

pub(super) async fn forget(store: &Sqlite, shop_id: &ShopId) -> Result<(), StoreFault> {
    let mut tx = store.beside.begin().await?;
    for statement in FORGETTING {
        sqlx::query(statement)
            .bind(shop_id.as_str())
            .execute(&mut *tx)
            .await
            .map_err(failing("forget the figures of a shop"))?;
    }
    tx.commit().await.map_err(unknown("commit that figures are forgotten"))
}

/// Served by the primary key of `case_figure`.
pub(super) async fn one(
    readers: &SqlitePool,
    shop_id: &ShopId,
    case_id: CaseId,
) -> Result<Option<(CaseFigure, CaseText)>, StoreFault> {
    let row = sqlx::query(
        "select shop_id, case_id, order_id, version, opened_on, case_type, reason, fault, \
         product, title, batch, currency, asked_minor, refunded_minor, succeeded_minor, \
         paid_out_minor, failed_minor, outcome, decided, answered_ms, ruled, refusing \
         from case_figure where shop_id = ?1 and case_id = ?2",
    )
    .bind(shop_id.as_str())
    .bind(case_id.uuid())
    .fetch_optional(readers)
    .await
    .map_err(failing("read the figures of a case"))?;
    let text = search::one(readers, shop_id, case_id).await?;
    Ok(row.map(|row| figure::case(&row)).transpose()?.zip(text))
}
