//! Who has how many uploads open, and who has begun how much today: kept beside the uploads and
//! written in the same transaction, so that the limits hold under any number of parallel calls.

use super::{
    Files, Limits,
    digest::Digest,
    fault::Fault,
    registry::{Kept, Kind, load_or_empty, next},
    upload::{UploadId, Uploader},
};
use domain::{
    actor::{Actor, Side},
    id::ShopId,
    moment::Moment,
};
use engine::rows::Document;
use serde::{Deserialize, Serialize};

/// The id of a shop's book.
const BOOK: &str = "open";

/// The open uploads of a shop; expired ones stay until a sweep has cleared them away.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Book {
    pub(super) open: Vec<Entry>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) upload_id: UploadId,
    pub(super) owner: String,
    pub(super) expires_at: Moment,
}

/// What one owner has begun on one day in China.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Day {
    date: String,
    bytes: u64,
    files: u32,
}

/// Whose uploads they are: not the id itself, which may be an openid.
pub(super) fn owner_of(actor: &Actor) -> String {
    let (word, id) = match actor {
        Actor::Buyer(id) => ("buyer", id.as_str()),
        Actor::Person { id, .. } => ("person", id.as_str()),
        Actor::Key(id) => ("key", id.as_str()),
        Actor::Arbiter(id) => ("arbiter", id.as_str()),
        Actor::Operator(id) => ("operator", id.as_str()),
        Actor::System => ("system", ""),
    };
    let sum = Digest::of(format!("wanbi owner\0{word}\0{id}").as_bytes());
    sum.to_string().chars().take(32).collect()
}

impl Book {
    /// Adds an upload, if the shop and the owner have room for it.
    fn add(
        &mut self,
        entry: Entry,
        who: &Uploader,
        now: Moment,
        limits: &Limits,
    ) -> Result<(), Fault> {
        let open = || self.open.iter().filter(|other| now < other.expires_at);
        // Expired ones that no sweep has cleared away yet count too, so that the book is bounded.
        let kept_max = limits.open_per_shop_max.saturating_mul(5);
        if open().count() >= limits.open_per_shop_max || self.open.len() >= kept_max {
            return Err(Fault::TooManyOpen { max: limits.open_per_shop_max });
        }
        let own = open().filter(|other| other.owner == entry.owner).count();
        if who.actor.side() == Side::Buyer && own >= limits.open_per_buyer_max {
            return Err(Fault::TooManyOpen { max: limits.open_per_buyer_max });
        }
        self.open.push(entry);
        Ok(())
    }
}

impl Day {
    fn add(&mut self, bytes: u64, now: Moment, limits: &Limits) -> Result<(), Fault> {
        let date = now.date_in_china().to_string();
        if self.date != date {
            *self = Self { date, ..Self::default() };
        }
        self.bytes = self.bytes.saturating_add(bytes);
        self.files = self.files.saturating_add(1);
        let fits = self.bytes <= limits.day_bytes_max && self.files <= limits.day_files_max;
        if fits { Ok(()) } else { Err(Fault::QuotaUsedUp) }
    }
}

impl Files {
    /// The documents that count a new upload.
    pub(super) async fn counted(
        &self,
        who: &Uploader,
        (upload_id, bytes): (UploadId, u64),
        expires_at: Moment,
        now: Moment,
    ) -> Result<Vec<Document>, Fault> {
        let shop_id = &who.shop_id;
        let owner = owner_of(&who.actor);
        let mut book = self.book(shop_id).await?;
        let entry = Entry { upload_id, owner: owner.clone(), expires_at };
        book.value.add(entry, who, now, &self.limits)?;
        let mut counted = vec![next(shop_id, (Kind::Book, BOOK), &book, now)?];
        if who.actor.side() == Side::Buyer {
            let store = self.store.as_ref();
            let mut day: Kept<Day> = load_or_empty(store, shop_id, Kind::Day, &owner).await?;
            day.value.add(bytes, now, &self.limits)?;
            counted.push(next(shop_id, (Kind::Day, &owner), &day, now)?);
        }
        Ok(counted)
    }

    /// The book without these uploads; nothing if none of them is in it.
    pub(super) async fn closed(
        &self,
        shop_id: &ShopId,
        uploads: &[UploadId],
        now: Moment,
    ) -> Result<Option<Document>, Fault> {
        let mut book = self.book(shop_id).await?;
        let before = book.value.open.len();
        book.value.open.retain(|entry| !uploads.contains(&entry.upload_id));
        if book.value.open.len() == before {
            return Ok(None);
        }
        next(shop_id, (Kind::Book, BOOK), &book, now).map(Some)
    }

    pub(super) async fn book(&self, shop_id: &ShopId) -> Result<Kept<Book>, Fault> {
        load_or_empty(self.store.as_ref(), shop_id, Kind::Book, BOOK).await
    }
}
