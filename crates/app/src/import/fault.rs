//! What is wrong with a line of an import: a stable code, the place, a sentence in both languages.

pub(crate) mod file;
pub(crate) mod order;
pub(crate) mod value;

use domain::policy::Language;
use std::{borrow::Cow, fmt};

/// The longest piece of a file that a sentence repeats, in characters.
const QUOTED_CHARS_MAX: usize = 40;

/// Why a line, or the rows of one order, cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineFault {
    /// The stable code.
    pub code: Cow<'static, str>,
    /// The line of the file where the mistake is, counted from 1.
    pub line: u64,
    /// The column's heading or the JSON path; empty if the whole line is meant.
    pub key: String,
    /// What is wrong and what to do, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

/// The code and the sentences of a fault, before it is known where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) code: Cow<'static, str>,
    pub(crate) zh: String,
    pub(crate) en: String,
}

/// A fault that knows its column or path but not yet its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Flaw {
    pub(crate) key: String,
    pub(crate) words: Words,
}

impl LineFault {
    pub(crate) fn new(line: u64, key: &str, words: impl Into<Words>) -> Self {
        let Words { code, zh, en } = words.into();
        Self { code, line, key: key.to_owned(), zh, en }
    }

    /// What is wrong and what to do.
    #[must_use]
    pub fn sentence(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }

    /// The sentence with its place and code, as a report shows it.
    #[must_use]
    pub fn told(&self, language: Language) -> String {
        let Self { code, line, key, .. } = self;
        let sentence = self.sentence(language);
        match (language, key.is_empty()) {
            (Language::Zh, true) => format!("第 {line} 行：{sentence}（{code}）"),
            (Language::Zh, false) => format!("第 {line} 行［{key}］：{sentence}（{code}）"),
            (Language::En, true) => format!("line {line}: {sentence} ({code})"),
            (Language::En, false) => format!("line {line} [{key}]: {sentence} ({code})"),
        }
    }

    /// Whether nothing more can be read after this fault.
    #[must_use]
    pub fn ends_input(&self) -> bool {
        self.code == file::READ_FAILED
    }
}

impl fmt::Display for LineFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told(Language::En))
    }
}

impl std::error::Error for LineFault {}

impl Words {
    pub(crate) fn new(code: &'static str, zh: String, en: String) -> Self {
        Self { code: Cow::Borrowed(code), zh, en }
    }
}

impl Flaw {
    pub(crate) fn new(key: impl Into<String>, words: impl Into<Words>) -> Self {
        Self { key: key.into(), words: words.into() }
    }

    pub(crate) fn on(self, line: u64) -> LineFault {
        LineFault::new(line, &self.key, self.words)
    }
}

/// A piece of the file as a sentence may repeat it: short, on one line, nothing invisible.
pub(crate) fn quoted(text: &str) -> String {
    let mut out: String = text
        .chars()
        .take(QUOTED_CHARS_MAX)
        .map(|char| if char.is_control() { ' ' } else { char })
        .collect();
    if text.chars().nth(QUOTED_CHARS_MAX).is_some() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{LineFault, quoted, value::ValueFlaw};
    use domain::policy::Language;

    #[test]
    fn a_fault_speaks_both_languages() {
        let fault = LineFault::new(17, "数量", ValueFlaw::Missing);
        assert!(fault.sentence(Language::Zh).contains("必填"));
        assert_eq!(
            fault.to_string(),
            "line 17 [数量]: a value is needed here (import_value_missing)"
        );
    }

    #[test]
    fn a_sentence_repeats_little_of_the_file() {
        assert_eq!(quoted("a\nb"), "a b");
        assert_eq!(quoted(&"长".repeat(500)).chars().count(), 41);
    }
}
