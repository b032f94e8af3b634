//! Deliberately broken variants: each breaks one law of the engine, from outside, at one of its
//! ports. A simulator that does not notice one of them has a hole.

use domain::record::Record;
use engine::rows::{Commit, StoredRecord};

/// A law that is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flaw {
    /// A refund that is sent again gets a new number.
    NewNumberOnRetry,
    /// An effect leaves the outbox in a transaction of its own, before its outcome is recorded.
    OutcomeApart,
    /// Limits that span orders are not checked at commit.
    GuardLeftOut,
    /// A commit is written whatever came first.
    VersionCheckLeftOut,
    /// Deadlines are acted upon two hours before they pass.
    TimerTooEarly,
    /// A claimed deadline never comes again, whether or not it was acted upon.
    TimerLost,
    /// Every notice is written down, known or not.
    NoticeRepeated,
    /// A lost answer is taken for a refusal.
    UnknownIsFailure,
    /// A command is acknowledged when it is handed to the database.
    AcknowledgedEarly,
    /// An effect leaves the outbox when it is claimed.
    EffectLostInCrash,
    /// Every refund that is ordered is asked for twice.
    EffectsTwice,
    /// A claimed effect is due at once for everybody else.
    LeaseIgnored,
    /// Rows that people list do not follow when a message is posted or a case is marked.
    ViewsNotUpdated,
    /// Money that is on its way does not count as given.
    PendingNotCounted,
    /// The idempotency key of a request is not looked at.
    KeyIgnored,
    /// A commit of which nobody knows is taken for done.
    DoubtIsDone,
    /// A commit of which nobody knows is taken for not done.
    DoubtIsConflict,
    /// A commit of which nobody knows is told to the caller as one that was not begun.
    DoubtIsBusy,
    /// A refund that is being carried out is not asked about again.
    QueryGivenUp,
    /// The follower leaves out every third stretch.
    FiguresSkipped,
}

/// Every flaw.
pub const FLAWS: [Flaw; 20] = [
    Flaw::NewNumberOnRetry,
    Flaw::OutcomeApart,
    Flaw::GuardLeftOut,
    Flaw::VersionCheckLeftOut,
    Flaw::TimerTooEarly,
    Flaw::TimerLost,
    Flaw::NoticeRepeated,
    Flaw::UnknownIsFailure,
    Flaw::AcknowledgedEarly,
    Flaw::EffectLostInCrash,
    Flaw::EffectsTwice,
    Flaw::LeaseIgnored,
    Flaw::ViewsNotUpdated,
    Flaw::PendingNotCounted,
    Flaw::KeyIgnored,
    Flaw::DoubtIsDone,
    Flaw::DoubtIsConflict,
    Flaw::DoubtIsBusy,
    Flaw::QueryGivenUp,
    Flaw::FiguresSkipped,
];

impl Flaw {
    /// Its name on the command line and in reports: `new-number-on-retry`.
    #[must_use]
    pub fn name(self) -> String {
        let mut name = String::new();
        for letter in format!("{self:?}").chars() {
            if letter.is_uppercase() && !name.is_empty() {
                name.push('-');
            }
            name.extend(letter.to_lowercase());
        }
        name
    }

    /// The flaw of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        FLAWS.into_iter().find(|flaw| flaw.name() == name)
    }

    /// What it makes of a commit on its way to the database; `head` is the version of the stream.
    #[must_use]
    pub fn spoil(self, mut commit: Commit, head: u64) -> Commit {
        match self {
            Self::GuardLeftOut => commit.guards.clear(),
            Self::VersionCheckLeftOut => renumber(&mut commit, head),
            Self::EffectsTwice => ask_twice(&mut commit),
            Self::ViewsNotUpdated => {
                let minor = |record: &StoredRecord| {
                    record.kind == "message_posted" || record.kind == "marked"
                };
                if commit.records.iter().any(minor) {
                    commit.cases.clear();
                }
            }
            Self::NewNumberOnRetry
            | Self::OutcomeApart
            | Self::TimerTooEarly
            | Self::TimerLost
            | Self::NoticeRepeated
            | Self::UnknownIsFailure
            | Self::AcknowledgedEarly
            | Self::EffectLostInCrash
            | Self::LeaseIgnored
            | Self::PendingNotCounted
            | Self::KeyIgnored
            | Self::DoubtIsDone
            | Self::DoubtIsConflict
            | Self::DoubtIsBusy
            | Self::QueryGivenUp
            | Self::FiguresSkipped => {}
        }
        commit
    }
}

/// Gives the records the numbers that are free now.
fn renumber(commit: &mut Commit, head: u64) {
    let Some(shift) = head.checked_sub(commit.expected_version).filter(|shift| *shift > 0) else {
        return;
    };
    commit.expected_version = head;
    for record in &mut commit.records {
        record.version = record.version.saturating_add(shift);
        if let Ok(mut read) = serde_json::from_str::<Record>(&record.body) {
            read.version = record.version;
            record.body = serde_json::to_string(&read).unwrap_or_default();
        }
    }
    for (effect, nth) in commit.effects.iter_mut().zip(0_usize..) {
        let text = format!("{}.{head}.{nth}", commit.key.order_id);
        if let Ok(effect_id) = domain::id::EffectId::parse(&text) {
            effect.effect_id = effect_id;
        }
    }
}

fn ask_twice(commit: &mut Commit) {
    let again = commit.effects.iter().filter(|effect| effect.kind == "refund").cloned();
    let again: Vec<_> = again
        .filter_map(|mut effect| {
            effect.effect_id =
                domain::id::EffectId::parse(&format!("{}x", effect.effect_id)).ok()?;
            Some(effect)
        })
        .collect();
    commit.effects.extend(again);
}
