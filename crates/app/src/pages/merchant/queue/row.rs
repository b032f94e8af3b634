//! A case as a line of the queue.

use crate::pages::{page::name_of, parts::people::Names, visit::Visit};
use domain::{
    actor::Side,
    case::{Otherwise, Stage},
    moment::{Moment, Span},
    money::Money,
    policy::Reason,
};
use engine::rows::CaseRow;
use serde::Deserialize;

/// A deadline this near is marked.
const NEAR: Span = Span::hours(6);

/// What the store keeps for lists.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Summary {
    title: Option<String>,
    items: usize,
    otherwise: Option<Otherwise>,
    assignee: Option<String>,
    tags: Vec<String>,
    tier: Option<String>,
    proposed: bool,
    justified: bool,
    words: Option<String>,
}

/// A line of the queue.
pub struct Row {
    /// The case.
    pub case_id: String,
    /// Whether it is chosen already.
    pub chosen: bool,
    /// Its order.
    pub order_id: String,
    /// The first of the goods.
    pub title: String,
    /// How many more there are.
    pub more: usize,
    /// Who asks.
    pub buyer: String,
    /// The type, in a word.
    pub case_type: String,
    /// The stage, in a word.
    pub stage: String,
    /// The reason, in words.
    pub reason: String,
    /// What it is about.
    pub amount: Money,
    /// By when somebody must act.
    pub due_at: Option<Moment>,
    /// What happens then.
    pub otherwise: Option<Otherwise>,
    /// `row-late`, `row-near` or nothing.
    pub haste: &'static str,
    /// When it was opened.
    pub opened_at: Moment,
    /// Who handles it.
    pub assignee: Option<String>,
    /// Under which tags.
    pub tags: Vec<String>,
    /// On which tier, in a word, if it is none of the ordinary ones.
    pub tier: Option<String>,
    /// Whether a second person must confirm.
    pub proposed: bool,
    /// Whether the policy finds it justified.
    pub justified: bool,
    /// The buyer's first words.
    pub words: Option<String>,
    /// Whether a refund needs a hand.
    pub trouble: bool,
}

impl Row {
    /// A row of the store as a line.
    #[must_use]
    pub fn of(row: CaseRow, visit: &Visit, people: &Names, reasons: &[Reason]) -> Self {
        let summary: Summary = serde_json::from_str(&row.summary).unwrap_or_default();
        let (texts, now) = (visit.page.texts, visit.page.now);
        let reason = reasons.iter().find(|reason| reason.code == row.reason);
        let tier = summary.tier.filter(|tier| tier != "ordinary");
        let waits = row.waits_for == Some(Side::Merchant);
        let haste = match row.due_at {
            Some(due) if due < now => "row-late",
            Some(due) if waits && due < now.after(NEAR) => "row-near",
            Some(_) | None => "",
        };
        Self {
            case_id: row.case_id.to_string(),
            chosen: false,
            title: summary.title.unwrap_or_else(|| row.key.order_id.to_string()),
            order_id: row.key.order_id.to_string(),
            more: summary.items.saturating_sub(1),
            buyer: row.buyer_id.to_string(),
            case_type: texts.word_of("case-type", &name_of(&row.case_type)),
            stage: texts.word(&row.stage),
            reason: reason.map_or_else(
                || row.reason.to_string(),
                |reason| reason.name(visit.language()).to_owned(),
            ),
            amount: row.amount,
            due_at: row.due_at,
            otherwise: summary.otherwise,
            haste,
            opened_at: row.opened_at,
            assignee: summary.assignee.map(|id| people.of(&id).to_owned()),
            tags: summary.tags,
            tier: tier.map(|tier| texts.word_of("tier", &tier)),
            proposed: summary.proposed,
            justified: summary.justified,
            words: summary.words,
            trouble: waits && row.stage == Stage::Refunding.as_str(),
        }
    }
}
