//! What a sandbox is started with.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use serde::{Deserialize, Serialize};

use crate::keys::{Keys, PlatformKeys};

/// Which kind of merchant the sandbox plays WeChat Pay for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyMode {
    /// Everything is signed with the WeChat Pay public key; there are no certificates.
    PublicKey,
    /// Everything is signed with the platform certificate.
    Certificate,
    /// Answers follow the request's `Wechatpay-Serial`; notices come under both in turn.
    Switching,
}

/// A merchant as the sandbox knows it.
#[derive(Clone)]
pub struct Merchant {
    pub mchid: String,
    pub apiv3_key: String,
    /// Serial of the merchant API certificate.
    pub certificate_serial: String,
    /// SPKI PEM of the key requests are signed with.
    pub public_key_pem: String,
    /// What refunds are paid from.
    pub balance_fen: i64,
    /// WeChat Pay's fee on payments in millionths; a refund gives its share back.
    pub fee_rate_ppm: i64,
}

impl std::fmt::Debug for Merchant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Merchant")
            .field("mchid", &self.mchid)
            .field("balance_fen", &self.balance_fen)
            .finish_non_exhaustive()
    }
}

/// Whether sandbox time flows by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    Flows,
    /// From the start on it moves only when it is moved: for tests that must not depend on how
    /// fast they run.
    StandsStill,
}

/// How fast things happen. Refunds move in sandbox time; only what a socket sees is real time.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// From acceptance to success for a balance; about five minutes at the real one.
    pub balance: Duration,
    /// From acceptance to success for a card; one to three working days at the real one.
    pub card: Duration,
    /// Real time a silenced answer is held before the connection is broken.
    pub silence: Duration,
    /// Real time between two looks at what is due; `None` leaves that to `Sandbox::tick`.
    pub tick: Option<Duration>,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            balance: Duration::from_secs(3),
            card: Duration::from_secs(30),
            silence: Duration::from_secs(60),
            tick: Some(Duration::from_millis(200)),
        }
    }
}

/// What a sandbox is started with.
#[derive(Clone, Debug)]
pub struct Config {
    /// Port 0 takes any free one.
    pub bind: SocketAddr,
    pub mode: KeyMode,
    pub platform: PlatformKeys,
    pub merchants: Vec<Merchant>,
    /// Where the books are kept across restarts; without it they are forgotten.
    pub journal: Option<PathBuf>,
    pub pace: Pace,
    pub time: Time,
}

impl Config {
    /// One merchant with the given keys, any free port, nothing kept.
    pub fn new(mode: KeyMode, keys: &Keys, mchid: &str, balance_fen: i64) -> Self {
        Self {
            bind: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            mode,
            platform: keys.platform.clone(),
            merchants: vec![keys.merchant.merchant(mchid, balance_fen)],
            journal: None,
            pace: Pace::default(),
            time: Time::Flows,
        }
    }
}
