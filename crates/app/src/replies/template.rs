//! Templates as a shop keeps them: named, in Chinese and maybe in English, for some cases or all.

use super::{
    shipped,
    variable::{Unknown, pieces},
};
use crate::{
    registry::{Change, Entry, Registry},
    world::new_uuid,
};
use domain::{
    actor::Actor,
    application::CaseType,
    case::{Case, Stage},
    id::{ReasonCode, ShopId},
    moment::Moment,
    policy::{Language, Policy},
};
use engine::ports::StoreFault;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The kind of documents that hold templates.
pub const REPLY_TEMPLATE: &str = "reply_template";
/// The most templates of a shop.
pub const TEMPLATES_MAX: usize = 100;
/// The most a shop ever makes: what was removed is kept, for the log's sake.
const EVER_MAX: usize = 1_000;
/// Read at once.
const PAGE: u32 = 200;
/// The longest name, in characters.
pub const NAME_CHARS_MAX: usize = 40;
/// The longest text, in characters: filled it must still be fit for a message.
pub const TEXT_CHARS_MAX: usize = 1_000;
/// The deepest reason: a group, a reason, a sub-reason.
const REASON_DEPTH_MAX: usize = 4;

/// A template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// What the shop's people call it.
    pub name: String,
    /// What it says in Chinese.
    pub zh: String,
    /// What it says in English; empty if nothing.
    #[serde(default)]
    pub en: String,
    /// Where it fits.
    #[serde(default)]
    pub applies: Applies,
    /// Whether it is offered.
    pub active: bool,
    /// Who changed it last.
    pub changed_by: Actor,
    /// Whether it was removed.
    #[serde(default)]
    pub removed: bool,
}

/// Where a template fits; nothing named means everywhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Applies {
    /// To which kinds of case.
    pub types: Vec<CaseType>,
    /// At which stages.
    pub stages: Vec<Stage>,
    /// For which reason, or those under it.
    pub reason: Option<ReasonCode>,
}

/// What is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// It has no name, or one too long.
    Name,
    /// It says nothing in Chinese.
    Empty,
    /// It says too much.
    TooLong,
    /// It says the same twice of where it fits.
    Applies,
    /// It names what there is not.
    Unknown(Unknown),
}

impl Template {
    /// What it says in a language; in Chinese where it has no English.
    #[must_use]
    pub const fn text(&self, language: Language) -> (Language, &str) {
        match language {
            Language::En if !self.en.is_empty() => (Language::En, self.en.as_str()),
            Language::En | Language::Zh => (Language::Zh, self.zh.as_str()),
        }
    }

    /// The first thing that will not do.
    #[must_use]
    pub fn mistake(&self) -> Option<Mistake> {
        let name = self.name.chars().count();
        if self.name.trim().is_empty() || name > NAME_CHARS_MAX {
            return Some(Mistake::Name);
        }
        if self.zh.trim().is_empty() {
            return Some(Mistake::Empty);
        }
        if [&self.zh, &self.en].iter().any(|text| text.chars().count() > TEXT_CHARS_MAX) {
            return Some(Mistake::TooLong);
        }
        if twice(&self.applies.types) || twice(&self.applies.stages) {
            return Some(Mistake::Applies);
        }
        let unknown = [&self.zh, &self.en].into_iter().find_map(|text| pieces(text).err());
        unknown.map(Mistake::Unknown)
    }
}

impl Applies {
    /// Whether it is for a case as it is now.
    #[must_use]
    pub fn fits(&self, case: &Case, policy: &Policy) -> bool {
        let kind = &case.application.case_type;
        (self.types.is_empty() || self.types.contains(kind))
            && (self.stages.is_empty() || self.stages.contains(&case.stage))
            && self.reason.as_ref().is_none_or(|reason| is_under(case, reason, policy))
    }
}

/// Whether something stands in a list twice; lists without are as short as there are things.
fn twice<T: PartialEq>(list: &[T]) -> bool {
    let mut seen = Vec::new();
    list.iter().any(|one| {
        let known = seen.contains(&one);
        seen.push(one);
        known
    })
}

/// Whether the reason of a case is this one, or stands under it.
fn is_under(case: &Case, reason: &ReasonCode, policy: &Policy) -> bool {
    let mut at = Some(&case.application.reason);
    for _ in 0..REASON_DEPTH_MAX {
        let Some(code) = at else { return false };
        if code == reason {
            return true;
        }
        at = policy.reason(code).and_then(|known| known.parent.as_ref());
    }
    false
}

