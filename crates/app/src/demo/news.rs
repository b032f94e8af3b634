//! What happened since somebody last looked: one line for each case, read from the log.

use super::DemoFault;
use crate::assembly::App;
use domain::{
    event::{CaseEvent, Event},
    id::{CaseId, ShopId},
    moment::Moment,
    policy::time_in_china,
};
use engine::rows::{LIMIT_MAX, StreamKey};
use serde_json::Value;
use std::collections::BTreeMap;

/// The most steps of one case that are named.
const STEPS_MAX: usize = 12;

/// Where the reading of the log stands, shop by shop.
#[derive(Default)]
pub struct News {
    read_to: BTreeMap<ShopId, i64>,
}

struct Story {
    key: StreamKey,
    last_at: Moment,
    steps: Vec<String>,
}

impl News {
    /// What happened since the last time, a line for each case, oldest first.
    pub async fn read(&mut self, app: &App, shops: &[ShopId]) -> Result<Vec<String>, DemoFault> {
        let mut stories: Vec<(CaseId, Story)> = Vec::new();
        for shop_id in shops {
            while self.read_on(app, shop_id, &mut stories).await? {}
        }
        stories.sort_by_key(|(_, story)| story.last_at);
        let mut lines = Vec::with_capacity(stories.len());
        for (case_id, story) in stories {
            lines.push(line(app, case_id, story).await);
        }
        Ok(lines)
    }

    /// The next page of the log; false at its end.
    async fn read_on(
        &mut self,
        app: &App,
        shop_id: &ShopId,
        stories: &mut Vec<(CaseId, Story)>,
    ) -> Result<bool, DemoFault> {
        let read_to = self.read_to.entry(shop_id.clone()).or_default();
        let records = app.desk.store().export(shop_id, *read_to, LIMIT_MAX).await?;
        let Some(last) = records.last() else { return Ok(false) };
        *read_to = last.sequence;
        for exported in records {
            add(stories, exported.key, &exported.record.body);
        }
        Ok(true)
    }
}

fn add(stories: &mut Vec<(CaseId, Story)>, key: StreamKey, body: &str) {
    let Ok(record) = serde_json::from_str::<domain::record::Record>(body) else { return };
    let Event::Case { case_id, what } = record.event else { return };
    // The next look at money on its way is nothing that anybody waits for.
    if matches!(what, CaseEvent::WatchSet { .. }) {
        return;
    }
    let known = stories.iter().position(|(id, _)| *id == case_id);
    let at = known.unwrap_or(stories.len());
    if known.is_none() {
        stories.push((case_id, Story { key, last_at: record.at, steps: Vec::new() }));
    }
    if let Some((_, story)) = stories.get_mut(at) {
        story.last_at = record.at;
        story.steps.push(step(&what));
    }
}

/// The name of an event; of a refund's movement, what moved.
fn step(what: &CaseEvent) -> String {
    let CaseEvent::RefundMoved { step, .. } = what else { return what.kind().to_owned() };
    let moved = match serde_json::to_value(step) {
        Ok(Value::String(name)) => Some(name),
        Ok(Value::Object(fields)) => fields.keys().next().cloned(),
        _ => None,
    };
    format!("refund_{}", moved.unwrap_or_default())
}

async fn line(app: &App, case_id: CaseId, story: Story) -> String {
    let order = app.desk.order(&story.key).await.ok();
    let case = order.as_ref().and_then(|order| order.case(case_id));
    let stage = case.map_or("", |case| case.stage.as_str());
    let left_out = story.steps.len().saturating_sub(STEPS_MAX);
    let steps: Vec<String> = story.steps.into_iter().skip(left_out).collect();
    let dots = if left_out > 0 { "… " } else { "" };
    format!(
        "{} {} case {case_id}: {dots}{} → [{stage}]",
        time_in_china(story.last_at),
        story.key.shop_id,
        steps.join(" → "),
    )
}
