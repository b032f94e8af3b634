//! The buyer applies, changes the application, withdraws it.

use super::{Target, Verb, show};
use crate::{
    api::{
        files::Files,
        problem::Problem,
        request::{Asked, Body, json},
    },
    assembly::App,
    world::new_command_id,
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::{
    application::Application,
    command::{Act, Command, Filing},
    decide::check_sizes,
    id::{CaseId, OrderId},
};
use engine::{desk::Envelope, rows::StreamKey};
use serde::Deserialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// An application.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct Apply(pub Application);

/// The files named in an application, and what is in them.
///
/// # Errors
/// A [`Problem`] if a file is not there.
pub async fn filing(application: Application, files: &Files<'_>) -> Result<Filing, Problem> {
    // What is too long to be filed is not judged either: a check says what submitting would.
    check_sizes(&application).map_err(|refusal| Problem::refused(refusal, files.asked.language))?;
    files.check(&application.declared.proof_of_no_use).await?;
    let evidence_kinds = files.check(&application.evidence).await?;
    Ok(Filing { application, evidence_kinds })
}

/// `POST /api/v1/orders/{order_id}/cases`
///
/// # Errors
/// A [`Problem`] with the findings if the policy blocks it.
pub async fn open(
    State(app): State<Arc<App>>,
    Path(order_id): Path<String>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order_id = OrderId::parse(&order_id).map_err(|_| asked.not_found())?;
    let key = StreamKey { shop_id: asked.shop()?.clone(), order_id };
    let Apply(application) = json(&body, asked.language)?;
    let files = Files { app: &app, asked: &asked, key: &key };
    let filing = filing(application, &files).await?;
    let command_id = new_command_id();
    let envelope = Envelope {
        key,
        command: Command::Open(Box::new(filing)),
        command_id,
        by: asked.caller.actor(),
        receipt: asked.receipt(&body),
        expected: asked.expected,
        settles: None,
    };
    let answer = app.desk.handle(envelope).await;
    let answer = answer.map_err(|trouble| Problem::trouble(trouble, asked.language))?;
    // A repeated request gets the case that the first one opened: the last of the order then.
    let opened = CaseId::opened_by(command_id);
    let last = answer.order.cases.last().map(|case| case.case_id);
    let case_id = if answer.repeated { last.unwrap_or(opened) } else { opened };
    show::respond(&app, &asked, &answer.order, case_id, StatusCode::CREATED).await
}

/// `POST …/amend`
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct Amend(Application);

impl Verb for Amend {
    async fn act(self, target: &Target<'_>) -> Result<Act, Problem> {
        Ok(Act::Amend(Box::new(filing(self.0, &target.files()).await?)))
    }
}

/// `POST …/withdraw`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Withdraw {}

impl Verb for Withdraw {
    async fn act(self, _: &Target<'_>) -> Result<Act, Problem> {
        Ok(Act::Withdraw)
    }
}
