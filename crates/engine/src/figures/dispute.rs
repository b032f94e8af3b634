//! What a dispute would likely cost the shop (P1), said before a rejection is sent.
//!
//! How likely the platform rules for the buyer is taken from the shop's own rulings for the same
//! reason, where there are at least [`RULINGS_MIN`]; otherwise from the policy: a request that it
//! finds justified is granted in nine of ten cases, one that it doubts in two of ten. These two
//! are assumptions, and the page says that they are.

use super::Share;
use domain::{
    application::Fault,
    case::Case,
    money::{Money, MoneyError},
    policy::Policy,
};

/// With fewer rulings the policy's own judgement is the better guess.
pub const RULINGS_MIN: u64 = 5;
/// Where the policy finds a request justified.
const JUSTIFIED_PERCENT: u64 = 90;
/// Where it doubts.
const DOUBTED_PERCENT: u64 = 20;
/// Hundredths of a per cent in the whole.
const BASIS_POINTS: i64 = 10_000;

/// What is at stake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stakes {
    /// What the buyer would get.
    pub refund: Money,
    /// The platform's fee on it, where the seller is at fault (Q2).
    pub fee: Money,
    /// Freight of the return that the shop would bear.
    pub return_freight: Money,
}

/// On what the estimate rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grounds {
    /// On rulings for the same reason in this shop.
    Rulings {
        /// How many.
        ruled: u64,
        /// How many of them for the buyer.
        for_buyer: u64,
    },
    /// On the policy: it finds the request justified.
    Justified,
    /// On the policy: it has doubts.
    Doubted,
}

/// What a dispute would likely cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// What is at stake.
    pub stakes: Stakes,
    /// All of it: what is lost if the platform rules for the buyer.
    pub at_most: Money,
    /// How likely that is, in per cent.
    pub percent: u64,
    /// That part of it: what such a dispute costs on average.
    pub likely: Money,
    /// On what the estimate rests.
    pub grounds: Grounds,
}

/// What is at stake in a case.
///
/// # Errors
/// [`MoneyError`] where an amount cannot be represented.
pub fn stakes(case: &Case, policy: &Policy) -> Result<Stakes, MoneyError> {
    let refund = case.due_to_buyer();
    let zero = Money::zero(refund.currency());
    if case.fault != Fault::Seller {
        return Ok(Stakes { refund, fee: zero, return_freight: zero });
    }
    let fee = refund.share(i64::from(policy.money.fee_basis_points), BASIS_POINTS)?;
    // What the buyer claims of it is in the amount already.
    let claimed = case.application.declared.return_freight.is_some();
    let most = policy.money.return_freight_claim;
    let bears = case.goods_are_out() && !claimed && most.currency() == refund.currency();
    Ok(Stakes { refund, fee, return_freight: if bears { most } else { zero } })
}

/// What a dispute about a case would likely cost. `history` are the shop's cases with the same
/// reason, if there were any.
///
/// # Errors
/// [`MoneyError`] where an amount cannot be represented.
pub fn dispute_cost(
    case: &Case,
    policy: &Policy,
    history: Option<&Share>,
) -> Result<Estimate, MoneyError> {
    let stakes = stakes(case, policy)?;
    let at_most = stakes.refund.plus(stakes.fee)?.plus(stakes.return_freight)?;
    let grounds = match history.filter(|share| share.ruled >= RULINGS_MIN) {
        Some(share) => Grounds::Rulings { ruled: share.ruled, for_buyer: share.ruled_for_buyer },
        None if case.judgement.is_justified() => Grounds::Justified,
        None => Grounds::Doubted,
    };
    let percent = match grounds {
        Grounds::Rulings { ruled, for_buyer } => {
            for_buyer.saturating_mul(100).checked_div(ruled).unwrap_or(0).min(100)
        }
        Grounds::Justified => JUSTIFIED_PERCENT,
        Grounds::Doubted => DOUBTED_PERCENT,
    };
    let likely = at_most.share(i64::try_from(percent).unwrap_or(100), 100)?;
    Ok(Estimate { stakes, at_most, percent, likely, grounds })
}
