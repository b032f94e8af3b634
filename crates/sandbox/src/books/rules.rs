//! Whether a refund is accepted.
//!
//! WeChat Pay, limits of refunds: 365 days, 50 parts, one a minute, never more than was paid. For
//! the minute, the 51st part, the year and the excess no real v3 answer was seen; the codes here
//! are the documented classes (`INVALID_REQUEST`, and `FREQUENCY_LIMITED` for the minute).

use super::{
    Books, RefundKey,
    amounts::{Taken, shares},
    refund::{Channel, Refund, Status},
    transaction::Transaction,
};

const DAY_MS: i64 = 86_400_000;
/// After payment success.
pub const AGE_MS_MAX: i64 = 365 * DAY_MS;
/// Partial refunds of one payment; closed ones do not count.
pub const PARTS_MAX: usize = 50;
/// Between two refunds of one payment.
pub const GAP_MS_MIN: i64 = 60_000;
/// How long WeChat Pay tries to take the money before it closes a refund.
pub const FUNDING_MS_MAX: i64 = 7 * DAY_MS;

/// Which payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderNo {
    TransactionId(String),
    OutTradeNo(String),
}

/// An application as it was read from a request.
#[derive(Clone, Debug)]
pub struct Application {
    pub mchid: String,
    pub order: OrderNo,
    pub out_refund_no: String,
    pub refund_fen: i64,
    pub total_fen: i64,
    pub reason: Option<String>,
    pub notify_url: Option<String>,
    pub funds_account: Option<String>,
}

/// What the sandbox was told about the next refund.
#[derive(Clone, Debug)]
pub struct Terms {
    /// WeChat's number for it.
    pub refund_id: String,
    pub fee_rate_ppm: i64,
    pub destiny: Status,
    /// Short of money only after acceptance.
    pub short: bool,
    pub delay_ms: i64,
}

/// Why an application is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The number was used with other amounts, or the total is not the order's.
    AnotherAmount,
    /// The number was used for another order, or the order is another merchant's.
    AnotherOrder,
    NoSuchOrder,
    TooLate,
    FullyRefunded,
    TooMuch,
    TooManyParts,
    TooSoon,
    NotEnough,
}

/// The refund this number already stands for. Fields other than the amounts are not compared: what
/// WeChat Pay does when only they differ is not documented.
pub fn existing<'a>(
    books: &'a Books,
    application: &Application,
) -> Result<Option<&'a Refund>, Refusal> {
    let Some(refund) = books.refund(&application.mchid, &application.out_refund_no) else {
        return Ok(None);
    };
    let same_order = match &application.order {
        OrderNo::TransactionId(id) => *id == refund.transaction_id,
        OrderNo::OutTradeNo(no) => *no == refund.out_trade_no,
    };
    if !same_order {
        return Err(Refusal::AnotherOrder);
    }
    if (application.refund_fen, application.total_fen) != (refund.refund_fen, refund.total_fen) {
        return Err(Refusal::AnotherAmount);
    }
    Ok(Some(refund))
}

/// The payment, if a refund of this much of it is possible at this moment.
pub fn refundable<'a>(
    books: &'a Books,
    application: &Application,
    now_ms: i64,
) -> Result<&'a Transaction, Refusal> {
    let found = match &application.order {
        OrderNo::TransactionId(id) => books.transaction(id),
        OrderNo::OutTradeNo(no) => books.transaction_by_trade_no(&application.mchid, no),
    };
    let transaction = found.ok_or(Refusal::NoSuchOrder)?;
    if transaction.mchid != application.mchid {
        return Err(Refusal::AnotherOrder);
    }
    if transaction.total_fen != application.total_fen {
        return Err(Refusal::AnotherAmount);
    }
    if now_ms - transaction.paid_at_ms > AGE_MS_MAX {
        return Err(Refusal::TooLate);
    }
    let refunded_fen = books.refunded_fen(&transaction.transaction_id);
    if refunded_fen == transaction.total_fen {
        return Err(Refusal::FullyRefunded);
    }
    if refunded_fen + application.refund_fen > transaction.total_fen {
        return Err(Refusal::TooMuch);
    }
    let before = || books.refunds_of(&transaction.transaction_id);
    if before().filter(|refund| !refund.is_closed()).count() >= PARTS_MAX {
        return Err(Refusal::TooManyParts);
    }
    if before().any(|refund| now_ms - refund.created_ms < GAP_MS_MIN) {
        return Err(Refusal::TooSoon);
    }
    Ok(transaction)
}

/// The refund these terms make of the application, if the merchant can pay it.
pub fn accept(
    books: &Books,
    application: &Application,
    transaction: &Transaction,
    terms: &Terms,
    now_ms: i64,
) -> Result<Refund, Refusal> {
    let taken = taken(books, &transaction.transaction_id);
    let shares = shares(transaction, taken, application.refund_fen, terms.fee_rate_ppm);
    if !terms.short && books.balance_fen(&application.mchid) < shares.debited_fen {
        return Err(Refusal::NotEnough);
    }
    Ok(Refund {
        mchid: application.mchid.clone(),
        refund_id: terms.refund_id.clone(),
        out_refund_no: application.out_refund_no.clone(),
        transaction_id: transaction.transaction_id.clone(),
        out_trade_no: transaction.out_trade_no.clone(),
        refund_fen: application.refund_fen,
        total_fen: application.total_fen,
        reason: application.reason.clone(),
        notify_url: application.notify_url.clone(),
        funds_account: application.funds_account.clone().unwrap_or_else(|| "AVAILABLE".into()),
        shares,
        created_ms: now_ms,
        status: Status::Processing,
        channel: Channel::Original,
        received_account: transaction.payer_account.received_account(),
        success_ms: None,
        funded: !terms.short,
        destiny: terms.destiny,
        due_ms: now_ms + if terms.short { FUNDING_MS_MAX } else { terms.delay_ms },
    })
}

fn taken(books: &Books, transaction_id: &str) -> Taken {
    let open = books.refunds_of(transaction_id).filter(|refund| !refund.is_closed());
    open.fold(Taken::default(), |sum, refund| Taken {
        refund_fen: sum.refund_fen + refund.refund_fen,
        payer_refund_fen: sum.payer_refund_fen + refund.shares.payer_refund_fen,
        settlement_refund_fen: sum.settlement_refund_fen + refund.shares.settlement_refund_fen,
        fee_returned_fen: sum.fee_returned_fen + refund.shares.fee_returned_fen,
    })
}

/// An abnormal refund that may be sent another way.
pub fn abnormal<'a>(
    books: &'a Books,
    key: &RefundKey,
    refund_id: &str,
) -> Result<&'a Refund, AbnormalRefusal> {
    let found = books.refund_by_id(refund_id).filter(|refund| refund.mchid == key.mchid);
    let refund = found.ok_or(AbnormalRefusal::NoSuchRefund)?;
    if refund.out_refund_no != key.out_refund_no {
        return Err(AbnormalRefusal::AnotherRefund);
    }
    if refund.status != Status::Abnormal {
        return Err(AbnormalRefusal::NotAbnormal);
    }
    Ok(refund)
}

/// Why an abnormal refund is not sent another way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AbnormalRefusal {
    NoSuchRefund,
    AnotherRefund,
    NotAbnormal,
}
