//! Applies for a refund.

use serde::Serialize;

use super::checks::{self, Invalid, OutRefundNo, REASON_BYTES_MAX};
use crate::http::Request;

/// Bytes of a goods line's name; the limit is 256 characters of at most three bytes.
const GOODS_NAME_BYTES_MAX: usize = 256;

/// Which order, by one of its two numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// WeChat's number.
    TransactionId(String),
    /// The merchant's number.
    OutTradeNo(String),
}

/// Where the refund is paid from, when not from the account WeChat Pay takes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FundsAccount {
    /// Old fund-flow merchants only.
    Available,
    /// Travel-prepay deposits only.
    Unsettled,
}

/// A part of the refund paid from one account of a profit-sharing order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct From {
    pub account: FromAccount,
    #[serde(rename = "amount")]
    pub amount_fen: i64,
}

/// See [`From`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FromAccount {
    Available,
    Unavailable,
}

/// One line of what is refunded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Goods {
    pub merchant_goods_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wechatpay_goods_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goods_name: Option<String>,
    #[serde(rename = "unit_price")]
    pub unit_price_fen: i64,
    #[serde(rename = "refund_amount")]
    pub refund_amount_fen: i64,
    pub refund_quantity: i64,
}

/// What the caller wants, not yet checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub order: Order,
    pub out_refund_no: String,
    pub refund_fen: i64,
    /// What the whole order cost.
    pub total_fen: i64,
    /// Shown to the payer; cleaned and cut to what WeChat Pay takes.
    pub reason: Option<String>,
    pub notify_url: Option<String>,
    pub funds_account: Option<FundsAccount>,
    pub from: Vec<From>,
    pub goods: Vec<Goods>,
}

impl Draft {
    /// The plain case: this much of that order.
    pub fn new(order: Order, out_refund_no: &str, refund_fen: i64, total_fen: i64) -> Self {
        Self {
            order,
            out_refund_no: out_refund_no.to_owned(),
            refund_fen,
            total_fen,
            reason: None,
            notify_url: None,
            funds_account: None,
            from: Vec::new(),
            goods: Vec::new(),
        }
    }
}

/// A checked application. The same draft always gives the same bytes, which is what makes sending
/// it again safe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Apply {
    out_refund_no: OutRefundNo,
    body: Vec<u8>,
}

/// WeChat Pay API v3, refund apply. Absent fields are left out: its JSON has no `null`.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    out_trade_no: Option<&'a str>,
    out_refund_no: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notify_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    funds_account: Option<FundsAccount>,
    amount: BodyAmount<'a>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    goods_detail: &'a [Goods],
}

#[derive(Serialize)]
struct BodyAmount<'a> {
    refund: i64,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    from: &'a [From],
    total: i64,
    currency: &'static str,
}

impl Apply {
    /// Checks the draft against every published rule that needs no knowledge of the order.
    pub fn new(draft: Draft) -> Result<Self, Invalid> {
        let out_refund_no = OutRefundNo::new(&draft.out_refund_no)?;
        checks::amount(draft.refund_fen, draft.total_fen)?;
        if let Some(url) = &draft.notify_url {
            checks::notify_url(url)?;
        }
        check_from(&draft.from, draft.refund_fen)?;
        let goods_detail = draft.goods.into_iter().map(checked).collect::<Result<Vec<_>, _>>()?;
        let (transaction_id, out_trade_no) = match &draft.order {
            Order::TransactionId(id) => {
                checks::id("transaction_id", id)?;
                (Some(id.as_str()), None)
            }
            Order::OutTradeNo(no) => {
                checks::out_trade_no(no)?;
                (None, Some(no.as_str()))
            }
        };
        let body = serde_json::to_vec(&Body {
            transaction_id,
            out_trade_no,
            out_refund_no: out_refund_no.as_str(),
            reason: draft.reason.as_deref().and_then(|raw| checks::text(raw, REASON_BYTES_MAX)),
            notify_url: draft.notify_url.as_deref(),
            funds_account: draft.funds_account,
            amount: BodyAmount {
                refund: draft.refund_fen,
                from: &draft.from,
                total: draft.total_fen,
                currency: "CNY",
            },
            goods_detail: &goods_detail,
        })
        .map_err(|_| Invalid::Unwritable)?;
        Ok(Self { out_refund_no, body })
    }

    /// Our number of the refund.
    pub fn out_refund_no(&self) -> &OutRefundNo {
        &self.out_refund_no
    }

    /// The bytes to be kept before the first attempt and sent unchanged in every one.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// WeChat Pay API v3, refund apply.
    pub fn request(&self) -> Request {
        Request::post_json("/v3/refund/domestic/refunds", self.body.clone())
    }
}

