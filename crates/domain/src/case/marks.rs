//! How the shop sorts its work: who handles a case, under which tags, on which tier (I3). It is
//! the shop's alone.

use crate::id::PersonId;
use serde::{Deserialize, Serialize};

/// The most tags of a case.
pub const TAGS_MAX: usize = 10;
/// The longest tag, in characters.
pub const TAG_CHARS_MAX: usize = 24;

/// How a case is sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Marks {
    /// Who handles it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<PersonId>,
    /// Under which tags, in alphabetical order, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// On which tier.
    #[serde(default)]
    pub tier: Tier,
}

/// How difficult a case is (三级响应, I3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// 普通退款
    #[default]
    Ordinary,
    /// 疑难问题
    Difficult,
    /// 法律纠纷
    Legal,
}

impl Marks {
    /// The same, with tags without blanks around them, each once, in order.
    #[must_use]
    pub fn tidy(mut self) -> Self {
        for tag in &mut self.tags {
            *tag = tag.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        self.tags.retain(|tag| !tag.is_empty());
        self.tags.sort();
        self.tags.dedup();
        self
    }
}
