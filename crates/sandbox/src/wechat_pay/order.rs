//! `GET /v3/pay/transactions/id/{transaction_id}` and `…/out-trade-no/{out_trade_no}`.

use serde::Serialize;
use serde_json::json;

use super::{Authorised, answer::Answer, problem::Problem};
use crate::{
    books::{
        Books,
        transaction::{PayerAccount, Transaction},
    },
    clock::rfc3339,
};

#[derive(Serialize)]
struct Order<'a> {
    amount: Amount,
    appid: &'static str,
    attach: &'static str,
    bank_type: &'static str,
    mchid: &'a str,
    out_trade_no: &'a str,
    payer: Payer<'a>,
    promotion_detail: [(); 0],
    success_time: String,
    trade_state: &'static str,
    trade_state_desc: &'static str,
    trade_type: &'static str,
    transaction_id: &'a str,
}

#[derive(Serialize)]
struct Amount {
    currency: &'static str,
    payer_currency: &'static str,
    payer_total: i64,
    total: i64,
}

#[derive(Serialize)]
struct Payer<'a> {
    openid: &'a str,
}

/// By WeChat's number.
pub(super) fn answer_by_id(request: &Authorised<'_>, id: &str) -> Result<Answer, Problem> {
    check_merchant(request)?;
    request.world.act(|state, _| {
        let found = state.books.transaction(id);
        let own = found.filter(|transaction| transaction.mchid == request.merchant.mchid);
        own.map(|one| shown(&state.books, one)).ok_or_else(Problem::no_such_order)
    })
}

/// By the merchant's number.
pub(super) fn answer_by_trade_no(request: &Authorised<'_>, no: &str) -> Result<Answer, Problem> {
    check_merchant(request)?;
    request.world.act(|state, _| {
        let found = state.books.transaction_by_trade_no(&request.merchant.mchid, no);
        found.map(|one| shown(&state.books, one)).ok_or_else(Problem::no_such_order)
    })
}

fn check_merchant(request: &Authorised<'_>) -> Result<(), Problem> {
    if request.query == format!("mchid={}", request.merchant.mchid) {
        return Ok(());
    }
    let message = "输入源“/query/mchid”与签名所用商户号不一致";
    Err(Problem::parameter("query", json!(request.query), message))
}

/// WeChat Pay, trade states: `REFUND` from the first refund on, partial ones too.
fn shown(books: &Books, transaction: &Transaction) -> Answer {
    let refunded = books.refunded_fen(&transaction.transaction_id) > 0;
    let (trade_state, trade_state_desc) =
        if refunded { ("REFUND", "转入退款") } else { ("SUCCESS", "支付成功") };
    Answer::ok(&Order {
        amount: Amount {
            currency: "CNY",
            payer_currency: "CNY",
            payer_total: transaction.payer_total_fen,
            total: transaction.total_fen,
        },
        appid: "wxd678efh567hg6787",
        attach: "",
        bank_type: match transaction.payer_account {
            PayerAccount::Balance | PayerAccount::BalancePlus => "OTHERS",
            PayerAccount::DebitCard(_) => "CMB_DEBIT",
            PayerAccount::CreditCard(_) => "CMB_CREDIT",
        },
        mchid: &transaction.mchid,
        out_trade_no: &transaction.out_trade_no,
        payer: Payer { openid: &transaction.openid },
        promotion_detail: [],
        success_time: rfc3339(transaction.paid_at_ms),
        trade_state,
        trade_state_desc,
        trade_type: "JSAPI",
        transaction_id: &transaction.transaction_id,
    })
}
