//! The money of a case as its buyer sees it: how far each refund is, what was asked about it, and
//! what can be done where it does not arrive.

use crate::pages::{parts::refunds, text::Texts};
use domain::{
    case::{Case, Ticket},
    command::Action,
    facts::Facts,
    moment::Moment,
    refund::Refund,
};

/// A refund with what was asked about it.
pub struct Shown {
    /// The refund.
    pub refund: refunds::Shown,
    /// What it is called in an address of the page.
    pub anchor: String,
    /// The tickets about it, the last first.
    pub tickets: Vec<Asked>,
    /// A ticket may be opened.
    pub may_ask: bool,
}

/// A ticket, and what the channel answered.
pub struct Asked {
    /// Its number in the case.
    pub ticket_no: u32,
    /// When.
    pub at: Moment,
    /// The answer and when it came.
    pub answer: Option<(String, Moment)>,
    /// It was closed.
    pub closed: bool,
}

/// The refunds of a case, those that another replaced left out.
#[must_use]
pub fn of_case(case: &Case, facts: &Facts, (texts, allowed): (Texts, &[Action])) -> Vec<Shown> {
    let counted = case.refunds.iter().filter(|refund| refund.state.counts());
    let may = allowed.contains(&Action::OpenTicket);
    counted.map(|refund| one(refund, case, facts, (texts, may))).collect()
}

fn one(refund: &Refund, case: &Case, facts: &Facts, (texts, may): (Texts, bool)) -> Shown {
    let tickets = case.tickets.iter().rev().filter(|t| t.refund_no == refund.refund_no);
    let tickets: Vec<Asked> = tickets.map(|ticket| asked(ticket, texts)).collect();
    let open = tickets.iter().any(|ticket| !ticket.closed);
    Shown {
        may_ask: may && !refund.state.is_done() && !open,
        anchor: format!("r{}", refund.refund_no),
        refund: refunds::one(refund, facts, texts),
        tickets,
    }
}

fn asked(ticket: &Ticket, texts: Texts) -> Asked {
    let answer = ticket.answer.as_ref().map(|answer| {
        (texts.word_of("channel", &answer.refund_status.to_ascii_lowercase()), answer.at)
    });
    Asked {
        ticket_no: ticket.ticket_no,
        at: ticket.opened_at,
        answer,
        closed: ticket.closed_at.is_some(),
    }
}
