//! The registry: shops, people, keys, policies and the like, as typed documents. Each change of
//! something privileged leaves a line in the audit log, written in the same transaction.

use domain::{actor::Actor, id::ShopId, moment::Moment};
use engine::{
    ports::{Store, StoreFault},
    rows::Document,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::sync::Arc;

/// The kind of documents that hold the audit log.
pub const AUDIT: &str = "audit";
/// Above every id there is: ids have no character above `|`.
const ABOVE_ALL: &str = "~";

/// How often something is kept anew after others came first.
const OVERWRITE_TRIES_MAX: u32 = 8;

/// One privileged act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLine {
    /// Who.
    pub by: Actor,
    /// What, such as `key.revoked`.
    pub act: String,
    /// To which kind and id.
    pub target: String,
}

/// Typed access to the documents of the store.
#[derive(Clone)]
pub struct Registry {
    store: Arc<dyn Store>,
}

/// A document as read, with the version to write it back by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<T> {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: u64,
    /// When it last changed.
    pub at: Moment,
    /// What it says.
    pub body: T,
}

/// A change of a document.
pub struct Change<'a, T> {
    /// Whose.
    pub shop_id: &'a ShopId,
    /// The kind.
    pub kind: &'a str,
    /// Its id.
    pub id: &'a str,
    /// The version it replaces; 0 creates.
    pub replaces: u64,
    /// What it says now.
    pub body: &'a T,
}

impl Registry {
    /// A registry over a store.
    #[must_use]
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store }
    }

    /// What a document says.
    ///
    /// # Errors
    /// [`StoreFault`] if it cannot be read.
    pub async fn get<T: DeserializeOwned>(
        &self,
        shop_id: &ShopId,
        kind: &str,
        id: &str,
    ) -> Result<Option<T>, StoreFault> {
        Ok(self.entry(shop_id, kind, id).await?.map(|entry| entry.body))
    }

    /// A document with its version. An id may come from anywhere: of one with a NUL, which no
    /// database keeps, there is none.
    ///
    /// # Errors
    /// [`StoreFault`] if it cannot be read.
    pub async fn entry<T: DeserializeOwned>(
        &self,
        shop_id: &ShopId,
        kind: &str,
        id: &str,
    ) -> Result<Option<Entry<T>>, StoreFault> {
        if id.contains('\0') {
            return Ok(None);
        }
        self.store.document(shop_id, kind, id).await?.map(parse).transpose()
    }

    /// Documents of a kind with an id above `after`.
    ///
    /// # Errors
    /// [`StoreFault`] if they cannot be read.
    pub async fn list<T: DeserializeOwned>(
        &self,
        shop_id: &ShopId,
        kind: &str,
        after: &str,
        limit: u32,
    ) -> Result<Vec<Entry<T>>, StoreFault> {
        let documents = self.store.documents(shop_id, kind, after, limit).await?;
        documents.into_iter().map(parse).collect()
    }

    /// The last documents of a kind with an id below `before`, or of all, the last first.
    ///
    /// # Errors
    /// [`StoreFault`] if they cannot be read.
    pub async fn latest<T: DeserializeOwned>(
        &self,
        shop_id: &ShopId,
        kind: &str,
        before: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Entry<T>>, StoreFault> {
        let before = before.unwrap_or(ABOVE_ALL);
        let documents = self.store.documents_before(shop_id, kind, before, limit).await?;
        documents.into_iter().map(parse).collect()
    }

    /// Writes what is no privileged act, so that it leaves no line in the audit log. False if
    /// somebody else was first.
    ///
    /// # Errors
    /// [`StoreFault`] if it cannot be written.
    pub async fn keep<T: Serialize + Sync>(
        &self,
        change: Change<'_, T>,
        at: Moment,
    ) -> Result<bool, StoreFault> {
        self.put_together(vec![quiet(&change, at)?]).await
    }

    /// Writes a document and, with it, who did what. False if somebody else was first.
    ///
    /// # Errors
    /// [`StoreFault`] if it cannot be written.
    pub async fn put<T: Serialize + Sync>(
        &self,
        change: Change<'_, T>,
        by: &Actor,
        act: &str,
        at: Moment,
    ) -> Result<bool, StoreFault> {
        self.put_together(vec![draft(&change, by, act, at)?]).await
    }

    /// Keeps something over whatever was there, such as a draft: the last word counts.
    ///
    /// # Errors
    /// [`StoreFault`] if it cannot be written.
    pub async fn overwrite<T: Serialize + Sync>(
        &self,
        shop_id: &ShopId,
        (kind, id): (&str, &str),
        body: &T,
        at: Moment,
    ) -> Result<(), StoreFault> {
        for _ in 0..OVERWRITE_TRIES_MAX {
            let before = self.store.document(shop_id, kind, id).await?;
            let replaces = before.map_or(0, |before| before.version);
            if self.keep(Change { shop_id, kind, id, replaces, body }, at).await? {
                return Ok(());
            }
        }
        Err(StoreFault::Busy("a document is written by too many at once".to_owned()))
    }

    /// Writes several changes, all or none. False, and nothing written, if somebody else was
    /// first with one of them.
    ///
    /// # Errors
    /// [`StoreFault`] if they cannot be written.
    pub async fn put_together(&self, drafts: Vec<Draft>) -> Result<bool, StoreFault> {
        let documents: Vec<Document> =
            drafts.into_iter().flat_map(|Draft(documents)| documents).collect();
        self.store.put_documents(&documents).await
    }
}

