//! The real world: the clock and randomness. The only file that may ask them.

use domain::{
    id::CommandId,
    moment::{Moment, Span},
};
use engine::ports::Clock;
use rand::RngExt;
use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};
use uuid::Uuid;

/// The machine's clock. In a demo it can be moved forward, so that deadlines pass in a moment, and
/// it can begin in the past, so that there is something to tell.
#[derive(Debug, Default)]
pub struct WallClock {
    apart_ms: AtomicI64,
}

impl WallClock {
    /// A clock that begins so far from the machine's; behind it if negative.
    #[must_use]
    pub const fn apart(apart_ms: i64) -> Self {
        Self { apart_ms: AtomicI64::new(apart_ms) }
    }

    /// Moves it forward; there is no way back.
    pub fn move_forward(&self, span: Span) {
        self.apart_ms.fetch_add(span.ms(), Ordering::SeqCst);
    }

    /// How far it stands from the machine's; negative while it is behind.
    #[must_use]
    pub fn apart_ms(&self) -> i64 {
        self.apart_ms.load(Ordering::SeqCst)
    }
}

impl Clock for WallClock {
    fn now(&self) -> Moment {
        #[expect(clippy::disallowed_methods, reason = "this is where the clock enters")]
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        let ms = i64::try_from(now.as_millis()).unwrap_or(i64::MAX);
        Moment::from_ms(ms.saturating_add(self.apart_ms()))
    }
}

/// A stopwatch, for what is measured rather than decided.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts it.
    #[must_use]
    pub fn start() -> Self {
        #[expect(clippy::disallowed_methods, reason = "this is where the clock enters")]
        Self(Instant::now())
    }

    /// How long it has run.
    #[must_use]
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// A new id of a command, in order of time.
#[must_use]
pub fn new_command_id() -> CommandId {
    CommandId::new(new_uuid())
}

/// A new id, in order of time.
#[must_use]
pub fn new_uuid() -> Uuid {
    #[expect(clippy::disallowed_methods, reason = "this is where randomness enters")]
    Uuid::now_v7()
}

/// Random bytes for secrets.
#[must_use]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    rand::rng().random()
}

/// Random hexadecimal digits, two for each byte.
#[must_use]
pub fn random_hex<const N: usize>() -> String {
    random_bytes::<N>().iter().map(|byte| format!("{byte:02x}")).collect()
}
