//! What people look at while they work: lists, cases and pages, through every door.

use super::super::{crew::Told, ground::Ground};
use crate::world::SHOP;
use app::{
    access::{member::Member, session},
    world::{Stopwatch, WallClock},
};
use reqwest::{StatusCode, redirect::Policy};
use std::{sync::Mutex, time::Duration};

/// How long anybody waits for a page.
const PATIENCE: Duration = Duration::from_secs(30);

/// Those who look.
pub struct Views {
    http: reqwest::Client,
    base: String,
    owner: String,
    /// The session of a person at the merchant's desk.
    desk: String,
    /// How long each page took, since somebody last looked.
    pub times: Mutex<Vec<Duration>>,
    /// Requests that a process did not answer because it ended.
    pub unanswered: Mutex<u64>,
}

impl Views {
    /// People of the ground's shop.
    pub async fn new(ground: &Ground, port: u16) -> Self {
        let app = ground.app(&WallClock::default().into()).await;
        let owner = Member::named(SHOP, "owner").unwrap();
        let token = session::open(&app, &owner, "Firefox", app.desk.now()).await.unwrap();
        let http = reqwest::Client::builder().no_proxy().redirect(Policy::none());
        Self {
            http: http.timeout(PATIENCE).build().unwrap(),
            base: format!("http://127.0.0.1:{port}"),
            owner: ground.owner.clone(),
            desk: format!("wanbi_m={}", token.unwrap()),
            times: Mutex::default(),
            unanswered: Mutex::default(),
        }
    }

    /// Looks at what a story left: one list and one case at each door.
    pub async fn look(&self, told: &Told) {
        let case = &told.case;
        let buyer = format!("wanbi_b={}", told.buyer);
        self.page(&buyer, &format!("/b/cases/{case}")).await;
        self.page(&self.desk, "/m/cases?sort=deadline").await;
        self.page(&self.desk, &format!("/m/cases/{case}")).await;
        self.interface("/api/v1/cases?limit=50").await;
        self.interface(&format!("/api/v1/cases/{case}/timeline")).await;
        self.order(&told.order_id).await;
    }

    /// Looks at an order, so that it is in the memory of the process.
    pub async fn order(&self, order_id: &str) {
        self.interface(&format!("/api/v1/orders/{order_id}")).await;
    }

    async fn page(&self, cookie: &str, path: &str) {
        let asked = self.http.get(format!("{}{path}", self.base)).header("cookie", cookie);
        self.shown(path, asked).await;
    }

    async fn interface(&self, path: &str) {
        let asked = self.http.get(format!("{}{path}", self.base)).bearer_auth(&self.owner);
        self.shown(path, asked.header("wanbi-shop", SHOP)).await;
    }

    /// While a process ends there is no answer, or "busy"; else there is what was asked for.
    async fn shown(&self, path: &str, asked: reqwest::RequestBuilder) {
        let watch = Stopwatch::start();
        let answer = match asked.send().await {
            Ok(answer) => (answer.status(), answer.bytes().await.is_ok()),
            Err(_) => (StatusCode::SERVICE_UNAVAILABLE, false),
        };
        match answer {
            (StatusCode::OK, true) => self.times.lock().unwrap().push(watch.elapsed()),
            (StatusCode::OK | StatusCode::SERVICE_UNAVAILABLE, _) => {
                *self.unanswered.lock().unwrap() += 1;
            }
            (status, _) => panic!("{path} is answered with {status}"),
        }
    }
}
