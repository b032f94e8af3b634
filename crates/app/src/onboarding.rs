//! A shop is opened: its settings, its owner, and its place in the platform's list.

use crate::{
    access::{
        self, PLATFORM,
        people::{Office, PERSON, Person},
        token::{Secret, person_token},
    },
    registry::{Change, Registry, draft},
    world::random_hex,
};
use domain::{
    actor::Actor,
    id::{IdError, PersonId, ShopId},
    moment::Moment,
    standing::ShopSettings,
};
use engine::{
    ports::StoreFault,
    rulebook::{BUILT_IN, SHOP, Shop},
};
use serde::{Deserialize, Serialize};

/// The kind of documents by which the platform lists shops.
pub const SHOP_LISTED: &str = "shop_listed";
/// The id of the first person of a shop.
pub const OWNER: &str = "owner";

/// A shop in the platform's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShopListed {
    /// What people call it.
    pub name: String,
}

/// A shop's id, plain enough to stand in tokens, paths and addresses.
#[must_use]
pub fn shop_id(text: &str) -> Option<ShopId> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let fits = (2..=40).contains(&text.len()) && text.bytes().all(plain) && text != PLATFORM;
    fits.then(|| ShopId::parse(text).ok()).flatten()
}

/// Opens a shop and answers with its owner's token; none if the id is taken.
///
/// # Errors
/// [`StoreFault`] if it cannot be written.
pub async fn open_shop(
    registry: &Registry,
    shop_id: &ShopId,
    name: &str,
    by: &Actor,
    at: Moment,
) -> Result<Option<String>, StoreFault> {
    let settings = ShopSettings::default();
    let shop = Shop { name: name.to_owned(), settings, policy_version: BUILT_IN };
    let listed = ShopListed { name: name.to_owned() };
    let broken = |error: IdError| StoreFault::Broken(error.to_string());
    let platform = access::platform().map_err(broken)?;
    let owner = PersonId::parse(OWNER).map_err(broken)?;
    let secret = Secret::new(random_hex::<32>());
    let newcomer = Newcomer { person_id: &owner, name: OWNER, office: Office::Owner };
    let person = person(&newcomer, &secret, at);
    let list = Change {
        shop_id: &platform,
        kind: SHOP_LISTED,
        id: shop_id.as_str(),
        replaces: 0,
        body: &listed,
    };
    let opened = Change { shop_id, kind: SHOP.0, id: SHOP.1, replaces: 0, body: &shop };
    let let_in = Change { shop_id, kind: PERSON, id: OWNER, replaces: 0, body: &person };
    // All or nothing: a shop without an owner could never be entered.
    let drafts = vec![
        draft(&opened, by, "shop.opened", at)?,
        draft(&list, by, "shop.listed", at)?,
        draft(&let_in, by, "person.let_in", at)?,
    ];
    let made = registry.put_together(drafts).await?;
    Ok(made.then(|| person_token(shop_id, &owner, &secret)))
}

/// Somebody who is let in.
pub struct Newcomer<'a> {
    /// Their id.
    pub person_id: &'a PersonId,
    /// What people call them.
    pub name: &'a str,
    /// What they may do.
    pub office: Office,
}

/// Lets a person in and answers with their token; none if the id is taken.
///
/// # Errors
/// [`StoreFault`] if it cannot be written.
pub async fn let_in(
    registry: &Registry,
    shop_id: &ShopId,
    newcomer: &Newcomer<'_>,
    by: &Actor,
    at: Moment,
) -> Result<Option<String>, StoreFault> {
    let secret = Secret::new(random_hex::<32>());
    let person = person(newcomer, &secret, at);
    let id = newcomer.person_id.as_str();
    let change = Change { shop_id, kind: PERSON, id, replaces: 0, body: &person };
    let made = registry.put(change, by, "person.let_in", at).await?;
    Ok(made.then(|| person_token(shop_id, newcomer.person_id, &secret)))
}

fn person(newcomer: &Newcomer<'_>, secret: &Secret, at: Moment) -> Person {
    Person {
        name: newcomer.name.to_owned(),
        office: newcomer.office,
        token_hash: secret.hash(),
        made_at: at,
        ended_at: None,
    }
}
