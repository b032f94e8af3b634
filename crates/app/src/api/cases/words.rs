//! Evidence and messages.

use super::{Target, Verb};
use crate::api::problem::Problem;
use domain::{
    case::{Audience, Marks},
    command::Act,
    id::FileId,
};
use serde::Deserialize;
use utoipa::ToSchema;

/// `POST …/evidence`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddEvidence {
    /// Files uploaded before, 1 to 20.
    files: Vec<FileId>,
    /// What they show.
    #[serde(default)]
    note: String,
}

impl Verb for AddEvidence {
    async fn act(self, target: &Target<'_>) -> Result<Act, Problem> {
        target.files().check(&self.files).await?;
        Ok(Act::AddEvidence { files: self.files, note: self.note })
    }
}

/// `POST …/request-evidence`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestEvidence {
    /// What is missing.
    text: String,
}

impl Verb for RequestEvidence {
    async fn act(self, _: &Target<'_>) -> Result<Act, Problem> {
        Ok(Act::RequestEvidence { text: self.text })
    }
}

/// `POST …/messages`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostMessage {
    /// What.
    text: String,
    /// Files uploaded before, at most 20.
    #[serde(default)]
    files: Vec<FileId>,
    /// `everyone`, or `merchant` for a note inside the shop (M4).
    #[serde(default = "everyone")]
    audience: Audience,
}

const fn everyone() -> Audience {
    Audience::Everyone
}

impl Verb for PostMessage {
    async fn act(self, target: &Target<'_>) -> Result<Act, Problem> {
        target.files().check(&self.files).await?;
        Ok(Act::PostMessage { text: self.text, files: self.files, audience: self.audience })
    }
}

/// `POST …/mark`: who handles it, tags, tier; the shop's alone (I3).
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct Mark(Marks);

impl Verb for Mark {
    async fn act(self, _: &Target<'_>) -> Result<Act, Problem> {
        Ok(Act::Mark { marks: self.0 })
    }
}
