//! How a process is: its memory and its open handles, as Linux tells them.

use std::fs;

/// How a process is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Health {
    /// Memory of its own, in MB: what a leak would add to.
    pub private_mb: f64,
    /// Resident memory, in MB: with the pages of the database's file that it looks at.
    pub resident_mb: f64,
    /// Open files and sockets.
    pub handles: f64,
}

impl Health {
    /// Looks at a process; nothing if there is none of that number.
    pub fn of(process: u32) -> Option<Self> {
        let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
        let mb = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            let kib: f64 = line.split_whitespace().next()?.parse().ok()?;
            Some(kib / 1_024.0)
        };
        let handles = fs::read_dir(format!("/proc/{process}/fd")).ok()?.count();
        Some(Self {
            private_mb: mb("RssAnon:")?,
            resident_mb: mb("VmRSS:")?,
            handles: handles as f64,
        })
    }
}
