//! What happened, line by line, in the words of the reader (the time line of a case).

use super::{people::Names, refunds::why};
use crate::pages::{page::name_of, text::Texts};
use domain::{
    actor::Side,
    case::{Inspection, ProposedDecision, Terms},
    event::{CaseEvent, Event, RefundStep},
    id::{CaseId, FileId},
    moment::Moment,
    money::{Currency, Money},
    policy::money,
    record::Record,
    refund::Refund,
};

/// One line.
#[derive(Clone, Debug)]
pub struct Line {
    /// Which record it tells of.
    pub version: u64,
    /// When.
    pub at: Moment,
    /// `buyer`, `merchant`, `platform`, `system`.
    pub side: String,
    /// Who, in a word or by name.
    pub who: String,
    /// The kind of event.
    pub kind: &'static str,
    /// What happened.
    pub title: String,
    /// What was said with it.
    pub text: String,
    /// Files that came with it.
    pub files: Vec<FileId>,
}

/// Who reads, and what they may see.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    /// The reader's side.
    pub side: Side,
    /// What people are called; none of it is shown to buyers.
    pub names: &'a Names,
    /// In which language.
    pub texts: Texts,
}

/// The lines of a case, oldest first.
#[must_use]
pub fn lines(records: &[Record], case_id: CaseId, reader: Reader<'_>) -> Vec<Line> {
    let mut lines = Vec::new();
    for record in records {
        let Event::Case { case_id: of, what } = &record.event else { continue };
        let seen = record.is_open_to(reader.side);
        if *of != case_id || !seen || matches!(what, CaseEvent::WatchSet { .. }) {
            continue;
        }
        lines.push(line(record, what, reader));
    }
    lines
}

fn line(record: &Record, what: &CaseEvent, reader: Reader<'_>) -> Line {
    let texts = reader.texts;
    let side = name_of(&side_of(record, what));
    let person = record.by.person().filter(|_| reader.side == Side::Merchant);
    let who = match person {
        Some(id) => reader.names.of(id.as_str()).to_owned(),
        None => texts.word_of("side", &side),
    };
    let (mut title, text) = told(what, texts);
    if record.is_automatic() {
        title = texts.t("reply-automatic");
    }
    Line {
        version: record.version,
        at: record.at,
        side,
        who,
        kind: what.kind(),
        title,
        text,
        files: files(what),
    }
}

/// Whose doing it is: what follows from a buyer's application by the shop's rules is not the
/// buyer's, though the buyer's click brought it about.
fn side_of(record: &Record, what: &CaseEvent) -> Side {
    let side = record.by.side();
    let follows = matches!(what, CaseEvent::Approved { .. } | CaseEvent::RefundOrdered { .. });
    if follows && side == Side::Buyer { Side::System } else { side }
}

/// What happened, and what was said with it.
#[must_use]
pub fn told(what: &CaseEvent, texts: Texts) -> (String, String) {
    let title = |key: &str| texts.t(&format!("history-{key}"));
    let plain = || title(&what.kind().replace('_', "-"));
    let said = |text: &str| (plain(), text.to_owned());
    match what {
        CaseEvent::Opened(filed) | CaseEvent::Amended(filed) => {
            said(&filed.application.description)
        }
        CaseEvent::EvidenceRequested { text, .. } | CaseEvent::MessagePosted { text, .. } => {
            said(text)
        }
        CaseEvent::EvidenceAdded { note, .. }
        | CaseEvent::OfferDeclined { note, .. }
        | CaseEvent::ProposalDeclined { note } => said(note),
        CaseEvent::Rejected { reason, .. } | CaseEvent::Escalated { reason, .. } => said(reason),
        CaseEvent::OfferMade { offer, .. } => {
            (with_terms(plain(), &offer.terms, texts), offer.note.clone())
        }
        CaseEvent::Approved { terms, note, .. } => {
            (with_terms(plain(), terms, texts), note.clone())
        }
        CaseEvent::Ruled { terms: Some(terms), reason, .. } => {
            (with_terms(title("ruled-for-buyer"), terms, texts), reason.clone())
        }
        CaseEvent::Ruled { terms: None, reason, .. } => {
            (title("ruled-for-merchant"), reason.clone())
        }
        CaseEvent::DecisionProposed { decision } => proposed(plain(), decision, texts),
        CaseEvent::ReturnInspected { result, note, .. } => (inspected(result, texts), note.clone()),
        CaseEvent::ReturnShipped { carrier, waybill, .. }
        | CaseEvent::ReplacementSent { carrier, waybill, .. } => {
            said(&format!("{carrier} {waybill}"))
        }
        CaseEvent::RefundOrdered { refunds, .. } | CaseEvent::RefundReplaced { refunds, .. } => {
            said(&sum(refunds))
        }
        CaseEvent::RefundMoved { step, .. } => moved(step, texts),
        CaseEvent::TicketAnswered { answer, .. } => {
            said(&texts.word_of("channel", &answer.refund_status.to_ascii_lowercase()))
        }
        CaseEvent::Marked { marks } => said(&marks.tags.join("，")),
        CaseEvent::Closed { outcome } => said(&texts.word_of("outcome", &name_of(outcome))),
        CaseEvent::Withdrawn
        | CaseEvent::EvidenceLapsed { .. }
        | CaseEvent::OfferAccepted
        | CaseEvent::OfferLapsed { .. }
        | CaseEvent::ReturnReceived
        | CaseEvent::TicketOpened { .. }
        | CaseEvent::TicketClosed { .. }
        | CaseEvent::DisputeReminded { .. }
        | CaseEvent::WatchSet { .. } => said(""),
    }
}

