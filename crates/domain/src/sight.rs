//! What each side sees of what is on record, and what has to be seen before somebody decides.

use crate::{
    actor::Side,
    case::Audience,
    event::{CaseEvent, Event},
    record::Record,
};

impl CaseEvent {
    /// Whether every side sees it. What goes on inside the shop is the shop's (M4).
    #[must_use]
    pub const fn is_open_to_all(&self) -> bool {
        !matches!(
            self,
            Self::MessagePosted { audience: Audience::Merchant, .. }
                | Self::DecisionProposed { .. }
                | Self::ProposalDeclined { .. }
                | Self::Marked { .. }
        )
    }
}

impl Record {
    /// Whether a side sees it.
    #[must_use]
    pub fn is_open_to(&self, side: Side) -> bool {
        match &self.event {
            Event::Case { what, .. } => side == Side::Merchant || what.is_open_to_all(),
            Event::OrderRecorded(_) => true,
        }
    }

    /// Whether it is a message that the system sent by itself (I1).
    #[must_use]
    pub fn is_automatic(&self) -> bool {
        let Event::Case { what, .. } = &self.event else { return false };
        matches!(what, CaseEvent::MessagePosted { .. }) && self.by.side() == Side::System
    }

    /// Whether somebody of a side, who has not seen it, would decide on something else than they
    /// believe. What they never see does not bear on that, nor does what the system said by itself:
    /// an answer of the machine must not make a decision fail.
    #[must_use]
    pub fn bears_on(&self, side: Side) -> bool {
        self.is_open_to(side) && !self.is_automatic()
    }
}
