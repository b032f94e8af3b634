//! Sessions: who has signed in, on which device, until when.
//!
//! All sessions of a person stand in one document together with what the person may do, so that a
//! page costs one read and ending a session, changing an office and shutting somebody out take
//! effect with the next request, in every process. They are few, and what has run out is dropped
//! by the next one that is opened: nothing piles up.

use super::{
    caller::{Caller, Holder},
    fault::Fault,
    member::Member,
    people::{Office, Person},
    token::Secret,
};
use crate::{
    assembly::App,
    registry::{Change, Draft, Entry, Registry, draft, quiet},
    world::random_hex,
};
use domain::{
    actor::Actor,
    id::{PersonId, ShopId},
    moment::{Moment, Span},
};
use engine::ports::StoreFault;
use serde::{Deserialize, Serialize};

/// The kind of documents that hold the sessions of a person.
pub const SESSIONS: &str = "sessions";
/// A session ends when it was not used for so long.
pub const IDLE: Span = Span::hours(12);
/// A session ends so long after it was opened.
pub const LONGEST: Span = Span::days(14);
/// That a session is used is written down so often.
const SEEN_EVERY: Span = Span::seconds(600);
/// The most sessions of a person; the one not used for longest gives way.
const SESSIONS_MAX: usize = 20;
/// The longest name of a device that is kept.
const DEVICE_CHARS_MAX: usize = 60;
/// How often a change is tried when others change the same document.
const TRIES_MAX: usize = 8;

/// The sessions of one person, and what they may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sessions {
    name: String,
    office: Office,
    open: Vec<Session>,
}

/// One session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// How its person names it, to end it.
    pub id: String,
    token_hash: String,
    /// Which browser and system, in a few words; the address it came from is not kept.
    pub device: String,
    /// When it was opened.
    pub opened_at: Moment,
    /// When it was last used, give or take ten minutes.
    pub seen_at: Moment,
}

impl Session {
    fn is_open(&self, at: Moment) -> bool {
        at < self.seen_at.after(IDLE) && at < self.opened_at.after(LONGEST)
    }
}

/// Somebody whose session is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Present {
    /// Who.
    pub member: Member,
    /// What people call them.
    pub name: String,
    /// What they may do.
    pub office: Office,
    /// Which session.
    pub session_id: String,
}

impl Present {
    /// As a caller; people of the platform act in the shop they name.
    #[must_use]
    pub fn caller(&self, named_shop: Option<ShopId>) -> Caller {
        let own = (!self.member.is_of_platform()).then(|| self.member.shop_id.clone());
        let holder = Holder::Person(self.member.person_id.clone(), self.office);
        Caller { shop_id: own.or(named_shop), holder }
    }
}

/// Opens a session and answers with the token for the cookie. The caller has seen to it that it
/// is this person; none if they were shut out.
///
/// # Errors
/// [`Fault::Store`] if it cannot be written, [`Fault::Busy`] if others change the same too often.
pub async fn open(
    app: &App,
    member: &Member,
    agent: &str,
    at: Moment,
) -> Result<Option<String>, Fault> {
    let secret = Secret::new(random_hex::<32>());
    for _ in 0..TRIES_MAX {
        // First the document that is replaced, then the person: who changes the person writes
        // this document too, so what is read here is what stands there, or nothing is written.
        let before = load(&app.registry, member).await?;
        let Some(person) = person(app, member).await? else { return Ok(None) };
        let replaces = before.as_ref().map_or(0, |entry| entry.version);
        let mut open = before.map_or_else(Vec::new, |entry| entry.body.open);
        open.retain(|session| session.is_open(at));
        open.sort_by_key(|session| std::cmp::Reverse(session.seen_at));
        open.truncate(SESSIONS_MAX.saturating_sub(1));
        let device = device_of(agent);
        let (id, token_hash) = (random_hex::<6>(), secret.hash());
        open.push(Session { id, token_hash, device, opened_at: at, seen_at: at });
        let actor = actor(member, person.office);
        let sessions = Sessions { name: person.name, office: person.office, open };
        let change = change(member, replaces, &sessions);
        if app.registry.put(change, &actor, "session.opened", at).await? {
            return Ok(Some(member.with_secret(&secret)));
        }
    }
    Err(Fault::Busy)
}

/// Who holds this token, if their session is open.
///
/// # Errors
/// [`StoreFault`] if it cannot be read.
pub async fn read(app: &App, token: &str, at: Moment) -> Result<Option<Present>, StoreFault> {
    let Some((member, secret)) = Member::parse(token) else { return Ok(None) };
    let Some(Entry { version, mut body, .. }) = load(&app.registry, &member).await? else {
        return Ok(None);
    };
    let mut open = body.open.iter_mut();
    let Some(session) = open.find(|session| secret.matches(&session.token_hash)) else {
        return Ok(None);
    };
    if !session.is_open(at) {
        return Ok(None);
    }
    let session_id = session.id.clone();
    let unseen = at >= session.seen_at.after(SEEN_EVERY);
    session.seen_at = session.seen_at.max(at);
    let (name, office) = (body.name.clone(), body.office);
    if unseen {
        // If somebody else was first, it is written with one of the next requests.
        let _seen = app.registry.keep(change(&member, version, &body), at).await?;
    }
    Ok(Some(Present { member, name, office, session_id }))
}

/// The open sessions of a person, the one used last first.
///
/// # Errors
/// [`StoreFault`] if they cannot be read.
pub async fn list(app: &App, member: &Member, at: Moment) -> Result<Vec<Session>, StoreFault> {
    let found = load(&app.registry, member).await?;
    let mut open = found.map_or_else(Vec::new, |entry| entry.body.open);
    open.retain(|session| session.is_open(at));
    open.sort_by_key(|session| std::cmp::Reverse(session.seen_at));
    Ok(open)
}

