//! A mistake in a policy or calendar document: where it is and what is wrong, in both languages.

use crate::policy::sentence::Language;
use serde::Serialize;
use std::ops::Range;

/// The most mistakes reported for one document; more help nobody.
pub const MISTAKES_MAX: usize = 200;

/// One mistake in a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mistake {
    /// The line, counted from 1.
    pub line: usize,
    /// The character in the line, counted from 1.
    pub column: usize,
    /// The key it is about, such as `reasons[3].parent`; empty for the whole document.
    pub key: String,
    /// What is wrong, in English.
    pub message: String,
    /// What is wrong, in Chinese.
    pub message_zh: String,
}

impl Mistake {
    /// What is wrong, in the reader's language.
    #[must_use]
    pub fn message_in(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.message_zh,
            Language::En => &self.message,
        }
    }
}

/// What can be wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// It is not TOML.
    Syntax(String),
    /// More bytes or entries than allowed.
    TooLong { most: usize },
    /// A key that must be there is not.
    Missing,
    /// A key that nobody reads.
    UnknownKey,
    /// A value of another type.
    WrongType { wanted: Wanted },
    /// A number out of its range.
    Range { min: u32, max: u32 },
    /// A text with nothing in it.
    Empty,
    /// A word that is not in the list.
    NotOneOf(String),
    /// A name that is not an id.
    NotAnId,
    /// Not three capital letters.
    NotACurrency,
    /// A name used before.
    Twice(String),
    /// Something that the whole needs is not there.
    Incomplete(Incomplete),
    /// A placeholder that cannot be filled here.
    Placeholder { name: String, known: String },
    /// `{` without `}`.
    Braces,
    /// A verdict that this finding may not have.
    Verdict(String),
    /// A window has days or hours, not both and not neither.
    DaysOrHours,
    /// A date out of order or not in the calendar.
    Date,
    /// The dates of a year are not given without a gap.
    Gap,
    /// What is wrong with the expression of a condition.
    Expression(crate::policy::condition::check::Fault),
}

/// What a whole document may lack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Incomplete {
    /// A reason that the tree does not have.
    NoSuchReason(String),
    /// A reason that descends from itself.
    Circle(String),
    /// A heading under which no reason can be chosen.
    EmptyHeading(String),
    /// No reason can be chosen for a type of case.
    NoReasonFor(&'static str),
    /// No window for a category.
    NoWindowFor(&'static str),
    /// A clause that judges or answers is missing.
    NoClause(&'static str),
    /// A finding has no sentence.
    NoFinding(&'static str),
}

/// What a value should have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Text,
    Number,
    Flag,
    Table,
    List,
    Date,
}

impl Wanted {
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Text => ("a text in quotes", "带引号的文字"),
            Self::Number => ("a whole number", "整数"),
            Self::Flag => ("true or false", "true 或 false"),
            Self::Table => ("a table", "一个表（table）"),
            Self::List => ("a list", "一个列表"),
            Self::Date => ("a date such as 2026-10-01", "日期，例如 2026-10-01"),
        }
    }
}

