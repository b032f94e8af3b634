//! What happens by itself when time passes or money comes.

use super::{
    Books,
    entry::Entry,
    refund::{Refund, Status},
};

impl Books {
    /// Refunds whose moment has come: they reach their destiny, or are closed after a week without
    /// money.
    pub fn progress(&self, now_ms: i64) -> Vec<Entry> {
        let due = self.due.iter().take_while(|(due_ms, _)| *due_ms <= now_ms);
        due.filter_map(|(due_ms, key)| {
            let refund = self.refunds.get(key)?;
            let to = if refund.funded { refund.destiny } else { Status::Closed };
            Some(Entry::Moved { key: key.clone(), at_ms: *due_ms, to })
        })
        .collect()
    }

    /// Refunds that waited for money and can now be paid, oldest first.
    pub fn funding(&self, mchid: &str, due_ms: i64) -> Vec<Entry> {
        let waits = |refund: &&Refund| {
            refund.mchid == mchid && !refund.funded && refund.status == Status::Processing
        };
        let mut waiting: Vec<_> = self.refunds.values().filter(waits).collect();
        waiting.sort_by_key(|refund| refund.created_ms);
        let mut left_fen = self.balance_fen(mchid);
        let mut entries = Vec::new();
        for refund in waiting {
            if refund.shares.debited_fen <= left_fen {
                left_fen -= refund.shares.debited_fen;
                entries.push(Entry::Funded { key: refund.key(), due_ms });
            }
        }
        entries
    }
}
