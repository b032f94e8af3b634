//! What people list, and its rebuilding from the log.

use super::{Postgres, write};
use crate::{
    column::Columns,
    decode::{order_row, page},
    fault::failing,
    list::{self, cases::Cases},
    shape,
};
use domain::id::CaseId;
use engine::{
    ports::StoreFault,
    rows::{CaseFilter, CaseRow, Commit, OrderFilter, OrderRow, Page, StreamKey},
};
use sqlx::{PgConnection, PgPool, Postgres as Dialect, Transaction};

/// Served by the index that `list` chooses.
pub(super) async fn cases(pool: &PgPool, filter: &CaseFilter) -> Result<Page<CaseRow>, StoreFault> {
    shape::asked(filter.stage.iter().map(String::as_str))?;
    let mut cases = Cases::of(filter, list::POSTGRES);
    while let Some(mut query) = cases.measuring() {
        let row = query.build().fetch_optional(pool).await;
        cases.measure(row.map_err(failing("see how far a list looks"))?.as_ref())?;
    }
    let rows = cases.rows().build().fetch_all(pool).await;
    cases.page(&rows.map_err(failing("list cases"))?)
}

/// Served by the index that `list` chooses.
pub(super) async fn orders(
    pool: &PgPool,
    filter: &OrderFilter,
) -> Result<Page<OrderRow>, StoreFault> {
    let rows =
        list::orders(filter).build().fetch_all(pool).await.map_err(failing("list orders"))?;
    page(&rows, filter.limit, order_row)
}

pub(super) async fn replace(
    store: &Postgres,
    rebuilt: &Commit,
    strays: &[CaseId],
) -> Result<(), StoreFault> {
    shape::rebuild(rebuilt)?;
    let tx = store.within(prepare(store, rebuilt, strays)).await?;
    store.end(tx, "commit rebuilt views").await
}

/// The rebuilt rows must be of the stream as it stands: otherwise a commit that came meanwhile
/// would lose its rows, and its timer with them.
async fn prepare(
    store: &Postgres,
    rebuilt: &Commit,
    strays: &[CaseId],
) -> Result<Transaction<'static, Dialect>, StoreFault> {
    let mut tx = store.begin().await?;
    shape::still(rebuilt, head(&mut tx, &rebuilt.key).await?)?;
    delete_orders(&mut tx, &rebuilt.key).await?;
    delete_cases(&mut tx, rebuilt, strays).await?;
    write::orders(&mut tx, rebuilt.order.iter()).await?;
    write::cases(&mut tx, rebuilt.cases.iter()).await?;
    Ok(tx)
}

/// Served by the primary key of `stream`.
async fn head(tx: &mut PgConnection, key: &StreamKey) -> Result<u64, StoreFault> {
    let row =
        sqlx::query("select version from stream where shop_id = $1 and order_id = $2 for update")
            .bind(key.shop_id.as_str())
            .bind(key.order_id.as_str())
            .fetch_optional(tx)
            .await
            .map_err(failing("read the version of a stream to rebuild"))?;
    row.map_or(Ok(0), |row| row.whole("version"))
}

/// Served by the primary key of `order_row`.
async fn delete_orders(tx: &mut PgConnection, key: &StreamKey) -> Result<(), StoreFault> {
    sqlx::query("delete from order_row where shop_id = $1 and order_id = $2")
        .bind(key.shop_id.as_str())
        .bind(key.order_id.as_str())
        .execute(tx)
        .await
        .map_err(failing("delete the order row of a stream"))?;
    Ok(())
}

/// Served by the primary key of `case_row`.
async fn delete_cases(
    tx: &mut PgConnection,
    rebuilt: &Commit,
    strays: &[CaseId],
) -> Result<(), StoreFault> {
    let cases = rebuilt.cases.iter().map(|case| case.case_id).chain(strays.iter().copied());
    sqlx::query("delete from case_row where shop_id = $1 and case_id = any($2)")
        .bind(rebuilt.key.shop_id.as_str())
        .bind(cases.map(CaseId::uuid).collect::<Vec<_>>())
        .execute(tx)
        .await
        .map_err(failing("delete the case rows of a stream"))?;
    Ok(())
}
