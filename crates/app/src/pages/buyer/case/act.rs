//! What a buyer does about a case. Each form carries a key of its own, so that a double click does
//! it once, and the version it was made for; words and files are added whatever came between.

use super::{Typed, again};
use crate::{
    api::{
        cases::{
            Place, Target, Verb as _,
            money::{NameAccount, NameCard},
        },
        files::Files,
        problem::Problem,
    },
    assembly::App,
    carriers::{Carrier, recognised, tidy},
    pages::{
        Routes,
        act::{Found, carry_out, found},
        buyer::with_files,
        fields::Fields,
        sent::{Attached, Sent, keep},
        show,
        visit::Visit,
    },
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
    routing,
};
use domain::{
    case::Audience,
    command::Act,
    id::{FileId, RefundNo},
};
use std::sync::Arc;

/// What a buyer may do, by the name of its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Withdraw the application.
    Withdraw,
    /// Accept the offer.
    AcceptOffer,
    /// Decline it.
    DeclineOffer,
    /// Say how the goods were sent back.
    ShipReturn,
    /// Say that the other goods have come.
    ConfirmReplacement,
    /// Call the platform.
    Escalate,
    /// Put files on record.
    Evidence,
    /// Write to the others.
    Messages,
    /// Ask where the money is.
    Tickets,
    /// Name another card.
    NameCard,
    /// Name an account.
    NameAccount,
}

impl Verb {
    /// Every verb.
    pub const ALL: [Self; 11] = [
        Self::Withdraw,
        Self::AcceptOffer,
        Self::DeclineOffer,
        Self::ShipReturn,
        Self::ConfirmReplacement,
        Self::Escalate,
        Self::Evidence,
        Self::Messages,
        Self::Tickets,
        Self::NameCard,
        Self::NameAccount,
    ];

    /// Its name in the address and in the sentence of what was done.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Withdraw => "withdraw",
            Self::AcceptOffer => "accept-offer",
            Self::DeclineOffer => "decline-offer",
            Self::ShipReturn => "ship-return",
            Self::ConfirmReplacement => "confirm-replacement",
            Self::Escalate => "escalate",
            Self::Evidence => "evidence",
            Self::Messages => "messages",
            Self::Tickets => "tickets",
            Self::NameCard => "name-card",
            Self::NameAccount => "name-account",
        }
    }

    /// Whether nobody's view of the case is needed: what is added takes nothing back.
    const fn only_adds(self) -> bool {
        matches!(self, Self::Evidence | Self::Messages)
    }
}

/// The routes of the verbs.
pub fn routes() -> Routes {
    Verb::ALL.into_iter().fold(Routes::new(), |routes, verb| {
        let path = format!("/b/cases/{{case_id}}/{}", verb.name());
        let take =
            move |State(app): State<Arc<App>>,
                  Path(case_id): Path<String>,
                  visit: Visit,
                  sent: Sent| async move { post(&app, verb, (&case_id, visit), sent).await };
        routes.route(&path, with_files(routing::post(take)))
    })
}

/// `POST /b/cases/{case_id}/{verb}`
///
/// # Errors
/// A [`Problem`] if there is no such case for this buyer.
pub async fn post(
    app: &App,
    verb: Verb,
    (case_id, visit): (&str, Visit),
    sent: Sent,
) -> Result<Response, Problem> {
    let found = found(app, &visit, case_id).await?;
    match done(app, verb, (&visit, found), sent.clone()).await {
        Ok(()) => Ok(show::see(&format!("/b/cases/{case_id}"), verb.name())),
        Err(problem) => {
            let typed = Typed { verb: verb.name(), fields: sent.fields };
            again(app, &visit, case_id, (typed, problem)).await
        }
    }
}

