//! The workers of a process: the pump of the outbox, the timers, the follower that keeps figures
//! and search, the one that posts automatic replies, the sweep of old uploads. They
//! share the work with those of other processes, and stop when told.

use crate::{
    assembly::App,
    replies::follow::answer_once,
    world::{Stopwatch, random_hex},
};
use engine::{
    follow::{Followed, follow_once},
    ports::StoreFault,
    pump::{carry_out, claim},
    timers::expire_once,
};
use providers::wechat_pay::sign::Stamp;
use std::{sync::Arc, time::Duration};
use tokio::{sync::watch, task::JoinSet};

/// Effects carried out at once.
const EFFECTS_AT_ONCE: usize = 64;
/// More are claimed only when there is room for so many, so that they are claimed together.
const CLAIM_MIN: usize = 16;
/// Deadlines acted on at once.
const TIMERS_AT_ONCE: u32 = 256;
/// How long the workers rest when nothing is due.
const REST: Duration = Duration::from_millis(500);
/// How long they rest when the database fails.
const REST_AFTER_FAULT: Duration = Duration::from_secs(2);
/// So many commands between two goes of the follower, and they go before it.
const BUSY_COMMANDS: u64 = 8;
/// How long a follower rests when another was faster.
const REST_AFTER_LOSS: Duration = Duration::from_secs(5);
/// How long what is under way may take when the process stops: no longer than requests may. What
/// is cut off then is as if the process had been killed; its lease runs out and it is done again.
const STOP_MAX: Duration = Duration::from_secs(20);
/// How often old uploads are swept away.
const SWEEP_EVERY: Duration = Duration::from_secs(3_600);

/// Starts the workers; they stop at the next rest after `stop` turns true.
pub fn start(app: &Arc<App>, stop: &watch::Receiver<bool>) -> JoinSet<()> {
    let mut workers = JoinSet::new();
    workers.spawn(in_time(pump(Arc::clone(app), stop.clone()), stop.clone()));
    workers.spawn(in_time(timers(Arc::clone(app), stop.clone()), stop.clone()));
    workers.spawn(in_time(follow(Arc::clone(app), stop.clone()), stop.clone()));
    workers.spawn(in_time(reply(Arc::clone(app), stop.clone()), stop.clone()));
    workers.spawn(in_time(renew(Arc::clone(app), stop.clone()), stop.clone()));
    workers.spawn(close(Arc::clone(app), stop.clone()));
    workers.spawn(in_time(sweep(Arc::clone(app), stop.clone()), stop.clone()));
    workers
}

/// Platform certificates are looked at so often (WeChat Pay API v3: at least every 12 hours).
const RENEW_EVERY: Duration = Duration::from_secs(6 * 3_600);

