//! The bench works: a tiny run over everything it measures. Its figures say nothing.

use serde_json::Value;
use std::{fs, path::Path, process::Command};

/// The tables of a run, and how many lines each has at least.
const TABLES: [(&str, usize); 11] = [
    ("Policy", 1),
    ("Commands, SQLite", 6),
    ("Latency of opening a case, SQLite", 3),
    ("Opening a case beside its limits, SQLite", 2),
    ("Commands, PostgreSQL", 6),
    ("Latency of opening a case, PostgreSQL", 3),
    ("Opening a case beside its limits, PostgreSQL", 2),
    ("Import and pump", 4),
    ("Pages", 16),
    ("Growth, SQLite", 12),
    ("Growth, PostgreSQL", 12),
];

#[test]
#[expect(clippy::disallowed_methods, reason = "only the environment knows where the server is")]
fn a_quick_run_measures_everything_on_postgres_too() {
    let bench = Path::new(env!("CARGO_BIN_EXE_wanbi-bench"));
    let wanbi = bench.with_file_name("wanbi");
    assert!(wanbi.exists(), "build the program first: cargo build -p app");
    let server = std::env::var("WANBI_TEST_POSTGRES")
        .expect("set WANBI_TEST_POSTGRES to a PostgreSQL server, or run `cargo xtask test`");
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("report");

    let run = Command::new(bench)
        .arg("--wanbi")
        .arg(&wanbi)
        .arg("--out")
        .arg(&out)
        .arg("--folder")
        .arg(folder.path())
        .args(["--quick", "--postgres", &server])
        .output()
        .unwrap();

    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let report = fs::read_to_string(out.join("quick.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    for (title, lines) in TABLES {
        let mut tables = report["tables"].as_array().unwrap().iter();
        let table = tables.find(|table| table["title"] == title).expect(title);
        let told = table["lines"].as_array().unwrap();
        assert!(told.len() >= lines, "{title}: {} lines", told.len());
        for line in told {
            let figures = line["figures"].as_array().unwrap();
            let good = figures.iter().all(|figure| figure["median"].as_f64().unwrap() > 0.0);
            assert!(good && !figures.is_empty(), "{title}: {line}");
        }
    }
    let page = fs::read_to_string(out.join("quick.md")).unwrap();
    assert!(page.contains("| 4 KiB written and synced |"), "{page}");
}
