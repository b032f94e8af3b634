//! What is said before a refusal is sent (P1): whether the policy finds the request justified,
//! by which findings, and what a dispute would likely cost.

use super::dossier::Dossier;
use crate::pages::{
    page::Page,
    parts::findings::{self, Told},
    visit::Visit,
};
use crate::{api::problem::Problem, assembly::App, figures::dispute_cost};
use domain::{finding::Verdict, policy::money};
use engine::figures::dispute::{Estimate, Grounds};

/// What a refusal would mean.
pub struct Warning {
    /// Whether the policy finds the request justified.
    pub justified: bool,
    /// The findings it rests on.
    pub findings: Vec<Told>,
    /// What a lost dispute costs: the amount and the fee on it.
    pub cost: String,
    /// Of which the fee; none where the merchant bears none.
    pub fee: Option<String>,
    /// What such a dispute costs on average, and on what that rests.
    pub likely: String,
}

/// What a refusal of this case would mean.
///
/// # Errors
/// A [`Problem`] if the shop's figures cannot be read.
pub async fn of(app: &App, dossier: &Dossier, visit: &Visit) -> Result<Warning, Problem> {
    let (case, p) = (&dossier.case, &visit.page);
    let justified = case.judgement.is_justified();
    let told = findings::told(&dossier.policy, &case.judgement, p.texts);
    let weighs = |verdict: Verdict| match verdict {
        Verdict::Supports | Verdict::Notes => justified,
        Verdict::Doubts | Verdict::Blocks => !justified,
    };
    let verdicts = case.judgement.findings.iter().map(|finding| finding.verdict);
    let findings = told
        .into_iter()
        .zip(verdicts)
        .filter(|(_, verdict)| weighs(*verdict))
        .map(|(told, _)| told);
    let cost = dispute_cost(app, &dossier.key.shop_id, case, app.desk.now()).await;
    let cost = cost.map_err(|trouble| Problem::trouble(trouble, visit.language()))?;
    let fee = cost.stakes.fee;
    Ok(Warning {
        justified,
        findings: findings.collect(),
        cost: money(cost.at_most),
        fee: (!fee.is_zero()).then(|| money(fee)),
        likely: told_likely(&cost, p),
    })
}

/// What is to be expected, with its grounds: rulings of the shop, or the policy alone.
fn told_likely(cost: &Estimate, p: &Page) -> String {
    let fact = |name: &str, value: String| (name.to_owned(), value);
    let mut facts =
        vec![fact("likely", money(cost.likely)), fact("percent", cost.percent.to_string())];
    let key = match cost.grounds {
        Grounds::Rulings { ruled, for_buyer } => {
            facts.extend([fact("ruled", ruled.to_string()), fact("n", for_buyer.to_string())]);
            "mcase-warn-likely-rulings"
        }
        Grounds::Justified => "mcase-warn-likely-justified",
        Grounds::Doubted => "mcase-warn-likely-doubted",
    };
    p.texts.told(key, &facts)
}
