//! The whole of one run: two processes over one database, the bank, the town, the weather, and
//! everybody who was given an answer.

use crate::{
    bank::Posted,
    chance::Chance,
    clock::TrueTime,
    flaw::Flaw,
    home::{self, Home, Sharing},
    lease::Leases,
    mirror::{Mirror, Violation},
    process::{Ground, Process, keys},
    server::Server,
    sky::Sky,
    town::{self, Stall},
    wire::{SharedBank, at_bank},
    words::told,
};
use domain::{
    id::{CommandId, ShopId},
    moment::{Moment, Span},
};
use engine::{
    desk::{Answer, Envelope, Trouble},
    follow::follow_once,
    ports::StoreFault,
    pump::pump_once,
    timers::expire_once,
};
use futures_util::future::join_all;
use providers::{
    channel::{Place, Untaken, take_notice},
    http::HeaderMap,
};
use std::sync::{Arc, Mutex};

/// What is run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The seed.
    pub seed: u64,
    /// How many steps.
    pub steps: u64,
    /// The law that is broken on purpose, if any.
    pub flaw: Option<Flaw>,
    /// Kinds of faults that are switched off.
    pub off: std::collections::BTreeSet<crate::sky::Kind>,
    /// Steps that are left out.
    pub skipped: std::collections::BTreeSet<u64>,
    /// Whether the story is told.
    pub tells: bool,
    /// The server of PostgreSQL to use instead of SQLite.
    pub postgres: Option<Server>,
}

/// What a process is given to do.
pub enum Task {
    /// A command of somebody.
    Command(Box<Envelope>),
    /// So many effects of the outbox.
    Pump(u32),
    /// So many deadlines.
    Timers(u32),
    /// A notice of the bank.
    Notice(Box<(Posted, HeaderMap)>, CommandId),
    /// Figures and words.
    Follow,
}

/// What came of it.
pub enum Done {
    /// An answer to a command, with the command.
    Answered(Box<Heard>),
    /// A notice was taken or not.
    Noticed(Box<(Posted, HeaderMap)>, Result<(), Untaken>),
    /// So many were done.
    Worked(Result<usize, StoreFault>),
}

/// An answer to a command.
pub struct Heard {
    /// The command.
    pub envelope: Envelope,
    /// What was said.
    pub answer: Result<Answer, Trouble>,
    /// The version that its order had on record when it was said.
    pub on_record: u64,
}

/// One run.
pub struct World {
    /// What is run.
    pub plan: Plan,
    /// What the processes share.
    pub ground: Ground,
    /// The processes.
    pub processes: Vec<Process>,
    /// The shops.
    pub stalls: Vec<Stall>,
    /// The log, followed.
    pub mirror: Mirror,
    /// Commands that were answered, and how often something was refused.
    pub tally: Tally,
    /// Requests that were answered, with the version they left, and may be asked again.
    pub asked: Vec<(Envelope, u64)>,
    /// How many orders there are.
    pub orders: u64,
    /// Versions of the shops' settings.
    pub settings: u64,
}

/// What is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Commands given.
    pub commands: u64,
    /// Commands acknowledged.
    pub acknowledged: u64,
    /// Commands refused by a rule.
    pub refused: u64,
    /// Commands whose caller heard nothing, or that nobody knows.
    pub unknown: u64,
    /// Requests asked again.
    pub repeated: u64,
    /// Processes that were struck down.
    pub crashes: u64,
}

impl World {
    /// Sets the stage.
    ///
    /// # Errors
    /// [`Violation`] if the simulation itself does not work.
    pub fn begin(plan: Plan) -> Result<Self, Violation> {
        let mut chance = Chance::of(plan.seed, "town", 0);
        let broken = |why: &str| Violation::of("the simulation itself works", why);
        let begin = if chance.one_in(3) { "2026-12-20T02:00:00Z" } else { "2026-03-02T02:00:00Z" };
        let time = TrueTime::from(Moment::parse(begin).ok_or_else(|| broken("time"))?);
        let sky = Sky::of(plan.seed, &plan.off, plan.tells);
        let sharing = if chance.one_in(3) { Sharing::Apart } else { Sharing::Together };
        let home = match &plan.postgres {
            Some(server) => Home::postgres(server, sharing)?,
            None => Home::sqlite(sharing)?,
        };
        let keys = keys().ok_or_else(|| broken("keys"))?;
        let bank: SharedBank = Arc::new(Mutex::new(crate::bank::Bank::open(&sky, keys)));
        let stalls = town::stalls(&mut chance);
        let ground = Ground {
            home: Arc::new(home),
            sky,
            time,
            bank,
            keys,
            leases: Leases::default(),
            flaw: plan.flaw,
            batched: chance.one_in(2),
        };
        let documents: Vec<_> =
            stalls.iter().flat_map(|stall| stall.documents(ground.time.now())).collect();
        let store = ground.home.store();
        home::now(async move { store.put_documents(&documents).await })?;
        let mut world = Self {
            plan,
            ground,
            processes: Vec::new(),
            stalls,
            mirror: Mirror::default(),
            tally: Tally::default(),
            asked: Vec::new(),
            orders: 0,
            settings: 1,
        };
        for nth in 0..2 {
            let started = Process::start(&world.ground, nth, &world.shops());
            world.processes.push(started.ok_or_else(|| broken("a process"))?);
        }
        Ok(world)
    }

