//! What the tests need from the machine: found, or installed, or asked for in plain words.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::run;

/// The oldest PostgreSQL that the store is written for.
const POSTGRES_VERSION_MIN: u32 = 14;
const POSTGRES_HOME: &str = "/usr/lib/postgresql";

/// The oldest Node that the build of the assets is written for.
const NODE_VERSION_MIN: u32 = 18;

/// Whether we are the superuser, who may install and must not run PostgreSQL.
pub fn am_root() -> Result<bool> {
    Ok(run::read(run::command("id").arg("-u"))?.trim() == "0")
}

/// The folder with the newest `initdb` and `postgres`.
pub fn postgres() -> Result<PathBuf> {
    if let Some(found) = find_postgres() {
        return Ok(found);
    }
    install("PostgreSQL", &["postgresql"])?;
    match find_postgres() {
        Some(found) => Ok(found),
        None => bail!("installed postgresql, but found no version {POSTGRES_VERSION_MIN} or newer"),
    }
}

/// Python with `venv`, for the oracle.
pub fn python() -> Result<()> {
    if has_python() {
        return Ok(());
    }
    install("Python 3 with venv", &["python3", "python3-venv"])?;
    if !has_python() {
        bail!("installed python3, but `python3 -c 'import venv, ensurepip'` still fails");
    }
    Ok(())
}

/// Node and npm, for the styles and scripts of the pages.
pub fn node() -> Result<()> {
    if node_version().is_none() || !run::exists("npm") {
        install("Node with npm", &["nodejs", "npm"])?;
    }
    match node_version() {
        Some(found) if found >= NODE_VERSION_MIN && run::exists("npm") => Ok(()),
        Some(found) if found < NODE_VERSION_MIN => {
            bail!(
                "Node {found} is too old; install Node {NODE_VERSION_MIN} or newer (https://nodejs.org)"
            )
        }
        _ => bail!("installed nodejs and npm, but `node --version` or npm still fails"),
    }
}

/// A browser that can be driven, with letters for Chinese, for the tests of the pages.
pub fn browser() -> Result<()> {
    if !(run::exists("chromium") && run::exists("chromedriver")) {
        install("Chromium", &["chromium", "chromium-driver"])?;
    }
    if !has_chinese_letters() {
        install("A typeface for Chinese", &["fonts-noto-cjk", "fontconfig"])?;
    }
    Ok(())
}

fn has_chinese_letters() -> bool {
    let listed = run::read(run::command("fc-list").args([":lang=zh-cn", "family"]));
    listed.is_ok_and(|families| !families.trim().is_empty())
}

fn has_python() -> bool {
    let probe = ["-c", "import venv, ensurepip"];
    run::exists("python3") && run::read(run::command("python3").args(probe)).is_ok()
}

fn find_postgres() -> Option<PathBuf> {
    let folders = std::fs::read_dir(POSTGRES_HOME).into_iter().flatten().flatten();
    let packaged = folders.map(|folder| folder.path()).filter_map(|folder| {
        let version = folder.file_name()?.to_str()?.parse::<u32>().ok()?;
        let bin = folder.join("bin");
        (version >= POSTGRES_VERSION_MIN && is_postgres(&bin)).then_some((version, bin))
    });
    packaged.max().map(|(_, bin)| bin).or_else(postgres_in_path)
}

fn postgres_in_path() -> Option<PathBuf> {
    let path = crate::world::variable("PATH")?;
    let bin = std::env::split_paths(&path).find(|folder| is_postgres(folder))?;
    let told = run::read(run::command(bin.join("postgres")).arg("--version")).ok()?;
    (version(&told)? >= POSTGRES_VERSION_MIN).then_some(bin)
}

fn is_postgres(bin: &Path) -> bool {
    ["initdb", "postgres", "pg_ctl", "pg_isready"].iter().all(|name| bin.join(name).is_file())
}

fn node_version() -> Option<u32> {
    if !run::exists("node") {
        return None;
    }
    let told = run::read(run::command("node").arg("--version")).ok()?;
    told.trim().trim_start_matches('v').split('.').next()?.parse().ok()
}

/// The major version in `postgres (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)`.
fn version(told: &str) -> Option<u32> {
    let number = told.split_whitespace().find(|word| word.starts_with(|c: char| c.is_numeric()))?;
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn install(what: &str, packages: &[&str]) -> Result<()> {
    let wanted = packages.join(" ");
    if !run::exists("apt-get") {
        bail!("{what} is missing; install it (on Debian: apt-get install {wanted})");
    }
    if !am_root()? {
        bail!("{what} is missing; run: sudo apt-get install -y {wanted}");
    }
    println!("{what} is missing: installing {wanted}");
    // Old lists name packages that the archive no longer keeps, so they are refreshed first.
    let updated = run::stream(run::command("apt-get").arg("update"))?;
    let arguments = ["install", "-y", "--no-install-recommends"];
    let mut apt = run::command("apt-get");
    apt.args(arguments).args(packages).env("DEBIAN_FRONTEND", "noninteractive");
    if !run::stream(&mut apt)? {
        let lists = if updated { "" } else { " (apt-get update failed before it)" };
        bail!("apt-get install -y {wanted} failed{lists}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_read_from_every_kind_of_release() {
        assert_eq!(version("postgres (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)"), Some(15));
        assert_eq!(version("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(version("postgres"), None);
    }
}
