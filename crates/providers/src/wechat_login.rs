//! WeChat web authorisation (微信网页授权, OAuth 2): who a buyer is, as one official account sees
//! them.
//!
//! The browser is sent to WeChat's page and comes back with a code; the code is exchanged once,
//! server to server, for the openid. Only that is asked for (`snsapi_base`), so WeChat asks the
//! buyer nothing. Values in, values out: the one socket is that of [`Client`].

use std::fmt;

use serde::Deserialize;

use crate::{
    client::{Client, Fault},
    http::{Request, Response},
};

/// WeChat's page where a browser is sent.
pub const AUTHORIZE_URL: &str = "https://open.weixin.qq.com/connect/oauth2/authorize";
/// WeChat's host for exchanging codes.
pub const BASE_URL: &str = "https://api.weixin.qq.com";
/// The longest state WeChat gives back, all letters and digits.
pub const STATE_CHARS_MAX: usize = 128;
/// The longest code that is believed to be one.
const CODE_CHARS_MAX: usize = 512;

/// What identifies an official account to WeChat.
#[derive(Clone)]
pub struct Application {
    appid: String,
    secret: String,
}

/// Something that WeChat cannot have given, or would not take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    #[error("an appid begins with wx and has letters and digits")]
    Appid,
    #[error("a secret has letters and digits")]
    Secret,
    #[error("a state has 1 to {STATE_CHARS_MAX} letters and digits")]
    State,
    #[error("a code has letters, digits, - and _")]
    Code,
}

/// What comes back with the code, to recognise one's own request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State(String);

/// A code: good once, for five minutes.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

/// What became of a code.
#[derive(Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The buyer, by the openid.
    Known(String),
    /// The page was looked at in WeChat's snapshot mode (快照页): the openid is a made-up one and
    /// must not be taken for somebody.
    Snapshot,
    /// WeChat says no: the code is wrong, used or too old, or the account is not what it should be.
    Refused { errcode: i64, errmsg: String },
    /// There is no answer that means anything; the code may be used up.
    Unknown(String),
}

impl State {
    /// Checks a state.
    pub fn new(text: &str) -> Result<Self, Invalid> {
        let fits = (1..=STATE_CHARS_MAX).contains(&text.len());
        let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        (fits && plain).then(|| Self(text.to_owned())).ok_or(Invalid::State)
    }

    /// The text of it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Code {
    /// Checks a code before it goes into an address.
    pub fn new(text: &str) -> Result<Self, Invalid> {
        let fits = (1..=CODE_CHARS_MAX).contains(&text.len());
        let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        (fits && plain).then(|| Self(text.to_owned())).ok_or(Invalid::Code)
    }
}

impl Application {
    /// Checks what the account is known by.
    pub fn new(appid: &str, secret: &str) -> Result<Self, Invalid> {
        let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !appid.starts_with("wx") || appid.len() > 64 || !plain(appid) {
            return Err(Invalid::Appid);
        }
        if secret.is_empty() || secret.len() > 128 || !plain(secret) {
            return Err(Invalid::Secret);
        }
        Ok(Self { appid: appid.to_owned(), secret: secret.to_owned() })
    }

    /// Where the browser is sent. WeChat matches the whole address against a pattern, so the order
    /// of the parameters is part of it, and so is the fragment.
    pub fn authorize_url(&self, page: &str, redirect_uri: &str, state: &State) -> String {
        let (appid, back) = (&self.appid, encoded(redirect_uri));
        let state = state.as_str();
        format!(
            "{page}?appid={appid}&redirect_uri={back}&response_type=code&scope=snsapi_base\
             &state={state}#wechat_redirect"
        )
    }

    /// The exchange of a code.
    pub fn token_request(&self, code: &Code) -> Request {
        let (appid, secret, code) = (&self.appid, &self.secret, &code.0);
        Request::get(format!(
            "/sns/oauth2/access_token?appid={appid}&secret={secret}&code={code}\
             &grant_type=authorization_code"
        ))
    }
}

#[derive(Deserialize)]
struct Answer {
    openid: Option<String>,
    #[serde(default)]
    is_snapshotuser: i64,
    errcode: Option<i64>,
    #[serde(default)]
    errmsg: String,
}

/// What an answer to an exchange means. WeChat answers 200 to everything and calls it text.
pub fn outcome(response: &Response) -> Outcome {
    let Ok(answer) = serde_json::from_slice::<Answer>(&response.body) else {
        return Outcome::Unknown(format!("status {} without an answer in JSON", response.status));
    };
    match (answer.errcode, answer.openid) {
        // -1 is WeChat's own trouble: nothing was decided.
        (Some(-1), _) => Outcome::Unknown(format!("-1 {}", answer.errmsg)),
        (Some(errcode), _) if errcode != 0 => Outcome::Refused { errcode, errmsg: answer.errmsg },
        (_, Some(_)) if answer.is_snapshotuser == 1 => Outcome::Snapshot,
        (_, Some(openid)) if !openid.is_empty() => Outcome::Known(openid),
        (_, _) => Outcome::Unknown("an answer without an openid".to_owned()),
    }
}

