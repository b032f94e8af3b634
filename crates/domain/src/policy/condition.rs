//! A shop's own conditions: an expression in CEL that adds a finding where it holds.
//!
//! A condition whose expression cannot be worked out for an order (a division by zero, a number
//! too large) is not met. It neither blocks nor supports; a note says that it failed, so that a
//! slip in a shop's document never takes a right from a buyer and never goes unseen.

pub(crate) mod check;
pub(crate) mod variable;

use crate::{
    finding::{Finding, Remedy, Verdict},
    id::ClauseId,
    policy::{
        clause::Words,
        document::Section,
        judge::Judge,
        mistake::{Mistakes, Problem},
        parameter::Parameters,
        template::{self, Bilingual},
        word,
    },
};
use cel::{Context, Env, Value, parser::Expression};
use std::sync::{Arc, LazyLock};

/// The most conditions of one policy.
pub(crate) const CONDITIONS_MAX: usize = 50;
/// The code of a condition that holds.
pub const CONDITION_MET: &str = "condition_met";
/// The code of a condition that could not be worked out.
pub const CONDITION_FAILED: &str = "condition_failed";

/// The language without macros, so without loops, and without optional values.
static LANGUAGE: LazyLock<Arc<Env>> =
    LazyLock::new(|| Arc::new(Env::default().with_optional_support(false).with_stdlib()));

/// One condition, ready to be worked out.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    /// Its name, which is the clause of its findings.
    pub id: ClauseId,
    expression: Arc<Expression>,
    verdict: Verdict,
    remedy: Option<Remedy>,
    title: Bilingual,
    text: Bilingual,
    remedy_text: Option<Bilingual>,
    failed: Bilingual,
}

impl Condition {
    /// The finding for this application, if there is one.
    pub(crate) fn judge(&self, judge: &Judge<'_>) -> Option<Finding> {
        let variables = variable::Variables(judge);
        let mut context = Context::with_env(Arc::clone(&LANGUAGE));
        context.set_variable_resolver(&variables);
        let (code, verdict, remedy) = match Value::resolve(&self.expression, &context) {
            Ok(Value::Bool(true)) => (CONDITION_MET, self.verdict, self.remedy),
            Ok(Value::Bool(false)) => return None,
            Ok(_) | Err(_) => (CONDITION_FAILED, Verdict::Notes, Some(Remedy::ContactShop)),
        };
        let clause = self.id.clone();
        Some(Finding { clause, code: code.to_owned(), verdict, facts: Vec::new(), remedy })
    }

    /// The sentences of its findings.
    pub(crate) fn words(&self, finding: &Finding) -> Words<'_> {
        if finding.code == CONDITION_FAILED {
            return Words { title: &self.title, text: &self.failed, remedy: None };
        }
        Words { title: &self.title, text: &self.text, remedy: self.remedy_text.as_ref() }
    }
}

/// Reads `[[conditions]]`.
pub(crate) fn read(
    document: &mut Section<'_>,
    mistakes: &mut Mistakes<'_>,
    parameters: &Parameters,
) -> Vec<Condition> {
    let known: Vec<&str> = parameters.names().collect();
    let sections = document.sections(mistakes, "conditions");
    if sections.len() > CONDITIONS_MAX {
        document.wrong(mistakes, "conditions", &Problem::TooLong { most: CONDITIONS_MAX });
    }
    let mut conditions: Vec<Condition> = Vec::new();
    for section in sections.into_iter().take(CONDITIONS_MAX) {
        let at = section.at();
        let Some(condition) = read_one(section, mistakes, &known) else { continue };
        if conditions.iter().any(|other| other.id == condition.id) {
            mistakes.add(at, "conditions", &Problem::Twice(condition.id.to_string()));
        }
        conditions.push(condition);
    }
    conditions
}

fn read_one(
    mut section: Section<'_>,
    mistakes: &mut Mistakes<'_>,
    known: &[&str],
) -> Option<Condition> {
    let place = section.text(mistakes, "id");
    let id = place.and_then(|place| own_id(&place, mistakes));
    let when = section.text(mistakes, "when");
    let expression = when.and_then(|when| match check::compile(&LANGUAGE, &when.text) {
        Ok(expression) => Some(Arc::new(expression)),
        Err(fault) => {
            mistakes.add(when.at, when.key, &Problem::Expression(fault));
            None
        }
    });
    let verdict = section.text(mistakes, "verdict");
    let verdict = verdict.and_then(|word| word::read(&word, mistakes));
    let remedy = section.text_if_any(mistakes, "remedy");
    let remedy = remedy.and_then(|word| word::read(&word, mistakes));
    let title = template::read_section(&mut section, "title", known, mistakes);
    let remedy_text = template::read_section_if_any(&mut section, "remedy_text", known, mistakes);
    let text = template::read_both(&mut section, known, mistakes);
    section.finish(mistakes);
    let failed = template::fixed(
        "店铺条件的表达式无法计算，本条未适用。",
        "The expression of this condition could not be worked out, so it was not applied.",
    );
    Some(Condition {
        id: id?,
        expression: expression?,
        verdict: verdict?,
        remedy,
        title,
        text,
        remedy_text,
        failed,
    })
}

/// The name of a condition may not be that of a clause of the house.
fn own_id(
    place: &crate::policy::document::Placed,
    mistakes: &mut Mistakes<'_>,
) -> Option<ClauseId> {
    let taken = crate::policy::catalogue::FINDINGS.iter().any(|entry| entry.clause == place.text);
    if taken {
        let twice = Problem::Twice(place.text.clone());
        mistakes.add(place.at.clone(), place.key.as_str(), &twice);
        return None;
    }
    let id = ClauseId::parse(&place.text).ok();
    if id.is_none() {
        mistakes.add(place.at.clone(), place.key.as_str(), &Problem::NotAnId);
    }
    id
}
