//! Credentials: the password and the second factor of a person, kept apart from who they are, so
//! that tokens for the API go on as they do.

use super::{
    attempts::{self, Turn},
    fault::Fault,
    member::Member,
    password,
    session::{self, Which},
};
use crate::{
    assembly::App,
    registry::{Change, Draft, Entry, draft},
    vault::Sealed,
    world::random_bytes,
};
use domain::{actor::Actor, moment::Moment};
use engine::ports::StoreFault;
use serde::{Deserialize, Serialize};

/// The kind of documents that hold credentials.
pub const CREDENTIAL: &str = "credential";

/// What a person signs in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// What is kept of the password.
    pub(super) password_hash: String,
    /// When it was set; what was begun with an older one is worth nothing.
    pub password_set_at: Moment,
    /// The second factor, once it is confirmed.
    pub(super) second_factor: Option<SecondFactor>,
    /// The secret of one that is not confirmed yet.
    pub(super) pending: Option<Sealed>,
}

/// A confirmed second factor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SecondFactor {
    pub secret: Sealed,
    pub confirmed_at: Moment,
    /// The step of the last code that was used: it is not used again, and none before it.
    pub last_step: u64,
    /// Digests of the recovery codes that are left.
    pub recovery: Vec<String>,
}

impl Credential {
    /// Since when a second factor is asked for, if one is.
    #[must_use]
    pub fn second_factor_since(&self) -> Option<Moment> {
        self.second_factor.as_ref().map(|factor| factor.confirmed_at)
    }

    /// How many recovery codes are left.
    #[must_use]
    pub fn recovery_codes_left(&self) -> usize {
        self.second_factor.as_ref().map_or(0, |factor| factor.recovery.len())
    }
}

/// The credential of a person, if they have set a password.
///
/// # Errors
/// [`StoreFault`] if it cannot be read.
pub async fn load(app: &App, member: &Member) -> Result<Option<Entry<Credential>>, StoreFault> {
    app.registry.entry(&member.shop_id, CREDENTIAL, member.person_id.as_str()).await
}

/// The change of a credential, ready to be written.
pub(super) fn change<'a>(
    member: &'a Member,
    replaces: u64,
    body: &'a Credential,
) -> Change<'a, Credential> {
    let (shop_id, id) = (&member.shop_id, member.person_id.as_str());
    Change { shop_id, kind: CREDENTIAL, id, replaces, body }
}

/// What came of setting a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Set {
    /// It is the password now, and the sessions are ended.
    Done,
    /// It may not be one.
    Weak(password::Weakness),
    /// The present password is not the one given.
    Wrong,
    /// Too many wrong ones: locked until then.
    Locked(Moment),
    /// Somebody changed it meanwhile.
    Meanwhile,
}

/// Changes the password of somebody who is present and knows the present one; their other
/// sessions end.
///
/// # Errors
/// [`Fault`] if it could not be done now.
pub async fn change_password(
    app: &App,
    present: &session::Present,
    (old, new): (&str, &str),
    at: Moment,
) -> Result<Set, Fault> {
    let member = &present.member;
    if let Some(weakness) = weakness(member, new) {
        return Ok(Set::Weak(weakness));
    }
    match prove(app, member, old, at).await? {
        Proof::Right => {}
        Proof::Wrong => return Ok(Set::Wrong),
        Proof::Locked(until) => return Ok(Set::Locked(until)),
    }
    let before = load(app, member).await?;
    let by = session::actor(member, present.office);
    let mut drafts = vec![set(app, member, (before, new), &by, at).await?];
    let keep = Which::Others(&present.session_id);
    drafts.extend(session::ending(&app.registry, member, keep, at).await?);
    let done = app.registry.put_together(drafts).await?;
    Ok(if done { Set::Done } else { Set::Meanwhile })
}

/// Whether somebody who has a session knows the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// They do.
    Right,
    /// They do not.
    Wrong,
    /// They tried too often: locked until then.
    Locked(Moment),
}

/// Asks for the password again before something that must not be done at an unlocked desk.
///
/// # Errors
/// [`Fault`] if it could not be looked at now.
pub async fn prove(app: &App, member: &Member, password: &str, at: Moment) -> Result<Proof, Fault> {
    if let Turn::Locked(until) = attempts::count(app, member, at).await? {
        return Ok(Proof::Locked(until));
    }
    let kept = load(app, member).await?.map(|entry| entry.body.password_hash);
    if !app.means.passwords.matches(password, kept).await? {
        return Ok(Proof::Wrong);
    }
    attempts::forget(app, member, at).await?;
    Ok(Proof::Right)
}

/// Why a text may not be this person's password.
pub(super) fn weakness(member: &Member, password: &str) -> Option<password::Weakness> {
    password::weakness(password, &[member.person_id.as_str(), member.shop_id.as_str()])
}

/// The change that sets a password. A second factor stays.
pub(super) async fn set(
    app: &App,
    member: &Member,
    (before, password): (Option<Entry<Credential>>, &str),
    by: &Actor,
    at: Moment,
) -> Result<Draft, Fault> {
    let password_hash = app.means.passwords.hash(password, random_bytes()).await?;
    let replaces = before.as_ref().map_or(0, |entry| entry.version);
    let (second_factor, pending) =
        before.map_or((None, None), |entry| (entry.body.second_factor, entry.body.pending));
    let now = Credential { password_hash, password_set_at: at, second_factor, pending };
    Ok(draft(&change(member, replaces, &now), by, "credential.password_set", at)?)
}
