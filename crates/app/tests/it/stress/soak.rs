//! A long day: people work and look at pages, story after story at a steady rate. For the first
//! third the process is killed and stopped by turns; then it is left alone, and its memory, its
//! handles and its answers must stay as they are. In the end the books are balanced.
//! `cargo xtask soak` lasts an hour; among the tests it is a moment.

mod curve;
mod health;
mod views;

use super::{
    child::{Child, free_port},
    crew::{Crew, Reckoned},
    dice::Dice,
    setting,
};
use crate::world::Database;
use app::world::Stopwatch;
use curve::{Line, Times, judge, table};
use health::Health;
use std::{fmt::Write, fs, path::PathBuf, sync::Arc, time::Duration};
use tokio::{
    sync::Semaphore,
    task::JoinSet,
    time::{MissedTickBehavior, interval},
};
use views::Views;

/// Stories begun in a second.
const STORIES_A_SECOND: u32 = 15;
/// Stories under way at once; more wait for their turn.
const UNDER_WAY_MAX: usize = 256;
/// The process is ended so often in the first part of the day.
const LIVES: u32 = 60;
/// So many parts has the day; the process is ended in the first alone.
const PARTS: u32 = 3;
/// A life lasts at least so long.
const LIFE_MIN: Duration = Duration::from_millis(700);
/// The curve has so many lines, of a second at least.
const LINES: u32 = 60;
/// How often the process is looked at.
const GLANCE: Duration = Duration::from_millis(250);
/// Orders shown at the beginning of the long life, so that what is kept in memory up to a limit
/// is at its limit.
const ORDERS_SHOWN: u64 = 20_000;

/// A day of so long.
struct Day {
    crew: Arc<Crew>,
    views: Arc<Views>,
    port: u16,
    span: Duration,
    begun: Stopwatch,
}

/// The process and what is known of the present stretch of time.
struct Life {
    child: Child,
    /// Since when it answers.
    since: Stopwatch,
    ends: [u32; 2],
    ends_in_all: u32,
    seen: Vec<Health>,
}

impl Day {
    async fn new(span: Duration) -> Self {
        let port = free_port();
        let crew = Crew::new(Database::Sqlite, port).await;
        let views = Arc::new(Views::new(&crew.ground, port).await);
        Self { crew, views, port, span, begun: Stopwatch::start() }
    }

    /// Begins stories at a steady rate until the crew is told to stop.
    async fn people(crew: Arc<Crew>, views: Arc<Views>) {
        let (mut at_work, turns) = (JoinSet::new(), Arc::new(Semaphore::new(UNDER_WAY_MAX)));
        let mut beat = interval(Duration::from_secs(1) / STORIES_A_SECOND);
        beat.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let mut seed = 0;
        while !crew.are_told_to_stop() {
            beat.tick().await;
            let turn = Arc::clone(&turns).acquire_owned().await.unwrap();
            let (crew, views) = (Arc::clone(&crew), Arc::clone(&views));
            seed += 1;
            at_work.spawn(async move {
                let told = crew.story(&mut Dice::new(seed)).await;
                views.look(&told).await;
                drop(turn);
            });
            while let Some(done) = at_work.try_join_next() {
                done.unwrap();
            }
        }
        while let Some(done) = at_work.join_next().await {
            done.unwrap();
        }
    }

    /// The day itself; answers with the curve and the process that lives at its end.
    async fn pass(&self) -> (Vec<Line>, Child) {
        let mut child = Child::start(&self.crew.ground, self.port);
        child.ready().await;
        let since = Stopwatch::start();
        let mut life = Life { child, since, ends: [0; 2], ends_in_all: 0, seen: Vec::new() };
        let (life_max, stretch) =
            ((self.span / PARTS / LIVES).max(LIFE_MIN), (self.span / LINES).max(GLANCE * 4));
        let (mut lines, mut showing) = (Vec::new(), None);
        let mut next = stretch;
        while self.begun.elapsed() < self.span {
            tokio::time::sleep(GLANCE).await;
            life.seen.extend(Health::of(life.child.id()));
            if self.begun.elapsed() < self.span / PARTS {
                if life.since.elapsed() >= life_max {
                    life.end(self).await;
                }
            } else if showing.is_none() {
                showing = Some(tokio::spawn(show(Arc::clone(&self.views), self.crew.begun())));
            }
            if self.begun.elapsed() >= next {
                next = self.begun.elapsed() + stretch;
                lines.push(self.line(&mut life, stretch));
                println!("{}", table(&lines).lines().last().unwrap_or_default());
            }
        }
        if let Some(showing) = showing {
            showing.await.unwrap();
        }
        (lines, life.child)
    }

    fn line(&self, life: &mut Life, stretch: Duration) -> Line {
        let is_one_life =
            life.since.elapsed() >= stretch && self.begun.elapsed() > self.span / PARTS;
        Line {
            at: self.begun.elapsed(),
            ends: std::mem::take(&mut life.ends),
            is_one_life,
            commands: Times::of(std::mem::take(&mut *self.crew.times.lock().unwrap())),
            views: Times::of(std::mem::take(&mut *self.views.times.lock().unwrap())),
            health: median(std::mem::take(&mut life.seen)),
            disk_mb: self.disk_mb(),
        }
    }

