//! Buyers known by WeChat: sent to WeChat's page, taken back with a code.
//!
//! What goes along as `state` says until when the way back is open, and is signed together with a
//! secret that only this browser has in a cookie: nobody is made to come back as somebody else. It
//! is good once in this process; in another one the code itself, which WeChat takes once, says no.

use super::stamps::Stamps;
use crate::config::{Config, WechatLoginAccount};
use domain::{
    id::{BuyerId, ShopId},
    moment::{Moment, Span},
};
use providers::{
    client::{self, Client},
    wechat_login::{AUTHORIZE_URL, Application, BASE_URL, Code, Outcome, State, WechatLogin},
};
use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// The way back is open so long, in seconds.
pub const OPEN_SECONDS: u32 = 600;
/// The most states remembered as used.
const USED_MAX: usize = 50_000;
/// What the signature of a state is for.
const PURPOSE: &str = "wechat login";
/// Digits of the moment in a state.
const MOMENT_DIGITS: usize = 12;
/// Digits of the signature in a state.
const SIGNATURE_DIGITS: usize = 40;

/// The official accounts of shops, and the states that came back.
#[derive(Debug, Default)]
pub struct Logins {
    shops: BTreeMap<ShopId, WechatLogin>,
    used: Mutex<BTreeMap<String, Moment>>,
}

/// Why nobody was let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Denied {
    /// The shop has no official account here.
    NotHere,
    /// The buyer said no.
    ByBuyer,
    /// The state is another browser's, too old, or was used.
    State,
    /// The code is wrong, used or too old.
    Code,
    /// WeChat showed a snapshot: nobody is known there.
    Snapshot,
    /// WeChat did not answer, or the openid is none of ours.
    Unavailable,
}

impl Logins {
    /// The official accounts that are configured.
    ///
    /// # Errors
    /// The shop, and why its account cannot be used.
    pub fn new(config: &Config) -> Result<Self, (String, String)> {
        let mut shops = BTreeMap::new();
        for (shop, account) in &config.wechat_login {
            let wrong = |why: String| (shop.clone(), why);
            let shop_id = ShopId::parse(shop).map_err(|error| wrong(error.to_string()))?;
            shops.insert(shop_id, open(account).map_err(wrong)?);
        }
        Ok(Self { shops, used: Mutex::default() })
    }

    /// Whether buyers of a shop can come in this way.
    #[must_use]
    pub fn serves(&self, shop_id: &ShopId) -> bool {
        self.shops.contains_key(shop_id)
    }

    /// Where the browser that has this secret is sent.
    #[must_use]
    pub fn way_out(
        &self,
        stamps: &Stamps,
        shop_id: &ShopId,
        (secret, back): (&str, &str),
        at: Moment,
    ) -> Option<String> {
        let login = self.shops.get(shop_id)?;
        let until = at.after(Span::seconds(OPEN_SECONDS));
        let state = State::new(&state(stamps, shop_id, secret, until)).ok()?;
        Some(login.authorize_url(back, &state))
    }

    /// Who came back, to a browser that has this secret.
    ///
    /// # Errors
    /// [`Denied`] with the reason.
    pub async fn way_back(
        &self,
        stamps: &Stamps,
        shop_id: &ShopId,
        (secret, shown, code): (&str, &str, Option<&str>),
        at: Moment,
    ) -> Result<BuyerId, Denied> {
        let login = self.shops.get(shop_id).ok_or(Denied::NotHere)?;
        let until = shown.get(..MOMENT_DIGITS).and_then(|text| i64::from_str_radix(text, 16).ok());
        let until = Moment::from_ms(until.ok_or(Denied::State)?);
        let genuine = !secret.is_empty() && state(stamps, shop_id, secret, until) == shown;
        if !genuine || at >= until || !self.use_up(shown, until, at) {
            return Err(Denied::State);
        }
        // Without a code the buyer said no.
        let code = Code::new(code.ok_or(Denied::ByBuyer)?).map_err(|_| Denied::Code)?;
        match login.exchange(&code).await {
            Outcome::Known(openid) => BuyerId::parse(&openid).map_err(|_| Denied::Unavailable),
            Outcome::Snapshot => Err(Denied::Snapshot),
            outcome @ Outcome::Refused { .. } => {
                tracing::info!(shop.id = %shop_id, ?outcome, "WeChat took no code");
                Err(Denied::Code)
            }
            outcome @ Outcome::Unknown(_) => {
                tracing::warn!(shop.id = %shop_id, ?outcome, "WeChat did not say who a buyer is");
                Err(Denied::Unavailable)
            }
        }
    }

    /// Remembers a state as used; false if it was before.
    fn use_up(&self, state: &str, until: Moment, at: Moment) -> bool {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.retain(|_, until| at < *until);
        // States begin with a moment, so the first is the oldest.
        if used.len() >= USED_MAX {
            used.pop_first();
        }
        used.insert(state.to_owned(), until).is_none()
    }
}

/// Letters and digits alone: WeChat gives nothing else back.
fn state(stamps: &Stamps, shop_id: &ShopId, secret: &str, until: Moment) -> String {
    let moment = format!("{:0MOMENT_DIGITS$x}", until.ms());
    let signed = format!("{shop_id}\0{secret}\0{moment}");
    format!("{moment}{}", stamps.hex(PURPOSE, signed.as_bytes(), SIGNATURE_DIGITS))
}

fn open(account: &WechatLoginAccount) -> Result<WechatLogin, String> {
    let secret = read(&account.secret_file)?;
    let application = Application::new(&account.appid, secret.trim());
    let application = application.map_err(|error| error.to_string())?;
    // A buyer waits at the phone, so no longer than that.
    let settings = client::Config {
        connect_timeout: Duration::from_secs(3),
        read_timeout: Duration::from_secs(5),
        total_timeout: Duration::from_secs(8),
        ..client::Config::new(account.base_url.as_deref().unwrap_or(BASE_URL))
    };
    let client = Client::new(&settings).map_err(|error| error.to_string())?;
    let page = account.authorize_url.as_deref().unwrap_or(AUTHORIZE_URL);
    Ok(WechatLogin::new(client, application, page.to_owned()))
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::{Logins, Moment, ShopId, Span, Stamps, state};

    #[test]
    fn a_state_is_one_shops_one_browsers_and_one_moments() {
        let stamps = Stamps::new("x");
        let (tea, silk) = (ShopId::parse("tea").unwrap(), ShopId::parse("silk").unwrap());
        let until = Moment::from_seconds(1_800_000_000);
        let one = state(&stamps, &tea, "a", until);
        assert!(one.len() == 52 && one.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{one}");
        for other in [
            state(&stamps, &silk, "a", until),
            state(&stamps, &tea, "b", until),
            state(&stamps, &tea, "a", until.after(Span::from_ms(1))),
        ] {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn a_state_is_used_once() {
        let logins = Logins::default();
        let at = Moment::from_seconds(1_800_000_000);
        let until = at.after(Span::seconds(600));
        assert!(logins.use_up("a", until, at));
        assert!(!logins.use_up("a", until, at));
        assert!(logins.use_up("b", until, until));
        assert_eq!(logins.used.lock().unwrap().len(), 1);
    }
}
