//! Whether a process lives. Whoever works in it works until it dies, and no instruction longer.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use tokio::sync::Notify;

/// The life of one process, shared by all of its parts.
#[derive(Clone, Debug, Default)]
pub struct Life(Arc<State>);

#[derive(Debug, Default)]
struct State {
    dead: AtomicBool,
    died: Notify,
}

impl Life {
    /// Whether it has died.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.0.dead.load(Ordering::SeqCst)
    }

    /// Ends it.
    pub fn end(&self) {
        self.0.dead.store(true, Ordering::SeqCst);
        self.0.died.notify_waiters();
    }

    /// Ends it from inside: whoever calls this never goes on.
    pub async fn die<T>(&self) -> T {
        self.end();
        std::future::pending().await
    }

    /// Works in this process: nothing if it dies before the work is done.
    pub async fn live<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let died = self.0.died.notified();
        if self.is_over() {
            return None;
        }
        tokio::select! {
            biased;
            () = died => None,
            done = work => Some(done).filter(|_| !self.is_over()),
        }
    }
}
