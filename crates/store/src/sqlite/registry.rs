//! The registry: documents by shop, kind and id.

use super::{Sqlite, begin};
use crate::{
    column::signed,
    decode::{all, document as read, limited},
    fault::{failing, unknown},
    shape,
};
use domain::id::ShopId;
use engine::{ports::StoreFault, rows::Document};
use sqlx::{SqliteConnection, SqlitePool};

/// Served by the primary key of `document`.
pub(super) async fn documents(
    readers: &SqlitePool,
    shop_id: &ShopId,
    (kind, after): (&str, &str),
    limit: u32,
) -> Result<Vec<Document>, StoreFault> {
    shape::asked([kind, after])?;
    let rows = sqlx::query(
        "select shop_id, kind, id, version, updated_at, body from document \
         where shop_id = ?1 and kind = ?2 and id > ?3 order by id limit ?4",
    )
    .bind(shop_id.as_str())
    .bind(kind)
    .bind(after)
    .bind(limited(limit))
    .fetch_all(readers)
    .await
    .map_err(failing("list documents"))?;
    all(&rows, read)
}

/// Served by the primary key of `document`, read backwards.
pub(super) async fn documents_before(
    readers: &SqlitePool,
    shop_id: &ShopId,
    (kind, before): (&str, &str),
    limit: u32,
) -> Result<Vec<Document>, StoreFault> {
    shape::asked([kind, before])?;
    let rows = sqlx::query(
        "select shop_id, kind, id, version, updated_at, body from document \
         where shop_id = ?1 and kind = ?2 and id < ?3 order by id desc limit ?4",
    )
    .bind(shop_id.as_str())
    .bind(kind)
    .bind(before)
    .bind(limited(limit))
    .fetch_all(readers)
    .await
    .map_err(failing("list documents backwards"))?;
    all(&rows, read)
}

/// In the order given, so that a later document may follow an earlier version in the same call.
pub(super) async fn put(store: &Sqlite, documents: &[Document]) -> Result<bool, StoreFault> {
    shape::documents(documents)?;
    let mut writer = store.writer.take().await?;
    let mut tx = begin(&mut writer).await?;
    for document in documents {
        let written = if document.version == 1 {
            create(&mut tx, document).await?
        } else {
            change(&mut tx, document).await?
        };
        if !written {
            return Ok(false);
        }
    }
    tx.commit().await.map_err(unknown("commit documents"))?;
    Ok(true)
}

async fn create(tx: &mut SqliteConnection, document: &Document) -> Result<bool, StoreFault> {
    let done = sqlx::query(
        "insert into document (shop_id, kind, id, version, updated_at, body) \
         values (?1, ?2, ?3, 1, ?4, ?5) on conflict (shop_id, kind, id) do nothing",
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
async fn change(tx: &mut SqliteConnection, document: &Document) -> Result<bool, StoreFault> {
    let done = sqlx::query(
        "update document set version = ?4, updated_at = ?5, body = ?6 \
         where shop_id = ?1 and kind = ?2 and id = ?3 and version = ?4 - 1",
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
