//! The weather: which faults come, how often, and what was seen of them. Drawn from the seed, each
//! kind from a chance of its own, so that a kind that is switched off changes no other.

use crate::chance::Chance;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// A kind of fault. Each can be switched off by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The process dies before a call of the database.
    CrashBefore,
    /// The process dies after the database has done it and before anybody hears of it.
    CrashAfter,
    /// The process dies while a request to the channel is on its way.
    CrashInFlight,
    /// The machine loses power in the middle of a commit: the log of the database is cut.
    PowerCut,
    /// The commit is not carried out, and nobody says so.
    DoubtNothing,
    /// The commit is carried out, and nobody says so.
    DoubtWritten,
    /// The database is busy.
    Busy,
    /// The database cannot be read for a moment.
    ReadFails,
    /// The disk is full or cannot be read.
    DiskFull,
    /// The request never left.
    NeverLeft,
    /// No answer, and nothing was done.
    SilenceBefore,
    /// No answer, although it was done.
    SilenceAfter,
    /// 429 and nothing was done.
    LimitedBefore,
    /// 429 although it was done.
    LimitedAfter,
    /// 5xx and nothing was done.
    ErrorBefore,
    /// 5xx although it was done.
    ErrorAfter,
    /// A page of a gateway between.
    Gateway,
    /// The answer is signed wrongly.
    WrongSignature,
    /// The answer is a signature probe.
    Probe,
    /// The answer is signed long ago.
    Stale,
    /// The answer comes so late that the lease has run out meanwhile.
    SlowAnswer,
    /// The merchant's balance is short.
    NotEnough,
    /// The payer's account is gone.
    PayerGone,
    /// The refund ends abnormal.
    EndsAbnormal,
    /// The refund is closed by the channel.
    EndsClosed,
    /// The refund is accepted and finds no money for a week.
    ShortLater,
    /// A notice never comes.
    NoticeLost,
    /// A notice comes late.
    NoticeLate,
    /// A notice comes again although it was taken.
    NoticeTwice,
    /// A notice is signed wrongly at first.
    NoticeForged,
    /// Hours or days pass at once.
    ClockForward,
    /// The clock of a process goes back a little, or runs ahead.
    ClockApart,
    /// A database that did not say whether it committed stays away for a while.
    StaysAway,
}

/// Every kind, with how often it strikes in a thousand chances when the weather is usual.
pub const KINDS: [(Kind, u32); 33] = [
    (Kind::CrashBefore, 5),
    (Kind::CrashAfter, 5),
    (Kind::CrashInFlight, 15),
    (Kind::PowerCut, 2),
    (Kind::DoubtNothing, 8),
    (Kind::DoubtWritten, 8),
    (Kind::Busy, 8),
    (Kind::ReadFails, 2),
    (Kind::DiskFull, 6),
    (Kind::NeverLeft, 20),
    (Kind::SilenceBefore, 30),
    (Kind::SilenceAfter, 60),
    (Kind::LimitedBefore, 20),
    (Kind::LimitedAfter, 20),
    (Kind::ErrorBefore, 20),
    (Kind::ErrorAfter, 30),
    (Kind::Gateway, 20),
    (Kind::WrongSignature, 20),
    (Kind::Probe, 15),
    (Kind::Stale, 15),
    (Kind::SlowAnswer, 20),
    (Kind::NotEnough, 40),
    (Kind::PayerGone, 20),
    (Kind::EndsAbnormal, 60),
    (Kind::EndsClosed, 40),
    (Kind::ShortLater, 20),
    (Kind::NoticeLost, 100),
    (Kind::NoticeLate, 150),
    (Kind::NoticeTwice, 200),
    (Kind::NoticeForged, 50),
    (Kind::ClockForward, 60),
    (Kind::ClockApart, 30),
    (Kind::StaysAway, 300),
];

impl Kind {
    /// Its name in stories and reports.
    #[must_use]
    pub fn name(self) -> String {
        format!("{self:?}")
    }

    /// The kind of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        KINDS.into_iter().map(|(kind, _)| kind).find(|kind| kind.name() == name)
    }
}

/// The weather of one run, shared by all that it strikes.
#[derive(Clone, Debug)]
pub struct Sky(Arc<Mutex<Weather>>);

#[derive(Debug)]
struct Weather {
    seed: u64,
    step: u64,
    rates: BTreeMap<Kind, u32>,
    off: BTreeSet<Kind>,
    calm: bool,
    drawn: BTreeMap<Kind, u64>,
    struck: BTreeMap<Kind, u64>,
    ways: Chance,
    /// Whether anything struck since the step began.
    troubled: bool,
    /// Exactly what strikes, where that was laid down beforehand.
    script: Option<BTreeSet<(Kind, u64)>>,
    story: Option<Vec<String>>,
}

