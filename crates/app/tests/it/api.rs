//! The interface as a stranger meets it: who is let in, what is read, what is answered.

mod authorisation;
pub mod bad_input;
mod idempotency;
mod languages;
pub mod openapi;
mod policy;
mod router;
pub mod tenancy;
mod wire;

use crate::world::World;
use reqwest::{
    Method, StatusCode,
    header::{HeaderMap, HeaderValue},
};
use serde_json::Value;

/// An answer with all its bytes.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Reply {
    /// The JSON of the body, `null` if there is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    /// The code of a problem, after its shape was looked at.
    pub fn problem(&self) -> String {
        let text = String::from_utf8_lossy(&self.bytes);
        let code = self.code();
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16(), "{text}");
        for field in ["type", "title"] {
            assert!(
                problem[field].as_str().is_some_and(|text| !text.is_empty()),
                "{field}: {text}"
            );
        }
        code
    }

    /// The code of a problem that may lack all but code and detail, as those about files do.
    pub fn code(&self) -> String {
        let text = String::from_utf8_lossy(&self.bytes);
        let kind = self.headers.get("content-type").map(|kind| kind.to_str().unwrap());
        let is_problem = kind.is_some_and(|kind| kind.starts_with("application/problem+json"));
        assert!(is_problem, "{} {kind:?}: {text}", self.status);
        let problem = self.json();
        for field in ["detail", "code"] {
            assert!(
                problem[field].as_str().is_some_and(|text| !text.is_empty()),
                "{field}: {text}"
            );
        }
        problem["code"].as_str().unwrap().to_owned()
    }
}

/// A request as a test wants it; whatever is not said is left out.
pub struct Call<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub token: Option<&'a str>,
    pub headers: &'a [(&'a str, &'a str)],
    pub body: Vec<u8>,
}

impl<'a> Call<'a> {
    /// A request without a body.
    pub fn new(method: &'a str, path: &'a str) -> Self {
        Self { method, path, token: None, headers: &[], body: Vec::new() }
    }

    /// Shows a token.
    pub fn by(mut self, token: &'a str) -> Self {
        self.token = Some(token);
        self
    }

    /// Says more.
    pub fn with(mut self, headers: &'a [(&'a str, &'a str)]) -> Self {
        self.headers = headers;
        self
    }

    /// Brings a body.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Brings JSON.
    pub fn json(self, body: &Value) -> Self {
        self.body(body.to_string())
    }

    /// Sends it.
    pub async fn send(self, world: &World) -> Reply {
        let method = Method::from_bytes(self.method.as_bytes()).unwrap();
        let mut request = world.http.request(method, format!("{}{}", world.base, self.path));
        if let Some(token) = self.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in self.headers {
            request = request.header(*name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        if !self.body.is_empty() {
            request = request.header("content-type", "application/json").body(self.body);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        Reply { status, headers, bytes: response.bytes().await.unwrap().to_vec() }
    }
}

/// A path of the table with names that are nobody's in it.
pub fn filled(path: &str) -> String {
    const NAMES: [(&str, &str); 13] = [
        ("{shop_id}", "nobody"),
        ("{order_id}", "none"),
        ("{case_id}", "01890000-0000-7000-8000-000000000000"),
        ("{refund_no}", "WBNONE"),
        ("{ticket_no}", "1"),
        ("{key_id}", "none"),
        ("{person_id}", "none"),
        ("{buyer_id}", "oNone"),
        ("{effect_id}", "none.1.0"),
        ("{upload_id}", "01890000-0000-7000-8000-000000000001"),
        ("{offset}", "0"),
        ("{file_id}", "none"),
        ("{template_id}", "none"),
    ];
    let filled =
        NAMES.iter().fold(path.to_owned(), |path, (name, value)| path.replace(name, value));
    assert!(!filled.contains('{'), "{path} has a name this test does not know");
    filled
}
