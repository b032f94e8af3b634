//! A finding in plain words: the policy's own sentence, filled with the facts that led to it.

use crate::{
    application::CaseType,
    finding::{FactValue, Finding},
    id::ReasonCode,
    moment::Moment,
    money::{Currency, Money},
    policy::{Policy, reason::EvidenceKind, template::Template, word::Word},
};
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

/// The two languages of everything people read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Chinese (中文).
    #[default]
    Zh,
    /// English.
    En,
}

/// A finding as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Sentence {
    /// The clause's title.
    pub title: String,
    /// What the policy found, with the facts.
    pub text: String,
    /// What can be done.
    pub remedy: Option<String>,
}

/// A question that the policy answers (七、常见问题).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Answer {
    /// The clause, such as `Q1`.
    pub id: String,
    /// The question.
    pub question: String,
    /// The answer, with the policy's parameters.
    pub answer: String,
}

/// A clause as it is published (I5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PublicClause {
    /// The clause, such as `F6`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its text, with the policy's parameters.
    pub text: String,
}

impl Policy {
    /// A finding in plain words. A finding that another version of the policy made and this one
    /// does not know is shown by its names.
    #[must_use]
    pub fn sentence(&self, finding: &Finding, language: Language) -> Sentence {
        let words = self.words(finding);
        let fill = |template: &Template| {
            template.fill(|name| {
                let own = finding.facts.iter().find(|fact| fact.name == name);
                let value = own.map(|fact| &fact.value).or_else(|| self.parameters.get(name))?;
                Some(self.show(name, value, language))
            })
        };
        let Some(words) = words else {
            let title = finding.clause.to_string();
            return Sentence { title, text: finding.code.clone(), remedy: None };
        };
        Sentence {
            title: fill(words.title.of(language)),
            text: fill(words.text.of(language)),
            remedy: words.remedy.map(|remedy| fill(remedy.of(language))),
        }
    }

    /// The questions the policy answers, from the same parameters it decides by (Q1 to Q5).
    #[must_use]
    pub fn answers(&self, language: Language) -> Vec<Answer> {
        let asked = self.clauses.iter().filter_map(|clause| Some((clause, clause.question()?)));
        asked
            .map(|(clause, question)| Answer {
                id: clause.id.to_string(),
                question: self.publish(question.of(language), language),
                answer: self.publish(clause.text.of(language), language),
            })
            .collect()
    }

    /// The clauses as they are published on the product page and in the cart (I5).
    #[must_use]
    pub fn public_clauses(&self, language: Language) -> Vec<PublicClause> {
        let clauses = self.clauses.iter().map(|clause| PublicClause {
            id: clause.id.to_string(),
            title: self.publish(clause.title.of(language), language),
            text: self.publish(clause.text.of(language), language),
        });
        clauses.collect()
    }

    fn publish(&self, template: &Template, language: Language) -> String {
        template.fill(|name| Some(self.show(name, self.parameters.get(name)?, language)))
    }

    /// A value in words. The name says the unit: `…_hours`, `…_days`, `…_percent`,
    /// `…_basis_points`.
    fn show(&self, name: &str, value: &FactValue, language: Language) -> String {
        match value {
            FactValue::Money(amount) => money(*amount),
            FactValue::Moment(moment) => time_in_china(*moment),
            FactValue::Count(count) => count_in_words(name, *count, language),
            FactValue::Text(text) => self.text_in_words(name, text, language),
        }
    }

    fn text_in_words(&self, name: &str, text: &str, language: Language) -> String {
        match name {
            "reason" => ReasonCode::parse(text)
                .ok()
                .and_then(|code| self.reason(&code).map(|found| found.name(language).to_owned()))
                .unwrap_or_else(|| text.to_owned()),
            "case_type" => case_type_in_words(text, language),
            "kinds" => kinds_in_words(text, language),
            _ => text.to_owned(),
        }
    }
}

