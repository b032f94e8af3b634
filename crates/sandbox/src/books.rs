//! The sandbox's own books: payments, refunds, balances, notices.
//!
//! Pure: every change is an [`Entry`], and the books are what their entries made of them. The
//! journal keeps entries, so a killed sandbox wakes up with the same books.

pub mod amounts;
pub mod entry;
pub mod notice;
pub mod progress;
pub mod refund;
pub mod rules;
pub mod transaction;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use self::{
    entry::Entry,
    notice::Notice,
    refund::{Refund, Status},
    transaction::Transaction,
};

/// A refund by its merchant and the merchant's number for it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RefundKey {
    pub mchid: String,
    pub out_refund_no: String,
}

/// Everything WeChat Pay would know.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Books {
    balances: BTreeMap<String, i64>,
    transactions: BTreeMap<String, Transaction>,
    /// (mchid, out_trade_no) to transaction_id.
    trade_nos: BTreeMap<(String, String), String>,
    refunds: BTreeMap<RefundKey, Refund>,
    /// refund_id to key.
    refund_ids: BTreeMap<String, RefundKey>,
    /// transaction_id to its refunds, in the order they were accepted.
    by_transaction: BTreeMap<String, Vec<RefundKey>>,
    notices: BTreeMap<u64, Notice>,
    /// Refunds in progress by the moment something happens to them.
    due: BTreeSet<(i64, RefundKey)>,
    /// Notices by the moment they are posted next.
    notices_due: BTreeSet<(i64, u64)>,
    /// Notices that wait for a later one to overtake them.
    notices_held: BTreeSet<u64>,
}

impl Books {
    /// What a merchant's refunds are paid from.
    pub fn balance_fen(&self, mchid: &str) -> i64 {
        self.balances.get(mchid).copied().unwrap_or_default()
    }

    /// Every merchant with its balance in fen.
    pub fn balances(&self) -> impl Iterator<Item = (&str, i64)> {
        self.balances.iter().map(|(mchid, fen)| (mchid.as_str(), *fen))
    }

    /// A payment by WeChat's number.
    pub fn transaction(&self, transaction_id: &str) -> Option<&Transaction> {
        self.transactions.get(transaction_id)
    }

    /// A payment by the merchant's number.
    pub fn transaction_by_trade_no(&self, mchid: &str, out_trade_no: &str) -> Option<&Transaction> {
        let id = self.trade_nos.get(&(mchid.to_owned(), out_trade_no.to_owned()))?;
        self.transactions.get(id)
    }

    /// Every payment.
    pub fn transactions(&self) -> impl Iterator<Item = &Transaction> {
        self.transactions.values()
    }

    /// A refund by the merchant's number.
    pub fn refund(&self, mchid: &str, out_refund_no: &str) -> Option<&Refund> {
        let (mchid, out_refund_no) = (mchid.to_owned(), out_refund_no.to_owned());
        self.refunds.get(&RefundKey { mchid, out_refund_no })
    }

    /// A refund by WeChat's number.
    pub fn refund_by_id(&self, refund_id: &str) -> Option<&Refund> {
        self.refund_ids.get(refund_id).and_then(|key| self.refunds.get(key))
    }

    /// Every refund.
    pub fn refunds(&self) -> impl Iterator<Item = &Refund> {
        self.refunds.values()
    }

    /// Every refund of a payment in the order they were accepted, closed ones too.
    pub fn refunds_of(&self, transaction_id: &str) -> impl Iterator<Item = &Refund> {
        let keys = self.by_transaction.get(transaction_id).into_iter().flatten();
        keys.filter_map(|key| self.refunds.get(key))
    }

    /// What of a payment is refunded or on its way; closed refunds do not count.
    pub fn refunded_fen(&self, transaction_id: &str) -> i64 {
        self.refunds_of(transaction_id).filter(|r| !r.is_closed()).map(|r| r.refund_fen).sum()
    }

    /// Every notice, in the order they came into being.
    pub fn notices(&self) -> impl Iterator<Item = &Notice> {
        self.notices.values()
    }