/// Keeps the platform certificates of merchants in certificate mode fresh. What was believed
/// before stays believed where a renewal fails.
async fn renew(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        for (shop_id, account) in app.channel.shops().filter(|(_, account)| account.renews) {
            let nonce = random_hex::<16>();
            let stamp = Stamp { now_s: app.desk.now().seconds(), nonce: &nonce };
            if let Err(error) = account.line.refresh_certificates(stamp).await {
                tracing::warn!(shop.id = %shop_id, %error, "certificates were not renewed");
            }
        }
        tokio::select! {
            () = tokio::time::sleep(RENEW_EVERY) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Pages that stay open let go when the process stops; they come back to whoever serves then.
async fn close(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    // Nobody left to tell is as good as being told.
    drop(stop.wait_for(|stop| *stop).await);
    app.live.close();
}

/// Works until it ends by itself, or until too long after it was told to.
async fn in_time(work: impl Future<Output = ()> + Send, mut stop: watch::Receiver<bool>) {
    let too_late = async {
        // Nobody left to tell is as good as being told.
        drop(stop.wait_for(|stop| *stop).await);
        tokio::time::sleep(STOP_MAX).await;
    };
    tokio::select! {
        () = work => {}
        () = too_late => tracing::warn!("a worker did not come to its end in time"),
    }
}

/// Each effect is under way by itself: one whose answer does not come keeps its own place taken
/// and holds up no other.
async fn pump(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    let mut under_way = JoinSet::new();
    while !*stop.borrow() {
        while under_way.try_join_next().is_some() {}
        let room = EFFECTS_AT_ONCE.saturating_sub(under_way.len());
        if room < CLAIM_MIN {
            under_way.join_next().await;
            continue;
        }
        let done = start_due(&app, room, &mut under_way).await;
        if let Some(rest) = rest_after(&done, "the pump") {
            tokio::select! {
                () = tokio::time::sleep(rest) => {}
                () = app.desk.effects_called() => {}
                () = app.pump_wanted() => {}
                _ = stop.changed() => {}
            }
        }
    }
    while under_way.join_next().await.is_some() {}
}

/// Claims what is due and room is for, and starts it.
async fn start_due(
    app: &Arc<App>,
    room: usize,
    under_way: &mut JoinSet<()>,
) -> Result<usize, StoreFault> {
    let claimed = claim(&app.desk, u32::try_from(room).unwrap_or(u32::MAX)).await?;
    let count = claimed.len();
    app.metrics.pumped(count);
    for effect in claimed {
        let app = Arc::clone(app);
        under_way.spawn(async move { carry_out(&app.desk, &app.channel, &effect).await });
    }
    Ok(count)
}

async fn timers(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let done = expire_once(&app.desk, TIMERS_AT_ONCE).await;
        if let Ok(count) = &done {
            app.metrics.expired(*count);
        }
        if let Some(rest) = rest_after(&done, "the timers") {
            tokio::select! {
                () = tokio::time::sleep(rest) => {}
                _ = stop.changed() => {}
            }
        }
    }
}

/// Figures and search come after the commands: the follower rests for as long as it has worked,
/// and four times as long while commands keep coming, so that it never takes more than half a core,
/// or a fifth of one. Whoever was slower than the follower of another process leaves the work to
/// it for a while.
async fn follow(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    let mut written = app.desk.written();
    while !*stop.borrow() {
        let before = std::mem::replace(&mut written, app.desk.written());
        let is_busy = written.saturating_sub(before) >= BUSY_COMMANDS;
        let watch = Stopwatch::start();
        let done = follow_once(app.desk.store(), app.desk.rulebook()).await;
        let rest = match &done {
            Ok(Followed { lost, .. }) if *lost > 0 => REST_AFTER_LOSS,
            Ok(Followed { records: 0, .. }) => REST,
            Ok(followed) => {
                app.metrics.followed(followed.records);
                watch.elapsed().saturating_mul(if is_busy { 4 } else { 1 })
            }
            Err(fault) => {
                tracing::warn!(error = %fault, "the database failed the follower");
                REST_AFTER_FAULT
            }
        };
        tokio::select! {
            () = tokio::time::sleep(rest) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Automatic replies come after the commands as well, and rest as the follower does.
async fn reply(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let watch = Stopwatch::start();
        let rest = match answer_once(&app).await {
            Ok(0) => REST,
            Ok(_) => watch.elapsed(),
            Err(fault) => {
                tracing::warn!(error = %fault, "the database failed the automatic replies");
                REST_AFTER_FAULT
            }
        };
        tokio::select! {
            () = tokio::time::sleep(rest) => {}
            _ = stop.changed() => {}
        }
    }
}

async fn sweep(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(fault) = app.files.sweep(app.desk.now()).await {
            tracing::warn!(error = %fault, "old uploads could not be swept away");
        }
        tokio::select! {
            () = tokio::time::sleep(SWEEP_EVERY) => {}
            _ = stop.changed() => {}
        }
    }
}

fn rest_after(done: &Result<usize, StoreFault>, who: &str) -> Option<Duration> {
    match done {
        Ok(0) => Some(REST),
        Ok(_) => None,
        Err(fault) => {
            tracing::warn!(error = %fault, who, "the database failed a worker");
            Some(REST_AFTER_FAULT)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::in_time;
    use std::future::pending;
    use tokio::sync::watch;

    #[tokio::test(start_paused = true)]
    async fn a_worker_that_hangs_does_not_keep_the_process_from_ending() {
        let (stop, stopped) = watch::channel(false);
        let working = tokio::spawn(in_time(pending(), stopped));
        stop.send(true).unwrap();
        working.await.unwrap();
    }
}
