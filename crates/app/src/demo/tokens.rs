//! Who can get in: a token for every office, every scope and some buyers, kept in the folder.

use super::{DemoFault, folder::Folder};
use crate::{
    access::people::{Office, Scope},
    assembly::App,
};
use domain::{
    id::{BuyerId, ShopId},
    moment::Span,
};
use serde::{Deserialize, Serialize};

/// The file.
pub const TOKENS: &str = "tokens.json";
/// Buyers' links are signed anew at each start, for so long.
const LINKS_FOR: Span = Span::days(400);

/// Everybody's tokens.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Tokens {
    /// People of the shops and of the platform.
    pub people: Vec<PersonToken>,
    /// Machines of the shops.
    pub keys: Vec<KeyToken>,
    /// Some buyers.
    pub buyers: Vec<BuyerToken>,
}

/// A person's.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PersonToken {
    /// Their shop, or `platform`.
    pub shop: String,
    /// Their id.
    pub person: String,
    /// What people call them.
    pub name: String,
    /// What they may do.
    pub office: Office,
    /// The token.
    pub token: String,
}

/// A machine's.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KeyToken {
    /// Its shop.
    pub shop: String,
    /// What it may do.
    pub scope: Scope,
    /// The token.
    pub token: String,
}

/// A buyer's.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BuyerToken {
    /// Where they bought.
    pub shop: ShopId,
    /// As the shop names them.
    pub buyer: BuyerId,
    /// What people call them.
    pub name: String,
    /// The token.
    pub token: String,
}

impl Tokens {
    /// Reads what an earlier start left.
    ///
    /// # Errors
    /// [`DemoFault`] if it cannot be read.
    pub fn read(folder: &Folder) -> Result<Self, DemoFault> {
        let text = folder.read(TOKENS)?.unwrap_or_default();
        serde_json::from_str(&text)
            .map_err(|error| DemoFault::Unreadable { what: TOKENS, why: error.to_string() })
    }

    /// Writes them down.
    ///
    /// # Errors
    /// [`DemoFault`] if they cannot be written.
    pub fn write(&self, folder: &Folder) -> Result<(), DemoFault> {
        let text = serde_json::to_string_pretty(self)
            .map_err(|error| DemoFault::Unreadable { what: TOKENS, why: error.to_string() })?;
        folder.write(TOKENS, &text).map(drop)
    }

    /// Links run out, so they are signed anew.
    #[must_use]
    pub fn with_links(mut self, app: &App) -> Self {
        let until = app.desk.now().after(LINKS_FOR);
        for buyer in &mut self.buyers {
            if let Some(token) = app.links.sign(&buyer.shop, &buyer.buyer, until) {
                buyer.token = token;
            }
        }
        self
    }

    /// The token of a person.
    #[must_use]
    pub fn of(&self, shop: &str, office: Office) -> &str {
        let mut people = self.people.iter();
        let found = people.find(|person| person.shop == shop && person.office == office);
        found.map_or("", |person| &person.token)
    }
}
