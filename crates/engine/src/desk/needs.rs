//! Who needs to know how a buyer stands, and what is said where nobody does.

use domain::{
    command::{Act, Command},
    money::{Currency, Money},
    order::Order,
    standing::Standing,
};

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
