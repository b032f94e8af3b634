//! Who acts: the buyer, people and machines of the shop, the platform, the system itself.

use crate::id::{BuyerId, KeyId, PersonId};
use serde::{Deserialize, Serialize};

/// Who gives a command.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// The buyer (买家), by a link that the shop signed.
    Buyer(BuyerId),
    /// A person of the shop (商家).
    Person {
        /// Who.
        id: PersonId,
        /// With what powers.
        role: Role,
    },
    /// A machine of the shop, with its key.
    Key(KeyId),
    /// A person of the platform who decides disputes (平台).
    Arbiter(PersonId),
    /// A person of the platform who keeps it running.
    Operator(PersonId),
    /// The system itself: deadlines, outcomes of effects, notices of providers.
    System,
}

/// What a person of a shop may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Handles cases (客服).
    Agent,
    /// Handles cases and confirms what is above the limit (主管).
    Supervisor,
    /// Confirms and carries out payouts (财务).
    Finance,
    /// Everything in the shop (店主).
    Owner,
}

/// Which side an actor stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// 买家
    Buyer,
    /// 商家
    Merchant,
    /// 平台
    Platform,
    /// 系统
    System,
}

impl Actor {
    /// Which side it stands on.
    #[must_use]
    pub const fn side(&self) -> Side {
        match self {
            Self::Buyer(_) => Side::Buyer,
            Self::Person { .. } | Self::Key(_) => Side::Merchant,
            Self::Arbiter(_) | Self::Operator(_) => Side::Platform,
            Self::System => Side::System,
        }
    }

    /// Whether it may confirm what another began: supervisors and owners (M1).
    #[must_use]
    pub const fn may_confirm(&self) -> bool {
        matches!(self, Self::Person { role: Role::Supervisor | Role::Owner, .. })
    }

    /// Whether it may approve and carry out payouts: finance and owners.
    #[must_use]
    pub const fn may_pay_out(&self) -> bool {
        matches!(self, Self::Person { role: Role::Finance | Role::Owner, .. })
    }

    /// The person, if it is one.
    #[must_use]
    pub const fn person(&self) -> Option<&PersonId> {
        match self {
            Self::Person { id, .. } | Self::Arbiter(id) | Self::Operator(id) => Some(id),
            Self::Buyer(_) | Self::Key(_) | Self::System => None,
        }
    }
}
