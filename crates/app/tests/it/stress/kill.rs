//! The process is killed at any moment, again and again, while people work: what was answered is
//! there, what was not is asked again, and money goes back once.

use super::{
    child::{Child, free_port},
    crew::Crew,
    dice::Dice,
    setting,
};
use crate::world::Database;
use std::{sync::Arc, time::Duration};
use tokio::task::JoinSet;

/// How many work at once.
const CALLERS: u64 = 8;
/// A life is so long, in milliseconds, counted from the first answer.
const LIFE_MS: (i64, i64) = (100, 300);

/// Kills the process so many times; answers with how long each start took.
async fn lives(crew: &Crew, port: u16, kills: usize) -> (Child, Vec<Duration>) {
    let mut dice = Dice::new(9);
    let mut child = Child::start(&crew.ground, port);
    let mut starts = vec![child.ready().await];
    for _ in 0..kills {
        let life = u64::try_from(dice.between(LIFE_MS.0, LIFE_MS.1)).unwrap();
        tokio::time::sleep(Duration::from_millis(life)).await;
        child.kill();
        child = Child::start(&crew.ground, port);
        starts.push(child.ready().await);
    }
    starts.sort_unstable();
    (child, starts)
}

async fn what_was_answered_outlives_the_process(database: Database, kills: usize) {
    let port = free_port();
    let crew = Crew::new(database, port).await;
    let mut working = JoinSet::new();
    for n in 0..CALLERS {
        let crew = Arc::clone(&crew);
        working.spawn(async move { crew.work(n).await });
    }

    let (child, starts) = lives(&crew, port, kills).await;
    crew.stop();
    while let Some(done) = working.join_next().await {
        done.unwrap();
    }

    let reckoned = crew.reckon(child, port).await;
    println!(
        "{database:?}: {kills} kills, {} commands acknowledged, {} requests unanswered, {} busy, \
         {} records, {} cases ({} closed before time was moved), {} refunds; start: median {:?}, \
         longest {:?}",
        reckoned.lines.promises.len(),
        reckoned.lines.unanswered,
        reckoned.lines.busy,
        reckoned.book.len(),
        reckoned.book.cases().count(),
        reckoned.closed_by_themselves,
        reckoned.book.refunds().count(),
        starts[starts.len() / 2],
        starts[starts.len() - 1],
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_outlives_the_process_on_sqlite() {
    let kills = setting("WANBI_TEST_KILLS").unwrap_or(60);
    what_was_answered_outlives_the_process(Database::Sqlite, kills).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_outlives_the_process_on_postgres() {
    let kills = setting("WANBI_TEST_KILLS").unwrap_or(40);
    what_was_answered_outlives_the_process(Database::Postgres, kills).await;
}
