//! Pace: no more applications in a second than a channel takes.

use std::{sync::Mutex, time::Duration};
use tokio::time::Instant;

/// Spreads turns evenly: each waits for its own place in line.
pub struct Pace {
    step: Duration,
    next: Mutex<Option<Instant>>,
}

impl Pace {
    /// So many turns a second, at least one.
    #[must_use]
    pub fn per_second(turns: u32) -> Self {
        Self { step: Duration::from_secs(1) / turns.max(1), next: Mutex::new(None) }
    }

    /// Waits for a turn.
    pub async fn wait(&self) {
        let turn = {
            let mut next = self.next.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let now = Instant::now();
            let turn = next.map_or(now, |next| next.max(now));
            *next = Some(turn + self.step);
            turn
        };
        tokio::time::sleep_until(turn).await;
    }
}

#[cfg(test)]
mod tests {
    use super::Pace;
    use std::time::Duration;
    use tokio::time::Instant;

    #[tokio::test(start_paused = true)]
    async fn a_second_holds_no_more_turns_than_it_may() {
        let pace = Pace::per_second(150);
        let start = Instant::now();
        for _ in 0..=150 {
            pace.wait().await;
        }
        assert!(start.elapsed() >= Duration::from_millis(990));
    }
}
