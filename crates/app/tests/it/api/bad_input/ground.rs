//! Where mistakes are made: a shop with an order, a case under review, people to make them, and
//! a fingerprint of everything that is on record.

use crate::{
    money::case_of,
    world::{Database, SHOP, World},
};
use app::access::{
    PLATFORM,
    people::Office,
    routes::{Who, who_may},
};
use domain::id::ShopId;

/// The order of the ground.
pub const ORDER: &str = "3900001";

/// The ground.
pub struct Ground {
    pub world: World,
    pub case_id: String,
    callers: Vec<(Who, String)>,
}

impl Ground {
    pub async fn new(database: Database) -> Self {
        let world = World::new(database).await;
        let case_id = case_of(&world, "oB1", ORDER, 5_900).await;
        let callers = vec![
            (Who::person(Office::Owner), world.owner.clone()),
            (Who::buyer(), world.buyer("oB1").await),
            (Who::person(Office::Arbiter), world.person("judge", Office::Arbiter).await),
            (Who::person(Office::Operator), world.person("op", Office::Operator).await),
        ];
        Self { world, case_id, callers }
    }

    /// Somebody who may take a route; nobody for one that is open to all.
    pub fn token_for(&self, method: &str, path: &str) -> Option<String> {
        let who = who_may(method, path).unwrap();
        if who == Who::ANYONE {
            return None;
        }
        let mut callers = self.callers.iter();
        let found = callers.find(|(caller, _)| who.includes(*caller)).map(|(_, token)| token);
        Some(found.unwrap_or_else(|| panic!("nobody here may {method} {path}")).clone())
    }

    /// The path with what there is in it, and otherwise what there is not.
    pub fn path(&self, path: &str) -> String {
        let path = path.replace("{order_id}", ORDER).replace("{case_id}", &self.case_id);
        super::super::filled(&path)
    }

    /// The versions of everything on record.
    pub async fn fingerprint(&self) -> Vec<String> {
        let store = self.world.app.desk.store();
        let mut found = Vec::new();
        for shop in [SHOP, PLATFORM] {
            let shop = ShopId::parse(shop).unwrap();
            for order_id in store.streams(&shop, "", 200).await.unwrap() {
                let key = engine::rows::StreamKey { shop_id: shop.clone(), order_id };
                found.push(format!("{} {}", key.order_id, store.version(&key).await.unwrap()));
            }
            for kind in KINDS {
                let documents = store.documents(&shop, kind, "", 200).await.unwrap();
                let lines = documents.iter().map(|d| format!("{kind} {} {}", d.id, d.version));
                found.extend(lines);
            }
        }
        found
    }
}

/// The kinds of documents there are. Every change of one leaves a line in the audit.
const KINDS: [&str; 8] =
    ["shop", "person", "key", "policy", "appeal", "payout_account", "shop_listed", "audit"];