/// One official account's line to WeChat.
#[derive(Clone, Debug)]
pub struct WechatLogin {
    client: Client,
    application: Application,
    page: String,
}

impl WechatLogin {
    /// Joins a connection, the account, and the page where browsers are sent.
    pub const fn new(client: Client, application: Application, page: String) -> Self {
        Self { client, application, page }
    }

    /// Where the browser is sent.
    pub fn authorize_url(&self, redirect_uri: &str, state: &State) -> String {
        self.application.authorize_url(&self.page, redirect_uri, state)
    }

    /// Exchanges a code, once: a code whose answer was lost is used up, and the buyer begins anew.
    pub async fn exchange(&self, code: &Code) -> Outcome {
        match self.client.send(&self.application.token_request(code)).await {
            Ok(response) => outcome(&response),
            // The attempt names the address, and in it the secret: it is left out.
            Err(Fault::NeverLeft { reason, .. } | Fault::Unknown { reason, .. }) => {
                Outcome::Unknown(reason)
            }
        }
    }
}

/// A text as it stands in a query.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let one = |byte: u8| {
        if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    text.bytes().map(one).collect()
}

/// The secret stays inside.
impl fmt::Debug for Application {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Application").field("appid", &self.appid).finish_non_exhaustive()
    }
}

/// See [`Application`].
impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code")
    }
}

/// An openid is a buyer's; only the kind of an outcome is shown.
impl fmt::Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(_) => f.write_str("Known"),
            Self::Snapshot => f.write_str("Snapshot"),
            Self::Refused { errcode, errmsg } => write!(f, "Refused({errcode} {errmsg})"),
            Self::Unknown(why) => write!(f, "Unknown({why})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::HeaderMap;

    fn read(status: u16, body: &str) -> Outcome {
        outcome(&Response { status, headers: HeaderMap::new(), body: body.as_bytes().to_vec() })
    }

    #[test]
    fn the_address_has_wechats_own_order() {
        let application = Application::new("wx520c15f417810387", "s3cret").unwrap();
        let state = State::new("0a1B").unwrap();

        let url = application.authorize_url(AUTHORIZE_URL, "https://shop.example/b/tea/x", &state);

        assert_eq!(
            url,
            "https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx520c15f417810387\
             &redirect_uri=https%3A%2F%2Fshop.example%2Fb%2Ftea%2Fx&response_type=code\
             &scope=snsapi_base&state=0a1B#wechat_redirect"
        );
        assert!(!format!("{application:?}").contains("s3cret"));
    }

    #[test]
    fn what_would_change_an_address_is_refused() {
        assert!(State::new("a-b").is_err() && State::new(&"a".repeat(129)).is_err());
        assert!(Code::new("a&secret=b").is_err() && Code::new("").is_err());
        assert!(Code::new("061ZvDkl2tuQmb4TDFol21zkb61ZvDkB").is_ok());
        assert!(Application::new("ab1", "s").is_err() && Application::new("wx1", "s&t").is_err());
    }

    #[test]
    fn an_openid_is_known_unless_it_is_a_snapshots() {
        let body = r#"{"access_token":"A","expires_in":7200,"refresh_token":"R",
            "openid":"ob8F-wFENFWw7_FR6Gx8KbPacFEw","scope":"snsapi_base"}"#;
        assert_eq!(read(200, body), Outcome::Known("ob8F-wFENFWw7_FR6Gx8KbPacFEw".into()));
        let snapshot = body.replace("\"openid\"", "\"is_snapshotuser\":1,\"openid\"");
        assert_eq!(read(200, &snapshot), Outcome::Snapshot);
    }

    #[test]
    fn a_refusal_is_one_whatever_the_status_says() {
        let body =
            r#"{"errcode":40163,"errmsg":"code been used, rid: 62bae58d-5bf58b34-5f8e035e"}"#;
        assert!(matches!(read(200, body), Outcome::Refused { errcode: 40_163, .. }));
        assert!(matches!(read(200, r#"{"errcode":-1,"errmsg":"x"}"#), Outcome::Unknown(_)));
        for body in ["<html>", "{}", r#"{"openid":""}"#, ""] {
            assert!(matches!(read(502, body), Outcome::Unknown(_)), "{body}");
        }
    }
}
