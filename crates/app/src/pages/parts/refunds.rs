//! The refunds of a case: how much, which way, how far.

use crate::{
    i18n,
    pages::{page::name_of, text::Texts},
};
use domain::{
    allowed::{
        may_be_paid, may_be_replaced, may_take_account, may_take_card, waits_for_finance,
        waits_for_platform,
    },
    case::Case,
    facts::{Account, Facts},
    moment::Moment,
    policy::money,
    refund::{Path, Refund, State},
};

/// One refund.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Its number.
    pub refund_no: String,
    /// `¥59.00`.
    pub amount: String,
    /// Which way, in words.
    pub path_word: String,
    /// Its state's name, such as `accepted`.
    pub state: String,
    /// The state in words.
    pub state_word: String,
    /// How it looks: `done`, `moving`, `waiting`, `failed`, `past`.
    pub look: &'static str,
    /// Since when.
    pub since: Moment,
    /// Where the channel says it arrived.
    pub arrived_in: Option<String>,
    /// Why it waits or failed, in words.
    pub why: Option<String>,
    /// When it usually arrives, in words; absent once it is done or failed.
    pub expected: Option<String>,
    /// The designated account with all but its end hidden.
    pub account: Option<String>,
    /// The voucher of a payout.
    pub voucher: Option<String>,
    /// A card may be named.
    pub takes_card: bool,
    /// An account may be named.
    pub takes_account: bool,
    /// It may be ordered anew.
    pub replaceable: bool,
    /// Finance approves it.
    pub for_finance: bool,
    /// The platform approves it.
    pub for_platform: bool,
    /// It may be paid out.
    pub payable: bool,
}

/// The refunds of a case, in the order they were made.
#[must_use]
pub fn of_case(case: &Case, facts: &Facts, texts: Texts) -> Vec<Shown> {
    case.refunds.iter().map(|refund| one(refund, facts, texts)).collect()
}

/// One refund in words.
#[must_use]
pub fn one(refund: &Refund, facts: &Facts, texts: Texts) -> Shown {
    let state = name_of(&refund.state);
    let path = match refund.path {
        Path::Original(_) => "original",
        Path::ThirdParty(_) => "third-party",
        Path::Designated => "designated",
    };
    Shown {
        refund_no: refund.refund_no.to_string(),
        amount: money(refund.amount),
        path_word: texts.word_of("path", path),
        state_word: texts.word_of("state", &state),
        state,
        look: look(refund.state),
        since: refund.since,
        arrived_in: refund.arrived_in.clone(),
        why: code(refund).map(|code| why(code, texts)),
        expected: expected(refund, facts).map(|key| texts.t(key)),
        account: refund.account_masked.clone(),
        voucher: refund.voucher.clone(),
        takes_card: may_take_card(refund),
        takes_account: may_take_account(refund),
        replaceable: may_be_replaced(refund),
        for_finance: waits_for_finance(refund),
        for_platform: waits_for_platform(refund),
        payable: may_be_paid(refund),
    }
}

const fn look(state: State) -> &'static str {
    match state {
        State::Succeeded | State::Paid => "done",
        State::Ordered | State::Accepted | State::Uncertain => "moving",
        State::Waiting | State::AwaitingApproval | State::Approved => "waiting",
        State::Abnormal | State::Declined | State::ClosedByChannel => "failed",
        State::Replaced => "past",
    }
}

/// Why it waits or failed; of one that is being checked, what it waited for before says nothing.
fn code(refund: &Refund) -> Option<&str> {
    refund.code.as_deref().filter(|_| refund.state != State::Uncertain)
}

/// A code of the payment channel in plain words; what is not known is said with its code.
#[must_use]
pub fn why(code: &str, texts: Texts) -> String {
    let key = format!("code-{}", code.to_ascii_lowercase().replace('_', "-"));
    if i18n::has(texts.0, &key) { texts.t(&key) } else { texts.t1("code-other", "code", code) }
}

/// When money usually arrives, by the kind of account it goes back to (WeChat Pay: balance at
/// once, cards one to three working days, credit cards up to seven).
fn expected(refund: &Refund, facts: &Facts) -> Option<&'static str> {
    match refund.state {
        State::Ordered | State::Accepted => {}
        State::Waiting => return Some("expected-after-shop"),
        State::AwaitingApproval | State::Approved => return Some("expected-payout"),
        State::Uncertain
        | State::Succeeded
        | State::Abnormal
        | State::Declined
        | State::ClosedByChannel
        | State::Replaced
        | State::Paid => return None,
    }
    let tender = refund.path.transaction().and_then(|id| facts.tender(id))?;
    Some(match tender.account {
        Account::Balance => "expected-balance",
        Account::DebitCard => "expected-debit-card",
        Account::CreditCard => "expected-credit-card",
        Account::ThirdParty => "expected-payout",
    })
}
