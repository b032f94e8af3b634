//! Time in the simulation: it jumps, and the clock of a process may stand a little apart from it.

use domain::moment::Moment;
use engine::ports::Clock;
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// The true time, shared by all sides.
#[derive(Debug)]
pub struct TrueTime(AtomicI64);

impl TrueTime {
    /// Time that begins at a moment.
    #[must_use]
    pub fn from(begin: Moment) -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(begin.ms())))
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Moment {
        Moment::from_ms(self.0.load(Ordering::SeqCst))
    }

    /// Lets so many milliseconds pass.
    pub fn pass(&self, ms: i64) {
        self.0.fetch_add(ms.max(0), Ordering::SeqCst);
    }
}

/// The clock of one process.
#[derive(Debug)]
pub struct ProcessClock {
    time: Arc<TrueTime>,
    apart_ms: AtomicI64,
}

impl ProcessClock {
    /// A clock that is right.
    #[must_use]
    pub fn over(time: Arc<TrueTime>) -> Self {
        Self { time, apart_ms: AtomicI64::new(0) }
    }

    /// Sets it so far from the true time: forwards or, by a small step, backwards.
    pub fn set_apart(&self, ms: i64) {
        self.apart_ms.store(ms, Ordering::SeqCst);
    }
}

impl Clock for ProcessClock {
    fn now(&self) -> Moment {
        let ms = self.time.now().ms().saturating_add(self.apart_ms.load(Ordering::SeqCst));
        Moment::from_ms(ms)
    }
}
