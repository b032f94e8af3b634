//! The merchant decides, the buyer answers, a second person confirms.

use super::{Target, Verb};
use crate::api::problem::Problem;
use domain::{
    case::{Goods, Route, Terms},
    command::Act,
    money::Money,
};
use serde::Deserialize;
use utoipa::ToSchema;

/// `POST …/approve`: without an amount, all that is due the original route.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Approve {
    /// How much, if not all that is due.
    #[serde(default)]
    amount: Option<Money>,
    /// Whether the goods come back first; by default as the type of the case says.
    #[serde(default)]
    goods: Option<Goods>,
    /// The remark (M4).
    #[serde(default)]
    note: String,
}

impl Verb for Approve {
    async fn act(self, target: &Target<'_>) -> Result<Act, Problem> {
        let Self { amount, goods, note } = self;
        if amount.is_none() && goods.is_none() {
            return Ok(Act::Approve { terms: None, note });
        }
        let order = target.app.desk.order(&target.key).await;
        let order = order.map_err(|trouble| Problem::trouble(trouble, target.asked.language))?;
        let case = order.case(target.case_id).ok_or_else(|| target.asked.not_found())?;
        let usual = if case.goods_are_out() { Goods::Return } else { Goods::Keep };
        let terms = Terms {
            amount: amount.unwrap_or_else(|| case.due_to_buyer()),
            route: Route::Original,
            goods: goods.unwrap_or(usual),
        };
        Ok(Act::Approve { terms: Some(terms), note })
    }
}

/// `POST …/offer`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MakeOffer)]
pub struct Offer {
    /// On which terms: `amount`, `route` (`original` or `designated`), `goods` (`return` or
    /// `keep`).
    terms: Terms,
    /// What the buyer reads.
    note: String,
}

impl Verb for Offer {
    async fn act(self, _: &Target<'_>) -> Result<Act, Problem> {
        Ok(Act::Offer { terms: self.terms, note: self.note })
    }
}

/// `POST …/accept-offer`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptOffer {}

impl Verb for AcceptOffer {
    async fn act(self, _: &Target<'_>) -> Result<Act, Problem> {
        Ok(Act::AcceptOffer)
    }
}

/// `POST …/decline-offer`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineOffer {
    /// Why.
    #[serde(default)]
    note: String,
}

impl Verb for DeclineOffer {
    async fn act(self, _: &Target<'_>) -> Result<Act, Problem> {
        Ok(Act::DeclineOffer { note: self.note })
    }
}

/// `POST …/confirm-proposal`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmProposal {}

impl Verb for ConfirmProposal {
    async fn act(self, _: &Target<'_>) -> Result<Act, Problem> {
        Ok(Act::ConfirmProposal)
    }
}

/// `POST …/decline-proposal`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineProposal {
    /// Why.
    #[serde(default)]
    note: String,
}

impl Verb for DeclineProposal {
    async fn act(self, _: &Target<'_>) -> Result<Act, Problem> {
        Ok(Act::DeclineProposal { note: self.note })
    }
}

/// `POST …/reject`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reject {
    /// Why, as the buyer reads it.
    reason: String,
}

impl Verb for Reject {
    async fn act(self, _: &Target<'_>) -> Result<Act, Problem> {
        Ok(Act::Reject { reason: self.reason })
    }
}
