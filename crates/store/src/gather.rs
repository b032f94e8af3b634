//! Reads that come at the same time are made together: a question that waits while the ones before
//! it are answered is asked along with all the others that wait, of whatever kind. Alone it is
//! asked at once. A database answers sixty such questions hardly slower than one, and what it costs
//! to ask it, a round trip or a change of threads, is paid once.

mod answer;

use async_trait::async_trait;
use domain::{
    id::{CaseId, OrderId, ShopId},
    moment::Moment,
};
use engine::{
    ports::StoreFault,
    rows::{Document, StandingRow, StoredRecord, StreamKey},
};
use std::{pin::pin, sync::Arc, time::Duration};
use tokio::{
    sync::{Mutex, mpsc, oneshot},
    time::timeout,
};

pub(crate) use self::answer::answers;
use crate::judge::Account;

/// The most questions asked together.
const TOGETHER_MAX: usize = 256;
/// The most questions that wait; whoever comes later waits to be let in.
const WAITING_MAX: usize = 1_024;
/// How many askings may be under way at once, so that a long answer holds up half of the others.
pub(crate) const ASKINGS: usize = 2;

/// A stream, and the version after which its records are wanted.
pub(crate) type Tail = (StreamKey, u64);
/// An account, and since when cases are counted.
pub(crate) type Since = (Account, Moment);
/// A document: shop, kind and id.
pub(crate) type Name = (ShopId, String, String);
/// A case of a shop.
pub(crate) type Which = (ShopId, CaseId);

/// Questions that are asked together.
#[derive(Debug, Default)]
pub(crate) struct Questions {
    /// Of which streams the records are wanted.
    pub(crate) loads: Vec<Tail>,
    /// How which buyers stand.
    pub(crate) standings: Vec<Since>,
    /// Which documents are wanted.
    pub(crate) documents: Vec<Name>,
    /// Of which cases the orders are wanted.
    pub(crate) orders_of_cases: Vec<Which>,
}

/// Answers, each kind in the order of its questions.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    /// Records by version.
    pub(crate) loads: Vec<Vec<StoredRecord>>,
    /// Standings; a buyer who never had anything stands at nothing.
    pub(crate) standings: Vec<StandingRow>,
    /// Documents that are there.
    pub(crate) documents: Vec<Option<Document>>,
    /// Orders of cases that are there.
    pub(crate) orders_of_cases: Vec<Option<OrderId>>,
}

impl Questions {
    fn count(&self) -> usize {
        let Self { loads, standings, documents, orders_of_cases } = self;
        [loads.len(), standings.len(), documents.len(), orders_of_cases.len()].iter().sum()
    }
}

/// A backend that answers many questions at once.
#[async_trait]
pub(crate) trait Many: Send + Sync + 'static {
    /// How long the next asking waits for the one before. The longer, the more is asked together.
    const PATIENCE: Duration;

    async fn answers(&self, asked: &Questions) -> Result<Answers, StoreFault>;
}

/// The reads of a backend, gathered or not. Its tasks end when it is dropped.
pub(crate) struct Reads<M> {
    many: Arc<M>,
    gathered: Option<mpsc::Sender<Waiting>>,
}

impl<M: Many> Reads<M> {
    /// Reads that are made together with others, or each by itself.
    pub(crate) fn new(many: M, together: bool) -> Self {
        let many = Arc::new(many);
        let gathered = together.then(|| {
            let (sender, receiver) = mpsc::channel(WAITING_MAX);
            let receiver = Arc::new(Mutex::new(receiver));
            for _ in 0..ASKINGS {
                tokio::spawn(answer(Arc::clone(&receiver), Arc::clone(&many)));
            }
            sender
        });
        Self { many, gathered }
    }

    pub(crate) async fn load(&self, tail: Tail) -> Result<Vec<StoredRecord>, StoreFault> {
        self.ask(|reply| Waiting::Load(tail, reply)).await
    }

    pub(crate) async fn standing(&self, since: Since) -> Result<StandingRow, StoreFault> {
        self.ask(|reply| Waiting::Standing(since, reply)).await
    }

    pub(crate) async fn document(&self, name: Name) -> Result<Option<Document>, StoreFault> {
        self.ask(|reply| Waiting::Document(name, reply)).await
    }

    pub(crate) async fn order_of_case(&self, case: Which) -> Result<Option<OrderId>, StoreFault> {
        self.ask(|reply| Waiting::OrderOfCase(case, reply)).await
    }

    async fn ask<A>(&self, question: impl FnOnce(Reply<A>) -> Waiting) -> Result<A, StoreFault> {
        let (reply, answer) = oneshot::channel();
        let stopped = || StoreFault::Busy("whoever reads has stopped".into());
        match &self.gathered {
            Some(gathered) => gathered.send(question(reply)).await.map_err(|_| stopped())?,
            None => together(self.many.as_ref(), vec![question(reply)]).await,
        }
        answer.await.map_err(|_| stopped())?
    }
}

