//! Reads that come at the same time are made together: a question that waits while the ones before
//! it are answered is asked along with all the others that wait. Alone it is asked at once. A
//! database answers sixty such questions hardly slower than one, and what it costs to ask it, a
//! round trip or a change of threads, is paid once.

use async_trait::async_trait;
use domain::{
    id::{CaseId, OrderId, ShopId},
    moment::Moment,
};
use engine::{
    ports::StoreFault,
    rows::{Document, StandingRow, StoredRecord, StreamKey},
};
use std::{future::Future, pin::Pin, sync::Arc};
use tokio::sync::{Mutex, mpsc, oneshot};

use crate::judge::Account;

/// The most questions asked together.
const TOGETHER_MAX: usize = 256;
/// The most questions that wait; whoever comes later waits to be let in.
const WAITING_MAX: usize = 1_024;
/// How many askings are under way at once, so that a long answer holds up half of the others.
const ASKINGS: usize = 2;

/// A stream, and the version after which its records are wanted.
pub(crate) type Tail = (StreamKey, u64);
/// An account, and since when cases are counted.
pub(crate) type Since = (Account, Moment);
/// A document: shop, kind and id.
pub(crate) type Name = (ShopId, String, String);

/// A backend that answers many questions of a kind at once: answers in the order of the questions.
#[async_trait]
pub(crate) trait Many: Send + Sync + 'static {
    async fn loads(&self, asked: &[Tail]) -> Result<Vec<Vec<StoredRecord>>, StoreFault>;
    async fn standings(&self, asked: &[Since]) -> Result<Vec<StandingRow>, StoreFault>;
    async fn documents(&self, asked: &[Name]) -> Result<Vec<Option<Document>>, StoreFault>;
    async fn orders_of_cases(
        &self,
        asked: &[(ShopId, CaseId)],
    ) -> Result<Vec<Option<OrderId>>, StoreFault>;
}

/// The reads of a backend, gathered or not.
pub(crate) struct Reads<M> {
    many: Arc<M>,
    gathered: Option<Gathered>,
}

struct Gathered {
    loads: Gatherer<Tail, Vec<StoredRecord>>,
    standings: Gatherer<Since, StandingRow>,
    documents: Gatherer<Name, Option<Document>>,
    orders_of_cases: Gatherer<(ShopId, CaseId), Option<OrderId>>,
}

impl<M: Many> Reads<M> {
    /// Reads that are made together with others, or each by itself.
    pub(crate) fn new(many: M, together: bool) -> Self {
        let many = Arc::new(many);
        let gathered = together.then(|| Gathered {
            loads: Gatherer::start(&many, |many, asked| many.loads(asked)),
            standings: Gatherer::start(&many, |many, asked| many.standings(asked)),
            documents: Gatherer::start(&many, |many, asked| many.documents(asked)),
            orders_of_cases: Gatherer::start(&many, |many, asked| many.orders_of_cases(asked)),
        });
        Self { many, gathered }
    }

    pub(crate) async fn load(&self, tail: Tail) -> Result<Vec<StoredRecord>, StoreFault> {
        match &self.gathered {
            Some(gathered) => gathered.loads.ask(tail).await,
            None => only(self.many.loads(&[tail]).await?),
        }
    }

    pub(crate) async fn standing(&self, since: Since) -> Result<StandingRow, StoreFault> {
        match &self.gathered {
            Some(gathered) => gathered.standings.ask(since).await,
            None => only(self.many.standings(&[since]).await?),
        }
    }

    pub(crate) async fn document(&self, name: Name) -> Result<Option<Document>, StoreFault> {
        match &self.gathered {
            Some(gathered) => gathered.documents.ask(name).await,
            None => only(self.many.documents(&[name]).await?),
        }
    }

    pub(crate) async fn order_of_case(
        &self,
        case: (ShopId, CaseId),
    ) -> Result<Option<OrderId>, StoreFault> {
        match &self.gathered {
            Some(gathered) => gathered.orders_of_cases.ask(case).await,
            None => only(self.many.orders_of_cases(&[case]).await?),
        }
    }
}

