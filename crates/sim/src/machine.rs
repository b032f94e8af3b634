//! On what, when and of which commit something was measured.

use domain::moment::Moment;
use std::{fs, process::Command, time::SystemTime};

/// The place of a measurement in a few words: `2 cores, 24 GiB`.
#[must_use]
pub fn machine() -> String {
    let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let cores = processors.lines().filter(|line| line.starts_with("processor")).count();
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let total = memory.lines().find_map(|line| line.strip_prefix("MemTotal:"));
    let kib: u64 = total
        .and_then(|rest| rest.trim().strip_suffix("kB"))
        .and_then(|digits| digits.trim().parse().ok())
        .unwrap_or(0);
    let gib = kib.div_ceil(1_048_576);
    format!("{cores} cores, {gib} GiB")
}

/// Today, in China.
#[must_use]
pub fn today() -> String {
    #[expect(clippy::disallowed_methods, reason = "a measurement says when it was made")]
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let ms = i64::try_from(since.as_millis()).unwrap_or(0);
    Moment::from_ms(ms).date_in_china().to_string()
}

/// The commit, if git knows one.
#[must_use]
pub fn commit() -> String {
    let told = Command::new("git").args(["rev-parse", "--short", "HEAD"]).output();
    let text = told.map(|told| String::from_utf8_lossy(&told.stdout).trim().to_owned());
    text.ok().filter(|text| !text.is_empty()).unwrap_or_else(|| "unknown".to_owned())
}
