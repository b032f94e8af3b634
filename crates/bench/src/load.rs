//! Load: as fast as it goes over so many connections (closed loop), or at a fixed rate whatever
//! happens (open loop). In the open loop a request's time begins when it should have been sent,
//! so that a server which stops for a while is charged for all that had to wait.

use crate::http::{Ask, Line, Told};
use anyhow::Result;
use hdrhistogram::Histogram;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

/// What is asked, and what is made of the answers.
pub trait Script: Send + Sync + 'static {
    /// The request of a number; none if there is nothing left to ask.
    fn ask(&self, n: u64) -> Option<Ask>;
    /// Hears the answer; false if it is not the one that was wanted.
    fn hear(&self, n: u64, told: &Told) -> bool;
}

/// How the sending goes.
#[derive(Clone, Copy, Debug)]
pub enum Pace {
    /// The next request of a connection follows the answer.
    Closed,
    /// So many requests a second.
    Open(f64),
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Answers that were wanted.
    pub good: u64,
    /// Others, lost ones included.
    pub bad: u64,
    /// How long it went on.
    pub took: Duration,
    /// Times of the good ones, in microseconds.
    pub times: Histogram<u64>,
}

impl Outcome {
    /// Good answers a second.
    pub fn rate(&self) -> f64 {
        self.good as f64 / self.took.as_secs_f64()
    }

    /// A quantile of the times, in milliseconds.
    pub fn ms(&self, quantile: f64) -> f64 {
        self.times.value_at_quantile(quantile) as f64 / 1_000.0
    }
}

/// Sends for so long over so many connections.
#[expect(clippy::disallowed_methods, reason = "a measurement needs the machine's clock")]
pub async fn run<S: Script>(
    host: &str,
    script: &Arc<S>,
    connections: usize,
    pace: Pace,
    lasts: Duration,
) -> Result<Outcome> {
    let next = Arc::new(AtomicU64::new(0));
    let mut lines = Vec::with_capacity(connections);
    for _ in 0..connections {
        lines.push(Line::open(host).await?);
    }
    let begin = Instant::now();
    let mut workers = JoinSet::new();
    for line in lines {
        let work = Work { next: Arc::clone(&next), script: Arc::clone(script), pace, begin, lasts };
        workers.spawn(work.run(line));
    }
    let mut all = Outcome { good: 0, bad: 0, took: Duration::ZERO, times: times()? };
    while let Some(done) = workers.join_next().await {
        let done = done??;
        all.good += done.good;
        all.bad += done.bad;
        all.times.add(&done.times)?;
    }
    all.took = begin.elapsed();
    Ok(all)
}

fn times() -> Result<Histogram<u64>> {
    Ok(Histogram::new_with_bounds(1, 120_000_000, 3)?)
}

struct Work<S> {
    next: Arc<AtomicU64>,
    script: Arc<S>,
    pace: Pace,
    begin: Instant,
    lasts: Duration,
}

impl<S: Script> Work<S> {
    #[expect(clippy::disallowed_methods, reason = "a measurement needs the machine's clock")]
    async fn run(self, mut line: Line) -> Result<Outcome> {
        let mut done = Outcome { good: 0, bad: 0, took: Duration::ZERO, times: times()? };
        loop {
            let n = self.next.fetch_add(1, Ordering::Relaxed);
            let meant = match self.pace {
                Pace::Closed => Instant::now(),
                Pace::Open(rate) => self.begin + Duration::from_secs_f64(n as f64 / rate),
            };
            if meant.duration_since(self.begin) >= self.lasts {
                break;
            }
            let Some(ask) = self.script.ask(n) else { break };
            if matches!(self.pace, Pace::Open(_)) {
                // The timer rounds up to a millisecond, so nobody asks it who need not wait.
                tokio::time::sleep_until(meant.into()).await;
            }
            match line.send(&ask).await {
                Ok(told) if self.script.hear(n, &told) => {
                    done.good += 1;
                    let micros = u64::try_from(meant.elapsed().as_micros()).unwrap_or(u64::MAX);
                    done.times.saturating_record(micros.max(1));
                }
                Ok(_) | Err(_) => done.bad += 1,
            }
        }
        Ok(done)
    }
}
