//! Commands and answers in words, for the story.

use domain::command::Command;
use engine::{
    desk::{Answer, Envelope, Trouble},
    rows::StreamKey,
};

/// An answer in words.
pub(crate) fn told(key: &StreamKey, answer: &Result<Answer, Trouble>) -> String {
    let order = &key.order_id;
    match answer {
        Ok(answer) if answer.repeated => format!("{order}: as before"),
        Ok(answer) => {
            format!("{order}: {} events, version {}", answer.events, answer.order.version)
        }
        Err(trouble) => format!("{order}: {trouble}"),
    }
}

/// A command in words, for the story.
#[must_use]
pub fn in_words(envelope: &Envelope) -> String {
    let by = format!("{:?}", envelope.by);
    let what = match &envelope.command {
        Command::RecordOrder(facts) => format!("record order, {:?}", facts.progress),
        Command::Open(filing) => {
            let application = &filing.application;
            format!(
                "open {:?} {} {:?}",
                application.case_type, application.reason, application.amount
            )
        }
        Command::Case { case_id, act } => {
            let act = format!("{act:?}");
            format!("case {case_id} {}", act.chars().take(160).collect::<String>())
        }
    };
    format!("{} {by}: {what}", envelope.key.order_id)
}
