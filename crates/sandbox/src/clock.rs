//! The sandbox's clock: this machine's, moved by whoever tests.
//!
//! The one file here that reads the real time.

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

use jiff::{
    Timestamp,
    tz::{self, TimeZone},
};

/// The real time, or the moment the clock was stopped at, plus an offset.
#[derive(Debug, Default)]
pub struct Clock {
    stopped_ms: Option<i64>,
    offset_ms: AtomicI64,
}

impl Clock {
    /// A clock that moves only when it is moved, from this moment on.
    pub fn stopped() -> Self {
        Self { stopped_ms: Some(real_ms()), ..Self::default() }
    }

    /// Milliseconds since 1970, in sandbox time.
    pub fn now_ms(&self) -> i64 {
        self.stopped_ms.unwrap_or_else(real_ms).saturating_add(self.offset_ms())
    }

    /// How far sandbox time is from the real time.
    pub fn offset_ms(&self) -> i64 {
        self.offset_ms.load(Ordering::SeqCst)
    }

    /// Sandbox time is real time plus this, from now on.
    pub fn set_offset_ms(&self, offset_ms: i64) {
        self.offset_ms.store(offset_ms, Ordering::SeqCst);
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the sandbox is a world of its own with its own clock"
)]
fn real_ms() -> i64 {
    // A clock before 1970 is a broken machine; zero keeps the sandbox answering.
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// RFC 3339 in China's time, whole seconds, as WeChat Pay writes it.
pub(crate) fn rfc3339(at_ms: i64) -> String {
    in_china(at_ms, "%Y-%m-%dT%H:%M:%S+08:00")
}

/// `yyyyMMdd` in China's time, as it appears inside WeChat Pay's numbers.
pub(crate) fn yyyymmdd(at_ms: i64) -> String {
    in_china(at_ms, "%Y%m%d")
}

fn in_china(at_ms: i64, format: &str) -> String {
    let moment = Timestamp::from_millisecond(at_ms).unwrap_or_default();
    moment.to_zoned(TimeZone::fixed(tz::offset(8))).strftime(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_chinas() {
        assert_eq!(rfc3339(1_528_425_296_999), "2018-06-08T10:34:56+08:00");
        assert_eq!(yyyymmdd(1_528_473_600_000), "20180609");
    }

    #[test]
    fn a_moved_clock_stays_moved() {
        let clock = Clock::stopped();
        let before_ms = clock.now_ms();

        clock.set_offset_ms(7 * 86_400_000);

        assert_eq!(clock.now_ms(), before_ms + 7 * 86_400_000);
    }
}
