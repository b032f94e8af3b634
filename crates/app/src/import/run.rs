//! Carries orders from a source to a sink in batches, a bounded number of them under way at once.
//!
//! Reading happens on a thread of its own, so that it goes on while the sink writes. An order that
//! stands twice in a file is put in the order of the file: two batches that share an order are
//! never under way together. Stopping in the middle loses nothing: what was put stays put, and
//! running again finds it unchanged.

mod batch;

use crate::import::{
    Parsed, Source,
    fault::{LineFault, Words},
    reject::Rejects,
    report::{Purpose, Report, Tally},
};
use async_trait::async_trait;
use batch::{Batch, Origin};
use domain::{facts::Facts, id::OrderId};
use futures_util::{StreamExt, future::BoxFuture, stream::FuturesOrdered};
use std::{borrow::Cow, collections::HashSet, io, time::Duration};
use tokio::sync::mpsc;

pub use batch::ORDERS_MAX as BATCH_ORDERS_MAX;

/// Batches handed to the sink and not yet answered: two transactions of an import, one that is
/// written and one that is being decided.
const FLIGHTS_MAX: usize = 16;

/// Batches read ahead of the sink.
const READY_MAX: usize = 4;

/// What became of an order at the sink.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// It was not known.
    New,
    /// It was known with other facts.
    Changed,
    /// It was known with these facts.
    Same,
}

/// Why the sink did not take an order. It goes to the reject file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declined {
    /// The stable code, such as a refusal's.
    pub code: String,
    /// Why, in Chinese.
    pub zh: String,
    /// Why, in English.
    pub en: String,
}

/// The sink cannot take anything now; the import stops and can be run again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("storing orders failed: {0}")]
pub struct Outage(pub String);

/// Takes orders.
#[async_trait]
pub trait Sink: Send + Sync {
    /// Stores a batch of at most [`BATCH_ORDERS_MAX`] orders, no order twice in it. Answers for
    /// each in the order given. Storing an order again that it has must answer [`Stored::Same`].
    async fn put(&self, batch: Vec<Facts>) -> Result<Vec<Result<Stored, Declined>>, Outage>;
}

/// Where the orders go.
pub enum Target<'a> {
    /// Nowhere: they are only read and checked.
    Check,
    /// To a sink.
    Store(&'a dyn Sink),
}

