//! The audit log as people read it.

use super::{page::name_of, parts::people, visit::Visit};
use crate::{
    api::problem::Problem,
    assembly::App,
    audit::{self, Line},
    i18n,
};
use axum::http::StatusCode;
use domain::{actor::Actor, id::ShopId, moment::Moment};
use uuid::Uuid;

/// Lines shown at once.
const SHOWN: u32 = 50;

/// One line.
pub struct Row {
    /// When.
    pub at: Moment,
    /// Who, as they are called.
    pub who: String,
    /// In which capacity, by the key of its word.
    pub capacity: String,
    /// What was done.
    pub act: String,
    /// To which thing, by its id.
    pub target: String,
}

/// A page of the log of a shop, or of the platform, and what to ask for to see those before.
///
/// # Errors
/// A [`Problem`] if it cannot be read.
pub async fn rows(
    app: &App,
    shop_id: &ShopId,
    visit: &Visit,
) -> Result<(Vec<Row>, Option<String>), Problem> {
    let before = visit.asked_for("before");
    if before.is_some_and(|text| Uuid::parse_str(text).is_err()) {
        return Err(visit.asked.problem(StatusCode::BAD_REQUEST, "cursor_invalid"));
    }
    let found = audit::list(&app.registry, shop_id, before, SHOWN).await;
    let found = found.map_err(|fault| Problem::fault(&fault, visit.language()))?;
    let names = people::names(app, shop_id, visit.language()).await?;
    let rows = found.lines.into_iter().map(|line| row(visit, &names, line)).collect();
    Ok((rows, found.before))
}

fn row(visit: &Visit, names: &people::Names, Line { at, what }: Line) -> Row {
    let (who, capacity) = match &what.by {
        Actor::Buyer(id) => (id.to_string(), "side-buyer".to_owned()),
        Actor::Person { id, role } => {
            (names.of(id.as_str()).to_owned(), format!("office-{}", name_of(role)))
        }
        Actor::Key(id) => (id.to_string(), "log-key".to_owned()),
        Actor::Arbiter(id) => (names.of(id.as_str()).to_owned(), "office-arbiter".to_owned()),
        Actor::Operator(id) => (names.of(id.as_str()).to_owned(), "office-operator".to_owned()),
        Actor::System => (String::new(), "side-system".to_owned()),
    };
    let key = format!("act-{}", what.act.replace(['.', '_'], "-"));
    let known = i18n::has(visit.language(), &key);
    let act = if known { visit.page.t(&key) } else { what.act };
    let target = what.target.split_once('/').map_or("", |(_, id)| id);
    let itself = matches!(target, "shop" | "contacts" | "shipping" | "auto_replies");
    let target = if itself { String::new() } else { target.to_owned() };
    Row { at, who, capacity, act, target }
}

/// Every act that leaves a line, for the test that each has its words.
pub const ACTS: &[&str] = &[
    "appeal.decided",
    "appeal.made",
    "auto_replies.changed",
    "contacts.changed",
    "credential.password_set",
    "key.made",
    "key.revoked",
    "payout_account.named",
    "person.invited",
    "person.joined",
    "person.let_in",
    "person.locked",
    "person.office_changed",
    "person.shut_out",
    "policy.in_force",
    "policy.published",
    "reply_template.changed",
    "reply_template.made",
    "reply_template.removed",
    "second_factor.confirmed",
    "second_factor.ended",
    "second_factor.recovery_used",
    "session.ended",
    "session.opened",
    "shipping.changed",
    "shop.changed",
    "shop.listed",
    "shop.opened",
];

#[cfg(test)]
mod tests {
    use super::ACTS;
    use crate::i18n;
    use domain::policy::Language;

    #[test]
    fn every_act_has_its_words() {
        for act in ACTS {
            let key = format!("act-{}", act.replace(['.', '_'], "-"));
            assert!(i18n::has(Language::Zh, &key) && i18n::has(Language::En, &key), "{key}");
        }
    }
}
