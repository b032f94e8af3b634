//! The payment channel of every shop: effects become questions to WeChat Pay, answers become
//! outcomes. Not knowing is an outcome: the same number is asked again, never another one.

mod notice;
#[cfg(test)]
mod tests;

pub use notice::{Place, Untaken, news_of_notice, take_notice};

use crate::{
    pace::Pace,
    wechat_pay::{
        WechatPay,
        answer::{Answer, Declined, Retry},
        private::Private,
        refund::{
            self, Refund, Status,
            abnormal::{ApplyAbnormal, Bank, Route, SealedBankCard},
            apply::{Apply, Draft, Order},
        },
        sign::Stamp,
        transaction,
    },
};
use async_trait::async_trait;
use domain::{
    command::RefundNews,
    effect::{Effect, RefundOrder},
    event::SealedCard,
    id::{RefundNo, ShopId, TransactionId},
    moment::{Moment, Span},
};
use engine::{
    ports::{Asked, Channel, Next, Outcome},
    pump::{LEASE, backoff},
};
use std::{collections::BTreeMap, sync::Arc};

/// An abnormal refund, a shortage, a key that is wrong: people mend it, then it goes on.
const MENDED_AGAIN: Span = Span::seconds(300);
/// A final no is believed after so long, if the number is not known then. Two processes may ask for
/// the same refund when a lease has run out, and the other may be told yes. By then a request of an
/// earlier lease is of no use: WeChat Pay takes a signature of the last five minutes.
const BELIEVED_AFTER: Span = Span::seconds(330);
const _: () = assert!(BELIEVED_AFTER.ms() > LEASE.ms());
/// What an attempt leaves that was told a final no, before the channel's code.
const DECLINED: &str = "declined: ";
/// A refund that is being carried out is asked about so often at first (WeChat Pay API v3:
/// every minute, after five minutes less and less often).
const PROCESSING_AGAIN: [Span; 8] = [
    Span::seconds(60),
    Span::seconds(60),
    Span::seconds(60),
    Span::seconds(60),
    Span::seconds(300),
    Span::seconds(600),
    Span::seconds(1_200),
    Span::seconds(1_800),
];
/// What the buyer reads beside the refund.
const REASON: &str = "售后退款";

/// The merchant accounts of all shops.
#[derive(Default)]
pub struct Accounts {
    shops: BTreeMap<ShopId, Account>,
}

/// One merchant account.
#[derive(Clone)]
pub struct Account {
    /// The line to WeChat Pay.
    pub line: Arc<WechatPay>,
    /// Where it posts its notices; the case's id is added to it.
    pub notify_url: Option<String>,
    /// Whether it believes platform certificates, which are renewed.
    pub renews: bool,
    /// Keeps applications below what WeChat Pay takes in a second.
    pub pace: Arc<Pace>,
    /// Where the nonces of requests come from: randomness is let in by whoever assembles.
    pub nonce: fn() -> String,
}

/// Why a card could not be sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealTrouble {
    /// The card cannot take a refund.
    Card,
    /// The shop has no merchant account here.
    NoAccount,
}

impl Accounts {
    /// Takes the accounts of shops.
    #[must_use]
    pub const fn new(shops: BTreeMap<ShopId, Account>) -> Self {
        Self { shops }
    }

    /// The account of a shop.
    #[must_use]
    pub fn of(&self, shop_id: &ShopId) -> Option<&Account> {
        self.shops.get(shop_id)
    }

    /// The shops that have one.
    pub fn shops(&self) -> impl Iterator<Item = (&ShopId, &Account)> {
        self.shops.iter()
    }

    /// Encrypts a card for the channel alone.
    ///
    /// # Errors
    /// [`SealTrouble`] if the card or the account will not do.
    pub fn seal_card(
        &self,
        shop_id: &ShopId,
        (bank_type, bank_account, real_name): (&str, &str, &str),
        at: Moment,
    ) -> Result<SealedCard, SealTrouble> {
        let line = &self.of(shop_id).ok_or(SealTrouble::NoAccount)?.line;
        let bank = Bank::named(bank_type).ok_or(SealTrouble::Card)?;
        let (card, name) = (Private::new(bank_account), Private::new(real_name));
        let sealed = SealedBankCard::seal(&line.credentials(), (bank, &card, &name), at.seconds())
            .map_err(|_| SealTrouble::Card)?;
        Ok(SealedCard {
            bank_type: bank_type.to_owned(),
            bank_account: sealed.account,
            real_name: sealed.name,
            key_id: sealed.key_id,
        })
    }
}

