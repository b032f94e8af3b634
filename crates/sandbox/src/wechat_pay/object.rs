//! The refund object as WeChat Pay writes it, keys in its order.

use serde::Serialize;

use crate::{
    books::{
        refund::{Channel, Refund, Status},
        transaction::Transaction,
    },
    clock::rfc3339,
};

/// WeChat Pay API v3, refund object.
#[derive(Serialize)]
pub(super) struct RefundObject<'a> {
    refund_id: &'a str,
    out_refund_no: &'a str,
    transaction_id: &'a str,
    out_trade_no: &'a str,
    channel: Channel,
    user_received_account: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    success_time: Option<String>,
    create_time: String,
    status: Status,
    funds_account: &'a str,
    amount: Amount,
    promotion_detail: Vec<Promotion>,
}

#[derive(Serialize)]
struct Amount {
    total: i64,
    refund: i64,
    from: [(); 0],
    payer_total: i64,
    payer_refund: i64,
    settlement_refund: i64,
    settlement_total: i64,
    discount_refund: i64,
    currency: &'static str,
}

#[derive(Serialize)]
pub(super) struct Promotion {
    promotion_id: String,
    scope: &'static str,
    r#type: &'static str,
    amount: i64,
    refund_amount: i64,
}

impl<'a> RefundObject<'a> {
    pub(super) fn new(refund: &'a Refund, transaction: &Transaction) -> Self {
        let shares = &refund.shares;
        Self {
            refund_id: &refund.refund_id,
            out_refund_no: &refund.out_refund_no,
            transaction_id: &refund.transaction_id,
            out_trade_no: &refund.out_trade_no,
            channel: refund.channel,
            user_received_account: &refund.received_account,
            success_time: refund.success_ms.map(rfc3339),
            create_time: rfc3339(refund.created_ms),
            status: refund.status,
            funds_account: &refund.funds_account,
            amount: Amount {
                total: refund.total_fen,
                refund: refund.refund_fen,
                from: [],
                payer_total: transaction.payer_total_fen,
                payer_refund: shares.payer_refund_fen,
                settlement_refund: shares.settlement_refund_fen,
                settlement_total: transaction.settlement_total_fen(),
                discount_refund: shares.discount_refund_fen,
                currency: "CNY",
            },
            promotion_detail: promotions(transaction, shares.discount_refund_fen),
        }
    }
}

/// One coupon at most: recharged ones are `COUPON`, mere discounts `DISCOUNT`.
fn promotions(transaction: &Transaction, refund_amount: i64) -> Vec<Promotion> {
    if transaction.coupon_fen() == 0 {
        return Vec::new();
    }
    let settled = transaction.settled_coupon_fen > 0;
    vec![Promotion {
        promotion_id: "109519".to_owned(),
        scope: "GLOBAL",
        r#type: if settled { "COUPON" } else { "DISCOUNT" },
        amount: transaction.coupon_fen(),
        refund_amount,
    }]
}