    /// Notices to be posted by now, the most overdue first.
    pub fn notices_due(&self, now_ms: i64) -> impl Iterator<Item = &Notice> {
        let due = self.notices_due.iter().take_while(move |(due_ms, _)| *due_ms <= now_ms);
        due.filter_map(|(_, seq)| self.notices.get(seq))
    }

    pub(crate) fn next_notice_seq(&self) -> u64 {
        self.notices.last_key_value().map_or(1, |(seq, _)| seq + 1)
    }

    /// Makes the books what they are after this entry. Total: an entry about something unknown
    /// changes nothing, so a journal with a hole still loads.
    pub fn evolve(&mut self, entry: &Entry) {
        match entry {
            Entry::Transaction(transaction) => self.put(transaction.clone()),
            Entry::Balance { mchid, balance_fen } => {
                self.balances.insert(mchid.clone(), *balance_fen);
            }
            Entry::Accepted(refund) => self.accept((**refund).clone()),
            Entry::Funded { key, due_ms } => self.change(key, |refund, balance_fen| {
                refund.funded = true;
                refund.due_ms = *due_ms;
                *balance_fen -= refund.shares.debited_fen;
            }),
            Entry::Moved { key, at_ms, to } => self.change(key, |refund, balance_fen| {
                refund.moved(*to, *at_ms, balance_fen);
            }),
            Entry::AbnormalApplied { key, received_account, due_ms } => {
                self.change(key, |refund, _| {
                    refund.sent_another_way(received_account.clone(), *due_ms);
                });
            }
            Entry::NoticeQueued(notice) => {
                self.notices.insert(notice.seq, (**notice).clone());
                self.reindex(notice.seq, None);
            }
            Entry::NoticeTried { seq, attempt } => self.tried(*seq, attempt),
            Entry::Clock { .. } => {}
        }
    }

    fn put(&mut self, transaction: Transaction) {
        let id = transaction.transaction_id.clone();
        let trade_no = (transaction.mchid.clone(), transaction.out_trade_no.clone());
        self.trade_nos.insert(trade_no, id.clone());
        self.transactions.insert(id, transaction);
    }

    fn accept(&mut self, refund: Refund) {
        let key = refund.key();
        if refund.funded {
            *self.balances.entry(key.mchid.clone()).or_default() -= refund.shares.debited_fen;
        }
        self.refund_ids.insert(refund.refund_id.clone(), key.clone());
        self.by_transaction.entry(refund.transaction_id.clone()).or_default().push(key.clone());
        self.due.insert((refund.due_ms, key.clone()));
        self.refunds.insert(key, refund);
    }

    /// Changes a refund and its merchant's balance, and keeps the list of what is due in step.
    fn change(&mut self, key: &RefundKey, change: impl FnOnce(&mut Refund, &mut i64)) {
        let Some(refund) = self.refunds.get_mut(key) else { return };
        self.due.remove(&(refund.due_ms, key.clone()));
        change(refund, self.balances.entry(key.mchid.clone()).or_default());
        if refund.status == Status::Processing {
            self.due.insert((refund.due_ms, key.clone()));
        }
    }

    fn tried(&mut self, seq: u64, attempt: &notice::Attempt) {
        self.change_notice(seq, |notice| notice.tried(attempt));
        let overtaken: Vec<_> = self.notices_held.range(..seq).copied().collect();
        for held in overtaken {
            self.change_notice(held, |notice| notice.overtaken(attempt.at_ms));
        }
    }

    fn change_notice(&mut self, seq: u64, change: impl FnOnce(&mut Notice)) {
        let Some(notice) = self.notices.get_mut(&seq) else { return };
        let was_due_ms = notice.due_ms;
        change(notice);
        self.reindex(seq, was_due_ms);
    }

    /// Keeps the lists of what is due and what is held in step with a notice.
    fn reindex(&mut self, seq: u64, was_due_ms: Option<i64>) {
        let Some(notice) = self.notices.get(&seq) else { return };
        if let Some(due_ms) = was_due_ms {
            self.notices_due.remove(&(due_ms, seq));
        }
        if let Some(due_ms) = notice.due_ms {
            self.notices_due.insert((due_ms, seq));
        }
        if notice.held {
            self.notices_held.insert(seq);
        } else {
            self.notices_held.remove(&seq);
        }
    }
}
