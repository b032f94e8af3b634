//! How an amount came about, line by line.

use crate::pages::{page::name_of, text::Texts};
use domain::{
    facts::Facts,
    policy::money,
    working::{Step, StepKind, Working},
};

/// One line.
#[derive(Clone, Debug)]
pub struct Line {
    /// What it is: `商品`.
    pub label: String,
    /// Of which goods, and how many: `手工陶瓷杯 × 1`.
    pub of: Option<String>,
    /// `¥59.00`, `−¥30.00`.
    pub amount: String,
    /// Whether it counts: `added`, `deducted` or `shown`.
    pub counts: &'static str,
}

/// The lines of a working.
#[must_use]
pub fn lines(working: &Working, facts: &Facts, texts: Texts) -> Vec<Line> {
    working.steps.iter().map(|step| line(step, facts, texts)).collect()
}

fn line(step: &Step, facts: &Facts, texts: Texts) -> Line {
    let item = step.item_id.as_ref().and_then(|item_id| facts.item(item_id));
    let of = item.map(|item| match step.quantity {
        Some(quantity) => format!("{} × {quantity}", item.title),
        None => item.title.clone(),
    });
    let counts = match step.kind {
        StepKind::Goods | StepKind::Duty | StepKind::Freight | StepKind::ReturnFreight => "added",
        StepKind::CrossBorderReturn | StepKind::AlreadyRefunded => "deducted",
        StepKind::DutyKept | StepKind::FreightKept | StepKind::Fee => "shown",
    };
    let amount = money(step.amount);
    let amount = if counts == "deducted" { format!("−{amount}") } else { amount };
    Line { label: texts.word_of("step", &name_of(&step.kind)), of, amount, counts }
}
