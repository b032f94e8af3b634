//! A notice in the books: its body, made once, and every attempt to deliver it.

use serde::{Deserialize, Serialize};

/// WeChat Pay, notices of payments and refunds: after the first attempt again in
/// 15s/15s/30s/3m/10m/20m/30m/30m/30m/60m/3h/3h/3h/6h/6h.
pub const RETRIES_S: [i64; 15] = [
    15, 15, 30, 180, 600, 1_200, 1_800, 1_800, 1_800, 3_600, 10_800, 10_800, 10_800, 21_600, 21_600,
];

/// How the first attempt is spoiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spoil {
    /// A signature beginning with `WECHATPAY/SIGNTEST/`.
    Probe,
    /// A serial nobody has.
    WrongSerial,
    /// A timestamp ten minutes old, properly signed.
    Stale,
}

/// A notice to be delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// In the order they came into being.
    pub seq: u64,
    /// What the receiver dedupes by.
    pub id: String,
    pub event_type: String,
    pub mchid: String,
    pub out_refund_no: String,
    pub url: String,
    /// The sealed envelope; every attempt carries the same bytes and a fresh signature.
    pub body: String,
    /// When it is posted next; `None` when it never will be again.
    pub due_ms: Option<i64>,
    /// Posted this many times more even after it was acknowledged.
    pub extra_copies: u32,
    /// Whether it waits for a later notice to overtake it.
    pub held: bool,
    pub spoil: Option<Spoil>,
    pub attempts: Vec<Attempt>,
}

/// One attempt to deliver a notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    pub at_ms: i64,
    /// Nothing when there was no answer within five seconds.
    pub http_status: Option<u16>,
    pub spoiled: Option<Spoil>,
}

impl Attempt {
    /// WeChat Pay takes 200 and 204 for an acknowledgement.
    pub fn is_acknowledged(&self) -> bool {
        matches!(self.http_status, Some(200 | 204))
    }
}

impl Notice {
    /// Whether the receiver ever took it.
    pub fn is_acknowledged(&self) -> bool {
        self.attempts.iter().any(Attempt::is_acknowledged)
    }

    pub(super) fn tried(&mut self, attempt: &Attempt) {
        self.attempts.push(attempt.clone());
        self.held = false;
        self.spoil = None;
        let again_s = RETRIES_S.get(self.attempts.len() - 1);
        self.due_ms = if !attempt.is_acknowledged() {
            again_s.map(|seconds| attempt.at_ms + seconds * 1_000)
        } else if self.extra_copies > 0 {
            self.extra_copies -= 1;
            Some(attempt.at_ms)
        } else {
            None
        };
    }

    pub(super) fn overtaken(&mut self, at_ms: i64) {
        if self.held && self.due_ms.is_some() {
            self.held = false;
            self.due_ms = Some(at_ms);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_last_a_day_and_four_minutes() {
        assert_eq!(RETRIES_S.iter().sum::<i64>(), 24 * 3_600 + 4 * 60);
    }
}
