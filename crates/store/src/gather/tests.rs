//! Tests: a backend that counts how it is asked.

use super::{Answers, Many, Questions, Reads, Since};
use crate::judge::Account;
use async_trait::async_trait;
use domain::{
    id::{BuyerId, ShopId},
    moment::Moment,
};
use engine::{ports::StoreFault, rows::StandingRow};
use futures_util::future::join_all;
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

/// Answers with the length of the buyer's id, slowly; cannot read "broken", and fails when told.
#[derive(Default)]
struct Counts {
    askings: Arc<Mutex<Vec<usize>>>,
    busy: bool,
}

#[async_trait]
impl Many for Counts {
    const PATIENCE: Duration = Duration::from_millis(15);

    async fn answers(&self, asked: &Questions) -> Result<Answers, StoreFault> {
        let (standings, documents) = (asked.standings.len(), asked.documents.len());
        self.askings.lock().unwrap().push(standings + documents);
        let stuck = asked.standings.iter().any(|(account, _)| account.buyer_id.as_str() == "stuck");
        tokio::time::sleep(Duration::from_millis(if stuck { 10_000 } else { 10 })).await;
        if self.busy {
            return Err(StoreFault::Busy("later".into()));
        }
        let one = |(account, _): &Since| {
            let id = account.buyer_id.as_str();
            let refunded_minor = i64::try_from(id.len()).unwrap();
            let broken = || StoreFault::Broken("unreadable".into());
            (id != "broken").then_some(StandingRow { refunded_minor, cases: 0 }).ok_or_else(broken)
        };
        Ok(Answers {
            standings: asked.standings.iter().map(one).collect::<Result<_, _>>()?,
            documents: vec![None; documents],
            ..Answers::default()
        })
    }
}

fn question(buyer: &str) -> Since {
    let (shop_id, buyer_id) = (ShopId::parse("s").unwrap(), BuyerId::parse(buyer).unwrap());
    (Account { shop_id, buyer_id, year: 2026 }, Moment::from_ms(0))
}

#[tokio::test(start_paused = true)]
async fn what_comes_while_others_are_answered_is_asked_together_and_each_gets_its_own() {
    let counts = Counts::default();
    let askings = Arc::clone(&counts.askings);
    let reads = Reads::new(counts, true);
    let buyers: Vec<String> = (1..=100).map(|n| "b".repeat(n)).collect();

    let answers = join_all(buyers.iter().map(|buyer| reads.standing(question(buyer)))).await;

    for (buyer, answer) in buyers.iter().zip(answers) {
        assert_eq!(answer.unwrap().refunded_minor, i64::try_from(buyer.len()).unwrap());
    }
    let askings = askings.lock().unwrap();
    assert_eq!(askings.iter().sum::<usize>(), 100);
    assert!(askings.len() <= 4, "{askings:?}");
}

#[tokio::test(start_paused = true)]
async fn questions_of_different_kinds_are_asked_together() {
    let counts = Counts::default();
    let askings = Arc::clone(&counts.askings);
    let reads = Reads::new(counts, true);
    let name = || (ShopId::parse("s").unwrap(), "person".to_owned(), "li".to_owned());

    let standings = join_all((0..20).map(|_| reads.standing(question("bbb"))));
    let documents = join_all((0..20).map(|_| reads.document(name())));
    let (standings, documents) = futures_util::future::join(standings, documents).await;

    assert!(standings.iter().all(|answer| answer.as_ref().unwrap().refunded_minor == 3));
    assert!(documents.iter().all(|answer| answer.as_ref().unwrap().is_none()));
    assert!(askings.lock().unwrap().len() <= 4);
}

#[tokio::test(start_paused = true)]
async fn one_that_cannot_be_read_is_its_own_trouble() {
    let reads = Reads::new(Counts::default(), true);
    let buyers = ["a", "bb", "broken", "cccc"];

    let answers = join_all(buyers.map(|buyer| reads.standing(question(buyer)))).await;

    let [a, b, broken, c] = answers.try_into().unwrap();
    assert_eq!([a, b, c].map(|answer| answer.unwrap().refunded_minor), [1, 2, 4]);
    assert!(matches!(broken, Err(StoreFault::Broken(_))));
}

#[tokio::test(start_paused = true)]
async fn a_busy_database_is_busy_for_all_and_not_asked_for_each() {
    let counts = Counts { busy: true, ..Counts::default() };
    let askings = Arc::clone(&counts.askings);
    let reads = Reads::new(counts, true);

    let answers = join_all((0..50).map(|_| reads.standing(question("b")))).await;

    assert!(answers.iter().all(|answer| matches!(answer, Err(StoreFault::Busy(_)))));
    assert!(askings.lock().unwrap().len() <= 4);
}

#[tokio::test(start_paused = true)]
async fn one_that_takes_too_long_holds_up_nobody_behind_it() {
    let reads = Reads::new(Counts::default(), true);
    let stuck = reads.standing(question("stuck"));
    let late = tokio::time::timeout(Duration::from_millis(1), stuck).await;
    assert!(late.is_err());

    let soon = tokio::time::timeout(Duration::from_millis(50), reads.standing(question("bb")));

    assert_eq!(soon.await.unwrap().unwrap().refunded_minor, 2);
}

#[tokio::test(start_paused = true)]
async fn whoever_goes_away_holds_up_nobody() {
    let reads = Reads::new(Counts::default(), true);
    let hasty = reads.standing(question("b"));
    let late = tokio::time::timeout(Duration::from_millis(1), hasty).await;
    assert!(late.is_err());

    assert_eq!(reads.standing(question("bb")).await.unwrap().refunded_minor, 2);
}
