//! How other programs are run: without a keyboard, and without cargo's private environment.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;

use anyhow::{Context, Result, bail};

use crate::{interrupt, world};

/// What cargo tells the program it runs. A nested cargo would hand it on to build scripts,
/// which then build everything anew.
const CARGO_PRIVATE: [&str; 9] = [
    "CARGO_BIN_",
    "CARGO_CRATE_",
    "CARGO_MANIFEST_",
    "CARGO_PKG_",
    "CARGO_PRIMARY_PACKAGE",
    "CARGO_RUSTC_CURRENT_DIR",
    "CARGO_CFG_",
    "OUT_DIR",
    "DEP_",
];

/// How a watched command ended, and all that it said.
pub struct Told {
    pub success: bool,
    pub output: String,
}

/// A command that starts in the root of the workspace.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(world::root()).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        let private = name
            .to_str()
            .is_some_and(|name| CARGO_PRIVATE.iter().any(|prefix| name.starts_with(prefix)));
        if private {
            command.env_remove(name);
        }
    }
    command
}

/// The cargo that runs us, or the one in the path.
pub fn cargo() -> Command {
    command(world::variable("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs a command that speaks for itself. True is success.
pub fn stream(command: &mut Command) -> Result<bool> {
    echo(command);
    let mut child = spawn(command)?;
    Ok(wait(command, &mut child)?.success())
}

/// Runs a command, passes on what it says as it says it, and keeps it.
pub fn tell(command: &mut Command) -> Result<Told> {
    echo(command);
    if std::io::stdout().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    let mut child = spawn(command.stdout(Stdio::piped()).stderr(Stdio::piped()))?;
    let out = child.stdout.take().map(|pipe| thread::spawn(|| pass_on(pipe, std::io::stdout())));
    let err = child.stderr.take().map(|pipe| thread::spawn(|| pass_on(pipe, std::io::stderr())));
    let status = wait(command, &mut child)?;
    let output = [out, err].into_iter().flatten().filter_map(|told| told.join().ok()).collect();
    Ok(Told { success: status.success(), output })
}

/// Runs a command in silence and returns its standard output; a failure carries its standard error.
pub fn read(command: &mut Command) -> Result<String> {
    let mut child = spawn(command.stdout(Stdio::piped()).stderr(Stdio::piped()))?;
    let err = child.stderr.take().map(|pipe| thread::spawn(|| all_of(pipe)));
    let out = child.stdout.take().map(all_of).unwrap_or_default();
    let status = wait(command, &mut child)?;
    let err = err.and_then(|told| told.join().ok()).unwrap_or_default();
    if !status.success() {
        bail!("{} ended with {status}\n{}{}", line(command), out.trim(), err.trim());
    }
    Ok(out)
}

/// Whether a program is in the path.
pub fn exists(program: &str) -> bool {
    let path = world::variable("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

fn spawn(command: &mut Command) -> Result<Child> {
    if interrupt::interrupted() {
        bail!("interrupted");
    }
    let child = command.spawn().with_context(|| format!("starting {}", line(command)))?;
    interrupt::running(child.id());
    Ok(child)
}

fn wait(command: &Command, child: &mut Child) -> Result<ExitStatus> {
    let status = child.wait();
    interrupt::ended();
    if interrupt::interrupted() {
        bail!("interrupted");
    }
    status.with_context(|| format!("waiting for {}", line(command)))
}

fn echo(command: &Command) {
    println!("$ {}", line(command));
}

/// The command as a person would type it.
fn line(command: &Command) -> String {
    let name = command.get_program().to_string_lossy();
    let name = name.rsplit_once('/').map_or(name.as_ref(), |(_, last)| last).to_owned();
    let args = command.get_args().map(|arg| arg.to_string_lossy().into_owned());
    std::iter::once(name).chain(args).collect::<Vec<_>>().join(" ")
}

fn pass_on(pipe: impl Read, mut to: impl Write) -> String {
    let mut kept = String::new();
    let mut lines = BufReader::new(pipe);
    let mut bytes = Vec::new();
    // A broken pipe on our side must not stop the reading, or the command would hang.
    while lines.read_until(b'\n', &mut bytes).is_ok_and(|length| length > 0) {
        let _ = to.write_all(&bytes).and_then(|()| to.flush());
        kept.push_str(&String::from_utf8_lossy(&bytes));
        bytes.clear();
    }
    kept
}

fn all_of(mut pipe: impl Read) -> String {
    let mut bytes = Vec::new();
    let _ = pipe.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_carries_what_the_program_said() {
        let error = read(command("sh").args(["-c", "echo why >&2; exit 3"])).unwrap_err();
        assert!(format!("{error:#}").contains("why"), "{error:#}");
    }

    #[test]
    fn what_is_told_is_kept_from_both_streams() {
        let told = tell(command("sh").args(["-c", "echo one; echo two >&2; exit 1"])).unwrap();
        assert!(!told.success);
        assert!(told.output.contains("one") && told.output.contains("two"), "{}", told.output);
    }

    #[test]
    fn cargo_tells_its_private_matters_to_nobody() {
        let out = read(&mut command("env")).unwrap();
        assert!(!out.contains("CARGO_PKG_NAME="), "{out}");
    }
}
