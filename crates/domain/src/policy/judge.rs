//! Judging an application: every rule of the policy asked in the order of its clauses. Total,
//! deterministic, and without formatting: sentences are made only when somebody reads them.

mod amount;
mod border;
mod buyer;
mod evidence;
mod freight;
mod goods;
mod items;
mod order;
mod window;

use crate::{
    application::{Application, CaseType, Fault},
    facts::{Category, Facts, Item},
    finding::{Fact, FactValue, Finding, Judgement},
    id::ItemId,
    moment::Moment,
    money::Money,
    policy::{
        Policy,
        catalogue::Code,
        reason::{EvidenceKind, Reason},
    },
    standing::{ShopSettings, Standing},
};

/// What is to be judged, and everything it is judged by.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// What was bought, paid, sent and signed for.
    pub facts: &'a Facts,
    /// What the buyer asks.
    pub application: &'a Application,
    /// What was asked for the items before; nothing for an item that is not listed.
    pub history: &'a [ItemHistory],
    /// The most that the working allows.
    pub entitled: Money,
    /// What can still go back the way it was paid.
    pub original_left: Money,
    /// How the buyer stands with the shop.
    pub standing: &'a Standing,
    /// How the shop's account stands.
    pub shop: &'a ShopSettings,
    /// When it is judged.
    pub at: Moment,
    /// The kinds of the files attached, as sniffed.
    pub evidence_kinds: &'a [EvidenceKind],
}

/// What was asked for one item before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemHistory {
    /// Which line.
    pub item_id: ItemId,
    /// Pieces settled by earlier cases.
    pub pieces_settled: u32,
    /// Applications made so far.
    pub applications: u32,
    /// Another case on it is open.
    pub open_case: bool,
}

/// So many pieces of a line that exists.
#[derive(Clone, Copy)]
pub(crate) struct Line<'a> {
    pub item: &'a Item,
    pub quantity: u32,
}

/// A judgement being made.
pub(crate) struct Judge<'a> {
    pub policy: &'a Policy,
    pub question: &'a Question<'a>,
    /// The reason given, if the policy knows it.
    pub reason: Option<&'a Reason>,
    /// What was paid, if it can be added up.
    pub paid: Option<Money>,
    /// What is asked; everything the working allows where no amount is given.
    pub requested: Money,
    findings: Vec<Finding>,
}

impl Policy {
    /// Judges an application: what speaks for it, what is worth knowing, what speaks against it
    /// and what blocks it, each with the facts used and the remedy. An order that is not in a
    /// state for this type (F1) is not judged further: the other answers would mislead.
    #[must_use]
    pub fn judge(&self, question: &Question<'_>) -> Judgement {
        let mut judge = Judge::new(self, question);
        if judge.order_fits() {
            judge.check_amount();
            judge.check_channels();
            judge.check_opened();
            judge.check_window();
            judge.check_risk();
            judge.check_tracking();
            judge.check_freight();
            judge.check_items();
            judge.check_border();
            judge.check_fresh();
            judge.check_made_to_order();
            judge.check_duty();
            judge.check_fee();
            judge.check_virtual();
            judge.check_local_service();
            judge.check_reason();
            judge.check_evidence();
            judge.check_conditions();
        }
        Judgement { findings: judge.findings }
    }
}

impl<'a> Judge<'a> {
    fn new(policy: &'a Policy, question: &'a Question<'a>) -> Self {
        let findings = Vec::with_capacity(8);
        let reason = policy.reason(&question.application.reason);
        let requested = question.application.amount.unwrap_or(question.entitled);
        let paid = question.facts.paid().ok();
        Self { policy, question, reason, paid, requested, findings }
    }

    /// Writes a finding down, as this policy rules on it.
    fn find<const N: usize>(&mut self, code: Code, facts: [Fact; N]) {
        let Some((entry, ruling)) = self.policy.ruling(code) else { return };
        self.findings.push(Finding {
            clause: ruling.clause.clone(),
            code: entry.code.to_owned(),
            verdict: ruling.verdict,
            facts: Vec::from(facts),
            remedy: ruling.remedy,
        });
    }

    fn case_type(&self) -> CaseType {
        self.question.application.case_type
    }

    fn fault(&self) -> Option<Fault> {
        self.reason.map(|reason| reason.fault)
    }

    fn is_no_reason(&self) -> bool {
        self.reason.is_some_and(|reason| reason.no_reason)
    }

    /// Whether money goes back; goods against goods are not a refund.
    fn refunds_money(&self) -> bool {
        match self.case_type() {
            CaseType::Exchange => false,
            CaseType::RefundOnly
            | CaseType::ReturnAndRefund
            | CaseType::ShippingFee
            | CaseType::PriceDifference
            | CaseType::Cancellation => true,
        }
    }

    /// The lines asked for that exist; the whole order where no items are named. More entries
    /// than the order has lines cannot all be different, so no more are looked at.
    pub(crate) fn lines(&self) -> impl Iterator<Item = Line<'a>> + use<'a> {
        let (facts, asked) = (self.question.facts, &self.question.application.items);
        let whole: &'a [Item] = if asked.is_empty() { &facts.items } else { &[] };
        let whole = whole.iter().map(|item| Line { item, quantity: item.quantity });
        let most = facts.items.len().saturating_add(1);
        let named = asked.iter().take(most).filter_map(|pieces| {
            facts.item(&pieces.item_id).map(|item| Line { item, quantity: pieces.quantity })
        });
        whole.chain(named)
    }

    /// The first line of a category.
    fn line_of(&self, category: Category) -> Option<Line<'a>> {
        self.lines().find(|line| line.item.category == category)
    }

    /// What was asked for an item before.
    pub(crate) fn history(&self, item_id: &ItemId) -> Option<&'a ItemHistory> {
        self.question.history.iter().find(|history| history.item_id == *item_id)
    }

    /// The shop's own conditions, each with its own finding.
    fn check_conditions(&mut self) {
        for condition in &self.policy.conditions {
            if let Some(finding) = condition.judge(self) {
                self.findings.push(finding);
            }
        }
    }
}

fn amount(name: &str, amount: Money) -> Fact {
    Fact { name: name.to_owned(), value: FactValue::Money(amount) }
}

fn moment(name: &str, moment: Moment) -> Fact {
    Fact { name: name.to_owned(), value: FactValue::Moment(moment) }
}

fn count(name: &str, count: impl Into<i64>) -> Fact {
    Fact { name: name.to_owned(), value: FactValue::Count(count.into()) }
}

fn text(name: &str, text: impl Into<String>) -> Fact {
    Fact { name: name.to_owned(), value: FactValue::Text(text.into()) }
}

fn item(item: &Item) -> Fact {
    text("item", item.title.as_str())
}
