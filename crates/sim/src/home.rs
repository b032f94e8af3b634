//! Where the database lives: a file in memory, or a schema of PostgreSQL. Calls go to a thread of
//! their own and are waited for on the spot: for the simulation each is one instant, and which of
//! two comes first is never left to the machine.

use crate::life::Life;
use engine::ports::{Store, StoreFault};
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{
        Arc, LazyLock, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
};
use store::Options;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

/// A disk in memory, where there is one.
const MEMORY: &str = "/dev/shm";
const OPTIONS: Options = Options {
    connections_max: 4,
    readers_max: 1,
    acquire_ms_max: 20_000,
    lock_ms_max: 20_000,
    statement_ms_max: 20_000,
    answer_ms_max: 60_000,
};

/// The thread that the databases are driven by.
static DRIVER: LazyLock<io::Result<Runtime>> =
    LazyLock::new(|| Builder::new_multi_thread().worker_threads(1).enable_all().build());

/// Does work of a database, now.
///
/// # Errors
/// [`StoreFault::Broken`] if it could not be brought to an end.
pub fn now<T: Send + 'static>(
    work: impl Future<Output = Result<T, StoreFault>> + Send + 'static,
) -> Result<T, StoreFault> {
    let broken = |why: &str| StoreFault::Broken(format!("the simulation's database {why}"));
    let driver = DRIVER.as_ref().map_err(|error| broken(&error.to_string()))?;
    let (done, waits) = mpsc::sync_channel(1);
    driver.spawn(async move {
        // Whoever asked waits for it.
        let _nobody = done.send(work.await);
    });
    waits.recv().unwrap_or_else(|_| Err(broken("crashed")))
}

/// The house of one run's database.
pub struct Home {
    folder: TempDir,
    files: AtomicU64,
    state: Mutex<State>,
}

struct State {
    path: Option<PathBuf>,
    store: Arc<dyn Store>,
    /// Whoever works on it as it is now.
    lives: Vec<Life>,
}

impl Home {
    /// A fresh SQLite file.
    ///
    /// # Errors
    /// [`StoreFault`] if it cannot be made.
    pub fn sqlite() -> Result<Self, StoreFault> {
        let folder = folder()?;
        let path = folder.path().join("0.db");
        let template = template()?;
        fs::write(&path, &template.file).map_err(|error| failed(&error))?;
        fs::write(log_of(&path), &template.log).map_err(|error| failed(&error))?;
        let store = open(&path)?;
        let state = Mutex::new(State { path: Some(path), store, lives: Vec::new() });
        Ok(Self { folder, files: AtomicU64::new(1), state })
    }

    /// A database of PostgreSQL that is there and empty.
    ///
    /// # Errors
    /// [`StoreFault`] if it cannot be opened.
    pub fn postgres(url: &str) -> Result<Self, StoreFault> {
        let owned = url.to_owned();
        let store = now(async move { store::open(&owned, &OPTIONS).await })?;
        let state = Mutex::new(State { path: None, store, lives: Vec::new() });
        Ok(Self { folder: folder()?, files: AtomicU64::new(1), state })
    }

    /// The store, as it is now.
    #[must_use]
    pub fn store(&self) -> Arc<dyn Store> {
        Arc::clone(&self.look().store)
    }

    /// The store for a process, which ends when power does.
    #[must_use]
    pub fn store_for(&self, life: &Life) -> Arc<dyn Store> {
        let mut state = self.look();
        state.lives.retain(|life| !life.is_over());
        state.lives.push(life.clone());
        Arc::clone(&state.store)
    }

    fn look(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long the log of the database is; nothing where it has none that can be cut.
    #[must_use]
    pub fn log_bytes(&self) -> Option<u64> {
        let path = self.look().path.clone()?;
        fs::metadata(log_of(&path)).ok().map(|found| found.len())
    }

    /// Power is lost: what comes back is the file with its log cut to so many bytes.
    ///
    /// # Errors
    /// [`StoreFault`] if the file cannot be copied or does not open again.
    pub fn cut_power(&self, log_bytes: u64) -> Result<(), StoreFault> {
        let mut state = self.look();
        for life in state.lives.drain(..) {
            life.end();
        }
        let Some(before) = state.path.clone() else { return Ok(()) };
        let nth = self.files.fetch_add(1, Ordering::SeqCst);
        let after = self.folder.path().join(format!("{nth}.db"));
        copy(&before, &after, log_bytes)?;
        state.store = open(&after)?;
        state.path = Some(after);
        for gone in [before.clone(), log_of(&before)] {
            // It may be open still; its name is not needed any more.
            let _left = fs::remove_file(gone);
        }
        Ok(())
    }
}

fn folder() -> Result<TempDir, StoreFault> {
    let made = if Path::new(MEMORY).is_dir() {
        tempfile::Builder::new().prefix("wanbi-sim-").tempdir_in(MEMORY)
    } else {
        tempfile::tempdir()
    };
    made.map_err(|error| StoreFault::Broken(format!("make a folder: {error}")))
}

/// The files of an empty database with its schema.
struct Template {
    file: Vec<u8>,
    log: Vec<u8>,
}

/// Made once a process: migrating costs more than copying.
fn template() -> Result<Arc<Template>, StoreFault> {
    static MADE: Mutex<Option<Arc<Template>>> = Mutex::new(None);
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(template) = &*made {
        return Ok(Arc::clone(template));
    }
    let folder = folder()?;
    let path = folder.path().join("template.db");
    let store = open(&path)?;
    // Read while it is open and at rest: closing would move the log into the file behind our back.
    let read = |path: PathBuf| fs::read(path).map_err(|error| failed(&error));
    let template = Arc::new(Template { file: read(path.clone())?, log: read(log_of(&path))? });
    drop(store);
    *made = Some(Arc::clone(&template));
    Ok(template)
}

fn failed(error: &io::Error) -> StoreFault {
    StoreFault::Broken(format!("copy a database: {error}"))
}

fn open(path: &Path) -> Result<Arc<dyn Store>, StoreFault> {
    let url = format!("sqlite://{}", path.display());
    now(async move { store::open(&url, &OPTIONS).await })
}

fn log_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}

/// Copies a database with its log, cut to so many bytes.
fn copy(from: &Path, to: &Path, log_bytes: u64) -> Result<(), StoreFault> {
    let (log, copied) = (log_of(from), log_of(to));
    let copy = || {
        fs::copy(from, to)?;
        fs::copy(log, &copied)?;
        fs::OpenOptions::new().write(true).open(&copied)?.set_len(log_bytes)
    };
    copy().map_err(|error| failed(&error))
}
