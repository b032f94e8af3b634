//! What the running sandbox shares: keys, clock, and the one lock around its books.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use crate::{
    books::{Books, entry::Entry, refund::Refund, transaction::PayerAccount},
    clock::Clock,
    config::{Config, Merchant, Pace, Time},
    faults::{Call, Faults, Kind, Stage},
    journal::{Journal, replay},
    keys::der,
    start::StartError,
    wechat_login::Login,
    wechat_pay::{notices, platform::Platform},
};

/// How long a receiver has to answer a notice.
const NOTICE_TIMEOUT: Duration = Duration::from_secs(5);

/// A merchant as requests are checked against.
pub(crate) struct MerchantAccess {
    pub mchid: String,
    pub apiv3_key: String,
    pub certificate_serial: String,
    pub public_key_der: Vec<u8>,
    pub fee_rate_ppm: i64,
}

/// What changes.
pub(crate) struct State {
    pub books: Books,
    pub faults: Faults,
    journal: Journal,
}

/// What the running sandbox shares.
pub(crate) struct World {
    pub clock: Clock,
    pub platform: Platform,
    pub merchants: BTreeMap<String, MerchantAccess>,
    pub pace: Pace,
    pub http: reqwest::Client,
    pub login: Login,
    /// Held while notices are posted, so that none is posted twice by chance.
    pub delivering: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

impl World {
    pub(crate) fn new(config: &Config) -> Result<Self, StartError> {
        let (journal, entries) = match &config.journal {
            Some(path) => Journal::open(path).map_err(StartError::Journal)?,
            None => (Journal::Memory, Vec::new()),
        };
        let clock = match config.time {
            Time::Flows => Clock::default(),
            Time::StandsStill => Clock::stopped(),
        };
        for entry in &entries {
            if let Entry::Clock { offset_ms } = entry {
                clock.set_offset_ms(*offset_ms);
            }
        }
        let mut state = State { books: replay(&entries), faults: Faults::default(), journal };
        let mut merchants = BTreeMap::new();
        for merchant in &config.merchants {
            let Merchant { mchid, balance_fen, .. } = merchant.clone();
            if !state.books.balances().any(|(known, _)| known == mchid) {
                state.commit(Entry::Balance { mchid: mchid.clone(), balance_fen });
            }
            merchants.insert(mchid, access(merchant)?);
        }
        Ok(Self {
            clock,
            platform: Platform::new(config.mode, &config.platform)?,
            merchants,
            pace: config.pace,
            http: reqwest::Client::builder()
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                .timeout(NOTICE_TIMEOUT)
                .build()
                .map_err(StartError::Http)?,
            login: Login::default(),
            delivering: tokio::sync::Mutex::new(()),
            state: Mutex::new(state),
        })
    }

    /// The only way to the books: under the lock, after everything due has happened.
    pub(crate) fn act<T>(&self, act: impl FnOnce(&mut State, i64) -> T) -> T {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let now_ms = self.clock.now_ms();
        self.settle(&mut state, now_ms);
        act(&mut state, now_ms)
    }

    /// Lets every refund whose moment has come reach its end, and makes its notice.
    pub(crate) fn settle(&self, state: &mut State, now_ms: i64) {
        for entry in state.books.progress(now_ms) {
            let Entry::Moved { key, at_ms, .. } = &entry else { continue };
            let (key, at_ms) = (key.clone(), *at_ms);
            state.commit(entry);
            let refund = state.books.refund(&key.mchid, &key.out_refund_no).cloned();
            if let Some(refund) = refund {
                self.announce(state, &refund, at_ms);
            }
        }
    }

    fn announce(&self, state: &mut State, refund: &Refund, at_ms: i64) {
        let Some(merchant) = self.merchants.get(&refund.mchid) else { return };
        let faults = state.faults.meeting(Stage::Notice, &refund.out_refund_no);
        let notice = notices::compose(state, refund, &merchant.apiv3_key, at_ms, &faults);
        if let Some(notice) = notice {
            state.commit(Entry::NoticeQueued(Box::new(notice)));
        }
    }

    /// The fault of conduct this request meets, if any.
    pub(crate) fn conduct(&self, call: Call, out_refund_no: &str) -> Option<Kind> {
        self.act(|state, _| state.faults.conduct(call, out_refund_no))
    }

    /// Sets a balance; refunds that waited for money take it at once.
    pub(crate) fn set_balance(&self, mchid: &str, balance_fen: i64) {
        self.act(|state, now_ms| {
            state.commit(Entry::Balance { mchid: mchid.to_owned(), balance_fen });
            let due_ms = now_ms + millis(self.pace.balance);
            for entry in state.books.funding(mchid, due_ms) {
                state.commit(entry);
            }
        });
    }

    /// Moves the clock; what became due happens with the next look at the books.
    pub(crate) fn set_clock(&self, offset_ms: i64) {
        self.act(|state, _| state.commit(Entry::Clock { offset_ms }));
        self.clock.set_offset_ms(offset_ms);
    }

    pub(crate) fn delay_ms(&self, account: &PayerAccount) -> i64 {
        if account.is_card() { self.card_delay_ms() } else { millis(self.pace.balance) }
    }

    pub(crate) fn card_delay_ms(&self) -> i64 {
        millis(self.pace.card)
    }
}

impl State {
    /// Writes the entry down, then makes it so.
    pub(crate) fn commit(&mut self, entry: Entry) {
        if let Err(error) = self.journal.write(&entry) {
            tracing::error!(%error, "the sandbox cannot write its journal");
        }
        self.books.evolve(&entry);
    }
}

pub(crate) fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

fn access(merchant: &Merchant) -> Result<MerchantAccess, StartError> {
    if merchant.apiv3_key.len() != 32 {
        return Err(StartError::ApiV3Key(merchant.mchid.clone()));
    }
    Ok(MerchantAccess {
        mchid: merchant.mchid.clone(),
        apiv3_key: merchant.apiv3_key.clone(),
        certificate_serial: merchant.certificate_serial.clone(),
        public_key_der: der(&merchant.public_key_pem, "PUBLIC KEY")?,
        fee_rate_ppm: merchant.fee_rate_ppm,
    })
}
