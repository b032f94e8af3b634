//! What keeps open pages fresh: how many are kept open, and who is looking at which case, so that
//! two people on one case see each other.
//!
//! Who looks is known at once in this process, and kept for a moment in the registry, so that the
//! other processes of a large installation know it as well. It is a courtesy: what keeps people
//! from overwriting each other is the version at commit.

use crate::world::random_hex;
use domain::{
    id::{CaseId, PersonId, ShopId},
    moment::{Moment, Span},
};
use engine::{
    ports::{Store, StoreFault},
    rows::Document,
};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::{broadcast, watch};

/// Pages kept open at once; more look again from time to time.
const PAGES_MAX: usize = 2_000;
/// Pages kept open for one caller.
const PAGES_OF_ONE_MAX: usize = 8;
/// Comings and goings that a slow listener may still read up on.
const GOINGS_MAX: usize = 256;
/// The kind of documents that say where somebody looks: one for each person.
const PRESENCE: &str = "presence";
/// For so long other processes believe that somebody looks.
const BELIEVED: Span = Span::seconds(45);
/// People of a shop looked through.
const PEOPLE_MAX: u32 = 200;
/// Places of one person that are kept.
const PLACES_MAX: usize = 16;

/// A case as people look at it: merchants with those of their shop, the platform's people with
/// each other.
pub type Looked = (ShopId, CaseId);

/// What keeps open pages fresh.
#[derive(Debug)]
pub struct Live {
    here: Arc<Here>,
    /// What this process is called among others; nobody keeps it.
    node: String,
    closing: watch::Sender<bool>,
}

#[derive(Debug)]
struct Here {
    open: Mutex<Open>,
    lookers: Mutex<BTreeMap<Looked, BTreeMap<PersonId, usize>>>,
    goings: broadcast::Sender<Looked>,
}

#[derive(Debug, Default)]
struct Open {
    all: usize,
    by_caller: BTreeMap<String, usize>,
}

/// Where somebody looks, as kept.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Presence {
    places: Vec<Place>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Place {
    node: String,
    case_id: CaseId,
    until: Moment,
}

impl Default for Live {
    fn default() -> Self {
        let here = Here {
            open: Mutex::default(),
            lookers: Mutex::default(),
            goings: broadcast::channel(GOINGS_MAX).0,
        };
        let closing = watch::channel(false).0;
        Self { here: Arc::new(here), node: random_hex::<8>(), closing }
    }
}

impl Live {
    /// Room for one more open page of a caller; nothing if there are too many.
    #[must_use]
    pub fn room(&self, caller: &str) -> Option<Room> {
        let mut open = self.here.open.lock().unwrap_or_else(PoisonError::into_inner);
        let of_one = open.by_caller.get(caller).copied().unwrap_or_default();
        if open.all >= PAGES_MAX || of_one >= PAGES_OF_ONE_MAX {
            return None;
        }
        open.all = open.all.saturating_add(1);
        open.by_caller.insert(caller.to_owned(), of_one.saturating_add(1));
        Some(Room { here: Arc::clone(&self.here), caller: caller.to_owned() })
    }

    /// Somebody looks at a case for as long as what is given back is held.
    #[must_use]
    pub fn look(&self, looked: Looked, person: PersonId) -> Look {
        let mut lookers = self.here.lookers.lock().unwrap_or_else(PoisonError::into_inner);
        let pages = lookers.entry(looked.clone()).or_default().entry(person.clone()).or_default();
        *pages = pages.saturating_add(1);
        drop(lookers);
        // Nobody listens where nobody looks.
        let _heard = self.here.goings.send(looked.clone());
        Look { here: Arc::clone(&self.here), looked, person }
    }

    /// The cases to which somebody came, or from which somebody went, from now on.
    #[must_use]
    pub fn goings(&self) -> broadcast::Receiver<Looked> {
        self.here.goings.subscribe()
    }

    /// Tells the other processes where somebody looks.
    ///
    /// # Errors
    /// [`StoreFault`] if it cannot be kept. That another page of the same person was faster is
    /// none.
    pub async fn tell(
        &self,
        store: &dyn Store,
        look: &Look,
        now: Moment,
    ) -> Result<(), StoreFault> {
        let (shop_id, case_id) = &look.looked;
        let id = look.person.as_str();
        let known = store.document(shop_id, PRESENCE, id).await?;
        let version = known.as_ref().map_or(0, |document| document.version);
        let mut presence = known.map(|document| read(&document)).unwrap_or_default();
        presence.places.retain(|place| {
            place.until > now && (place.node != self.node || place.case_id != *case_id)
        });
        let until = now.after(BELIEVED);
        presence.places.insert(0, Place { node: self.node.clone(), case_id: *case_id, until });
        presence.places.truncate(PLACES_MAX);
        let Ok(body) = serde_json::to_string(&presence) else { return Ok(()) };
        let document = Document {
            shop_id: shop_id.clone(),
            kind: PRESENCE.to_owned(),
            id: id.to_owned(),
            version: version.saturating_add(1),
            updated_at: now,
            body,
        };
        store.put_documents(&[document]).await.map(|_| ())
    }