    fn shops(&self) -> Vec<ShopId> {
        self.stalls.iter().map(|stall| stall.shop_id.clone()).collect()
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.ground.time.now()
    }

    /// Has several things done at once, each by one of the processes.
    ///
    /// # Errors
    /// [`Violation`] if what came of it, or what it left in the log, breaks a law.
    pub async fn have_done(&mut self, tasks: Vec<(usize, Task)>) -> Result<(), Violation> {
        let commands: Vec<CommandId> = tasks.iter().filter_map(|(_, task)| id_of(task)).collect();
        let at_work = tasks.into_iter().filter_map(|(nth, task)| {
            let process = self.processes.get(nth)?;
            Some(process.life.live(process.carry_out(task, &self.ground.home)))
        });
        let done: Vec<Option<Done>> = join_all(at_work).await;
        self.tally.commands += u64::try_from(commands.len()).unwrap_or(0);
        self.restart()?;
        let store = self.ground.home.store();
        self.mirror.follow(&store, &self.stalls, self.now())?;
        for done in done {
            match done {
                Some(Done::Answered(heard)) => self.hear(*heard)?,
                Some(Done::Noticed(notice, taken)) => {
                    let now = self.now();
                    at_bank(&self.ground.bank).notice_tried(notice.0, taken.is_ok(), now);
                }
                Some(Done::Worked(_)) => {}
                None => self.tally.unknown += 1,
            }
        }
        Ok(())
    }

    /// Starts anew what was struck down.
    fn restart(&mut self) -> Result<(), Violation> {
        let shops = self.shops();
        let mut crashed = false;
        for nth in 0..self.processes.len() {
            if self.processes.get(nth).is_some_and(|process| process.life.is_over()) {
                crashed = true;
                self.tally.crashes += 1;
                self.ground.sky.tell(|| format!("process {nth} starts anew"));
                let started = Process::start(&self.ground, nth, &shops);
                let started = started
                    .ok_or_else(|| Violation::of("the simulation itself works", "a process"))?;
                if let Some(place) = self.processes.get_mut(nth) {
                    *place = started;
                }
            }
        }
        if crashed {
            self.mirror.read_again(&self.ground.home.store())?;
        }
        Ok(())
    }

    /// Somebody was given an answer: what it says is in the log, and what it denies is not.
    fn hear(&mut self, heard: Heard) -> Result<(), Violation> {
        let Heard { envelope, answer, .. } = &heard;
        let command = envelope.command_id;
        self.ground.sky.tell(|| format!("answer {}", told(&envelope.key, answer)));
        let written = self.mirror.commands.get(&command).map_or(0, |(_, count)| *count);
        self.keys_are_kept(&heard)?;
        match answer {
            Ok(answer) => {
                self.tally.acknowledged += 1;
                self.hold(envelope, answer, written)?;
                if answer.events > 0 {
                    let version = answer.order.version;
                    self.asked.push((heard.envelope, version));
                }
            }
            Err(Trouble::Store(StoreFault::Unknown(_))) => self.tally.unknown += 1,
            Err(trouble) => {
                self.tally.refused += 1;
                if written > 0 {
                    let what = format!("{:?} {command}: {trouble}", envelope.key);
                    return Err(Violation::of("what was refused has not happened", what));
                }
            }
        }
        Ok(())
    }

