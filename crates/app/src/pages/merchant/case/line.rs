//! The evidence on a time line (K1): what was sent, signed for and asked, and between them every
//! file that a side put on record, so that the picture at dispatch stands beside that at signing.

use crate::pages::{page::Page, parts::exhibits::Shown};
use domain::{
    case::Case,
    facts::{Category, Facts},
    moment::Moment,
};

/// One entry.
pub struct Entry {
    /// When.
    pub at: Moment,
    /// Who stands behind it: `buyer`, `merchant`, `platform`.
    pub side: String,
    /// What it is.
    pub title: String,
    /// What it says.
    pub text: String,
    /// The files that came with it.
    pub files: Vec<Shown>,
}

/// Files put on record by one side within so long of each other stand together.
const TOGETHER_MS: u64 = 60_000;

/// The entries of a case, oldest first.
#[must_use]
pub fn entries(case: &Case, facts: &Facts, exhibits: &[Shown], p: &Page) -> Vec<Entry> {
    let mut entries = marks(case, facts, p);
    let mut groups: Vec<Entry> = Vec::new();
    for exhibit in exhibits {
        let last = groups.last_mut().filter(|group| {
            group.side == exhibit.side && group.at.ms().abs_diff(exhibit.at.ms()) < TOGETHER_MS
        });
        match last {
            Some(group) => group.files.push(exhibit.clone()),
            None => groups.push(Entry {
                at: exhibit.at,
                side: exhibit.side.clone(),
                title: p.t1("mcase-line-files", "side", &exhibit.side_word),
                text: String::new(),
                files: vec![exhibit.clone()],
            }),
        }
    }
    entries.extend(groups);
    entries.sort_by_key(|entry| entry.at);
    entries
}

/// What the order itself says: sent with which quality report, signed for after how long.
fn marks(case: &Case, facts: &Facts, p: &Page) -> Vec<Entry> {
    let mark = |at, side: &str, title: String, text: String| Entry {
        at,
        side: side.to_owned(),
        title,
        text,
        files: Vec::new(),
    };
    let mut marks = Vec::new();
    for shipment in &facts.shipments {
        let title = p.t2(
            "mcase-line-shipped",
            &("carrier", &shipment.carrier),
            &("waybill", &shipment.waybill),
        );
        let report = shipment.quality_report.as_ref();
        let report = report.map(|report| p.t1("mcase-line-report", "report", report));
        marks.push(mark(shipment.shipped_at, "merchant", title, report.unwrap_or_default()));
    }
    if let Some(signed_at) = facts.signed_at {
        let text = chain(facts, signed_at, p).unwrap_or_default();
        marks.push(mark(signed_at, "buyer", p.t("mcase-line-signed"), text));
    }
    for item in &facts.items {
        if let Some(accepted) = &item.clause_accepted {
            let text = p.t1("mcase-line-clause", "clause", &accepted.clause);
            marks.push(mark(accepted.accepted_at, "buyer", p.t("mcase-line-accepted"), text));
        }
    }
    if let Some(returned) = &case.returned {
        let title = p.t2(
            "mcase-line-back",
            &("carrier", &returned.carrier),
            &("waybill", &returned.waybill),
        );
        marks.push(mark(returned.sent_at, "buyer", title, String::new()));
    }
    marks.push(mark(case.opened_at, "buyer", p.t("history-opened"), String::new()));
    marks
}

/// How long fresh food was on its way.
fn chain(facts: &Facts, signed_at: Moment, p: &Page) -> Option<String> {
    let fresh = facts.items.iter().any(|item| item.category == Category::Fresh);
    let sent = facts.shipments.iter().map(|shipment| shipment.shipped_at).min()?;
    let hours = signed_at.ms().checked_sub(sent.ms())? / 3_600_000;
    (fresh && hours >= 0).then(|| p.t1("mcase-line-chain", "hours", hours))
}
