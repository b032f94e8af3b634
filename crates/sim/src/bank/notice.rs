//! Notices: made once, signed afresh for every attempt, posted again until they are taken. Some
//! come twice, late, wrongly signed or never.

use super::{
    Bank, MCHID,
    say::{self, Signed},
};
use crate::sky::Kind;
use domain::moment::Moment;
use providers::{
    http::HeaderMap,
    wechat_pay::{credentials::ApiV3Key, seal},
};
use sandbox::books::refund::{Refund, Status};
use serde_json::json;

/// When a notice that was not taken is posted again, in seconds (WeChat Pay API v3).
const AGAIN_S: [i64; 15] = [
    15, 15, 30, 180, 600, 1_200, 1_800, 1_800, 1_800, 3_600, 10_800, 10_800, 10_800, 21_600, 21_600,
];

/// A notice on its way.
#[derive(Clone, Debug)]
pub struct Posted {
    /// Where to: shop and case.
    pub place: (String, String),
    /// The sealed envelope.
    pub body: Vec<u8>,
    /// The refund it is about, for the story.
    pub refund_no: String,
    seq: u64,
    tries: usize,
    forged: bool,
    twice: bool,
}

impl Bank {
    pub(super) fn announce(&mut self, refund: &Refund, at_ms: i64) {
        let lost = self.sky.strikes(Kind::NoticeLost);
        let late = self.sky.strikes(Kind::NoticeLate);
        let forged = self.sky.strikes(Kind::NoticeForged);
        let twice = self.sky.strikes(Kind::NoticeTwice);
        self.seq = self.seq.saturating_add(1);
        let Some(place) = refund.notify_url.as_deref().and_then(place) else { return };
        let Some(body) = self.envelope(refund, at_ms).filter(|_| !lost) else { return };
        let (seq, refund_no) = (self.seq, refund.out_refund_no.clone());
        let posted = Posted { place, body, refund_no, seq, tries: 0, forged, twice };
        let late_ms = if late { i64::try_from(self.sky.below(86_400_000)).unwrap_or(0) } else { 0 };
        self.notices.insert((at_ms.saturating_add(late_ms), seq), posted);
    }

    fn envelope(&self, refund: &Refund, at_ms: i64) -> Option<Vec<u8>> {
        let event = match refund.status {
            Status::Success => "REFUND.SUCCESS",
            Status::Abnormal => "REFUND.ABNORMAL",
            Status::Closed => "REFUND.CLOSED",
            Status::Processing => return None,
        };
        let payment = self.books.transaction(&refund.transaction_id)?;
        let key = ApiV3Key::new(say::APIV3_KEY).ok()?;
        let nonce = format!("{:012}", self.seq.checked_rem(1_000_000_000_000).unwrap_or(0));
        let sealed = seal::seal(&say::plain(refund, payment), &key, &nonce, "refund").ok()?;
        let mut resource = serde_json::to_value(sealed).ok()?;
        resource.as_object_mut()?.insert("original_type".to_owned(), json!("refund"));
        let create_time = say::time(at_ms);
        serde_json::to_vec(&json!({
            "id": format!("EV-{}", self.seq),
            "create_time": create_time,
            "resource_type": "encrypt-resource",
            "event_type": event,
            "summary": MCHID,
            "resource": resource,
        }))
        .ok()
    }

    /// The next notice that is due, with its headers.
    pub fn next_notice(&mut self, now: Moment) -> Option<(Posted, HeaderMap)> {
        let key = self.notices.keys().next().copied().filter(|(due_ms, _)| *due_ms <= now.ms())?;
        let notice = self.notices.remove(&key)?;
        let how = if notice.forged { Signed::Wrongly } else { Signed::Well };
        let headers = self.keys.headers(&notice.body, how, now);
        Some((notice, headers))
    }

    /// What became of it: taken, or to be posted again.
    pub fn notice_tried(&mut self, mut notice: Posted, taken: bool, now: Moment) {
        let wait_s = if taken {
            if !notice.twice {
                return;
            }
            notice.twice = false;
            1
        } else {
            match AGAIN_S.get(notice.tries) {
                Some(wait_s) => *wait_s,
                None => return,
            }
        };
        notice.tries = notice.tries.saturating_add(1);
        notice.forged = false;
        let due_ms = now.ms().saturating_add(wait_s.saturating_mul(1_000));
        self.notices.insert((due_ms, notice.seq), notice);
    }
}

/// `https://shop.example/notices/{shop}/{case}`
fn place(url: &str) -> Option<(String, String)> {
    let mut parts = url.rsplit('/');
    let case_id = parts.next()?.to_owned();
    Some((parts.next()?.to_owned(), case_id))
}
