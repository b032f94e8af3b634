//! The version that a caller insists on.

use super::{Desk, Envelope, Trouble};
use crate::consequence::read;
use domain::{order::Order, refusal::Refusal};

impl Desk {
    /// Refuses a command whose caller has not seen what bears on it. What the system said
    /// meanwhile by itself, or what a side never sees, stands in nobody's way.
    pub(super) async fn insisted(&self, order: &Order, envelope: &Envelope) -> Result<(), Trouble> {
        let Some(seen) = envelope.expected else { return Ok(()) };
        if seen == order.version {
            return Ok(());
        }
        let passed = || Trouble::from(Refusal::VersionPassed { now: order.version });
        if seen > order.version {
            return Err(passed());
        }
        for stored in self.store.load(&envelope.key, seen).await? {
            // What is written since then is met at the commit.
            if stored.version <= order.version && read(&stored)?.bears_on(envelope.by.side()) {
                return Err(passed());
            }
        }
        Ok(())
    }
}