/// A change ready to be written, with its line in the audit log.
pub struct Draft(Vec<Document>);

/// Makes a change ready to be written together with others.
///
/// # Errors
/// [`StoreFault::Broken`] if it cannot be written as JSON.
pub fn draft<T: Serialize>(
    change: &Change<'_, T>,
    by: &Actor,
    act: &str,
    at: Moment,
) -> Result<Draft, StoreFault> {
    let target = format!("{}/{}", change.kind, change.id);
    let line = AuditLine { by: by.clone(), act: act.to_owned(), target };
    Ok(Draft(vec![document(change, at)?, audit(change.shop_id, &line, at)?]))
}

/// Makes a change ready to be written that is part of an act which leaves its line elsewhere.
///
/// # Errors
/// [`StoreFault::Broken`] if it cannot be written as JSON.
pub fn quiet<T: Serialize>(change: &Change<'_, T>, at: Moment) -> Result<Draft, StoreFault> {
    Ok(Draft(vec![document(change, at)?]))
}

/// A line of the audit log by itself, for what happened rather than was done.
///
/// # Errors
/// [`StoreFault::Broken`] if it cannot be written as JSON.
pub fn line(shop_id: &ShopId, line: &AuditLine, at: Moment) -> Result<Draft, StoreFault> {
    Ok(Draft(vec![audit(shop_id, line, at)?]))
}

fn document<T: Serialize>(change: &Change<'_, T>, at: Moment) -> Result<Document, StoreFault> {
    Ok(Document {
        shop_id: change.shop_id.clone(),
        kind: change.kind.to_owned(),
        id: change.id.to_owned(),
        version: change.replaces.saturating_add(1),
        updated_at: at,
        body: text(change.body)?,
    })
}

fn audit(shop_id: &ShopId, line: &AuditLine, at: Moment) -> Result<Document, StoreFault> {
    Ok(Document {
        shop_id: shop_id.clone(),
        kind: AUDIT.to_owned(),
        id: crate::world::new_uuid().to_string(),
        version: 1,
        updated_at: at,
        body: text(line)?,
    })
}

fn text<T: Serialize>(body: &T) -> Result<String, StoreFault> {
    serde_json::to_string(body)
        .map_err(|error| StoreFault::Broken(format!("a document cannot be written: {error}")))
}

fn parse<T: DeserializeOwned>(document: Document) -> Result<Entry<T>, StoreFault> {
    let body = serde_json::from_str(&document.body).map_err(|error| {
        StoreFault::Broken(format!("a {} of the registry cannot be read: {error}", document.kind))
    })?;
    Ok(Entry { id: document.id, version: document.version, at: document.updated_at, body })
}
