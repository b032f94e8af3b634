//! `POST /v3/refund/domestic/refunds`.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::{
    Authorised,
    answer::Answer,
    notices,
    object::RefundObject,
    problem::Problem,
    schema::{self, Field, Need, Shape, integer, text},
};
use crate::{
    books::{
        entry::Entry,
        refund::{Refund, Status},
        rules::{self, Application, OrderNo, Terms},
        transaction::Transaction,
    },
    faults::{Kind, Stage},
    random,
    world::{State, World},
};

const fn field(name: &'static str, label: &'static str, need: Need, shape: Shape) -> Field {
    Field { name, label, need, shape }
}

const FIELDS: &[Field] = &[
    field("transaction_id", "微信支付订单号", Need::May, Shape::Text(1, 32)),
    field("out_trade_no", "商户订单号", Need::May, Shape::Text(6, 32)),
    field("out_refund_no", "商户退款单号", Need::Must, Shape::Text(1, 64)),
    field("reason", "退款原因", Need::May, Shape::Text(1, 80)),
    field("notify_url", "退款结果回调url", Need::May, Shape::Text(8, 256)),
    field("funds_account", "退款资金来源", Need::May, Shape::Text(1, 32)),
    field("amount", "金额信息", Need::Must, Shape::Object(AMOUNT)),
    field("goods_detail", "退款商品", Need::May, Shape::List(GOODS)),
];

const AMOUNT: &[Field] = &[
    field("refund", "退款金额", Need::Must, Shape::Integer(1)),
    field("from", "退款出资账户及金额", Need::May, Shape::List(FROM)),
    field("total", "原订单金额", Need::Must, Shape::Integer(1)),
    field("currency", "退款币种", Need::Must, Shape::Text(1, 16)),
];

const FROM: &[Field] = &[
    field("account", "出资账户类型", Need::Must, Shape::Text(1, 32)),
    field("amount", "出资金额", Need::Must, Shape::Integer(1)),
];

const GOODS: &[Field] = &[
    field("merchant_goods_id", "商户侧商品编码", Need::Must, Shape::Text(1, 32)),
    field("wechatpay_goods_id", "微信侧商品编码", Need::May, Shape::Text(1, 32)),
    field("goods_name", "商品名称", Need::May, Shape::Text(1, 256)),
    field("unit_price", "商品单价", Need::Must, Shape::Integer(0)),
    field("refund_amount", "商品退款金额", Need::Must, Shape::Integer(0)),
    field("refund_quantity", "商品退货数量", Need::Must, Shape::Integer(1)),
];

/// The refund, new or already known under this number.
pub(super) async fn answer(request: Authorised<'_>) -> Result<Answer, Problem> {
    let world = request.world;
    let body = schema::read(&request.body, FIELDS)?;
    let application = application(&body, &request.merchant.mchid)?;
    let fee_rate_ppm = request.merchant.fee_rate_ppm;
    let (answer, deliver) = world.act(|state, now_ms| {
        if let Some(refund) = rules::existing(&state.books, &application)? {
            return Ok((shown(state, refund), Deliver::Later));
        }
        accept(world, state, &application, (fee_rate_ppm, now_ms))
    })?;
    if let Deliver::First = deliver {
        notices::deliver(world).await;
    }
    Ok(answer)
}

/// Whether the notice shall come before the answer.
enum Deliver {
    Later,
    First,
}

fn accept(
    world: &Arc<World>,
    state: &mut State,
    application: &Application,
    (fee_rate_ppm, now_ms): (i64, i64),
) -> Result<(Answer, Deliver), Problem> {
    let transaction = rules::refundable(&state.books, application, now_ms)?.clone();
    let faults = state.faults.meeting(Stage::Refund, &application.out_refund_no);
    if faults.contains(&Kind::UserAccountAbnormal) {
        return Err(Problem::user_account_abnormal());
    }
    if faults.contains(&Kind::NotEnough) {
        return Err(rules::Refusal::NotEnough.into());
    }
    let terms = terms(world, &transaction, &faults, (fee_rate_ppm, now_ms));
    let refund = rules::accept(&state.books, application, &transaction, &terms, now_ms)?;
    let answer = Answer::ok(&RefundObject::new(&refund, &transaction));
    state.commit(Entry::Accepted(Box::new(refund)));
    if faults.contains(&Kind::NoticeBeforeAnswer) {
        world.settle(state, now_ms);
        return Ok((answer, Deliver::First));
    }
    Ok((answer, Deliver::Later))
}

