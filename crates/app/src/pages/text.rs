//! Texts of pages: the sentence of a key in the reader's language.

use crate::i18n;
use domain::policy::Language;
use std::fmt::Display;

/// The texts of one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Texts(pub Language);

impl Texts {
    /// The sentence of a key; the key in brackets if there is none, which tests look for.
    #[must_use]
    pub fn t(self, key: &str) -> String {
        self.told(key, &[])
    }

    /// A sentence that names one thing.
    #[must_use]
    pub fn t1(self, key: &str, name: &str, value: impl Display) -> String {
        self.told(key, &[(name.to_owned(), value.to_string())])
    }

    /// A sentence that names two things.
    #[must_use]
    pub fn t2(self, key: &str, a: (&str, &dyn Display), b: (&str, &dyn Display)) -> String {
        self.told(key, &[(a.0.to_owned(), a.1.to_string()), (b.0.to_owned(), b.1.to_string())])
    }

    /// A sentence with its facts.
    #[must_use]
    pub fn told(self, key: &str, facts: &[(String, String)]) -> String {
        if i18n::has(self.0, key) {
            i18n::sentence(self.0, key, facts)
        } else {
            format!("⟦{key}⟧")
        }
    }

    /// The word for a name of ours, such as a stage, a type or an action: `word-under-review`.
    #[must_use]
    pub fn word(self, name: &str) -> String {
        self.t(&format!("word-{}", name.replace('_', "-")))
    }

    /// The word for a name of ours in a group of its own: `state-accepted`.
    #[must_use]
    pub fn word_of(self, group: &str, name: &str) -> String {
        self.t(&format!("{group}-{}", name.replace('_', "-")))
    }
}
