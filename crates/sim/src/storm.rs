//! A store in bad weather: the real one, with crashes, doubts and full disks between it and the
//! engine. Also the port at which most deliberate flaws are let in.

mod calls;
mod pending;

use crate::{
    flaw::Flaw,
    home::{Cut, Home, now},
    lease::Leases,
    life::Life,
    process::Ground,
    sky::{Kind, Sky},
};
use engine::{
    ports::{Store, StoreFault},
    rows::{Commit, CommitVerdict},
};
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

/// Calls that find no database at most, while it stays away.
const AWAY_CALLS_MAX: u64 = 6;

/// A store as one process sees it.
pub struct Storm {
    home: Arc<Home>,
    store: Arc<dyn Store>,
    sky: Sky,
    life: Life,
    leases: Leases,
    flaw: Option<Flaw>,
    /// What was acknowledged and not written yet ([`Flaw::AcknowledgedEarly`]).
    promised: Mutex<Vec<Commit>>,
    calls: AtomicU64,
    /// So many calls more find no database ([`Kind::StaysAway`]).
    away: AtomicU64,
}

impl Storm {
    /// The store of a home, as a new process opens it.
    #[must_use]
    pub fn over(ground: &Ground, nth: usize, life: &Life) -> Self {
        Self {
            home: Arc::clone(&ground.home),
            store: ground.home.store_for(nth, life),
            sky: ground.sky.clone(),
            life: life.clone(),
            leases: ground.leases.clone(),
            flaw: ground.flaw,
            promised: Mutex::new(Vec::new()),
            calls: AtomicU64::new(0),
            away: AtomicU64::new(0),
        }
    }

    fn has(&self, flaw: Flaw) -> bool {
        self.flaw == Some(flaw)
    }

    /// Lets others go first, as often as the seed says: calls of several tasks interleave.
    async fn give_way(&self) {
        self.calls.fetch_add(1, Ordering::SeqCst);
        for _ in 0..self.sky.turns() {
            tokio::task::yield_now().await;
        }
    }

    /// A call that reads.
    async fn read<T, F, W>(&self, work: F) -> Result<T, StoreFault>
    where
        T: Send + 'static,
        F: FnOnce(Arc<dyn Store>) -> W,
        W: Future<Output = Result<T, StoreFault>> + Send + 'static,
    {
        self.give_way().await;
        if self.life.is_over() {
            return self.life.die().await;
        }
        if self.is_away() || self.sky.strikes(Kind::ReadFails) {
            return Err(StoreFault::Busy("simulated: cannot read".into()));
        }
        self.keep_promises()?;
        now(work(Arc::clone(&self.store)))
    }

    /// A call that writes: it may be refused, and the process may die before or after it.
    async fn write<T, F, W>(&self, work: F) -> Result<T, StoreFault>
    where
        T: Send + 'static,
        F: FnOnce(Arc<dyn Store>) -> W,
        W: Future<Output = Result<T, StoreFault>> + Send + 'static,
    {
        self.give_way().await;
        if self.life.is_over() || self.sky.strikes(Kind::CrashBefore) {
            return self.life.die().await;
        }
        if let Some(fault) = self.refused() {
            return Err(fault);
        }
        self.keep_promises()?;
        let done = now(work(Arc::clone(&self.store)));
        if self.sky.strikes(Kind::CrashAfter) {
            return self.life.die().await;
        }
        done
    }

    /// Whether the database is away still, after a commit that it did not answer.
    fn is_away(&self) -> bool {
        let less = |left: u64| left.checked_sub(1);
        let was_away = self.away.fetch_update(Ordering::SeqCst, Ordering::SeqCst, less).is_ok();
        was_away && !self.sky.is_calm()
    }

    /// The caller never hears what became of its commit: what lost the answer often keeps the
    /// next calls from the database too.
    fn doubt<T>(&self) -> Result<T, StoreFault> {
        if self.sky.strikes(Kind::StaysAway) {
            let calls = self.sky.below(AWAY_CALLS_MAX).saturating_add(1);
            self.away.store(calls, Ordering::SeqCst);
        }
        Err(StoreFault::Unknown("simulated: no answer".into()))
    }

    fn refused(&self) -> Option<StoreFault> {
        if self.is_away() || self.sky.strikes(Kind::Busy) {
            return Some(StoreFault::Busy("simulated: busy".into()));
        }
        let full = self.sky.strikes(Kind::DiskFull);
        full.then(|| StoreFault::Broken("simulated: the disk is full".into()))
    }

