//! WeChat web authorisation (微信网页授权) as an official account meets it: the page where a
//! browser is sent, and the exchange of codes.
//!
//! Who sits at the phone, and what they answer, is said by the control API. With `snsapi_base` the
//! real page asks nothing and sends the browser straight back, and so does this one. Errors of the
//! exchange are answered with 200, as JSON that is called text, with the words of the real ones.

use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{StatusCode, Uri, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{random, world::World};

/// The appid of the one official account.
pub const APPID: &str = "wx0123456789abcdef";
/// Its secret.
pub const SECRET: &str = "0123456789abcdef0123456789abcdef";
/// A code is good for five minutes.
const CODE_LIFE_MS: i64 = 5 * 60 * 1_000;
/// The most codes remembered; the oldest give way.
const CODES_MAX: usize = 1_000;

/// What the person at the phone, or WeChat, does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mood {
    /// The browser comes back with a code.
    #[default]
    Allow,
    /// It comes back without one.
    Deny,
    /// It comes back from the snapshot mode (快照页), with a made-up openid.
    Snapshot,
    /// The exchange is not answered.
    Silent,
    /// The exchange is answered with WeChat's own trouble.
    Busy,
}

/// Who sits at the phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phone {
    pub openid: String,
    #[serde(default)]
    pub mood: Mood,
}

struct Issued {
    openid: String,
    snapshot: bool,
    until_ms: i64,
    used: bool,
}

/// The phone, and the codes that were given out.
pub(crate) struct Login(Mutex<(Phone, BTreeMap<String, Issued>)>);

impl Default for Login {
    fn default() -> Self {
        let phone = Phone { openid: "oSANDBOX0000000000000000001".to_owned(), mood: Mood::Allow };
        Self(Mutex::new((phone, BTreeMap::new())))
    }
}

impl Login {
    pub(crate) fn set(&self, phone: Phone) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0 = phone;
    }

    pub(crate) fn phone(&self) -> Phone {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0.clone()
    }

    fn issue(&self, now_ms: i64) -> String {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (phone, codes) = &mut *state;
        if codes.len() >= CODES_MAX {
            codes.pop_first();
        }
        // Codes begin with a count of time, so the first of the map is the oldest.
        let code = format!("{now_ms:014}{}", random::letters::<18>());
        let issued = Issued {
            openid: phone.openid.clone(),
            snapshot: phone.mood == Mood::Snapshot,
            until_ms: now_ms.saturating_add(CODE_LIFE_MS),
            used: false,
        };
        codes.insert(code.clone(), issued);
        code
    }

    /// The openid of a code and whether it is a snapshot's, or the error.
    fn redeem(&self, code: &str, now_ms: i64) -> Result<(String, bool), (i64, &'static str)> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let issued = state.1.get_mut(code).ok_or((40_029, "invalid code"))?;
        if issued.used {
            return Err((40_163, "code been used"));
        }
        if now_ms >= issued.until_ms {
            return Err((42_003, "code expired"));
        }
        issued.used = true;
        Ok((issued.openid.clone(), issued.snapshot))
    }
}

pub(crate) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/connect/oauth2/authorize", get(authorize))
        .route("/sns/oauth2/access_token", get(exchange))
}

async fn authorize(State(world): State<Arc<World>>, uri: Uri) -> Response {
    let pairs = pairs(&uri);
    let names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
    if names != ["appid", "redirect_uri", "response_type", "scope", "state"] {
        return sorry("该链接无法访问");
    }
    let value = |name: &str| value(&pairs, name);
    if value("appid") != APPID {
        return sorry("AppID 参数错误");
    }
    let back = value("redirect_uri");
    if !back.starts_with("http://") && !back.starts_with("https://") {
        return sorry("redirect_uri 参数错误");
    }
    if value("response_type") != "code" || value("scope") != "snsapi_base" {
        return sorry("Scope 参数错误或没有 Scope 权限");
    }
    let state = value("state");
    if state.len() > 128 || !state.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return sorry("state 参数错误");
    }
    let joint = if back.contains('?') { '&' } else { '?' };
    let to = match world.login.phone().mood {
        Mood::Deny => format!("{back}{joint}state={state}"),
        Mood::Allow | Mood::Snapshot | Mood::Silent | Mood::Busy => {
            let code = world.login.issue(world.clock.now_ms());
            format!("{back}{joint}code={code}&state={state}")
        }
    };
    (StatusCode::FOUND, [(header::LOCATION, to)]).into_response()
}