impl Sky {
    /// The weather of a seed, with some kinds switched off.
    #[must_use]
    pub fn of(seed: u64, off: &BTreeSet<Kind>, tells: bool) -> Self {
        let mut climate = Chance::of(seed, "climate", 0);
        let wild = climate.weighed(&[(0, 1), (1, 5), (2, 2)], 1);
        let rates = KINDS.into_iter().map(|(kind, usual)| {
            let factor = climate.weighed(&[(0, 3), (1, 5), (3, 2)], 1) * wild;
            (kind, (usual * factor).min(400))
        });
        Self(Arc::new(Mutex::new(Weather {
            seed,
            step: 0,
            rates: rates.collect(),
            off: off.clone(),
            calm: false,
            drawn: BTreeMap::new(),
            struck: BTreeMap::new(),
            ways: Chance::of(seed, "ways", 0),
            troubled: false,
            script: None,
            story: tells.then(Vec::new),
        })))
    }

    /// Weather that is laid down: each of these kinds strikes at its so-manieth chance and nothing
    /// else does. Whoever comes gives one turn to the others.
    #[must_use]
    pub fn scripted(script: &[(Kind, u64)]) -> Self {
        let sky = Self::of(0, &BTreeSet::new(), false);
        sky.lay_down(script);
        sky
    }

    /// Lays down what strikes from now on, and nothing else does.
    pub fn lay_down(&self, script: &[(Kind, u64)]) {
        self.look().script = Some(script.iter().copied().collect());
    }

    fn look(&self) -> MutexGuard<'_, Weather> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A step begins: what it draws depends on the seed and its number alone.
    pub fn begin(&self, step: u64) {
        let mut weather = self.look();
        weather.step = step;
        weather.troubled = false;
        weather.drawn.clear();
        weather.ways = Chance::of(weather.seed, "ways", step);
    }

    /// From now on nothing strikes.
    pub fn calm_down(&self) {
        self.look().calm = true;
    }

    /// For a while nothing strikes: what the world itself does is no target.
    pub fn set_calm(&self, calm: bool) -> bool {
        std::mem::replace(&mut self.look().calm, calm)
    }

    /// Whether anything struck since the step began.
    #[must_use]
    pub fn is_troubled(&self) -> bool {
        self.look().troubled
    }

    /// Whether nothing strikes any more.
    #[must_use]
    pub fn is_calm(&self) -> bool {
        self.look().calm
    }

    /// Whether this kind strikes now.
    #[must_use]
    pub fn strikes(&self, kind: Kind) -> bool {
        let mut weather = self.look();
        let drawn = weather.drawn.entry(kind).or_default();
        *drawn += 1;
        let drawn = *drawn;
        let strikes = weather.would_strike(kind, drawn) && !weather.calm;
        if strikes {
            weather.troubled = true;
            *weather.struck.entry(kind).or_default() += 1;
            weather.tell(&format!("weather: {}", kind.name()));
        }
        strikes
    }

    /// The first of these kinds that strikes now.
    #[must_use]
    pub fn first(&self, kinds: &[Kind]) -> Option<Kind> {
        kinds.iter().copied().find(|kind| self.strikes(*kind))
    }

    /// How many turns whoever comes now gives to the others.
    #[must_use]
    pub fn turns(&self) -> u64 {
        let mut weather = self.look();
        if weather.script.is_some() { 1 } else { weather.ways.below(4) }
    }

    /// A number below `end`, for what strikes.
    #[must_use]
    pub fn below(&self, end: u64) -> u64 {
        self.look().ways.below(end)
    }

    /// Adds a line to the story, if it is told.
    pub fn tell(&self, line: impl FnOnce() -> String) {
        let mut weather = self.look();
        if weather.story.is_some() {
            weather.tell(&line());
        }
    }

    /// The story so far.
    #[must_use]
    pub fn story(&self) -> Vec<String> {
        self.look().story.clone().unwrap_or_default()
    }

    /// How often each kind struck.
    #[must_use]
    pub fn struck(&self) -> BTreeMap<Kind, u64> {
        self.look().struck.clone()
    }
}

impl Weather {
    fn would_strike(&self, kind: Kind, drawn: u64) -> bool {
        if let Some(script) = &self.script {
            return script.contains(&(kind, drawn));
        }
        let rate = self.rates.get(&kind).copied().unwrap_or(0);
        if rate == 0 || self.off.contains(&kind) {
            return false;
        }
        let mut chance = Chance::of(self.seed, &kind.name(), (drawn << 32) ^ self.step);
        chance.permille(rate)
    }

    fn tell(&mut self, line: &str) {
        let step = self.step;
        if let Some(story) = &mut self.story {
            story.push(format!("{step:>5}  {line}"));
        }
    }
}
