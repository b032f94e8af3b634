//! The tree of reasons (B2): why the buyer asks, who is at fault, what must be shown.

use crate::{
    application::{CaseType, Fault},
    id::ReasonCode,
    moment::Span,
    policy::{
        document::{Placed, Section},
        mistake::{Incomplete, Mistakes, Problem},
        sentence::Language,
        word::{self, Word},
    },
};
use std::collections::BTreeMap;

/// The deepest reason: a group, a reason, a sub-reason.
const DEPTH_MAX: usize = 4;

/// A kind of evidence (凭证), as sniffed from the file or said of it (B3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    /// A picture (照片).
    Photo,
    /// A video (视频).
    Video,
    /// A document (文件).
    Document,
    /// A picture of the carrier's trace (物流截图).
    LogisticsScreenshot,
}

/// So many files of one of these kinds (B3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceRule {
    /// Any of these counts.
    pub kinds: Vec<EvidenceKind>,
    /// How many files.
    pub count: u32,
}

/// One reason of the tree.
#[derive(Clone, Debug)]
pub struct Reason {
    /// Its name.
    pub code: ReasonCode,
    /// What it stands under.
    pub parent: Option<ReasonCode>,
    /// Who is at fault by default.
    pub fault: Fault,
    /// The types of case it may be chosen for; none for a heading.
    pub types: Vec<CaseType>,
    /// Whether it is a return without a reason (无理由).
    pub no_reason: bool,
    /// Whether it says that food has spoiled (K1).
    pub spoilage: bool,
    /// Whether the buyer must say in words what happened (B3).
    pub describe: bool,
    /// What must be shown; every rule (B3).
    pub evidence: Vec<EvidenceRule>,
    /// What it is called in Chinese.
    pub zh: String,
    /// What it is called in English.
    pub en: String,
    /// The window by category (F6), in the order of [`word::Category`]'s list.
    pub(crate) windows: [Span; 5],
}

impl Reason {
    /// What it is called.
    #[must_use]
    pub fn name(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }

    /// Whether it may be chosen for a type of case.
    #[must_use]
    pub fn allows(&self, case_type: CaseType) -> bool {
        self.types.contains(&case_type)
    }
}

impl EvidenceRule {
    /// Whether a file of that kind counts; a picture may be one of the carrier's trace.
    #[must_use]
    pub fn accepts(&self, kind: EvidenceKind) -> bool {
        self.kinds.iter().any(|wanted| {
            *wanted == kind
                || (*wanted == EvidenceKind::LogisticsScreenshot && kind == EvidenceKind::Photo)
        })
    }
}

/// The whole tree.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reasons {
    list: Vec<Reason>,
    by_code: BTreeMap<ReasonCode, usize>,
}

impl Reasons {
    /// In the order of the document.
    pub(crate) fn list(&self) -> &[Reason] {
        &self.list
    }

    /// All of them, to be completed.
    pub(crate) fn list_mut(&mut self) -> &mut [Reason] {
        &mut self.list
    }

    /// The reason of that code.
    pub(crate) fn get(&self, code: &ReasonCode) -> Option<&Reason> {
        self.by_code.get(code).and_then(|index| self.list.get(*index))
    }

    /// The reason and what it stands under, from itself to the root.
    pub(crate) fn line<'a>(&'a self, reason: &'a Reason) -> impl Iterator<Item = &'a Reason> {
        let up = |reason: &&'a Reason| reason.parent.as_ref().and_then(|code| self.get(code));
        std::iter::successors(Some(reason), up).take(DEPTH_MAX)
    }

    /// The code at the root above a reason.
    pub(crate) fn group<'a>(&'a self, reason: &'a Reason) -> &'a str {
        self.line(reason).last().map_or("", |root| root.code.as_str())
    }
}

