//! B2, B3: is the reason one of the policy's, and is what it asks for on record?

use super::{Judge, count, text};
use crate::policy::{catalogue::Code, reason::EvidenceRule, sentence, word::Word};

impl Judge<'_> {
    /// B2: the reason is in the tree and may be chosen for this type.
    pub(super) fn check_reason(&mut self) {
        let application = self.question.application;
        let reason = text("reason", application.reason.as_str());
        match self.reason {
            None => self.find(Code::ReasonUnknown, [reason]),
            Some(known) if !known.allows(application.case_type) => {
                let case_type = text("case_type", application.case_type.word());
                self.find(Code::TypeNotAllowed, [reason, case_type]);
            }
            Some(_) => {}
        }
    }

    /// B3: every rule of the reason is met by the files attached. Spoiled food is K1's to say.
    pub(super) fn check_evidence(&mut self) {
        let Some(reason) = self.reason else { return };
        let said_by_k1 = self.spoiled_line().is_some() && !self.shows_spoilage();
        if !said_by_k1 {
            for rule in &reason.evidence {
                self.check_rule(rule);
            }
        }
        let application = self.question.application;
        if reason.describe && application.description.trim().is_empty() {
            let reason = text("reason", reason.code.as_str());
            self.find(Code::DescriptionMissing, [reason]);
        }
    }

    fn check_rule(&mut self, rule: &EvidenceRule) {
        let kinds = self.question.evidence_kinds.iter();
        let given = kinds.filter(|kind| rule.accepts(**kind)).count();
        let given = u32::try_from(given).unwrap_or(u32::MAX);
        if given < rule.count {
            let facts = [
                text("kinds", sentence::kinds(&rule.kinds)),
                count("needed", rule.count),
                count("given", given),
            ];
            self.find(Code::EvidenceMissing, facts);
        }
    }
}