/// Which sessions are ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which<'a> {
    /// This one.
    One(&'a str),
    /// All but this one.
    Others(&'a str),
    /// All.
    All,
}

/// Ends sessions of a person; takes effect with the next request.
///
/// # Errors
/// [`Fault::Store`] if it cannot be written, [`Fault::Busy`] if others change the same too often.
pub async fn end(
    app: &App,
    member: &Member,
    which: Which<'_>,
    by: &Actor,
    at: Moment,
) -> Result<(), Fault> {
    for _ in 0..TRIES_MAX {
        let Some(ending) = ended(&app.registry, member, which, at).await? else { return Ok(()) };
        let line = draft(&change(member, ending.version, &ending.body), by, "session.ended", at)?;
        if app.registry.put_together(vec![line]).await? {
            return Ok(());
        }
    }
    Err(Fault::Busy)
}

/// Makes the open sessions of a shop's people younger by a jump of the clock, so that nobody is
/// signed out by it; only a demo's clock jumps.
///
/// # Errors
/// [`StoreFault`] if they cannot be read or written.
pub async fn carry_along(app: &App, shop_id: &ShopId, by: Span) -> Result<(), StoreFault> {
    let at = app.desk.now();
    let all: Vec<Entry<Sessions>> =
        app.registry.list(shop_id, SESSIONS, "", engine::rows::LIMIT_MAX).await?;
    for mut entry in all {
        let Ok(person_id) = PersonId::parse(&entry.id) else { continue };
        entry.body.open.retain(|session| session.is_open(at));
        for session in &mut entry.body.open {
            session.opened_at = session.opened_at.after(by);
            session.seen_at = session.seen_at.after(by);
        }
        let member = Member { shop_id: shop_id.clone(), person_id };
        // If somebody signs in at this very moment, their session is the newer one.
        let _kept = app.registry.keep(change(&member, entry.version, &entry.body), at).await?;
    }
    Ok(())
}

/// The change that ends sessions, to be written together with what they end for.
pub(super) async fn ending(
    registry: &Registry,
    member: &Member,
    which: Which<'_>,
    at: Moment,
) -> Result<Option<Draft>, StoreFault> {
    let ended = ended(registry, member, which, at).await?;
    ended.map(|ended| quiet(&change(member, ended.version, &ended.body), at)).transpose()
}

/// The change that gives a person's sessions another office.
pub(super) async fn with_office(
    registry: &Registry,
    member: &Member,
    person: &Person,
    at: Moment,
) -> Result<Draft, StoreFault> {
    let before = load(registry, member).await?;
    let replaces = before.as_ref().map_or(0, |entry| entry.version);
    let open = before.map_or_else(Vec::new, |entry| entry.body.open);
    let sessions = Sessions { name: person.name.clone(), office: person.office, open };
    quiet(&change(member, replaces, &sessions), at)
}

async fn ended(
    registry: &Registry,
    member: &Member,
    which: Which<'_>,
    at: Moment,
) -> Result<Option<Entry<Sessions>>, StoreFault> {
    let Some(mut entry) = load(registry, member).await? else { return Ok(None) };
    entry.body.open.retain(|session| {
        let goes = match which {
            Which::One(id) => session.id == id,
            Which::Others(id) => session.id != id,
            Which::All => true,
        };
        session.is_open(at) && !goes
    });
    Ok(Some(entry))
}

async fn load(registry: &Registry, member: &Member) -> Result<Option<Entry<Sessions>>, StoreFault> {
    registry.entry(&member.shop_id, SESSIONS, member.person_id.as_str()).await
}

async fn person(app: &App, member: &Member) -> Result<Option<Person>, StoreFault> {
    let id = member.person_id.as_str();
    let found: Option<Person> =
        app.registry.get(&member.shop_id, super::people::PERSON, id).await?;
    Ok(found.filter(|person| person.ended_at.is_none() && member.may_be(person.office)))
}

/// The actor that a person is.
pub(super) fn actor(member: &Member, office: Office) -> Actor {
    let holder = Holder::Person(member.person_id.clone(), office);
    Caller { shop_id: Some(member.shop_id.clone()), holder }.actor()
}

fn change<'a>(member: &'a Member, replaces: u64, body: &'a Sessions) -> Change<'a, Sessions> {
    let (shop_id, id) = (&member.shop_id, member.person_id.as_str());
    Change { shop_id, kind: SESSIONS, id, replaces, body }
}

/// A browser and a system in a few words, such as `Chrome · Windows`.
fn device_of(agent: &str) -> String {
    // The first that fits wins: everybody says Mozilla, and Edge says Chrome too.
    let browsers = [
        ("MicroMessenger", "WeChat"),
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("QQBrowser", "QQ Browser"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ];
    let systems = [
        ("HarmonyOS", "HarmonyOS"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let named = |among: &[(&str, &'static str)]| {
        among.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name)
    };
    match (named(&browsers), named(&systems)) {
        (Some(browser), Some(system)) => format!("{browser} · {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => {
            agent.chars().filter(|letter| !letter.is_control()).take(DEVICE_CHARS_MAX).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::device_of;

    #[test]
    fn a_device_is_named_in_a_few_words() {
        let windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 \
                       (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
        assert_eq!(device_of(windows), "Chrome · Windows");
        assert_eq!(device_of(&format!("{windows} Edg/140.0")), "Edge · Windows");
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 \
                     Mobile/15E148 MicroMessenger/8.0.50";
        assert_eq!(device_of(phone), "WeChat · iPhone");
        assert_eq!(device_of("curl/8.5"), "curl/8.5");
        assert_eq!(device_of(&"长\u{7}".repeat(500)).chars().count(), 60);
    }
}
