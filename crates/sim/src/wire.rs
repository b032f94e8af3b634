//! The wire between a process and the bank: real requests, real answers, and what may happen to
//! both on their way.

use crate::{
    bank::{Bank, Keys, Said, Signed},
    clock::TrueTime,
    life::Life,
    sky::{Kind, Sky},
};
use async_trait::async_trait;
use domain::moment::Span;
use providers::{
    client::{Fault, Transport},
    http::{Request, Response},
};
use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The bank, shared by everybody.
pub type SharedBank = Arc<Mutex<Bank>>;

/// Takes the bank for a moment.
pub fn at_bank(bank: &SharedBank) -> MutexGuard<'_, Bank> {
    bank.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The wire of one process.
pub struct Wire {
    /// The other end.
    pub bank: SharedBank,
    /// The bank's keys.
    pub keys: &'static Keys,
    /// The weather between.
    pub sky: Sky,
    /// The process.
    pub life: Life,
    /// The true time, by which the bank's clock goes.
    pub time: Arc<TrueTime>,
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire").finish_non_exhaustive()
    }
}

/// What becomes of a request.
const MISHAPS: [Kind; 11] = [
    Kind::NeverLeft,
    Kind::SilenceBefore,
    Kind::SilenceAfter,
    Kind::LimitedBefore,
    Kind::LimitedAfter,
    Kind::ErrorBefore,
    Kind::ErrorAfter,
    Kind::Gateway,
    Kind::WrongSignature,
    Kind::Probe,
    Kind::Stale,
];

#[async_trait]
impl Transport for Wire {
    async fn send(&self, request: &Request) -> Result<Response, Fault> {
        let what = format!("{} {}", request.method, request.path_and_query);
        let body = String::from_utf8_lossy(&request.body);
        self.sky.tell(|| format!("request {what} {body}"));
        self.wait().await;
        if self.sky.strikes(Kind::CrashInFlight) && self.sky.below(2) == 0 {
            return self.life.die().await;
        }
        let mishap = self.sky.first(&MISHAPS);
        let attempt = what.clone();
        let unknown = || Fault::Unknown { attempt: attempt.clone(), reason: "simulated".into() };
        match mishap {
            Some(Kind::NeverLeft) => {
                return Err(Fault::NeverLeft { attempt: what, reason: "simulated".into() });
            }
            Some(Kind::SilenceBefore) => {
                self.time.pass(30_000);
                return Err(unknown());
            }
            Some(Kind::LimitedBefore) => {
                return Ok(self.dressed(Said::error(429, "FREQUENCY_LIMITED", ""), Signed::Well));
            }
            Some(Kind::ErrorBefore) => {
                return Ok(self.dressed(Said::error(500, "SYSTEM_ERROR", ""), Signed::Well));
            }
            Some(Kind::Gateway) if self.sky.below(2) == 0 => {
                return Ok(self.dressed(Said::gateway(), Signed::Well));
            }
            _ => {}
        }
        let said = at_bank(&self.bank).serve(request, self.time.now());
        let answer = self.answer(mishap, said).ok_or_else(unknown);
        self.wait().await;
        if self.sky.strikes(Kind::CrashInFlight) {
            return self.life.die().await;
        }
        answer
    }
}

impl Wire {
    /// Others go first, and sometimes so much time passes that the lease runs out.
    async fn wait(&self) {
        for _ in 0..self.sky.turns() {
            tokio::task::yield_now().await;
        }
        if self.sky.strikes(Kind::SlowAnswer) {
            self.time.pass(Span::seconds(90).ms());
            tokio::task::yield_now().await;
        }
    }

    /// The answer as it arrives; nothing if it does not.
    fn answer(&self, mishap: Option<Kind>, said: Said) -> Option<Response> {
        let well = |said| Some(self.dressed(said, Signed::Well));
        match mishap {
            Some(Kind::SilenceAfter) => None,
            Some(Kind::LimitedAfter) => well(Said::error(429, "FREQUENCY_LIMITED", "")),
            Some(Kind::ErrorAfter) => well(Said::error(500, "SYSTEM_ERROR", "")),
            Some(Kind::Gateway) => well(Said::gateway()),
            Some(Kind::WrongSignature) => Some(self.dressed(said, Signed::Wrongly)),
            Some(Kind::Probe) => Some(self.dressed(said, Signed::AsProbe)),
            Some(Kind::Stale) => Some(self.dressed(said, Signed::LongAgo)),
            _ => well(said),
        }
    }

    fn dressed(&self, said: Said, how: Signed) -> Response {
        said.dressed(self.keys, how, self.time.now())
    }
}
