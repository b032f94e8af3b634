//! What is said: to the buyer and the platform, or among the shop's own people (M4).

use super::{
    dossier::Dossier,
    sheet::{self, With},
};
use crate::{
    api::problem::Problem,
    assembly::App,
    pages::{
        act::{Found, carry_out},
        sent::{Sent, keep},
        show::see,
        visit::Visit,
    },
    replies::fill::blank_left,
    world::new_command_id,
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::{case::Audience, command::Act};
use std::sync::Arc;

/// `POST /m/cases/{case_id}/messages`
///
/// # Errors
/// A [`Problem`] if there is no such case.
pub async fn message(
    State(app): State<Arc<App>>,
    Path(case_id): Path<String>,
    visit: Visit,
    sent: Sent,
) -> Result<Response, Problem> {
    post(&app, &case_id, visit, (sent, Audience::Everyone)).await
}

/// `POST /m/cases/{case_id}/notes`
///
/// # Errors
/// A [`Problem`] if there is no such case.
pub async fn note(
    State(app): State<Arc<App>>,
    Path(case_id): Path<String>,
    visit: Visit,
    sent: Sent,
) -> Result<Response, Problem> {
    post(&app, &case_id, visit, (sent, Audience::Merchant)).await
}

async fn post(
    app: &App,
    case_id: &str,
    mut visit: Visit,
    (sent, audience): (Sent, Audience),
) -> Result<Response, Problem> {
    let dossier = Dossier::load(app, &visit, case_id).await?;
    let Sent { fields, files } = sent;
    let said = async {
        if audience == Audience::Everyone {
            all_filled_in(&visit, fields.one("text"))?;
        }
        let files = keep(app, &visit, &dossier.facts.order_id, files).await?;
        let text = fields.one("text").to_owned();
        let act = Act::PostMessage { text, files, audience };
        let found = Found {
            key: dossier.key.clone(),
            case_id: dossier.case.case_id,
            command_id: new_command_id(),
        };
        carry_out(app, &visit, found, act, &fields).await
    };
    let done = match audience {
        Audience::Everyone => "mcase-message#talk",
        Audience::Merchant => "mcase-note#notes",
    };
    match said.await {
        Ok(_) => Ok(see(&dossier.path(), done)),
        Err(problem) => {
            let status = problem.http_status();
            visit.page.problem = Some(problem);
            let typed = fields.one("text").to_owned();
            let mut with = With::form(status, None);
            match audience {
                Audience::Everyone => with.message = typed,
                Audience::Merchant => with.note = typed,
            }
            sheet::show(app, &dossier, &visit, with).await
        }
    }
}

/// A buyer never reads the name of what should have been filled in.
fn all_filled_in(visit: &Visit, text: &str) -> Result<(), Problem> {
    let Some(variable) = blank_left(text) else { return Ok(()) };
    let language = visit.language();
    let (status, code) = (StatusCode::UNPROCESSABLE_ENTITY, "reply_blank_left");
    Err(Problem::about(status, code, ("name", variable.name(language)), language))
}
