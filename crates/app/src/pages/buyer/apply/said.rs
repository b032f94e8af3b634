//! What the policy says of an application, each at the place it is about, with where its remedy
//! leads as an action.

use super::{Theirs, remedy_path};
use crate::pages::{parts::findings, text::Texts, visit::Visit};
use domain::{
    finding::{Finding, Judgement, Verdict},
    policy::Policy,
};

/// One finding, and what can be done about it.
#[derive(Clone, Debug)]
pub struct Said {
    /// `supports`, `notes`, `doubts`, `blocks`.
    pub verdict: &'static str,
    /// The verdict in a word.
    pub verdict_word: String,
    /// The clause's title.
    pub title: String,
    /// What was found, with the facts.
    pub text: String,
    /// What can be done, in a sentence.
    pub advice: Option<String>,
    /// What can be done, as a button: its word and where it leads.
    pub go: Option<(String, String)>,
}

impl Said {
    /// Whether the remedy lies on the page of the third step.
    #[must_use]
    pub fn is_here(&self) -> bool {
        self.go.as_ref().is_some_and(|(_, path)| path.starts_with('#'))
    }
}

/// A finding on an order.
#[must_use]
pub fn said(policy: &Policy, finding: &Finding, (theirs, visit): (&Theirs, &Visit)) -> Said {
    tell(policy, finding, (theirs.key.order_id.as_str(), visit.page.texts))
}

fn tell(policy: &Policy, finding: &Finding, (order_id, texts): (&str, Texts)) -> Said {
    let told = findings::tell(policy, finding, texts);
    // What speaks for it needs no remedy.
    let remedy = finding.remedy.filter(|_| finding.verdict != Verdict::Supports);
    let path = remedy.and_then(|remedy| remedy_path(remedy, order_id));
    Said {
        verdict: told.verdict,
        verdict_word: told.verdict_word,
        title: told.title,
        text: told.text,
        advice: told.advice,
        go: told.remedy_word.zip(path),
    }
}

/// The findings of an application by the field they are about.
#[derive(Clone, Debug, Default)]
pub struct Placed {
    /// Type, reason, order: chosen in the steps before.
    pub head: Vec<Said>,
    /// Which goods and how many.
    pub goods: Vec<Said>,
    /// The words.
    pub words: Vec<Said>,
    /// The files.
    pub evidence: Vec<Said>,
    /// The proof of no use.
    pub proof: Vec<Said>,
    /// The amount.
    pub amount: Vec<Said>,
    /// The return freight laid out.
    pub freight: Vec<Said>,
    /// The way the money goes back.
    pub route: Vec<Said>,
    /// What is worth knowing, and what speaks for it.
    pub rest: Vec<Said>,
}

/// Puts the findings of a judgement in their places.
#[must_use]
pub fn placed(
    policy: &Policy,
    judgement: &Judgement,
    (theirs, visit): (&Theirs, &Visit),
) -> Placed {
    let order_id = theirs.key.order_id.as_str();
    let here = format!("/b/orders/{order_id}/apply/told");
    let mut placed = Placed::default();
    for finding in &judgement.findings {
        let mut said = tell(policy, finding, (order_id, visit.page.texts));
        if let Some((_, path)) = &mut said.go
            && let Some(rest) = path.strip_prefix(here.as_str())
        {
            *path = rest.to_owned();
        }
        list(&mut placed, finding).push(said);
    }
    placed
}

fn list<'a>(placed: &'a mut Placed, finding: &Finding) -> &'a mut Vec<Said> {
    let stops = matches!(finding.verdict, Verdict::Blocks | Verdict::Doubts);
    match finding.code.as_str() {
        "evidence_missing" | "spoilage_unproven" => &mut placed.evidence,
        "description_missing" | "freight_reason_missing" => &mut placed.words,
        "opened_unproven" | "opened_reduced" | "opened_proven" => &mut placed.proof,
        "return_freight_not_due" | "return_freight_above" => &mut placed.freight,
        "route_unconfirmed"
        | "third_party_route"
        | "designated_account"
        | "shop_account_incomplete" => &mut placed.route,
        code if stops && code.starts_with("amount_") => &mut placed.amount,
        _ if stops && finding.clause.as_str() == "S2" => &mut placed.goods,
        _ if stops => &mut placed.head,
        _ => &mut placed.rest,
    }
}
