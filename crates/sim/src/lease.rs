//! Who holds which effect, seen from outside: nobody is given what another holds.

use domain::{
    id::{EffectId, ShopId},
    moment::{Moment, Span},
};
use engine::rows::DueEffect;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Clocks of processes stand apart by less than this.
const APART: Span = Span::seconds(5);

/// The leases of one run.
#[derive(Clone, Debug, Default)]
pub struct Leases(Arc<Mutex<Held>>);

#[derive(Debug, Default)]
struct Held {
    until: BTreeMap<(ShopId, EffectId), Moment>,
    broken: Vec<String>,
}

impl Leases {
    fn look(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody claimed these at a moment, until another, both by the clock of their process.
    pub fn claimed(&self, due: &[DueEffect], (now, lease_until): (Moment, Moment)) {
        let mut held = self.look();
        for effect in due {
            let key = (effect.key.shop_id.clone(), effect.effect_id.clone());
            let until = held.until.insert(key, lease_until);
            if until.is_some_and(|until| now.after(APART) < until) {
                held.broken.push(format!("{} {}", effect.effect_id, effect.kind));
            }
        }
    }

    /// An effect was given back, or is done with.
    pub fn ended(&self, shop_id: &ShopId, effect_id: &EffectId) {
        self.look().until.remove(&(shop_id.clone(), effect_id.clone()));
    }

    /// What was given to two at once.
    #[must_use]
    pub fn broken(&self) -> Option<String> {
        self.look().broken.first().cloned()
    }
}