/// The templates of a shop that were not removed, by name.
///
/// # Errors
/// [`StoreFault`] if they cannot be read.
pub async fn list(
    registry: &Registry,
    shop_id: &ShopId,
) -> Result<Vec<Entry<Template>>, StoreFault> {
    let mut all = ever(registry, shop_id).await?;
    all.retain(|entry| !entry.body.removed);
    all.sort_by(|a, b| (&a.body.name, &a.id).cmp(&(&b.body.name, &b.id)));
    Ok(all)
}

async fn ever(registry: &Registry, shop_id: &ShopId) -> Result<Vec<Entry<Template>>, StoreFault> {
    let mut all: Vec<Entry<Template>> = Vec::new();
    while all.len() < EVER_MAX {
        let after = all.last().map(|entry| entry.id.clone()).unwrap_or_default();
        let page = registry.list(shop_id, REPLY_TEMPLATE, &after, PAGE).await?;
        let last = u32::try_from(page.len()).is_ok_and(|count| count < PAGE);
        all.extend(page);
        if last {
            break;
        }
    }
    Ok(all)
}

/// The template of that id, the house's included.
///
/// # Errors
/// [`StoreFault`] if it cannot be read.
pub async fn find(
    registry: &Registry,
    shop_id: &ShopId,
    id: &str,
    language: Language,
) -> Result<Option<Template>, StoreFault> {
    if let Some(shipped) = shipped::of(id) {
        return Ok(Some(shipped.template(language)));
    }
    Ok(entry(registry, shop_id, id).await?.map(|entry| entry.body))
}

/// The template of a shop's own of that id, with its version.
///
/// # Errors
/// [`StoreFault`] if it cannot be read.
pub async fn entry(
    registry: &Registry,
    shop_id: &ShopId,
    id: &str,
) -> Result<Option<Entry<Template>>, StoreFault> {
    // What is no id is no template; a database is not asked for texts it cannot hold.
    if Uuid::parse_str(id).is_err() {
        return Ok(None);
    }
    let found: Option<Entry<Template>> = registry.entry(shop_id, REPLY_TEMPLATE, id).await?;
    Ok(found.filter(|entry| !entry.body.removed))
}

/// How making went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Made {
    /// It has this id.
    Done(String),
    /// The shop has as many as it may have.
    TooMany,
}

/// Makes templates, all or none.
///
/// # Errors
/// [`StoreFault`] if they cannot be written.
pub async fn make(
    registry: &Registry,
    shop_id: &ShopId,
    templates: &[Template],
    by: &Actor,
    at: Moment,
) -> Result<Made, StoreFault> {
    let ever = ever(registry, shop_id).await?;
    let living = ever.iter().filter(|entry| !entry.body.removed).count();
    let more = templates.len();
    if living.saturating_add(more) > TEMPLATES_MAX || ever.len().saturating_add(more) > EVER_MAX {
        return Ok(Made::TooMany);
    }
    let mut first = String::new();
    let mut drafts = Vec::new();
    for template in templates {
        let id = new_uuid().to_string();
        let change = Change { shop_id, kind: REPLY_TEMPLATE, id: &id, replaces: 0, body: template };
        drafts.push(crate::registry::draft(&change, by, "reply_template.made", at)?);
        if first.is_empty() {
            first = id;
        }
    }
    // Ids are drawn: nobody else can have been first with one.
    if registry.put_together(drafts).await? {
        Ok(Made::Done(first))
    } else {
        Err(StoreFault::Busy("an id was drawn twice".to_owned()))
    }
}

/// Puts a template in place of a version. False if somebody else was first.
///
/// # Errors
/// [`StoreFault`] if it cannot be written.
pub async fn put(
    registry: &Registry,
    shop_id: &ShopId,
    (id, replaces, template): (&str, u64, &Template),
    by: &Actor,
    at: Moment,
) -> Result<bool, StoreFault> {
    let act = if template.removed { "reply_template.removed" } else { "reply_template.changed" };
    let change = Change { shop_id, kind: REPLY_TEMPLATE, id, replaces, body: template };
    registry.put(change, by, act, at).await
}
