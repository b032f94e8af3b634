//! What a shop's condition may look at: flat numbers, words and flags of the question.

use crate::{
    application::Fault,
    facts::{Account, Category, Item, Progress},
    money::Money,
    policy::{judge::Judge, word::Word},
};
use cel::{
    common::{
        types::{CelBool, CelInt, CelString},
        value::CowVal,
    },
    context::VariableResolver,
};

/// How a variable is read.
#[derive(Clone, Copy)]
pub(crate) enum Variable {
    Number(fn(&Judge<'_>) -> i64),
    Text(for<'j> fn(&'j Judge<'_>) -> &'j str),
    Flag(fn(&Judge<'_>) -> bool),
}

use Variable::{Flag, Number, Text};

/// Every variable by name; the names are part of the documented language.
pub(crate) const VARIABLES: &[(&str, Variable)] = &[
    ("order.paid_minor", Number(|judge| judge.paid.map_or(0, Money::minor))),
    ("order.freight_minor", Number(|judge| judge.question.facts.freight.minor())),
    ("order.coupons", Number(|judge| count(judge.question.facts.coupons.len()))),
    ("order.items", Number(|judge| count(judge.question.facts.items.len()))),
    ("order.shipments", Number(|judge| count(judge.question.facts.shipments.len()))),
    ("order.currency", Text(|judge| judge.question.facts.currency.as_str())),
    ("order.progress", Text(|judge| progress(judge.question.facts.progress))),
    ("order.signed", Flag(|judge| judge.question.facts.signed_at.is_some())),
    ("order.hours_since_placed", Number(hours_since_placed)),
    ("order.hours_since_signed", Number(hours_since_signed)),
    ("order.credit_card", Flag(|judge| pays_by(judge, Account::CreditCard))),
    ("order.third_party", Flag(|judge| pays_by(judge, Account::ThirdParty))),
    ("application.type", Text(|judge| judge.question.application.case_type.word())),
    ("application.reason", Text(|judge| judge.question.application.reason.as_str())),
    ("application.reason_group", Text(reason_group)),
    ("application.fault", Text(fault)),
    ("application.no_reason", Flag(|judge| judge.reason.is_some_and(|reason| reason.no_reason))),
    ("application.amount_minor", Number(|judge| judge.requested.minor())),
    ("application.entitled_minor", Number(|judge| judge.question.entitled.minor())),
    ("application.lines", Number(|judge| count(judge.question.application.items.len()))),
    ("application.pieces", Number(|judge| pieces(judge, |_| true))),
    ("application.files", Number(|judge| count(judge.question.application.evidence.len()))),
    ("application.opened", Flag(opened)),
    ("application.not_received", Flag(not_received)),
    ("application.description_bytes", Number(description_bytes)),
    ("items.ordinary", Number(|judge| pieces_of(judge, Category::Ordinary))),
    ("items.fresh", Number(|judge| pieces_of(judge, Category::Fresh))),
    ("items.made_to_order", Number(|judge| pieces_of(judge, Category::MadeToOrder))),
    ("items.virtual", Number(|judge| pieces_of(judge, Category::Virtual))),
    ("items.cross_border", Number(|judge| pieces_of(judge, Category::CrossBorder))),
    ("items.unit_price_minor_max", Number(unit_price_minor_max)),
    ("items.applications_max", Number(applications_max)),
    ("buyer.cases_in_window", Number(|judge| i64::from(judge.question.standing.cases_in_window))),
    ("buyer.refunded_this_year_minor", Number(refunded_this_year)),
    ("shop.account_verified", Flag(|judge| judge.question.shop.account_verified)),
];

/// The variable of that name.
pub(crate) fn find(name: &str) -> Option<Variable> {
    VARIABLES.iter().find(|(known, _)| *known == name).map(|(_, variable)| *variable)
}

/// The variables of one question.
pub(crate) struct Variables<'a>(pub &'a Judge<'a>);

impl VariableResolver for Variables<'_> {
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        Some(match find(variable)? {
            Number(read) => CowVal::owned(CelInt::from(read(self.0))),
            Text(read) => CowVal::owned(CelString::from(read(self.0))),
            Flag(read) => CowVal::owned(CelBool::from(read(self.0))),
        })
    }
}

fn count(len: usize) -> i64 {
    i64::try_from(len).unwrap_or(i64::MAX)
}

const fn progress(progress: Progress) -> &'static str {
    match progress {
        Progress::AwaitingPayment => "awaiting_payment",
        Progress::AwaitingShipment => "awaiting_shipment",
        Progress::PartlyShipped => "partly_shipped",
        Progress::Shipped => "shipped",
        Progress::Completed => "completed",
        Progress::Cancelled => "cancelled",
    }
}

fn hours_since_placed(judge: &Judge<'_>) -> i64 {
    judge.question.at.since(judge.question.facts.placed_at).ms() / 3_600_000
}

/// 0 while not signed; ask `order.signed` too.
fn hours_since_signed(judge: &Judge<'_>) -> i64 {
    let signed_at = judge.question.facts.signed_at;
    signed_at.map_or(0, |signed_at| judge.question.at.since(signed_at).ms() / 3_600_000)
}

fn pays_by(judge: &Judge<'_>, account: Account) -> bool {
    judge.question.facts.tenders.iter().any(|tender| tender.account == account)
}

fn reason_group<'j>(judge: &'j Judge<'_>) -> &'j str {
    judge.reason.map_or("", |reason| judge.policy.reasons.group(reason))
}

fn fault<'j>(judge: &'j Judge<'_>) -> &'j str {
    judge.reason.map_or("", |reason| Fault::word(reason.fault))
}

fn opened(judge: &Judge<'_>) -> bool {
    judge.question.application.declared.opened == Some(true)
}

fn not_received(judge: &Judge<'_>) -> bool {
    judge.question.application.declared.received == Some(false)
}

fn description_bytes(judge: &Judge<'_>) -> i64 {
    count(judge.question.application.description.len())
}

fn refunded_this_year(judge: &Judge<'_>) -> i64 {
    judge.question.standing.refunded_this_year.minor()
}

fn pieces_of(judge: &Judge<'_>, category: Category) -> i64 {
    pieces(judge, |item| item.category == category)
}

fn pieces(judge: &Judge<'_>, counts: impl Fn(&Item) -> bool) -> i64 {
    let asked = judge.lines().filter(|line| counts(line.item));
    asked.fold(0, |sum, line| sum.saturating_add(i64::from(line.quantity)))
}

fn unit_price_minor_max(judge: &Judge<'_>) -> i64 {
    judge.lines().map(|line| line.item.unit_price.minor()).max().unwrap_or(0)
}

fn applications_max(judge: &Judge<'_>) -> i64 {
    let earlier = judge.lines().filter_map(|line| judge.history(&line.item.item_id));
    earlier.map(|history| i64::from(history.applications)).max().unwrap_or(0)
}
