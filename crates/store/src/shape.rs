//! What a commit must look like before a database sees it. A commit that does not is a bug of the
//! caller; the batch is refused as a whole, and both databases refuse the same.

use engine::{
    ports::StoreFault,
    rows::{CaseRow, Commit, Document, NewEffect, OrderRow, StoredRecord, StreamKey},
};

/// The longest note kept with an effect, in characters.
const NOTE_CHARS_MAX: usize = 1_000;

/// Checks each commit of a batch.
pub(crate) fn commits(batch: &[Commit]) -> Result<(), StoreFault> {
    batch.iter().try_for_each(|commit| {
        if commit.records.is_empty() {
            return Err(refuse(&commit.key, "has no record"));
        }
        contiguous(commit)?;
        texts(commit)
    })
}

/// Checks the commit of a rebuild, which has views only.
pub(crate) fn rebuild(commit: &Commit) -> Result<(), StoreFault> {
    texts(commit)
}

/// Checks documents.
pub(crate) fn documents(documents: &[Document]) -> Result<(), StoreFault> {
    documents.iter().try_for_each(|document| {
        let Document { shop_id, kind, id, version, updated_at: _, body } = document;
        if *version == 0 {
            return Err(StoreFault::Broken(format!("write {kind} {id} of {shop_id}: version 0")));
        }
        if [kind, id, body].into_iter().any(|text| has_nul(text)) {
            let thing = format!("write {kind:?} {id:?} of {shop_id}");
            return Err(StoreFault::Broken(format!("{thing}: a text has a NUL character")));
        }
        Ok(())
    })
}

/// A note fit to be kept. It is for the eye and for the next attempt, and often holds what a
/// stranger answered, so it is cut and cleaned rather than refused: an effect must never stay
/// leased for the sake of its note.
pub(crate) fn note(text: &str) -> String {
    text.chars().map(|c| if c == '\0' { '\u{fffd}' } else { c }).take(NOTE_CHARS_MAX).collect()
}

/// Checks texts that rows are looked for by.
pub(crate) fn asked<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<(), StoreFault> {
    if texts.into_iter().any(has_nul) {
        return Err(StoreFault::Broken("look for a text with a NUL character".into()));
    }
    Ok(())
}

/// Checks that a stream is still at the version from which its views were rebuilt.
pub(crate) fn still(rebuilt: &Commit, version: u64) -> Result<(), StoreFault> {
    let seen = rebuilt.records.last().map_or(rebuilt.expected_version, |last| last.version);
    if seen == version {
        return Ok(());
    }
    let StreamKey { shop_id, order_id } = &rebuilt.key;
    Err(StoreFault::Busy(format!(
        "rebuild order {order_id} of shop {shop_id} at version {seen}: it is at {version} now"
    )))
}

/// Whether a text has the one character that PostgreSQL cannot keep and SQLite ends texts with.
fn has_nul(text: &str) -> bool {
    text.as_bytes().contains(&0)
}

fn contiguous(commit: &Commit) -> Result<(), StoreFault> {
    let mut version = commit.expected_version;
    for record in &commit.records {
        let next = version.checked_add(1);
        if next != Some(record.version) {
            return Err(refuse(&commit.key, "has a gap between its versions"));
        }
        version = record.version;
    }
    // Versions are kept as signed numbers.
    i64::try_from(version).map(|_| ()).map_err(|_| refuse(&commit.key, "has too big a version"))
}

fn texts(commit: &Commit) -> Result<(), StoreFault> {
    let Commit { key, expected_version: _, records, effects, settles: _, order, cases, guards: _ } =
        commit;
    let foreign = |other: &StreamKey| other != key;
    if order.iter().any(|order| foreign(&order.key)) || cases.iter().any(|case| foreign(&case.key))
    {
        return Err(refuse(key, "has a row of another stream"));
    }
    let bad = records
        .iter()
        .any(|StoredRecord { version: _, kind, at: _, body }| has_nul(kind) || has_nul(body))
        || effects.iter().any(|NewEffect { kind, body, .. }| has_nul(kind) || has_nul(body))
        || order.iter().any(|OrderRow { summary, .. }| has_nul(summary))
        || cases.iter().any(|CaseRow { stage, summary, .. }| has_nul(stage) || has_nul(summary));
    if bad { Err(refuse(key, "has a text with a NUL character")) } else { Ok(()) }
}

fn refuse(key: &StreamKey, why: &str) -> StoreFault {
    StoreFault::Broken(format!(
        "commit to order {} of shop {}: it {why}",
        key.order_id, key.shop_id
    ))
}
