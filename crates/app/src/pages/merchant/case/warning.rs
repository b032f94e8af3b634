//! What is said before a refusal is sent (P1): whether the policy finds the request justified,
//! by which findings, and what a dispute would likely cost.

use super::dossier::Dossier;
use crate::pages::{
    page::Page,
    parts::findings::{self, Told},
};
use domain::{finding::Verdict, policy::money, working::Rules};

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
}

/// What a refusal of this case would mean.
#[must_use]
pub fn of(dossier: &Dossier, p: &Page) -> Warning {
    let case = &dossier.case;
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
    let amount = case.due_to_buyer();
    let rules = Rules { fault: case.fault, money: &dossier.policy.money };
    let fee = rules.fee(amount).ok().flatten();
    let cost = fee.and_then(|fee| amount.plus(fee).ok()).unwrap_or(amount);
    Warning { justified, findings: findings.collect(), cost: money(cost), fee: fee.map(money) }
}
