//! The case page: everything about one case in one place.

use super::{
    dossier::Dossier,
    form,
    line::{self, Entry},
    marks,
    panel::{Panel, Shown, panel},
    replies::{self, Picker},
};
use crate::{
    api::problem::Problem,
    assembly::App,
    pages::{
        fields::Fields,
        page::Page,
        parts::{
            exhibits,
            findings::{self, Told},
            history::{self, Reader},
            refunds,
            talk::{self, Said},
            working,
        },
        show,
        visit::Visit,
    },
};
use askama::Template;
use axum::{http::StatusCode, response::Response};
use domain::{
    actor::Side,
    case::{Case, Ticket},
    evolve::waits_for,
    facts::{Facts, Tender},
    id::{CaseId, OrderId, RefundNo},
    money::Money,
    order::Order,
    policy::money,
};

#[derive(Template)]
#[template(path = "merchant/case.html")]
struct Sheet {
    p: Page,
    path: String,
    order_id: OrderId,
    case: Case,
    facts: Facts,
    version: u64,
    reason: String,
    asked: String,
    waits_for: Option<Side>,
    items: Vec<Item>,
    justified: bool,
    may_submit: bool,
    findings: Vec<Told>,
    working: Vec<working::Line>,
    payments: Vec<Payment>,
    refunds: Vec<Refund>,
    tickets: Vec<Ticket>,
    entries: Vec<Entry>,
    exhibits: Vec<exhibits::Shown>,
    talk: Vec<Said>,
    notes: Vec<Said>,
    history: Vec<history::Line>,
    next: Option<CaseId>,
    panel: Panel,
    marks: marks::Shown,
    replies: Picker,
    message: String,
    note: String,
}

/// One item of the order.
struct Item {
    title: String,
    sku: Option<String>,
    category: String,
    unit_price: String,
    quantity: u32,
    /// How many of it the application is about.
    asked: u32,
    paid: String,
    batch: Option<String>,
    clause: Option<(String, domain::moment::Moment)>,
    activated_at: Option<domain::moment::Moment>,
    seven_days: bool,
}

/// One payment of the order.
struct Payment {
    tender: Tender,
    account: String,
    /// What can still go back to it.
    left: String,
    /// What of this case goes back to it.
    here: Option<String>,
}

/// One refund with what may be done about it.
struct Refund {
    shown: refunds::Shown,
    forms: Vec<(String, String)>,
}

/// With what the page is shown.
pub struct With {
    /// How it is answered.
    pub status: StatusCode,
    /// The form that is open; else the first that may be used.
    pub form: Option<Shown>,
    /// What was typed for the buyer.
    pub message: String,
    /// What was typed for colleagues.
    pub note: String,
    /// What was typed of the marks.
    pub marks: Option<Fields>,
}

impl With {
    /// A status, and maybe a form.
    #[must_use]
    pub const fn form(status: StatusCode, form: Option<Shown>) -> Self {
        Self { status, form, message: String::new(), note: String::new(), marks: None }
    }
}

/// Shows the page.
///
/// # Errors
/// A [`Problem`] if it cannot be shown.
pub async fn show(
    app: &App,
    dossier: &Dossier,
    visit: &Visit,
    with: With,
) -> Result<Response, Problem> {
    let panel = panel(app, dossier, visit, with.form).await?;
    let (p, case, facts) = (&visit.page, &dossier.case, &dossier.facts);
    let reader = Reader { side: Side::Merchant, names: &dossier.names, texts: p.texts };
    let shop_id = &dossier.key.shop_id;
    let marks = marks::shown(app, dossier, p, with.marks.as_ref()).await?;
    let exhibits = exhibits::of_case(app, shop_id, case, p.texts).await?;
    let mut history = history::lines(&dossier.records, case.case_id, reader);
    history.reverse();
    let replies = replies::picker(app, dossier, visit).await?;
    let message = match &replies.picked {
        Some(picked) if with.message.is_empty() => picked.text.clone(),
        Some(_) | None => with.message,
    };
    let sheet = Sheet {
        path: dossier.path(),
        order_id: facts.order_id.clone(),
        version: dossier.order.version,
        reason: reason(dossier, p),
        asked: money(case.asked()),
        waits_for: waits_for(case),
        items: items(case, facts, p),
        justified: case.judgement.is_justified(),
        may_submit: case.judgement.may_submit(),
        findings: findings::told(&dossier.policy, &case.judgement, p.texts),
        working: working::lines(&case.working, facts, p.texts),
        payments: payments(&dossier.order, case, facts, p),
        refunds: all_refunds(dossier, visit),
        tickets: case.tickets.clone(),
        entries: line::entries(case, facts, &exhibits, p),
        exhibits,
        talk: talk::open(case, Side::Merchant, p.texts),
        notes: talk::internal(case, Side::Merchant, p.texts),
        history,
        next: dossier.next(app, visit).await?,
        case: case.clone(),
        facts: facts.clone(),
        p: p.clone(),
        panel,
        marks,
        replies,
        message,
        note: with.note,
    };
    show::with_status(with.status, &sheet)
}

