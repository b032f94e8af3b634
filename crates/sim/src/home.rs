//! Where the database lives: a file in memory, or a database of PostgreSQL. Calls are waited for on
//! the spot: for the simulation each is one instant, and which of two comes first is never left to
//! the machine.

use crate::{
    life::Life,
    server::{Database, Server},
};
use engine::ports::{Store, StoreFault};
use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    pin::pin,
    sync::{
        Arc, LazyLock, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
};
use store::{Options, figures_beside};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

/// A disk in memory, where there is one.
const MEMORY: &str = "/dev/shm";
const OPTIONS: Options = Options {
    connections_max: 4,
    readers_max: 1,
    serves: false,
    acquire_ms_max: 20_000,
    lock_ms_max: 20_000,
    statement_ms_max: 20_000,
    answer_ms_max: 60_000,
};

/// The thread on which connections do what they do by themselves.
static DRIVER: LazyLock<io::Result<Runtime>> =
    LazyLock::new(|| Builder::new_multi_thread().worker_threads(1).enable_all().build());

/// Wakes the thread that waits.
struct Waiting(Thread);

impl Wake for Waiting {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Does work of a database, now: this thread does nothing else until it is done.
///
/// # Errors
/// [`StoreFault`] as the database gives it.
pub fn now<T>(work: impl Future<Output = Result<T, StoreFault>>) -> Result<T, StoreFault> {
    let broken = |error: &io::Error| StoreFault::Broken(format!("the simulation: {error}"));
    let driver = DRIVER.as_ref().map_err(broken)?;
    let _entered = driver.enter();
    let waker = Waker::from(Arc::new(Waiting(thread::current())));
    let mut context = Context::from_waker(&waker);
    // What waits for the spot must not be told to let others go first.
    let mut work = pin!(tokio::task::unconstrained(work));
    loop {
        match work.as_mut().poll(&mut context) {
            Poll::Ready(done) => return done,
            Poll::Pending => thread::park(),
        }
    }
}

/// Where the data is.
enum Place {
    File(PathBuf),
    Server(Database),
}

/// Whether processes have connections of their own to one database, as on several machines, or
/// share those of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// One store for all.
    Together,
    /// One for each of two processes.
    Apart,
}

/// What a loss of power leaves.
#[derive(Clone, Copy, Debug)]
pub struct Cut {
    /// So much of the log.
    pub log_bytes: u64,
    /// So much rubbish behind it.
    pub rubbish_bytes: usize,
    /// So much of the log of the figures, which nobody forces to disk.
    pub beside_log_bytes: u64,
}

/// The house of one run's database.
pub struct Home {
    folder: TempDir,
    files: AtomicU64,
    state: Mutex<State>,
}

struct State {
    place: Place,
    /// The store that everybody shares, or one for each process and one for who looks on.
    stores: (Arc<dyn Store>, Vec<Arc<dyn Store>>),
    /// Whoever works on it as it is now.
    lives: Vec<Life>,
}

impl Home {
    /// A fresh SQLite file.
    ///
    /// # Errors
    /// [`StoreFault`] if it cannot be made.
    pub fn sqlite(sharing: Sharing) -> Result<Self, StoreFault> {
        let folder = folder()?;
        let path = folder.path().join("0.db");
        for (place, bytes) in files_of(&path).iter().zip(&template()?.files) {
            fs::write(place, bytes).map_err(|error| failed(&error))?;
        }
        Self::at(folder, Place::File(path), sharing)
    }

    /// A fresh database of PostgreSQL.
    ///
    /// # Errors
    /// [`StoreFault`] if it cannot be made.
    pub fn postgres(server: &Server, sharing: Sharing) -> Result<Self, StoreFault> {
        Self::at(folder()?, Place::Server(server.database()?), sharing)
    }

    fn at(folder: TempDir, place: Place, sharing: Sharing) -> Result<Self, StoreFault> {
        let own = if sharing == Sharing::Apart { 2 } else { 0 };
        let stores = place.open(own)?;
        let state = Mutex::new(State { place, stores, lives: Vec::new() });
        Ok(Self { folder, files: AtomicU64::new(1), state })
    }

