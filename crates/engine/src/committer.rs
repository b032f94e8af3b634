//! Group commit: commands that come at the same time are written in one transaction, each still
//! accepted or refused by itself.

use crate::{
    ports::{Store, StoreFault},
    rows::{Commit, CommitVerdict},
};
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

/// The most commands in one transaction.
const BATCH_MAX: usize = 1_024;
/// The same for an import, where nobody waits for a single command: the more orders a transaction
/// has, the less often a page of an index is written.
pub const IMPORT_BATCH_MAX: usize = 4_096;
/// The most transactions of commands that wait.
const WAITING_MAX: usize = 4;
/// How often a transaction that could not be begun is tried again.
const BUSY_TRIES_MAX: u32 = 5;

type Reply = oneshot::Sender<Result<CommitVerdict, StoreFault>>;

/// The way to the store's one writer.
#[derive(Clone)]
pub struct Committer(Way);

#[derive(Clone)]
enum Way {
    Batched(mpsc::Sender<(Commit, Reply)>),
    Direct(Arc<dyn Store>),
}

impl Committer {
    /// Starts the task that collects commands; it ends when the last handle is dropped.
    #[must_use]
    pub fn batched(store: Arc<dyn Store>) -> Self {
        Self::batched_by(store, BATCH_MAX)
    }

    /// The same with at most so many commands in one transaction.
    #[must_use]
    pub fn batched_by(store: Arc<dyn Store>, batch_max: usize) -> Self {
        let (sender, receiver) = mpsc::channel(batch_max.saturating_mul(WAITING_MAX));
        tokio::spawn(collect(store, receiver, batch_max));
        Self(Way::Batched(sender))
    }

    /// One transaction a command, without a task: for simulation and tools.
    #[must_use]
    pub fn direct(store: Arc<dyn Store>) -> Self {
        Self(Way::Direct(store))
    }

    /// Writes one command's consequence.
    ///
    /// # Errors
    /// [`StoreFault`] as the store gives it; `Busy` if too many wait already.
    pub async fn commit(&self, commit: Commit) -> Result<CommitVerdict, StoreFault> {
        match &self.0 {
            Way::Direct(store) => {
                let verdicts = store.commit(std::slice::from_ref(&commit)).await?;
                verdicts.first().copied().ok_or_else(|| missing("one commit"))
            }
            Way::Batched(sender) => {
                let (reply, answer) = oneshot::channel();
                let full = |_| StoreFault::Busy("too many commands wait to be written".into());
                sender.try_send((commit, reply)).map_err(full)?;
                answer.await.map_err(|_| StoreFault::Unknown("the writer stopped".into()))?
            }
        }
    }
}

fn missing(of: &str) -> StoreFault {
    StoreFault::Broken(format!("the store gave no verdict on {of}"))
}

async fn collect(
    store: Arc<dyn Store>,
    mut receiver: mpsc::Receiver<(Commit, Reply)>,
    batch_max: usize,
) {
    let mut waiting = Vec::with_capacity(batch_max);
    while receiver.recv_many(&mut waiting, batch_max).await > 0 {
        let (commits, replies): (Vec<Commit>, Vec<Reply>) = waiting.drain(..).unzip();
        match write(store.as_ref(), &commits).await {
            Ok(verdicts) => {
                let verdicts = verdicts.into_iter().map(Some).chain(std::iter::repeat(None));
                for (reply, verdict) in replies.into_iter().zip(verdicts) {
                    // Whoever asked may have gone away; what was written stays written.
                    let _gone = reply.send(verdict.ok_or_else(|| missing("a commit")));
                }
            }
            Err(fault) => {
                for reply in replies {
                    let _gone = reply.send(Err(fault.again()));
                }
            }
        }
    }
}

async fn write(store: &dyn Store, commits: &[Commit]) -> Result<Vec<CommitVerdict>, StoreFault> {
    let mut tries = 0;
    loop {
        match store.commit(commits).await {
            Err(StoreFault::Busy(why)) if tries < BUSY_TRIES_MAX => {
                tries += 1;
                tracing::debug!(tries, why, "the database is busy, the batch is tried again");
                let pause_ms = 2u64.saturating_pow(tries).saturating_mul(5);
                tokio::time::sleep(std::time::Duration::from_millis(pause_ms)).await;
            }
            other => return other,
        }
    }
}

impl StoreFault {
    /// The same fault, for one more of those who wait.
    #[must_use]
    pub fn again(&self) -> Self {
        match self {
            Self::Busy(why) => Self::Busy(why.clone()),
            Self::Unknown(why) => Self::Unknown(why.clone()),
            Self::Broken(why) => Self::Broken(why.clone()),
        }
    }
}