/// `¥1,234.50`; `USD 1,234.50` for another currency.
#[must_use]
pub fn money(amount: Money) -> String {
    let (yuan, fen) = (amount.minor() / 100, amount.minor() % 100);
    let digits = yuan.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && digits.len().saturating_sub(index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if amount.currency() == Currency::CNY {
        format!("¥{grouped}.{fen:02}")
    } else {
        format!("{} {grouped}.{fen:02}", amount.currency())
    }
}

/// `2026-11-23 12:41`, China time.
#[must_use]
pub fn time_in_china(moment: Moment) -> String {
    let timestamp = jiff::Timestamp::from_millisecond(moment.ms()).unwrap_or_default();
    let at = Offset::constant(8).to_datetime(timestamp);
    let (date, time) = (at.date(), at.time());
    format!("{date} {:02}:{:02}", time.hour(), time.minute())
}

fn count_in_words(name: &str, count: i64, language: Language) -> String {
    let units = if name.ends_with("_working_days") {
        ("个工作日", "working day")
    } else if name.ends_with("_days") {
        ("天", "day")
    } else if name.ends_with("_hours") {
        let whole_days = count >= 72 && count % 24 == 0;
        let unit = if whole_days { ("天", "day") } else { ("小时", "hour") };
        return with_unit(if whole_days { count / 24 } else { count }, unit, language);
    } else if name.ends_with("_percent") {
        return format!("{count}%");
    } else if name.ends_with("_basis_points") {
        let fraction = format!("{:02}", count % 100);
        let fraction = fraction.trim_end_matches('0');
        let point = if fraction.is_empty() { "" } else { "." };
        return format!("{}{point}{fraction}%", count / 100);
    } else {
        return count.to_string();
    };
    with_unit(count, units, language)
}

fn with_unit(count: i64, (zh, en): (&str, &str), language: Language) -> String {
    match language {
        Language::Zh => format!("{count} {zh}"),
        Language::En if count == 1 => format!("1 {en}"),
        Language::En => format!("{count} {en}s"),
    }
}

fn case_type_in_words(text: &str, language: Language) -> String {
    let found = CaseType::WORDS.iter().find(|(word, _)| *word == text);
    let Some((_, case_type)) = found else { return text.to_owned() };
    let (zh, en) = match case_type {
        CaseType::RefundOnly => ("仅退款", "refund only"),
        CaseType::ReturnAndRefund => ("退货退款", "return and refund"),
        CaseType::Exchange => ("换货", "exchange"),
        CaseType::ShippingFee => ("仅退运费", "shipping fee only"),
        CaseType::PriceDifference => ("退差价", "price difference"),
        CaseType::Cancellation => ("取消订单", "cancellation"),
    };
    match language {
        Language::Zh => zh.to_owned(),
        Language::En => en.to_owned(),
    }
}

/// `photo|video` in words: any of them counts.
fn kinds_in_words(text: &str, language: Language) -> String {
    let names = text.split('|').filter_map(|word| {
        let (_, kind) = EvidenceKind::WORDS.iter().find(|(known, _)| *known == word)?;
        let (zh, en) = match kind {
            EvidenceKind::Photo => ("照片", "photo"),
            EvidenceKind::Video => ("视频", "video"),
            EvidenceKind::Document => ("文件", "document"),
            EvidenceKind::LogisticsScreenshot => ("物流截图", "logistics screenshot"),
        };
        Some(match language {
            Language::Zh => zh,
            Language::En => en,
        })
    });
    let names: Vec<&str> = names.collect();
    match language {
        Language::Zh => names.join("或"),
        Language::En => names.join(" or "),
    }
}

/// The words of several kinds as one fact.
pub(crate) fn kinds(kinds: &[EvidenceKind]) -> String {
    let words: Vec<&str> = kinds.iter().map(|kind| Word::word(*kind)).collect();
    words.join("|")
}