/// Questions that wait, shared by those who ask.
type Waiting<Q, A> = Arc<Mutex<mpsc::Receiver<(Q, Reply<A>)>>>;
type Reply<A> = oneshot::Sender<Result<A, StoreFault>>;
type Answers<'a, A> = Pin<Box<dyn Future<Output = Result<Vec<A>, StoreFault>> + Send + 'a>>;
/// How a backend is asked.
type Asking<M, Q, A> = for<'a> fn(&'a M, &'a [Q]) -> Answers<'a, A>;

/// Gathers questions of one kind. Its tasks end when it is dropped.
struct Gatherer<Q, A>(mpsc::Sender<(Q, Reply<A>)>);

impl<Q: Send + Sync + 'static, A: Send + 'static> Gatherer<Q, A> {
    fn start<M: Many>(many: &Arc<M>, asking: Asking<M, Q, A>) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING_MAX);
        let receiver = Arc::new(Mutex::new(receiver));
        for _ in 0..ASKINGS {
            tokio::spawn(answer(Arc::clone(&receiver), Arc::clone(many), asking));
        }
        Self(sender)
    }

    async fn ask(&self, question: Q) -> Result<A, StoreFault> {
        let (reply, answer) = oneshot::channel();
        let stopped = || StoreFault::Busy("whoever reads has stopped".into());
        self.0.send((question, reply)).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }
}

async fn answer<M: Many, Q: Send + Sync, A: Send>(
    receiver: Waiting<Q, A>,
    many: Arc<M>,
    asking: Asking<M, Q, A>,
) {
    let mut waiting = Vec::new();
    loop {
        if receiver.lock().await.recv_many(&mut waiting, TOGETHER_MAX).await == 0 {
            return;
        }
        // Whoever has gone away needs no answer.
        let wanted = waiting.drain(..).filter(|(_, reply)| !reply.is_closed());
        let (asked, replies): (Vec<Q>, Vec<Reply<A>>) = wanted.unzip();
        match asking(&many, &asked).await {
            Ok(answers) => {
                for (reply, answer) in replies.into_iter().zip(answers) {
                    let _gone = reply.send(Ok(answer));
                }
            }
            // One that cannot be read must not be the trouble of those who asked beside it.
            Err(StoreFault::Broken(_)) if asked.len() > 1 => {
                for (question, reply) in asked.iter().zip(replies) {
                    let alone = asking(&many, std::slice::from_ref(question)).await;
                    let _gone = reply.send(alone.and_then(only));
                }
            }
            Err(fault) => {
                for reply in replies {
                    let _gone = reply.send(Err(fault.again()));
                }
            }
        }
    }
}

/// The one answer to one question.
fn only<A>(answers: Vec<A>) -> Result<A, StoreFault> {
    let missing = || StoreFault::Broken("the store gave no answer to a question".into());
    answers.into_iter().next().ok_or_else(missing)
}

/// Answers in the order of the questions, out of rows that say which question they answer.
pub(crate) fn placed<A: Clone + Default>(
    count: usize,
    rows: impl IntoIterator<Item = Result<(usize, A), StoreFault>>,
) -> Result<Vec<A>, StoreFault> {
    let mut answers = vec![A::default(); count];
    for row in rows {
        let (place, answer) = row?;
        if let Some(at) = answers.get_mut(place) {
            *at = answer;
        }
    }
    Ok(answers)
}

/// The same for answers of many records, each stream's by version.
pub(crate) fn streams(
    count: usize,
    rows: impl IntoIterator<Item = Result<(usize, StoredRecord), StoreFault>>,
) -> Result<Vec<Vec<StoredRecord>>, StoreFault> {
    let mut answers = vec![Vec::new(); count];
    for row in rows {
        let (place, record) = row?;
        if let Some(at) = answers.get_mut(place) {
            at.push(record);
        }
    }
    for records in &mut answers {
        records.sort_unstable_by_key(|record| record.version);
    }
    Ok(answers)
}

#[cfg(test)]
mod tests;
