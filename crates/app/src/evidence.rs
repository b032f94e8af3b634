//! Evidence files (B3, C3, P3): pictures, videos and documents come in by parts, are told by their
//! bytes what they are, kept as they came, and handed out in ways that run nothing.
//!
//! What is known of a file lies in the registry (documents `upload` and `file`, the shop's
//! `upload_book`, each owner's `upload_day`); the bytes lie in [`storage`]. Bytes come first,
//! under a staging path; a file exists when its document does.

mod book;
mod digest;
mod fault;
mod file;
mod finish;
#[cfg(test)]
pub(crate) mod fixture;
pub mod http;
mod name;
mod registry;
pub mod serve;
pub mod sniff;
mod storage;
mod sweep;
#[cfg(test)]
mod tests;
mod upload;
pub mod words;

pub use digest::Digest;
pub use fault::{Fault, Retry};
pub use file::{Integrity, StoredFile};
pub use name::{FileName, NAME_CHARS_MAX};
pub use storage::Storage;
pub use sweep::Swept;
pub use upload::{NewUpload, Part, Progress, State, UploadId, Uploader};

use domain::{id::ShopId, moment::Span};
use engine::ports::Store;
use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::Arc,
};
use tokio::sync::{Mutex, MutexGuard, Semaphore};

/// A file that comes whole, in one call: 8 MiB.
pub const WHOLE_BYTES_MAX: u64 = 8 * 1024 * 1024;
/// Every part of an upload but the last: 1 MiB.
pub const PART_BYTES: u64 = 1024 * 1024;
/// Shops share so many locks on their books.
const TURNS: usize = 64;
/// Files are put together and looked through only so many at a time; each may hold 20 MiB.
const FINISHING_MAX: usize = 4;

/// How much may be uploaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Uploads open at the same time in one shop.
    pub open_per_shop_max: usize,
    /// Uploads open at the same time of one buyer.
    pub open_per_buyer_max: usize,
    /// Bytes that one buyer may begin to upload on one day in China.
    pub day_bytes_max: u64,
    /// Files that one buyer may begin to upload on one day in China.
    pub day_files_max: u32,
    /// An upload must be finished within so long.
    pub open_for: Span,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            open_per_shop_max: 200,
            open_per_buyer_max: 20,
            day_bytes_max: 1024 * 1024 * 1024,
            day_files_max: 200,
            open_for: Span::hours(24),
        }
    }
}

/// The files of all shops.
pub struct Files {
    store: Arc<dyn Store>,
    storage: Storage,
    limits: Limits,
    finishing: Semaphore,
    // Calls of one process take turns at a shop's book; those of several meet at its version.
    turns: [Mutex<()>; TURNS],
}

impl Files {
    /// Files described in `store`, with their bytes in `storage`.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, storage: Storage, limits: Limits) -> Self {
        let turns = std::array::from_fn(|_| Mutex::new(()));
        Self { store, storage, limits, finishing: Semaphore::new(FINISHING_MAX), turns }
    }

    /// A turn at the book of a shop.
    async fn turn(&self, shop_id: &ShopId) -> Option<MutexGuard<'_, ()>> {
        let mut hasher = DefaultHasher::new();
        shop_id.hash(&mut hasher);
        let number = usize::try_from(hasher.finish()).unwrap_or_default() % TURNS;
        match self.turns.get(number) {
            Some(turn) => Some(turn.lock().await),
            None => None,
        }
    }
}
