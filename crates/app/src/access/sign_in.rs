//! Signing in: a name and a password, and a code where a second factor is set. Whoever fails
//! learns nothing of why, not even from how long it took.

use super::{
    attempts::{self, Turn},
    credential::{self, Credential},
    fault::Fault,
    member::Member,
    people::{PERSON, Person},
    second_factor, session,
};
use crate::{assembly::App, registry::Entry};
use domain::moment::{Moment, Span};
use serde::{Deserialize, Serialize};

/// What a stamp that asks for the code is for.
const CODE_NEEDED: &str = "code needed";
/// How long one may look for the code.
const CODE_WITHIN: Span = Span::seconds(600);

/// What came of an attempt.
#[derive(Clone, PartialEq, Eq)]
pub enum SignIn {
    /// Signed in: the token for the cookie.
    In(String),
    /// The password is right; this is to be shown again together with the code.
    CodeNeeded(String),
    /// No.
    Wrong,
    /// No, and no further attempt until then.
    Locked(Moment),
}

#[derive(Serialize, Deserialize)]
struct PasswordRight {
    member: Member,
    password_set_at: Moment,
    until: Moment,
}

/// Signs in with a name and a password; `None` for a text that is no name, which takes as long.
///
/// # Errors
/// [`Fault`] if it could not be looked at now.
pub async fn with_password(
    app: &App,
    member: Option<&Member>,
    (password, agent): (&str, &str),
    at: Moment,
) -> Result<SignIn, Fault> {
    let Some(member) = member else {
        app.means.passwords.matches(password, None).await?;
        return Ok(SignIn::Wrong);
    };
    let turn = attempts::count(app, member, at).await?;
    if let Turn::Locked(until) = turn {
        return Ok(SignIn::Locked(until));
    }
    let person = person(app, member).await?;
    let credential = credential::load(app, member).await?;
    let kept = credential.as_ref().map(|entry| entry.body.password_hash.clone());
    let right = app.means.passwords.matches(password, kept).await?;
    let (Some(_), Some(credential), true) = (&person, credential, right) else {
        return failed(app, member, (turn, person.is_some()), at).await;
    };
    let Credential { password_set_at, second_factor, .. } = credential.body;
    if second_factor.is_none() {
        return open(app, member, agent, at).await;
    }
    let right =
        PasswordRight { member: member.clone(), password_set_at, until: at.after(CODE_WITHIN) };
    let stamp = app.means.stamps.stamp(CODE_NEEDED, &right);
    stamp.map(SignIn::CodeNeeded).ok_or(Fault::Broken("a stamp cannot be written"))
}

/// Signs in with a code after the password was right.
///
/// # Errors
/// [`Fault`] if it could not be looked at now.
pub async fn with_code(
    app: &App,
    stamp: &str,
    (code, agent): (&str, &str),
    at: Moment,
) -> Result<SignIn, Fault> {
    let read: Option<PasswordRight> = app.means.stamps.read(CODE_NEEDED, stamp);
    let Some(PasswordRight { member, password_set_at, .. }) = read.filter(|r| at < r.until) else {
        return Ok(SignIn::Wrong);
    };
    let turn = attempts::count(app, &member, at).await?;
    if let Turn::Locked(until) = turn {
        return Ok(SignIn::Locked(until));
    }
    let found = credential::load(app, &member).await?;
    let same = |entry: &Entry<Credential>| entry.body.password_set_at == password_set_at;
    let Some(entry) = found.filter(same) else { return Ok(SignIn::Wrong) };
    if second_factor::use_up(app, &member, entry, code, at).await? {
        open(app, &member, agent, at).await
    } else {
        failed(app, &member, (turn, true), at).await
    }
}

async fn open(app: &App, member: &Member, agent: &str, at: Moment) -> Result<SignIn, Fault> {
    attempts::forget(app, member, at).await?;
    let token = session::open(app, member, agent, at).await?;
    Ok(token.map_or(SignIn::Wrong, SignIn::In))
}

async fn failed(
    app: &App,
    member: &Member,
    (turn, exists): (Turn, bool),
    at: Moment,
) -> Result<SignIn, Fault> {
    let (Turn::Last(until) | Turn::Locked(until)) = turn else { return Ok(SignIn::Wrong) };
    if exists {
        attempts::tell(app, member, at).await?;
    }
    Ok(SignIn::Locked(until))
}

async fn person(app: &App, member: &Member) -> Result<Option<Person>, Fault> {
    let id = member.person_id.as_str();
    let found: Option<Person> = app.registry.get(&member.shop_id, PERSON, id).await?;
    Ok(found.filter(|person| person.ended_at.is_none() && member.may_be(person.office)))
}
