//! An upload becomes a file: put together, summed, looked through and moved to its place; then,
//! in one transaction, the file is on record and the upload over. Before that transaction nothing
//! has happened, after it everything has, whenever the process is killed and however many do this
//! at the same time.

use super::{
    Files, WHOLE_BYTES_MAX,
    digest::{Digest, Summing},
    fault::Fault,
    file::StoredFile,
    registry::{Kept, Kind, TRIES_MAX, next},
    sniff::{Sniffed, Sniffer, sniff},
    storage::{Composing, part_of, place_of, staging_of},
    upload::{NewUpload, State, Upload, UploadId, Uploader},
};
use bytes::Bytes;
use domain::moment::Moment;
use object_store::path::Path;
use tokio::task::spawn_blocking;

impl Files {
    /// Makes a file of an upload whose parts are all there. Again, it answers the same file.
    ///
    /// # Errors
    /// [`Fault::Unfinished`] tells where to go on; [`Fault::Unfit`], [`Fault::DigestDiffers`],
    /// [`Fault::Refused`], [`Fault::Expired`], or the store's and the storage's.
    pub async fn finish(
        &self,
        who: &Uploader,
        upload_id: UploadId,
        now: Moment,
    ) -> Result<StoredFile, Fault> {
        let upload = self.upload(who, upload_id).await?;
        if upload.value.state == State::Finished {
            return self.file(&who.shop_id, &upload_id.file_id()?).await;
        }
        upload.value.refuse_unless_open(now)?;
        let next_offset = upload.value.next_offset();
        if next_offset < upload.value.size {
            return Err(Fault::Unfinished { next_offset });
        }
        let _turn = self.finishing.acquire().await.map_err(|_| Fault::Busy)?;
        match self.put_together(who, upload_id, &upload.value).await {
            Ok(found) => self.settle(who, upload_id, &found, now).await,
            Err(fault @ (Fault::Unfit(_) | Fault::DigestDiffers)) => {
                self.refuse(who, upload_id, &fault, now).await?;
                Err(fault)
            }
            Err(fault) => self.finished_meanwhile(who, upload_id, fault).await,
        }
    }

    /// Puts a small file on record in one call. Again with the same id, it answers the same file.
    ///
    /// # Errors
    /// As [`Files::begin`] and [`Files::finish`]; [`Fault::TooLargeAtOnce`].
    pub async fn put_whole(
        &self,
        who: &Uploader,
        new: &NewUpload,
        bytes: Bytes,
        now: Moment,
    ) -> Result<StoredFile, Fault> {
        if new.size > WHOLE_BYTES_MAX {
            return Err(Fault::TooLargeAtOnce { max: WHOLE_BYTES_MAX });
        }
        if u64::try_from(bytes.len()) != Ok(new.size) {
            return Err(Fault::WrongLength { expected: new.size });
        }
        let sha256 = Digest::of(&bytes);
        if new.sha256.is_some_and(|declared| declared != sha256) {
            return Err(Fault::DigestDiffers);
        }
        let sniffed = {
            let _turn = self.finishing.acquire().await.map_err(|_| Fault::Busy)?;
            let looked = bytes.clone();
            spawn_blocking(move || sniff(&looked)).await.map_err(|_| Fault::Busy)??
        };
        // The sum binds the id to these bytes, so that the same id with others is refused.
        let new = NewUpload { sha256: Some(sha256), ..new.clone() };
        let progress = self.begin(who, &new, now).await?;
        if progress.state == State::Open {
            let begun_at = self.upload(who, new.upload_id).await?.value.begun_at;
            let place = place_of(&who.shop_id, &new.upload_id.file_id()?, begun_at);
            self.storage.put(&place, bytes).await?;
        }
        self.settle(who, new.upload_id, &Found { sniffed, sha256 }, now).await
    }

    /// Reads the parts once: sums, looks through and writes at the same time, then moves the
    /// result to its place.
    async fn put_together(
        &self,
        who: &Uploader,
        upload_id: UploadId,
        upload: &Upload,
    ) -> Result<Found, Fault> {
        let staging = staging_of(&who.shop_id, &upload_id.to_string());
        let whole = staging.clone().join("whole");
        let mut composing = self.storage.compose(&whole).await?;
        let found = match self.copy_parts(&staging, upload, &mut composing).await {
            Ok(found) => found,
            Err(fault) => {
                composing.abandon().await;
                return Err(fault);
            }
        };
        composing.complete().await?;
        let place = place_of(&who.shop_id, &upload_id.file_id()?, upload.begun_at);
        self.storage.publish(&whole, &place, upload.size).await?;
        Ok(found)
    }

