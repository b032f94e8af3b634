//! A throw-away PostgreSQL: private folder, private port, gone when its owner is gone.
//!
//! Three keepers see to the last point. The guard (`Drop`) stops the server and removes the folder.
//! If xtask is killed outright, the kernel stops the server (`setpriv --pdeathsig`). And each start
//! sweeps away what an earlier run that was killed has left behind.

use std::fs::{self, DirBuilder, File};
use std::io::ErrorKind;
use std::net::TcpListener;
use std::os::unix::fs::{DirBuilderExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::{interrupt, run, tools};

/// Where the tests look for a server.
pub const VARIABLE: &str = "WANBI_TEST_POSTGRES";

const FOLDER_PREFIX: &str = "wanbi-postgres-";
const FOLDERS_MAX: u32 = 100;
const OWNER: &str = "owner";
const FALLBACK_ACCOUNT: &str = "wanbi-test";
/// Another program can take the port between our look and PostgreSQL's.
const STARTS_MAX: u32 = 5;
const READY_POLL: Duration = Duration::from_millis(50);
const READY_POLLS_MAX: u32 = 1200;
/// Durability costs time and protects nothing that is thrown away.
const THROWN_AWAY: [&str; 4] =
    ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200"];
/// A server that is measured does what one in earnest does, with a quarter of a small machine. Its
/// log is written over files that are there, as after some days: making one anew takes the disk a
/// tenth of a second and more, and every commit waits for it.
const IN_EARNEST: [&str; 6] = [
    "fsync=on",
    "synchronous_commit=on",
    "max_connections=400",
    "shared_buffers=1GB",
    "max_wal_size=8GB",
    "min_wal_size=1GB",
];
const SETTINGS: [&str; 3] =
    ["listen_addresses=127.0.0.1", "log_min_messages=warning", "timezone=UTC"];

/// `cargo xtask postgres`: a server to work with, until Ctrl-C or the end of a command.
pub fn serve(command: &[String]) -> Result<ExitCode> {
    let mut server = Server::start()?;
    if let Some((program, args)) = command.split_first() {
        let mut command = run::command(program);
        let success = run::stream(command.args(args).env(VARIABLE, server.url()))?;
        return Ok(if success { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    println!("{}", server.url());
    eprintln!("for tests: export {VARIABLE}={}\nCtrl-C stops it", server.url());
    interrupt::wait(|| server.has_ended());
    if !interrupt::interrupted() {
        bail!("PostgreSQL stopped by itself\n{}", server.log());
    }
    Ok(ExitCode::SUCCESS)
}

/// A running server. Dropping it stops it and removes all it wrote.
pub struct Server {
    child: Child,
    place: Place,
    url: String,
}

impl Server {
    /// Starts a server and waits until it answers.
    pub fn start() -> Result<Self> {
        Self::start_with(&THROWN_AWAY)
    }

    /// Starts one that forces to disk what it commits, for measurements.
    pub fn start_in_earnest() -> Result<Self> {
        Self::start_with(&IN_EARNEST)
    }

    fn start_with(settings: &[&str]) -> Result<Self> {
        let bin = tools::postgres()?;
        let account = Account::find()?;
        sweep(&std::env::temp_dir(), &bin, &account);
        let place = Place::make(bin, account)?;
        place.initialise()?;
        let mut attempt = 1;
        loop {
            match place.launch(settings) {
                Ok((child, url)) => return Ok(Self { child, place, url }),
                Err(error) if attempt == STARTS_MAX || interrupt::interrupted() => {
                    return Err(error.context(format!("starting PostgreSQL, attempt {attempt}")));
                }
                Err(_) => attempt += 1,
            }
        }
    }

    /// Where to connect as the owner, who may create databases.
    pub fn url(&self) -> &str {
        &self.url
    }

    fn has_ended(&mut self) -> bool {
        self.child.try_wait().is_ok_and(|status| status.is_some())
    }

    fn log(&self) -> String {
        self.place.log()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.place.stop();
        // Only for a server that did not obey; one that did has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The folder of one server, with the programs and the account that work in it.
struct Place {
    bin: PathBuf,
    account: Account,
    folder: PathBuf,
    /// Locked as long as the owner lives; the kernel lets go of it however the owner ends.
    _owner: File,
}

impl Place {
    fn make(bin: PathBuf, account: Account) -> Result<Self> {
        let folder = make_folder(&std::env::temp_dir())?;
        let owner = File::create(folder.join(OWNER)).context("marking the folder as ours")?;
        owner.lock().context("locking the folder")?;
        let place = Self { bin, account, folder, _owner: owner };
        if let Account::Other { uid, gid } = &place.account {
            chown(&place.folder, Some(*uid), Some(*gid))
                .with_context(|| format!("giving {} away", place.folder.display()))?;
        }
        Ok(place)
    }

    fn initialise(&self) -> Result<()> {
        let mut initdb = self.command("initdb");
        initdb.arg("--pgdata").arg(self.data());
        initdb.args(["--username=wanbi", "--auth=trust", "--encoding=UTF8", "--locale=C"]);
        run::read(initdb.arg("--no-sync")).context("making a database cluster")?;
        Ok(())
    }

    fn launch(&self, settings: &[&str]) -> Result<(Child, String)> {
        let port = free_port()?;
        let log = File::create(self.folder.join("log")).context("creating the server's log")?;
        let mut postgres = self.command("postgres");
        postgres.arg("-D").arg(self.data()).arg("-k").arg(&self.folder);
        postgres.arg("-p").arg(port.to_string());
        let settings = SETTINGS.iter().chain(settings);
        postgres.args(settings.flat_map(|setting| ["-c", setting]));
        // In its own group, so that Ctrl-C reaches the tests first and the server last.
        postgres.process_group(0).stdout(log.try_clone()?).stderr(log);
        let mut child = postgres.spawn().context("starting postgres")?;
        if let Err(error) = self.await_ready(&mut child, port) {
            self.stop();
            let _ = child.kill();
            let _ = child.wait();
            return Err(error);
        }
        Ok((child, format!("postgres://wanbi@127.0.0.1:{port}/postgres")))
    }

    fn await_ready(&self, child: &mut Child, port: u16) -> Result<()> {
        for _ in 0..READY_POLLS_MAX {
            if let Some(status) = child.try_wait()? {
                bail!("postgres ended with {status}\n{}", self.log());
            }
            if interrupt::interrupted() {
                bail!("interrupted");
            }
            // Over our own socket: on the TCP port a stranger might answer.
            let mut ready = self.command("pg_isready");
            ready.arg("-h").arg(&self.folder).args(["-q", "-U", "wanbi", "-d", "postgres", "-p"]);
            if ready.arg(port.to_string()).status().is_ok_and(|status| status.success()) {
                return Ok(());
            }
            thread::sleep(READY_POLL);
        }
        bail!("postgres does not answer\n{}", self.log())
    }

    fn stop(&self) {
        if self.data().join("postmaster.pid").exists() {
            let mut stop = self.command("pg_ctl");
            stop.args(["stop", "-s", "-w", "-t", "30", "-m", "immediate", "-D"]).arg(self.data());
            let _ = stop.stdout(Stdio::null()).stderr(Stdio::null()).status();
        }
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// One of PostgreSQL's programs, run as the account and never longer than we live.
    fn command(&self, name: &str) -> Command {
        let mut command = self.account.command(&self.bin.join(name));
        // Locale and PG* of the caller would change what the server says and where it listens.
        command.current_dir(&self.folder).env("LC_ALL", "C").env_remove("PGDATA");
        for name in ["PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGOPTIONS", "PGSERVICE"] {
            command.env_remove(name);
        }
        command
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.stop();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Who runs the server: PostgreSQL refuses to be run by root.
#[derive(Clone)]
enum Account {
    Myself,
    Other { uid: u32, gid: u32 },
}

impl Account {
    fn find() -> Result<Self> {
        if !tools::am_root()? {
            return Ok(Self::Myself);
        }
        if let Some(found) = ["postgres", FALLBACK_ACCOUNT].into_iter().find_map(Self::named) {
            return Ok(found);
        }
        let mut useradd = run::command("useradd");
        useradd.args(["--system", "--no-create-home", "--shell", "/usr/sbin/nologin"]);
        run::read(useradd.arg(FALLBACK_ACCOUNT)).context("creating an account for PostgreSQL")?;
        Self::named(FALLBACK_ACCOUNT).context("the account just created cannot be found")
    }

    fn named(name: &str) -> Option<Self> {
        let id =
            |option| run::read(run::command("id").args([option, name])).ok()?.trim().parse().ok();
        Some(Self::Other { uid: id("-u")?, gid: id("-g")? })
    }

    fn command(&self, program: &Path) -> Command {
        match self {
            Self::Myself if !run::exists("setpriv") => run::command(program),
            Self::Myself => {
                let mut command = run::command("setpriv");
                command.args(["--pdeathsig", "INT"]).arg(program);
                command
            }
            Self::Other { uid, gid } => {
                let mut command = run::command("setpriv");
                command.args([format!("--reuid={uid}"), format!("--regid={gid}")]);
                command.args(["--clear-groups", "--pdeathsig", "INT"]).arg(program);
                command
            }
        }
    }
}

/// Stops and removes the servers of owners that live no more.
fn sweep(temp: &Path, bin: &Path, account: &Account) {
    for folder in fs::read_dir(temp).into_iter().flatten().flatten() {
        let ours = folder.file_name().to_string_lossy().starts_with(FOLDER_PREFIX);
        if ours && let Some(owner) = take_over(&folder.path()) {
            let (bin, account) = (bin.to_path_buf(), account.clone());
            // Dropping it does all the work.
            drop(Place { bin, account, folder: folder.path(), _owner: owner });
        }
    }
}

/// The lock of a folder, if nobody holds it.
fn take_over(folder: &Path) -> Option<File> {
    let owner = File::open(folder.join(OWNER)).ok()?;
    owner.try_lock().ok()?;
    Some(owner)
}

/// A new folder that only its owner may enter. Process ids come again, so a name may be taken.
fn make_folder(temp: &Path) -> Result<PathBuf> {
    for attempt in 0..FOLDERS_MAX {
        let folder = temp.join(format!("{FOLDER_PREFIX}{}-{attempt}", std::process::id()));
        match DirBuilder::new().mode(0o700).create(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => {
                return Err(error).with_context(|| format!("creating {}", folder.display()));
            }
        }
    }
    bail!("{FOLDERS_MAX} folders {FOLDER_PREFIX}* are in the way in {}", temp.display())
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("looking for a free port")?;
    Ok(listener.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn a_folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    #[test]
    fn a_folder_with_a_living_owner_is_not_taken_over() {
        let folder = a_folder("owned");
        let owner = File::create(folder.join(OWNER)).unwrap();
        owner.lock().unwrap();
        assert!(take_over(&folder).is_none());

        drop(owner);
        assert!(take_over(&folder).is_some());
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_folder_that_is_only_being_made_is_left_alone() {
        let folder = a_folder("young");
        assert!(take_over(&folder).is_none());
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_taken_name_is_not_taken_twice() {
        let temp = a_folder("names");
        assert_ne!(make_folder(&temp).unwrap(), make_folder(&temp).unwrap());
        fs::remove_dir_all(temp).unwrap();
    }
}
