//! `cargo xtask screenshots`: a picture of every page, to be looked at.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::{assets, run, tools, world};

/// The test that takes the pictures, and says what each page weighs and takes.
const TEST: &str = "browser::pictures::screenshots";

/// Takes pictures of the pages whose names hold `only`, into a folder.
pub fn run(out: Option<PathBuf>, only: Option<&str>) -> Result<ExitCode> {
    tools::browser()?;
    if !assets::build()? {
        bail!("the assets could not be built");
    }
    let usual = || world::target().join("screenshots");
    let folder = out.map_or_else(usual, |out| absolute(&out));
    let mut tests = run::cargo();
    tests.args(["test", "--locked", "--workspace", "--test", "it", "--"]);
    tests.args(["--ignored", "--exact", TEST, "--nocapture"]);
    tests.env("WANBI_SCREENSHOTS", &folder);
    tests.env("WANBI_SCREENSHOTS_ONLY", only.unwrap_or_default());
    if !run::stream(&mut tests)? {
        return Ok(ExitCode::FAILURE);
    }
    println!("the pictures are in {}", folder.display());
    Ok(ExitCode::SUCCESS)
}

/// The test starts in a folder of its own.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}
