//! Terms: on which a case is settled, offered, proposed to a second person or inspected.

use crate::{actor::Actor, moment::Moment, money::Money};
use serde::{Deserialize, Serialize};

/// Where the money goes (退款方式).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// The way it came (原路返回).
    Original,
    /// An account agreed on (指定账户).
    Designated,
}

/// Whether the goods go back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Goods {
    /// They must come back first.
    Return,
    /// The buyer keeps them.
    Keep,
}

/// Terms on which a case may be settled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// How much.
    pub amount: Money,
    /// Where it goes.
    pub route: Route,
    /// Whether the goods go back first.
    pub goods: Goods,
}

/// Terms offered to the buyer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// On which terms.
    pub terms: Terms,
    /// What the buyer reads.
    pub note: String,
    /// Made after the returned goods were inspected.
    pub after_inspection: bool,
}

/// A decision above the shop's limit that waits for a second person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    /// What is to be done.
    pub decision: ProposedDecision,
    /// Who proposed it; somebody else confirms.
    pub by: Actor,
    /// When.
    pub at: Moment,
}

/// What a second person confirms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ProposedDecision {
    /// An approval.
    Approve {
        /// On which terms.
        terms: Terms,
        /// The remark (M4).
        note: String,
    },
    /// An offer.
    Offer {
        /// On which terms.
        terms: Terms,
        /// What the buyer reads.
        note: String,
    },
    /// An inspection that ends in a refund.
    Inspect {
        /// What was found.
        result: Inspection,
        /// The remark.
        note: String,
    },
}

/// What the inspection of returned goods found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Inspection {
    /// As it should be.
    Accepted,
    /// Worth less: so much is offered.
    AcceptedInPart {
        /// How much.
        amount: Money,
    },
    /// Not the goods, or not in a state to be taken back.
    Refused,
}
