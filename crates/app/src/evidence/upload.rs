//! Uploads by parts: begun, continued after any break, each part stored once however often it is
//! sent (B3).

use super::{
    Files, PART_BYTES,
    book::owner_of,
    digest::Digest,
    fault::Fault,
    name::FileName,
    registry::{Kept, Kind, TRIES_MAX, load, next},
    sniff::{self, VIDEO_BYTES_MAX},
    storage::{part_of, staging_of},
};
use bytes::Bytes;
use domain::{
    actor::Actor,
    id::{FileId, OrderId, ShopId},
    moment::Moment,
};
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// An upload, and later the file that it brought: a UUID of version 7, so both sort by time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UploadId(Uuid);

impl UploadId {
    /// Takes a UUID, made where randomness enters.
    #[must_use]
    pub const fn new(uuid: Uuid) -> Self {
        Self(uuid)
    }

    /// Reads the usual form with hyphens.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Uuid::try_parse(text).ok().map(Self)
    }

    /// The file that it brings has the same id.
    pub(super) fn file_id(self) -> Result<FileId, Fault> {
        FileId::parse(&self.to_string()).map_err(|_| Fault::Unreadable("id"))
    }
}

impl fmt::Display for UploadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(f)
    }
}

impl fmt::Debug for UploadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(f)
    }
}

/// Who uploads: known and allowed to, where the call came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uploader {
    /// In which shop.
    pub shop_id: ShopId,
    /// Who.
    pub actor: Actor,
}

/// An upload as it is begun.
#[derive(Clone, Debug)]
pub struct NewUpload {
    /// Drawn by the caller; the same id again answers the same upload.
    pub upload_id: UploadId,
    /// The order that the file will be attached to.
    pub order_id: OrderId,
    /// What it was called on the uploader's device.
    pub name: Option<FileName>,
    /// How many bytes it has.
    pub size: u64,
    /// Their SHA-256 sum, if the uploader knows it.
    pub sha256: Option<Digest>,
}

/// A part of a file.
#[derive(Clone, Debug)]
pub struct Part {
    /// Where it begins: a multiple of the part size.
    pub offset: u64,
    /// Its bytes: the part size, or what is left.
    pub bytes: Bytes,
    /// Their SHA-256 sum, if the uploader sent it.
    pub sha256: Option<Digest>,
}

/// Where an upload stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Takes parts.
    Open,
    /// Is a file.
    Finished,
    /// Was not fit to be one.
    Refused,
    /// Was given up.
    Expired,
}

/// How far an upload is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Which.
    pub upload_id: UploadId,
    /// Where it stands.
    pub state: State,
    /// How many bytes the file has.
    pub size: u64,
    /// How many bytes every part but the last has.
    pub part_size: u64,
    /// Where the next part begins; the size when all are there.
    pub next_offset: u64,
    /// Until when it must be finished.
    pub expires_at: Moment,
}

/// An upload as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Upload {
    pub(super) order_id: OrderId,
    pub(super) uploaded_by: Actor,
    pub(super) name: Option<FileName>,
    pub(super) size: u64,
    pub(super) sha256: Option<Digest>,
    pub(super) part_size: u64,
    pub(super) parts: Vec<Digest>,
    pub(super) begun_at: Moment,
    pub(super) expires_at: Moment,
    pub(super) state: State,
    /// The code of the refusal, if it was refused.
    pub(super) refusal: Option<String>,
}

impl Upload {
    pub(super) fn next_offset(&self) -> u64 {
        let parts = u64::try_from(self.parts.len()).unwrap_or(u64::MAX);
        parts.saturating_mul(self.part_size).min(self.size)
    }

    /// Why it takes no more parts, if it does not.
    pub(super) fn refuse_unless_open(&self, now: Moment) -> Result<(), Fault> {
        match self.state {
            State::Open if now < self.expires_at => Ok(()),
            State::Open | State::Expired => Err(Fault::Expired),
            State::Refused => {
                Err(Fault::Refused { code: self.refusal.clone().unwrap_or_default() })
            }
            State::Finished => Err(Fault::WrongOffset { next_offset: self.size }),
        }
    }

    fn progress(&self, upload_id: UploadId, now: Moment) -> Progress {
        let over = self.state == State::Open && now >= self.expires_at;
        Progress {
            upload_id,
            state: if over { State::Expired } else { self.state },
            size: self.size,
            part_size: self.part_size,
            next_offset: self.next_offset(),
            expires_at: self.expires_at,
        }
    }

    fn is_by(&self, who: &Uploader) -> bool {
        owner_of(&self.uploaded_by) == owner_of(&who.actor)
    }

    fn is_begun_as(&self, new: &NewUpload) -> bool {
        self.order_id == new.order_id && self.size == new.size && self.sha256 == new.sha256
    }
}

