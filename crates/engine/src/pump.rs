//! The pump: claims due effects, has them carried out, and brings what came of them back through
//! the desk. Takes no input and may run anywhere, any number of times, in any number of processes.

use crate::{
    desk::{Desk, Envelope, Trouble},
    ports::{Asked, Channel, Next, Outcome, StoreFault},
    rows::DueEffect,
};
use domain::{
    actor::Actor,
    command::{Act, Command, RefundNews},
    effect::Effect,
    id::CommandId,
    moment::{Moment, Span},
    refusal::Refusal,
};
use futures_util::{FutureExt, future::join_all};
use sha2::{Digest, Sha256};
use std::panic::AssertUnwindSafe;

/// A claimed effect belongs to its claimer for so long; longer than any time-out of a channel.
pub const LEASE: Span = Span::seconds(60);
/// A refund that waits for the shop's account is looked at again after so long (F4).
const ACCOUNT_AGAIN: Span = Span::seconds(600);
/// The code of a refund that waits for the shop's account.
pub const ACCOUNT_NOT_VERIFIED: &str = "ACCOUNT_NOT_VERIFIED";

/// Claims up to `limit` due effects and carries them out, all at once.
///
/// # Errors
/// [`StoreFault`] if nothing could be claimed; what happens to a claimed effect is its own.
pub async fn pump_once(
    desk: &Desk,
    channel: &dyn Channel,
    limit: u32,
) -> Result<usize, StoreFault> {
    let due = claim(desk, limit).await?;
    join_all(due.iter().map(|effect| carry_out(desk, channel, effect))).await;
    Ok(due.len())
}

/// Claims up to `limit` due effects. Whoever claims them carries them out, or they are due again
/// when the lease runs out.
///
/// # Errors
/// [`StoreFault`] if nothing could be claimed.
pub async fn claim(desk: &Desk, limit: u32) -> Result<Vec<DueEffect>, StoreFault> {
    let now = desk.now();
    desk.store().claim_effects(now, now.after(LEASE), limit).await
}

/// Carries out a claimed effect and brings back what came of it. Whatever happens to it is its
/// own: neither trouble nor a crash keeps others back.
pub async fn carry_out(desk: &Desk, channel: &dyn Channel, due: &DueEffect) {
    // Nothing is shared with a crashed attempt but what the database has committed.
    let attempt = AssertUnwindSafe(try_carry_out(desk, channel, due)).catch_unwind();
    // The lease runs out and the effect is due again; nothing is lost.
    match attempt.await {
        Ok(Ok(())) => {}
        Ok(Err(trouble)) => tracing::warn!(
            effect.id = %due.effect_id, error = %trouble,
            "an effect could not be brought to its end and will be tried again"
        ),
        Err(_) => tracing::error!(
            effect.id = %due.effect_id, "an effect crashed and will be tried again"
        ),
    }
}

async fn try_carry_out(desk: &Desk, channel: &dyn Channel, due: &DueEffect) -> Result<(), Trouble> {
    let shop_id = &due.key.shop_id;
    let Ok(effect) = serde_json::from_str::<Effect>(&due.body) else {
        desk.store().bury_effect(shop_id, &due.effect_id, "the effect cannot be read").await?;
        return Ok(());
    };
    let verified = desk.rulebook().shop(shop_id).await?.settings.account_verified;
    let at = desk.now();
    let outcome = if verified {
        let (attempt, note) = (due.attempts, due.note.as_str());
        channel.carry_out(&Asked { shop_id, effect: &effect, attempt, note, at }).await
    } else {
        waits_for_account()
    };
    settle(desk, (due, at), &effect, outcome).await
}

/// The shop's account is not in order: the refund waits and goes on by itself (F4).
fn waits_for_account() -> Outcome {
    let code = ACCOUNT_NOT_VERIFIED.to_owned();
    Outcome {
        news: Some(RefundNews::Waits { code: code.clone() }),
        answer: None,
        next: Next::Again { after: ACCOUNT_AGAIN, note: code },
    }
}

/// Brings the outcome back as a command. Where the effect is done, it leaves the outbox in the
/// same transaction that records what came of it.
async fn settle(
    desk: &Desk,
    (due, at): (&DueEffect, Moment),
    effect: &Effect,
    outcome: Outcome,
) -> Result<(), Trouble> {
    let (shop_id, effect_id) = (&due.key.shop_id, &due.effect_id);
    let refund_no = effect.refund_no().clone();
    let mut acts = Vec::new();
    if let Some((trade_state, refund_status)) = outcome.answer {
        let refund_no = refund_no.clone();
        acts.push(Act::RecordAnswer { refund_no, trade_state, refund_status });
    }
    if let Some(news) = outcome.news {
        acts.push(Act::RecordRefund { refund_no, news });
    }
    let last = acts.len().saturating_sub(1);
    let settles = outcome.next == Next::Settle;
    let mut refused = None;
    for (n, act) in acts.into_iter().enumerate() {
        let settles = (settles && n == last).then(|| effect_id.clone());
        let envelope = Envelope {
            key: due.key.clone(),
            command: Command::Case { case_id: due.case_id, act },
            command_id: derived((due, at), n),
            by: Actor::System,
            receipt: None,
            expected: None,
            settles,
        };
        match desk.handle(envelope).await {
            Ok(_) => {}
            Err(Trouble::Refused(refusal)) => refused = Some(*refusal),
            Err(trouble) => return Err(trouble),
        }
    }
    let next = refused.map_or(outcome.next, |refusal: Refusal| Next::Bury {
        note: format!("the outcome was refused: {}", refusal.code()),
    });
    match next {
        Next::Settle => desk.store().settle_effect(shop_id, effect_id).await?,
        Next::Again { after, note } => {
            let due_at = desk.now().after(after);
            desk.store().defer_effect(shop_id, effect_id, due_at, &note).await?;
        }
        Next::Bury { note } => {
            tracing::error!(effect.id = %effect_id, note, "an effect was buried");
            desk.store().bury_effect(shop_id, effect_id, &note).await?;
        }
    }
    Ok(())
}

/// The id of the command that an outcome becomes: derived, so that it needs no randomness, and of
/// one attempt alone. Attempts are counted anew when people retry, so when it began is in it.
fn derived((due, at): (&DueEffect, Moment), n: usize) -> CommandId {
    let mut hash = Sha256::new();
    hash.update(due.key.shop_id.as_str());
    hash.update([0]);
    hash.update(due.effect_id.as_str());
    hash.update(due.attempts.to_be_bytes());
    hash.update(at.ms().to_be_bytes());
    hash.update(u64::try_from(n).unwrap_or(u64::MAX).to_be_bytes());
    CommandId::derived_from(hash.finalize().into())
}

/// How long to wait before asking again after so many attempts: seconds at first, then minutes,
/// and never all at the same moment.
#[must_use]
pub fn backoff(attempt: u32, at: Moment) -> Span {
    let seconds = 2i64.saturating_pow(attempt.min(10)).min(600);
    let spread = at.ms().rem_euclid(1_000);
    Span::from_ms(seconds.saturating_mul(1_000).saturating_add(spread))
}
