//! Who needs to know how a buyer stands, and what is said where nobody does.

use super::{Desk, Trouble};
use crate::restriction::lifted_until;
use domain::{
    command::{Act, Command},
    id::ShopId,
    moment::{Moment, Span},
    money::{Currency, Money},
    order::Order,
    policy::Policy,
    refusal::Refusal,
    standing::Standing,
};

impl Desk {
    /// How the buyer of an order stands.
    pub(super) async fn standing(
        &self,
        shop_id: &ShopId,
        order: &Order,
        policy: &Policy,
        at: Moment,
    ) -> Result<Standing, Trouble> {
        let Some(facts) = &order.facts else { return Ok(unknown_standing(order)) };
        let since = at.before(Span::days(policy.limits.risk_days));
        let row = self.store.standing(shop_id, &facts.buyer_id, at.year_in_china(), since).await?;
        // Nearly nobody is restricted: whether it was lifted is looked up only for who would be.
        let lifted = if row.cases >= policy.limits.risk_cases {
            lifted_until(self.store(), shop_id, &facts.buyer_id).await?
        } else {
            None
        };
        let total = Money::new(row.refunded_minor, policy.limits.yearly.currency());
        Ok(Standing {
            refunded_this_year: total.map_err(Refusal::from)?,
            cases_in_window: row.cases,
            restriction_lifted_until: lifted,
        })
    }
}

/// Only what may open a case or move money needs to know how the buyer stands.
pub(super) const fn needs_standing(command: &Command) -> bool {
    match command {
        Command::RecordOrder(_) => false,
        Command::Open(_) => true,
        Command::Case { act, .. } => matches!(
            act,
            Act::Amend(_)
                | Act::Approve { .. }
                | Act::Offer { .. }
                | Act::AcceptOffer
                | Act::ConfirmProposal
                | Act::Inspect { .. }
                | Act::Rule { .. }
                | Act::Expire
        ),
    }
}

/// Nothing is known of the buyer, and nothing rests on it.
pub(super) fn unknown_standing(order: &Order) -> Standing {
    let currency = order.facts.as_ref().map_or(Currency::CNY, |facts| facts.currency);
    Standing {
        refunded_this_year: Money::zero(currency),
        cases_in_window: 0,
        restriction_lifted_until: None,
    }
}
