//! The templates that come with the house, in both languages. They are offered as they are, and a
//! shop can take copies of its own.

use super::{
    auto::Occasion,
    template::{Applies, Template},
};
use domain::{actor::Actor, application::CaseType, case::Stage, policy::Language};
use serde::Deserialize;
use std::sync::LazyLock;

/// What the id of a shipped template begins with; no id of a shop's own does.
const PREFIX: &str = "shipped.";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    reply: Vec<Shipped>,
}

/// A template that comes with the house.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shipped {
    id: String,
    /// What it may answer by itself.
    #[serde(default)]
    pub occasion: Option<Occasion>,
    #[serde(default)]
    types: Vec<CaseType>,
    #[serde(default)]
    stages: Vec<Stage>,
    name_zh: String,
    name_en: String,
    zh: String,
    en: String,
}

static SHIPPED: LazyLock<Vec<Shipped>> = LazyLock::new(|| {
    let read = toml::from_str::<Document>(include_str!("../../replies/shipped.toml"));
    // A test proves that it can be read.
    read.map(|document| document.reply).unwrap_or_default()
});

impl Shipped {
    /// Its id, which no template of a shop's own can have.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{PREFIX}{}", self.id)
    }

    /// As a template, named in a language.
    #[must_use]
    pub fn template(&self, language: Language) -> Template {
        let name = match language {
            Language::Zh => &self.name_zh,
            Language::En => &self.name_en,
        };
        Template {
            name: name.clone(),
            zh: self.zh.trim().to_owned(),
            en: self.en.trim().to_owned(),
            applies: Applies {
                types: self.types.clone(),
                stages: self.stages.clone(),
                reason: None,
            },
            active: true,
            changed_by: Actor::System,
            removed: false,
        }
    }
}

/// All of them, in the order of a case's life.
#[must_use]
pub fn all() -> &'static [Shipped] {
    &SHIPPED
}

/// The one of that id.
#[must_use]
pub fn of(id: &str) -> Option<&'static Shipped> {
    let id = id.strip_prefix(PREFIX)?;
    SHIPPED.iter().find(|shipped| shipped.id == id)
}

/// The one that is meant for an occasion.
#[must_use]
pub fn for_occasion(occasion: Occasion) -> Option<&'static Shipped> {
    SHIPPED.iter().find(|shipped| shipped.occasion == Some(occasion))
}

#[cfg(test)]
mod tests {
    use super::{Document, all, for_occasion};
    use crate::replies::auto::Occasion;
    use domain::policy::Language;
    use std::collections::BTreeSet;

    #[test]
    fn the_document_is_read_and_every_template_is_fit() {
        let text = include_str!("../../replies/shipped.toml");
        let document = toml::from_str::<Document>(text).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(document.reply.len(), all().len());
        let ids: BTreeSet<String> = all().iter().map(super::Shipped::id).collect();
        assert_eq!(ids.len(), all().len());
        for shipped in all() {
            for language in [Language::Zh, Language::En] {
                assert_eq!(shipped.template(language).mistake(), None, "{}", shipped.id);
            }
        }
        for occasion in Occasion::ALL {
            assert!(for_occasion(occasion).is_some(), "{occasion:?}");
        }
    }
}
