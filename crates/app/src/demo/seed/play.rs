//! The agenda is played: the clock moves from one thing to the next, and each is a command
//! through the same corridor as everybody's.

use super::{
    agenda::{Agenda, Todo, Told},
    people::{actor, orders_key},
    picture::{View, picture},
    tale::{Beat, By, Plot, Step},
};
use crate::{
    demo::{DemoFault, channel::mchid, time::TimeMachine},
    evidence::{FileName, NewUpload, UploadId, Uploader},
    registry::Change,
    vault::{PAYOUT_ACCOUNT, PayoutAccount},
    world::{new_command_id, new_uuid, random_bytes},
};
use domain::{
    actor::Actor,
    application::{Application, CaseType, Declared, Pieces},
    case::{Audience, Case, Goods, Inspection, Route, Terms},
    command::{Act, Command, Filing},
    facts::{Account, Channel, Facts, Tender},
    id::{CaseId, FileId, ReasonCode, RefundNo, ShopId},
    moment::{Moment, Span},
    money::Money,
    order::Order,
    policy::{EvidenceKind, Policy},
};
use engine::{desk::Envelope, rows::StreamKey};
use futures_util::future::try_join_all;
use sandbox::{
    books::transaction::{Card, PayerAccount, Transaction},
    faults::Fault,
};
use std::{collections::BTreeMap, sync::Arc};

/// The clock stops at most so often for what falls due by itself.
const STEP: Span = Span::seconds(1_200);
/// Orders told at once.
const TOLD_AT_ONCE: usize = 64;

/// Plays an agenda.
pub struct Player {
    time: Arc<TimeMachine>,
    cases: BTreeMap<usize, CaseId>,
}

impl Player {
    /// A player over an empty demo.
    pub const fn new(time: Arc<TimeMachine>) -> Self {
        Self { time, cases: BTreeMap::new() }
    }

    /// Plays everything.
    pub async fn play(&mut self, agenda: Agenda) -> Result<(), DemoFault> {
        let Agenda { mut todos, told, .. } = agenda;
        todos.sort_by_key(|(at, _, _)| *at);
        let mut orders: Vec<(ShopId, Box<Facts>)> = Vec::new();
        for (at, shop_id, todo) in todos {
            if orders.len() >= TOLD_AT_ONCE || !matches!(todo, Todo::Record(_)) {
                self.tell(std::mem::take(&mut orders)).await?;
            }
            self.time.go_to(at, STEP).await?;
            let tale = |n: usize| told.get(n).ok_or_else(|| DemoFault::story("a tale", &n));
            match todo {
                Todo::Record(facts) => orders.push((shop_id, facts)),
                Todo::Open(n) => self.open(n, tale(n)?).await?,
                Todo::Take(n, beat) => self.take(n, tale(n)?, beat).await?,
            }
        }
        self.tell(orders).await
    }

    /// The shops tell their orders, many at once.
    async fn tell(&self, orders: Vec<(ShopId, Box<Facts>)>) -> Result<(), DemoFault> {
        let telling = orders.into_iter().map(|(shop_id, facts)| self.tell_one(shop_id, facts));
        try_join_all(telling).await.map(drop)
    }

    /// The payment channel knows what was paid through it, and the shop tells the order.
    async fn tell_one(&self, shop_id: ShopId, facts: Box<Facts>) -> Result<(), DemoFault> {
        let paid = facts.tenders.iter().enumerate();
        for (n, tender) in paid.filter(|(_, tender)| tender.channel == Channel::WechatPay) {
            let payment = payment(&shop_id, (&facts, n), tender);
            let known = self.time.sandbox.put_transaction(payment);
            known.map_err(|error| DemoFault::story("a payment", &error))?;
        }
        let key = StreamKey { shop_id, order_id: facts.order_id.clone() };
        let by = Actor::Key(orders_key()?);
        self.handle(key, Command::RecordOrder(facts), by).await.map(drop)
    }

    async fn handle(
        &self,
        key: StreamKey,
        command: Command,
        by: Actor,
    ) -> Result<(CaseId, Arc<Order>), DemoFault> {
        let name = format!("order {} by {by:?}", key.order_id);
        let command_id = new_command_id();
        let (receipt, expected, settles) = (None, None, None);
        let envelope = Envelope { key, command, command_id, by, receipt, expected, settles };
        let answer = self.time.app.desk.handle(envelope).await;
        let answer = answer.map_err(|trouble| DemoFault::story(&name, &format!("{trouble:?}")))?;
        Ok((CaseId::opened_by(command_id), answer.order))
    }

