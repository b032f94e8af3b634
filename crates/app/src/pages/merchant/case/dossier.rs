//! All that is known of a case, read once for a page.

use crate::{
    api::{cases::find, problem::Problem},
    assembly::App,
    pages::{
        parts::people::{Names, names},
        visit::Visit,
    },
};
use domain::{
    actor::Side, case::Case, evolve::fold, facts::Facts, id::CaseId, order::Order, policy::Policy,
    record::Record,
};
use engine::{
    rows::{CaseFilter, CaseOrder, StreamKey},
    rulebook::Shop,
};
use std::sync::Arc;

/// A case with all that belongs to it.
pub struct Dossier {
    /// Its order's stream.
    pub key: StreamKey,
    /// The case.
    pub case: Case,
    /// The order's facts.
    pub facts: Facts,
    /// The order with all its cases.
    pub order: Order,
    /// The order's records.
    pub records: Vec<Record>,
    /// The policy that judges it.
    pub policy: Arc<Policy>,
    /// The shop and what it has set.
    pub shop: Arc<Shop>,
    /// What its people are called.
    pub names: Names,
}

impl Dossier {
    /// Reads a case. What is another shop's is not there.
    ///
    /// # Errors
    /// A [`Problem`] if there is none.
    pub async fn load(app: &App, visit: &Visit, case_id: &str) -> Result<Self, Problem> {
        let language = visit.language();
        let (key, case_id) = find(app, &visit.asked, case_id).await?;
        let records = app.desk.records(&key).await;
        let records = records.map_err(|trouble| Problem::trouble(trouble, language))?;
        let order = fold(&records);
        let known = order.facts.clone().zip(order.case(case_id).cloned());
        let (facts, case) = known.ok_or_else(|| visit.asked.not_found())?;
        let rules = app.desk.rulebook();
        let fault = |fault: engine::rulebook::RulesFault| Problem::trouble(fault.into(), language);
        let policy = rules.policy(&key.shop_id, case.policy_version).await.map_err(fault)?;
        let shop = rules.shop(&key.shop_id).await.map_err(fault)?;
        let names = names(app, &key.shop_id, language).await?;
        Ok(Self { key, case, facts, order, records, policy, shop, names })
    }

    /// The path of its page.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/m/cases/{}", self.case.case_id)
    }

    /// The next case that waits for the merchant, by its deadline; the first one after the last.
    ///
    /// # Errors
    /// A [`Problem`] if the database cannot say.
    pub async fn next(&self, app: &App, visit: &Visit) -> Result<Option<CaseId>, Problem> {
        let here = self.case.case_id;
        let after = self.case.deadline.map(|deadline| (deadline.due_at, here));
        for after in [after, None] {
            let shop_id = Some(self.key.shop_id.clone());
            let filter = CaseFilter {
                waits_for: Some(Side::Merchant),
                order: CaseOrder::Deadline,
                after,
                ..CaseFilter::all(shop_id, 2)
            };
            let found = app.desk.store().cases(&filter).await;
            let found = found.map_err(|fault| Problem::fault(&fault, visit.language()))?;
            let other = found.rows.iter().find(|row| row.case_id != here);
            if let Some(row) = other {
                return Ok(Some(row.case_id));
            }
        }
        Ok(None)
    }
}
