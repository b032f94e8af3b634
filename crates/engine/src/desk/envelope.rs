//! What goes over the desk: a command in its envelope, the answer, or the trouble.

use crate::{consequence::RecordFault, ports::StoreFault, rows::StreamKey, rulebook::RulesFault};
use domain::{
    actor::Actor,
    command::Command,
    id::{CommandId, EffectId},
    order::Order,
    record::Receipt,
    refusal::Refusal,
};
use std::sync::Arc;

/// A command with all that comes with it.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// The order it is about.
    pub key: StreamKey,
    /// What is asked.
    pub command: Command,
    /// Its id.
    pub command_id: CommandId,
    /// Who asks.
    pub by: Actor,
    /// The caller's idempotency key, and what it was used for.
    pub receipt: Option<Receipt>,
    /// The version the caller has seen, if it insists on it (`If-Match`): nothing that bears on a
    /// decision may have come after it.
    pub expected: Option<u64>,
    /// The effect whose outcome this is.
    pub settles: Option<EffectId>,
}

/// What came of a command.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The order after it.
    pub order: Arc<Order>,
    /// It had been answered before; this is that answer.
    pub repeated: bool,
    /// The events it led to; none if nothing changed or it was repeated.
    pub events: usize,
}

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// A rule says no.
    #[error("refused: {}", .0.code())]
    Refused(Box<Refusal>),
    /// The idempotency key was used for another request.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// There is no such shop.
    #[error("there is no such shop")]
    NoShop,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreFault),
    /// Something stored cannot be read.
    #[error(transparent)]
    Record(#[from] RecordFault),
    /// Something of the rules cannot be read.
    #[error("{0}")]
    Rules(String),
    /// Too many came first.
    #[error("the order is changed by too many at once")]
    Contended,
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<RulesFault> for Trouble {
    fn from(fault: RulesFault) -> Self {
        match fault {
            RulesFault::NoShop(_) => Self::NoShop,
            RulesFault::Store(fault) => Self::Store(fault),
            RulesFault::Unreadable(_) => Self::Rules(fault.to_string()),
        }
    }
}