/// What a run needs besides source and target.
pub struct Options {
    /// Takes what cannot be imported.
    pub rejects: Rejects,
    /// Tells how long the run has taken so far.
    pub elapsed: Box<dyn Fn() -> Duration + Send + Sync>,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tick {
    /// Bytes of the input whose orders are dealt with.
    pub bytes: u64,
    /// Orders dealt with.
    pub read: u64,
    /// Orders rejected among them.
    pub rejected: u64,
}

/// Why a run stopped before its end.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    /// The input broke off.
    #[error("{0}")]
    Input(LineFault),
    /// The sink failed.
    #[error("{0}")]
    Sink(#[from] Outage),
    /// The reject file could not be written.
    #[error("writing the reject file failed")]
    Rejects(#[source] io::Error),
}

/// A run that stopped before its end, and what it did until then.
#[derive(Debug, thiserror::Error)]
#[error("the import stopped after {} orders", .report.tally.read)]
pub struct Interrupted {
    /// What was done.
    pub report: Box<Report>,
    /// Why it stopped.
    #[source]
    pub cause: Cause,
}

impl Declined {
    /// A refusal of which only the code is known.
    #[must_use]
    pub fn of_code(code: &str) -> Self {
        let (zh, en) = (format!("未被接受（{code}）。"), format!("not accepted ({code})"));
        Self { code: code.to_owned(), zh, en }
    }
}

/// Imports a source. `progress` is told after each batch.
///
/// # Errors
/// [`Interrupted`] if input, sink or reject file fail; running again goes on from there.
pub async fn run(
    source: Source,
    target: Target<'_>,
    options: Options,
    progress: &mut (dyn FnMut(Tick) + Send),
) -> Result<Report, Interrupted> {
    let Options { mut rejects, elapsed } = options;
    rejects.header(source.header());
    let (sender, mut ready) = mpsc::channel(READY_MAX);
    // Ends by itself when the receiver is dropped, at the latest with its next batch.
    let _reading = tokio::task::spawn_blocking(move || batch::read(source, &sender));
    let mut landing = Landing { tally: Tally::default(), faults: Vec::new(), rejects, progress };
    let ended = carry(&mut ready, &target, &mut landing).await;
    let closed = landing.rejects.close().map_err(Cause::Rejects);
    let report = Report {
        purpose: match target {
            Target::Check => Purpose::Check,
            Target::Store(_) => Purpose::Store,
        },
        tally: landing.tally,
        faults: landing.faults,
        reject_file: landing.rejects.written(),
        elapsed: elapsed(),
    };
    match ended.and(closed) {
        Ok(()) => Ok(report),
        Err(cause) => Err(Interrupted { report: Box::new(report), cause }),
    }
}

type Verdicts = Result<Vec<Result<Stored, Declined>>, Outage>;
type Flight<'a> = BoxFuture<'a, (Vec<OrderId>, Batch, Verdicts)>;

async fn carry(
    ready: &mut mpsc::Receiver<Batch>,
    target: &Target<'_>,
    landing: &mut Landing<'_>,
) -> Result<(), Cause> {
    let mut flights: FuturesOrdered<Flight<'_>> = FuturesOrdered::new();
    let mut aloft: HashSet<OrderId> = HashSet::new();
    let mut waiting: Option<Batch> = None;
    let mut more = true;
    loop {
        if let Some(batch) = waiting.take() {
            let clear = batch.facts.iter().all(|facts| !aloft.contains(&facts.order_id));
            if clear && flights.len() < FLIGHTS_MAX {
                let ids: Vec<OrderId> =
                    batch.facts.iter().map(|facts| facts.order_id.clone()).collect();
                aloft.extend(ids.iter().cloned());
                flights.push_back(fly(target, ids, batch));
            } else {
                waiting = Some(batch);
            }
        }
        let wants = more && waiting.is_none();
        tokio::select! {
            biased;
            Some((ids, batch, verdicts)) = flights.next(), if !flights.is_empty() => {
                for id in &ids {
                    aloft.remove(id);
                }
                landing.land(batch, verdicts)?;
            }
            batch = ready.recv(), if wants => {
                more = batch.is_some();
                waiting = batch;
            }
            else => return Ok(()),
        }
    }
}

fn fly<'a>(target: &'a Target<'_>, ids: Vec<OrderId>, mut batch: Batch) -> Flight<'a> {
    Box::pin(async move {
        let facts = std::mem::take(&mut batch.facts);
        let verdicts = match target {
            Target::Store(sink) if !facts.is_empty() => sink.put(facts).await,
            Target::Store(_) | Target::Check => Ok(Vec::new()),
        };
        (ids, batch, verdicts)
    })
}

/// Where batches come down: what became of each order is counted, or written to the reject file.
struct Landing<'a> {
    tally: Tally,
    faults: Vec<LineFault>,
    rejects: Rejects,
    progress: &'a mut (dyn FnMut(Tick) + Send),
}

impl Landing<'_> {
    fn land(&mut self, batch: Batch, verdicts: Verdicts) -> Result<(), Cause> {
        let verdicts = verdicts?;
        let given = batch.origins.len();
        let read = u64::try_from(given.saturating_add(batch.bad.len())).unwrap_or(u64::MAX);
        self.tally.read = self.tally.read.saturating_add(read);
        if !verdicts.is_empty() && verdicts.len() != given {
            let answered = verdicts.len();
            return Err(Outage(format!("{answered} answers for {given} orders")).into());
        }
        let mut verdicts = verdicts.into_iter();
        let mut bad = batch.bad;
        for origin in batch.origins {
            match verdicts.next() {
                None => self.tally.checked = self.tally.checked.saturating_add(1),
                Some(Ok(stored)) => self.tally.count(stored),
                Some(Err(declined)) => bad.push(origin.declined(declined)),
            }
        }
        bad.sort_by_key(|parsed| parsed.lines.start);
        for parsed in bad {
            self.reject(parsed)?;
        }
        let (read, rejected) = (self.tally.read, self.tally.rejected);
        (self.progress)(Tick { bytes: batch.bytes, read, rejected });
        match batch.broken {
            Some(fault) => Err(Cause::Input(fault)),
            None => Ok(()),
        }
    }

    fn reject(&mut self, parsed: Parsed) -> Result<(), Cause> {
        let Err(fault) = parsed.result else { return Ok(()) };
        self.tally.rejected = self.tally.rejected.saturating_add(1);
        self.rejects.write(&parsed.lines, &parsed.raw, &fault).map_err(Cause::Rejects)?;
        if self.faults.len() < Report::FAULTS_MAX {
            self.faults.push(fault);
        }
        Ok(())
    }
}

impl Origin {
    fn declined(self, declined: Declined) -> Parsed {
        let Declined { code, zh, en } = declined;
        let words = Words { code: Cow::Owned(code), zh, en };
        let fault = LineFault::new(self.lines.start, "", words);
        Parsed { lines: self.lines, result: Err(fault), raw: self.raw }
    }
}

#[cfg(test)]
mod tests;
