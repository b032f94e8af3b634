//! What a command would lead to, said before it is given: decided as it would be, and not written.

use super::{Desk, Envelope, Trouble};
use domain::{
    case::{ProposedDecision, Terms},
    command::Command,
    decide::{decide, ways},
    event::{CaseEvent, Event},
    order::Order,
    policy::Policy,
    refund::Refund,
    refusal::Refusal,
};
use std::sync::Arc;

/// What a command would lead to if it were given now.
#[derive(Clone, Debug)]
pub struct Foreseen {
    /// The order it was decided on.
    pub order: Arc<Order>,
    /// The policy it was decided by.
    pub policy: Arc<Policy>,
    /// What would happen.
    pub events: Vec<CaseEvent>,
    /// Which ways money would go: ordered at once, or later on the same terms as things stand.
    pub refunds: Vec<Refund>,
}

impl Desk {
    /// Decides a command on a case without carrying it out.
    ///
    /// # Errors
    /// [`Trouble`] with the reason why it would not be carried out.
    pub async fn foresee(&self, envelope: &Envelope) -> Result<Foreseen, Trouble> {
        let Command::Case { case_id, .. } = &envelope.command else {
            return Err(Refusal::NoSuchCase.into());
        };
        let order = self.order(&envelope.key).await?;
        let grounds = self.grounds(&order, envelope).await?;
        let ask = self.ask(&grounds, envelope);
        let events: Vec<CaseEvent> = decide(&order, &envelope.command, &ask)?
            .into_iter()
            .filter_map(|event| match event {
                Event::Case { what, .. } => Some(what),
                Event::OrderRecorded(_) => None,
            })
            .collect();
        let mut refunds = ordered(&events);
        if refunds.is_empty()
            && let Some(terms) = terms(&events)
        {
            refunds = ways(&order, *case_id, &terms, &ask)?;
        }
        Ok(Foreseen { order, policy: Arc::clone(&grounds.policy), events, refunds })
    }
}

fn ordered(events: &[CaseEvent]) -> Vec<Refund> {
    let mut all = Vec::new();
    for event in events {
        if let CaseEvent::RefundOrdered { refunds, .. }
        | CaseEvent::RefundReplaced { refunds, .. } = event
        {
            all.extend(refunds.iter().cloned());
        }
    }
    all
}

/// The terms on which money would go later.
fn terms(events: &[CaseEvent]) -> Option<Terms> {
    events.iter().rev().find_map(|event| {
        if let CaseEvent::OfferMade { offer, .. } = event {
            return Some(offer.terms.clone());
        }
        if let CaseEvent::Approved { terms, .. }
        | CaseEvent::DecisionProposed {
            decision:
                ProposedDecision::Approve { terms, .. } | ProposedDecision::Offer { terms, .. },
        } = event
        {
            return Some(terms.clone());
        }
        None
    })
}
