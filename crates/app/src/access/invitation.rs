//! Invitations: a link with which a person sets their password, once, within seven days. Who was
//! invited is one of the people already; whoever forgot the password is invited again.

use super::{
    credential::{self, set},
    fault::Fault,
    member::Member,
    password::Weakness,
    people::{Office, PERSON, Person},
    session::{self, Which},
    token::Secret,
};
use crate::{
    assembly::App,
    registry::{Change, Entry, Registry, draft},
    world::random_hex,
};
use domain::{
    actor::Actor,
    moment::{Moment, Span},
};
use engine::ports::StoreFault;
use serde::{Deserialize, Serialize};

/// The kind of documents that hold invitations; a person has one at most.
pub const INVITATION: &str = "invitation";
/// How long an invitation is good.
pub const LIFE: Span = Span::days(7);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Invitation {
    token_hash: String,
    until: Moment,
    used_at: Option<Moment>,
}

/// Invites a person and answers with the token of the link; an earlier link is good no more. None
/// if there is no such person, or they were shut out.
///
/// # Errors
/// [`StoreFault`] if it cannot be written.
pub async fn make(
    registry: &Registry,
    member: &Member,
    by: &Actor,
    at: Moment,
) -> Result<Option<String>, StoreFault> {
    if person(registry, member).await?.is_none() {
        return Ok(None);
    }
    let secret = Secret::new(random_hex::<32>());
    let invitation = Invitation { token_hash: secret.hash(), until: at.after(LIFE), used_at: None };
    let replaces = load(registry, member).await?.map_or(0, |entry| entry.version);
    let made =
        registry.put(change(member, replaces, &invitation), by, "person.invited", at).await?;
    Ok(made.then(|| member.with_secret(&secret)))
}

/// The address of the page where an invitation is taken up.
#[must_use]
pub fn address(public_url: &str, member: &Member, token: &str) -> String {
    let door = if member.is_of_platform() { "p" } else { "m" };
    format!("{}/{door}/join/{token}", public_url.trim_end_matches('/'))
}

/// Somebody who is invited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    /// Who.
    pub member: Member,
    /// What people call them.
    pub name: String,
    /// What they may do.
    pub office: Office,
}

/// Whom this token invites, if it is good.
///
/// # Errors
/// [`StoreFault`] if it cannot be read.
pub async fn read(app: &App, token: &str, at: Moment) -> Result<Option<Invited>, StoreFault> {
    Ok(good(app, token, at).await?.map(|(invited, _)| invited))
}

/// What came of taking up an invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Joined {
    /// The password is set; they can sign in.
    Done(Member),
    /// It may not be a password.
    Weak(Weakness),
    /// The invitation is not good any more.
    Gone,
}

/// Takes an invitation up: sets the password and ends whatever was open before.
///
/// # Errors
/// [`Fault`] if it could not be done now.
pub async fn take_up(app: &App, token: &str, password: &str, at: Moment) -> Result<Joined, Fault> {
    let Some((Invited { member, office, .. }, mut entry)) = good(app, token, at).await? else {
        return Ok(Joined::Gone);
    };
    if let Some(weakness) = credential::weakness(&member, password) {
        return Ok(Joined::Weak(weakness));
    }
    entry.body.used_at = Some(at);
    let by = session::actor(&member, office);
    let before = credential::load(app, &member).await?;
    let mut drafts = vec![
        draft(&change(&member, entry.version, &entry.body), &by, "person.joined", at)?,
        set(app, &member, (before, password), &by, at).await?,
    ];
    drafts.extend(session::ending(&app.registry, &member, Which::All, at).await?);
    let done = app.registry.put_together(drafts).await?;
    // Whoever was first has used it, or has changed what it was good for.
    Ok(if done { Joined::Done(member) } else { Joined::Gone })
}

async fn good(
    app: &App,
    token: &str,
    at: Moment,
) -> Result<Option<(Invited, Entry<Invitation>)>, StoreFault> {
    let Some((member, secret)) = Member::parse(token) else { return Ok(None) };
    let found = load(&app.registry, &member).await?.filter(|entry| {
        let Invitation { token_hash, until, used_at } = &entry.body;
        secret.matches(token_hash) && at < *until && used_at.is_none()
    });
    let Some(entry) = found else { return Ok(None) };
    let person = person(&app.registry, &member).await?;
    Ok(person.map(|Person { name, office, .. }| (Invited { member, name, office }, entry)))
}

async fn load(
    registry: &Registry,
    member: &Member,
) -> Result<Option<Entry<Invitation>>, StoreFault> {
    registry.entry(&member.shop_id, INVITATION, member.person_id.as_str()).await
}

async fn person(registry: &Registry, member: &Member) -> Result<Option<Person>, StoreFault> {
    let id = member.person_id.as_str();
    let found: Option<Person> = registry.get(&member.shop_id, PERSON, id).await?;
    Ok(found.filter(|person| person.ended_at.is_none() && member.may_be(person.office)))
}

fn change<'a>(member: &'a Member, replaces: u64, body: &'a Invitation) -> Change<'a, Invitation> {
    let (shop_id, id) = (&member.shop_id, member.person_id.as_str());
    Change { shop_id, kind: INVITATION, id, replaces, body }
}
