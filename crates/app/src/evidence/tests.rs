//! Uploads and files over a real database and a real folder: what people and attackers send, in
//! any order, however often, with the process killed at any moment.

mod http;
mod killed;
mod limits;
mod parts;
mod stored;

use super::{
    Digest, Fault, FileName, Files, Limits, NewUpload, Part, Progress, Storage, StoredFile,
    UploadId, Uploader,
    fixture::{MP4, boxed, joined},
};
use bytes::Bytes;
use domain::{
    actor::Actor,
    id::{BuyerId, OrderId, ShopId},
    moment::{Moment, Span},
};
use engine::ports::Store;
use std::{path::PathBuf, sync::Arc};
use tempfile::TempDir;
use uuid::Uuid;

const MIB: usize = 1024 * 1024;

/// A database and a folder that outlive the process, as far as these tests have one.
struct World {
    folder: TempDir,
    store: Arc<dyn Store>,
    limits: Limits,
    now: Moment,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("wanbi.db").display());
        let store = store::open(&url, &store::Options::default()).await.unwrap();
        let now = Moment::parse("2026-11-23T02:00:00Z").unwrap();
        Self { folder, store, limits: Limits::default(), now }
    }

    fn bytes_folder(&self) -> PathBuf {
        self.folder.path().join("bytes")
    }

    /// A process started anew.
    fn files(&self) -> Files {
        let storage = Storage::open(self.bytes_folder().to_str().unwrap(), &[]).unwrap();
        Files::new(Arc::clone(&self.store), storage, self.limits)
    }

    /// Every file in the storage, by its path.
    fn paths(&self) -> Vec<String> {
        let root = self.bytes_folder();
        let mut paths = vec![root.clone()];
        let mut at = 0;
        while let Some(path) = paths.get(at) {
            let inside = std::fs::read_dir(path).into_iter().flatten();
            paths.extend(inside.map(|entry| entry.unwrap().path()).collect::<Vec<_>>());
            at += 1;
        }
        let files = paths.iter().filter(|path| path.is_file());
        let names =
            files.map(|path| path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    fn at(&self, span: Span) -> Moment {
        self.now.after(span)
    }
}

fn buyer(id: &str) -> Uploader {
    let actor = Actor::Buyer(BuyerId::parse(id).unwrap());
    Uploader { shop_id: ShopId::parse("shop-1").unwrap(), actor }
}

fn id(number: u128) -> UploadId {
    UploadId::new(Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0000 + number))
}

fn new(number: u128, bytes: &[u8]) -> NewUpload {
    NewUpload {
        upload_id: id(number),
        order_id: OrderId::parse("order-1").unwrap(),
        name: FileName::tidy("破损.mp4"),
        size: bytes.len() as u64,
        sha256: Some(Digest::of(bytes)),
    }
}

fn part(bytes: &[u8], number: usize) -> Part {
    let offset = number * MIB;
    let end = bytes.len().min(offset + MIB);
    Part {
        offset: offset as u64,
        bytes: Bytes::copy_from_slice(&bytes[offset.min(end)..end]),
        sha256: None,
    }
}

/// A video of two and a half parts.
fn film() -> Vec<u8> {
    let media: Vec<u8> = (0..5 * MIB / 2).map(|at| (at * 31 % 251) as u8).collect();
    joined(&[MP4, &boxed(b"mdat", &media)])
}

/// Sends all parts from where the upload stands, and finishes it.
async fn send(
    files: &Files,
    who: &Uploader,
    progress: Progress,
    bytes: &[u8],
    now: Moment,
) -> Result<StoredFile, Fault> {
    let mut progress = progress;
    while progress.next_offset < progress.size {
        let number = usize::try_from(progress.next_offset).unwrap() / MIB;
        progress = files.put_part(who, progress.upload_id, &part(bytes, number), now).await?;
    }
    files.finish(who, progress.upload_id, now).await
}

#[track_caller]
fn check_code<T: std::fmt::Debug>(outcome: Result<T, Fault>, code: &str) {
    match outcome {
        Err(fault) => assert_eq!(fault.code(), code, "{fault}"),
        Ok(value) => panic!("{value:?}, wanted {code}"),
    }
}
