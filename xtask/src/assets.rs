//! `cargo xtask assets`: what the pages are dressed in, built once and embedded in the program.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::{run, tools, world};

/// Where package.json, its lock and the build script are.
const WEB: &str = "crates/app/web";
/// Our own styles and scripts.
const SOURCES: &str = "crates/app/assets";
const DIST: &str = "crates/app/dist";
const DEPTH_MAX: u32 = 8;

/// Builds the assets as a program of its own.
pub fn run() -> Result<ExitCode> {
    Ok(if build()? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Builds what has changed, and nothing if nothing has. True is success.
pub fn build() -> Result<bool> {
    let root = world::root();
    let (web, dist) = (root.join(WEB), root.join(DIST));
    let packages = digest(&[web.join("package.json"), web.join("package-lock.json")])?;
    let sources = digest(&[root.join(SOURCES), web.join("build.mjs"), web.join("scheme.mjs")])?;
    let built = format!("{packages} {sources}");
    if reads(&dist.join("stamp"), &built) && dist.join("manifest.txt").is_file() {
        println!("assets: nothing has changed");
        return Ok(true);
    }
    tools::node()?;
    let installed = web.join("node_modules/stamp");
    if !reads(&installed, &packages) {
        // Scripts of packages are not run: nothing of ours needs them.
        let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
        if !run::stream(run::command("npm").args(arguments).current_dir(&web))? {
            bail!(
                "`npm ci` in {WEB} failed: it needs the npm registry once, to fetch the lock file's packages"
            );
        }
        write(&installed, &packages)?;
    }
    if !run::stream(run::command("node").arg("build.mjs").current_dir(&web))? {
        return Ok(false);
    }
    write(&dist.join("stamp"), &built)?;
    Ok(true)
}

/// A number for the content of these files, and of the files in these folders.
fn digest(paths: &[impl AsRef<Path>]) -> Result<String> {
    let mut found = BTreeMap::new();
    for path in paths {
        collect(path.as_ref(), DEPTH_MAX, &mut found)?;
    }
    let mut hasher = DefaultHasher::new();
    found.hash(&mut hasher);
    Ok(format!("{:016x}", hasher.finish()))
}

fn collect(path: &Path, depth: u32, found: &mut BTreeMap<String, Vec<u8>>) -> Result<()> {
    let Some(depth) = depth.checked_sub(1) else { return Ok(()) };
    let reading = || format!("reading {}", path.display());
    if path.is_dir() {
        for entry in fs::read_dir(path).with_context(reading)? {
            collect(&entry?.path(), depth, found)?;
        }
    } else {
        let bytes = fs::read(path).with_context(reading)?;
        found.insert(path.to_string_lossy().into_owned(), bytes);
    }
    Ok(())
}

fn reads(path: &Path, text: &str) -> bool {
    fs::read_to_string(path).is_ok_and(|there| there == text)
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("writing {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_follows_the_content() {
        let folder = std::env::temp_dir().join(format!("wanbi-assets-{}", std::process::id()));
        fs::create_dir_all(folder.join("js")).unwrap();
        fs::write(folder.join("js/a.js"), "1").unwrap();
        let first = digest(&[&folder]).unwrap();

        assert_eq!(digest(&[&folder]).unwrap(), first);
        fs::write(folder.join("js/a.js"), "2").unwrap();
        assert_ne!(digest(&[&folder]).unwrap(), first);

        fs::remove_dir_all(folder).unwrap();
    }
}
