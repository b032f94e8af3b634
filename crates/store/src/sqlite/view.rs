//! What people list, and its rebuilding from the log.

use super::{Sqlite, begin, write};
use crate::{
    column::Columns,
    decode::{order_row, page},
    fault::{failing, unknown},
    judge::Writes,
    list::{self, cases::Cases},
    shape,
};
use domain::id::CaseId;
use engine::{
    ports::StoreFault,
    rows::{CaseFilter, CaseRow, Commit, OrderFilter, OrderRow, Page, StreamKey},
};
use sqlx::{SqliteConnection, SqlitePool};

/// Served by the index that `list` chooses.
pub(super) async fn cases(
    readers: &SqlitePool,
    filter: &CaseFilter,
) -> Result<Page<CaseRow>, StoreFault> {
    shape::asked(filter.stage.iter().map(String::as_str))?;
    let mut cases = Cases::of(filter, list::SQLITE);
    while let Some(mut query) = cases.measuring() {
        let row = query.build().fetch_optional(readers).await;
        cases.measure(row.map_err(failing("see how far a list looks"))?.as_ref())?;
    }
    let rows = cases.rows().build().fetch_all(readers).await;
    cases.page(&rows.map_err(failing("list cases"))?)
}

/// Served by the index that `list` chooses.
pub(super) async fn orders(
    readers: &SqlitePool,
    filter: &OrderFilter,
) -> Result<Page<OrderRow>, StoreFault> {
    let rows =
        list::orders(filter).build().fetch_all(readers).await.map_err(failing("list orders"))?;
    page(&rows, filter.limit, order_row)
}

/// The rebuilt rows must be of the stream as it stands: otherwise a commit that came meanwhile
/// would lose its rows, and its timer with them.
pub(super) async fn replace(
    store: &Sqlite,
    rebuilt: &Commit,
    strays: &[CaseId],
) -> Result<(), StoreFault> {
    shape::rebuild(rebuilt)?;
    let mut writer = store.writer.take().await?;
    let mut tx = begin(&mut writer).await?;
    shape::still(rebuilt, head(&mut tx, &rebuilt.key).await?)?;
    delete_orders(&mut tx, &rebuilt.key).await?;
    delete_cases(&mut tx, rebuilt, strays).await?;
    write::all(&mut tx, &Writes::of_views(rebuilt)).await?;
    tx.commit().await.map_err(unknown("commit rebuilt views"))
}

/// Served by the last entry of the stream in `event_by_stream`.
async fn head(tx: &mut SqliteConnection, key: &StreamKey) -> Result<u64, StoreFault> {
    let row = sqlx::query(
        "select coalesce(max(version), 0) as version from event \
         where shop_id = ?1 and order_id = ?2",
    )
    .bind(key.shop_id.as_str())
    .bind(key.order_id.as_str())
    .fetch_one(tx)
    .await
    .map_err(failing("read the version of a stream to rebuild"))?;
    row.whole("version")
}

/// Served by the primary key of `order_row`.
async fn delete_orders(tx: &mut SqliteConnection, key: &StreamKey) -> Result<(), StoreFault> {
    sqlx::query("delete from order_row where shop_id = ?1 and order_id = ?2")
        .bind(key.shop_id.as_str())
        .bind(key.order_id.as_str())
        .execute(tx)
        .await
        .map_err(failing("delete the order row of a stream"))?;
    Ok(())
}

/// Served by the primary key of `case_row`.
async fn delete_cases(
    tx: &mut SqliteConnection,
    rebuilt: &Commit,
    strays: &[CaseId],
) -> Result<(), StoreFault> {
    let cases = rebuilt.cases.iter().map(|case| case.case_id).chain(strays.iter().copied());
    sqlx::query(
        "delete from case_row where shop_id = ?1 \
         and case_id in (select unhex(value) from jsonb_each(?2))",
    )
    .bind(rebuilt.key.shop_id.as_str())
    .bind(write::json(cases.map(write::hex))?)
    .execute(tx)
    .await
    .map_err(failing("delete the case rows of a stream"))?;
    Ok(())
}
