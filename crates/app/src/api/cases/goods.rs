//! Goods on their way, either way.

use super::{Target, Verb};
use crate::api::problem::Problem;
use domain::{case::Inspection, command::Act, money::Money};
use serde::Deserialize;
use utoipa::ToSchema;

/// `POST …/ship-return`: full tracking is required (F9).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShipReturn {
    /// Who carries the goods.
    carrier: String,
    /// Under which number.
    waybill: String,
}

impl Verb for ShipReturn {
    async fn act(self, _: &Target<'_>) -> Result<Act, Problem> {
        Ok(Act::ShipReturn { carrier: self.carrier, waybill: self.waybill })
    }
}

/// `POST …/receive`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Receive {}

impl Verb for Receive {
    async fn act(self, _: &Target<'_>) -> Result<Act, Problem> {
        Ok(Act::Receive)
    }
}

/// What an inspection found.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// As it should be.
    Accepted,
    /// Worth less.
    AcceptedInPart,
    /// Not to be taken back.
    Refused,
}

/// `POST …/inspect`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Inspect {
    /// What was found.
    result: Found,
    /// How much is offered; goes with `accepted_in_part` only.
    #[serde(default)]
    amount: Option<Money>,
    /// The remark; required unless accepted.
    #[serde(default)]
    note: String,
}

impl Verb for Inspect {
    async fn act(self, target: &Target<'_>) -> Result<Act, Problem> {
        let result = match (self.result, self.amount) {
            (Found::Accepted, None) => Inspection::Accepted,
            (Found::Refused, None) => Inspection::Refused,
            (Found::AcceptedInPart, Some(amount)) => Inspection::AcceptedInPart { amount },
            (Found::AcceptedInPart, None) | (Found::Accepted | Found::Refused, Some(_)) => {
                let status = http::StatusCode::UNPROCESSABLE_ENTITY;
                return Err(target.asked.problem(status, "inspection_amount"));
            }
        };
        Ok(Act::Inspect { result, note: self.note })
    }
}

/// `POST …/send-replacement`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendReplacement {
    /// Who carries the goods.
    carrier: String,
    /// Under which number.
    waybill: String,
}

impl Verb for SendReplacement {
    async fn act(self, _: &Target<'_>) -> Result<Act, Problem> {
        Ok(Act::SendReplacement { carrier: self.carrier, waybill: self.waybill })
    }
}

/// `POST …/confirm-replacement`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmReplacement {}

impl Verb for ConfirmReplacement {
    async fn act(self, _: &Target<'_>) -> Result<Act, Problem> {
        Ok(Act::ConfirmReplacement)
    }
}
