//! Changes of people that must reach their sessions at once: another office, shut out.

use super::{
    member::Member,
    people::{Office, PERSON, Person},
    session::{self, Which},
};
use crate::registry::{Change, Entry, Registry, draft};
use domain::{actor::Actor, moment::Moment};
use engine::ports::StoreFault;

/// What came of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// It is so now.
    Changed,
    /// It was so before.
    Unchanged,
    /// There is no such person.
    Nobody,
    /// Nobody does this to themselves: a shop must not lose its last owner.
    Oneself,
    /// Such a person cannot have this office.
    NotHere,
    /// Somebody changed it meanwhile.
    Meanwhile,
}

/// Shuts a person out: their token, their sessions and their invitation are good no more.
///
/// # Errors
/// [`StoreFault`] if it cannot be written.
pub async fn shut_out(
    registry: &Registry,
    member: &Member,
    by: &Actor,
    at: Moment,
) -> Result<Done, StoreFault> {
    let Some(Entry { version, mut body, .. }) = load(registry, member).await? else {
        return Ok(Done::Nobody);
    };
    if body.ended_at.is_some() {
        return Ok(Done::Unchanged);
    }
    body.ended_at = Some(at);
    let mut drafts = vec![draft(&change(member, version, &body), by, "person.shut_out", at)?];
    drafts.extend(session::ending(registry, member, Which::All, at).await?);
    written(registry.put_together(drafts).await?)
}

/// Gives a person another office; their open sessions have it with the next request.
///
/// # Errors
/// [`StoreFault`] if it cannot be written.
pub async fn change_office(
    registry: &Registry,
    member: &Member,
    office: Office,
    by: &Actor,
    at: Moment,
) -> Result<Done, StoreFault> {
    if by.person() == Some(&member.person_id) {
        return Ok(Done::Oneself);
    }
    let Some(Entry { version, mut body, .. }) = load(registry, member).await? else {
        return Ok(Done::Nobody);
    };
    if !member.may_be(office) || body.ended_at.is_some() {
        return Ok(Done::NotHere);
    }
    if body.office == office {
        return Ok(Done::Unchanged);
    }
    body.office = office;
    let drafts = vec![
        draft(&change(member, version, &body), by, "person.office_changed", at)?,
        session::with_office(registry, member, &body, at).await?,
    ];
    written(registry.put_together(drafts).await?)
}

fn written(all: bool) -> Result<Done, StoreFault> {
    Ok(if all { Done::Changed } else { Done::Meanwhile })
}

async fn load(registry: &Registry, member: &Member) -> Result<Option<Entry<Person>>, StoreFault> {
    registry.entry(&member.shop_id, PERSON, member.person_id.as_str()).await
}

fn change<'a>(member: &'a Member, replaces: u64, body: &'a Person) -> Change<'a, Person> {
    let (shop_id, id) = (&member.shop_id, member.person_id.as_str());
    Change { shop_id, kind: PERSON, id, replaces, body }
}
