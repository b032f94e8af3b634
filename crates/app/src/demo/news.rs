//! What happened since somebody last looked: one line for each case, read from the log.

use super::{DemoFault, board::Changed};
use crate::assembly::App;
use domain::{
    case::Stage,
    event::{CaseEvent, Event},
    id::{CaseId, ShopId},
    moment::Moment,
    policy::time_in_china,
};
use engine::rows::{LIMIT_MAX, StreamKey};
use serde_json::Value;
use std::{collections::BTreeMap, fmt};

/// The most steps of one case that are named.
const STEPS_MAX: usize = 12;

/// Where the reading of the log stands, shop by shop.
#[derive(Default)]
pub struct News {
    read_to: BTreeMap<ShopId, i64>,
}

/// What happened to one case.
#[derive(Clone, Debug)]
pub struct Story {
    key: StreamKey,
    case_id: CaseId,
    last_at: Moment,
    steps: Vec<String>,
    stage: Option<Stage>,
}

impl From<Story> for Changed {
    fn from(story: Story) -> Self {
        let Story { key, case_id, last_at, stage, .. } = story;
        Self { shop_id: key.shop_id, case_id, at: last_at, stage }
    }
}

impl fmt::Display for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let left_out = self.steps.len().saturating_sub(STEPS_MAX);
        let steps = self.steps.get(left_out..).unwrap_or_default();
        write!(
            f,
            "{} {} case {}: {}{} → [{}]",
            time_in_china(self.last_at),
            self.key.shop_id,
            self.case_id,
            if left_out > 0 { "… " } else { "" },
            steps.join(" → "),
            self.stage.map_or("", Stage::as_str),
        )
    }
}

impl News {
    /// What happened since the last time, case by case, oldest first.
    pub async fn read(&mut self, app: &App, shops: &[ShopId]) -> Result<Vec<Story>, DemoFault> {
        let mut stories: Vec<Story> = Vec::new();
        for shop_id in shops {
            while self.read_on(app, shop_id, &mut stories).await? {}
        }
        stories.sort_by_key(|story| story.last_at);
        for story in &mut stories {
            let order = app.desk.order(&story.key).await.ok();
            story.stage = order.and_then(|order| Some(order.case(story.case_id)?.stage));
        }
        Ok(stories)
    }

    /// The next page of the log; false at its end.
    async fn read_on(
        &mut self,
        app: &App,
        shop_id: &ShopId,
        stories: &mut Vec<Story>,
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

fn add(stories: &mut Vec<Story>, key: StreamKey, body: &str) {
    let Ok(record) = serde_json::from_str::<domain::record::Record>(body) else { return };
    let Event::Case { case_id, what } = record.event else { return };
    // The next look at money on its way is nothing that anybody waits for.
    if matches!(what, CaseEvent::WatchSet { .. }) {
        return;
    }
    let known = stories.iter().position(|story| story.case_id == case_id);
    let at = known.unwrap_or(stories.len());
    if known.is_none() {
        let (last_at, steps) = (record.at, Vec::new());
        stories.push(Story { key, case_id, last_at, steps, stage: None });
    }
    if let Some(story) = stories.get_mut(at) {
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