/// Reads `[[reasons]]` and checks the tree.
pub(crate) fn read(document: &mut Section<'_>, mistakes: &mut Mistakes<'_>) -> Reasons {
    let mut reasons = Reasons::default();
    let mut places: Vec<Placed> = Vec::new();
    for section in document.sections(mistakes, "reasons") {
        let Some((reason, place)) = read_one(section, mistakes) else { continue };
        if reasons.by_code.insert(reason.code.clone(), reasons.list.len()).is_some() {
            let twice = Problem::Twice(reason.code.to_string());
            mistakes.add(place.at.clone(), place.key.as_str(), &twice);
            let first = reasons.list.iter().position(|known| known.code == reason.code);
            reasons.by_code.insert(reason.code.clone(), first.unwrap_or(reasons.list.len()));
        }
        reasons.list.push(reason);
        places.push(place);
    }
    for (reason, place) in reasons.list.iter().zip(&places) {
        check_line(&reasons, reason, place, mistakes);
    }
    for (word, case_type) in CaseType::WORDS {
        if !reasons.list.iter().any(|reason| reason.allows(*case_type)) {
            document.wrong(mistakes, "reasons", &Incomplete::NoReasonFor(word).into());
        }
    }
    reasons
}

fn read_one(mut section: Section<'_>, mistakes: &mut Mistakes<'_>) -> Option<(Reason, Placed)> {
    let place = section.text(mistakes, "code");
    let code = place.as_ref().and_then(|place| code_of(place, mistakes));
    let parent = section.text_if_any(mistakes, "parent");
    let parent = parent.and_then(|parent| code_of(&parent, mistakes));
    let fault = section.text(mistakes, "fault");
    let fault = fault.and_then(|fault| word::read(&fault, mistakes)).unwrap_or(Fault::Buyer);
    let types = section.words(mistakes, "types");
    let types = types.iter().filter_map(|word| word::read(word, mistakes)).collect();
    let evidence = section.sections(mistakes, "evidence");
    let evidence = evidence.into_iter().map(|rule| read_rule(rule, mistakes)).collect();
    let no_reason = section.flag_or(mistakes, "no_reason", false);
    let spoilage = section.flag_or(mistakes, "spoilage", false);
    let describe = section.flag_or(mistakes, "describe", false);
    let zh = section.text(mistakes, "zh").unwrap_or_default().text;
    let en = section.text(mistakes, "en").unwrap_or_default().text;
    section.finish(mistakes);
    let windows = [Span::days(0); 5];
    let reason = Reason {
        code: code?,
        parent,
        fault,
        types,
        no_reason,
        spoilage,
        describe,
        evidence,
        zh,
        en,
        windows,
    };
    Some((reason, place?))
}

fn read_rule(mut section: Section<'_>, mistakes: &mut Mistakes<'_>) -> EvidenceRule {
    let words = section.words(mistakes, "kinds");
    let kinds: Vec<EvidenceKind> = if words.iter().any(|word| word.text == "any") {
        EvidenceKind::WORDS.iter().map(|(_, kind)| *kind).collect()
    } else {
        words.iter().filter_map(|word| word::read(word, mistakes)).collect()
    };
    if words.is_empty() {
        section.wrong(mistakes, "kinds", &Problem::Empty);
    }
    let count = section.number(mistakes, "count", 1..=20, 1);
    section.finish(mistakes);
    EvidenceRule { kinds, count }
}

/// Reads the code of a reason.
pub(crate) fn code_of(place: &Placed, mistakes: &mut Mistakes<'_>) -> Option<ReasonCode> {
    let code = ReasonCode::parse(&place.text).ok();
    if code.is_none() {
        mistakes.add(place.at.clone(), place.key.as_str(), &Problem::NotAnId);
    }
    code
}

/// Every reason hangs on a root, and below every heading something can be chosen.
fn check_line(reasons: &Reasons, reason: &Reason, place: &Placed, mistakes: &mut Mistakes<'_>) {
    let mut wrong = |what: Incomplete| {
        mistakes.add(place.at.clone(), place.key.as_str(), &what.into());
    };
    if let Some(parent) = &reason.parent
        && reasons.get(parent).is_none()
    {
        wrong(Incomplete::NoSuchReason(parent.to_string()));
        return;
    }
    let root = reasons.line(reason).last();
    if root.is_some_and(|root| root.parent.as_ref().is_some_and(|up| reasons.get(up).is_some())) {
        wrong(Incomplete::Circle(reason.code.to_string()));
        return;
    }
    let below = |other: &&Reason| other.parent.as_ref() == Some(&reason.code);
    if reason.types.is_empty() && !reasons.list.iter().any(|other| below(&other)) {
        wrong(Incomplete::EmptyHeading(reason.code.to_string()));
    }
}
