//! Attempts to sign in, counted where every process sees them. After five in a quarter of an hour
//! a name is locked, each time for twice as long.
//!
//! An attempt is counted before the password is looked at, so a hundred guesses at once are a
//! hundred attempts. Names that nobody has are counted like others: nobody learns from a lock who
//! exists. What is kept has a bound, since names are free to make up: a name falls into one of
//! 65,536 places, by a digest that cannot be worked out without the server's secret.

use super::{fault::Fault, member::Member};
use crate::{
    access,
    assembly::App,
    registry::{AuditLine, Change, Entry, line},
};
use domain::{
    actor::Actor,
    moment::{Moment, Span},
};
use engine::ports::StoreFault;
use serde::{Deserialize, Serialize};

/// The kind of documents that count attempts; they belong to the platform.
const ATTEMPTS: &str = "attempts";
/// Attempts after which a name is locked.
pub const ATTEMPTS_MAX: usize = 5;
/// Older attempts are forgotten.
const WITHIN: Span = Span::seconds(15 * 60);
/// The first lock.
const LOCK_SECONDS: u32 = 15 * 60;
/// Locks are doubled so often at most: then they take sixteen hours.
const DOUBLED_MAX: u32 = 6;
/// After so long without a lock the next one is a first one.
const FORGIVEN_AFTER: Span = Span::days(1);
/// How often counting is tried when others count at the same time.
const TRIES_MAX: usize = 16;

/// What is kept of a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Attempts {
    counted: Vec<Moment>,
    locks: u32,
    locked_until: Option<Moment>,
}

/// Whether an attempt may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It may.
    Take,
    /// It may, and if it fails the name is locked until then.
    Last(Moment),
    /// The name is locked until then.
    Locked(Moment),
}

impl Attempts {
    /// Counts one attempt.
    fn count(&mut self, at: Moment) -> Turn {
        if let Some(until) = self.locked_until {
            if at < until {
                return Turn::Locked(until);
            }
            if at >= until.after(FORGIVEN_AFTER) {
                self.locks = 0;
            }
            self.locked_until = None;
        }
        self.counted.retain(|counted| at < counted.after(WITHIN));
        self.counted.push(at);
        if self.counted.len() < ATTEMPTS_MAX {
            return Turn::Take;
        }
        let factor = 1_u32 << self.locks.min(DOUBLED_MAX);
        let until = at.after(Span::seconds(LOCK_SECONDS.saturating_mul(factor)));
        *self = Self {
            counted: Vec::new(),
            locks: self.locks.saturating_add(1),
            locked_until: Some(until),
        };
        Turn::Last(until)
    }
}

/// Counts an attempt of a name before it is made.
///
/// # Errors
/// [`Fault::Busy`] if too many count at once, [`Fault::Store`] if it cannot be written.
pub async fn count(app: &App, member: &Member, at: Moment) -> Result<Turn, Fault> {
    for _ in 0..TRIES_MAX {
        let (replaces, mut attempts) = load(app, member).await?;
        let turn = attempts.count(at);
        if matches!(turn, Turn::Locked(_)) || save(app, member, (replaces, &attempts), at).await? {
            return Ok(turn);
        }
    }
    Err(Fault::Busy)
}

/// Forgets the attempts of a name, whose owner has signed in.
///
/// # Errors
/// [`Fault::Store`] if it cannot be written.
pub async fn forget(app: &App, member: &Member, at: Moment) -> Result<(), Fault> {
    let (replaces, _) = load(app, member).await?;
    // If somebody counts at this moment, that attempt stays counted.
    let _forgotten = save(app, member, (replaces, &Attempts::default()), at).await?;
    Ok(())
}

/// Leaves a line in the audit log: somebody who exists was locked out.
///
/// # Errors
/// [`Fault::Store`] if it cannot be written.
pub async fn tell(app: &App, member: &Member, at: Moment) -> Result<(), Fault> {
    let target = format!("{}/{}", access::people::PERSON, member.person_id);
    let told = AuditLine { by: Actor::System, act: "person.locked".to_owned(), target };
    app.registry.put_together(vec![line(&member.shop_id, &told, at)?]).await?;
    Ok(())
}

fn place(app: &App, member: &Member) -> String {
    let name = format!("{}/{}", member.shop_id, member.person_id);
    app.means.stamps.hex(ATTEMPTS, name.as_bytes(), 4)
}

async fn load(app: &App, member: &Member) -> Result<(u64, Attempts), Fault> {
    let platform = access::platform().map_err(|error| StoreFault::Broken(error.to_string()))?;
    let found = app.registry.entry(&platform, ATTEMPTS, &place(app, member)).await?;
    Ok(found.map_or((0, Attempts::default()), |Entry { version, body, .. }| (version, body)))
}

async fn save(
    app: &App,
    member: &Member,
    (replaces, body): (u64, &Attempts),
    at: Moment,
) -> Result<bool, Fault> {
    let platform = access::platform().map_err(|error| StoreFault::Broken(error.to_string()))?;
    let id = place(app, member);
    let change = Change { shop_id: &platform, kind: ATTEMPTS, id: &id, replaces, body };
    Ok(app.registry.keep(change, at).await?)
}

#[cfg(test)]
mod tests {
    use super::{Attempts, Turn};
    use domain::moment::{Moment, Span};

    const MINUTE: Span = Span::seconds(60);

    fn locked(attempts: &mut Attempts, at: Moment) -> Moment {
        for _ in 0..4 {
            assert_eq!(attempts.count(at), Turn::Take);
        }
        let Turn::Last(until) = attempts.count(at) else { panic!("not the last") };
        assert_eq!(attempts.count(until.before(Span::from_ms(1))), Turn::Locked(until));
        until
    }

    #[test]
    fn the_fifth_attempt_in_a_quarter_of_an_hour_is_the_last() {
        let at = Moment::from_seconds(1_800_000_000);
        let mut attempts = Attempts::default();
        let until = locked(&mut attempts, at);
        assert_eq!(until.since(at), Span::seconds(900));
    }

    #[test]
    fn each_lock_takes_twice_as_long_until_it_is_forgiven() {
        let at = Moment::from_seconds(1_800_000_000);
        let mut attempts = Attempts::default();
        let first = locked(&mut attempts, at);
        let second = locked(&mut attempts, first);
        assert_eq!(second.since(first), Span::seconds(1_800));
        let mut last = second;
        for _ in 0..9 {
            last = locked(&mut attempts, last);
        }
        let longest = locked(&mut attempts, last);
        assert_eq!(longest.since(last), Span::hours(16));
        let late = longest.after(Span::days(1));
        assert_eq!(locked(&mut attempts, late).since(late), Span::seconds(900));
    }

    #[test]
    fn attempts_far_apart_lock_nobody() {
        let mut at = Moment::from_seconds(1_800_000_000);
        let mut attempts = Attempts::default();
        for _ in 0..50 {
            assert_eq!(attempts.count(at), Turn::Take);
            at = at.after(Span::from_ms(4 * MINUTE.ms()));
        }
    }
}