    /// The store, as whoever looks on sees it.
    #[must_use]
    pub fn store(&self) -> Arc<dyn Store> {
        Arc::clone(&self.look().stores.0)
    }

    /// The store for a process, which ends when power does.
    #[must_use]
    pub fn store_for(&self, nth: usize, life: &Life) -> Arc<dyn Store> {
        let mut state = self.look();
        state.lives.retain(|life| !life.is_over());
        state.lives.push(life.clone());
        state.store_of(nth)
    }

    fn look(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long the log of the database is; nothing where it has none that can be cut.
    #[must_use]
    pub fn log_bytes(&self) -> Option<u64> {
        match &self.look().place {
            Place::File(path) => fs::metadata(log_of(path)).ok().map(|found| found.len()),
            Place::Server(_) => None,
        }
    }

    /// How long the log of the figures beside is.
    #[must_use]
    pub fn beside_log_bytes(&self) -> u64 {
        match &self.look().place {
            Place::File(path) => {
                fs::metadata(log_of(&figures_beside(path))).map_or(0, |found| found.len())
            }
            Place::Server(_) => 0,
        }
    }

    /// Power is lost: what comes back are the files with their logs cut.
    ///
    /// # Errors
    /// [`StoreFault`] if a file cannot be copied or does not open again.
    pub fn cut_power(&self, cut: &Cut) -> Result<(), StoreFault> {
        let mut state = self.look();
        for life in state.lives.drain(..) {
            life.end();
        }
        let Place::File(before) = &state.place else { return Ok(()) };
        let before = before.clone();
        let nth = self.files.fetch_add(1, Ordering::SeqCst);
        let path = self.folder.path().join(format!("{nth}.db"));
        copy(&before, &path, cut.log_bytes, cut.rubbish_bytes)?;
        copy(&figures_beside(&before), &figures_beside(&path), cut.beside_log_bytes, 0)?;
        let after = Place::File(path);
        state.stores = after.open(state.stores.1.len())?;
        state.place = after;
        for gone in files_of(&before) {
            // It may be open still; its name is not needed any more.
            let _left = fs::remove_file(gone);
        }
        Ok(())
    }
}

impl State {
    fn store_of(&self, nth: usize) -> Arc<dyn Store> {
        Arc::clone(self.stores.1.get(nth).unwrap_or(&self.stores.0))
    }
}

impl Place {
    /// The store of all, and so many more for one process each.
    #[expect(clippy::type_complexity, reason = "one, and some more")]
    fn open(&self, own: usize) -> Result<(Arc<dyn Store>, Vec<Arc<dyn Store>>), StoreFault> {
        let first = self.open_one()?;
        let more = (0..own).map(|_| self.open_one()).collect::<Result<_, _>>()?;
        Ok((first, more))
    }

    fn open_one(&self) -> Result<Arc<dyn Store>, StoreFault> {
        match self {
            Self::File(path) => open(path),
            Self::Server(database) => {
                let url = database.url();
                now(async move { store::open(&url, &OPTIONS).await })
            }
        }
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

/// The files of an empty database with its schema, as [`files_of`] names them.
struct Template {
    files: Vec<Vec<u8>>,
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
    let files = files_of(&path).into_iter().map(read).collect::<Result<_, _>>()?;
    let template = Arc::new(Template { files });
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

/// A database with its log, and the figures with theirs.
fn files_of(path: &Path) -> [PathBuf; 4] {
    let beside = figures_beside(path);
    [path.to_owned(), log_of(path), beside.clone(), log_of(&beside)]
}

/// Copies a database with its log, cut to so many bytes.
fn copy(from: &Path, to: &Path, log_bytes: u64, rubbish_bytes: usize) -> Result<(), StoreFault> {
    let (log, copied) = (log_of(from), log_of(to));
    let copy = || {
        fs::copy(from, to)?;
        fs::copy(log, &copied)?;
        let mut log = fs::OpenOptions::new().append(true).open(&copied)?;
        log.set_len(log_bytes)?;
        log.write_all(&vec![0xa5; rubbish_bytes])
    };
    copy().map_err(|error| failed(&error))
}
