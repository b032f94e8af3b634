//! The oracle's Python: another implementation of the protocols, against which ours is tested.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::{run, world};

/// What the oracle needs from the Python package index.
pub const REQUIREMENTS: &str = "tests/oracle/requirements.txt";
/// Where the tests look for the interpreter.
pub const VARIABLE: &str = "WANBI_ORACLE_PYTHON";

/// The interpreter with all requirements installed; none as long as there are no requirements.
pub fn python() -> Result<Option<PathBuf>> {
    let requirements = world::root().join(REQUIREMENTS);
    if !requirements.exists() {
        return Ok(None);
    }
    let venv = world::target().join("oracle-venv");
    let python = venv.join("bin/python");
    let wanted = fs::read_to_string(&requirements).context(REQUIREMENTS)?;
    let installed = venv.join("installed.txt");
    if is_current(&installed, &wanted) && run::read(run::command(&python).arg("--version")).is_ok()
    {
        return Ok(Some(python));
    }
    make(&venv, &python, &requirements)?;
    // Written last: an installation that was cut off is begun again.
    fs::write(&installed, wanted).with_context(|| format!("writing {}", installed.display()))?;
    Ok(Some(python))
}

/// Whether exactly these requirements were installed to the end.
fn is_current(installed: &Path, wanted: &str) -> bool {
    fs::read_to_string(installed).is_ok_and(|installed| installed == wanted)
}

fn make(venv: &Path, python: &Path, requirements: &Path) -> Result<()> {
    if venv.exists() {
        fs::remove_dir_all(venv).with_context(|| format!("removing {}", venv.display()))?;
    }
    if !run::stream(run::command("python3").args(["-m", "venv"]).arg(venv))? {
        bail!("python3 -m venv failed");
    }
    let mut pip = run::command(python);
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-input",
        "--disable-pip-version-check",
        "-r",
    ]);
    if !run::stream(pip.arg(requirements))? {
        bail!("pip install -r {REQUIREMENTS} failed");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_requirements_are_installed_anew() {
        let name = format!("xtask-oracle-{}", std::process::id());
        let installed = std::env::temp_dir().join(name);
        assert!(!is_current(&installed, "a==1\n"));
        fs::write(&installed, "a==1\n").unwrap();
        assert!(is_current(&installed, "a==1\n"));
        assert!(!is_current(&installed, "a==2\n"));
        fs::remove_file(installed).unwrap();
    }
}
