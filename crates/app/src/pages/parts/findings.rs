//! What the policy found, in plain words, each with its remedy.

use crate::pages::{page::name_of, text::Texts};
use domain::{
    finding::{Finding, Judgement, Remedy, Verdict},
    policy::{Policy, Sentence},
};

/// One finding.
#[derive(Clone, Debug)]
pub struct Told {
    /// The clause, such as `F6`.
    pub clause: String,
    /// Its stable code.
    pub code: String,
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
    /// What can be done, as an action.
    pub remedy: Option<Remedy>,
    /// The remedy in a word, for a button.
    pub remedy_word: Option<String>,
}

/// The findings of a judgement.
#[must_use]
pub fn told(policy: &Policy, judgement: &Judgement, texts: Texts) -> Vec<Told> {
    judgement.findings.iter().map(|finding| tell(policy, finding, texts)).collect()
}

/// One finding in words.
#[must_use]
pub fn tell(policy: &Policy, finding: &Finding, texts: Texts) -> Told {
    let Sentence { title, text, remedy: advice } = policy.sentence(finding, texts.0);
    let verdict = match finding.verdict {
        Verdict::Supports => "supports",
        Verdict::Notes => "notes",
        Verdict::Doubts => "doubts",
        Verdict::Blocks => "blocks",
    };
    Told {
        clause: finding.clause.to_string(),
        code: finding.code.clone(),
        verdict,
        verdict_word: texts.word_of("verdict", verdict),
        title,
        text,
        advice,
        remedy: finding.remedy,
        remedy_word: finding.remedy.map(|remedy| texts.word_of("remedy", &name_of(&remedy))),
    }
}
