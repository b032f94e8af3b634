//! Golden files: one record of every kind of event as it is stored and hashed. A released kind
//! never changes, so these files are only ever added.

use super::stories;
use domain::record::{Receipt, Record};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, fs, path::PathBuf};

/// Every kind of event, with the kinds of what some of them carry.
const KINDS: &str = "order_recorded opened amended withdrawn withdrawn.receipt \
    evidence_requested evidence_added evidence_lapsed message_posted offer_made offer_accepted \
    offer_declined offer_lapsed decision_proposed.approve decision_proposed.offer \
    decision_proposed.inspect proposal_declined approved rejected return_shipped return_received \
    return_inspected.accepted return_inspected.accepted_in_part return_inspected.refused \
    replacement_sent refund_ordered refund_replaced refund_moved.accepted refund_moved.waits \
    refund_moved.uncertain refund_moved.succeeded refund_moved.became_abnormal \
    refund_moved.declined refund_moved.closed_by_channel refund_moved.card_named \
    refund_moved.account_named refund_moved.payout_approved refund_moved.paid_out ticket_opened \
    ticket_answered ticket_closed escalated dispute_reminded ruled marked watch_set closed.refunded \
    closed.exchanged closed.rejected closed.ruled_for_merchant closed.not_returned";

/// The list of what was released: each file with its SHA-256. Lines are only ever added.
const RELEASED: &str = "released.txt";

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// The golden files by kind.
fn files() -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let records = entries.filter(|path| path.extension().is_some_and(|end| end == "json"));
    let name = |path: &PathBuf| path.file_stem().unwrap().to_string_lossy().into_owned();
    records.map(|path| (name(&path), fs::read_to_string(&path).unwrap())).collect()
}

/// The golden records.
pub fn records() -> Vec<Value> {
    files().values().map(|text| serde_json::from_str(text).unwrap()).collect()
}

/// The kind of a record's event, with the kind of what it carries.
fn kind(record: &Record) -> String {
    let written = serde_json::to_value(&record.event).unwrap();
    let kind = record.event.kind().to_owned();
    let what = written.get("case").and_then(|case| case.get("what")).and_then(|w| w.get(&kind));
    let carried = ["step", "decision", "result", "outcome"];
    let carried = carried.iter().find_map(|name| what.and_then(|what| what.get(name)));
    let carried = carried.and_then(|carried| {
        let fields = || carried.as_object().and_then(|fields| fields.keys().next());
        carried.as_str().or_else(|| fields().map(String::as_str)).map(str::to_owned)
    });
    let receipt = record.receipt.as_ref().map(|_| "receipt".to_owned());
    carried.or(receipt).map_or(kind.clone(), |more| format!("{kind}.{more}"))
}

fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn every_golden_record_is_read_and_written_again_to_the_same_bytes() {
    for (name, text) in files() {
        let record: Record =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(format!("{}\n", serde_json::to_string(&record).unwrap()), text, "{name}");
        assert_eq!(kind(&record), name);
    }
}

#[test]
fn no_kind_of_event_lacks_a_golden_file() {
    let files = files();
    let missing: Vec<&str> =
        KINDS.split_whitespace().filter(|kind| !files.contains_key(*kind)).collect();
    assert!(missing.is_empty(), "no golden file for {missing:?}");
}

#[test]
fn every_event_of_every_story_is_of_a_kind_that_has_a_golden_file() {
    let files = files();
    for record in stories::records() {
        assert!(files.contains_key(&kind(&record)), "no golden file for {record:?}");
    }
}

#[test]
fn golden_files_are_only_ever_added() {
    let list = fs::read_to_string(folder().join(RELEASED)).unwrap();
    let listed: BTreeMap<&str, &str> =
        list.lines().filter_map(|line| line.split_once("  ")).map(|(sum, n)| (n, sum)).collect();
    let files = files();
    for (name, sum) in &listed {
        let text = files.get(*name).unwrap_or_else(|| panic!("{name} was released and is gone"));
        assert_eq!(&sha256(text), sum, "{name} was released and has changed");
    }
    let unlisted: Vec<&String> =
        files.keys().filter(|name| !listed.contains_key(name.as_str())).collect();
    assert!(unlisted.is_empty(), "add to {RELEASED}: {unlisted:?}");
}

/// Run with `--ignored` after a kind was added: writes the files that are missing, out of the
/// richest record of the kind in the stories, and adds them to the list. Changes no file.
#[test]
#[ignore = "writes files"]
fn write_what_is_missing() {
    let mut richest: BTreeMap<String, Record> = BTreeMap::new();
    let receipt = Receipt { key: "0".repeat(32), request: "1".repeat(32) };
    let told = stories::records().into_iter().flat_map(|record| {
        let kept = (record.event.kind() == "withdrawn")
            .then(|| Record { receipt: Some(receipt.clone()), ..record.clone() });
        [Some(record), kept].into_iter().flatten()
    });
    for record in told {
        let length = |record: &Record| serde_json::to_string(record).unwrap().len();
        let known = richest.get(&kind(&record));
        if known.is_none_or(|known| length(known) < length(&record)) {
            richest.insert(kind(&record), record);
        }
    }
    let mut list = fs::read_to_string(folder().join(RELEASED)).unwrap_or_default();
    for (name, record) in richest {
        let path = folder().join(format!("{name}.json"));
        if !path.exists() {
            let text = format!("{}\n", serde_json::to_string(&record).unwrap());
            list.push_str(&format!("{}  {name}\n", sha256(&text)));
            fs::write(path, text).unwrap();
        }
    }
    fs::write(folder().join(RELEASED), list).unwrap();
}
