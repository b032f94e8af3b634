//! The page and its forms: shown, looked at before they are sent, sent once.

use super::{
    deed::{Filled, Stand, act, seen},
    dossier::Dossier,
    form::Form,
    panel::Shown,
    sheet::{self, With},
};
use crate::{
    api::problem::Problem,
    assembly::App,
    pages::{
        act::{Found, carry_out},
        fields::Fields,
        parts::history::{self, Line, Reader},
        sent::{Sent, keep},
        show::see,
        visit::Visit,
    },
    world::new_command_id,
};
use axum::{
    extract::{MatchedPath, Path, State},
    http::StatusCode,
    response::Response,
};
use domain::{actor::Side, command::Act, id::FileId};
use serde::Deserialize;
use std::sync::Arc;

/// The names in the path of a form.
#[derive(Debug, Deserialize)]
pub struct Names {
    case_id: String,
    refund_no: Option<String>,
    ticket_no: Option<String>,
}

impl Names {
    fn form(&self, matched: &MatchedPath, visit: &Visit) -> Result<Form, Problem> {
        let form = Form::of(matched.as_str(), self.refund_no.as_deref(), self.ticket_no.as_deref());
        form.ok_or_else(|| visit.asked.not_found())
    }
}

/// `GET /m/cases/{case_id}`
///
/// # Errors
/// A [`Problem`] if there is no such case.
pub async fn show(
    State(app): State<Arc<App>>,
    Path(case_id): Path<String>,
    visit: Visit,
) -> Result<Response, Problem> {
    let dossier = Dossier::load(&app, &visit, &case_id).await?;
    sheet::show(&app, &dossier, &visit, With::form(StatusCode::OK, None)).await
}

/// `GET /m/cases/{case_id}/{form}`: the page with that form open.
///
/// # Errors
/// A [`Problem`] if there is no such case.
pub async fn open(
    State(app): State<Arc<App>>,
    matched: MatchedPath,
    Path(names): Path<Names>,
    visit: Visit,
) -> Result<Response, Problem> {
    let form = names.form(&matched, &visit)?;
    let dossier = Dossier::load(&app, &visit, &names.case_id).await?;
    let shown = Some(Shown::empty(form));
    sheet::show(&app, &dossier, &visit, With::form(StatusCode::OK, shown)).await
}

/// `POST /m/cases/{case_id}/{form}`: looked at once more, unless it says that it is sure; then
/// it is carried out, if what was shown is what is sent.
///
/// # Errors
/// A [`Problem`] if there is no such case. What else goes wrong is said on the page.
pub async fn send(
    State(app): State<Arc<App>>,
    matched: MatchedPath,
    Path(names): Path<Names>,
    visit: Visit,
    sent: Sent,
) -> Result<Response, Problem> {
    let form = names.form(&matched, &visit)?;
    let dossier = Dossier::load(&app, &visit, &names.case_id).await?;
    let Sent { fields, files: attached } = sent;
    let mut files: Vec<FileId> =
        fields.all("file").filter_map(|id| FileId::parse(id).ok()).collect();
    let fields = match keep(&app, &visit, &dossier.facts.order_id, attached).await {
        Ok(kept) => {
            files.extend(kept);
            fields
        }
        Err(problem) => {
            let typed = Typed { form, fields, files, again: false };
            return typed.shown_again(&app, &dossier, visit, Some(problem)).await;
        }
    };
    let changed = form.moves_money() && fields.one("seen") != seen(&fields);
    let sure = fields.has("sure");
    let typed = Typed { form, fields, files, again: sure && changed };
    if !sure || changed {
        return typed.shown_again(&app, &dossier, visit, None).await;
    }
    match typed.carry_out(&app, &dossier, &visit).await {
        Ok(done) => Ok(see(&dossier.path(), &done)),
        Err(problem) => {
            // What came first is on the page that says so.
            let dossier = Dossier::load(&app, &visit, &names.case_id).await?;
            typed.shown_again(&app, &dossier, visit, Some(problem)).await
        }
    }
}

/// A form as it was typed.
struct Typed {
    form: Form,
    fields: Fields,
    files: Vec<FileId>,
    again: bool,
}

impl Typed {
    /// Carries it out; says which sentence tells of it.
    async fn carry_out(
        &self,
        app: &App,
        dossier: &Dossier,
        visit: &Visit,
    ) -> Result<String, Problem> {
        let fields = self.with_evidence(app, dossier, visit).await?;
        let found = found(dossier);
        let filled = Filled { dossier, visit, fields: &fields, stand: Stand::Sent };
        let act = act(app, &self.form, &filled, &found).await?;
        let case_id = found.case_id;
        let answer = carry_out(app, visit, found, act, &fields).await?;
        let waits = answer.order.case(case_id).is_some_and(|case| case.proposal.is_some());
        let proposed = waits && self.form != Form::DeclineProposal && self.form.moves_money();
        Ok(format!("mcase-{}", if proposed { "proposed" } else { self.form.slug() }))
    }

    /// Puts what was attached on record first, and insists on the version after that.
    async fn with_evidence(
        &self,
        app: &App,
        dossier: &Dossier,
        visit: &Visit,
    ) -> Result<Fields, Problem> {
        if self.files.is_empty() {
            return Ok(self.fields.clone());
        }
        let files = self.files.clone();
        let asked = crate::api::files::Files { app, asked: &visit.asked, key: &dossier.key };
        asked.check(&files).await?;
        let act = Act::AddEvidence { files, note: String::new() };
        let mut first = self.fields.clone();
        let mut body = b"evidence\n".to_vec();
        body.extend_from_slice(&first.body);
        first.body = body.into();
        let answer = carry_out(app, visit, found(dossier), act, &first).await?;
        let version = answer.order.version.to_string();
        let mut pairs = self.fields.pairs().to_vec();
        pairs.push(("version".to_owned(), version));
        let mut fields = Fields::new(pairs);
        fields.body = self.fields.body.clone();
        Ok(fields)
    }

    /// The page with everything that was typed.
    async fn shown_again(
        self,
        app: &App,
        dossier: &Dossier,
        mut visit: Visit,
        problem: Option<Problem>,
    ) -> Result<Response, Problem> {
        let Self { form, fields, files, again } = self;
        let passed = problem.as_ref().is_some_and(|problem| problem.code == "version_passed");
        let version = fields.one("version").parse().unwrap_or(dossier.order.version);
        let since = if version < dossier.order.version || passed {
            since(dossier, &visit, version)
        } else {
            Vec::new()
        };
        let status = problem.as_ref().map_or(StatusCode::OK, Problem::http_status);
        visit.page.problem = problem;
        let shown = Shown { form, fields, files, since, again };
        sheet::show(app, dossier, &visit, With::form(status, Some(shown))).await
    }
}

fn found(dossier: &Dossier) -> Found {
    Found { key: dossier.key.clone(), case_id: dossier.case.case_id, command_id: new_command_id() }
}

/// What happened to the case since a version.
fn since(dossier: &Dossier, visit: &Visit, version: u64) -> Vec<Line> {
    let reader = Reader { side: Side::Merchant, names: &dossier.names, texts: visit.page.texts };
    let lines = history::lines(&dossier.records, dossier.case.case_id, reader);
    lines.into_iter().filter(|line| line.version > version).collect()
}