type Reply<A> = oneshot::Sender<Result<A, StoreFault>>;

/// A question that waits, and where its answer goes.
enum Waiting {
    Load(Tail, Reply<Vec<StoredRecord>>),
    Standing(Since, Reply<StandingRow>),
    Document(Name, Reply<Option<Document>>),
    OrderOfCase(Which, Reply<Option<OrderId>>),
}

impl Waiting {
    /// Whether somebody still wants the answer.
    fn is_wanted(&self) -> bool {
        match self {
            Self::Load(_, reply) => !reply.is_closed(),
            Self::Standing(_, reply) => !reply.is_closed(),
            Self::Document(_, reply) => !reply.is_closed(),
            Self::OrderOfCase(_, reply) => !reply.is_closed(),
        }
    }
}

/// Where answers go, each kind in the order of its questions.
#[derive(Default)]
struct Replies {
    loads: Vec<Reply<Vec<StoredRecord>>>,
    standings: Vec<Reply<StandingRow>>,
    documents: Vec<Reply<Option<Document>>>,
    orders_of_cases: Vec<Reply<Option<OrderId>>>,
}

async fn answer<M: Many>(receiver: Arc<Mutex<mpsc::Receiver<Waiting>>>, many: Arc<M>) {
    let mut waiting = Vec::new();
    loop {
        let mut turn = receiver.lock().await;
        if turn.recv_many(&mut waiting, TOGETHER_MAX).await == 0 {
            return;
        }
        // Whoever has gone away needs no answer.
        let wanted = waiting.drain(..).filter(Waiting::is_wanted).collect();
        let mut asking = pin!(together(many.as_ref(), wanted));
        let answered = timeout(M::PATIENCE, asking.as_mut()).await;
        drop(turn);
        if answered.is_err() {
            asking.await;
        }
    }
}

/// Asks, and answers each; whoever has gone away meanwhile hears nothing.
async fn together<M: Many>(many: &M, waiting: Vec<Waiting>) {
    let (asked, replies) = sorted(waiting);
    match many.answers(&asked).await {
        Ok(answers) => {
            told(replies.loads, answers.loads.into_iter().map(Ok));
            told(replies.standings, answers.standings.into_iter().map(Ok));
            told(replies.documents, answers.documents.into_iter().map(Ok));
            told(replies.orders_of_cases, answers.orders_of_cases.into_iter().map(Ok));
        }
        // One that cannot be read must not be the trouble of those who asked beside it.
        Err(StoreFault::Broken(_)) if asked.count() > 1 => {
            for alone in apart(asked, replies) {
                Box::pin(together(many, vec![alone])).await;
            }
        }
        Err(fault) => {
            told(replies.loads, std::iter::repeat_with(|| Err(fault.again())));
            told(replies.standings, std::iter::repeat_with(|| Err(fault.again())));
            told(replies.documents, std::iter::repeat_with(|| Err(fault.again())));
            told(replies.orders_of_cases, std::iter::repeat_with(|| Err(fault.again())));
        }
    }
}

fn told<A>(replies: Vec<Reply<A>>, answers: impl Iterator<Item = Result<A, StoreFault>>) {
    let missing = || Err(StoreFault::Broken("the store gave no answer to a question".into()));
    for (reply, answer) in replies.into_iter().zip(answers.chain(std::iter::repeat_with(missing))) {
        let _gone = reply.send(answer);
    }
}

fn sorted(waiting: Vec<Waiting>) -> (Questions, Replies) {
    let (mut asked, mut replies) = (Questions::default(), Replies::default());
    for one in waiting {
        match one {
            Waiting::Load(question, reply) => {
                asked.loads.push(question);
                replies.loads.push(reply);
            }
            Waiting::Standing(question, reply) => {
                asked.standings.push(question);
                replies.standings.push(reply);
            }
            Waiting::Document(question, reply) => {
                asked.documents.push(question);
                replies.documents.push(reply);
            }
            Waiting::OrderOfCase(question, reply) => {
                asked.orders_of_cases.push(question);
                replies.orders_of_cases.push(reply);
            }
        }
    }
    (asked, replies)
}

/// The other way round.
fn apart(asked: Questions, replies: Replies) -> Vec<Waiting> {
    let loads = asked.loads.into_iter().zip(replies.loads);
    let standings = asked.standings.into_iter().zip(replies.standings);
    let documents = asked.documents.into_iter().zip(replies.documents);
    let orders = asked.orders_of_cases.into_iter().zip(replies.orders_of_cases);
    loads
        .map(|(question, reply)| Waiting::Load(question, reply))
        .chain(standings.map(|(question, reply)| Waiting::Standing(question, reply)))
        .chain(documents.map(|(question, reply)| Waiting::Document(question, reply)))
        .chain(orders.map(|(question, reply)| Waiting::OrderOfCase(question, reply)))
        .collect()
}

#[cfg(test)]
mod tests;
