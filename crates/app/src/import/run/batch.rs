//! Puts what a source reads together in batches, limited by count and by bytes.

use crate::import::{Parsed, Source, fault::LineFault};
use domain::{facts::Facts, id::OrderId};
use std::{collections::HashSet, ops::Range};
use tokio::sync::mpsc::Sender;

/// The most orders of a batch.
pub const ORDERS_MAX: usize = 512;

/// A batch is closed when the lines in it reach this size, in bytes.
const BYTES_MAX: usize = 1 << 20;

/// Orders to be stored, with where they came from, and what cannot be.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) facts: Vec<Facts>,
    pub(super) origins: Vec<Origin>,
    pub(super) bad: Vec<Parsed>,
    /// Bytes of the input read up to here.
    pub(super) bytes: u64,
    /// Set on the last batch of an input that broke off.
    pub(super) broken: Option<LineFault>,
    size: usize,
}

/// Where an order came from.
#[derive(Debug)]
pub(super) struct Origin {
    pub(super) lines: Range<u64>,
    pub(super) raw: Vec<u8>,
}

/// Reads a source to its end, or until nobody wants more.
pub(super) fn read(mut source: Source, sender: &Sender<Batch>) {
    let mut batch = Batch::default();
    let mut ids: HashSet<OrderId> = HashSet::new();
    while let Some(parsed) = source.next() {
        let again = parsed.result.as_ref().is_ok_and(|facts| ids.contains(&facts.order_id));
        if again || batch.is_full() {
            batch.bytes = source.bytes_read();
            ids.clear();
            if sender.blocking_send(std::mem::take(&mut batch)).is_err() {
                return;
            }
        }
        ids.extend(parsed.result.as_ref().ok().map(|facts| facts.order_id.clone()));
        batch.add(parsed);
    }
    batch.bytes = source.bytes_read();
    // Nobody wants the rest: the run has stopped and says why itself.
    let _ = sender.blocking_send(batch);
}

impl Batch {
    fn is_full(&self) -> bool {
        let count = self.origins.len().saturating_add(self.bad.len());
        count >= ORDERS_MAX || self.size >= BYTES_MAX
    }

    fn add(&mut self, parsed: Parsed) {
        self.size = self.size.saturating_add(parsed.raw.len());
        let Parsed { lines, result, raw } = parsed;
        match result {
            Ok(facts) => {
                self.facts.push(*facts);
                self.origins.push(Origin { lines, raw });
            }
            Err(fault) if fault.ends_input() => self.broken = Some(fault),
            Err(fault) => self.bad.push(Parsed { lines, result: Err(fault), raw }),
        }
    }
}
