//! The caller of a request: from the token shown to an actor in a shop. A caller who may not take
//! the route is told so; a token that opens nothing is told nothing more.

use super::{
    PLATFORM,
    people::{KEY, MachineKey, Office, PERSON, Person, Scope},
    routes::Who,
    token::{self, Token},
};
use crate::assembly::App;
use domain::{
    actor::Actor,
    id::{BuyerId, KeyId, PersonId, ShopId},
};
use engine::ports::StoreFault;

/// A caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The shop they act in; for people of the platform the one they named, if any.
    pub shop_id: Option<ShopId>,
    /// Who they are.
    pub holder: Holder,
}

/// Who holds a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A buyer.
    Buyer(BuyerId),
    /// A person of a shop or of the platform.
    Person(PersonId, Office),
    /// A machine.
    Key(KeyId, Vec<Scope>),
}

impl Caller {
    /// Whether this caller may take a route that is open to these.
    #[must_use]
    pub fn is_among(&self, who: Who) -> bool {
        match &self.holder {
            Holder::Buyer(_) => who.includes(Who::buyer()),
            Holder::Person(_, office) => who.includes(Who::person(*office)),
            Holder::Key(_, scopes) => who.includes_any(scopes),
        }
    }

    /// The actor of a command.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match &self.holder {
            Holder::Buyer(id) => Actor::Buyer(id.clone()),
            Holder::Key(id, _) => Actor::Key(id.clone()),
            Holder::Person(id, office) => match office.role() {
                Some(role) => Actor::Person { id: id.clone(), role },
                None if *office == Office::Arbiter => Actor::Arbiter(id.clone()),
                None => Actor::Operator(id.clone()),
            },
        }
    }

    /// The buyer, if it is one: buyers see only what is theirs.
    #[must_use]
    pub const fn buyer(&self) -> Option<&BuyerId> {
        match &self.holder {
            Holder::Buyer(id) => Some(id),
            Holder::Person(..) | Holder::Key(..) => None,
        }
    }

    /// Whether it is a person of the platform.
    #[must_use]
    pub const fn is_platform(&self) -> bool {
        matches!(self.holder, Holder::Person(_, Office::Arbiter | Office::Operator))
    }
}

/// Who shows this token, acting in the shop that a person of the platform named.
///
/// # Errors
/// [`StoreFault`] if the registry cannot be read; `Ok(None)` if the token opens nothing.
pub async fn identify(
    app: &App,
    text: &str,
    named_shop: Option<ShopId>,
) -> Result<Option<Caller>, StoreFault> {
    match token::parse(text) {
        None => Ok(None),
        Some(Token::Buyer(link)) => {
            let read = app.links.read(&link, app.desk.now());
            Ok(read
                .map(|(shop, buyer)| Caller { shop_id: Some(shop), holder: Holder::Buyer(buyer) }))
        }
        Some(Token::Key(shop, id, secret)) => {
            let found: Option<MachineKey> = app.registry.get(&shop, KEY, id.as_str()).await?;
            let open =
                found.filter(|key| key.revoked_at.is_none() && secret.matches(&key.token_hash));
            Ok(open.map(|key| Caller { shop_id: Some(shop), holder: Holder::Key(id, key.scopes) }))
        }
        Some(Token::Person(shop, id, secret)) => {
            let found: Option<Person> = app.registry.get(&shop, PERSON, id.as_str()).await?;
            let open = found
                .filter(|person| person.ended_at.is_none() && secret.matches(&person.token_hash));
            let of_platform = shop.as_str() == PLATFORM;
            let shop_id = if of_platform { named_shop } else { Some(shop) };
            Ok(open
                .filter(|person| person.office.role().is_none() == of_platform)
                .map(|person| Caller { shop_id, holder: Holder::Person(id, person.office) }))
        }
    }
}
