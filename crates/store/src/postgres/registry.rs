//! The registry: documents by shop, kind and id.

use super::Postgres;
use crate::{
    column::signed,
    decode::{all, document as read, limited},
    fault::failing,
    shape,
};
use domain::id::ShopId;
use engine::{ports::StoreFault, rows::Document};
use sqlx::{PgConnection, PgPool, Postgres as Dialect, Transaction};

/// Served by the primary key of `document`.
pub(super) async fn documents(
    pool: &PgPool,
    shop_id: &ShopId,
    (kind, after): (&str, &str),
    limit: u32,
) -> Result<Vec<Document>, StoreFault> {
    shape::asked([kind, after])?;
    let rows = sqlx::query(
        "select shop_id, kind, id, version, updated_at, body from document \
         where shop_id = $1 and kind = $2 and id > $3 order by id limit $4",
    )
    .bind(shop_id.as_str())
    .bind(kind)
    .bind(after)
    .bind(limited(limit))
    .fetch_all(pool)
    .await
    .map_err(failing("list documents"))?;
    all(&rows, read)
}

/// Served by the primary key of `document`, read backwards.
pub(super) async fn documents_before(
    pool: &PgPool,
    shop_id: &ShopId,
    (kind, before): (&str, &str),
    limit: u32,
) -> Result<Vec<Document>, StoreFault> {
    shape::asked([kind, before])?;
    let rows = sqlx::query(
        "select shop_id, kind, id, version, updated_at, body from document \
         where shop_id = $1 and kind = $2 and id < $3 order by id desc limit $4",
    )
    .bind(shop_id.as_str())
    .bind(kind)
    .bind(before)
    .bind(limited(limit))
    .fetch_all(pool)
    .await
    .map_err(failing("list documents backwards"))?;
    all(&rows, read)
}

pub(super) async fn put(store: &Postgres, documents: &[Document]) -> Result<bool, StoreFault> {
    shape::documents(documents)?;
    match store.within(prepare(store, documents)).await? {
        Some(tx) => store.end(tx, "commit documents").await.map(|()| true),
        None => Ok(false),
    }
}

/// In the order given, so that a later document may follow an earlier version in the same call.
async fn prepare(
    store: &Postgres,
    documents: &[Document],
) -> Result<Option<Transaction<'static, Dialect>>, StoreFault> {
    let mut tx = store.begin().await?;
    for document in documents {
        let written = if document.version == 1 {
            create(&mut tx, document).await?
        } else {
            change(&mut tx, document).await?
        };
        if !written {
            return Ok(None);
        }
    }
    Ok(Some(tx))
}

async fn create(tx: &mut PgConnection, document: &Document) -> Result<bool, StoreFault> {
    let done = sqlx::query(
        "insert into document (shop_id, kind, id, version, updated_at, body) \
         values ($1, $2, $3, 1, $4, $5) on conflict (shop_id, kind, id) do nothing",
    )
    .bind(document.shop_id.as_str())
    .bind(document.kind.as_str())
    .bind(document.id.as_str())
    .bind(document.updated_at.ms())
    .bind(document.body.as_str())
    .execute(tx)
    .await
    .map_err(failing("create a document"))?;
    Ok(done.rows_affected() == 1)
}

/// Served by the primary key of `document`.
async fn change(tx: &mut PgConnection, document: &Document) -> Result<bool, StoreFault> {
    let done = sqlx::query(
        "update document set version = $4, updated_at = $5, body = $6 \
         where shop_id = $1 and kind = $2 and id = $3 and version = $4 - 1",
    )
    .bind(document.shop_id.as_str())
    .bind(document.kind.as_str())
    .bind(document.id.as_str())
    .bind(signed("version", document.version)?)
    .bind(document.updated_at.ms())
    .bind(document.body.as_str())
    .execute(tx)
    .await
    .map_err(failing("change a document"))?;
    Ok(done.rows_affected() == 1)
}