fn reason(dossier: &Dossier, p: &Page) -> String {
    let code = &dossier.case.application.reason;
    let known = dossier.policy.reason(code);
    known.map_or_else(|| code.to_string(), |reason| reason.name(p.texts.0).to_owned())
}

fn items(case: &Case, facts: &Facts, p: &Page) -> Vec<Item> {
    let paid = facts.line_paid().unwrap_or_default();
    let pieces = &case.application.items;
    let asked = |item: &domain::facts::Item| {
        if pieces.is_empty() && case.application.case_type.settles_pieces() {
            return item.quantity;
        }
        let of_it = pieces.iter().filter(|pieces| pieces.item_id == item.item_id);
        of_it.fold(0, |sum, pieces| pieces.quantity.saturating_add(sum))
    };
    let lines = facts.items.iter().zip(paid.into_iter().map(Some).chain(std::iter::repeat(None)));
    let mut items: Vec<Item> = lines
        .map(|(item, paid)| Item {
            title: item.title.clone(),
            sku: item.sku.clone(),
            category: p.word_in("category", &item.category),
            unit_price: money(item.unit_price),
            quantity: item.quantity,
            asked: asked(item),
            paid: paid.map(money).unwrap_or_default(),
            batch: item.batch.clone(),
            clause: item
                .clause_accepted
                .as_ref()
                .map(|accepted| (accepted.clause.clone(), accepted.accepted_at)),
            activated_at: item.activated_at,
            seven_days: item.has_seven_day_right(),
        })
        .collect();
    // What is asked about comes first; an order may have two hundred lines.
    items.sort_by_key(|item| item.asked == 0);
    items
}

fn payments(order: &Order, case: &Case, facts: &Facts, p: &Page) -> Vec<Payment> {
    let here = |tender: &Tender| {
        let refunds = case.refunds.iter().filter(|refund| {
            refund.path.transaction() == Some(&tender.transaction_id) && refund.state.counts()
        });
        let sum = Money::sum(facts.currency, refunds.map(|refund| refund.amount)).ok()?;
        (!sum.is_zero()).then(|| money(sum))
    };
    let one = |tender: &Tender| Payment {
        account: p.word_in("account", &tender.account),
        left: order.left_of(&tender.transaction_id).map(money).unwrap_or_default(),
        here: here(tender),
        tender: tender.clone(),
    };
    facts.tenders.iter().map(one).collect()
}

fn all_refunds(dossier: &Dossier, visit: &Visit) -> Vec<Refund> {
    let p = &visit.page;
    let shown = refunds::of_case(&dossier.case, &dossier.facts, p.texts);
    let forms = |refund_no: &str| {
        let Ok(refund_no) = RefundNo::parse(refund_no) else { return Vec::new() };
        let forms = form::of_refund(&dossier.case, &refund_no, visit).into_iter();
        let link = |form: form::Form| {
            let word = p.t(&format!("mcase-tab-{}", form.slug()));
            (word, format!("{}/{}#panel", dossier.path(), form.below()))
        };
        forms.map(link).collect()
    };
    shown.into_iter().map(|shown| Refund { forms: forms(&shown.refund_no), shown }).collect()
}
