//! Reading a document section by section: every key is taken once, every mistake is written down
//! with its place, and what nobody took is a mistake too.

use crate::policy::mistake::{Mistakes, Problem, Wanted};
use std::ops::{Range, RangeInclusive};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
    value::Date,
};

/// The largest document, in bytes.
pub(crate) const DOCUMENT_BYTES_MAX: usize = 262_144;
/// The longest text in a document, in bytes.
pub(crate) const TEXT_BYTES_MAX: usize = 4_000;
/// The most entries of any list in a document.
pub(crate) const LIST_MAX: usize = 500;

/// A word or sentence and where it stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Placed {
    /// The text itself.
    pub text: String,
    /// The bytes it stands at.
    pub at: Range<usize>,
    /// The full name of its key.
    pub key: String,
}

/// One table of the document, from which keys are taken.
pub(crate) struct Section<'t> {
    key: String,
    at: Range<usize>,
    table: DeTable<'t>,
}

impl<'t> Section<'t> {
    /// The whole document; what is not TOML is written down.
    pub(crate) fn whole(text: &'t str, mistakes: &mut Mistakes<'_>) -> Self {
        if text.len() > DOCUMENT_BYTES_MAX {
            mistakes.add(0..0, "", &Problem::TooLong { most: DOCUMENT_BYTES_MAX });
            return Self::empty(String::new(), 0..0);
        }
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let at = error.span().unwrap_or(0..0);
            mistakes.add(at, "", &Problem::Syntax(error.message().to_owned()));
        }
        Self { key: String::new(), at: 0..0, table: table.into_inner() }
    }

    fn empty(key: String, at: Range<usize>) -> Self {
        Self { key, at, table: DeTable::new() }
    }

    /// Where it begins.
    pub(crate) fn at(&self) -> Range<usize> {
        self.at.clone()
    }

    /// The full name of one of its keys.
    pub(crate) fn name(&self, key: &str) -> String {
        if self.key.is_empty() { key.to_owned() } else { format!("{}.{key}", self.key) }
    }

    /// Whether a key is there and not taken yet.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Writes down a mistake about one of its keys, at the section's beginning.
    pub(crate) fn wrong(&self, mistakes: &mut Mistakes<'_>, key: &str, problem: &Problem) {
        mistakes.add(self.at(), self.name(key), problem);
    }

    fn take(&mut self, mistakes: &mut Mistakes<'_>, key: &str) -> Option<Spanned<DeValue<'t>>> {
        let value = self.table.remove(key);
        if value.is_none() {
            self.wrong(mistakes, key, &Problem::Missing);
        }
        value
    }

    /// A text that must be there and not be empty.
    pub(crate) fn text(&mut self, mistakes: &mut Mistakes<'_>, key: &str) -> Option<Placed> {
        let value = self.take(mistakes, key)?;
        placed(value, self.name(key), mistakes)
    }

    /// A text that may be absent.
    pub(crate) fn text_if_any(&mut self, mistakes: &mut Mistakes<'_>, key: &str) -> Option<Placed> {
        if self.has(key) { self.text(mistakes, key) } else { None }
    }

    /// A whole number in a range; `default` where it is missing or wrong.
    pub(crate) fn number(
        &mut self,
        mistakes: &mut Mistakes<'_>,
        key: &str,
        range: RangeInclusive<u32>,
        default: u32,
    ) -> u32 {
        let Some(value) = self.take(mistakes, key) else { return default };
        let at = value.span();
        let DeValue::Integer(integer) = value.into_inner() else {
            let problem = Problem::WrongType { wanted: Wanted::Number };
            mistakes.add(at, self.name(key), &problem);
            return default;
        };
        match u32::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(number) if range.contains(&number) => number,
            _ => {
                let problem = Problem::Range { min: *range.start(), max: *range.end() };
                mistakes.add(at, self.name(key), &problem);
                default
            }
        }
    }

    /// A flag; `default` where it is missing or wrong.
    pub(crate) fn flag(&mut self, mistakes: &mut Mistakes<'_>, key: &str, default: bool) -> bool {
        let Some(value) = self.take(mistakes, key) else { return default };
        let at = value.span();
        let DeValue::Boolean(flag) = value.into_inner() else {
            let problem = Problem::WrongType { wanted: Wanted::Flag };
            mistakes.add(at, self.name(key), &problem);
            return default;
        };
        flag
    }

    /// A flag that may be absent.
    pub(crate) fn flag_or(
        &mut self,
        mistakes: &mut Mistakes<'_>,
        key: &str,
        default: bool,
    ) -> bool {
        if self.has(key) { self.flag(mistakes, key, default) } else { default }
    }

    /// A date.
    pub(crate) fn date(
        &mut self,
        mistakes: &mut Mistakes<'_>,
        key: &str,
    ) -> Option<(Date, Range<usize>)> {
        let value = self.take(mistakes, key)?;
        dated(&value, &self.name(key), mistakes)
    }

    /// A table that must be there; empty where it is missing or wrong.
    pub(crate) fn section(&mut self, mistakes: &mut Mistakes<'_>, key: &str) -> Self {
        let name = self.name(key);
        let Some(value) = self.take(mistakes, key) else { return Self::empty(name, self.at()) };
        table(value, name, mistakes)
    }

    /// A table that may be absent.
    pub(crate) fn section_if_any(
        &mut self,
        mistakes: &mut Mistakes<'_>,
        key: &str,
    ) -> Option<Self> {
        if self.has(key) { Some(self.section(mistakes, key)) } else { None }
    }

    /// A list of tables; empty where it is missing or wrong.
    pub(crate) fn sections(&mut self, mistakes: &mut Mistakes<'_>, key: &str) -> Vec<Self> {
        self.list(mistakes, key)
            .into_iter()
            .map(|(name, value)| table(value, name, mistakes))
            .collect()
    }

    /// A list of words; empty where it is missing or wrong.
    pub(crate) fn words(&mut self, mistakes: &mut Mistakes<'_>, key: &str) -> Vec<Placed> {
        self.list(mistakes, key)
            .into_iter()
            .filter_map(|(name, value)| placed(value, name, mistakes))
            .collect()
    }

    /// A list of dates; empty where it is missing or wrong.
    pub(crate) fn dates(
        &mut self,
        mistakes: &mut Mistakes<'_>,
        key: &str,
    ) -> Vec<(Date, Range<usize>)> {
        self.list(mistakes, key)
            .into_iter()
            .filter_map(|(name, value)| dated(&value, &name, mistakes))
            .collect()
    }

    fn list(
        &mut self,
        mistakes: &mut Mistakes<'_>,
        key: &str,
    ) -> Vec<(String, Spanned<DeValue<'t>>)> {
        let Some(value) = self.table.remove(key) else { return Vec::new() };
        let name = self.name(key);
        let at = value.span();
        let DeValue::Array(array) = value.into_inner() else {
            mistakes.add(at, name, &Problem::WrongType { wanted: Wanted::List });
            return Vec::new();
        };
        if array.len() > LIST_MAX {
            mistakes.add(at, name, &Problem::TooLong { most: LIST_MAX });
            return Vec::new();
        }
        array
            .into_iter()
            .enumerate()
            .map(|(index, entry)| (format!("{name}[{index}]"), entry))
            .collect()
    }

    /// Closes the section: every key that nobody took is a mistake.
    pub(crate) fn finish(self, mistakes: &mut Mistakes<'_>) {
        for key in self.table.keys() {
            mistakes.add(key.span(), self.name(key.get_ref()), &Problem::UnknownKey);
        }
    }
}