#[async_trait]
impl Channel for Accounts {
    async fn carry_out(&self, asked: &Asked<'_>) -> Outcome {
        let Some(account) = self.of(asked.shop_id) else {
            return waits("NO_MERCHANT_ACCOUNT", MENDED_AGAIN);
        };
        match asked.effect {
            Effect::Refund(order) => account.refund(order, asked).await,
            Effect::QueryRefund { refund_no } => account.query(refund_no, asked).await,
            Effect::RefundToCard { refund_no, channel_no, sealed } => {
                account.to_card((refund_no, channel_no), sealed, asked).await
            }
            Effect::QueryTransaction { transaction_id, refund_no } => {
                account.look_into(transaction_id, refund_no, asked).await
            }
        }
    }
}

impl Account {
    /// After a lost answer the channel is asked first; only what it does not know is sent again,
    /// with the same number and the same words. After a final no it is asked as well, and what it
    /// does not know then is declined.
    async fn refund(&self, order: &RefundOrder, asked: &Asked<'_>) -> Outcome {
        if asked.attempt > 1 {
            match self.ask(&order.refund_no, asked.at).await {
                Answer::Known(refund) => return outcome(&refund, asked),
                Answer::NotFound(_) => {
                    if let Some(code) = asked.note.strip_prefix(DECLINED) {
                        return believed(code);
                    }
                }
                Answer::Declined(declined) => return again_after(&declined),
                Answer::Unknown(unknown) => return lost(&unknown.why.to_string(), asked),
            }
        }
        let Some(apply) = self.application(order) else {
            return bury("the application cannot be written");
        };
        self.pace.wait().await;
        let nonce = (self.nonce)();
        let stamp = Stamp { now_s: asked.at.seconds(), nonce: &nonce };
        match self.line.apply_refund(&apply, stamp).await {
            Answer::Known(refund) => outcome(&refund, asked),
            Answer::Unknown(unknown) => lost(&unknown.why.to_string(), asked),
            Answer::Declined(declined) | Answer::NotFound(declined) => declines(&declined),
        }
    }

    fn application(&self, order: &RefundOrder) -> Option<Apply> {
        let payment = Order::TransactionId(order.transaction_id.to_string());
        let (refund, total) = (order.amount.minor(), order.total.minor());
        let mut draft = Draft::new(payment, order.refund_no.as_str(), refund, total);
        draft.reason = Some(REASON.to_owned());
        let notify_url = self.notify_url.as_ref();
        draft.notify_url = notify_url.map(|url| format!("{url}/{}", order.case_id));
        Apply::new(draft).ok()
    }

    async fn ask(&self, refund_no: &RefundNo, at: Moment) -> Answer<Refund> {
        let nonce = (self.nonce)();
        let stamp = Stamp { now_s: at.seconds(), nonce: &nonce };
        match refund::Query::new(refund_no.as_str()) {
            Ok(query) => self.line.query_refund(&query, stamp).await,
            // A number that is none was never sent.
            Err(invalid) => Answer::never_left(&invalid.to_string()),
        }
    }

    async fn query(&self, refund_no: &RefundNo, asked: &Asked<'_>) -> Outcome {
        match self.ask(refund_no, asked.at).await {
            Answer::Known(refund) => outcome(&refund, asked),
            Answer::Unknown(unknown) => lost(&unknown.why.to_string(), asked),
            Answer::Declined(declined) | Answer::NotFound(declined) => again_after(&declined),
        }
    }

    async fn to_card(
        &self,
        (refund_no, channel_no): (&RefundNo, &str),
        sealed: &SealedCard,
        asked: &Asked<'_>,
    ) -> Outcome {
        let Some(bank) = Bank::named(&sealed.bank_type) else { return bury("no such bank") };
        let card = SealedBankCard {
            bank,
            account: sealed.bank_account.clone(),
            name: sealed.real_name.clone(),
            key_id: sealed.key_id.clone(),
        };
        let apply = ApplyAbnormal::new(channel_no, refund_no.as_str(), Route::Sealed(card));
        let Ok(apply) = apply else { return bury("the application cannot be written") };
        let nonce = (self.nonce)();
        let stamp = Stamp { now_s: asked.at.seconds(), nonce: &nonce };
        match self.line.apply_abnormal_refund(&apply, stamp).await {
            Answer::Known(refund) => outcome(&refund, asked),
            Answer::Unknown(unknown) => lost(&unknown.why.to_string(), asked),
            Answer::Declined(declined) | Answer::NotFound(declined) => {
                self.refused_card(refund_no, &declined, asked).await
            }
        }
    }

    /// A card that is refused may be refused because an earlier application, whose answer was
    /// lost, was taken: then the refund is not abnormal any more, and what has become of it is the
    /// answer. Otherwise it stays abnormal and another card can be named.
    async fn refused_card(
        &self,
        refund_no: &RefundNo,
        declined: &Declined,
        asked: &Asked<'_>,
    ) -> Outcome {
        match self.ask(refund_no, asked.at).await {
            Answer::Known(refund) if refund.status != Status::Abnormal => outcome(&refund, asked),
            Answer::Known(_) | Answer::Declined(_) | Answer::NotFound(_) => bury(&declined.code),
            Answer::Unknown(unknown) => lost(&unknown.why.to_string(), asked),
        }
    }

