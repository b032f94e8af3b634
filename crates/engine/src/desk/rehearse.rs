//! What a command would do, told before it is given.

use super::{Desk, Envelope, Trouble};
use domain::{event::Event, order::Order};
use std::sync::Arc;

/// The order as it is now, and what would happen to it.
pub struct Rehearsed {
    /// The order.
    pub order: Arc<Order>,
    /// What would happen.
    pub events: Vec<Event>,
}

impl Desk {
    /// Decides a command without carrying it out. What happens between the rehearsal and the
    /// command itself may change the answer, so whoever rehearses passes on the version.
    ///
    /// # Errors
    /// [`Trouble`] with the reason why it would not be carried out.
    pub async fn rehearse(&self, envelope: &Envelope) -> Result<Rehearsed, Trouble> {
        let order = self.order(&envelope.key).await?;
        self.insisted(&order, envelope).await?;
        let (events, ..) = self.decide(&order, envelope).await?;
        Ok(Rehearsed { order, events })
    }
}
