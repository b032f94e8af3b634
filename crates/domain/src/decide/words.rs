//! Words and files: evidence asked for and given, and the conversation.

use super::{Matter, check_files, check_reason, check_text, due, merchant_decides};
use crate::{
    actor::Side,
    ask::Ask,
    case::{Audience, Marks, Otherwise, Stage, TAG_CHARS_MAX, TAGS_MAX},
    event::CaseEvent,
    id::FileId,
    refusal::Refusal,
};

/// The most files on record of one case.
const EXHIBITS_MAX: usize = 500;
/// The most messages of one case.
const MESSAGES_MAX: usize = 1_000;

/// Evidence that was asked for gives the case back to the merchant.
pub(super) fn add_evidence(
    matter: Matter<'_>,
    files: &[FileId],
    note: &str,
    ask: &Ask<'_>,
) -> Result<Vec<CaseEvent>, Refusal> {
    check_text(note)?;
    check_files(files)?;
    if files.is_empty() {
        return Err(Refusal::ReasonMissing);
    }
    if matter.case.exhibits.len().saturating_add(files.len()) > EXHIBITS_MAX {
        return Err(Refusal::TooMany { what: "exhibits", max: 500 });
    }
    let answers = matter.case.stage == Stage::AwaitingEvidence && ask.by.side() == Side::Buyer;
    let deadline = answers.then(|| merchant_decides(ask));
    let (files, note) = (files.to_vec(), note.to_owned());
    Ok(vec![CaseEvent::EvidenceAdded { files, note, deadline }])
}

/// The merchant may ask so often, or asking would be a way not to decide. In a dispute the
/// arbiter's deadline stays.
pub(super) fn request_evidence(
    matter: Matter<'_>,
    text: &str,
    ask: &Ask<'_>,
) -> Result<Vec<CaseEvent>, Refusal> {
    check_reason(text)?;
    let max = ask.policy.limits.evidence_requests;
    if ask.by.side() == Side::Merchant && matter.case.evidence_requests >= max {
        return Err(Refusal::TooMany { what: "evidence_requests", max });
    }
    let span = ask.policy.deadlines.buyer_adds_evidence;
    let buyers = due(ask, span, Side::Buyer, Otherwise::ReviewWithout);
    let kept = matter.case.deadline.filter(|_| matter.case.stage == Stage::Disputed);
    let deadline = kept.unwrap_or(buyers);
    Ok(vec![CaseEvent::EvidenceRequested { text: text.to_owned(), deadline }])
}

/// Sorted as it is already, nothing happens.
pub(super) fn mark(matter: Matter<'_>, marks: &Marks) -> Result<Vec<CaseEvent>, Refusal> {
    if marks.tags.len() > TAGS_MAX {
        return Err(Refusal::TooMany { what: "tags", max: 10 });
    }
    let marks = marks.clone().tidy();
    if marks.tags.iter().any(|tag| tag.chars().count() > TAG_CHARS_MAX) {
        return Err(Refusal::TextTooLong { bytes_max: 4 * TAG_CHARS_MAX });
    }
    let same = matter.case.marks == marks;
    Ok(if same { Vec::new() } else { vec![CaseEvent::Marked { marks }] })
}

pub(super) fn post(
    matter: Matter<'_>,
    (text, files): (&str, &[FileId]),
    audience: Audience,
    ask: &Ask<'_>,
) -> Result<Vec<CaseEvent>, Refusal> {
    check_text(text)?;
    check_files(files)?;
    if text.trim().is_empty() && files.is_empty() {
        return Err(Refusal::ReasonMissing);
    }
    if matter.case.messages.len() >= MESSAGES_MAX {
        return Err(Refusal::TooMany { what: "messages", max: 1_000 });
    }
    let audience = match ask.by.side() {
        Side::Merchant => audience,
        Side::Buyer | Side::Platform | Side::System => Audience::Everyone,
    };
    let (text, files) = (text.to_owned(), files.to_vec());
    Ok(vec![CaseEvent::MessagePosted { text, files, audience }])
}
