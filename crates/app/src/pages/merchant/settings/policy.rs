//! The shop's policy: parameters by form, the whole as TOML for experts, what would change against
//! the version in force, and publishing it as a new one. Open cases keep the version they have.

pub mod parameter;

use super::{Tab, may_save, meanwhile, tabs};
use crate::{
    api::{policy as api, problem::Problem},
    assembly::App,
    pages::{
        self,
        fields::Fields,
        page::Page,
        show::{self, see},
        visit::Visit,
    },
};
use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use domain::policy::Policy;
use engine::rulebook::{BUILT_IN, POLICY, PublishedPolicy, policy_id};
use parameter::{Group, groups, written};
use similar::{ChangeTag, TextDiff};
use std::sync::Arc;

/// Lines shown of what changes.
const CHANGED_MAX: usize = 400;
/// Versions listed, newest first.
const VERSIONS_MAX: u32 = 20;

#[derive(Template)]
#[template(path = "merchant/settings/policy.html")]
struct PolicyPage {
    p: Page,
    tabs: Vec<Tab>,
    may_save: bool,
    in_force: u32,
    groups: Vec<Group>,
    text: String,
    note: String,
    versions: Vec<(u32, String)>,
    /// Lines of what would change: `+`, `-` or a blank, and the line.
    changed: Option<Vec<(char, String)>>,
    mistakes: Vec<String>,
}

/// The policy in force: its version and its text.
async fn in_force(app: &App, visit: &Visit) -> Result<(u32, Arc<Policy>), Problem> {
    let (shop, policy) = pages::policy::in_force(app, visit.shop()?, visit.language()).await?;
    Ok((shop.policy_version, policy))
}

/// `GET /m/settings/policy`
///
/// # Errors
/// A [`Problem`] if it cannot be read.
pub async fn show(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    let (version, policy) = in_force(&app, &visit).await?;
    show::page(&page(&app, visit, version, policy.source()).await?)
}

async fn page(app: &App, visit: Visit, version: u32, text: &str) -> Result<PolicyPage, Problem> {
    Ok(PolicyPage {
        tabs: tabs(&visit),
        may_save: may_save(&visit),
        in_force: version,
        groups: groups(text, visit.page.texts),
        text: text.to_owned(),
        note: String::new(),
        versions: versions(app, &visit, version).await?,
        changed: None,
        mistakes: Vec::new(),
        p: visit.page,
    })
}

/// The versions published, newest first, with what their publishers said.
async fn versions(app: &App, visit: &Visit, last: u32) -> Result<Vec<(u32, String)>, Problem> {
    let mut versions = Vec::new();
    for version in (BUILT_IN.saturating_add(1)..=last).rev().take(VERSIONS_MAX as usize) {
        let id = policy_id(version);
        let found = app.registry.get::<PublishedPolicy>(visit.shop()?, POLICY, &id).await;
        let found = found.map_err(|fault| Problem::fault(&fault, visit.language()))?;
        versions.extend(found.map(|published| (version, published.note)));
    }
    Ok(versions)
}

/// `POST /m/settings/policy`: `do` is `preview` or `publish`; the parameters of the form are
/// written into the text unless it is the text that was edited.
///
/// # Errors
/// A [`Problem`] if it could not be done now.
pub async fn save(
    State(app): State<Arc<App>>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, Problem> {
    let (version, policy) = in_force(&app, &visit).await?;
    let typed = fields.raw("text").replace("\r\n", "\n");
    let text = if typed.trim().is_empty() { policy.source().to_owned() } else { typed };
    let text = if fields.has("parameters") { written(&text, &fields) } else { text };
    let mistakes = mistakes(&text, &visit);
    let base: u32 = fields.one("base").parse().unwrap_or(version);
    let mut problem = (base != version).then(|| meanwhile(&visit));
    if problem.is_none() && mistakes.is_empty() && fields.one("do") == "publish" {
        match api::publish_text(&app, &visit.asked, &text, fields.one("note")).await {
            Ok(_) => return Ok(see("/m/settings/policy", "policy-published")),
            Err(found) if found.status >= 500 => return Err(found),
            Err(found) => problem = Some(found),
        }
    }
    let code = match (&problem, mistakes.is_empty()) {
        (Some(problem), _) => problem.http_status(),
        (None, true) => StatusCode::OK,
        (None, false) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let mut page = page(&app, visit, version, &text).await?;
    fields.one("note").clone_into(&mut page.note);
    page.changed = Some(changed(policy.source(), &text));
    page.mistakes = mistakes;
    page.p.problem = problem;
    show::with_status(code, &page)
}

/// What is wrong with a text, each with its line.
fn mistakes(text: &str, visit: &Visit) -> Vec<String> {
    let found = Policy::parse(text).err().unwrap_or_default();
    let told = found.into_iter().take(50).map(|mistake| {
        let message = mistake.message_in(visit.language()).to_owned();
        format!("{}:{} {} {message}", mistake.line, mistake.column, mistake.key)
    });
    told.collect()
}

/// The lines that differ, with two of those around them.
fn changed(before: &str, after: &str) -> Vec<(char, String)> {
    let diff = TextDiff::from_lines(before, after);
    let mut lines = Vec::new();
    for group in diff.grouped_ops(2) {
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let sign = match change.tag() {
                ChangeTag::Insert => '+',
                ChangeTag::Delete => '-',
                ChangeTag::Equal => ' ',
            };
            lines.push((sign, change.value().trim_end().to_owned()));
        }
    }
    lines.truncate(CHANGED_MAX);
    lines
}
