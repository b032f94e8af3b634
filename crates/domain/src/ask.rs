//! What a decision is made on, besides the order and the command: the moment, who asks, the
//! rules, and the facts that span orders.

use crate::{
    actor::Actor,
    calendar::Calendar,
    id::CommandId,
    moment::Moment,
    policy::Policy,
    standing::{ShopSettings, Standing},
};

/// What a decision is made on. Everything is given; nothing is looked up.
#[derive(Clone, Copy)]
pub struct Ask<'a> {
    /// Now.
    pub at: Moment,
    /// Who asks.
    pub by: &'a Actor,
    /// The command's id, from which numbers of refunds are derived.
    pub command: CommandId,
    /// The policy that judges: the case's own, or the one in force for a new case.
    pub policy: &'a Policy,
    /// Its version.
    pub policy_version: u32,
    /// Working days.
    pub calendar: &'a Calendar,
    /// What the shop has set.
    pub shop: &'a ShopSettings,
    /// How the buyer stands.
    pub standing: &'a Standing,
}
