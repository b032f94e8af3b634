//! SQLite only: figures and words are in a file of their own, beside the log.

use super::{
    fixture::{search, shop},
    follow::{LIFE, follow, order, stored, story, tell},
    ground::{Ground, beside, open},
};
use sqlx::{Connection, SqliteConnection};
use std::{fs, sync::Arc, time::Duration};

pub async fn a_command_does_not_wait_for_the_follower(ground: Arc<Ground>) {
    tell(ground.store.as_ref(), &order("shop", 1), &stored(&story(1, LIFE)), 0).await;
    let mut follower = SqliteConnection::connect(&beside(&ground.url)).await.unwrap();
    let at_work = follower.begin_with("begin immediate").await.unwrap();

    let (key, second) = (order("shop", 2), stored(&story(2, LIFE)));
    let told = tell(ground.store.as_ref(), &key, &second, 0);
    tokio::time::timeout(Duration::from_secs(1), told).await.expect("it does not wait");

    at_work.rollback().await.unwrap();
    assert!(follow(&ground.store).await > 0);
}

pub async fn a_lost_file_of_figures_is_made_anew(ground: Arc<Ground>) {
    let store = &ground.store;
    tell(store.as_ref(), &order("shop", 1), &stored(&story(1, LIFE)), 0).await;
    let records = follow(store).await;
    let gone = ground.another().await;
    let path = beside(&ground.url);
    for end in ["", "-wal", "-shm"] {
        fs::remove_file(format!("{path}{end}")).unwrap();
    }

    let again = open(&ground.url).await;

    assert_eq!(follow(&again).await, records);
    assert_eq!(search(again.as_ref(), &shop(), "陶瓷", 9).await.len(), 1);
    drop(gone);
}

/// A copy of the log is put back: what came after it has not happened, also in the figures.
pub async fn figures_of_another_log_are_forgotten(ground: Arc<Ground>) {
    let store = &ground.store;
    tell(store.as_ref(), &order("shop", 1), &stored(&story(1, LIFE)), 0).await;
    let records = follow(store).await;
    let copy = ground.url.replace(".db", "-copy.db");
    let path = |url: &str| url.trim_start_matches("sqlite://").to_owned();
    let mut copying = SqliteConnection::connect(&ground.url).await.unwrap();
    sqlx::query("vacuum into ?1").bind(path(&copy)).execute(&mut copying).await.unwrap();
    tell(store.as_ref(), &order("shop", 2), &stored(&story(2, LIFE)), 0).await;
    follow(store).await;
    assert_eq!(search(store.as_ref(), &shop(), "陶瓷", 9).await.len(), 2);
    let mut copying = SqliteConnection::connect(&beside(&ground.url)).await.unwrap();
    sqlx::query("vacuum into ?1").bind(beside(&copy)).execute(&mut copying).await.unwrap();

    let back = open(&copy).await;

    assert_eq!(search(back.as_ref(), &shop(), "陶瓷", 9).await, []);
    assert_eq!(follow(&back).await, records);
    assert_eq!(search(back.as_ref(), &shop(), "陶瓷", 9).await.len(), 1);
    // Opened once more, it is the right one.
    assert_eq!(follow(&open(&copy).await).await, 0);
}
