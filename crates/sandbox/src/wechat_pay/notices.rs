//! Notices to the merchant: made once, signed afresh for every attempt, repeated until answered.

use std::sync::Arc;

use futures_util::{StreamExt, stream};
use serde::Serialize;

use super::platform::{Signature, seal};
use crate::{
    books::{
        entry::Entry,
        notice::{Attempt, Notice},
        refund::{Refund, Status},
        transaction::Transaction,
    },
    clock::rfc3339,
    faults::Kind,
    random,
    world::{State, World},
};

/// Deliveries under way at once.
const CONCURRENT_MAX: usize = 8;
/// Rounds of one delivery: duplicates and overtaken notices become due by another's delivery.
const ROUNDS_MAX: usize = 16;
/// How long a held notice waits for one to overtake it.
const HELD_MS_MAX: i64 = 60_000;

/// WeChat Pay API v3, plaintext of a refund notice.
#[derive(Serialize)]
struct Plain<'a> {
    mchid: &'a str,
    transaction_id: &'a str,
    out_trade_no: &'a str,
    refund_id: &'a str,
    out_refund_no: &'a str,
    refund_status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    success_time: Option<String>,
    user_received_account: &'a str,
    amount: Amount,
}

#[derive(Serialize)]
struct Amount {
    total: i64,
    refund: i64,
    payer_total: i64,
    payer_refund: i64,
}

#[derive(Serialize)]
struct Envelope<'a> {
    id: &'a str,
    create_time: String,
    resource_type: &'static str,
    event_type: &'static str,
    summary: &'static str,
    resource: serde_json::Value,
}

/// The notice of a refund that came to an end, if the merchant asked for one.
pub(crate) fn compose(
    state: &State,
    refund: &Refund,
    apiv3_key: &str,
    at_ms: i64,
    faults: &[Kind],
) -> Option<Notice> {
    let url = refund.notify_url.clone()?;
    let (event_type, summary) = match refund.status {
        Status::Success => ("REFUND.SUCCESS", "退款成功"),
        Status::Abnormal => ("REFUND.ABNORMAL", "退款异常"),
        Status::Closed => ("REFUND.CLOSED", "退款关闭"),
        Status::Processing => return None,
    };
    let id = random::uuid5();
    let transaction = state.books.transaction(&refund.transaction_id)?;
    let body = body(&id, (event_type, summary), refund, (transaction, apiv3_key, at_ms))?;
    let mut notice = Notice {
        seq: state.books.next_notice_seq(),
        id,
        event_type: event_type.to_owned(),
        mchid: refund.mchid.clone(),
        out_refund_no: refund.out_refund_no.clone(),
        url,
        body,
        due_ms: Some(at_ms),
        extra_copies: u32::from(faults.contains(&Kind::NoticeDuplicate)),
        held: faults.contains(&Kind::NoticeHeld),
        spoil: faults.iter().find_map(Kind::spoil),
        attempts: Vec::new(),
    };
    let late_s = faults.iter().find_map(|kind| {
        let Kind::NoticeLate { seconds } = kind else { return None };
        Some(*seconds)
    });
    if let Some(late_s) = late_s {
        notice.due_ms = Some(at_ms.saturating_add(late_s.saturating_mul(1_000)));
    }
    if notice.held {
        notice.due_ms = Some(at_ms + HELD_MS_MAX);
    }
    if faults.contains(&Kind::NoticeLost) {
        notice.due_ms = None;
    }
    Some(notice)
}

fn body(
    id: &str,
    (event_type, summary): (&'static str, &'static str),
    refund: &Refund,
    (transaction, apiv3_key, at_ms): (&Transaction, &str, i64),
) -> Option<String> {
    let plain = serde_json::to_vec(&Plain {
        mchid: &refund.mchid,
        transaction_id: &refund.transaction_id,
        out_trade_no: &refund.out_trade_no,
        refund_id: &refund.refund_id,
        out_refund_no: &refund.out_refund_no,
        refund_status: refund.status,
        success_time: refund.success_ms.map(rfc3339),
        user_received_account: &refund.received_account,
        amount: Amount {
            total: refund.total_fen,
            refund: refund.refund_fen,
            payer_total: transaction.payer_total_fen,
            payer_refund: refund.shares.payer_refund_fen,
        },
    })
    .ok()?;
    // Real notices have the original type for associated data, although the documents show none.
    let mut resource = seal(&plain, apiv3_key.as_bytes(), "refund")?;
    resource.as_object_mut()?.insert("original_type".into(), "refund".into());
    let resource_type = "encrypt-resource";
    let create_time = rfc3339(at_ms);
    let envelope = Envelope { id, create_time, resource_type, event_type, summary, resource };
    serde_json::to_string(&envelope).ok()
}

/// Posts every notice that is due, and those that become due by it; returns how many were posted.
pub(crate) async fn deliver(world: &Arc<World>) -> usize {
    let _alone = world.delivering.lock().await;
    let mut posted = 0;
    for _ in 0..ROUNDS_MAX {
        let due: Vec<Notice> =
            world.act(|state, now_ms| state.books.notices_due(now_ms).cloned().collect());
        if due.is_empty() {
            break;
        }
        posted += due.len();
        stream::iter(due)
            .for_each_concurrent(CONCURRENT_MAX, |notice| attempt(world, notice))
            .await;
    }
    posted
}

async fn attempt(world: &Arc<World>, notice: Notice) {
    let signer = world.platform.for_notice(notice.seq);
    let now_s = world.clock.now_ms() / 1_000;
    let signature =
        signer.sign(notice.body.as_bytes(), random::letters::<32>(), now_s, notice.spoil);
    let http_status = post(world, &notice, signature).await;
    world.act(|state, now_ms| {
        let attempt = Attempt { at_ms: now_ms, http_status, spoiled: notice.spoil };
        state.commit(Entry::NoticeTried { seq: notice.seq, attempt });
    });
}

/// The receiver's status, or nothing within five seconds.
async fn post(world: &World, notice: &Notice, signature: Signature) -> Option<u16> {
    let sending = world
        .http
        .post(&notice.url)
        .header("User-Agent", "Mozilla/4.0")
        .header("Content-Type", "application/json")
        .header("Request-ID", random::request_id(0))
        .header("Wechatpay-Nonce", signature.nonce)
        .header("Wechatpay-Signature", signature.signature)
        .header("Wechatpay-Timestamp", signature.timestamp)
        .header("Wechatpay-Serial", signature.serial)
        .header("Wechatpay-Signature-Type", "WECHATPAY2-SHA256-RSA2048")
        .body(notice.body.clone())
        .send();
    sending.await.ok().map(|answer| answer.status().as_u16())
}