    /// The commit has weather of its own: whether it happened may stay unknown.
    async fn write_batch(&self, batch: Vec<Commit>) -> Result<Vec<CommitVerdict>, StoreFault> {
        self.give_way().await;
        if self.life.is_over() || self.sky.strikes(Kind::CrashBefore) {
            return self.life.die().await;
        }
        if let Some(fault) = self.refused() {
            return Err(fault);
        }
        if self.sky.strikes(Kind::DoubtNothing) {
            return self.doubt();
        }
        let begins = self.sky.strikes(Kind::PowerCut).then(|| self.home.log_bytes()).flatten();
        let store = Arc::clone(&self.store);
        let settled: Vec<_> = batch
            .iter()
            .filter_map(|commit| Some((commit.key.shop_id.clone(), commit.settles.clone()?)))
            .collect();
        let done = now(async move { store.commit(&batch).await });
        for (shop_id, effect_id) in settled {
            self.leases.ended(&shop_id, &effect_id);
        }
        if let Some(begins) = begins {
            return self.lose_power(begins).await;
        }
        if self.sky.strikes(Kind::CrashAfter) {
            return self.life.die().await;
        }
        if self.sky.strikes(Kind::DoubtWritten) {
            return self.doubt();
        }
        done
    }

    /// The power goes while the commit is being written: any part of it may have reached the disk,
    /// and nothing before it is lost.
    async fn lose_power<T>(&self, begins: u64) -> Result<T, StoreFault> {
        let ends = self.home.log_bytes().unwrap_or(begins).max(begins);
        let more = ends.saturating_sub(begins).saturating_add(1);
        let cut = begins.saturating_add(self.sky.below(more));
        // What was not written may be there as rubbish.
        let rest = ends.saturating_sub(cut);
        let rubbish = if self.sky.below(2) == 0 { rest } else { 0 };
        let beside = self.home.beside_log_bytes();
        let figures = self.sky.below(beside.saturating_add(1));
        self.sky.tell(|| {
            let (kept, whole) = (cut.saturating_sub(begins), ends.saturating_sub(begins));
            let of_figures = format!("{figures} of {beside} of the figures");
            format!("power is lost: {kept} of {whole} bytes, {rubbish} of rubbish, {of_figures}")
        });
        self.home.cut_power(&Cut {
            log_bytes: cut,
            rubbish_bytes: usize::try_from(rubbish).unwrap_or(0),
            beside_log_bytes: figures,
        })?;
        self.life.die().await
    }

    /// What was acknowledged early is written now, if it still can be.
    fn keep_promises(&self) -> Result<(), StoreFault> {
        let promised = {
            let mut promised = self.promised.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *promised)
        };
        for commit in promised {
            let store = Arc::clone(&self.store);
            now(async move { store.commit(&[commit]).await })?;
        }
        Ok(())
    }

    async fn commit_flawed(&self, batch: &[Commit]) -> Result<Vec<CommitVerdict>, StoreFault> {
        let Some(flaw) = self.flaw else { return self.write_batch(batch.to_vec()).await };
        self.keep_promises()?;
        let mut spoiled = Vec::with_capacity(batch.len());
        for commit in batch {
            let (store, key) = (Arc::clone(&self.store), commit.key.clone());
            let head = now(async move { store.version(&key).await })?;
            spoiled.push(flaw.spoil(commit.clone(), head));
        }
        if flaw == Flaw::AcknowledgedEarly {
            let verdicts = vec![CommitVerdict::Committed; spoiled.len()];
            let mut promised = self.promised.lock().unwrap_or_else(PoisonError::into_inner);
            promised.extend(spoiled);
            return Ok(verdicts);
        }
        if flaw == Flaw::OutcomeApart {
            for commit in &mut spoiled {
                self.settle_first(commit).await?;
            }
        }
        let count = spoiled.len();
        match self.write_batch(spoiled).await {
            Err(StoreFault::Unknown(_)) if flaw == Flaw::DoubtIsDone => {
                Ok(vec![CommitVerdict::Committed; count])
            }
            Err(StoreFault::Unknown(_)) if flaw == Flaw::DoubtIsConflict => {
                Ok(vec![CommitVerdict::Conflict; count])
            }
            other => other,
        }
    }

    /// [`Flaw::OutcomeApart`]: the effect is taken off the outbox before its outcome is written.
    async fn settle_first(&self, commit: &mut Commit) -> Result<(), StoreFault> {
        let Some(effect_id) = commit.settles.take() else { return Ok(()) };
        let shop_id = commit.key.shop_id.clone();
        let settle =
            |store: Arc<dyn Store>| async move { store.settle_effect(&shop_id, &effect_id).await };
        self.write(settle).await
    }
}
