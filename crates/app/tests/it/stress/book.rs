//! The log of a shop read back whole, and what must be true of it: promises kept, caps held,
//! numbers used once, the channel's books equal to ours.

use super::caller::Promise;
use crate::world::{MCHID, SHOP};
use domain::{
    case::{Case, Stage},
    event::{CaseEvent, Event},
    evolve::fold,
    facts::Tender,
    id::{BuyerId, CommandId, OrderId, RefundNo, ShopId},
    money::{Currency, Money},
    order::Order,
    record::Record,
    refund::{Path, Refund, State},
};
use engine::{consequence::read, ports::Store, rebuild, rows::LIMIT_MAX};
use sandbox::books::{Books, refund::Status};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The log of a shop.
pub struct Book {
    records: BTreeMap<(OrderId, u64), Record>,
    orders: BTreeMap<OrderId, Order>,
}

impl Book {
    /// Reads all of it.
    pub async fn open(store: &dyn Store) -> Self {
        let shop_id = ShopId::parse(SHOP).unwrap();
        let (mut records, mut after) = (BTreeMap::new(), 0);
        loop {
            let page = store.export(&shop_id, after, LIMIT_MAX).await.unwrap();
            let Some(last) = page.last() else { break };
            after = last.sequence;
            for exported in page {
                let record = read(&exported.record).unwrap();
                let place = (exported.key.order_id, record.version);
                let twice = records.insert(place, record);
                assert!(twice.is_none(), "{twice:?} stands twice in the log");
            }
        }
        let mut histories: BTreeMap<OrderId, Vec<Record>> = BTreeMap::new();
        for ((order_id, version), record) in &records {
            let history = histories.entry(order_id.clone()).or_default();
            history.push(record.clone());
            assert_eq!(history.len() as u64, *version, "{order_id} has a gap");
        }
        let orders = histories.iter().map(|(id, history)| (id.clone(), fold(history))).collect();
        Self { records, orders }
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Every case.
    pub fn cases(&self) -> impl Iterator<Item = &Case> {
        self.orders.values().flat_map(|order| &order.cases)
    }

    /// The facts of an order as they are now.
    pub fn order(&self, order_id: &str) -> &Order {
        &self.orders[&OrderId::parse(order_id).unwrap()]
    }

    /// Every refund.
    pub fn refunds(&self) -> impl Iterator<Item = &Refund> {
        self.cases().flat_map(|case| &case.refunds)
    }

    /// Every command that was answered with success is in the log exactly once, where its answer
    /// said and as what it was; and nothing with a key is there that nobody was told of.
    pub fn keeps(&self, promises: &[Promise]) {
        let mut receipts: HashMap<&str, &str> = HashMap::new();
        for Promise { wish, version } in promises {
            let place = (OrderId::parse(&wish.order_id).unwrap(), *version);
            let record = self.records.get(&place);
            let record = record.unwrap_or_else(|| panic!("{place:?} was lost: {wish:?}"));
            let receipt = record.receipt.as_ref();
            let receipt = receipt.unwrap_or_else(|| panic!("{record:?} is not {wish:?}"));
            let known = receipts.entry(&wish.key).or_insert(&receipt.key);
            assert_eq!(*known, receipt.key, "{wish:?} was told of another command");
            let first = self.first_of(&place.0, record);
            let kind = first.event.kind();
            let kind = if let Event::Case { what, .. } = &first.event { what.kind() } else { kind };
            assert!(wish.kinds.contains(&kind), "{wish:?} became {kind}");
        }
        let told: BTreeSet<&str> = receipts.values().copied().collect();
        assert_eq!(told.len(), receipts.len(), "two keys were told of one command");
        let mut commands: HashMap<&str, CommandId> = HashMap::new();
        for record in self.records.values() {
            let Some(receipt) = &record.receipt else { continue };
            let command = commands.entry(&receipt.key).or_insert(record.command);
            assert_eq!(*command, record.command, "a key was carried out twice: {record:?}");
        }
        let kept: BTreeSet<&str> = commands.keys().copied().collect();
        assert_eq!(kept, told, "the log and the answers do not speak of the same commands");
    }

    fn first_of<'a>(&'a self, order_id: &OrderId, last: &'a Record) -> &'a Record {
        let versions = (1..=last.version).rev();
        let records = versions.map(|version| &self.records[&(order_id.clone(), version)]);
        records.take_while(|record| record.command == last.command).last().unwrap_or(last)
    }

    /// Payments, orders and buyers' years give no more than they may, and the running totals are
    /// what the log says.
    pub async fn caps_hold(&self, store: &dyn Store, yearly_minor: i64) {
        for (order_id, order) in &self.orders {
            let facts = order.facts.as_ref().unwrap();
            for tender in &facts.tenders {
                let given = given_back_to(order, tender);
                assert!(given <= tender.amount.minor(), "{order_id}: {given} of {tender:?}");
            }
            let cap = facts.paid().unwrap().share(105, 100).unwrap();
            let taken = order.taken(facts).unwrap().total;
            assert!(!taken.exceeds(cap), "{order_id}: {taken:?} of {cap:?}");
        }
        let shop_id = ShopId::parse(SHOP).unwrap();
        let since = self.records.values().map(|record| record.at).min();
        for ((buyer_id, year), ordered) in self.ordered_in_years() {
            assert!(ordered <= yearly_minor, "{buyer_id}: {ordered} in {year}");
            let since = since.unwrap();
            let row = store.standing(&shop_id, &buyer_id, year, since).await.unwrap();
            assert_eq!(row.refunded_minor, ordered, "the standing of {buyer_id} in {year}");
        }
    }

    /// How much was ordered back for each buyer in each year.
    pub fn ordered_in_years(&self) -> BTreeMap<(BuyerId, i16), i64> {
        let mut totals = BTreeMap::new();
        for ((order_id, _), record) in &self.records {
            let Event::Case { what: CaseEvent::RefundOrdered { refunds, .. }, .. } = &record.event
            else {
                continue;
            };
            let sum = Money::sum(Currency::CNY, refunds.iter().map(|refund| refund.amount));
            let buyer_id = self.orders[order_id].facts.as_ref().unwrap().buyer_id.clone();
            *totals.entry((buyer_id, record.at.year_in_china())).or_default() +=
                sum.unwrap().minor();
        }
        totals
    }

    /// No number of a refund was given twice.
    pub fn numbers_differ(&self) {
        let mut seen: BTreeSet<&RefundNo> = BTreeSet::new();
        for record in self.records.values() {
            let Event::Case { what, .. } = &record.event else { continue };
            let (CaseEvent::RefundOrdered { refunds, .. }
            | CaseEvent::RefundReplaced { refunds, .. }) = what
            else {
                continue;
            };
            for refund in refunds {
                assert!(seen.insert(&refund.refund_no), "{refund:?} has a number of another");
            }
        }
    }

    /// The channel's books and ours, fen by fen: the same refunds of the same payments, each once
    /// and all arrived.
    pub fn equals(&self, books: &Books) {
        let mut ours = BTreeMap::new();
        for refund in self.refunds() {
            let Path::Original(transaction_id) = &refund.path else { continue };
            assert_eq!(refund.state, State::Succeeded, "{refund:?}");
            let what = (transaction_id.to_string(), refund.amount.minor());
            ours.insert(refund.refund_no.to_string(), what);
        }
        let mut theirs = BTreeMap::new();
        for refund in books.refunds() {
            assert_eq!((refund.mchid.as_str(), refund.status), (MCHID, Status::Success));
            let what = (refund.transaction_id.clone(), refund.refund_fen);
            theirs.insert(refund.out_refund_no.clone(), what);
        }
        assert_eq!(ours, theirs, "our books and the channel's");
        for transaction in books.transactions() {
            let refunded = books.refunded_fen(&transaction.transaction_id);
            assert!(refunded <= transaction.total_fen, "{transaction:?} gave {refunded}");
        }
    }

    /// Every case has ended, or waits for people who can end it.
    pub fn nothing_is_stuck(&self) {
        for case in self.cases().filter(|case| case.is_open()) {
            assert!(waits_for_people(case) && case.deadline.is_some(), "stuck: {case:?}");
        }
    }

    /// The rows that people list are what the log says, and nothing was buried.
    pub async fn views_agree(&self, store: &dyn Store) {
        let shop_id = ShopId::parse(SHOP).unwrap();
        let found = rebuild::rebuild(store, &shop_id, rebuild::Mode::Check).await.unwrap();
        assert_eq!(found.wrong, Vec::<String>::new());
        assert_eq!(found.records, self.len() as u64);
        let now = self.records.values().map(|record| record.at).max().unwrap();
        let outbox = store.outbox_counts(now).await.unwrap();
        assert_eq!(outbox.buried, 0);
    }
}

/// What was ordered back to one payment and not replaced.
fn given_back_to(order: &Order, tender: &Tender) -> i64 {
    let refunds = order.refunds().filter(|refund| refund.state.counts());
    let of_it = refunds.filter(|refund| refund.path.transaction() == Some(&tender.transaction_id));
    of_it.map(|refund| refund.amount.minor()).sum()
}

/// Whether only people can go on with a case: the platform rules, or finance pays out.
pub fn waits_for_people(case: &Case) -> bool {
    match case.stage {
        Stage::Disputed => true,
        Stage::Refunding => {
            let mut left = case.refunds.iter().filter(|refund| !refund.state.is_done());
            left.all(|refund| refund.path.is_payout())
        }
        Stage::UnderReview
        | Stage::AwaitingEvidence
        | Stage::Offered
        | Stage::AwaitingReturn
        | Stage::ReturnInTransit
        | Stage::Inspecting
        | Stage::AwaitingReplacement
        | Stage::ReplacementInTransit
        | Stage::Rejected
        | Stage::Closed => false,
    }
}