    /// A ticket: how do the payment and the refund stand (F8)?
    async fn look_into(
        &self,
        transaction_id: &TransactionId,
        refund_no: &RefundNo,
        asked: &Asked<'_>,
    ) -> Outcome {
        let Ok(query) = transaction::Query::new(transaction_id.as_str()) else {
            return bury("the transaction cannot be asked about");
        };
        let nonce = (self.nonce)();
        let stamp = Stamp { now_s: asked.at.seconds(), nonce: &nonce };
        let payment = match self.line.query_transaction(&query, stamp).await {
            Answer::Known(payment) => format!("{:?}", payment.trade_state).to_uppercase(),
            Answer::NotFound(declined) | Answer::Declined(declined) => declined.code,
            Answer::Unknown(unknown) => return lost(&unknown.why.to_string(), asked),
        };
        let (refund, news) = match self.ask(refund_no, asked.at).await {
            Answer::Known(refund) => {
                (format!("{:?}", refund.status).to_uppercase(), Some(news(&refund)))
            }
            Answer::NotFound(declined) | Answer::Declined(declined) => (declined.code, None),
            Answer::Unknown(unknown) => return lost(&unknown.why.to_string(), asked),
        };
        Outcome { news, answer: Some((payment, refund)), next: Next::Settle }
    }
}

/// What the channel says of a refund, as news.
#[must_use]
pub fn news(refund: &Refund) -> RefundNews {
    let channel_no = refund.refund_id.clone();
    match refund.status {
        Status::Processing => RefundNews::Processing { channel_no },
        Status::Success => RefundNews::Succeeded {
            channel_no,
            at: at(refund.success_time.map_or(0, |time| time.unix_s())),
            arrived_in: arrived(refund.user_received_account.as_ref()),
        },
        Status::Closed => RefundNews::Closed { channel_no },
        Status::Abnormal => RefundNews::Abnormal { channel_no },
    }
}

fn at(seconds: i64) -> Moment {
    Moment::from_seconds(seconds)
}

/// Bank, kind of card and its last four digits: masked by the channel itself.
fn arrived(account: Option<&Private>) -> String {
    account.map(|account| account.reveal().to_owned()).unwrap_or_default()
}

fn outcome(refund: &Refund, asked: &Asked<'_>) -> Outcome {
    let processing = refund.status == Status::Processing;
    let next = match asked.effect {
        // An accepted application is done; its query follows from the event.
        Effect::QueryRefund { .. } if processing => {
            let n = usize::try_from(asked.attempt).unwrap_or(usize::MAX);
            let last = PROCESSING_AGAIN.last().copied().unwrap_or(MENDED_AGAIN);
            let after = PROCESSING_AGAIN.get(n).copied().unwrap_or(last);
            Next::Again { after, note: "PROCESSING".to_owned() }
        }
        Effect::Refund(_)
        | Effect::QueryRefund { .. }
        | Effect::RefundToCard { .. }
        | Effect::QueryTransaction { .. } => Next::Settle,
    };
    Outcome { news: Some(news(refund)), answer: None, next }
}

/// The answer was lost: the same number is asked again.
fn lost(why: &str, asked: &Asked<'_>) -> Outcome {
    let note = why.chars().take(200).collect();
    let after = backoff(asked.attempt, asked.at);
    let applied = matches!(asked.effect, Effect::Refund(_));
    let news = applied.then_some(RefundNews::Unknown);
    Outcome { news, answer: None, next: Next::Again { after, note } }
}

fn waits(code: &str, after: Span) -> Outcome {
    let code = code.to_owned();
    let news = Some(RefundNews::Waits { code: code.clone() });
    Outcome { news, answer: None, next: Next::Again { after, note: code } }
}

fn again_after(declined: &Declined) -> Outcome {
    let note = declined.code.clone();
    Outcome { news: None, answer: None, next: Next::Again { after: MENDED_AGAIN, note } }
}

/// A shortage or a wrong key is mended by people, and the refund goes on by itself (F4). A final
/// no is looked into once more before it is believed.
fn declines(declined: &Declined) -> Outcome {
    match declined.retry {
        Retry::AfterTopUp | Retry::AfterRepair => waits(&declined.code, MENDED_AGAIN),
        Retry::Never | Retry::AnotherWay => {
            let note = format!("{DECLINED}{}", declined.code);
            let next = Next::Again { after: BELIEVED_AFTER, note };
            Outcome { news: Some(RefundNews::Unknown), answer: None, next }
        }
    }
}

/// A final no, told to people, who find another way.
fn believed(code: &str) -> Outcome {
    let news = Some(RefundNews::Declined { code: code.to_owned() });
    Outcome { news, answer: None, next: Next::Settle }
}

fn bury(note: &str) -> Outcome {
    Outcome { news: None, answer: None, next: Next::Bury { note: note.to_owned() } }
}