    fn disk_mb(&self) -> f64 {
        let names =
            ["wanbi.db", "wanbi.db-wal"].map(|name| self.crew.ground.folder.path().join(name));
        let bytes: u64 =
            names.iter().filter_map(|name| fs::metadata(name).ok()).map(|m| m.len()).sum();
        bytes as f64 / 1_048_576.0
    }
}

impl Life {
    /// Ends the process by turns as a power cut and as an operator would, and begins another.
    async fn end(&mut self, day: &Day) {
        let told = usize::try_from(self.ends_in_all % 2).unwrap();
        if told == 0 {
            self.child.kill();
        } else {
            self.child.terminate();
            let (status, _) = self.child.ended().await;
            assert!(status.success(), "{status}");
        }
        self.ends[told] += 1;
        self.ends_in_all += 1;
        self.child = Child::start(&day.crew.ground, day.port);
        self.child.ready().await;
        self.since = Stopwatch::start();
    }
}

/// Shows the last orders to the process, a few at a time.
async fn show(views: Arc<Views>, begun: u64) {
    let mut showing = JoinSet::new();
    for lane in 0..4 {
        let views = Arc::clone(&views);
        showing.spawn(async move {
            for no in (begun.saturating_sub(ORDERS_SHOWN)..begun).filter(|no| no % 4 == lane) {
                views.order(&format!("38{no:06}")).await;
            }
        });
    }
    while let Some(done) = showing.join_next().await {
        done.unwrap();
    }
}

fn median(seen: Vec<Health>) -> Health {
    let of = |value: fn(&Health) -> f64| {
        let mut values: Vec<f64> = seen.iter().map(value).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or_default()
    };
    Health {
        private_mb: of(|health| health.private_mb),
        resident_mb: of(|health| health.resident_mb),
        handles: of(|health| health.handles),
    }
}

/// A day from its beginning to the balance of its books.
async fn soak(span: Duration) -> (Vec<Line>, String) {
    let day = Day::new(span).await;
    let people = tokio::spawn(Day::people(Arc::clone(&day.crew), Arc::clone(&day.views)));
    let (lines, child) = day.pass().await;
    day.crew.stop();
    people.await.unwrap();
    let reckoned = day.crew.reckon(child, day.port).await;
    let text = report(&day, &lines, &reckoned);
    (lines, text)
}

fn report(day: &Day, lines: &[Line], reckoned: &Reckoned) -> String {
    let ends = lines
        .iter()
        .fold([0; 2], |[kills, stops], line| [kills + line.ends[0], stops + line.ends[1]]);
    let mut text = format!(
        "{:.1} minutes, {} stories begun a second at a steady rate; {} SIGKILL and {} SIGTERM in \
         the first third, then one life.\n\n\
         {} commands acknowledged, none missing in the log; {} requests of theirs and {} for pages \
         unanswered while the process was away, {} answered \"busy\"; {} records, {} cases, {} \
         refunds, the channel's books and ours equal; every view row is what the log says.\n\n",
        day.span.as_secs_f64() / 60.0,
        STORIES_A_SECOND,
        ends[0],
        ends[1],
        reckoned.lines.promises.len(),
        reckoned.lines.unanswered,
        day.views.unanswered.lock().unwrap(),
        reckoned.lines.busy,
        reckoned.book.len(),
        reckoned.book.cases().count(),
        reckoned.book.refunds().count(),
    );
    if let Some(judged) = judge(lines) {
        text.push_str(
            "| in the long life | rises by | may rise by | in an hour |\n|---|--:|--:|--:|\n",
        );
        let all = [
            ("memory of its own, MB", judged.memory_mb),
            ("handles", judged.handles),
            ("median of a command, ms", judged.median_ms),
        ];
        for (name, growth) in all {
            let curve::Growth { by, limit, an_hour } = growth;
            writeln!(text, "| {name} | {by:.1} | {limit:.1} | {an_hour:.1} |").unwrap();
        }
        writeln!(text, "\nJudged: the last {} lines.\n", judged.lines).unwrap();
    }
    text.push_str(&table(lines));
    text
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes as long as it is told to: run `cargo xtask soak`"]
async fn soak_for_long() {
    let seconds = setting("WANBI_TEST_SOAK_SECONDS").unwrap_or(3_600);
    let (lines, text) = soak(Duration::from_secs(seconds)).await;

    println!("\n{text}");
    if let Some(file) = setting::<PathBuf>("WANBI_TEST_SOAK_OUT") {
        fs::write(file, text).unwrap();
    }
    let judged = judge(&lines).expect("the day is too short to be judged");
    assert!(judged.memory_mb.is_flat(), "memory grows: {:?}", judged.memory_mb);
    assert!(judged.handles.is_flat(), "handles are left open: {:?}", judged.handles);
}

/// Too short for memory to be judged; that nothing is lost in it is judged all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_moment_of_a_long_day_loses_nothing() {
    let (lines, text) = soak(Duration::from_secs(6)).await;

    println!("{text}");
    let (restarts, answered) = lines.iter().fold((0, 0), |(restarts, answered), line| {
        (restarts + line.ends[0] + line.ends[1], answered + line.commands.count)
    });
    assert!(restarts > 0 && answered > 0, "{restarts} restarts, {answered} commands");
    assert!(lines.iter().all(|line| line.health.handles > 0.0), "{lines:?}");
}
