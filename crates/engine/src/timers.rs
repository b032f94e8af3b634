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
use sha2::{Digest, Sha256};

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
    let acts = due.into_iter().map(|timer| async {
        let case_id = timer.case_id;
        if let Err(trouble) = expire(desk, timer).await {
            tracing::warn!(case.id = %case_id, error = %trouble, "a deadline could not be acted on");
        }
    });
    futures_util::future::join_all(acts).await;
    Ok(count)
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
