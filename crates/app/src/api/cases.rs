//! Cases over HTTP: open, list, show, and every verb. Each verb is a body that becomes an act.

pub mod application;
pub mod decision;
pub mod dispute;
pub mod goods;
pub mod list;
pub mod money;
pub mod show;
pub mod timeline;
pub mod words;

use super::{
    problem::Problem,
    request::{Asked, Body, json},
};
use crate::{api::files::Files, assembly::App, world::new_command_id};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::{
    command::{Act, Command},
    id::{CaseId, CommandId, OrderId, RefundNo},
};
use engine::{desk::Envelope, rows::StreamKey};
use serde::{Deserialize, de::DeserializeOwned};
use std::{future::Future, sync::Arc};

/// The names in the path of a verb.
#[derive(Clone, Debug, Deserialize)]
pub struct Place {
    /// The case.
    pub case_id: String,
    /// One of its refunds.
    pub refund_no: Option<String>,
    /// One of its tickets.
    pub ticket_no: Option<u32>,
}

impl Place {
    /// A refund of a case.
    #[must_use]
    pub fn refund(case_id: &str, refund_no: &str) -> Self {
        let refund_no = Some(refund_no.to_owned());
        Self { case_id: case_id.to_owned(), refund_no, ticket_no: None }
    }
}

/// The case a verb is about, found and belonging to the caller.
pub struct Target<'a> {
    /// The application.
    pub app: &'a App,
    /// The request.
    pub asked: &'a Asked,
    /// The order.
    pub key: StreamKey,
    /// The case.
    pub case_id: CaseId,
    /// The command that the verb becomes.
    pub command_id: CommandId,
    /// The names in the path.
    pub place: &'a Place,
}

impl Target<'_> {
    /// The refund named in the path.
    ///
    /// # Errors
    /// A [`Problem`] if it is no number of a refund.
    pub fn refund_no(&self) -> Result<RefundNo, Problem> {
        let text = self.place.refund_no.as_deref().unwrap_or_default();
        RefundNo::parse(text).map_err(|_| self.asked.not_found())
    }

    /// The ticket named in the path.
    ///
    /// # Errors
    /// A [`Problem`] if it is no number.
    pub fn ticket_no(&self) -> Result<u32, Problem> {
        self.place.ticket_no.ok_or_else(|| self.asked.not_found())
    }

    /// The files of the order, to check those named in a body.
    #[must_use]
    pub fn files(&self) -> Files<'_> {
        Files { app: self.app, asked: self.asked, key: &self.key }
    }
}

/// A body of a verb.
pub trait Verb: DeserializeOwned + Send {
    /// The act it asks for.
    fn act(self, target: &Target<'_>) -> impl Future<Output = Result<Act, Problem>> + Send;
}

/// Carries out one verb.
///
/// # Errors
/// A [`Problem`] with the reason.
pub async fn carry_out<V: Verb>(
    State(app): State<Arc<App>>,
    Path(place): Path<Place>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let (key, case_id) = find(&app, &asked, &place.case_id).await?;
    let command_id = new_command_id();
    let target =
        Target { app: &app, asked: &asked, key: key.clone(), case_id, command_id, place: &place };
    let act = json::<V>(&body, asked.language)?.act(&target).await?;
    let envelope = Envelope {
        key,
        command: Command::Case { case_id, act },
        command_id,
        by: asked.caller.actor(),
        receipt: asked.receipt(&body),
        expected: asked.expected,
        settles: None,
    };
    let answer = app.desk.handle(envelope).await;
    let answer = answer.map_err(|trouble| Problem::trouble(trouble, asked.language))?;
    show::respond(&app, &asked, &answer.order, case_id, StatusCode::OK).await
}

/// The order of a case. What is another shop's, or another buyer's, is not there.
///
/// # Errors
/// A [`Problem`] if there is none.
pub async fn find(app: &App, asked: &Asked, case_id: &str) -> Result<(StreamKey, CaseId), Problem> {
    let shop_id = asked.shop()?.clone();
    let case_id = CaseId::parse(case_id).ok_or_else(|| asked.not_found())?;
    let found = app.desk.store().order_of_case(&shop_id, case_id).await;
    let found = found.map_err(|fault| Problem::fault(&fault, asked.language))?;
    let order_id: OrderId = found.ok_or_else(|| asked.not_found())?;
    let key = StreamKey { shop_id, order_id };
    if let Some(buyer_id) = asked.caller.buyer() {
        let order = app.desk.order(&key).await;
        let order = order.map_err(|trouble| Problem::trouble(trouble, asked.language))?;
        if order.facts.as_ref().map(|facts| &facts.buyer_id) != Some(buyer_id) {
            return Err(asked.not_found());
        }
    }
    Ok((key, case_id))
}
