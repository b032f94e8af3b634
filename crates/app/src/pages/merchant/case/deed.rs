//! What a form of the panel asks for, as an act. Before it is sent, what is not filled in yet is
//! stood in for, so that its consequence can be told all the same.

use super::{dossier::Dossier, form::Form};
use crate::{
    api::{
        cases::{
            Place, Target, Verb,
            money::{NameAccount, NameCard},
        },
        problem::Problem,
    },
    assembly::App,
    pages::{act::Found, fields::Fields, visit::Visit},
};
use axum::http::StatusCode;
use domain::{
    case::{Case, Goods, Inspection, Route, Terms},
    command::Act,
    id::RefundNo,
    money::Money,
};

/// What stands for a waybill that is not known yet.
const ANY_WAYBILL: &str = "00000000";

/// What a form says, and on what.
pub struct Filled<'a> {
    /// The case.
    pub dossier: &'a Dossier,
    /// Who fills it in.
    pub visit: &'a Visit,
    /// What was typed.
    pub fields: &'a Fields,
    /// Whether it is sent, or only looked at.
    pub stand: Stand,
}

/// Whether a form is sent or looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// It is sent.
    Sent,
    /// It is looked at.
    Looked,
}

impl Filled<'_> {
    /// A text that the buyer or a colleague will read.
    fn words(&self, name: &str) -> String {
        self.or(name, &self.visit.page.t("mcase-your-words"))
    }

    fn or(&self, name: &str, otherwise: &str) -> String {
        let text = self.fields.one(name);
        let missing = text.is_empty() && self.stand == Stand::Looked;
        if missing { otherwise.to_owned() } else { text.to_owned() }
    }

    fn amount(&self) -> Result<Option<Money>, Problem> {
        let currency = self.dossier.facts.currency;
        self.fields.money("amount", currency, self.visit.language())
    }

    fn terms(&self) -> Result<Terms, Problem> {
        let case = &self.dossier.case;
        let amount = self.amount()?.unwrap_or_else(|| case.due_to_buyer());
        let route = match self.fields.one("route") {
            "designated" => Route::Designated,
            _ => Route::Original,
        };
        Ok(Terms { amount, route, goods: goods(self.fields.one("goods"), case) })
    }

    fn inspection(&self) -> Result<Inspection, Problem> {
        Ok(match self.fields.one("result") {
            "refused" => Inspection::Refused,
            "accepted_in_part" => {
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                let missing = || self.visit.asked.problem(status, "inspection_amount");
                Inspection::AcceptedInPart { amount: self.amount()?.ok_or_else(missing)? }
            }
            _ => Inspection::Accepted,
        })
    }
}

/// Whether goods come back, as chosen, or as the type of the case has it.
fn goods(chosen: &str, case: &Case) -> Goods {
    match chosen {
        "return" => Goods::Return,
        "keep" => Goods::Keep,
        _ if case.goods_are_out() => Goods::Return,
        _ => Goods::Keep,
    }
}

/// What of a form the money depends on: shown once, and sent along to prove what was shown.
#[must_use]
pub fn seen(fields: &Fields) -> String {
    ["amount", "route", "goods", "result"].map(|name| fields.one(name)).join("|")
}

/// The act that a form asks for.
///
/// # Errors
/// A [`Problem`] if something in it cannot be read.
pub async fn act(
    app: &App,
    form: &Form,
    filled: &Filled<'_>,
    found: &Found,
) -> Result<Act, Problem> {
    let note = || filled.fields.one("note").to_owned();
    Ok(match form {
        Form::ConfirmProposal => Act::ConfirmProposal,
        Form::DeclineProposal => Act::DeclineProposal { note: note() },
        Form::Approve => Act::Approve { terms: None, note: note() },
        Form::ApprovePart => Act::Approve { terms: Some(filled.terms()?), note: note() },
        Form::Offer => Act::Offer { terms: filled.terms()?, note: filled.words("note") },
        Form::RequestEvidence => Act::RequestEvidence { text: filled.words("note") },
        Form::Reject => Act::Reject { reason: filled.words("note") },
        Form::Receive => Act::Receive,
        Form::Inspect => {
            let result = filled.inspection()?;
            let note = if result == Inspection::Accepted { note() } else { filled.words("note") };
            Act::Inspect { result, note }
        }
        Form::SendReplacement => Act::SendReplacement {
            carrier: filled.or("carrier", "-"),
            waybill: filled.or("waybill", ANY_WAYBILL),
        },
        Form::Escalate => Act::Escalate { reason: filled.words("note") },
        Form::Replace(refund_no) => {
            Act::ReplaceRefund { refund_no: refund_no.clone(), route: filled.terms()?.route }
        }
        Form::NameCard(refund_no) | Form::NameAccount(refund_no) => {
            named(app, form, refund_no, (filled, found)).await?
        }
        Form::ApprovePayout(refund_no) => Act::ApprovePayout { refund_no: refund_no.clone() },
        Form::MarkPaid(refund_no) => {
            let voucher = filled.or("voucher", "-");
            Act::MarkPaid { refund_no: refund_no.clone(), voucher }
        }
        Form::OpenTicket(refund_no) => Act::OpenTicket { refund_no: refund_no.clone() },
        Form::CloseTicket(ticket_no) => Act::CloseTicket { ticket_no: *ticket_no },
    })
}

/// Cards are encrypted and accounts sealed on the way the interface does it.
async fn named(
    app: &App,
    form: &Form,
    refund_no: &RefundNo,
    (filled, found): (&Filled<'_>, &Found),
) -> Result<Act, Problem> {
    let place = Place {
        case_id: found.case_id.to_string(),
        refund_no: Some(refund_no.to_string()),
        ticket_no: None,
    };
    let target = Target {
        app,
        asked: &filled.visit.asked,
        key: found.key.clone(),
        case_id: found.case_id,
        command_id: found.command_id,
        place: &place,
    };
    let text = |name: &str| filled.fields.one(name).to_owned();
    if matches!(form, Form::NameCard(_)) {
        let bank_account = text("account").replace(' ', "");
        let real_name = text("holder");
        return NameCard { bank_type: text("bank"), bank_account, real_name }.act(&target).await;
    }
    let (holder, bank, account) = (text("holder"), text("bank"), text("account"));
    NameAccount { holder, bank, account }.act(&target).await
}
