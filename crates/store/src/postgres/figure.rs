//! Figures: written by the follower, summed for pages.

use super::{Postgres, search};
use crate::{
    column::Columns,
    decode::{all, limited},
    fault::failing,
    figure::{self, json},
};
use domain::id::{CaseId, ShopId};
use engine::{
    figures::{CaseFigure, CaseText, Stretch},
    ports::StoreFault,
};
use sqlx::{PgConnection, PgPool, Postgres as Dialect, Transaction};

const NEWS: &str = "with recursive shop (shop_id) as ( select (select event.shop_id from event order by \
    event.shop_id limit 1) union all select (select event.shop_id from event where \
    event.shop_id > shop.shop_id order by event.shop_id limit 1) from shop where \
    shop.shop_id is not null) select shop.shop_id, coalesce(followed.sequence, 0) as \
    sequence from shop left join followed on followed.shop_id = shop.shop_id where \
    shop.shop_id is not null and exists (select 1 from event where event.shop_id = \
    shop.shop_id and event.sequence > coalesce(followed.sequence, 0)) order by \
    coalesce(followed.sequence, 0), shop.shop_id limit $1";
const CASES: &str = "insert into case_figure (shop_id, case_id, order_id, version, opened_on, case_type, \
    reason, fault, product, title, batch, currency, asked_minor, refunded_minor, \
    succeeded_minor, paid_out_minor, failed_minor, outcome, decided, answered_ms, ruled, \
    refusing) select new.shop_id, new.case_id, new.order_id, new.version, new.opened_on, \
    new.case_type, new.reason, new.fault, new.product, new.title, new.batch, new.currency, \
    new.asked_minor, new.refunded_minor, new.succeeded_minor, new.paid_out_minor, \
    new.failed_minor, new.outcome, new.decided, new.answered_ms, new.ruled, new.refusing \
    from jsonb_to_recordset($1::jsonb) as new (shop_id text, case_id uuid, order_id text, \
    version bigint, opened_on bigint, case_type text, reason text, fault text, product text, \
    title text, batch text, currency text, asked_minor bigint, refunded_minor bigint, \
    succeeded_minor bigint, paid_out_minor bigint, failed_minor bigint, outcome text, \
    decided text, answered_ms bigint, ruled text, refusing text) on conflict (shop_id, \
    case_id) do update set order_id = excluded.order_id, version = excluded.version, \
    opened_on = excluded.opened_on, case_type = excluded.case_type, reason = \
    excluded.reason, fault = excluded.fault, product = excluded.product, title = \
    excluded.title, batch = excluded.batch, currency = excluded.currency, asked_minor = \
    excluded.asked_minor, refunded_minor = excluded.refunded_minor, succeeded_minor = \
    excluded.succeeded_minor, paid_out_minor = excluded.paid_out_minor, failed_minor = \
    excluded.failed_minor, outcome = excluded.outcome, decided = excluded.decided, \
    answered_ms = excluded.answered_ms, ruled = excluded.ruled, refusing = excluded.refusing \
    where case_figure.version < excluded.version";
const ORDERS: &str = "insert into order_figure (shop_id, order_id, version, placed_on, currency, orders, \
    paid_minor) select new.shop_id, new.order_id, new.version, new.placed_on, new.currency, \
    new.orders, new.paid_minor from jsonb_to_recordset($1::jsonb) as new (shop_id text, \
    order_id text, version bigint, placed_on bigint, currency text, orders bigint, \
    paid_minor bigint) on conflict (shop_id, order_id) do update set version = \
    excluded.version, placed_on = excluded.placed_on, currency = excluded.currency, orders = \
    excluded.orders, paid_minor = excluded.paid_minor where order_figure.version < \
    excluded.version";
const TAKEN_FROM_DAYS: &str = "insert into order_day (shop_id, placed_on, currency, orders, paid_minor) select shop_id, \
    placed_on, currency, cast(-sum(orders) as bigint), cast(-sum(paid_minor) as bigint) from \
    order_figure where shop_id = $2 and order_id in (select new.order_id from \
    jsonb_to_recordset($1::jsonb) as new (order_id text)) group by shop_id, placed_on, \
    currency on conflict (shop_id, placed_on, currency) do update set orders = \
    order_day.orders + excluded.orders, paid_minor = order_day.paid_minor + \
    excluded.paid_minor";
const ADDED_TO_DAYS: &str = "insert into order_day (shop_id, placed_on, currency, orders, paid_minor) select shop_id, \
    placed_on, currency, cast(sum(orders) as bigint), cast(sum(paid_minor) as bigint) from \
    order_figure where shop_id = $2 and order_id in (select new.order_id from \
    jsonb_to_recordset($1::jsonb) as new (order_id text)) group by shop_id, placed_on, \
    currency on conflict (shop_id, placed_on, currency) do update set orders = \
    order_day.orders + excluded.orders, paid_minor = order_day.paid_minor + \
    excluded.paid_minor";

