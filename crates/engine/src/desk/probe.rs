//! What would be possible: several applications on one order, judged on one look at it.

use super::{Desk, Trouble};
use crate::rows::StreamKey;
use domain::{
    actor::Actor,
    ask::Ask,
    command::Filing,
    decide::{Assessment, assess},
    id::{CaseId, CommandId},
    order::Order,
    policy::Policy,
    refusal::Refusal,
};
use std::sync::Arc;

/// What was seen, and what became of each application.
pub struct Probed {
    /// The order.
    pub order: Arc<Order>,
    /// The policy in force.
    pub policy: Arc<Policy>,
    /// In the order of the applications.
    pub assessments: Vec<Assessment>,
}

impl Desk {
    /// Judges applications without filing them; a case being amended does not stand in its own
    /// way.
    ///
    /// # Errors
    /// [`Trouble`] if there is no such order or one cannot be judged.
    pub async fn probe(
        &self,
        key: &StreamKey,
        filings: &[Filing],
        amends: Option<CaseId>,
        by: &Actor,
    ) -> Result<Probed, Trouble> {
        let order = self.order(key).await?;
        let facts = order.facts.as_ref().ok_or(Refusal::NoSuchOrder)?;
        if let Actor::Buyer(buyer_id) = by
            && *buyer_id != facts.buyer_id
        {
            return Err(Refusal::NoSuchOrder.into());
        }
        let shop = self.rulebook.shop(&key.shop_id).await?;
        let policy = self.rulebook.policy(&key.shop_id, shop.policy_version).await?;
        let at = self.clock.now();
        let standing = self.standing(&key.shop_id, &order, &policy, at).await?;
        let ask = Ask {
            at,
            by,
            command: CommandId::NONE,
            policy: &policy,
            policy_version: shop.policy_version,
            calendar: self.rulebook.calendar(),
            shop: &shop.settings,
            standing: &standing,
        };
        let judged = filings.iter().map(|filing| assess(&order, facts, filing, amends, &ask));
        let assessments = judged.collect::<Result<Vec<_>, _>>().map_err(Refusal::from)?;
        Ok(Probed { assessments, policy, order: Arc::clone(&order) })
    }
}