/// `同意退款：¥59.00，原路返回，需寄回商品`.
fn with_terms(title: String, terms: &Terms, texts: Texts) -> String {
    let route = texts.word_of("terms-route", &name_of(&terms.route));
    let goods = texts.word_of("terms-goods", &name_of(&terms.goods));
    let facts =
        [("title", title), ("amount", money(terms.amount)), ("route", route), ("goods", goods)];
    texts.told("history-terms", &facts.map(|(name, value)| (name.to_owned(), value)))
}

fn proposed(title: String, decision: &ProposedDecision, texts: Texts) -> (String, String) {
    match decision {
        ProposedDecision::Approve { terms, note } | ProposedDecision::Offer { terms, note } => {
            (with_terms(title, terms, texts), note.clone())
        }
        ProposedDecision::Inspect { result, note } => {
            (format!("{title} · {}", inspected(result, texts)), note.clone())
        }
    }
}

fn inspected(result: &Inspection, texts: Texts) -> String {
    match result {
        Inspection::Accepted => texts.t("history-inspected-accepted"),
        Inspection::AcceptedInPart { amount } => {
            texts.t1("history-inspected-in-part", "amount", money(*amount))
        }
        Inspection::Refused => texts.t("history-inspected-refused"),
    }
}

fn moved(step: &RefundStep, texts: Texts) -> (String, String) {
    let title = |key: &str| texts.t(&format!("history-refund-{key}"));
    match step {
        RefundStep::Accepted { .. } => (title("accepted"), String::new()),
        RefundStep::Waits { code } => (title("waits"), why(code, texts)),
        RefundStep::Uncertain => (title("uncertain"), String::new()),
        RefundStep::Succeeded { arrived_in, .. } => (title("succeeded"), arrived_in.clone()),
        RefundStep::BecameAbnormal { .. } => (title("abnormal"), String::new()),
        RefundStep::Declined { code } => (title("declined"), why(code, texts)),
        RefundStep::ClosedByChannel => (title("closed"), String::new()),
        RefundStep::CardNamed { account_masked, .. } => (title("card"), account_masked.clone()),
        RefundStep::AccountNamed { account_masked } => (title("account"), account_masked.clone()),
        RefundStep::PayoutApproved => (title("approved"), String::new()),
        RefundStep::PaidOut { voucher } => (title("paid"), voucher.clone()),
    }
}

fn sum(refunds: &[Refund]) -> String {
    let currency = refunds.first().map_or(Currency::CNY, |refund| refund.amount.currency());
    let total = Money::sum(currency, refunds.iter().map(|refund| refund.amount));
    total.map(money).unwrap_or_default()
}

fn files(what: &CaseEvent) -> Vec<FileId> {
    if let CaseEvent::Opened(filed) | CaseEvent::Amended(filed) = what {
        return filed.application.evidence.clone();
    }
    if let CaseEvent::EvidenceAdded { files, .. } | CaseEvent::MessagePosted { files, .. } = what {
        return files.clone();
    }
    Vec::new()
}