/// Accounts once each, amounts positive, their sum the refund.
fn check_from(from: &[From], refund_fen: i64) -> Result<(), Invalid> {
    let repeated = matches!(from, [a, b] if a.account == b.account) || from.len() > 2;
    let mut sum_fen = 0_i64;
    for part in from {
        sum_fen = sum_fen.checked_add(part.amount_fen).ok_or(Invalid::From)?;
    }
    let good = from.is_empty()
        || (!repeated && from.iter().all(|part| part.amount_fen > 0) && sum_fen == refund_fen);
    if good { Ok(()) } else { Err(Invalid::From) }
}

fn checked(goods: Goods) -> Result<Goods, Invalid> {
    let wrong = |_| Invalid::Goods;
    let counts = goods.unit_price_fen >= 0 && goods.refund_amount_fen >= 0;
    if !counts || goods.refund_quantity < 1 {
        return Err(Invalid::Goods);
    }
    let merchant_goods_id = checks::text(&goods.merchant_goods_id, 32).ok_or(Invalid::Goods)?;
    if merchant_goods_id != goods.merchant_goods_id {
        return Err(Invalid::Goods);
    }
    if let Some(id) = &goods.wechatpay_goods_id {
        checks::id("wechatpay_goods_id", id).map_err(wrong)?;
    }
    let goods_name = goods.goods_name.and_then(|name| checks::text(&name, GOODS_NAME_BYTES_MAX));
    Ok(Goods { merchant_goods_id, goods_name, ..goods })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        Draft::new(Order::TransactionId("4200001234".into()), "R-1", 30, 100)
    }

    #[test]
    fn a_full_application_is_these_bytes() {
        let apply = Apply::new(Draft {
            reason: Some("商品已售完😀".into()),
            notify_url: Some("https://shop.example/n".into()),
            funds_account: Some(FundsAccount::Available),
            from: vec![From { account: FromAccount::Unavailable, amount_fen: 30 }],
            goods: vec![Goods {
                merchant_goods_id: "SKU-1".into(),
                wechatpay_goods_id: None,
                goods_name: Some("杯".into()),
                unit_price_fen: 30,
                refund_amount_fen: 30,
                refund_quantity: 1,
            }],
            ..draft()
        });

        assert_eq!(
            String::from_utf8(apply.unwrap().request().body).unwrap(),
            concat!(
                r#"{"transaction_id":"4200001234","out_refund_no":"R-1","reason":"商品已售完","#,
                r#""notify_url":"https://shop.example/n","funds_account":"AVAILABLE","#,
                r#""amount":{"refund":30,"from":[{"account":"UNAVAILABLE","amount":30}],"#,
                r#""total":100,"currency":"CNY"},"goods_detail":[{"merchant_goods_id":"SKU-1","#,
                r#""goods_name":"杯","unit_price":30,"refund_amount":30,"refund_quantity":1}]}"#,
            )
        );
    }

    #[test]
    fn what_is_absent_is_left_out() {
        let order = Order::OutTradeNo("ORDER-1".into());

        let apply = Apply::new(Draft { reason: Some("😀".into()), order, ..draft() }).unwrap();

        assert_eq!(
            apply.body(),
            br#"{"out_trade_no":"ORDER-1","out_refund_no":"R-1","amount":{"refund":30,"total":100,"currency":"CNY"}}"#
        );
    }

    #[test]
    fn the_same_draft_gives_the_same_bytes() {
        assert_eq!(Apply::new(draft()).unwrap().body(), Apply::new(draft()).unwrap().body());
    }

    #[test]
    fn an_impossible_amount_is_not_applied_for() {
        for (refund_fen, total_fen) in [(0, 100), (-1, 100), (101, 100), (1, 0)] {
            let refused = Apply::new(Draft { refund_fen, total_fen, ..draft() });
            assert_eq!(refused, Err(Invalid::Amount { refund_fen, total_fen }));
        }
    }

    #[test]
    fn accounts_paid_from_are_distinct_and_add_up() {
        let part = |amount_fen| From { account: FromAccount::Available, amount_fen };
        for from in [vec![part(29)], vec![part(15), part(15)], vec![part(0)], vec![part(i64::MAX)]]
        {
            assert_eq!(Apply::new(Draft { from, ..draft() }), Err(Invalid::From));
        }
    }

    #[test]
    fn a_number_that_cannot_be_is_not_asked_for() {
        let order = Order::TransactionId("4200/../1".into());
        assert_eq!(Apply::new(Draft { order, ..draft() }), Err(Invalid::Id("transaction_id")));
        let order = Order::OutTradeNo("short".into());
        assert_eq!(Apply::new(Draft { order, ..draft() }), Err(Invalid::OutTradeNo));
    }
}