    /// Who else looks at a case, in every process.
    ///
    /// # Errors
    /// [`StoreFault`] if the other processes' people cannot be read.
    pub async fn others(
        &self,
        store: &dyn Store,
        look: &Look,
        now: Moment,
    ) -> Result<BTreeSet<PersonId>, StoreFault> {
        let mut people = self.here(&look.looked);
        let (shop_id, case_id) = &look.looked;
        for document in store.documents(shop_id, PRESENCE, "", PEOPLE_MAX).await? {
            let there = read(&document).places.into_iter().any(|place| {
                place.case_id == *case_id && place.node != self.node && place.until > now
            });
            if there {
                people.extend(PersonId::parse(&document.id));
            }
        }
        people.remove(&look.person);
        Ok(people)
    }

    /// Who looks at a case, in this process.
    #[must_use]
    pub fn here(&self, looked: &Looked) -> BTreeSet<PersonId> {
        let lookers = self.here.lookers.lock().unwrap_or_else(PoisonError::into_inner);
        lookers.get(looked).map(|people| people.keys().cloned().collect()).unwrap_or_default()
    }

    /// Ends all open pages; they come back to whoever serves then.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// Resolves when open pages must end.
    pub async fn closed(&self) {
        let mut closing = self.closing.subscribe();
        // Nobody left to tell is as good as being told.
        drop(closing.wait_for(|closing| *closing).await);
    }
}

/// What cannot be read says nothing: it is written anew within seconds.
fn read(document: &Document) -> Presence {
    serde_json::from_str(&document.body).unwrap_or_default()
}

/// The room of one open page, given back when it is dropped.
#[derive(Debug)]
pub struct Room {
    here: Arc<Here>,
    caller: String,
}

impl Drop for Room {
    fn drop(&mut self) {
        let mut open = self.here.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.all = open.all.saturating_sub(1);
        let left = open.by_caller.get(&self.caller).map_or(0, |count| count.saturating_sub(1));
        if left == 0 {
            open.by_caller.remove(&self.caller);
        } else {
            open.by_caller.insert(self.caller.clone(), left);
        }
    }
}

/// One look of somebody at a case, which ends when it is dropped.
#[derive(Debug)]
pub struct Look {
    here: Arc<Here>,
    looked: Looked,
    person: PersonId,
}

impl Drop for Look {
    fn drop(&mut self) {
        let mut lookers = self.here.lookers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(people) = lookers.get_mut(&self.looked) {
            let left = people.get(&self.person).map_or(0, |pages| pages.saturating_sub(1));
            if left == 0 {
                people.remove(&self.person);
            } else {
                people.insert(self.person.clone(), left);
            }
            if people.is_empty() {
                lookers.remove(&self.looked);
            }
        }
        drop(lookers);
        // Nobody listens where nobody looks.
        let _heard = self.here.goings.send(self.looked.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::{Live, PAGES_OF_ONE_MAX};
    use domain::{
        id::{CaseId, PersonId, ShopId},
        moment::{Moment, Span},
    };

    fn looked() -> super::Looked {
        let case_id = CaseId::parse("01890000-0000-7000-8000-000000000001").unwrap();
        (ShopId::parse("shop").unwrap(), case_id)
    }

    fn person(id: &str) -> PersonId {
        PersonId::parse(id).unwrap()
    }

    #[test]
    fn one_caller_does_not_take_all_the_room() {
        let live = Live::default();
        let rooms: Vec<_> = (0..PAGES_OF_ONE_MAX).map(|_| live.room("li").unwrap()).collect();
        assert!(live.room("li").is_none());
        assert!(live.room("wang").is_some());
        drop(rooms);
        assert!(live.room("li").is_some());
    }

    #[test]
    fn a_second_page_of_one_person_keeps_them_there() {
        let live = Live::default();
        let (first, second) =
            (live.look(looked(), person("li")), live.look(looked(), person("li")));
        drop(first);
        assert!(live.here(&looked()).contains(&person("li")));
        drop(second);
        assert!(live.here(&looked()).is_empty());
    }

    #[tokio::test]
    async fn another_process_sees_them_for_a_while() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}?mode=rwc", folder.path().join("live.db").display());
        let store = store::open(&url, &store::Options::default()).await.unwrap();
        let (one, other) = (Live::default(), Live::default());
        let (li, wang) = (one.look(looked(), person("li")), other.look(looked(), person("wang")));
        let now = Moment::from_ms(1_000_000);
        one.tell(store.as_ref(), &li, now).await.unwrap();
        one.tell(store.as_ref(), &li, now).await.unwrap();
        let seen = other.others(store.as_ref(), &wang, now).await.unwrap();
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [person("li")]);
        let later = now.after(Span::seconds(46));
        assert!(other.others(store.as_ref(), &wang, later).await.unwrap().is_empty());
        assert!(one.others(store.as_ref(), &li, now).await.unwrap().is_empty(), "not themselves");
    }
}