/// Who is furthest behind comes first. The shops are found one by one, each with a look at the
/// next of `event_by_shop`; the same index says whether a shop has news.
pub(super) async fn shops_with_news(
    pool: &PgPool,
    limit: u32,
) -> Result<Vec<(ShopId, i64)>, StoreFault> {
    let rows = sqlx::query(NEWS)
        .bind(limited(limit))
        .fetch_all(pool)
        .await
        .map_err(failing("look for shops with news"))?;
    all(&rows, |row| Ok((row.shop_id()?, row.number("sequence")?)))
}

/// Served by the primary key of `followed`.
pub(super) async fn followed(pool: &PgPool, shop_id: &ShopId) -> Result<i64, StoreFault> {
    let row = sqlx::query("select sequence from followed where shop_id = $1")
        .bind(shop_id.as_str())
        .fetch_optional(pool)
        .await
        .map_err(failing("look how far a shop was followed"))?;
    row.map_or(Ok(0), |row| row.number("sequence"))
}

pub(super) async fn write(store: &Postgres, stretch: &Stretch) -> Result<bool, StoreFault> {
    match store.within(prepare(store, stretch)).await? {
        Some(tx) => store.end(tx, "commit a stretch of figures").await.map(|()| true),
        None => Ok(false),
    }
}

/// How far the shop was followed is the lock that followers of a shop take turns by.
async fn prepare(
    store: &Postgres,
    stretch: &Stretch,
) -> Result<Option<Transaction<'static, Dialect>>, StoreFault> {
    let mut tx = store.begin().await?;
    begin_following(&mut tx, &stretch.shop_id).await?;
    if !advance(&mut tx, stretch).await? {
        return Ok(None);
    }
    rows(&mut tx, stretch).await?;
    Ok(Some(tx))
}

async fn rows(tx: &mut PgConnection, stretch: &Stretch) -> Result<(), StoreFault> {
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

async fn begin_following(tx: &mut PgConnection, shop_id: &ShopId) -> Result<(), StoreFault> {
    sqlx::query(
        "insert into followed (shop_id, sequence) values ($1, 0) \
         on conflict (shop_id) do nothing",
    )
    .bind(shop_id.as_str())
    .execute(tx)
    .await
    .map_err(failing("begin to follow a shop"))?;
    Ok(())
}

/// Served by the primary key of `followed`.
async fn advance(tx: &mut PgConnection, stretch: &Stretch) -> Result<bool, StoreFault> {
    let done =
        sqlx::query("update followed set sequence = $3 where shop_id = $1 and sequence = $2")
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
async fn orders(tx: &mut PgConnection, stretch: &Stretch) -> Result<(), StoreFault> {
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
const FORGETTING: [&str; 5] = [
    "delete from case_text where shop_id = $1",
    "delete from case_figure where shop_id = $1",
    "delete from order_figure where shop_id = $1",
    "delete from order_day where shop_id = $1",
    "delete from followed where shop_id = $1",
];

pub(super) async fn forget(store: &Postgres, shop_id: &ShopId) -> Result<(), StoreFault> {
    let mut tx = store.begin().await?;
    // Whoever follows the shop now is waited for, and then finds that it must begin anew.
    begin_following(&mut tx, shop_id).await?;
    lock(&mut tx, shop_id).await?;
    for statement in FORGETTING {
        sqlx::query(statement)
            .bind(shop_id.as_str())
            .execute(&mut *tx)
            .await
            .map_err(failing("forget the figures of a shop"))?;
    }
    store.end(tx, "commit that figures are forgotten").await
}

/// Served by the primary key of `followed`.
async fn lock(tx: &mut PgConnection, shop_id: &ShopId) -> Result<(), StoreFault> {
    sqlx::query("select sequence from followed where shop_id = $1 for update")
        .bind(shop_id.as_str())
        .fetch_one(tx)
        .await
        .map_err(failing("lock how far a shop is followed"))?;
    Ok(())
}

/// Served by the primary key of `case_figure`.
pub(super) async fn one(
    pool: &PgPool,
    shop_id: &ShopId,
    case_id: CaseId,
) -> Result<Option<(CaseFigure, CaseText)>, StoreFault> {
    let row = sqlx::query(
        "select shop_id, case_id, order_id, version, opened_on, case_type, reason, fault, \
         product, title, batch, currency, asked_minor, refunded_minor, succeeded_minor, \
         paid_out_minor, failed_minor, outcome, decided, answered_ms, ruled, refusing \
         from case_figure where shop_id = $1 and case_id = $2",
    )
    .bind(shop_id.as_str())
    .bind(case_id.uuid())
    .fetch_optional(pool)
    .await
    .map_err(failing("read the figures of a case"))?;
    let text = search::one(pool, shop_id, case_id).await?;
    Ok(row.map(|row| figure::case(&row)).transpose()?.zip(text))
}
