//! A sentence with placeholders: `签收后 {window_hours} 内`. Placeholders are checked when the
//! policy is loaded, so a sentence that is shown is always complete.

use crate::policy::{
    document::{Placed, Section},
    mistake::{Mistakes, Problem},
    sentence::Language,
};

/// A sentence in one language.
#[derive(Clone, Debug, Default)]
pub(crate) struct Template(Vec<Part>);

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    Place(String),
}

/// A sentence in both languages.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bilingual {
    zh: Template,
    en: Template,
}

impl Template {
    /// Reads it; `None` if a brace is not closed.
    fn parse(text: &str) -> Option<Self> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, next) = after.split_once('}')?;
            if before.contains('}') || name.is_empty() || name.contains('{') {
                return None;
            }
            parts.push(Part::Text(before.to_owned()));
            parts.push(Part::Place(name.to_owned()));
            rest = next;
        }
        if rest.contains('}') {
            return None;
        }
        parts.push(Part::Text(rest.to_owned()));
        Some(Self(parts))
    }

    /// The names of its placeholders.
    pub(crate) fn places(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Text(_) => None,
            Part::Place(name) => Some(name.as_str()),
        })
    }

    /// The sentence with every placeholder filled; `—` where a value is not known, which can
    /// only happen to a finding that another version of the policy made.
    pub(crate) fn fill(&self, value_of: impl Fn(&str) -> Option<String>) -> String {
        let mut filled = String::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => filled.push_str(text),
                Part::Place(name) => {
                    filled.push_str(value_of(name).as_deref().unwrap_or("—"));
                }
            }
        }
        filled
    }
}

impl Bilingual {
    /// The sentence in that language.
    pub(crate) const fn of(&self, language: Language) -> &Template {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }
}

/// Reads a sentence whose placeholders must be among `known`.
pub(crate) fn read(placed: &Placed, known: &[&str], mistakes: &mut Mistakes<'_>) -> Template {
    let Some(template) = Template::parse(&placed.text) else {
        mistakes.add(placed.at.clone(), placed.key.as_str(), &Problem::Braces);
        return Template::default();
    };
    for name in template.places() {
        if !known.contains(&name) {
            let problem = Problem::Placeholder { name: name.to_owned(), known: known.join(", ") };
            mistakes.add(placed.at.clone(), placed.key.as_str(), &problem);
        }
    }
    template
}

/// Reads `zh` and `en` out of a section.
pub(crate) fn read_both(
    section: &mut Section<'_>,
    known: &[&str],
    mistakes: &mut Mistakes<'_>,
) -> Bilingual {
    let zh = section.text(mistakes, "zh").map(|text| read(&text, known, mistakes));
    let en = section.text(mistakes, "en").map(|text| read(&text, known, mistakes));
    Bilingual { zh: zh.unwrap_or_default(), en: en.unwrap_or_default() }
}

/// A sentence of the program's own.
pub(crate) fn fixed(zh: &str, en: &str) -> Bilingual {
    let template = |text: &str| Template(vec![Part::Text(text.to_owned())]);
    Bilingual { zh: template(zh), en: template(en) }
}

/// Reads a table `{ zh, en }` that must be there.
pub(crate) fn read_section(
    section: &mut Section<'_>,
    key: &str,
    known: &[&str],
    mistakes: &mut Mistakes<'_>,
) -> Bilingual {
    let mut inner = section.section(mistakes, key);
    if !section_is_there(&inner) {
        return Bilingual::default();
    }
    let both = read_both(&mut inner, known, mistakes);
    inner.finish(mistakes);
    both
}

/// Reads a table `{ zh, en }` that may be absent.
pub(crate) fn read_section_if_any(
    section: &mut Section<'_>,
    key: &str,
    known: &[&str],
    mistakes: &mut Mistakes<'_>,
) -> Option<Bilingual> {
    section.has(key).then(|| read_section(section, key, known, mistakes))
}

/// A missing table was written down already; its languages need not be.
fn section_is_there(section: &Section<'_>) -> bool {
    section.has("zh") || section.has("en")
}

#[cfg(test)]
mod tests {
    use super::Template;

    #[test]
    fn a_sentence_is_filled_with_its_values() {
        let template = Template::parse("签收于 {signed_at}，时限 {window_hours}。").unwrap();

        let filled = template.fill(|name| Some(name.to_uppercase()));

        assert_eq!(filled, "签收于 SIGNED_AT，时限 WINDOW_HOURS。");
    }

    #[test]
    fn an_unclosed_brace_is_no_sentence() {
        for text in ["{", "a {b", "a } b", "{}", "{a{b}}", "a}{b}"] {
            assert!(Template::parse(text).is_none(), "{text}");
        }
    }
}