fn placed(value: Spanned<DeValue<'_>>, key: String, mistakes: &mut Mistakes<'_>) -> Option<Placed> {
    let at = value.span();
    let DeValue::String(text) = value.into_inner() else {
        mistakes.add(at, key, &Problem::WrongType { wanted: Wanted::Text });
        return None;
    };
    if text.trim().is_empty() {
        mistakes.add(at, key, &Problem::Empty);
        return None;
    }
    if text.len() > TEXT_BYTES_MAX {
        mistakes.add(at, key, &Problem::TooLong { most: TEXT_BYTES_MAX });
        return None;
    }
    Some(Placed { text: text.into_owned(), at, key })
}

fn dated(
    value: &Spanned<DeValue<'_>>,
    key: &str,
    mistakes: &mut Mistakes<'_>,
) -> Option<(Date, Range<usize>)> {
    let at = value.span();
    if let DeValue::Datetime(moment) = value.get_ref()
        && let (Some(date), None) = (moment.date, moment.time)
    {
        return Some((date, at));
    }
    mistakes.add(at, key, &Problem::WrongType { wanted: Wanted::Date });
    None
}

fn table<'t>(value: Spanned<DeValue<'t>>, key: String, mistakes: &mut Mistakes<'_>) -> Section<'t> {
    let at = value.span();
    match value.into_inner() {
        DeValue::Table(table) => Section { key, at, table },
        DeValue::String(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_)
        | DeValue::Array(_) => {
            mistakes.add(at.clone(), key.as_str(), &Problem::WrongType { wanted: Wanted::Table });
            Section::empty(key, at)
        }
    }
}
