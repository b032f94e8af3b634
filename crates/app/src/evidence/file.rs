//! A file on record: what is known of it, its bytes as they came, and whether they still are.

use super::{
    Files,
    digest::{Digest, Summing},
    fault::Fault,
    name::FileName,
    registry::{Kept, Kind, load},
    sniff::Media,
    storage::place_of,
    upload::UploadId,
};
use bytes::Bytes;
use domain::{
    actor::Actor,
    id::{FileId, OrderId, ShopId},
    moment::Moment,
    policy::EvidenceKind,
};
use futures_util::{TryStreamExt as _, stream::BoxStream};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// A file on record. Nothing of it ever changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    /// Its id, that of the upload which brought it.
    pub file_id: FileId,
    /// Whose shop.
    pub shop_id: ShopId,
    /// To which order it was uploaded.
    pub order_id: OrderId,
    /// By whom.
    pub uploaded_by: Actor,
    /// What it was called there.
    pub name: Option<FileName>,
    /// What it is, by its bytes.
    pub media: Media,
    /// As what it counts.
    pub kind: EvidenceKind,
    /// How many bytes.
    pub size: u64,
    /// Their SHA-256 sum.
    pub sha256: Digest,
    /// Pixels across, as stored; a PDF has none.
    pub width: Option<u32>,
    /// Pixels down, as stored; a PDF has none.
    pub height: Option<u32>,
    /// How long a video lasts, where it says so.
    pub duration_ms: Option<u64>,
    /// When its upload began; its place goes by it.
    pub begun_at: Moment,
    /// When it was put on record.
    pub stored_at: Moment,
}

impl StoredFile {
    pub(super) fn place(&self) -> object_store::path::Path {
        place_of(&self.shop_id, &self.file_id, self.begun_at)
    }
}

/// What became of the bytes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Integrity {
    /// They are those that were put on record.
    Whole,
    /// They are others.
    Damaged,
    /// They are gone.
    Missing,
}

impl Files {
    /// What is known of a file.
    ///
    /// # Errors
    /// [`Fault::NotFound`], or the store's.
    pub async fn file(&self, shop_id: &ShopId, file_id: &FileId) -> Result<StoredFile, Fault> {
        // An id that no upload can have names no document of ours.
        let upload_id = UploadId::parse(file_id.as_str()).ok_or(Fault::NotFound("file"))?;
        let id = upload_id.to_string();
        let found = load(self.store.as_ref(), shop_id, Kind::File, &id).await?;
        let found: Kept<StoredFile> = found.ok_or(Fault::NotFound("file"))?;
        Ok(found.value)
    }

    /// The bytes of a file, or of a part of it, as they are read.
    ///
    /// # Errors
    /// [`Fault::Damaged`] if they are gone, or the storage's; in the stream as well.
    pub async fn read(
        &self,
        file: &StoredFile,
        range: Option<Range<u64>>,
    ) -> Result<BoxStream<'static, Result<Bytes, Fault>>, Fault> {
        self.storage.stream(&file.place(), range).await?.ok_or(Fault::Damaged)
    }

    /// A file and its bytes.
    ///
    /// # Errors
    /// As [`Files::file`] and [`Files::read`].
    pub async fn open(
        &self,
        shop_id: &ShopId,
        file_id: &FileId,
    ) -> Result<(StoredFile, BoxStream<'static, Result<Bytes, Fault>>), Fault> {
        let file = self.file(shop_id, file_id).await?;
        let bytes = self.read(&file, None).await?;
        Ok((file, bytes))
    }

    /// Whether the stored bytes are still those that were put on record: sums them up again.
    ///
    /// # Errors
    /// [`Fault::NotFound`], or the store's and the storage's.
    pub async fn verify(&self, shop_id: &ShopId, file_id: &FileId) -> Result<Integrity, Fault> {
        let file = self.file(shop_id, file_id).await?;
        let Some(mut bytes) = self.storage.stream(&file.place(), None).await? else {
            return Ok(Integrity::Missing);
        };
        let mut summing = Summing::default();
        let mut size = 0_u64;
        while let Some(piece) = bytes.try_next().await? {
            size = size.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
            // A file that is longer, or shrinks while it is read, need not be read to its end.
            if size > file.size || piece.is_empty() {
                return Ok(Integrity::Damaged);
            }
            summing.feed(&piece);
        }
        let whole = size == file.size && summing.finish() == file.sha256;
        Ok(if whole { Integrity::Whole } else { Integrity::Damaged })
    }
}
