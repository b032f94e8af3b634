//! Runs against a sink in memory: twice, interrupted, declined, with a reject file put right.

use super::{Declined, Interrupted, Options, Outage, Sink, Stored, Target, Tick, run};
use crate::import::{
    Format, Source,
    encoding::Encoding,
    reject::{Rejects, reasons_path},
    report::{Report, Tally},
};
use async_trait::async_trait;
use domain::{facts::Facts, policy::Language};
use std::{
    collections::HashMap,
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

const JSONL: &str = include_str!("../../../tests/fixtures/import/orders.jsonl");
const CSV: &[u8] = include_bytes!("../../../tests/fixtures/import/orders.csv");

#[derive(Default)]
struct Memory {
    orders: Mutex<HashMap<String, Facts>>,
    batches: AtomicUsize,
    aloft: AtomicUsize,
    batches_max: Option<usize>,
    declined: Option<&'static str>,
}

#[async_trait]
impl Sink for Memory {
    async fn put(&self, batch: Vec<Facts>) -> Result<Vec<Result<Stored, Declined>>, Outage> {
        assert!(self.aloft.fetch_add(1, Ordering::SeqCst) < super::FLIGHTS_MAX);
        tokio::task::yield_now().await;
        self.aloft.fetch_sub(1, Ordering::SeqCst);
        let number = self.batches.fetch_add(1, Ordering::SeqCst);
        if self.batches_max.is_some_and(|max| number >= max) {
            return Err(Outage("disk full".into()));
        }
        assert!(batch.len() <= super::BATCH_ORDERS_MAX);
        let mut orders = self.orders.lock().unwrap();
        let mut verdicts = Vec::new();
        for facts in batch {
            let id = facts.order_id.to_string();
            verdicts.push(if self.declined == Some(id.as_str()) {
                Err(Declined::of_code("order_has_cases"))
            } else {
                match orders.insert(id, facts.clone()) {
                    None => Ok(Stored::New),
                    Some(old) if old == facts => Ok(Stored::Same),
                    Some(_) => Ok(Stored::Changed),
                }
            });
        }
        Ok(verdicts)
    }
}

async fn import(bytes: &[u8], sink: &Memory, rejects: Rejects) -> Result<Report, Interrupted> {
    let input = Box::new(std::io::Cursor::new(bytes.to_vec()));
    let source = Source::open(input, Format::Auto, Encoding::Auto).unwrap();
    let options = Options { rejects, elapsed: Box::new(|| Duration::from_secs(2)) };
    let mut last = 0;
    let mut watch = |tick: Tick| {
        assert!(tick.bytes >= last);
        last = tick.bytes;
    };
    run(source, Target::Store(sink), options, &mut watch).await
}

fn many(count: usize) -> String {
    let line = JSONL.lines().next().unwrap();
    (0..count).map(|n| line.replace("3700000000000000001", &format!("N{n}")) + "\n").collect()
}

fn tally(new: u64, changed: u64, unchanged: u64, rejected: u64) -> Tally {
    let read = new + changed + unchanged + rejected;
    Tally { read, new, changed, unchanged, checked: 0, rejected }
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

#[tokio::test]
async fn running_twice_changes_nothing() {
    let (sink, file) = (Memory::default(), many(1_000));

    let first = import(file.as_bytes(), &sink, Rejects::none()).await.unwrap();
    let second = import(file.as_bytes(), &sink, Rejects::none()).await.unwrap();

    assert_eq!(first.tally, tally(1_000, 0, 0, 0));
    assert_eq!(second.tally, tally(0, 0, 1_000, 0));
    assert_eq!(first.orders_per_second(), 500);
    assert!(first.text(Language::Zh).contains("新增 1000"), "{}", first.text(Language::Zh));
}

#[tokio::test]
async fn an_interrupted_run_goes_on_when_run_again() {
    let file = many(2_000);
    let mut sink = Memory { batches_max: Some(3), ..Memory::default() };

    let stopped = import(file.as_bytes(), &sink, Rejects::none()).await.unwrap_err();
    sink.batches_max = None;
    let again = import(file.as_bytes(), &sink, Rejects::none()).await.unwrap();

    assert!(stopped.to_string().starts_with("the import stopped after"), "{stopped}");
    assert_eq!(stopped.cause.to_string(), "storing orders failed: disk full");
    let kept = u64::try_from(3 * super::BATCH_ORDERS_MAX).unwrap();
    assert_eq!(again.tally.unchanged, kept);
    assert_eq!(again.tally.new, 2_000 - kept);
}

#[tokio::test]
async fn the_last_of_two_lines_with_one_order_stands() {
    let line = JSONL.lines().nth(1).unwrap();
    let file: String =
        (0..900).map(|n| line.replace("水蜜桃", &format!("水蜜桃 {n}")) + "\n").collect();
    let sink = Memory::default();

    let report = import(file.as_bytes(), &sink, Rejects::none()).await.unwrap();

    assert_eq!(report.tally, tally(1, 899, 0, 0));
    let orders = sink.orders.lock().unwrap();
    assert!(orders["3700000000000000002"].items[0].title.contains("水蜜桃 899"));
}

#[tokio::test]
async fn a_check_stores_nothing() {
    let source = Source::open(Box::new(JSONL.as_bytes()), Format::Auto, Encoding::Auto).unwrap();
    let options = Options { rejects: Rejects::none(), elapsed: Box::new(|| Duration::ZERO) };
    let report = run(source, Target::Check, options, &mut |_| {}).await.unwrap();
    assert_eq!((report.tally.checked, report.tally.new), (3, 0));
    assert!(report.text(Language::En).starts_with("dry run"));
}

#[tokio::test]
async fn a_reject_file_put_right_can_be_imported() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bad.csv");
    let broken = String::from_utf8(CSV.to_vec()).unwrap().replace(",59.90,", ",60.90,");
    let sink = Memory::default();

    let rejects = Rejects::to(&path, Language::Zh).unwrap();
    let report = import(broken.as_bytes(), &sink, rejects).await.unwrap();

    assert_eq!(report.tally, tally(2, 0, 0, 1));
    assert_eq!(report.reject_file.as_deref(), Some(path.as_path()));
    let lines: Vec<String> = broken.lines().map(str::to_owned).collect();
    assert_eq!(text(&path), format!("{}\r\n{}\r\n", lines[0], lines[5].trim_end()));
    let reasons = text(&reasons_path(&path));
    assert!(reasons.contains("原文件第 6 行，退回文件第 2 行起：［实付(元)］"), "{reasons}");
    assert!(reasons.contains("order_sum_mismatch"), "{reasons}");

    assert!(Rejects::to(&path, Language::Zh).is_err(), "corrections are not overwritten");
    let corrected = text(&path).replace(",60.90,", ",59.90,");
    let report = import(corrected.as_bytes(), &sink, Rejects::none()).await.unwrap();
    assert_eq!(report.tally, tally(1, 0, 0, 0));
}

#[tokio::test]
async fn what_the_sink_declines_is_rejected_in_the_order_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bad.jsonl");
    let sink = Memory { declined: Some("3700000000000000002"), ..Memory::default() };
    let file = format!("{{}}\n{}{{\"x\":1}}", JSONL);

    let rejects = Rejects::to(&path, Language::En).unwrap();
    let report = import(file.as_bytes(), &sink, rejects).await.unwrap();

    assert_eq!(report.tally, tally(2, 0, 0, 3));
    let lines: Vec<String> = text(&path).lines().map(str::to_owned).collect();
    assert_eq!(lines, ["{}", JSONL.lines().nth(1).unwrap(), "{\"x\":1}"]);
    let reasons = text(&reasons_path(&path));
    assert!(
        reasons.contains("line 3, here from line 2: not accepted (order_has_cases)"),
        "{reasons}"
    );
    assert!(reasons.contains("line 5, here from line 3: [x] unknown field `x`"), "{reasons}");
}

#[tokio::test]
async fn an_input_that_breaks_off_stops_the_run() {
    struct Pipe(std::io::Cursor<Vec<u8>>);
    impl std::io::Read for Pipe {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            match self.0.read(buffer)? {
                0 => Err(std::io::Error::other("pipe closed")),
                count => Ok(count),
            }
        }
    }
    let pipe = Pipe(std::io::Cursor::new(many(500).into_bytes()));
    let input = Box::new(std::io::BufReader::new(pipe));
    let source = Source::open(input, Format::Auto, Encoding::Auto).unwrap();
    let sink = Memory::default();
    let options = Options { rejects: Rejects::none(), elapsed: Box::new(|| Duration::ZERO) };

    let stopped = run(source, Target::Store(&sink), options, &mut |_| {}).await.unwrap_err();

    assert_eq!(stopped.report.tally.new, 500);
    assert!(stopped.cause.to_string().contains("pipe closed"), "{}", stopped.cause);
}