    /// The same key with the same request gets the first answer, with another request none. Of two
    /// that are asked at the same time one may be refused before the other is on record.
    fn keys_are_kept(&self, heard: &Heard) -> Result<(), Violation> {
        let Heard { envelope, answer, on_record } = heard;
        let Some(receipt) = &envelope.receipt else { return Ok(()) };
        let first = self.asked.iter().find(|(first, _)| {
            let known = first.receipt.as_ref();
            first.key == envelope.key && known.is_some_and(|known| known.key == receipt.key)
        });
        let Some((first, version)) = first else { return Ok(()) };
        let same = first.receipt.as_ref() == Some(receipt);
        let kept = match answer {
            Err(Trouble::Store(_)) => true,
            Ok(answer) => same && answer.repeated && answer.order.version == *version,
            Err(_) if on_record < version => true,
            Err(trouble) => !same && matches!(trouble, Trouble::KeyReused),
        };
        if kept {
            return Ok(());
        }
        let what = format!("{:?} {}", envelope.key, told(&envelope.key, answer));
        Err(Violation::of("the same key gets the first answer", what))
    }

    fn hold(&self, envelope: &Envelope, answer: &Answer, written: usize) -> Result<(), Violation> {
        let key = &envelope.key;
        if !answer.repeated && written != answer.events {
            let what = format!(
                "{key:?} {}: {} events, {written} on record",
                envelope.command_id, answer.events
            );
            return Err(Violation::of("what was acknowledged is on record", what));
        }
        let Some(order) = self.mirror.order(key) else {
            let what = format!("{key:?} is not there");
            return Err(Violation::of("what was acknowledged is on record", what));
        };
        // Whoever does not count what is pending cannot show it either; that is not what is to be
        // caught there.
        let shows = self.plan.flaw != Some(Flaw::PendingNotCounted);
        if shows && order.version == answer.order.version && *order != *answer.order {
            let what = format!("{key:?} at version {}", order.version);
            return Err(Violation::of("an answer shows what is on record", what));
        }
        if order.version < answer.order.version {
            let what = format!("{key:?}: {} of {}", order.version, answer.order.version);
            return Err(Violation::of("what was acknowledged is on record", what));
        }
        Ok(())
    }

    /// Time passes, and the bank does what is due.
    pub fn pass(&self, span: Span) {
        self.ground.time.pass(span.ms());
        at_bank(&self.ground.bank).settle(self.now());
    }
}

impl Process {
    async fn carry_out(&self, task: Task, home: &Home) -> Done {
        match task {
            Task::Command(envelope) => {
                let mut given = (*envelope).clone();
                if self.has(Flaw::KeyIgnored) {
                    given.receipt = None;
                }
                let mut answer = self.desk.handle(given).await;
                if self.has(Flaw::DoubtIsBusy)
                    && let Err(Trouble::Store(StoreFault::Unknown(why))) = answer
                {
                    answer = Err(Trouble::Store(StoreFault::Busy(why)));
                }
                // Between the last look of the desk and this one nobody else comes.
                let (store, key) = (home.store(), envelope.key.clone());
                let on_record = home::now(async move { store.version(&key).await });
                let on_record = on_record.unwrap_or(u64::MAX);
                Done::Answered(Box::new(Heard { envelope: *envelope, answer, on_record }))
            }
            Task::Pump(limit) => Done::Worked(pump_once(&self.desk, self.channel(), limit).await),
            Task::Timers(limit) => {
                if self.has(Flaw::TimerTooEarly) {
                    self.clock.set_apart(Span::hours(2).ms());
                }
                let done = expire_once(&self.desk, limit).await;
                if self.has(Flaw::TimerTooEarly) {
                    self.clock.set_apart(0);
                }
                Done::Worked(done)
            }
            Task::Notice(notice, command_id) => {
                let (posted, headers) = (&notice.0, &notice.1);
                let place = Place { shop_id: &posted.place.0, case_id: &posted.place.1 };
                let bytes = (headers, posted.body.as_slice());
                let mut taken =
                    take_notice(&self.desk, &self.accounts, place, bytes, command_id).await;
                if self.has(Flaw::NoticeRepeated) && taken.is_ok() {
                    taken = crate::process::write_anyway(self, &notice.0, headers).await;
                }
                Done::Noticed(notice, taken)
            }
            Task::Follow => {
                let followed = follow_once(self.desk.store(), self.desk.rulebook()).await;
                Done::Worked(followed.map(|followed| followed.records))
            }
        }
    }
}

fn id_of(task: &Task) -> Option<CommandId> {
    if let Task::Command(envelope) = task { Some(envelope.command_id) } else { None }
}
