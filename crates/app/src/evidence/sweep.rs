//! Clears away what was begun and never finished, and what a killed process left behind. Kept are
//! files on record and uploads that may still be finished.

use super::{
    Files,
    fault::Fault,
    registry::{Kept, Kind, load, next},
    storage::{place_of, staging, staging_of},
    upload::{State, Upload, UploadId},
};
use domain::{
    id::ShopId,
    moment::{Moment, Span},
};
use std::collections::BTreeSet;

/// An upload is given up so long after it expired, when no call on it can still be running.
const GRACE: Span = Span::hours(1);
/// The most uploads of one shop that one sweep clears away.
const UPLOADS_MAX: usize = 500;

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Uploads that were given up.
    pub expired: usize,
    /// Uploads, over before, whose bytes were still lying in staging.
    pub cleared: usize,
}

impl Files {
    /// Sweeps every shop of which the storage holds anything.
    ///
    /// # Errors
    /// The store's or the storage's; what was swept stays swept.
    pub async fn sweep(&self, now: Moment) -> Result<Swept, Fault> {
        let mut names = self.storage.names_under(&staging()).await?;
        names.extend(self.storage.names_under(&object_store::path::Path::from("files")).await?);
        let shops: BTreeSet<ShopId> =
            names.iter().filter_map(|name| ShopId::parse(name).ok()).collect();
        let mut swept = Swept::default();
        for shop_id in &shops {
            let of_shop = self.sweep_shop(shop_id, now).await?;
            swept.expired = swept.expired.saturating_add(of_shop.expired);
            swept.cleared = swept.cleared.saturating_add(of_shop.cleared);
        }
        Ok(swept)
    }

    /// Sweeps one shop.
    ///
    /// # Errors
    /// The store's or the storage's; what was swept stays swept.
    pub async fn sweep_shop(&self, shop_id: &ShopId, now: Moment) -> Result<Swept, Fault> {
        let book = self.book(shop_id).await?;
        let over = |expires_at: Moment| now >= expires_at.after(GRACE);
        let expired = book.value.open.iter().filter(|entry| over(entry.expires_at));
        let mut uploads: BTreeSet<UploadId> = expired.map(|entry| entry.upload_id).collect();
        let staged = self.storage.names_under(&staging().join(shop_id.as_str())).await?;
        uploads.extend(staged.iter().filter_map(|name| UploadId::parse(name)));
        let (mut swept, mut done) = (Swept::default(), Vec::new());
        for upload_id in uploads.into_iter().take(UPLOADS_MAX) {
            match self.sweep_upload(shop_id, upload_id, now).await? {
                Found::Open => continue,
                Found::Expired => swept.expired = swept.expired.saturating_add(1),
                Found::Over => swept.cleared = swept.cleared.saturating_add(1),
            }
            done.push(upload_id);
        }
        let _turn = self.turn(shop_id).await;
        if let Some(closed) = self.closed(shop_id, &done, now).await? {
            // If somebody wrote the book in between, the next sweep takes them out of it.
            self.store.put_documents(&[closed]).await?;
        }
        Ok(swept)
    }

    async fn sweep_upload(
        &self,
        shop_id: &ShopId,
        upload_id: UploadId,
        now: Moment,
    ) -> Result<Found, Fault> {
        let id = upload_id.to_string();
        let found = load(self.store.as_ref(), shop_id, Kind::Upload, &id).await?;
        // Bytes come after the document of their upload, so these are not ours to delete.
        let Some(mut upload): Option<Kept<Upload>> = found else { return Ok(Found::Open) };
        let was_open = upload.value.state == State::Open;
        if was_open {
            if now < upload.value.expires_at.after(GRACE) {
                return Ok(Found::Open);
            }
            // First it is given up: whoever would finish it now is refused, and only then are
            // its bytes deleted.
            upload.value.state = State::Expired;
            let document = next(shop_id, (Kind::Upload, &id), &upload, now)?;
            if !self.store.put_documents(&[document]).await? {
                return Ok(Found::Open);
            }
        }
        if upload.value.state != State::Finished {
            let place = place_of(shop_id, &upload_id.file_id()?, upload.value.begun_at);
            self.storage.delete(&place).await?;
        }
        self.storage.clear(&staging_of(shop_id, &id)).await?;
        Ok(if was_open { Found::Expired } else { Found::Over })
    }
}

enum Found {
    Open,
    Expired,
    Over,
}
