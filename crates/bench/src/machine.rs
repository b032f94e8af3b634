//! The machine on which it was measured, with what its disk can do at best.

use anyhow::Result;
use std::{
    fs::{self, File},
    io::{Seek, SeekFrom, Write},
    path::Path,
    time::{Duration, Instant},
};

/// How long the disk is measured.
const LASTS: Duration = Duration::from_secs(2);

/// What is to be said of the machine.
pub fn facts(folder: &Path, commit: &str) -> Result<Vec<(String, String)>> {
    let cores = std::thread::available_parallelism()?.get();
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let memory_kib = memory.split_whitespace().nth(1).and_then(|n| n.parse::<u64>().ok());
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let model = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = model.lines().find_map(|line| line.strip_prefix("model name")?.split(':').nth(1));
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split_whitespace().next().unwrap_or_default();
    Ok(vec![
        ("commit".into(), commit.to_owned()),
        ("date".into(), today()),
        ("processor".into(), format!("{cores} cores, {}", model.unwrap_or("unknown").trim())),
        ("memory".into(), format!("{} GiB", memory_kib.unwrap_or_default() / 1_048_576)),
        ("kernel".into(), kernel.trim().to_owned()),
        ("load before the run".into(), load.to_owned()),
        ("4 KiB written and synced".into(), format!("{:.0}/s", syncs(folder)?)),
        ("client".into(), "on the same machine, in a process of its own, counted in".into()),
    ])
}

#[expect(clippy::disallowed_methods, reason = "a report has a date")]
fn today() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%d").to_string()
}

/// How often a second a page can be written and forced to disk.
#[expect(clippy::disallowed_methods, reason = "a measurement needs the machine's clock")]
fn syncs(folder: &Path) -> Result<f64> {
    let mut file = File::create(folder.join("sync"))?;
    let page = [7_u8; 4_096];
    let begin = Instant::now();
    let mut count = 0_u32;
    while begin.elapsed() < LASTS {
        file.seek(SeekFrom::Start(u64::from(count % 1_024) * 4_096))?;
        file.write_all(&page)?;
        file.sync_data()?;
        count += 1;
    }
    Ok(f64::from(count) / begin.elapsed().as_secs_f64())
}