async fn done(
    app: &App,
    verb: Verb,
    (visit, found): (&Visit, Found),
    sent: Sent,
) -> Result<(), Problem> {
    let Sent { fields, files: attached } = sent;
    let fields = &fields;
    let act = match verb {
        Verb::Withdraw => Act::Withdraw,
        Verb::AcceptOffer => Act::AcceptOffer,
        Verb::DeclineOffer => Act::DeclineOffer { note: fields.one("note").to_owned() },
        Verb::ShipReturn => ship(visit, fields)?,
        Verb::ConfirmReplacement => Act::ConfirmReplacement,
        Verb::Escalate => Act::Escalate { reason: fields.one("reason").to_owned() },
        Verb::Evidence => Act::AddEvidence {
            files: files(app, visit, (&found, fields), attached).await?,
            note: fields.one("note").to_owned(),
        },
        Verb::Messages => Act::PostMessage {
            text: fields.one("text").to_owned(),
            files: files(app, visit, (&found, fields), attached).await?,
            audience: Audience::Everyone,
        },
        Verb::Tickets => Act::OpenTicket { refund_no: refund_no(visit, fields)? },
        Verb::NameCard | Verb::NameAccount => named(app, verb, (visit, &found), fields).await?,
    };
    if verb.only_adds() {
        let mut fields = fields.clone();
        fields.leave_out("version");
        return carry_out(app, visit, found, act, &fields).await.map(drop);
    }
    carry_out(app, visit, found, act, fields).await.map(drop)
}

/// The files of a form: what script has uploaded before comes as ids, what a plain form attaches
/// is put on record now.
async fn files(
    app: &App,
    visit: &Visit,
    (found, fields): (&Found, &Fields),
    attached: Vec<Attached>,
) -> Result<Vec<FileId>, Problem> {
    let ids = fields.all("file_id").map(|id| FileId::parse(id).map_err(|_| ()));
    let ids = ids.collect::<Result<Vec<_>, ()>>().map_err(|()| visit.asked.not_found())?;
    Files { app, asked: &visit.asked, key: &found.key }.check(&ids).await?;
    let more = keep(app, visit, &found.key.order_id, attached).await?;
    Ok(ids.into_iter().chain(more).collect())
}

/// The carrier that was chosen, or written, or that the waybill shows (F9).
fn ship(visit: &Visit, fields: &Fields) -> Result<Act, Problem> {
    let waybill = tidy(fields.one("waybill"));
    let chosen = match fields.one("carrier") {
        "" => recognised(&waybill).map(|carrier| carrier.name().to_owned()),
        "other" => fields.some("other").map(str::to_owned),
        code => Carrier::named(code).map(|carrier| carrier.name().to_owned()),
    };
    let unknown = || visit.asked.problem(StatusCode::UNPROCESSABLE_ENTITY, "carrier_unknown");
    let missing = || visit.asked.problem(StatusCode::UNPROCESSABLE_ENTITY, "tracking_missing");
    if waybill.is_empty() {
        return Err(missing());
    }
    Ok(Act::ShipReturn { carrier: chosen.ok_or_else(unknown)?, waybill })
}

fn refund_no(visit: &Visit, fields: &Fields) -> Result<RefundNo, Problem> {
    RefundNo::parse(fields.one("refund_no")).map_err(|_| visit.asked.not_found())
}

/// Cards and accounts are sealed before anything is written, just as the interface does it.
async fn named(
    app: &App,
    verb: Verb,
    (visit, found): (&Visit, &Found),
    fields: &Fields,
) -> Result<Act, Problem> {
    let place = Place::refund(&found.case_id.to_string(), fields.one("refund_no"));
    let target = Target {
        app,
        asked: &visit.asked,
        key: found.key.clone(),
        case_id: found.case_id,
        command_id: found.command_id,
        place: &place,
    };
    let text = |name: &str| fields.one(name).to_owned();
    let number = |name: &str| fields.one(name).replace([' ', '-'], "");
    if verb == Verb::NameCard {
        let card = NameCard::new(text("bank_type"), number("bank_account"), text("real_name"));
        return card.act(&target).await;
    }
    NameAccount::new(text("holder"), text("bank"), number("account")).act(&target).await
}