    async fn open(&mut self, n: usize, told: &Told) -> Result<(), DemoFault> {
        let key = StreamKey { shop_id: told.shop_id.clone(), order_id: told.order_id.clone() };
        let order = self.time.app.desk.order(&key).await;
        let order = order.map_err(|trouble| DemoFault::story("an order", &trouble))?;
        let Some(facts) = &order.facts else {
            return Err(DemoFault::story("an order", &"it was not told"));
        };
        let (evidence, evidence_kinds) = self.pictures(n, told).await?;
        let application = application(told, facts, evidence)?;
        let filing = Box::new(Filing { application, evidence_kinds });
        let by = Actor::Buyer(told.buyer_id.clone());
        let (case_id, _) = self.handle(key, Command::Open(filing), by).await?;
        self.cases.insert(n, case_id);
        self.time.settle().await
    }

    /// The pictures that the reason asks for, uploaded as a buyer would.
    async fn pictures(
        &self,
        n: usize,
        told: &Told,
    ) -> Result<(Vec<FileId>, Vec<EvidenceKind>), DemoFault> {
        let (policy, code) = (Policy::default_policy(), reason(told)?);
        if policy.reason(&code).is_none_or(|reason| reason.evidence.is_empty()) {
            return Ok((Vec::new(), Vec::new()));
        }
        let mut views = vec![View::Whole, View::Near];
        views.extend(n.is_multiple_of(2).then_some(View::Parcel));
        let mut files = (Vec::new(), Vec::new());
        for view in views {
            let by = Actor::Buyer(told.buyer_id.clone());
            let (file_id, kind) = self.picture((n, told), view, by).await?;
            files.0.push(file_id);
            files.1.push(kind);
        }
        Ok(files)
    }

    /// A picture, uploaded by somebody.
    async fn picture(
        &self,
        (n, told): (usize, &Told),
        view: View,
        actor: Actor,
    ) -> Result<(FileId, EvidenceKind), DemoFault> {
        let bytes = picture((told.tale.sku, told.tale.reason), view, n);
        let who = Uploader { shop_id: told.shop_id.clone(), actor };
        let name = match view {
            View::Whole => format!("IMG_{}.png", 2_093 + n),
            View::Near => format!("IMG_{}.png", 3_104 + n),
            View::Parcel => format!("IMG_{}.png", 4_215 + n),
            View::AsSent => format!("出库质检_{n}.png"),
        };
        let new = NewUpload {
            upload_id: UploadId::new(new_uuid()),
            order_id: told.order_id.clone(),
            name: FileName::tidy(&name),
            size: u64::try_from(bytes.len()).unwrap_or(0),
            sha256: None,
        };
        let app = &self.time.app;
        let stored = app.files.put_whole(&who, &new, bytes, app.desk.now()).await;
        let stored = stored.map_err(|fault| DemoFault::story("a picture", &fault))?;
        Ok((stored.file_id, stored.kind))
    }

    async fn take(&self, n: usize, told: &Told, beat: Beat) -> Result<(), DemoFault> {
        let Some(case_id) = self.cases.get(&n).copied() else { return Ok(()) };
        let key = StreamKey { shop_id: told.shop_id.clone(), order_id: told.order_id.clone() };
        if let Step::Trouble(kind) = beat.step {
            self.time.sandbox.add_fault(Fault::next(kind));
            return Ok(());
        }
        let order = self.time.app.desk.order(&key).await;
        let order = order.map_err(|trouble| DemoFault::story("an order", &trouble))?;
        let Some(case) = order.case(case_id) else { return Ok(()) };
        let by = actor(beat.by, &told.buyer_id)?;
        let act = self.act((n, told), case, beat.step, &by).await?;
        let (_, order) = self.handle(key.clone(), Command::Case { case_id, act }, by).await?;
        // What is above the limit is confirmed at once, unless the tale is about just that.
        let waits = order.case(case_id).is_some_and(|case| case.proposal.is_some());
        if waits && !matches!(told.tale.plot, Plot::Propose | Plot::Confirm) {
            let by = actor(By::Supervisor, &told.buyer_id)?;
            let act = Act::ConfirmProposal;
            self.handle(key, Command::Case { case_id, act }, by).await?;
        }
        self.time.settle().await
    }

