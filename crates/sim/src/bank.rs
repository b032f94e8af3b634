//! WeChat Pay, as the other side of the simulation: it keeps books of its own, judges by its own
//! rules, and remembers every request. What it says travels as bytes, signed.

mod notice;
mod say;

pub use notice::Posted;
pub use say::{Keys, PUBLIC_KEY_ID, Said, Signed};

use crate::sky::{Kind, Sky};
use domain::moment::Moment;
use providers::http::{Method, Request};
use sandbox::books::{
    Books, RefundKey,
    entry::Entry,
    refund::{Refund, Status},
    rules::{self, AbnormalRefusal, Application, OrderNo, Refusal, Terms},
    transaction::Transaction,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The merchant number of every shop: one is enough, books are kept by payment.
pub const MCHID: &str = "1900000001";
/// What a merchant has to begin with.
const BALANCE_FEN: i64 = 100_000_000_000;
const APPLY: &str = "/v3/refund/domestic/refunds";

/// WeChat Pay.
pub struct Bank {
    books: Books,
    sky: Sky,
    keys: &'static Keys,
    notices: BTreeMap<(i64, u64), Posted>,
    seq: u64,
    /// Every refund number that was ever asked for, with payment and amount.
    asked: BTreeMap<String, (String, i64)>,
    /// Every refund number that was refused at least once.
    refused: BTreeSet<String>,
    requests: u64,
}

impl Bank {
    /// A bank without payments.
    #[must_use]
    pub fn open(sky: &Sky, keys: &'static Keys) -> Self {
        let mut books = Books::default();
        let mchid = MCHID.to_owned();
        books.evolve(&Entry::Balance { mchid, balance_fen: BALANCE_FEN });
        Self {
            books,
            sky: sky.clone(),
            keys,
            notices: BTreeMap::new(),
            seq: 0,
            asked: BTreeMap::new(),
            refused: BTreeSet::new(),
            requests: 0,
        }
    }

    /// A buyer pays.
    pub fn pay(&mut self, transaction_id: &str, order_id: &str, fen: i64, at: Moment) {
        let payment = Transaction {
            paid_at_ms: at.ms(),
            ..Transaction::new(transaction_id, order_id, MCHID, fen)
        };
        self.books.evolve(&Entry::Transaction(payment));
    }

    /// Its books.
    #[must_use]
    pub const fn books(&self) -> &Books {
        &self.books
    }

    /// Every refund number that was ever asked for, with payment and amount.
    #[must_use]
    pub const fn asked(&self) -> &BTreeMap<String, (String, i64)> {
        &self.asked
    }

    /// Whether it ever refused a refund of this number.
    #[must_use]
    pub fn refused(&self, refund_no: &str) -> bool {
        self.refused.contains(refund_no)
    }

    /// How many requests it was put.
    #[must_use]
    pub const fn requests(&self) -> u64 {
        self.requests
    }

    /// Answers a request that reached it.
    pub fn serve(&mut self, request: &Request, now: Moment) -> Said {
        self.requests = self.requests.saturating_add(1);
        self.settle(now);
        if !self.keys.is_merchants(request, now) {
            return Said::error(401, "SIGN_ERROR", "错误的签名，验签失败");
        }
        let path = request.path_and_query.as_str();
        if request.method == Method::POST && path == APPLY {
            return self.apply(&request.body, now);
        }
        if let Some(id) = path.strip_suffix("/apply-abnormal-refund") {
            let refund_id = id.rsplit('/').next().unwrap_or_default();
            return self.apply_abnormal(refund_id, &request.body, now);
        }
        if let Some(refund_no) = path.strip_prefix(&format!("{APPLY}/")) {
            return match self.books.refund(MCHID, refund_no) {
                Some(refund) => self.show(refund),
                None => Said::error(404, "RESOURCE_NOT_EXISTS", "退款单不存在"),
            };
        }
        let id = path.strip_prefix("/v3/pay/transactions/id/");
        let id = id.and_then(|rest| rest.split('?').next()).unwrap_or_default();
        match self.books.transaction(id) {
            Some(payment) => say::payment(payment, self.books.refunded_fen(id) > 0),
            None => Said::error(404, "ORDER_NOT_EXIST", "订单不存在"),
        }
    }

    fn apply(&mut self, body: &[u8], now: Moment) -> Said {
        let Some(application) = application(body) else {
            return Said::error(400, "PARAM_ERROR", "参数错误");
        };
        if let OrderNo::TransactionId(id) = &application.order {
            let asked = (id.clone(), application.refund_fen);
            self.asked.entry(application.out_refund_no.clone()).or_insert(asked);
        }
        match self.judge(&application, now) {
            Ok(said) => said,
            Err(said) => {
                self.refused.insert(application.out_refund_no);
                said
            }
        }
    }

    /// What is said to an application: of a refund, or why there is none.
    fn judge(&mut self, application: &Application, now: Moment) -> Result<Said, Said> {
        if let Some(refund) = rules::existing(&self.books, application).map_err(refuse)? {
            return Ok(self.show(refund));
        }
        let payment = rules::refundable(&self.books, application, now.ms()).map_err(refuse)?;
        let payment = payment.clone();
        match self.sky.first(&[Kind::NotEnough, Kind::PayerGone]) {
            Some(Kind::NotEnough) => return Err(refuse(Refusal::NotEnough)),
            Some(_) => return Err(Said::error(403, "USER_ACCOUNT_ABNORMAL", "用户账户异常")),
            None => {}
        }
        let terms = self.terms();
        let accepted = rules::accept(&self.books, application, &payment, &terms, now.ms());
        let refund = accepted.map_err(refuse)?;
        let said = self.show_of(&refund, &payment);
        self.books.evolve(&Entry::Accepted(Box::new(refund)));
        Ok(said)
    }

    fn terms(&mut self) -> Terms {
        self.seq = self.seq.saturating_add(1);
        let destiny = match self.sky.first(&[Kind::EndsAbnormal, Kind::EndsClosed]) {
            Some(Kind::EndsAbnormal) => Status::Abnormal,
            Some(_) => Status::Closed,
            None => Status::Success,
        };
        let minutes = i64::try_from(self.sky.below(5)).unwrap_or(1);
        Terms {
            refund_id: format!("503000{:023}", self.seq),
            fee_rate_ppm: 6_000,
            destiny,
            short: self.sky.strikes(Kind::ShortLater),
            delay_ms: 5_000 + minutes * minutes * 600_000,
        }
    }

    fn apply_abnormal(&mut self, refund_id: &str, body: &[u8], now: Moment) -> Said {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
        if !self.keys.opens(text("bank_account")) || !self.keys.opens(text("real_name")) {
            return Said::error(400, "PARAM_ERROR", "解密失败");
        }
        let out_refund_no = text("out_refund_no").to_owned();
        let key = RefundKey { mchid: MCHID.to_owned(), out_refund_no };
        match rules::abnormal(&self.books, &key, refund_id) {
            Ok(_) => {}
            Err(AbnormalRefusal::NoSuchRefund) => {
                return Said::error(404, "RESOURCE_NOT_EXISTS", "退款单不存在");
            }
            Err(AbnormalRefusal::AnotherRefund | AbnormalRefusal::NotAbnormal) => {
                return Said::error(400, "INVALID_REQUEST", "退款单状态不是退款异常");
            }
        }
        let due_ms = now.ms().saturating_add(3_600_000);
        let received_account = "工商银行借记卡0000".to_owned();
        self.books.evolve(&Entry::AbnormalApplied { key: key.clone(), received_account, due_ms });
        match self.books.refund(MCHID, &key.out_refund_no) {
            Some(refund) => self.show(refund),
            None => Said::error(500, "SYSTEM_ERROR", "系统异常"),
        }
    }

    fn show(&self, refund: &Refund) -> Said {
        match self.books.transaction(&refund.transaction_id) {
            Some(payment) => self.show_of(refund, payment),
            None => Said::error(500, "SYSTEM_ERROR", "系统异常"),
        }
    }

    #[expect(clippy::unused_self, reason = "what is shown is shown by the bank")]
    fn show_of(&self, refund: &Refund, payment: &Transaction) -> Said {
        say::refund(refund, payment)
    }

    /// Lets everything happen that is due by now, and makes the notices of it.
    pub fn settle(&mut self, now: Moment) {
        for entry in self.books.progress(now.ms()) {
            let Entry::Moved { key, at_ms, .. } = &entry else { continue };
            let (key, at_ms) = (key.clone(), *at_ms);
            self.books.evolve(&entry);
            if let Some(refund) = self.books.refund(MCHID, &key.out_refund_no).cloned() {
                self.announce(&refund, at_ms);
            }
        }
    }

    /// The next moment at which something happens here by itself.
    #[must_use]
    pub fn next_due(&self) -> Option<Moment> {
        let refunds = self.books.refunds().filter(|refund| refund.status == Status::Processing);
        let refund = refunds.map(|refund| refund.due_ms).min();
        let notice = self.notices.keys().next().map(|(due_ms, _)| *due_ms);
        refund.into_iter().chain(notice).min().map(Moment::from_ms)
    }
}

fn application(body: &[u8]) -> Option<Application> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    let amount = body.get("amount")?;
    Some(Application {
        mchid: MCHID.to_owned(),
        order: OrderNo::TransactionId(text("transaction_id")?),
        out_refund_no: text("out_refund_no")?,
        refund_fen: amount.get("refund")?.as_i64()?,
        total_fen: amount.get("total")?.as_i64()?,
        reason: text("reason"),
        notify_url: text("notify_url"),
        funds_account: None,
    })
}

fn refuse(refusal: Refusal) -> Said {
    match refusal {
        Refusal::NotEnough => Said::error(403, "NOT_ENOUGH", "基本账户余额不足"),
        Refusal::TooSoon => Said::error(429, "FREQUENCY_LIMITED", "频率超限"),
        Refusal::NoSuchOrder => Said::error(404, "RESOURCE_NOT_EXISTS", "订单不存在"),
        Refusal::AnotherAmount
        | Refusal::AnotherOrder
        | Refusal::TooLate
        | Refusal::FullyRefunded
        | Refusal::TooMuch
        | Refusal::TooManyParts => Said::error(400, "INVALID_REQUEST", &format!("{refusal:?}")),
    }
}
