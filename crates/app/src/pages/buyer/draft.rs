//! What a buyer has filled in so far, kept by the server: closing the page loses nothing, and
//! another device goes on with it. One draft for each order.

use crate::{api::problem::Problem, assembly::App, pages::fields::amount, world::random_hex};
use domain::{
    application::{Application, CaseType, Declared, Pieces},
    facts::Facts,
    id::{CaseId, FileId, ItemId, ReasonCode},
    policy::Language,
};
use engine::rows::StreamKey;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The kind of documents that hold drafts; the id is the order's.
pub const DRAFT: &str = "draft";

/// An application being filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// What kind of remedy.
    pub case_type: Option<CaseType>,
    /// Why.
    pub reason: Option<ReasonCode>,
    /// How many pieces of which item.
    pub items: BTreeMap<String, u32>,
    /// What happened, in the buyer's words.
    pub description: String,
    /// How much, as typed; empty means all there is.
    pub amount: String,
    /// Return freight laid out, as typed.
    pub return_freight: String,
    /// Files that show it, in the buyer's order.
    pub files: Vec<FileId>,
    /// Files that prove no use.
    pub proof: Vec<FileId>,
    /// Whether the goods were opened or used.
    pub opened: Option<bool>,
    /// Whether they have arrived.
    pub received: Option<bool>,
    /// Whether the card paid with may take the refund.
    pub route_confirmed: bool,
    /// The case that is being changed; absent for a new one.
    pub amends: Option<CaseId>,
    /// The key under which it is submitted: however often that is done, it is filed once.
    pub once: String,
    /// What became of it.
    pub filed: Option<CaseId>,
}

impl Draft {
    /// An empty one.
    #[must_use]
    pub fn fresh() -> Self {
        Self { once: random_hex::<16>(), ..Self::default() }
    }

    /// One that changes a case.
    #[must_use]
    pub fn of_case(case_id: CaseId, application: &Application) -> Self {
        let money = |amount: domain::money::Money| {
            format!("{}.{:02}", amount.minor() / 100, amount.minor() % 100)
        };
        let declared = &application.declared;
        let pieces = application.items.iter();
        Self {
            case_type: Some(application.case_type),
            reason: Some(application.reason.clone()),
            items: pieces.map(|it| (it.item_id.to_string(), it.quantity)).collect(),
            description: application.description.clone(),
            amount: application.amount.map(money).unwrap_or_default(),
            return_freight: declared.return_freight.map(money).unwrap_or_default(),
            files: application.evidence.clone(),
            proof: declared.proof_of_no_use.clone(),
            opened: declared.opened,
            received: declared.received,
            route_confirmed: declared.route_confirmed,
            amends: Some(case_id),
            ..Self::fresh()
        }
    }

    /// What would be filed; none while type or reason are not chosen.
    #[must_use]
    pub fn application(&self, facts: &Facts) -> Option<Application> {
        let whole = self.case_type == Some(CaseType::Cancellation);
        let pieces = self.items.iter().filter(|(_, quantity)| **quantity > 0 && !whole);
        let pieces = pieces.filter_map(|(item_id, quantity)| {
            let item_id = ItemId::parse(item_id).ok()?;
            Some(Pieces { item_id, quantity: *quantity })
        });
        Some(Application {
            case_type: self.case_type?,
            reason: self.reason.clone()?,
            items: pieces.collect(),
            amount: amount(&self.amount, facts.currency),
            description: self.description.clone(),
            evidence: self.files.clone(),
            declared: Declared {
                opened: self.opened,
                proof_of_no_use: self.proof.clone(),
                received: self.received,
                route_confirmed: self.route_confirmed,
                return_freight: amount(&self.return_freight, facts.currency),
            },
        })
    }

    /// How many pieces of an item are chosen.
    #[must_use]
    pub fn pieces(&self, item_id: &str) -> u32 {
        self.items.get(item_id).copied().unwrap_or(0)
    }
}

/// The draft of an order; a fresh one if there is none, or the last was filed.
///
/// # Errors
/// A [`Problem`] if it cannot be read.
pub async fn load(app: &App, key: &StreamKey, language: Language) -> Result<Draft, Problem> {
    let found = app.registry.get::<Draft>(&key.shop_id, DRAFT, key.order_id.as_str()).await;
    let found = found.map_err(|fault| Problem::fault(&fault, language))?;
    Ok(found.filter(|draft| draft.filed.is_none()).unwrap_or_else(Draft::fresh))
}

/// What became of the draft that was submitted under a key.
///
/// # Errors
/// A [`Problem`] if it cannot be read.
pub async fn filed(
    app: &App,
    key: &StreamKey,
    once: &str,
    language: Language,
) -> Result<Option<CaseId>, Problem> {
    let found = app.registry.get::<Draft>(&key.shop_id, DRAFT, key.order_id.as_str()).await;
    let found = found.map_err(|fault| Problem::fault(&fault, language))?;
    Ok(found.filter(|draft| draft.once == once).and_then(|draft| draft.filed))
}

/// Keeps a draft. The last word counts: two pages of one buyer may both write.
///
/// # Errors
/// A [`Problem`] if it cannot be written.
pub async fn save(
    app: &App,
    key: &StreamKey,
    draft: &Draft,
    language: Language,
) -> Result<(), Problem> {
    let place = (DRAFT, key.order_id.as_str());
    let kept = app.registry.overwrite(&key.shop_id, place, draft, app.desk.now());
    kept.await.map_err(|fault| Problem::fault(&fault, language))
}
