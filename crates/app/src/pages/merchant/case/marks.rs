//! How the shop sorts a case: who handles it, under which tags, on which tier (I3).

use super::{
    dossier::Dossier,
    sheet::{self, With},
};
use crate::{
    api::problem::Problem,
    assembly::App,
    pages::{
        act::{Found, carry_out},
        fields::Fields,
        page::{Page, name_of},
        parts::people::here,
        show::see,
        visit::Visit,
    },
    world::new_command_id,
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::{
    case::{Marks, Tier},
    command::Act,
    id::PersonId,
};
use std::sync::Arc;

/// The tiers, as they are offered.
const TIERS: [Tier; 3] = [Tier::Ordinary, Tier::Difficult, Tier::Legal];

/// The marks of a case as the page shows them.
pub struct Shown {
    /// What the one who handles it is called.
    pub assignee: Option<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// What its tier is called; none if it is an ordinary one.
    pub tier: Option<String>,
    /// Who may handle it.
    pub people: Vec<Choice>,
    /// The tiers.
    pub tiers: Vec<Choice>,
    /// The tags as typed.
    pub typed_tags: String,
    /// Whether something typed was not taken.
    pub is_open: bool,
}

/// Something that can be chosen.
pub struct Choice {
    /// How it is sent.
    pub value: String,
    /// What it is called.
    pub word: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// The marks of a case, with what was typed into their form where it was not taken.
///
/// # Errors
/// A [`Problem`] if the people of the shop cannot be read.
pub async fn shown(
    app: &App,
    dossier: &Dossier,
    p: &Page,
    typed: Option<&Fields>,
) -> Result<Shown, Problem> {
    let marks = &dossier.case.marks;
    let assignee = marks.assignee.as_ref().map(PersonId::as_str);
    let tier = name_of(&marks.tier);
    let handles = typed.map_or(assignee.unwrap_or_default(), |typed| typed.one("assignee"));
    let chosen_tier = typed.map_or(tier.as_str(), |typed| typed.one("tier"));
    let mut people = here(app, &dossier.key.shop_id, p.texts.0).await?;
    // Whoever has left keeps their cases until somebody takes them over.
    if let Some(gone) = assignee.filter(|id| !people.iter().any(|(person, _)| person == id)) {
        people.push((gone.to_owned(), dossier.names.of(gone).to_owned()));
    }
    let person = |(value, word): (String, String)| Choice { chosen: value == handles, value, word };
    let tiers = TIERS.map(|tier| {
        let value = name_of(&tier);
        Choice { chosen: value == chosen_tier, word: p.word_in("tier", &tier), value }
    });
    Ok(Shown {
        assignee: assignee.map(|id| dossier.names.of(id).to_owned()),
        tags: marks.tags.clone(),
        tier: (marks.tier != Tier::Ordinary).then(|| p.word_in("tier", &marks.tier)),
        people: people.into_iter().map(person).collect(),
        tiers: tiers.into(),
        typed_tags: typed
            .map_or_else(|| marks.tags.join("，"), |typed| typed.one("tags").to_owned()),
        is_open: typed.is_some(),
    })
}

/// `POST /m/cases/{case_id}/mark`
///
/// # Errors
/// A [`Problem`] if there is no such case.
pub async fn save(
    State(app): State<Arc<App>>,
    Path(case_id): Path<String>,
    mut visit: Visit,
    fields: Fields,
) -> Result<Response, Problem> {
    let dossier = Dossier::load(&app, &visit, &case_id).await?;
    let done = match read(&dossier, &visit, &fields) {
        Ok(marks) => {
            let found = Found {
                key: dossier.key.clone(),
                case_id: dossier.case.case_id,
                command_id: new_command_id(),
            };
            carry_out(&app, &visit, found, Act::Mark { marks }, &fields).await.map(|_| ())
        }
        Err(problem) => Err(problem),
    };
    let Err(problem) = done else {
        return Ok(see(&dossier.path(), "mcase-mark"));
    };
    // What a colleague did first is on the page that says so.
    let dossier = Dossier::load(&app, &visit, &case_id).await?;
    let status = problem.http_status();
    visit.page.problem = Some(problem);
    let mut with = With::form(status, None);
    with.marks = Some(fields);
    sheet::show(&app, &dossier, &visit, with).await
}

/// The marks a form asks for. Only a person of the shop can handle a case.
fn read(dossier: &Dossier, visit: &Visit, fields: &Fields) -> Result<Marks, Problem> {
    let unfit = || visit.asked.problem(StatusCode::UNPROCESSABLE_ENTITY, "marks_unfit");
    let assignee = match fields.some("assignee") {
        Some(id) if dossier.names.knows(id) => Some(PersonId::parse(id).map_err(|_| unfit())?),
        Some(_) => return Err(unfit()),
        None => None,
    };
    let tier = serde_json::Value::String(fields.one("tier").to_owned());
    let tier = serde_json::from_value(tier).map_err(|_| unfit())?;
    let tags = fields.one("tags").split([',', '，', '、', ';', '；']).map(str::to_owned);
    Ok(Marks { assignee, tags: tags.collect(), tier })
}
