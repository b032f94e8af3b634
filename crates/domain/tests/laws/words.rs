//! The words inside events, as they are stored: a released word is read for ever.

use domain::{
    actor::{Actor, Role, Side},
    application::{CaseType, Fault},
    case::{Audience, Goods, Inspection, Otherwise, Outcome, Route},
    facts::{Account, Category, Channel, Progress},
    finding::{FactValue, Remedy, Verdict},
    refund::{Path, State},
    working::StepKind,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// Each word is read as `T` and written again as it was.
fn check<T: Serialize + DeserializeOwned>(words: &Value, list: &str) {
    for word in words[list].as_array().expect(list) {
        let read: T = serde_json::from_value(word.clone())
            .unwrap_or_else(|error| panic!("{list} {word}: {error}"));
        assert_eq!(serde_json::to_value(&read).unwrap(), *word, "{list}");
    }
}

#[test]
fn every_released_word_is_read_and_written_as_it_was() {
    let words: Value = serde_json::from_str(include_str!("../golden/words.txt")).unwrap();

    check::<Actor>(&words, "actor");
    check::<Role>(&words, "role");
    check::<Side>(&words, "side");
    check::<CaseType>(&words, "case_type");
    check::<Fault>(&words, "fault");
    check::<Otherwise>(&words, "otherwise");
    check::<Outcome>(&words, "outcome");
    check::<Route>(&words, "route");
    check::<Goods>(&words, "goods");
    check::<Audience>(&words, "audience");
    check::<Inspection>(&words, "inspection");
    check::<Path>(&words, "path");
    check::<State>(&words, "state");
    check::<Progress>(&words, "progress");
    check::<Category>(&words, "category");
    check::<Channel>(&words, "channel");
    check::<Account>(&words, "account");
    check::<Verdict>(&words, "verdict");
    check::<Remedy>(&words, "remedy");
    check::<FactValue>(&words, "fact_value");
    check::<StepKind>(&words, "step_kind");
}
