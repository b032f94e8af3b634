//! `POST /v3/refund/domestic/refunds/{refund_id}/apply-abnormal-refund`.

use serde_json::{Map, Value, json};

use super::{
    Authorised,
    answer::Answer,
    apply::shown,
    problem::Problem,
    schema::{self, Field, Need, Shape, text},
};
use crate::{
    books::{RefundKey, entry::Entry, rules},
    faults::Stage,
};

const fn field(name: &'static str, label: &'static str, need: Need, max: usize) -> Field {
    Field { name, label, need, shape: Shape::Text(1, max) }
}

const FIELDS: &[Field] = &[
    field("out_refund_no", "商户退款单号", Need::Must, 64),
    field("type", "异常退款处理方式", Need::Must, 32),
    field("bank_type", "开户银行", Need::May, 16),
    field("bank_account", "收款银行卡号", Need::May, 1024),
    field("real_name", "收款用户姓名", Need::May, 1024),
];

/// The fifteen banks, and how the account is worded afterwards.
const BANKS: [(&str, &str); 15] = [
    ("ICBC_DEBIT", "工商银行"),
    ("ABC_DEBIT", "农业银行"),
    ("BOC_DEBIT", "中国银行"),
    ("CCB_DEBIT", "建设银行"),
    ("COMM_DEBIT", "交通银行"),
    ("CMB_DEBIT", "招商银行"),
    ("PSBC_DEBIT", "邮储银行"),
    ("CITIC_DEBIT", "中信银行"),
    ("CEB_DEBIT", "光大银行"),
    ("CMBC_DEBIT", "民生银行"),
    ("CIB_DEBIT", "兴业银行"),
    ("GDB_DEBIT", "广发银行"),
    ("PAB_DEBIT", "平安银行"),
    ("SPDB_DEBIT", "浦发银行"),
    ("NBCB_DEBIT", "宁波银行"),
];

/// The refund, in progress again.
pub(super) fn answer(request: &Authorised<'_>, refund_id: &str) -> Result<Answer, Problem> {
    let body = schema::read(&request.body, FIELDS)?;
    let received_account = match text(&body, "type").as_deref() {
        Some("USER_BANK_CARD") => card(request, &body)?,
        Some("MERCHANT_BANK_CARD") => "商户结算银行账户".to_owned(),
        _ => return Err(wrong("输入源“/body/type”映射到枚举字段失败")),
    };
    let key = RefundKey {
        mchid: request.merchant.mchid.clone(),
        out_refund_no: text(&body, "out_refund_no").unwrap_or_default(),
    };
    request.world.act(|state, now_ms| {
        rules::abnormal(&state.books, &key, refund_id)?;
        if !state.faults.meeting(Stage::Card, &key.out_refund_no).is_empty() {
            return Err(Problem::user_account_abnormal());
        }
        let due_ms = now_ms + request.world.card_delay_ms();
        state.commit(Entry::AbnormalApplied { key: key.clone(), received_account, due_ms });
        let refund = state.books.refund(&key.mchid, &key.out_refund_no);
        refund.map(|refund| shown(state, refund)).ok_or_else(Problem::no_such_refund)
    })
}

/// Opens card and name with the key named in `Wechatpay-Serial`, and words the account.
fn card(request: &Authorised<'_>, body: &Map<String, Value>) -> Result<String, Problem> {
    let serial = request.serial.as_deref().ok_or_else(|| {
        Problem::headers("Http头缺少Wechatpay-Serial，请求中含有敏感信息字段时必填")
    })?;
    let signer = request.world.platform.by_serial(serial);
    let signer = signer.ok_or_else(|| Problem::headers("Http头Wechatpay-Serial不存在"))?;
    let open = |key: &str| {
        let sealed = text(body, key);
        let sealed = sealed.ok_or_else(|| wrong(&format!("输入源“/body/{key}”为必填项")))?;
        signer.open(&sealed).ok_or_else(|| wrong(&format!("输入源“/body/{key}”解密失败")))
    };
    let (account, name) = (open("bank_account")?, open("real_name")?);
    let bank_type = text(body, "bank_type").unwrap_or_default();
    let bank = BANKS.iter().find(|(code, _)| *code == bank_type);
    let (_, bank) = bank.ok_or_else(|| wrong("输入源“/body/bank_type”映射到枚举字段失败"))?;
    let is_card = (12..=19).contains(&account.len()) && account.bytes().all(|b| b.is_ascii_digit());
    if !is_card || name.trim().is_empty() {
        return Err(wrong("收款银行卡号或收款用户姓名有误"));
    }
    let last_four = account.get(account.len() - 4..).unwrap_or_default();
    Ok(format!("{bank}借记卡{last_four}"))
}

fn wrong(message: &str) -> Problem {
    Problem::parameter("body", json!(""), message)
}
