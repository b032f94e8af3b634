//! What the people of a shop are called.

use crate::{
    access::people::{PERSON, Person},
    api::problem::Problem,
    assembly::App,
};
use domain::{id::ShopId, policy::Language};
use std::collections::BTreeMap;

/// People looked up at once.
const PEOPLE_MAX: u32 = 200;

/// Names by the person's id.
#[derive(Clone, Debug, Default)]
pub struct Names(BTreeMap<String, String>);

impl Names {
    /// What somebody is called; the id if nobody knows.
    #[must_use]
    pub fn of<'a>(&'a self, id: &'a str) -> &'a str {
        self.0.get(id).map_or(id, String::as_str)
    }

    /// Whether somebody is, or was, of the shop.
    #[must_use]
    pub fn knows(&self, id: &str) -> bool {
        self.0.contains_key(id)
    }

    /// Everybody, by id.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(id, name)| (id.as_str(), name.as_str()))
    }
}

/// The names of a shop's people, those included who have left.
///
/// # Errors
/// A [`Problem`] if they cannot be read.
pub async fn names(app: &App, shop_id: &ShopId, language: Language) -> Result<Names, Problem> {
    let people = app.registry.list::<Person>(shop_id, PERSON, "", PEOPLE_MAX).await;
    let people = people.map_err(|fault| Problem::fault(&fault, language))?;
    Ok(Names(people.into_iter().map(|entry| (entry.id, entry.body.name)).collect()))
}

/// The people who are in a shop now: id and name.
///
/// # Errors
/// A [`Problem`] if they cannot be read.
pub async fn here(
    app: &App,
    shop_id: &ShopId,
    language: Language,
) -> Result<Vec<(String, String)>, Problem> {
    let people = app.registry.list::<Person>(shop_id, PERSON, "", PEOPLE_MAX).await;
    let people = people.map_err(|fault| Problem::fault(&fault, language))?;
    let here = people.into_iter().filter(|entry| entry.body.ended_at.is_none());
    Ok(here.map(|entry| (entry.id, entry.body.name)).collect())
}