impl Problem {
    /// The sentence in English and in Chinese.
    fn sentences(&self) -> (String, String) {
        match self {
            Self::Syntax(what) => (format!("not TOML: {what}"), format!("不是合法的 TOML：{what}")),
            Self::TooLong { most } => {
                (format!("too long, at most {most}"), format!("超出长度，最多 {most}"))
            }
            Self::Missing => ("this key is missing".into(), "缺少此项".into()),
            Self::UnknownKey => ("nobody reads this key".into(), "没有这个配置项".into()),
            Self::WrongType { wanted } => {
                let (en, zh) = wanted.words();
                (format!("must be {en}"), format!("应为{zh}"))
            }
            Self::Range { min, max } => {
                (format!("must be {min} to {max}"), format!("应在 {min} 到 {max} 之间"))
            }
            Self::Empty => ("must not be empty".into(), "不能为空".into()),
            Self::NotOneOf(words) => (format!("must be one of {words}"), format!("只能是 {words}")),
            Self::NotAnId => (
                "must be a short name of letters, digits and _ - . : @".into(),
                "应为由字母、数字和 _ - . : @ 组成的短名称".into(),
            ),
            Self::NotACurrency => (
                "must be a currency code of three capital letters".into(),
                "应为三个大写字母的币种代码".into(),
            ),
            Self::Twice(name) => (format!("{name} appears twice"), format!("{name} 重复出现")),
            Self::Incomplete(what) => what.sentences(),
            Self::Placeholder { name, known } => (
                format!("{{{name}}} is not known here; known are {known}"),
                format!("此处不能使用 {{{name}}}；可用的有 {known}"),
            ),
            Self::Braces => ("a brace is not closed".into(), "花括号没有配对".into()),
            Self::Verdict(words) => {
                (format!("this finding may only be {words}"), format!("此诊断的结论只能是 {words}"))
            }
            Self::DaysOrHours => {
                ("give either days or hours".into(), "days 与 hours 必须且只能填一个".into())
            }
            Self::Date => (
                "must be a day of a year that the calendar covers, in order".into(),
                "日期必须属于本日历所含年份，且先后有序".into(),
            ),
            Self::Gap => ("the years must follow each other".into(), "年份必须连续".into()),
            Self::Expression(fault) => fault.sentences(),
        }
    }
}

impl Incomplete {
    /// The sentence in English and in Chinese.
    fn sentences(&self) -> (String, String) {
        match self {
            Self::NoSuchReason(code) => {
                (format!("there is no reason {code}"), format!("没有原因 {code}"))
            }
            Self::Circle(code) => {
                (format!("reason {code} descends from itself"), format!("原因 {code} 的上级成环"))
            }
            Self::EmptyHeading(code) => (
                format!("nothing can be chosen under {code}: give it types or sub-reasons"),
                format!("{code} 下没有可选的原因：请设置售后类型或下级原因"),
            ),
            Self::NoReasonFor(case_type) => (
                format!("no reason can be chosen for {case_type}"),
                format!("售后类型 {case_type} 没有任何可选原因"),
            ),
            Self::NoWindowFor(category) => (
                format!("category {category} has no window for \"any\" reason"),
                format!("商品类别 {category} 缺少适用于 \"any\" 的售后时限"),
            ),
            Self::NoClause(id) => (format!("clause {id} is missing"), format!("缺少条款 {id}")),
            Self::NoFinding(code) => {
                (format!("finding {code} has no sentence"), format!("诊断 {code} 没有文案"))
            }
        }
    }
}

impl From<Incomplete> for Problem {
    fn from(what: Incomplete) -> Self {
        Self::Incomplete(what)
    }
}

/// The mistakes found so far in one text.
pub(crate) struct Mistakes<'t> {
    text: &'t str,
    list: Vec<Mistake>,
}

impl<'t> Mistakes<'t> {
    /// None yet.
    pub(crate) const fn new(text: &'t str) -> Self {
        Self { text, list: Vec::new() }
    }

    /// Writes one down, by the bytes it stands at.
    pub(crate) fn add(&mut self, at: Range<usize>, key: impl Into<String>, problem: &Problem) {
        if self.list.len() >= MISTAKES_MAX {
            return;
        }
        let before = self.text.get(..at.start).unwrap_or(self.text);
        let line = before.bytes().filter(|byte| *byte == b'\n').count().saturating_add(1);
        let rest = before.rsplit('\n').next().unwrap_or_default();
        let column = rest.chars().count().saturating_add(1);
        let (message, message_zh) = problem.sentences();
        self.list.push(Mistake { line, column, key: key.into(), message, message_zh });
    }

    /// All of them, in the order of the lines.
    pub(crate) fn into_list(mut self) -> Vec<Mistake> {
        self.list.sort_by_key(|mistake| (mistake.line, mistake.column));
        self.list
    }
}
