//! The audit log, read: who did what, the last first. A page is one walk backwards over the key
//! of the lines, so a million of them cost what ten do.

use crate::registry::{AUDIT, AuditLine, Entry, Registry};
use domain::{id::ShopId, moment::Moment};
use engine::ports::StoreFault;

/// The most lines of a page.
pub const LINES_MAX: u32 = 200;

/// One line as listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// When.
    pub at: Moment,
    /// Who did what to which thing.
    pub what: AuditLine,
}

/// A page of lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lines {
    /// The last first.
    pub lines: Vec<Line>,
    /// What to ask for to see those before; none if there are none.
    pub before: Option<String>,
}

/// The lines of a shop, or of the platform, before one, or the last.
///
/// # Errors
/// [`StoreFault`] if they cannot be read.
pub async fn list(
    registry: &Registry,
    shop_id: &ShopId,
    before: Option<&str>,
    limit: u32,
) -> Result<Lines, StoreFault> {
    let limit = limit.clamp(1, LINES_MAX);
    // One more than asked for says whether there are more.
    let found: Vec<Entry<AuditLine>> =
        registry.latest(shop_id, AUDIT, before, limit.saturating_add(1)).await?;
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = found.len() > shown;
    let last = found.iter().take(shown).next_back().filter(|_| more);
    let before = last.map(|entry| entry.id.clone());
    let lines = found.into_iter().take(shown);
    let lines = lines.map(|entry| Line { at: entry.at, what: entry.body }).collect();
    Ok(Lines { lines, before })
}
