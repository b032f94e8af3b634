//! Values kept as documents: read with their version, written only if nobody wrote in between.

use super::fault::Fault;
use domain::{id::ShopId, moment::Moment};
use engine::{ports::Store, rows::Document};
use serde::{Serialize, de::DeserializeOwned};

/// How often a write is tried again when others write the same.
pub(super) const TRIES_MAX: usize = 24;

/// A kind of document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Upload,
    File,
    Book,
    Day,
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Upload => "upload",
            Self::File => "file",
            Self::Book => "upload_book",
            Self::Day => "upload_day",
        }
    }
}

/// A value and the version it was read at; 0 if it is not written yet.
#[derive(Clone, Debug)]
pub(super) struct Kept<T> {
    pub(super) value: T,
    pub(super) version: u64,
}

/// The value of that id; nothing if there is none.
pub(super) async fn load<T: DeserializeOwned>(
    store: &dyn Store,
    shop_id: &ShopId,
    kind: Kind,
    id: &str,
) -> Result<Option<Kept<T>>, Fault> {
    let Some(document) = store.document(shop_id, kind.as_str(), id).await? else {
        return Ok(None);
    };
    let unreadable = |_| Fault::Unreadable(kind.as_str());
    let value = serde_json::from_str(&document.body).map_err(unreadable)?;
    Ok(Some(Kept { value, version: document.version }))
}

/// The value of that id, or the empty one at version 0.
pub(super) async fn load_or_empty<T: DeserializeOwned + Default>(
    store: &dyn Store,
    shop_id: &ShopId,
    kind: Kind,
    id: &str,
) -> Result<Kept<T>, Fault> {
    let found = load(store, shop_id, kind, id).await?;
    Ok(found.unwrap_or_else(|| Kept { value: T::default(), version: 0 }))
}

/// The document that replaces what was read.
pub(super) fn next<T: Serialize>(
    shop_id: &ShopId,
    (kind, id): (Kind, &str),
    kept: &Kept<T>,
    now: Moment,
) -> Result<Document, Fault> {
    let body = serde_json::to_string(&kept.value).map_err(|_| Fault::Unreadable(kind.as_str()))?;
    Ok(Document {
        shop_id: shop_id.clone(),
        kind: kind.as_str().to_owned(),
        id: id.to_owned(),
        version: kept.version.saturating_add(1),
        updated_at: now,
        body,
    })
}
