//! What a form asks for goes the way of every command. A form carries `once`, a key of its own, so
//! that a double click gets the first answer, and `version`, so that nobody decides on a case that
//! has changed since it was looked at.

use super::{fields::Fields, visit::Visit};
use crate::{
    api::{cases::find, problem::Problem},
    assembly::App,
    world::new_command_id,
};
use domain::{
    command::{Act, Command},
    id::{CaseId, CommandId},
};
use engine::{
    desk::{Answer, Envelope},
    rows::StreamKey,
};

/// A case found for a visitor, and the command that is to come.
pub struct Found {
    /// Its order.
    pub key: StreamKey,
    /// The case.
    pub case_id: CaseId,
    /// The command's id, from which numbers are derived.
    pub command_id: CommandId,
}

/// Finds a case. What is another shop's, or another buyer's, is not there.
///
/// # Errors
/// A [`Problem`] if there is none.
pub async fn found(app: &App, visit: &Visit, case_id: &str) -> Result<Found, Problem> {
    let (key, case_id) = find(app, &visit.asked, case_id).await?;
    Ok(Found { key, case_id, command_id: new_command_id() })
}

/// Carries out an act on a case.
///
/// # Errors
/// A [`Problem`] with the reason; then nothing was changed.
pub async fn carry_out(
    app: &App,
    visit: &Visit,
    found: Found,
    act: Act,
    fields: &Fields,
) -> Result<Answer, Problem> {
    let Found { key, case_id, command_id } = found;
    let command = Command::Case { case_id, act };
    handle(app, visit, (key, command, command_id), fields).await
}

/// Carries out a command.
///
/// # Errors
/// A [`Problem`] with the reason; then nothing was changed.
pub async fn handle(
    app: &App,
    visit: &Visit,
    (key, command, command_id): (StreamKey, Command, CommandId),
    fields: &Fields,
) -> Result<Answer, Problem> {
    let envelope = Envelope {
        key,
        command,
        command_id,
        by: visit.asked.caller.actor(),
        receipt: visit.asked.receipt_of(fields.one("once"), &fields.body),
        expected: fields.one("version").parse().ok(),
        settles: None,
    };
    let answer = app.desk.handle(envelope).await;
    answer.map_err(|trouble| Problem::trouble(trouble, visit.language()))
}
