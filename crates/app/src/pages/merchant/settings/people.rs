//! The people of the shop: invited, given another office, shut out.

use super::{Tab, meanwhile, tabs, unfit};
use crate::{
    access::{
        credential::{CREDENTIAL, Credential},
        invitation,
        member::Member,
        people::{Office, PERSON, Person},
        second_factor::{self, Change},
        staff::{self, Done},
    },
    api::{problem::Problem, shop::check_name},
    assembly::App,
    onboarding::{self, Newcomer},
    pages::{
        desk::failed,
        fields::Fields,
        page::{Page, name_of},
        show::{page, see, with_status},
        visit::Visit,
    },
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{id::PersonId, moment::Moment};
use std::{collections::BTreeMap, sync::Arc};

/// The most people listed.
const LISTED_MAX: u32 = 200;
/// Every office of a shop.
const OFFICES: [Office; 4] = [Office::Agent, Office::Supervisor, Office::Finance, Office::Owner];
/// Where they are listed.
const HERE: &str = "/m/settings/people";

#[derive(Template)]
#[template(path = "merchant/settings/people.html")]
struct People {
    p: Page,
    tabs: Vec<Tab>,
    people: Vec<Listed>,
    offices: Vec<String>,
    typed: Fields,
    /// A link just made, and for whom; shown this once.
    link: Option<(String, String)>,
}

struct Listed {
    id: String,
    name: String,
    office: String,
    ended_at: Option<Moment>,
    has_password: bool,
    has_factor: bool,
    is_oneself: bool,
}

/// `GET /m/settings/people`
///
/// # Errors
/// A [`Problem`] if they cannot be read.
pub async fn list(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    page(&people(&app, visit, Fields::default()).await?)
}

async fn people(app: &App, visit: Visit, typed: Fields) -> Result<People, Problem> {
    let fault = |fault| Problem::fault(&fault, visit.language());
    let shop_id = visit.shop()?;
    let found = app.registry.list::<Person>(shop_id, PERSON, "", LISTED_MAX).await;
    let kept = app.registry.list::<Credential>(shop_id, CREDENTIAL, "", LISTED_MAX).await;
    let kept: BTreeMap<String, bool> = kept
        .map_err(fault)?
        .into_iter()
        .map(|entry| (entry.id, entry.body.second_factor_since().is_some()))
        .collect();
    let by = visit.asked.caller.actor();
    let oneself = by.person().map(PersonId::as_str);
    let mut people: Vec<Listed> = found
        .map_err(fault)?
        .into_iter()
        .map(|entry| Listed {
            has_password: kept.contains_key(&entry.id),
            has_factor: kept.get(&entry.id).copied().unwrap_or(false),
            is_oneself: oneself == Some(entry.id.as_str()),
            id: entry.id,
            name: entry.body.name,
            office: name_of(&entry.body.office),
            ended_at: entry.body.ended_at,
        })
        .collect();
    people.sort_by_key(|person| person.ended_at.is_some());
    let offices = OFFICES.iter().map(name_of).collect();
    Ok(People { tabs: tabs(&visit), p: visit.page, people, offices, typed, link: None })
}

/// `POST /m/settings/people`: lets somebody in and shows the link for them, once.
///
/// # Errors
/// A [`Problem`] if it could not be done now.
pub async fn invite(
    State(app): State<Arc<App>>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, Problem> {
    match try_invite(&app, &visit, &fields).await {
        Ok(link) => with_link(&app, visit, link).await,
        Err(problem) => {
            let mut shown = people(&app, visit, fields).await?;
            let status = problem.http_status();
            shown.p.problem = Some(problem);
            with_status(status, &shown)
        }
    }
}

async fn try_invite(
    app: &App,
    visit: &Visit,
    fields: &Fields,
) -> Result<(String, String), Problem> {
    let (id, name) = (fields.one("person_id"), fields.one("name"));
    let member = Member::named(visit.shop()?.as_str(), id);
    let member = member.ok_or_else(|| unfit(visit, "person_id_invalid"))?;
    check_name(name, &visit.asked)?;
    let office = office_of(visit, fields)?;
    let (by, at) = (visit.asked.caller.actor(), app.desk.now());
    let newcomer = Newcomer { person_id: &member.person_id, name, office };
    // The token for the interface is thrown away: whoever needs one gets it another way.
    let made = onboarding::let_in(&app.registry, &member.shop_id, &newcomer, &by, at).await;
    let made = made.map_err(|fault| Problem::fault(&fault, visit.language()))?;
    made.ok_or_else(|| unfit(visit, "person_id_taken"))?;
    make_link(app, visit, &member).await
}

/// `POST /m/settings/people/{person_id}/link`: a new link, for somebody who lost the other or
/// forgot their password.
///
/// # Errors
/// A [`Problem`] if there is no such person.
pub async fn link(
    State(app): State<Arc<App>>,
    Path(person_id): Path<String>,
    visit: Visit,
) -> Result<Response, Problem> {
    let member = member(&visit, &person_id)?;
    let link = make_link(&app, &visit, &member).await?;
    with_link(&app, visit, link).await
}

async fn make_link(app: &App, visit: &Visit, member: &Member) -> Result<(String, String), Problem> {
    let (by, at) = (visit.asked.caller.actor(), app.desk.now());
    let token = invitation::make(&app.registry, member, &by, at).await;
    let token = token.map_err(|fault| Problem::fault(&fault, visit.language()))?;
    let token = token.ok_or_else(|| visit.asked.not_found())?;
    let address = invitation::address(&app.public_url, member, &token);
    Ok((member.person_id.to_string(), address))
}

async fn with_link(app: &App, visit: Visit, link: (String, String)) -> Result<Response, Problem> {
    let mut shown = people(app, visit, Fields::default()).await?;
    shown.link = Some(link);
    page(&shown)
}

/// `POST /m/settings/people/{person_id}/office`
///
/// # Errors
/// A [`Problem`] if it cannot be done.
pub async fn office(
    State(app): State<Arc<App>>,
    Path(person_id): Path<String>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, Problem> {
    let member = member(&visit, &person_id)?;
    let office = office_of(&visit, &fields)?;
    let (by, at) = (visit.asked.caller.actor(), app.desk.now());
    let done = staff::change_office(&app.registry, &member, office, &by, at).await;
    answered(&visit, done.map_err(|fault| Problem::fault(&fault, visit.language()))?, "saved")
}

/// `POST /m/settings/people/{person_id}/end`
///
/// # Errors
/// A [`Problem`] if it cannot be done.
pub async fn end(
    State(app): State<Arc<App>>,
    Path(person_id): Path<String>,
    visit: Visit,
) -> Result<Response, Problem> {
    let member = member(&visit, &person_id)?;
    let (by, at) = (visit.asked.caller.actor(), app.desk.now());
    if by.person() == Some(&member.person_id) {
        return answered(&visit, Done::Oneself, "");
    }
    let done = staff::shut_out(&app.registry, &member, &by, at).await;
    let done = done.map_err(|fault| Problem::fault(&fault, visit.language()))?;
    answered(&visit, done, "person-ended")
}

/// `POST /m/settings/people/{person_id}/second-factor`: ends it for somebody who lost their phone.
///
/// # Errors
/// A [`Problem`] if it cannot be done.
pub async fn end_second_factor(
    State(app): State<Arc<App>>,
    Path(person_id): Path<String>,
    visit: Visit,
) -> Result<Response, Problem> {
    let member = member(&visit, &person_id)?;
    let by = visit.asked.caller.actor();
    // One's own is ended on the page of one's account, which asks for the password.
    if by.person() == Some(&member.person_id) {
        return answered(&visit, Done::Oneself, "");
    }
    let done = second_factor::end(&app, &member, &by, app.desk.now()).await;
    match done.map_err(|fault| failed(fault, visit.language()))? {
        Change::Ended => Ok(see(HERE, "second-factor-ended")),
        Change::Confirmed(_) | Change::WrongCode | Change::Meanwhile => Err(meanwhile(&visit)),
    }
}

fn answered(visit: &Visit, done: Done, sentence: &str) -> Result<Response, Problem> {
    match done {
        Done::Changed | Done::Unchanged => Ok(see(HERE, sentence)),
        Done::Nobody => Err(visit.asked.not_found()),
        Done::Oneself => Err(unfit(visit, "not_oneself")),
        Done::NotHere => Err(unfit(visit, "office_invalid")),
        Done::Meanwhile => Err(meanwhile(visit)),
    }
}

fn member(visit: &Visit, person_id: &str) -> Result<Member, Problem> {
    let found = Member::named(visit.shop()?.as_str(), person_id);
    found.ok_or_else(|| visit.asked.not_found())
}

fn office_of(visit: &Visit, fields: &Fields) -> Result<Office, Problem> {
    let chosen = fields.one("office");
    let found = OFFICES.into_iter().find(|office| name_of(office) == chosen);
    found.ok_or_else(|| unfit(visit, "office_invalid"))
}
