//! The process is killed: at any call to the storage, before or after it worked, and at any moment
//! between. What is on record then is whole, and the rest can go on or is swept away.

use super::{World, buyer, film, id, new, send};
use crate::evidence::{
    Digest, Fault, Files, Integrity, Storage,
    fixture::{MP4, boxed, joined},
};
use async_trait::async_trait;
use domain::moment::Span;
use futures_util::{StreamExt as _, stream::BoxStream};
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta,
    ObjectStore, PutMultipartOptions, PutOptions, PutPayload, PutResult, RenameOptions, Result,
    UploadPart, local::LocalFileSystem, path::Path,
};
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

/// A storage that fails from the n-th call on: every second time only after the call worked.
#[derive(Debug)]
struct Failing {
    inner: LocalFileSystem,
    left: Arc<AtomicI64>,
}

#[derive(Debug)]
struct FailingUpload {
    inner: Box<dyn MultipartUpload>,
    left: Arc<AtomicI64>,
}

fn dead() -> Error {
    Error::Generic { store: "failing", source: "killed".into() }
}

/// Counts a call; fails if the process was killed before it.
fn before(left: &AtomicI64) -> Result<()> {
    if left.fetch_sub(1, Ordering::Relaxed) > 0 { Ok(()) } else { Err(dead()) }
}

/// Fails if the process was killed right after this call worked.
fn after<T>(left: &AtomicI64, value: T) -> Result<T> {
    before(left).map(|()| value)
}

impl fmt::Display for Failing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("failing")
    }
}

#[async_trait]
impl ObjectStore for Failing {
    async fn put_opts(&self, at: &Path, bytes: PutPayload, how: PutOptions) -> Result<PutResult> {
        before(&self.left)?;
        let done = self.inner.put_opts(at, bytes, how).await?;
        after(&self.left, done)
    }

    async fn put_multipart_opts(
        &self,
        at: &Path,
        how: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        before(&self.left)?;
        let inner = self.inner.put_multipart_opts(at, how).await?;
        Ok(Box::new(FailingUpload { inner, left: Arc::clone(&self.left) }))
    }

    async fn get_opts(&self, at: &Path, how: GetOptions) -> Result<GetResult> {
        before(&self.left)?;
        self.inner.get_opts(at, how).await
    }

    fn delete_stream(
        &self,
        all: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        let left = Arc::clone(&self.left);
        self.inner.delete_stream(all).map(move |done| before(&left).and(done)).boxed()
    }

    fn list(&self, under: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.inner.list(under)
    }

    async fn list_with_delimiter(&self, under: Option<&Path>) -> Result<ListResult> {
        self.inner.list_with_delimiter(under).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, how: CopyOptions) -> Result<()> {
        self.inner.copy_opts(from, to, how).await
    }

    async fn rename_opts(&self, from: &Path, to: &Path, how: RenameOptions) -> Result<()> {
        before(&self.left)?;
        self.inner.rename_opts(from, to, how).await?;
        after(&self.left, ())
    }
}

#[async_trait]
impl MultipartUpload for FailingUpload {
    fn put_part(&mut self, bytes: PutPayload) -> UploadPart {
        let (part, left) = (self.inner.put_part(bytes), Arc::clone(&self.left));
        Box::pin(async move {
            before(&left)?;
            part.await
        })
    }

    async fn complete(&mut self) -> Result<PutResult> {
        before(&self.left)?;
        let done = self.inner.complete().await?;
        after(&self.left, done)
    }

    async fn abort(&mut self) -> Result<()> {
        before(&self.left)?;
        self.inner.abort().await
    }
}

fn failing(world: &World, calls: i64) -> Files {
    std::fs::create_dir_all(world.bytes_folder()).unwrap();
    let inner = LocalFileSystem::new_with_prefix(world.bytes_folder()).unwrap();
    let left = Arc::new(AtomicI64::new(calls));
    let storage = Storage::over(Arc::new(Failing { inner, left }));
    Files::new(Arc::clone(&world.store), storage, world.limits)
}

async fn check_whole(world: &World, number: u128, bytes: &[u8]) {
    let (files, who) = (world.files(), buyer("b1"));
    let file = files.finish(&who, id(number), world.now).await.unwrap();
    assert_eq!(file.sha256, Digest::of(bytes));
    let verified = files.verify(&who.shop_id, &file.file_id).await.unwrap();
    assert_eq!(verified, Integrity::Whole);
}

#[tokio::test]
async fn killed_at_any_call_an_upload_goes_on_and_leaves_nothing_behind() {
    let world = World::new().await;
    let (who, bytes) = (buyer("b1"), film());
    let mut killed = 0;
    for calls in 0..200 {
        let number = calls as u128;
        let begun = world.files().begin(&who, &new(number, &bytes), world.now).await.unwrap();
        let outcome = send(&failing(&world, calls), &who, begun, &bytes, world.now).await;
        killed += i32::from(outcome.is_err());
        if let Err(fault) = &outcome {
            assert!(matches!(fault, Fault::Storage { .. }), "{fault}");
        }

        let now = world.files().status(&who, id(number), world.now).await.unwrap();
        send(&world.files(), &who, now, &bytes, world.now).await.unwrap();
        check_whole(&world, number, &bytes).await;

        if outcome.is_ok() && calls > 24 {
            break;
        }
    }
    assert!(killed > 10, "{killed}");
    world.files().sweep(world.now).await.unwrap();
    assert!(world.paths().iter().all(|path| path.starts_with("files/") && !path.contains('#')));
}

#[tokio::test]
async fn killed_at_any_call_and_given_up_an_upload_is_swept_away() {
    let world = World::new().await;
    let who = buyer("b1");
    let bytes = joined(&[MP4, &boxed(b"free", &[0; 100])]);
    for calls in 0..12 {
        let number = calls as u128;
        let begun = world.files().begin(&who, &new(number, &bytes), world.now).await.unwrap();
        let files = failing(&world, calls);
        let finished = send(&files, &who, begun, &bytes, world.now).await.is_ok();
        let whole = failing(&world, calls % 3);
        let _killed = whole
            .put_whole(&who, &new(100 + number, &bytes), bytes.clone().into(), world.now)
            .await;

        world.files().sweep(world.at(Span::days(2))).await.unwrap();

        let kept =
            world.paths().iter().filter(|path| path.ends_with(&id(number).to_string())).count();
        let on_record = world.files().finish(&who, id(number), world.now).await.is_ok();
        assert_eq!((kept, on_record), (usize::from(on_record), finished || on_record), "{calls}");
        assert!(world.paths().iter().all(|path| path.starts_with("files/") && !path.contains('#')));
    }
}

async fn pass(moments: u32) {
    for _ in 0..moments {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn dropped_at_any_moment_a_finish_can_be_asked_for_again() {
    let world = World::new().await;
    let (who, bytes) = (buyer("b1"), film());
    let files = world.files();
    let begun = files.begin(&who, &new(1, &bytes), world.now).await.unwrap();
    for number in 0..3 {
        let part = super::part(&bytes, number);
        files.put_part(&who, begun.upload_id, &part, world.now).await.unwrap();
    }

    for moments in 0..60_u32 {
        tokio::select! {
            biased;
            outcome = files.finish(&who, id(1), world.now) => drop(outcome.unwrap()),
            () = pass(moments * moments) => {}
        }
    }

    check_whole(&world, 1, &bytes).await;
    files.sweep(world.at(Span::days(2))).await.unwrap();
    assert_eq!(world.paths(), [format!("files/shop-1/2026/11/{}", id(1))]);
}