async fn exchange(State(world): State<Arc<World>>, uri: Uri) -> Response {
    let mood = world.login.phone().mood;
    if mood == Mood::Silent {
        tokio::time::sleep(world.pace.silence).await;
        let broken = io::Error::new(io::ErrorKind::ConnectionReset, "silenced");
        let body = Body::from_stream(stream::iter([Err::<Bytes, _>(broken)]));
        return body.into_response();
    }
    if mood == Mood::Busy {
        return refused(-1, "system error");
    }
    let pairs = pairs(&uri);
    let value = |name: &str| value(&pairs, name);
    if value("appid") != APPID {
        return refused(40_013, "invalid appid");
    }
    if value("secret") != SECRET {
        return refused(40_125, "invalid appsecret");
    }
    if value("grant_type") != "authorization_code" {
        return refused(40_002, "invalid grant_type");
    }
    if value("code").is_empty() {
        return refused(41_008, "missing code");
    }
    let (openid, snapshot) = match world.login.redeem(value("code"), world.clock.now_ms()) {
        Ok(redeemed) => redeemed,
        Err((errcode, errmsg)) => return refused(errcode, errmsg),
    };
    let mut answer = json!({
        "access_token": format!("86_{}", random::letters::<64>()),
        "expires_in": 7200,
        "refresh_token": format!("86_{}", random::letters::<64>()),
        "openid": openid,
        "scope": "snsapi_base",
    });
    if snapshot && let Some(fields) = answer.as_object_mut() {
        fields.insert("is_snapshotuser".to_owned(), json!(1));
    }
    said(&answer)
}

fn refused(errcode: i64, errmsg: &str) -> Response {
    let rid = format!("{}-{}-{}", random::hex::<8>(), random::hex::<8>(), random::hex::<8>());
    said(&json!({ "errcode": errcode, "errmsg": format!("{errmsg}, rid: {rid}") }))
}

/// WeChat calls its JSON text.
fn said(answer: &Value) -> Response {
    ([(header::CONTENT_TYPE, "text/plain")], answer.to_string()).into_response()
}

/// A page of WeChat's that leads nowhere.
fn sorry(why: &str) -> Response {
    Html(format!("<!doctype html><meta charset=utf-8><title>{why}</title><h1>{why}</h1>"))
        .into_response()
}

/// The query in its order, decoded.
fn pairs(uri: &Uri) -> Vec<(String, String)> {
    axum::extract::Query::<Vec<(String, String)>>::try_from_uri(uri)
        .map(|axum::extract::Query(pairs)| pairs)
        .unwrap_or_default()
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
}

#[cfg(test)]
mod tests {
    use super::{CODE_LIFE_MS, Login};

    #[test]
    fn a_code_is_good_once_and_for_five_minutes() {
        let login = Login::default();
        let code = login.issue(1_000);
        assert!(login.redeem(&code, 1_001).is_ok());
        assert_eq!(login.redeem(&code, 1_002), Err((40_163, "code been used")));
        let late = login.issue(1_000);
        let at_ms = 1_000 + CODE_LIFE_MS;
        assert_eq!(login.redeem(&late, at_ms), Err((42_003, "code expired")));
        assert_eq!(login.redeem("x", 0), Err((40_029, "invalid code")));
    }
}
