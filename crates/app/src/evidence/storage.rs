//! Where the bytes lie: a folder, or a bucket that speaks the S3 protocol. A call that returned
//! has its bytes on the disk: `LocalFileSystem` is told to sync files and folders.

use super::{
    digest::Digest,
    fault::{Fault, storing},
};
use bytes::Bytes;
use domain::{
    id::{FileId, ShopId},
    moment::Moment,
};
use futures_util::{
    StreamExt as _, TryStreamExt as _,
    stream::{self, BoxStream},
};
use object_store::{
    Error, GetOptions, GetRange, ObjectStore, ObjectStoreExt as _, PutPayload,
    local::LocalFileSystem, path::Path,
};
use std::{ops::Range, path::PathBuf, sync::Arc};

/// The storage of files.
#[derive(Clone)]
pub struct Storage {
    objects: Arc<dyn ObjectStore>,
    folder: Option<LocalFileSystem>,
}

impl Storage {
    /// Opens the storage that a URL names: a path, `file:///path`, or `s3://bucket/prefix` with
    /// the keys that `object_store` knows (`aws_endpoint`, `aws_region`, `aws_access_key_id`,
    /// `aws_secret_access_key`, `aws_virtual_hosted_style_request`, …). A folder is made if
    /// there is none.
    ///
    /// # Errors
    /// [`Fault::Configuration`]. The keys are not repeated in it.
    pub fn open(url: &str, keys: &[(String, String)]) -> Result<Self, Fault> {
        match url.split_once("://") {
            None => Self::folder(url.into()),
            Some(("file", path)) => Self::folder(path.into()),
            Some(("s3", place)) => Self::bucket(place, keys),
            Some(_) => Err(Fault::Configuration("not a path, file: or s3: URL".into())),
        }
    }

    fn folder(path: PathBuf) -> Result<Self, Fault> {
        let failed = |why: &dyn std::fmt::Display| {
            Fault::Configuration(format!("folder {}: {why}", path.display()))
        };
        std::fs::create_dir_all(&path).map_err(|error| failed(&error))?;
        let folder = LocalFileSystem::new_with_prefix(&path).map_err(|error| failed(&error))?;
        let folder = folder.with_fsync(true).with_automatic_cleanup(true);
        Ok(Self { objects: Arc::new(folder.clone()), folder: Some(folder) })
    }

    #[cfg(feature = "s3")]
    fn bucket(place: &str, keys: &[(String, String)]) -> Result<Self, Fault> {
        use object_store::{aws::AmazonS3Builder, prefix::PrefixStore};
        let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
        let mut builder = AmazonS3Builder::new().with_bucket_name(bucket);
        for (name, value) in keys {
            let unknown = |_| Fault::Configuration(format!("there is no key {name}"));
            builder = builder.with_config(name.parse().map_err(unknown)?, value);
        }
        let bucket = builder.build().map_err(|error| Fault::Configuration(error.to_string()))?;
        let objects: Arc<dyn ObjectStore> = match prefix.trim_matches('/') {
            "" => Arc::new(bucket),
            prefix => Arc::new(PrefixStore::new(bucket, prefix)),
        };
        Ok(Self { objects, folder: None })
    }

    #[cfg(not(feature = "s3"))]
    fn bucket(_place: &str, _keys: &[(String, String)]) -> Result<Self, Fault> {
        Err(Fault::Configuration("this program was built without the feature s3".into()))
    }

    /// Any other storage, for tests and embedding.
    #[must_use]
    pub fn over(objects: Arc<dyn ObjectStore>) -> Self {
        Self { objects, folder: None }
    }

    pub(super) async fn put(&self, path: &Path, bytes: Bytes) -> Result<(), Fault> {
        let put = self.objects.put(path, PutPayload::from(bytes)).await;
        put.map(drop).map_err(storing("store bytes"))
    }

    /// A new object, written piece by piece; nothing is seen of it before it is complete.
    pub(super) async fn compose(&self, path: &Path) -> Result<Composing, Fault> {
        let upload = self.objects.put_multipart(path).await.map_err(storing("begin an object"))?;
        Ok(Composing { upload, waiting: Vec::new(), waiting_bytes: 0 })
    }

    /// The whole object; nothing if there is none.
    pub(super) async fn read(&self, path: &Path) -> Result<Option<Bytes>, Fault> {
        let found = match self.objects.get(path).await {
            Err(Error::NotFound { .. }) => return Ok(None),
            found => found.map_err(storing("find bytes"))?,
        };
        found.bytes().await.map(Some).map_err(storing("read bytes"))
    }

    /// The size of an object; nothing if there is none.
    pub(super) async fn size(&self, path: &Path) -> Result<Option<u64>, Fault> {
        match self.objects.head(path).await {
            Err(Error::NotFound { .. }) => Ok(None),
            found => found.map(|found| Some(found.size)).map_err(storing("look at an object")),
        }
    }

