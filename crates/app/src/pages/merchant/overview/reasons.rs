//! Why buyers apply, and what usually helps (P4).

use crate::{
    api::problem::Problem,
    assembly::App,
    i18n,
    pages::{policy::in_force, visit::Visit},
};
use domain::{
    application::Fault,
    id::ReasonCode,
    policy::{Language, Policy},
};
use engine::figures::{Grouping, Scope, Share};
use std::sync::Arc;

/// The deepest reason: a group, a reason, a sub-reason.
const DEPTH_MAX: usize = 4;

/// A reason with what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// Its code.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// The figures.
    pub share: Share,
    /// What usually helps.
    pub advice: String,
}

/// The reasons of a range, the most frequent first.
///
/// # Errors
/// A [`Problem`] if they cannot be read.
pub async fn load(app: &App, visit: &Visit, scope: &Scope) -> Result<Vec<Cause>, Problem> {
    let policy = policy(app, visit).await?;
    let shares = app.desk.store().shares(scope, Grouping::Reason).await;
    let shares = shares.map_err(|fault| Problem::fault(&fault, visit.language()))?;
    let cause = |share: Share| Cause {
        code: share.name.clone(),
        name: name(&policy, &share.name, visit.language()),
        advice: advice(&policy, &share.name, visit.language()),
        share,
    };
    Ok(shares.into_iter().map(cause).collect())
}

/// The policy in force.
///
/// # Errors
/// A [`Problem`] if it cannot be read.
pub async fn policy(app: &App, visit: &Visit) -> Result<Arc<Policy>, Problem> {
    let (_, policy) = in_force(app, visit.shop()?, visit.language()).await?;
    Ok(policy)
}

/// What a reason is called; one that the policy no longer has, by its code.
#[must_use]
pub fn name(policy: &Policy, code: &str, language: Language) -> String {
    let reason = ReasonCode::parse(code).ok();
    let reason = reason.as_ref().and_then(|code| policy.reason(code));
    reason.map_or_else(|| code.to_owned(), |reason| reason.name(language).to_owned())
}

/// By the heading a reason stands under, or by who is at fault where a shop has its own headings.
fn advice(policy: &Policy, code: &str, language: Language) -> String {
    let reason = ReasonCode::parse(code).ok();
    let mut reason = reason.as_ref().and_then(|code| policy.reason(code));
    let fault = reason.map_or(Fault::Buyer, |reason| reason.fault);
    for _ in 0..DEPTH_MAX {
        let Some(named) = reason else { break };
        let key = format!("advice-{}", named.code.as_str().replace('_', "-"));
        if i18n::has(language, &key) {
            return i18n::sentence(language, &key, &[]);
        }
        reason = named.parent.as_ref().and_then(|code| policy.reason(code));
    }
    let key = match fault {
        Fault::Seller => "advice-fault-seller",
        Fault::Carrier => "advice-fault-carrier",
        Fault::Buyer => "advice-fault-buyer",
    };
    i18n::sentence(language, key, &[])
}

#[cfg(test)]
mod tests {
    use super::advice;
    use domain::policy::{Language, Policy};

    #[test]
    fn every_reason_of_the_default_policy_has_advice_in_both_languages() {
        let policy = Policy::default_policy();
        for reason in policy.reasons() {
            for language in [Language::Zh, Language::En] {
                let advice = advice(&policy, reason.code.as_str(), language);
                assert!(advice.chars().count() > 10, "{:?}: {advice}", reason.code);
                assert!(!advice.starts_with("advice-"), "{advice}");
            }
        }
    }
}
