//! What every request brings: the caller, the language, the idempotency key, the version seen,
//! the body. Parsed once at the door.

use super::{problem::Problem, strict::Strict};
use crate::{
    access::{
        caller::{Caller, identify},
        routes::who_may,
    },
    assembly::App,
    i18n,
};
use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, MatchedPath, Query, Request},
    http::{HeaderMap, Method, StatusCode, header, request::Parts},
};
use domain::{id::ShopId, policy::Language, record::Receipt};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use tower_http::timeout::TimeoutError;

/// The header by which a person of the platform names a shop.
pub const SHOP_HEADER: &str = "wanbi-shop";
/// The header of the idempotency key.
pub const KEY_HEADER: &str = "idempotency-key";
/// The longest explanation of what is wrong with a body or a query, which may quote it.
const DETAIL_CHARS_MAX: usize = 400;
/// The longest idempotency key.
const KEY_BYTES_MAX: usize = 255;

/// What a request says about itself, its caller known and let in.
pub struct Asked {
    /// Who asks.
    pub caller: Caller,
    /// In which language they read.
    pub language: Language,
    /// The version they insist on.
    pub expected: Option<u64>,
    key: Option<String>,
    line: String,
}

impl Asked {
    /// The shop the caller acts in.
    ///
    /// # Errors
    /// A [`Problem`] if a person of the platform named none.
    pub fn shop(&self) -> Result<&ShopId, Problem> {
        self.caller
            .shop_id
            .as_ref()
            .ok_or_else(|| Problem::new(StatusCode::BAD_REQUEST, "shop_missing", self.language))
    }

    /// The receipt of this request with its body, if it came with an idempotency key.
    #[must_use]
    pub fn receipt(&self, body: &[u8]) -> Option<Receipt> {
        let key = self.key.as_ref()?;
        let who = format!("{:?}", self.caller.actor());
        Some(Receipt {
            key: short_hash(&[who.as_bytes(), key.as_bytes()]),
            request: short_hash(&[self.line.as_bytes(), body]),
        })
    }

    /// What a caller asks on a page; `line` is the method and the path.
    #[must_use]
    pub const fn at_a_door(caller: Caller, language: Language, line: String) -> Self {
        Self { caller, language, expected: None, key: None, line }
    }

    /// The receipt of a form with a key of its own. What the form says is part of the key: sent
    /// twice it is done once, and a form that was filled in anew is a new request.
    #[must_use]
    pub fn receipt_of(&self, once: &str, body: &[u8]) -> Option<Receipt> {
        if once.is_empty() {
            return None;
        }
        let who = format!("{:?}", self.caller.actor());
        let request = short_hash(&[self.line.as_bytes(), body]);
        let key = short_hash(&[who.as_bytes(), once.as_bytes(), request.as_bytes()]);
        Some(Receipt { key, request })
    }

    /// A problem in the caller's language.
    #[must_use]
    pub fn problem(&self, status: StatusCode, code: &str) -> Problem {
        Problem::new(status, code, self.language)
    }

    /// Nothing here.
    #[must_use]
    pub fn not_found(&self) -> Problem {
        Problem::not_found(self.language)
    }
}

fn short_hash(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(u64::try_from(part.len()).unwrap_or(0).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

impl FromRequestParts<Arc<App>> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &Arc<App>,
    ) -> Result<Self, Self::Rejection> {
        let language = language_of(&parts.headers);
        let refuse = |status, code| Problem::new(status, code, language);
        let path = parts.extensions.get::<MatchedPath>().map(MatchedPath::as_str);
        // A HEAD is a GET whose body is left out on the way.
        let method = if parts.method == Method::HEAD { &Method::GET } else { &parts.method };
        let who = path.and_then(|path| who_may(method.as_str(), path));
        let Some(who) = who else { return Err(refuse(StatusCode::NOT_FOUND, "not_found")) };
        let token = bearer(&parts.headers)
            .ok_or_else(|| refuse(StatusCode::UNAUTHORIZED, "token_missing"))?;
        let named = match text(&parts.headers, SHOP_HEADER) {
            Some(name) => Some(
                ShopId::parse(name).map_err(|_| refuse(StatusCode::BAD_REQUEST, "shop_missing"))?,
            ),
            None => None,
        };
        let caller = identify(app, token, named)
            .await
            .map_err(|fault| Problem::fault(&fault, language))?
            .ok_or_else(|| refuse(StatusCode::UNAUTHORIZED, "token_invalid"))?;
        if !caller.is_among(who) {
            return Err(refuse(StatusCode::FORBIDDEN, "role_forbidden"));
        }
        Ok(Self {
            caller,
            language,
            expected: expected(&parts.headers, language)?,
            key: key(&parts.headers, language)?,
            line: format!("{} {}", parts.method, parts.uri),
        })
    }
}

