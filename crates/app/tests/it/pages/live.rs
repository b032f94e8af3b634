//! Pages that stay open: what they are told, and who looks at a case.

use super::visitor::Visitor;
use crate::world::{Database, World};
use app::access::people::Office;
use axum::http::header;
use reqwest::{Response, StatusCode};
use serde_json::json;
use std::time::Duration;

/// How long something may take to be told.
const PATIENCE: Duration = Duration::from_secs(10);

/// A page that listens.
struct Listener {
    answer: Response,
    heard: String,
}

impl Listener {
    async fn open(visitor: &Visitor, path: &str) -> Self {
        let asked = visitor.http.get(format!("{}{path}", visitor.base));
        let answer = asked.header(header::COOKIE, &visitor.cookie).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/event-stream");
        assert!(!answer.headers().contains_key(header::CONTENT_ENCODING));
        Self { answer, heard: String::new() }
    }

    /// Waits until something with these words is told, and forgets what came before it.
    async fn hears(&mut self, part: &str) {
        let told = tokio::time::timeout(PATIENCE, async {
            while !self.heard.contains(part) {
                let chunk = self.answer.chunk().await.unwrap().expect("the stream goes on");
                self.heard.push_str(std::str::from_utf8(&chunk).unwrap());
            }
        });
        assert!(told.await.is_ok(), "{part:?} is not told: {}", self.heard);
        self.heard = self.heard.split_once(part).unwrap().1.to_owned();
    }
}

async fn one_case(database: Database) -> (World, String) {
    let world = World::new(database).await;
    let case_id = crate::money::case_of(&world, "oB1", "3900001", 5_900).await;
    (world, case_id)
}