    async fn copy_parts(
        &self,
        staging: &Path,
        upload: &Upload,
        composing: &mut Composing,
    ) -> Result<Found, Fault> {
        let mut summing = Summing::default();
        let mut sniffer = Sniffer::new(upload.size);
        for (number, digest) in upload.parts.iter().enumerate() {
            let path = part_of(staging, number, digest);
            // A part that is gone was cleared away by whoever finished first, or by a sweep.
            let bytes = self.storage.read(&path).await?.ok_or(Fault::Busy)?;
            if Digest::of(&bytes) != *digest {
                return Err(Fault::Damaged);
            }
            summing.feed(&bytes);
            sniffer.feed(&bytes)?;
            composing.write(bytes).await?;
        }
        let sniffed = spawn_blocking(move || sniffer.finish()).await.map_err(|_| Fault::Busy)??;
        let sha256 = summing.finish();
        if upload.sha256.is_some_and(|declared| declared != sha256) {
            return Err(Fault::DigestDiffers);
        }
        Ok(Found { sniffed, sha256 })
    }

    /// The transaction that puts the file on record.
    async fn settle(
        &self,
        who: &Uploader,
        upload_id: UploadId,
        found: &Found,
        now: Moment,
    ) -> Result<StoredFile, Fault> {
        let id = upload_id.to_string();
        let _turn = self.turn(&who.shop_id).await;
        for _ in 0..TRIES_MAX {
            let mut upload = self.upload(who, upload_id).await?;
            if upload.value.state == State::Finished {
                return self.file(&who.shop_id, &upload_id.file_id()?).await;
            }
            if upload.value.state == State::Expired {
                // A sweep gave it up, and it will never be a file: the bytes just moved must go.
                let place = place_of(&who.shop_id, &upload_id.file_id()?, upload.value.begun_at);
                self.storage.delete(&place).await?;
            }
            upload.value.refuse_unless_open(now)?;
            let file = found.on_record(who, upload_id, &upload.value, now)?;
            upload.value.state = State::Finished;
            let fresh = Kept { value: file, version: 0 };
            let mut documents = vec![
                next(&who.shop_id, (Kind::File, &id), &fresh, now)?,
                next(&who.shop_id, (Kind::Upload, &id), &upload, now)?,
            ];
            documents.extend(self.closed(&who.shop_id, &[upload_id], now).await?);
            if self.store.put_documents(&documents).await? {
                self.clear(who, upload_id).await;
                return Ok(fresh.value);
            }
        }
        Err(Fault::Busy)
    }

    /// Remembers that the bytes were not fit, so that nobody looks through them again.
    async fn refuse(
        &self,
        who: &Uploader,
        upload_id: UploadId,
        fault: &Fault,
        now: Moment,
    ) -> Result<(), Fault> {
        let id = upload_id.to_string();
        let _turn = self.turn(&who.shop_id).await;
        for _ in 0..TRIES_MAX {
            let mut upload = self.upload(who, upload_id).await?;
            if upload.value.state != State::Open {
                return Ok(());
            }
            upload.value.state = State::Refused;
            upload.value.refusal = Some(fault.code().to_owned());
            let mut documents = vec![next(&who.shop_id, (Kind::Upload, &id), &upload, now)?];
            documents.extend(self.closed(&who.shop_id, &[upload_id], now).await?);
            if self.store.put_documents(&documents).await? {
                self.clear(who, upload_id).await;
                return Ok(());
            }
        }
        Err(Fault::Busy)
    }

    /// Another call may have been faster and have cleared the parts away under our hands: then its
    /// answer is ours.
    async fn finished_meanwhile(
        &self,
        who: &Uploader,
        upload_id: UploadId,
        fault: Fault,
    ) -> Result<StoredFile, Fault> {
        match self.upload(who, upload_id).await?.value.state {
            State::Finished => self.file(&who.shop_id, &upload_id.file_id()?).await,
            State::Expired => Err(Fault::Expired),
            State::Open | State::Refused => Err(fault),
        }
    }

    async fn clear(&self, who: &Uploader, upload_id: UploadId) {
        let staging = staging_of(&who.shop_id, &upload_id.to_string());
        if let Err(fault) = self.storage.clear(&staging).await {
            // The next sweep clears it away.
            tracing::warn!(upload.id = %upload_id, %fault, "staging of an upload is left behind");
        }
    }
}

/// What the bytes of an upload turned out to be.
struct Found {
    sniffed: Sniffed,
    sha256: Digest,
}

impl Found {
    fn on_record(
        &self,
        who: &Uploader,
        upload_id: UploadId,
        upload: &Upload,
        now: Moment,
    ) -> Result<StoredFile, Fault> {
        // Only bytes that agree with what was begun come here; an id never changes its bytes.
        if upload.sha256.is_some_and(|declared| declared != self.sha256) {
            return Err(Fault::DigestDiffers);
        }
        Ok(StoredFile {
            file_id: upload_id.file_id()?,
            shop_id: who.shop_id.clone(),
            order_id: upload.order_id.clone(),
            uploaded_by: upload.uploaded_by.clone(),
            name: upload.name.clone(),
            media: self.sniffed.media,
            kind: self.sniffed.kind,
            size: upload.size,
            sha256: self.sha256,
            width: self.sniffed.pixels.map(|pixels| pixels.width),
            height: self.sniffed.pixels.map(|pixels| pixels.height),
            duration_ms: self.sniffed.duration_ms,
            begun_at: upload.begun_at,
            stored_at: now,
        })
    }
}