fn terms(
    world: &World,
    transaction: &Transaction,
    faults: &[Kind],
    (fee_rate_ppm, now_ms): (i64, i64),
) -> Terms {
    let usual_ms = world.delay_ms(&transaction.payer_account);
    let at_once = faults.contains(&Kind::NoticeBeforeAnswer).then_some(0);
    let delayed_ms = faults.iter().find_map(|kind| {
        let Kind::RefundDelayed { seconds } = kind else { return None };
        Some(seconds.saturating_mul(1_000))
    });
    let destiny = match faults {
        _ if faults.contains(&Kind::RefundAbnormal) => Status::Abnormal,
        _ if faults.contains(&Kind::RefundClosed) => Status::Closed,
        _ => Status::Success,
    };
    Terms {
        refund_id: random::refund_id(now_ms),
        fee_rate_ppm,
        destiny,
        short: faults.contains(&Kind::RefundShort),
        delay_ms: at_once.or(delayed_ms).unwrap_or(usual_ms),
    }
}

/// The refund object of a refund in the books.
pub(super) fn shown(state: &State, refund: &Refund) -> Answer {
    match state.books.transaction(&refund.transaction_id) {
        Some(transaction) => Answer::ok(&RefundObject::new(refund, transaction)),
        None => Answer::from(Problem::system_error()),
    }
}

fn application(body: &Map<String, Value>, mchid: &str) -> Result<Application, Problem> {
    let wrong = |value: Value, message: &str| Problem::parameter("body", value, message);
    let order = match (text(body, "transaction_id"), text(body, "out_trade_no")) {
        (Some(id), None) => OrderNo::TransactionId(id),
        (None, Some(no)) => OrderNo::OutTradeNo(no),
        _ => return Err(wrong(json!(""), "微信支付订单号与商户订单号二选一")),
    };
    let out_refund_no = text(body, "out_refund_no").unwrap_or_default();
    let is_number = |byte: u8| byte.is_ascii_alphanumeric() || b"_-|*@".contains(&byte);
    if !out_refund_no.bytes().all(is_number) {
        return Err(wrong(json!(out_refund_no.len()), "商户退款单号含有不支持的字符"));
    }
    let notify_url = text(body, "notify_url");
    if notify_url.as_deref().is_some_and(|url| !is_notify_url(url)) {
        return Err(wrong(json!(""), "输入源“/body/notify_url”不是合法的通知地址"));
    }
    let empty = Map::new();
    let amount = body.get("amount").and_then(Value::as_object).unwrap_or(&empty);
    if text(amount, "currency").as_deref() != Some("CNY") {
        return Err(wrong(json!(""), "输入源“/body/amount/currency”只支持CNY"));
    }
    let refund_fen = integer(amount, "refund");
    let from = amount.get("from").and_then(Value::as_array);
    if from.is_some_and(|parts| !adds_up(parts, refund_fen)) {
        return Err(wrong(json!(""), "退款出资金额之和与退款金额不一致"));
    }
    Ok(Application {
        mchid: mchid.to_owned(),
        order,
        out_refund_no,
        refund_fen,
        total_fen: integer(amount, "total"),
        reason: text(body, "reason"),
        notify_url,
        funds_account: text(body, "funds_account"),
    })
}

fn adds_up(parts: &[Value], refund_fen: i64) -> bool {
    let sum = parts.iter().try_fold(0_i64, |sum, part| sum.checked_add(part["amount"].as_i64()?));
    parts.is_empty() || sum == Some(refund_fen)
}

/// The server-side pattern seen in an error body: http or https, no query, no fragment.
fn is_notify_url(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let bad = |one: char| one.is_whitespace() || "?#[]".contains(one);
    rest.is_some_and(|rest| {
        !rest.is_empty() && !rest.starts_with(['/', ':']) && !rest.contains(bad)
    })
}