async fn told_at_once(database: Database) {
    let (world, case_id) = one_case(database).await;
    let li = Visitor::person(&world, "li", Office::Agent).await;
    let wang = Visitor::person(&world, "wang", Office::Agent).await.reading("en");
    let path = format!("/m/cases/{case_id}/live");

    let mut first = Listener::open(&li, &path).await;
    first.hears("event: case").await;
    first.hears(r#"{"sentence":""}"#).await;
    let mut second = Listener::open(&wang, &path).await;
    second.hears(r#""sentence":"li is looking at this case too""#).await;
    first.hears(r#""sentence":"wang 也在看这个售后单""#).await;

    let version = world.case(&case_id).await["version"].as_u64().unwrap();
    world.act(&world.owner, &case_id, "messages", json!({"text": "您好"})).await;
    let changed = format!(r#"{{"version":{}}}"#, version + 1);
    first.hears(&changed).await;
    second.hears(&changed).await;

    drop(second);
    first.hears(r#"{"sentence":""}"#).await;
}

#[tokio::test]
async fn two_people_on_one_case_see_each_other_and_what_changes() {
    told_at_once(Database::Sqlite).await;
}

#[tokio::test]
async fn two_people_on_one_case_see_each_other_on_postgres() {
    told_at_once(Database::Postgres).await;
}

#[tokio::test]
async fn a_buyer_is_told_what_changes_and_nothing_of_the_people() {
    let (world, case_id) = one_case(Database::Sqlite).await;
    let li = Visitor::person(&world, "li", Office::Agent).await;
    let _looking = Listener::open(&li, &format!("/m/cases/{case_id}/live")).await;
    let buyer = Visitor::buyer(&world, "oB1").await;

    let mut phone = Listener::open(&buyer, &format!("/b/cases/{case_id}/live")).await;
    phone.hears("event: case").await;
    world.act(&world.owner, &case_id, "messages", json!({"text": "您好"})).await;
    phone.hears("event: case").await;
    assert!(!phone.heard.contains("people"), "{}", phone.heard);

    let other = Visitor::buyer(&world, "oB2").await;
    let shown = other.get(&format!("/b/cases/{case_id}/live")).await;
    assert_eq!(shown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_a_shop_says_to_itself_is_no_news_to_the_buyer() {
    let (world, case_id) = one_case(Database::Sqlite).await;
    let buyer = Visitor::buyer(&world, "oB1").await;
    let at = format!("/b/cases/{case_id}/version");
    let before = buyer.get(&at).await.html;
    let mut phone = Listener::open(&buyer, &format!("/b/cases/{case_id}/live")).await;
    phone.hears("event: case").await;

    let li = Visitor::person(&world, "li", Office::Agent).await;
    let noted = li.post(&format!("/m/cases/{case_id}/notes"), &[("text", "先问仓库")]).await;
    assert_eq!(noted.status, StatusCode::SEE_OTHER, "{}", noted.html);
    assert_eq!(buyer.get(&at).await.html, before);
    world.act(&world.owner, &case_id, "messages", json!({"text": "您好"})).await;

    // The first that is told is the message; the note before it had a version of its own.
    let version = world.case(&case_id).await["version"].as_u64().unwrap();
    phone.hears("event: case").await;
    phone.hears(&format!(r#"{{"version":{version}}}"#)).await;
    assert!(!phone.heard.contains("event: case"), "{}", phone.heard);
}

#[tokio::test]
async fn what_a_buyer_never_sees_does_not_keep_them_from_acting() {
    let (world, case_id) = one_case(Database::Sqlite).await;
    let buyer = Visitor::buyer(&world, "oB1").await;
    let page = format!("/b/cases/{case_id}");
    let seen = buyer.get(&page).await.field("version");
    let withdraw = format!("{page}/withdraw");

    world.act(&world.owner, &case_id, "messages", json!({"text": "您好"})).await;
    let late = buyer.post(&withdraw, &[("version", &seen)]).await;
    assert_eq!(late.status, StatusCode::PRECONDITION_FAILED, "the message was not read");

    let seen = buyer.get(&page).await.field("version");
    let li = Visitor::person(&world, "li", Office::Agent).await;
    li.post(&format!("/m/cases/{case_id}/notes"), &[("text", "先问仓库")]).await;
    let withdrawn = buyer.post(&withdraw, &[("version", &seen)]).await;
    assert_eq!(withdrawn.status, StatusCode::SEE_OTHER, "{}", withdrawn.html);
}

#[tokio::test]
async fn a_queue_is_told_that_something_has_changed() {
    let (world, case_id) = one_case(Database::Sqlite).await;
    let li = Visitor::person(&world, "li", Office::Agent).await;
    let mut queue = Listener::open(&li, "/m/cases/live").await;
    queue.hears("retry: 500").await;

    world.act(&world.owner, &case_id, "messages", json!({"text": "您好"})).await;

    queue.hears("event: queue").await;
}

#[tokio::test]
async fn nobody_keeps_more_pages_open_than_a_person_looks_at() {
    let (world, case_id) = one_case(Database::Sqlite).await;
    let li = Visitor::person(&world, "li", Office::Agent).await;
    let path = format!("/m/cases/{case_id}/live");
    let mut open = Vec::new();
    for _ in 0..8 {
        open.push(Listener::open(&li, &path).await);
    }

    assert_eq!(li.get(&path).await.status, StatusCode::SERVICE_UNAVAILABLE);
    let wang = Visitor::person(&world, "wang", Office::Agent).await;
    drop(Listener::open(&wang, &path).await);
    open.clear();
    tokio::time::timeout(PATIENCE, async {
        while li
            .http
            .get(format!("{}{path}", li.base))
            .header(header::COOKIE, &li.cookie)
            .send()
            .await
            .unwrap()
            .status()
            != StatusCode::OK
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await
    .expect("whoever closes pages may open others");
}

#[tokio::test]
async fn open_pages_end_when_the_process_stops() {
    let (world, case_id) = one_case(Database::Sqlite).await;
    let li = Visitor::person(&world, "li", Office::Agent).await;
    let mut listener = Listener::open(&li, &format!("/m/cases/{case_id}/live")).await;
    listener.hears("event: case").await;

    world.app.live.close();

    let ended = tokio::time::timeout(PATIENCE, async {
        while listener.answer.chunk().await.unwrap().is_some() {}
    });
    assert!(ended.await.is_ok());
}
