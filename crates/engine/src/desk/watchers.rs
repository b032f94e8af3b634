//! Those who wait for something to change: pages that stay open. Only they are told, so that what
//! nobody looks at costs a commit nothing.

use crate::rows::StreamKey;
use domain::id::ShopId;
use std::{
    collections::HashMap,
    hash::Hash,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::sync::watch;

/// Watched names are tidied when there are twice as many as last time, and at least so many.
const TIDY_MIN: usize = 64;

/// Who waits for what. Other processes write as well: whoever must miss nothing looks at the
/// version from time to time.
#[derive(Debug, Default)]
pub struct Watchers {
    watched: Mutex<Watched>,
    /// How many names are watched: most commits change what nobody looks at, and take no lock.
    names: AtomicUsize,
}

#[derive(Debug, Default)]
struct Watched {
    orders: Names<StreamKey>,
    shops: Names<ShopId>,
}

#[derive(Debug)]
struct Names<K> {
    by_name: HashMap<K, watch::Sender<u64>>,
    tidy_at: usize,
}

impl<K> Default for Names<K> {
    fn default() -> Self {
        Self { by_name: HashMap::new(), tidy_at: TIDY_MIN }
    }
}

impl Watchers {
    /// Changes when this process writes to an order: its version.
    #[must_use]
    pub fn order(&self, key: &StreamKey) -> watch::Receiver<u64> {
        self.watch(|watched| watched.orders.watch(key))
    }

    /// Changes when this process writes to any order of a shop: how often it did.
    #[must_use]
    pub fn shop(&self, shop_id: &ShopId) -> watch::Receiver<u64> {
        self.watch(|watched| watched.shops.watch(shop_id))
    }

    fn watch<T>(&self, begin: impl FnOnce(&mut Watched) -> T) -> T {
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        let begun = begin(&mut watched);
        let names = watched.orders.by_name.len().saturating_add(watched.shops.by_name.len());
        self.names.store(names, Ordering::Release);
        begun
    }

    /// An order was written.
    pub(super) fn written(&self, key: &StreamKey, version: u64) {
        if self.names.load(Ordering::Acquire) == 0 {
            return;
        }
        let watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        watched.orders.tell(key, |told| *told = version);
        watched.shops.tell(&key.shop_id, |told| *told = told.wrapping_add(1));
    }
}

impl<K: Clone + Eq + Hash> Names<K> {
    fn watch(&mut self, name: &K) -> watch::Receiver<u64> {
        if self.by_name.len() >= self.tidy_at {
            self.by_name.retain(|_, told| told.receiver_count() > 0);
            self.tidy_at = self.by_name.len().saturating_mul(2).max(TIDY_MIN);
        }
        let told = self.by_name.entry(name.clone()).or_insert_with(|| watch::channel(0).0);
        told.subscribe()
    }

    fn tell(&self, name: &K, change: impl FnOnce(&mut u64)) {
        if let Some(told) = self.by_name.get(name) {
            told.send_modify(change);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{TIDY_MIN, Watchers};
    use crate::rows::StreamKey;
    use domain::id::{OrderId, ShopId};

    fn key(order: &str) -> StreamKey {
        let shop_id = ShopId::parse("shop").unwrap();
        StreamKey { shop_id, order_id: OrderId::parse(order).unwrap() }
    }

    #[test]
    fn only_those_who_watch_it_are_told() {
        let watchers = Watchers::default();
        let (one, mut other) = (watchers.order(&key("1")), watchers.order(&key("2")));
        let mut shop = watchers.shop(&key("1").shop_id);
        watchers.written(&key("1"), 7);
        assert_eq!(*one.borrow(), 7);
        assert!(!other.has_changed().unwrap());
        assert!(shop.has_changed().unwrap());
        shop.mark_unchanged();
        watchers.written(&key("2"), 1);
        assert!(shop.has_changed().unwrap());
        assert_eq!(*other.borrow_and_update(), 1);
    }

    #[test]
    fn what_nobody_watches_any_more_is_forgotten() {
        let watchers = Watchers::default();
        for n in 0..TIDY_MIN * 4 {
            drop(watchers.order(&key(&n.to_string())));
        }
        assert!(watchers.watched.lock().unwrap().orders.by_name.len() <= TIDY_MIN);
    }
}