    async fn act(
        &self,
        (n, told): (usize, &Told),
        case: &Case,
        step: Step,
        by: &Actor,
    ) -> Result<Act, DemoFault> {
        let part = |per_cent: u32| {
            let amount = case.due_to_buyer().share(i64::from(per_cent), 100);
            amount.map_err(|error| DemoFault::story("an amount", &error))
        };
        let keep = |amount, route| Terms { amount, route, goods: Goods::Keep };
        Ok(match step {
            Step::Act(act) => act,
            Step::OfferPart(per_cent, note) => {
                let terms = keep(part(per_cent)?, Route::Original);
                Act::Offer { terms, note: note.to_owned() }
            }
            Step::OfferAccount(note) => {
                let terms = keep(part(100)?, Route::Designated);
                Act::Offer { terms, note: note.to_owned() }
            }
            Step::InspectPart(per_cent, note) => {
                let result = Inspection::AcceptedInPart { amount: part(per_cent)? };
                Act::Inspect { result, note: note.to_owned() }
            }
            Step::RuleForBuyer(per_cent, reason) => {
                let terms = Some(keep(part(per_cent)?, Route::Original));
                Act::Rule { terms, reason: reason.to_owned() }
            }
            Step::NameAccount => self.name_account(&told.shop_id, payout_of(case)?).await?,
            Step::ApprovePayout => Act::ApprovePayout { refund_no: payout_of(case)? },
            Step::MarkPaid(voucher) => {
                Act::MarkPaid { refund_no: payout_of(case)?, voucher: voucher.to_owned() }
            }
            Step::Show(view, note) => {
                let files = vec![self.picture((n, told), view, by.clone()).await?.0];
                Act::AddEvidence { files, note: note.to_owned() }
            }
            Step::Tell(view, text) => {
                let files = vec![self.picture((n, told), view, by.clone()).await?.0];
                Act::PostMessage { text: text.to_owned(), files, audience: Audience::Everyone }
            }
            Step::Trouble(_) => return Err(DemoFault::story("a step", &"trouble is no act")),
        })
    }

    /// The account is kept sealed, as the API keeps it.
    async fn name_account(&self, shop_id: &ShopId, refund_no: RefundNo) -> Result<Act, DemoFault> {
        let account = PayoutAccount {
            holder: "李建国".to_owned(),
            bank: "中国工商银行".to_owned(),
            account: "6222020200112233445".to_owned(),
        };
        let app = &self.time.app;
        let sealed = app.vault.seal(&refund_no, &account, random_bytes());
        let sealed = sealed.ok_or_else(|| DemoFault::story("an account", &"it was not sealed"))?;
        let (kind, id) = (PAYOUT_ACCOUNT, refund_no.as_str());
        let change = Change { shop_id, kind, id, replaces: 0, body: &sealed };
        let at = app.desk.now();
        app.registry.put(change, &Actor::System, "payout_account.named", at).await?;
        Ok(Act::NameAccount { refund_no, account_masked: "中国工商银行 ****3445".to_owned() })
    }
}

fn payout_of(case: &Case) -> Result<RefundNo, DemoFault> {
    let found = case.refunds.iter().find(|refund| refund.path.is_payout());
    let found = found.ok_or_else(|| DemoFault::story("a payout", &"the case has none"))?;
    Ok(found.refund_no.clone())
}

fn reason(told: &Told) -> Result<ReasonCode, DemoFault> {
    ReasonCode::parse(told.tale.reason).map_err(|error| DemoFault::story("a reason", &error))
}

fn application(
    told: &Told,
    facts: &Facts,
    evidence: Vec<FileId>,
) -> Result<Application, DemoFault> {
    let case_type = told.tale.case_type;
    let whole = matches!(case_type, CaseType::Cancellation | CaseType::ShippingFee);
    let pieces = facts
        .items
        .iter()
        .filter(|_| !whole)
        .map(|item| Pieces { item_id: item.item_id.clone(), quantity: item.quantity });
    let dropped = Money::cny(1_000 * i64::from(told.tale.pieces));
    let dropped = dropped.map_err(|error| DemoFault::story("an amount", &error))?;
    Ok(Application {
        case_type,
        reason: reason(told)?,
        items: pieces.collect(),
        amount: (case_type == CaseType::PriceDifference).then_some(dropped),
        description: told.tale.words.to_owned(),
        evidence,
        declared: Declared { route_confirmed: true, ..Declared::default() },
    })
}

/// A payment as the payment channel knows it.
fn payment(shop_id: &ShopId, (facts, n): (&Facts, usize), tender: &Tender) -> Transaction {
    let out_trade_no = format!("{}{}", facts.order_id, if n == 0 { "" } else { "-2" });
    let id = tender.transaction_id.as_str();
    let end = id.get(id.len().saturating_sub(4)..).unwrap_or_default().to_owned();
    let card = |bank: &str| Card { bank: bank.to_owned(), last_four: end.clone() };
    Transaction {
        paid_at_ms: Moment::ms(tender.paid_at),
        payer_account: match tender.account {
            Account::Balance | Account::ThirdParty => PayerAccount::Balance,
            Account::DebitCard => PayerAccount::DebitCard(card("工商银行")),
            Account::CreditCard => PayerAccount::CreditCard(card("招商银行")),
        },
        openid: facts.buyer_id.to_string(),
        ..Transaction::new(id, &out_trade_no, mchid(shop_id), tender.amount.minor())
    }
}