/// The language of a request.
#[must_use]
pub fn language_of(headers: &HeaderMap) -> Language {
    i18n::preferred(text(headers, header::ACCEPT_LANGUAGE.as_str()))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = text(headers, header::AUTHORIZATION.as_str())?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

fn key(headers: &HeaderMap, language: Language) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get(KEY_HEADER) else { return Ok(None) };
    let key = value.to_str().unwrap_or_default();
    if key.is_empty() || key.len() > KEY_BYTES_MAX {
        return Err(Problem::new(StatusCode::BAD_REQUEST, "idempotency_key_invalid", language));
    }
    Ok(Some(key.to_owned()))
}

/// `If-Match: "v12"`, the `ETag` of a case.
fn expected(headers: &HeaderMap, language: Language) -> Result<Option<u64>, Problem> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    let digits = text.strip_prefix("\"v").and_then(|rest| rest.strip_suffix('"'));
    let version = digits.and_then(|digits| digits.parse().ok());
    let wrong = || Problem::new(StatusCode::BAD_REQUEST, "if_match_invalid", language);
    version.map(Some).ok_or_else(wrong)
}

/// The whole body of a request. Comes after [`Asked`], so that nobody is listened to in vain.
pub struct Body(pub Bytes);

impl FromRequest<Arc<App>> for Body {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Self::Rejection> {
        let language = language_of(request.headers());
        let read = Bytes::from_request(request, app).await;
        read.map(Self).map_err(|rejection| {
            let (status, code) = if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                (StatusCode::PAYLOAD_TOO_LARGE, "body_too_large")
            } else if is_timeout(&rejection) {
                (StatusCode::REQUEST_TIMEOUT, "body_timeout")
            } else {
                (StatusCode::BAD_REQUEST, "request_malformed")
            };
            Problem::new(status, code, language)
        })
    }
}

fn is_timeout(error: &(dyn std::error::Error + 'static)) -> bool {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.into_iter().any(|error| error.is::<TimeoutError>())
}

/// What a caller sent is not sent back at full length.
fn shortened(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(DETAIL_CHARS_MAX).collect()
}

/// Reads a JSON body; an empty one is an empty object. Says where in it the mistake is.
///
/// # Errors
/// A [`Problem`] naming the place and what was expected there.
pub fn json<T: DeserializeOwned>(body: &Bytes, language: Language) -> Result<T, Problem> {
    let bytes: &[u8] = if body.is_empty() { b"{}" } else { body };
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let wrong = |place: &str, why: &str| {
        let detail = shortened(&format!("{place}: {why}"));
        Problem::about(StatusCode::BAD_REQUEST, "body_invalid", ("detail", &detail), language)
    };
    let value = serde_path_to_error::deserialize(Strict(&mut reader))
        .map_err(|error| wrong(&error.path().to_string(), &error.inner().to_string()))?;
    reader.end().map_err(|error| wrong(".", &error.to_string()))?;
    Ok(value)
}

/// Reads the query of a request; unknown names are refused.
///
/// # Errors
/// A [`Problem`] saying what was expected.
pub fn query<T: DeserializeOwned>(uri: &http::Uri, language: Language) -> Result<T, Problem> {
    Query::try_from_uri(uri).map(|Query(value)| value).map_err(|error| {
        let detail = shortened(&error.body_text());
        Problem::about(StatusCode::BAD_REQUEST, "query_invalid", ("detail", &detail), language)
    })
}
