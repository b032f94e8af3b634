//! Clauses (条款): what the policy says in public, and the sentences of its findings.

use crate::{
    finding::{Finding, Remedy, Verdict},
    id::ClauseId,
    policy::{
        Policy,
        catalogue::{CLAUSES_WITHOUT_FINDINGS, Code, Entry, FINDINGS},
        document::Section,
        mistake::{Incomplete, Mistakes, Problem},
        parameter::Parameters,
        template::{self, Bilingual},
        word::{self, Word},
    },
};

/// A clause of the document.
#[derive(Clone, Debug)]
pub(crate) struct Clause {
    /// Such as `F6`.
    pub id: ClauseId,
    /// What it is called.
    pub title: Bilingual,
    /// What it says in public.
    pub text: Bilingual,
    question: Option<Bilingual>,
}

impl Clause {
    /// The question it answers on the help page, if it does.
    pub(crate) const fn question(&self) -> Option<&Bilingual> {
        self.question.as_ref()
    }
}

/// The sentences of one finding of the catalogue, with its verdict in this policy.
#[derive(Clone, Debug)]
pub(crate) struct Ruling {
    /// The clause that speaks.
    pub clause: ClauseId,
    /// What it means in this policy.
    pub verdict: Verdict,
    /// What is offered.
    pub remedy: Option<Remedy>,
    text: Bilingual,
    remedy_text: Option<Bilingual>,
}

/// The sentences for a finding, wherever they come from.
pub(crate) struct Words<'a> {
    /// The clause's title.
    pub title: &'a Bilingual,
    /// The finding's sentence.
    pub text: &'a Bilingual,
    /// The remedy's sentence.
    pub remedy: Option<&'a Bilingual>,
}

impl Policy {
    /// The ruling on a finding of the catalogue.
    pub(crate) fn ruling(&self, code: Code) -> Option<(&'static Entry, &Ruling)> {
        FINDINGS.get(code as usize).zip(self.rulings.get(code as usize))
    }

    /// The sentences for a finding; `None` if this policy does not know it.
    pub(crate) fn words(&self, finding: &Finding) -> Option<Words<'_>> {
        if let Some(condition) = self.conditions.iter().find(|own| own.id == finding.clause) {
            return Some(condition.words(finding));
        }
        let place = FINDINGS.iter().position(|entry| {
            entry.code == finding.code && entry.clause == finding.clause.as_str()
        })?;
        let ruling = self.rulings.get(place)?;
        let clause = self.clauses.iter().find(|clause| clause.id == finding.clause)?;
        Some(Words {
            title: &clause.title,
            text: &ruling.text,
            remedy: ruling.remedy_text.as_ref(),
        })
    }
}

/// Reads `[[clauses]]`: the clauses in the document's order, the rulings in the catalogue's.
pub(crate) fn read(
    document: &mut Section<'_>,
    mistakes: &mut Mistakes<'_>,
    parameters: &Parameters,
) -> (Vec<Clause>, Vec<Ruling>) {
    let known: Vec<&str> = parameters.names().collect();
    let mut clauses: Vec<Clause> = Vec::new();
    let mut rulings: Vec<Option<Ruling>> = FINDINGS.iter().map(|_| None).collect();
    for section in document.sections(mistakes, "clauses") {
        let Some(clause) = read_one(section, mistakes, &known, &mut rulings) else { continue };
        if clauses.iter().any(|other| other.id == clause.id) {
            document.wrong(mistakes, "clauses", &Problem::Twice(clause.id.to_string()));
        }
        clauses.push(clause);
    }
    let judging = FINDINGS.iter().map(|entry| entry.clause);
    let mut needed: Vec<&str> = judging.chain(CLAUSES_WITHOUT_FINDINGS.iter().copied()).collect();
    needed.dedup();
    for id in needed {
        if !clauses.iter().any(|clause| clause.id.as_str() == id) {
            document.wrong(mistakes, "clauses", &Incomplete::NoClause(id).into());
        }
    }
    let complete = rulings
        .into_iter()
        .zip(FINDINGS)
        .filter_map(|(ruling, entry)| ruling.or_else(|| silent(entry)));
    (clauses, complete.collect())
}

fn read_one(
    mut section: Section<'_>,
    mistakes: &mut Mistakes<'_>,
    known: &[&str],
    rulings: &mut [Option<Ruling>],
) -> Option<Clause> {
    let place = section.text(mistakes, "id")?;
    let Ok(id) = ClauseId::parse(&place.text) else {
        mistakes.add(place.at, place.key, &Problem::NotAnId);
        return None;
    };
    let title = template::read_section(&mut section, "title", known, mistakes);
    let text = template::read_section(&mut section, "text", known, mistakes);
    let question = template::read_section_if_any(&mut section, "question", known, mistakes);
    let own = FINDINGS.iter().zip(rulings).filter(|(entry, _)| entry.clause == id.as_str());
    let mut findings = section.section_if_any(mistakes, "findings");
    for (entry, ruling) in own {
        let Some(findings) = findings.as_mut().filter(|findings| findings.has(entry.code)) else {
            section.wrong(mistakes, "findings", &Incomplete::NoFinding(entry.code).into());
            continue;
        };
        let one = findings.section(mistakes, entry.code);
        *ruling = Some(read_ruling(one, mistakes, known, (entry, id.clone())));
    }
    if let Some(findings) = findings {
        findings.finish(mistakes);
    }
    section.finish(mistakes);
    Some(Clause { id, title, text, question })
}

fn read_ruling(
    mut section: Section<'_>,
    mistakes: &mut Mistakes<'_>,
    parameters: &[&str],
    (entry, clause): (&Entry, ClauseId),
) -> Ruling {
    let known: Vec<&str> = entry.facts.iter().chain(parameters).copied().collect();
    let text = template::read_both(&mut section, &known, mistakes);
    let remedy_text = if entry.remedy.is_some() {
        Some(template::read_section(&mut section, "remedy", &known, mistakes))
    } else {
        None
    };
    let mut verdict = entry.verdict();
    if let Some(word) = section.text_if_any(mistakes, "verdict")
        && let Some(wanted) = word::read(&word, mistakes)
    {
        if entry.verdicts.contains(&wanted) {
            verdict = wanted;
        } else {
            let words: Vec<&str> = entry.verdicts.iter().map(|verdict| verdict.word()).collect();
            mistakes.add(word.at, word.key, &Problem::Verdict(words.join(", ")));
        }
    }
    section.finish(mistakes);
    Ruling { clause, verdict, remedy: entry.remedy, text, remedy_text }
}

/// The ruling on a finding that a faulty document has no words for.
fn silent(entry: &Entry) -> Option<Ruling> {
    Some(Ruling {
        clause: ClauseId::parse(entry.clause).ok()?,
        verdict: entry.verdict(),
        remedy: entry.remedy,
        text: Bilingual::default(),
        remedy_text: None,
    })
}
