//! People and machine keys as the registry keeps them.

use domain::{actor::Role, moment::Moment};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The kind of documents that hold people.
pub const PERSON: &str = "person";
/// The kind of documents that hold machine keys.
pub const KEY: &str = "key";

/// A person with a role, in a shop or on the platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// What people call them.
    pub name: String,
    /// What they may do.
    pub office: Office,
    /// The hash of the token's secret.
    pub token_hash: String,
    /// When they were let in.
    pub made_at: Moment,
    /// When they were shut out.
    pub ended_at: Option<Moment>,
}

/// What a person may do: a role in a shop, or an office of the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Office {
    /// 客服
    Agent,
    /// 主管
    Supervisor,
    /// 财务
    Finance,
    /// 店主
    Owner,
    /// 平台仲裁
    Arbiter,
    /// 平台运营
    Operator,
}

impl Office {
    /// The role in a shop; none for an office of the platform.
    #[must_use]
    pub const fn role(self) -> Option<Role> {
        match self {
            Self::Agent => Some(Role::Agent),
            Self::Supervisor => Some(Role::Supervisor),
            Self::Finance => Some(Role::Finance),
            Self::Owner => Some(Role::Owner),
            Self::Arbiter | Self::Operator => None,
        }
    }
}

/// A machine key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MachineKey {
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// The hash of the token's secret.
    pub token_hash: String,
    /// When it was made.
    pub made_at: Moment,
    /// When it was revoked.
    pub revoked_at: Option<Moment>,
}

/// What a machine key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Read orders and cases.
    Read,
    /// Put orders in, make buyers' links, open cases for buyers.
    Orders,
    /// Decide cases.
    Cases,
    /// Change the shop: policy, settings, people, keys.
    Manage,
}