    /// An object, or a part of it, as it is read; nothing if there is none.
    pub(super) async fn stream(
        &self,
        path: &Path,
        range: Option<Range<u64>>,
    ) -> Result<Option<BoxStream<'static, Result<Bytes, Fault>>>, Fault> {
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        let found = match self.objects.get_opts(path, options).await {
            Err(Error::NotFound { .. }) => return Ok(None),
            found => found.map_err(storing("find bytes"))?,
        };
        Ok(Some(found.into_stream().map_err(storing("read bytes")).boxed()))
    }

    /// Moves a complete object to its place. Another call may have moved it just before: then
    /// the place holds an object of this size.
    pub(super) async fn publish(&self, from: &Path, to: &Path, size: u64) -> Result<(), Fault> {
        match self.objects.rename(from, to).await {
            Err(Error::NotFound { .. }) => match self.size(to).await? {
                Some(known) if known == size => Ok(()),
                _ => Err(Fault::Busy),
            },
            moved => moved.map_err(storing("move an object")),
        }
    }

    /// Deletes an object; none is well too.
    pub(super) async fn delete(&self, path: &Path) -> Result<(), Fault> {
        match self.objects.delete(path).await {
            Err(Error::NotFound { .. }) => Ok(()),
            deleted => deleted.map_err(storing("delete an object")),
        }
    }

    /// Deletes all that lies under a staging path, half-written files of a killed process too.
    pub(super) async fn clear(&self, under: &Path) -> Result<(), Fault> {
        let found: Vec<_> =
            self.objects.list(Some(under)).try_collect().await.map_err(storing("list staging"))?;
        let paths = found.into_iter().map(|object| Ok(object.location));
        let deleted: Result<Vec<_>, Error> = self
            .objects
            .delete_stream(stream::iter(paths).boxed())
            .filter(|deleted| {
                let gone = matches!(deleted, Err(Error::NotFound { .. }));
                std::future::ready(!gone)
            })
            .try_collect()
            .await;
        deleted.map_err(storing("clear staging"))?;
        if let Some(folder) = &self.folder
            && let Ok(path) = folder.path_to_filesystem(under)
        {
            // Gone already, as is usual: nothing to do. Otherwise the next sweep finds it again.
            let _left = tokio::fs::remove_dir_all(path).await;
        }
        Ok(())
    }

    /// The names directly under a path.
    pub(super) async fn names_under(&self, path: &Path) -> Result<Vec<String>, Fault> {
        let listed = self.objects.list_with_delimiter(Some(path)).await;
        let listed = listed.map_err(storing("list names"))?;
        let last = |path: &Path| path.parts().next_back().map(|part| decoded(part.as_ref()));
        Ok(listed.common_prefixes.iter().filter_map(last).collect())
    }
}

/// An object being written.
pub(super) struct Composing {
    upload: Box<dyn object_store::MultipartUpload>,
    waiting: Vec<Bytes>,
    waiting_bytes: usize,
}

/// S3 wants pieces of at least 5 MiB, all but the last.
const PIECE_BYTES: usize = 8 * 1024 * 1024;

impl Composing {
    pub(super) async fn write(&mut self, bytes: Bytes) -> Result<(), Fault> {
        self.waiting_bytes = self.waiting_bytes.saturating_add(bytes.len());
        self.waiting.push(bytes);
        if self.waiting_bytes < PIECE_BYTES { Ok(()) } else { self.flush().await }
    }

    async fn flush(&mut self) -> Result<(), Fault> {
        self.waiting_bytes = 0;
        let piece: PutPayload = std::mem::take(&mut self.waiting).into_iter().collect();
        self.upload.put_part(piece).await.map_err(storing("write an object"))
    }

    pub(super) async fn complete(mut self) -> Result<(), Fault> {
        if self.waiting_bytes > 0 {
            self.flush().await?;
        }
        self.upload.complete().await.map(drop).map_err(storing("complete an object"))
    }

    /// Gives it up. If that fails too, a sweep, or the bucket's own rule, clears it away.
    pub(super) async fn abandon(mut self) {
        let _failed = self.upload.abort().await;
    }
}

/// Staging of a shop, or of all shops.
pub(super) fn staging() -> Path {
    Path::from("staging")
}

/// Staging of one upload.
pub(super) fn staging_of(shop_id: &ShopId, upload_id: &str) -> Path {
    staging().join(shop_id.as_str()).join(upload_id)
}

/// One part. Its sum is in its name, so that a part sent at the same time with other bytes does
/// not replace it.
pub(super) fn part_of(staging: &Path, number: usize, digest: &Digest) -> Path {
    staging.clone().join(format!("{number:05}-{digest}"))
}

/// The place of a finished file, by the month in which its upload began.
pub(super) fn place_of(shop_id: &ShopId, file_id: &FileId, begun_at: Moment) -> Path {
    let date = begun_at.date_in_china();
    let (year, month) = (format!("{:04}", date.year()), format!("{:02}", date.month()));
    Path::from("files").join(shop_id.as_str()).join(year).join(month).join(file_id.as_str())
}

/// Ids may have letters that paths may not; those are written `%` and two hex digits.
fn decoded(part: &str) -> String {
    let mut text = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let [first, after @ ..] = rest {
        let digits = after.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        match digits.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(byte) if *first == b'%' => {
                text.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                text.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&text).into_owned()
}
