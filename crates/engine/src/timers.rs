//! Timers: deadlines that have passed become commands.

use crate::{
    desk::{Desk, Envelope, Trouble},
    ports::StoreFault,
    rows::DueTimer,
};
use domain::{
    actor::Actor,
    command::{Act, Command},
    id::CommandId,
    moment::Span,
};
use futures_util::{FutureExt, future::join_all};
use sha2::{Digest, Sha256};
use std::panic::AssertUnwindSafe;

/// A claimed timer belongs to its claimer for so long.
pub const LEASE: Span = Span::seconds(30);

/// Claims up to `limit` passed deadlines and acts on them, all at once.
///
/// # Errors
/// [`StoreFault`] if nothing could be claimed; a timer that could not be acted on is due again
/// when its lease runs out.
pub async fn expire_once(desk: &Desk, limit: u32) -> Result<usize, StoreFault> {
    let now = desk.now();
    let due = desk.store().claim_timers(now, now.after(LEASE), limit).await?;
    let count = due.len();
    join_all(due.into_iter().map(|timer| act_on(desk, timer))).await;
    Ok(count)
}

/// Whatever happens to one deadline is its own: neither trouble nor a crash keeps the others back.
async fn act_on(desk: &Desk, timer: DueTimer) {
    let case_id = timer.case_id;
    // Nothing is shared with a crashed attempt but what the database has committed.
    match AssertUnwindSafe(expire(desk, timer)).catch_unwind().await {
        Ok(Ok(())) => {}
        Ok(Err(trouble)) => tracing::warn!(
            case.id = %case_id, error = %trouble, "a deadline could not be acted on"
        ),
        Err(_) => tracing::error!(case.id = %case_id, "acting on a deadline crashed"),
    }
}

async fn expire(desk: &Desk, timer: DueTimer) -> Result<(), Trouble> {
    let mut hash = Sha256::new();
    hash.update(timer.key.shop_id.as_str());
    hash.update(timer.case_id.uuid().as_bytes());
    hash.update(timer.due_at.ms().to_be_bytes());
    let envelope = Envelope {
        key: timer.key,
        command: Command::Case { case_id: timer.case_id, act: Act::Expire },
        command_id: CommandId::derived_from(hash.finalize().into()),
        by: Actor::System,
        receipt: None,
        expected: None,
        settles: None,
    };
    desk.handle(envelope).await.map(|_| ())
}
