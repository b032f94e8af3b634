//! The platform is called, and rules.

use super::{Target, Verb};
use crate::api::problem::Problem;
use domain::{case::Terms, command::Act};
use serde::Deserialize;
use utoipa::ToSchema;

/// `POST …/escalate`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Escalate {
    /// Why.
    reason: String,
}

impl Verb for Escalate {
    async fn act(self, _: &Target<'_>) -> Result<Act, Problem> {
        Ok(Act::Escalate { reason: self.reason })
    }
}

/// `POST …/rule`: with terms for the buyer, without for the merchant.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// On which terms the buyer gets money.
    #[serde(default)]
    terms: Option<Terms>,
    /// Why.
    reason: String,
}

impl Verb for Rule {
    async fn act(self, _: &Target<'_>) -> Result<Act, Problem> {
        Ok(Act::Rule { terms: self.terms, reason: self.reason })
    }
}
