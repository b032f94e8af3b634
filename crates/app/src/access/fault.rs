//! Why something about signing in could not be done now; whether it may be done is another thing.

use engine::ports::StoreFault;

/// What failed.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreFault),
    /// Too many passwords are being looked at: ask again.
    #[error("too many passwords are being looked at")]
    Busy,
    /// A password cannot be hashed, a secret cannot be sealed: asking again will not help.
    #[error("what signing in needs cannot be worked out: {0}")]
    Broken(&'static str),
}
