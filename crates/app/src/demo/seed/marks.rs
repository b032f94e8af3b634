//! How the shops sort their work in the demo: who handles a case, under which tags, on which tier.

use super::{
    people::{RESTLESS, actor},
    tale::{Beat, By, Plot, Step, Tale},
};
use crate::demo::DemoFault;
use domain::{
    actor::Actor,
    case::{Marks, Tier},
    command::Act,
    id::BuyerId,
};

/// A case is sorted so soon after it came in, in minutes.
pub const AFTER_MIN: u32 = 12;

/// The step by which a case is sorted; some are left as they came.
pub fn sort(tale: &Tale, n: usize, buyer_id: &BuyerId) -> Result<Option<Beat>, DemoFault> {
    if tale.plot == Plot::Silence && n.is_multiple_of(2) {
        return Ok(None);
    }
    let is_confirmed = tale.plot == Plot::Propose || tale.plot == Plot::Confirm;
    let handler = if is_confirmed { By::Supervisor } else { By::Agent };
    let by = actor(handler, buyer_id)?;
    let assignee = if let Actor::Person { id, .. } = by { Some(id) } else { None };
    let mut tags = Vec::new();
    for (part, tag) in [
        ("spoiled", "生鲜"),
        ("logistics", "物流破损"),
        ("missing", "少件错发"),
        ("mismatch", "描述不符"),
        ("counterfeit", "假货投诉"),
    ] {
        if tale.reason.contains(part) {
            tags.push(tag.to_owned());
        }
    }
    if tale.buyer == Some(RESTLESS) {
        tags.push("频繁申请".to_owned());
    }
    if n.is_multiple_of(5) {
        tags.push("老客户".to_owned());
    }
    let tier = if tale.reason.starts_with("counterfeit") {
        Tier::Legal
    } else if tale.plot == Plot::Dispute || tale.plot == Plot::Refuse {
        Tier::Difficult
    } else {
        Tier::Ordinary
    };
    let step = Step::Act(Act::Mark { marks: Marks { assignee, tags, tier } });
    Ok(Some(Beat { after_min: AFTER_MIN, by: By::Agent, step }))
}
