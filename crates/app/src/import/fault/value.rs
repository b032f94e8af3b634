//! What can be wrong with one value: an id, an amount, a time, a number, a word.

use crate::import::fault::{Words, quoted};

/// A mistake in one cell or field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ValueFlaw {
    /// Nothing there.
    Missing,
    /// Not an id.
    Id { text: String, chars_max: usize },
    /// A number that a spreadsheet has damaged.
    Damaged { text: String, damage: Damage },
    /// Not an amount in yuan.
    Yuan { text: String, trouble: Yuan },
    /// Not a time.
    Time(String),
    /// A date that a spreadsheet shows as a number of days.
    TimeSerial(String),
    /// Not a whole number of pieces.
    Count(String),
    /// None of the words known there.
    Word { text: String, known: String },
    /// A number of WeChat's that is not known.
    Status(i64),
}

/// How a spreadsheet damages numbers of more than 15 digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Damage {
    /// Written as `3.70E+18`.
    Scientific,
    /// The digits after the 15th have become zeros.
    Zeroed,
}

/// Why a text is not an amount in yuan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Yuan {
    /// Not of the form.
    Form,
    /// More than two decimals.
    Fine,
    /// Below zero.
    Negative,
    /// Above the largest amount.
    Large,
}

impl From<ValueFlaw> for Words {
    fn from(flaw: ValueFlaw) -> Self {
        match flaw {
            ValueFlaw::Missing => Self::new(
                "import_value_missing",
                "此处必填。".into(),
                "a value is needed here".into(),
            ),
            ValueFlaw::Id { text, chars_max } => said(
                "import_id_invalid",
                &text,
                &format!(
                    "编号须为 1 至 {chars_max} 个字符，只能用数字、英文字母和 _ - . : @ | * #"
                ),
                &format!(
                    "an id has 1 to {chars_max} characters out of 0-9 A-Z a-z _ - . : @ | * #"
                ),
            ),
            ValueFlaw::Damaged { text, damage } => damaged(&text, damage),
            ValueFlaw::Yuan { text, trouble } => yuan(&text, trouble),
            ValueFlaw::Time(text) => said(
                "import_time_invalid",
                &text,
                "不是有效的时间，例如 2026-11-23 12:41 或 2026/11/23",
                "not a time such as 2026-11-23 12:41 or 2026/11/23",
            ),
            ValueFlaw::TimeSerial(text) => said(
                "import_time_serial",
                &text,
                "这是表格软件内部的日期数字。请把该列设为“日期”格式再导出",
                "this is the spreadsheet's inner number of a date; format the column as a date",
            ),
            ValueFlaw::Count(text) => said(
                "import_quantity_invalid",
                &text,
                "件数须为正整数",
                "the number of pieces is a whole number from 1 on",
            ),
            ValueFlaw::Word { text, known } => said(
                "import_word_unknown",
                &text,
                &format!("不认识的内容，可用：{known}"),
                &format!("not one of: {known}"),
            ),
            ValueFlaw::Status(number) => said(
                "import_status_unknown",
                &number.to_string(),
                "不认识的微信订单状态",
                "an order status of WeChat that is not known",
            ),
        }
    }
}

fn damaged(text: &str, damage: Damage) -> Words {
    let (zh, en) = match damage {
        Damage::Scientific => (
            "表格软件把长编号变成了科学计数，末尾数字已丢失。请把该列设为“文本”格式，从原处重新填入编号",
            "the spreadsheet shortened a long number and lost its last digits; format the column \
             as text and enter the number again from its source",
        ),
        Damage::Zeroed => (
            "长编号第 15 位以后全是 0，多半被表格软件改坏了。请设为“文本”格式重新填入；\
             若编号本来如此，在前面加一个英文单引号 '",
            "all digits after the 15th are zero, as spreadsheets damage long numbers; enter it \
             again as text, or put an apostrophe ' before it if it is right",
        ),
    };
    said("import_number_damaged", text, zh, en)
}

fn yuan(text: &str, trouble: Yuan) -> Words {
    let (code, zh, en) = match trouble {
        Yuan::Form => (
            "import_amount_invalid",
            "不是以元为单位的金额，例如 12.30 或 1,234.50",
            "not an amount in yuan such as 12.30 or 1,234.50",
        ),
        Yuan::Fine => (
            "import_amount_too_fine",
            "金额最多两位小数（精确到分）",
            "an amount has at most two decimals",
        ),
        Yuan::Negative => ("import_amount_negative", "金额不能为负", "an amount is never negative"),
        Yuan::Large => ("import_amount_too_large", "金额太大", "the amount is too large"),
    };
    said(code, text, zh, en)
}

fn said(code: &'static str, text: &str, zh: &str, en: &str) -> Words {
    let text = quoted(text);
    Words::new(code, format!("“{text}”：{zh}。"), format!("\"{text}\": {en}"))
}
