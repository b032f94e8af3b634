//! The outside of xtask in one small file: the place, the time, the environment.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The folder of the workspace.
pub fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_path_buf()
}

/// The one target folder, shared by every nested cargo.
pub fn target() -> PathBuf {
    variable("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// The value of an environment variable; an empty one counts as absent.
pub fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// A moment from which to measure how long a step takes.
#[expect(clippy::disallowed_methods, reason = "xtask measures its own steps, nothing else")]
pub fn now() -> Instant {
    Instant::now()
}