impl Files {
    /// Begins an upload.
    ///
    /// # Errors
    /// [`Fault::Unfit`] for a size that no file may have, [`Fault::TooManyOpen`],
    /// [`Fault::QuotaUsedUp`], [`Fault::IdTaken`], or the store's.
    pub async fn begin(
        &self,
        who: &Uploader,
        new: &NewUpload,
        now: Moment,
    ) -> Result<Progress, Fault> {
        if new.size == 0 {
            return Err(sniff::Fault::Empty.into());
        }
        if new.size > VIDEO_BYTES_MAX {
            return Err(sniff::Fault::TooLarge { max: VIDEO_BYTES_MAX }.into());
        }
        let expires_at = now.after(self.limits.open_for);
        let upload = Upload {
            order_id: new.order_id.clone(),
            uploaded_by: who.actor.clone(),
            name: new.name.clone(),
            size: new.size,
            sha256: new.sha256,
            part_size: PART_BYTES,
            parts: Vec::new(),
            begun_at: now,
            expires_at,
            state: State::Open,
            refusal: None,
        };
        let fresh = Kept { value: upload, version: 0 };
        let id = new.upload_id.to_string();
        let _turn = self.turn(&who.shop_id).await;
        for _ in 0..TRIES_MAX {
            if let Some(known) = self.begun_before(who, new, &id).await? {
                return Ok(known.progress(new.upload_id, now));
            }
            let counts = (new.upload_id, new.size);
            let mut documents = self.counted(who, counts, expires_at, now).await?;
            documents.push(next(&who.shop_id, (Kind::Upload, &id), &fresh, now)?);
            if self.store.put_documents(&documents).await? {
                return Ok(fresh.value.progress(new.upload_id, now));
            }
        }
        Err(Fault::Busy)
    }

    /// The upload of that id, if this is the same one; of others the id is taken.
    async fn begun_before(
        &self,
        who: &Uploader,
        new: &NewUpload,
        id: &str,
    ) -> Result<Option<Upload>, Fault> {
        let known = load(self.store.as_ref(), &who.shop_id, Kind::Upload, id).await?;
        let Some(known): Option<Kept<Upload>> = known else { return Ok(None) };
        let same = known.value.is_by(who) && known.value.is_begun_as(new);
        if same { Ok(Some(known.value)) } else { Err(Fault::IdTaken) }
    }

    /// How far an upload is.
    ///
    /// # Errors
    /// [`Fault::NotFound`] if there is none of this uploader, or the store's.
    pub async fn status(
        &self,
        who: &Uploader,
        upload_id: UploadId,
        now: Moment,
    ) -> Result<Progress, Fault> {
        Ok(self.upload(who, upload_id).await?.value.progress(upload_id, now))
    }

    /// Stores the next part. The same part again is answered the same.
    ///
    /// # Errors
    /// [`Fault::WrongOffset`] tells where to go on; [`Fault::WrongLength`],
    /// [`Fault::DigestDiffers`], [`Fault::PartDiffers`], [`Fault::Unfit`] as soon as the first
    /// part shows it, [`Fault::Expired`], or the store's and the storage's.
    pub async fn put_part(
        &self,
        who: &Uploader,
        upload_id: UploadId,
        part: &Part,
        now: Moment,
    ) -> Result<Progress, Fault> {
        let digest = Digest::of(&part.bytes);
        if part.sha256.is_some_and(|declared| declared != digest) {
            return Err(Fault::DigestDiffers);
        }
        let id = upload_id.to_string();
        let mut stored = false;
        for _ in 0..TRIES_MAX {
            let mut upload = self.upload(who, upload_id).await?;
            let number = match place(&upload.value, part, now)? {
                Place::Next(number) => number,
                Place::Known(known) if known == digest => {
                    return Ok(upload.value.progress(upload_id, now));
                }
                Place::Known(_) => return Err(Fault::PartDiffers { offset: part.offset }),
            };
            if number == 0 {
                sniff::claim(&part.bytes, upload.value.size)?;
            }
            if !stored {
                let path = part_of(&staging_of(&who.shop_id, &id), number, &digest);
                self.storage.put(&path, part.bytes.clone()).await?;
                stored = true;
            }
            upload.value.parts.push(digest);
            let document = next(&who.shop_id, (Kind::Upload, &id), &upload, now)?;
            if self.store.put_documents(&[document]).await? {
                return Ok(upload.value.progress(upload_id, now));
            }
        }
        Err(Fault::Busy)
    }

    /// An upload of this uploader. Of others it is not told that there is one.
    pub(super) async fn upload(
        &self,
        who: &Uploader,
        upload_id: UploadId,
    ) -> Result<Kept<Upload>, Fault> {
        let id = upload_id.to_string();
        let found = load(self.store.as_ref(), &who.shop_id, Kind::Upload, &id).await?;
        let found: Kept<Upload> = found.ok_or(Fault::NotFound("upload"))?;
        if found.value.is_by(who) { Ok(found) } else { Err(Fault::NotFound("upload")) }
    }
}

enum Place {
    /// It is the next part, of this number.
    Next(usize),
    /// A part with this sum is there.
    Known(Digest),
}

fn place(upload: &Upload, part: &Part, now: Moment) -> Result<Place, Fault> {
    let next_offset = upload.next_offset();
    let known = part.offset < next_offset;
    if !known || upload.state != State::Finished {
        upload.refuse_unless_open(now)?;
    }
    let wrong_offset = Err(Fault::WrongOffset { next_offset });
    if part.offset > next_offset || part.offset >= upload.size {
        return wrong_offset;
    }
    let number = part.offset.checked_div(upload.part_size).unwrap_or_default();
    if number.saturating_mul(upload.part_size) != part.offset {
        return wrong_offset;
    }
    let expected = upload.part_size.min(upload.size.saturating_sub(part.offset));
    if u64::try_from(part.bytes.len()) != Ok(expected) {
        return Err(Fault::WrongLength { expected });
    }
    let number = usize::try_from(number).map_err(|_| Fault::WrongOffset { next_offset })?;
    Ok(upload.parts.get(number).map_or(Place::Next(number), |digest| Place::Known(*digest)))
}
