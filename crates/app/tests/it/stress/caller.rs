//! A caller: sends commands with idempotency keys, asks again where no answer came, and writes
//! down what was promised.

use crate::world::SHOP;
use reqwest::{Method, StatusCode};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

/// How often a command is sent before the caller gives up.
const TRIES_MAX: u32 = 4_000;
/// How long a caller waits before asking again.
const PAUSE: Duration = Duration::from_millis(5);
/// How long a caller waits for an answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// One command, to be sent as often as it takes with the same key and the same bytes.
#[derive(Clone, Debug)]
pub struct Wish {
    pub token: String,
    pub method: Method,
    pub path: String,
    pub body: String,
    pub key: String,
    pub order_id: String,
    /// The version the caller insists on.
    pub seen: Option<u64>,
    /// What its first event may be.
    pub kinds: &'static [&'static str],
}

/// A command that was answered with success.
#[derive(Clone, Debug)]
pub struct Promise {
    pub wish: Wish,
    pub version: u64,
}

/// What callers remember of their answers.
#[derive(Debug, Default)]
pub struct Ledger(Mutex<Lines>);

/// The lines of a ledger.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    pub promises: Vec<Promise>,
    /// Refusals by code.
    pub refusals: BTreeMap<String, u64>,
    /// Answers that said "busy, ask again".
    pub busy: u64,
    /// Requests that got no answer.
    pub unanswered: u64,
}

impl Ledger {
    /// Everything so far.
    pub fn lines(&self) -> Lines {
        self.0.lock().unwrap().clone()
    }

    fn note(&self, note: impl FnOnce(&mut Lines)) {
        note(&mut self.0.lock().unwrap());
    }
}

/// Whether the server is expected to answer every request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    /// It stays up: no answer is a failure of the test.
    Stays,
    /// It is killed now and then: no answer is asked again.
    Dies,
}

/// Sends commands to one of several servers.
#[derive(Clone)]
pub struct Caller {
    http: reqwest::Client,
    doors: Vec<String>,
    server: Server,
    pub ledger: Arc<Ledger>,
}

impl Caller {
    /// A caller who knows these addresses.
    pub fn new(doors: Vec<String>, server: Server) -> Self {
        let http = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
        Self { http, doors, server, ledger: Arc::default() }
    }

    /// How many doors there are.
    pub fn doors(&self) -> usize {
        self.doors.len()
    }

    /// Sends a command until it is answered, and writes the answer down.
    pub async fn ask(&self, wish: &Wish, door: usize) -> (StatusCode, Value) {
        let (status, answer) = self.until_answered(wish, door).await;
        if status.is_success() {
            let version = answer["version"].as_u64().expect("an answer has a version");
            let promise = Promise { wish: wish.clone(), version };
            self.ledger.note(|lines| lines.promises.push(promise));
        } else {
            let code = answer["code"].as_str().unwrap_or("none").to_owned();
            self.ledger.note(|lines| *lines.refusals.entry(code).or_default() += 1);
        }
        (status, answer)
    }

    /// Sends a command until it is answered. A server that stays up answers everything, and with
    /// no more than "busy" where it cannot.
    pub async fn until_answered(&self, wish: &Wish, door: usize) -> (StatusCode, Value) {
        for _ in 0..TRIES_MAX {
            match self.send(wish, door).await {
                Ok((StatusCode::SERVICE_UNAVAILABLE, _)) => {
                    self.ledger.note(|lines| lines.busy += 1);
                }
                Ok((status, answer)) => {
                    assert!(!status.is_server_error(), "{wish:?}: {status} {answer}");
                    return (status, answer);
                }
                Err(error) => {
                    assert_eq!(self.server, Server::Dies, "{wish:?}: {error:?}");
                    self.ledger.note(|lines| lines.unanswered += 1);
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("no answer after {TRIES_MAX} tries: {wish:?}");
    }

    async fn send(&self, wish: &Wish, door: usize) -> reqwest::Result<(StatusCode, Value)> {
        let base = &self.doors[door % self.doors.len()];
        let mut request = self
            .http
            .request(wish.method.clone(), format!("{base}{}", wish.path))
            .bearer_auth(&wish.token)
            .header("wanbi-shop", SHOP)
            .header("content-type", "application/json")
            .header("idempotency-key", &wish.key)
            .body(wish.body.clone());
        if let Some(version) = wish.seen {
            request = request.header("if-match", format!("\"v{version}\""));
        }
        let response = request.send().await?;
        let status = response.status();
        let body = response.bytes().await?;
        Ok((status, serde_json::from_slice(&body).unwrap_or(Value::Null)))
    }

    /// Reads something; `null` if there is no answer.
    pub async fn get(&self, token: &str, path: &str, door: usize) -> Value {
        let base = &self.doors[door % self.doors.len()];
        let request = self.http.get(format!("{base}{path}")).bearer_auth(token);
        let Ok(response) = request.header("wanbi-shop", SHOP).send().await else {
            assert_eq!(self.server, Server::Dies, "GET {path} was not answered");
            return Value::Null;
        };
        let status = response.status();
        let answer = response.json().await.unwrap_or(Value::Null);
        let right = !status.is_server_error() || status == StatusCode::SERVICE_UNAVAILABLE;
        assert!(right, "GET {path}: {status} {answer}");
        answer
    }
}
