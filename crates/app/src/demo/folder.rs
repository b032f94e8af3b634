//! The folder of a demo: everything it keeps, readable by its owner only, held by one process.

use super::DemoFault;
use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::Arc,
};

/// The embedded database.
pub const DATABASE: &str = "wanbi.db";
/// Evidence files.
pub const FILES: &str = "files";
/// The stand-in's books.
pub const BOOKS: &str = "sandbox.jsonl";
/// The keys of both sides, a folder for each shop.
pub const KEYS: &str = "keys";
/// Its presence says that the demo was filled to its end.
pub const SEEDED: &str = "seeded";
/// Held while a demo runs; its presence says that the folder is a demo's.
const LOCK: &str = "demo.lock";
/// What is left alone when a folder is cleared: who holds it.
const KEPT: [&str; 1] = [LOCK];
/// The name of the folder unless another is named.
const NAME: &str = "wanbi-demo";

/// The folder of a demo.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
    /// The lock falls with the last clone, however the process ends.
    _lock: Arc<File>,
}

/// Where a demo lies unless told otherwise.
#[must_use]
pub fn usual() -> PathBuf {
    std::env::temp_dir().join(NAME)
}

impl Folder {
    /// Takes the folder for this process, and makes it if there is none.
    ///
    /// # Errors
    /// [`DemoFault`] if another process has it or it belongs to something or somebody else.
    pub fn take(path: &Path) -> Result<Self, DemoFault> {
        let failed = |source| DemoFault::Folder { path: path.to_owned(), source };
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(failed)?;
        let path = path.canonicalize().map_err(failed)?;
        let failed = |source| DemoFault::Folder { path: path.clone(), source };
        let is_new = fs::read_dir(&path).map_err(failed)?.next().is_none();
        if !is_new && !path.join(LOCK).is_file() {
            return Err(DemoFault::NotADemo(path));
        }
        let lock = private().create(true).append(true).open(path.join(LOCK)).map_err(failed)?;
        let of = |file: &fs::Metadata| file.uid();
        let owner = fs::metadata(&path).map_err(failed)?;
        if of(&owner) != of(&lock.metadata().map_err(failed)?) {
            let source = io::Error::other("it belongs to somebody else");
            return Err(failed(source));
        }
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, _lock: Arc::new(lock) }),
            Err(TryLockError::WouldBlock) => Err(DemoFault::Taken(path)),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The path of something in it.
    #[must_use]
    pub fn path_of(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Forgets everything.
    ///
    /// # Errors
    /// [`DemoFault::Folder`] if something cannot be removed.
    pub fn clear(&self) -> Result<(), DemoFault> {
        let failed = |source| DemoFault::Folder { path: self.path.clone(), source };
        for entry in fs::read_dir(&self.path).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            if KEPT.iter().any(|kept| entry.file_name() == *kept) {
                continue;
            }
            let is_folder = entry.file_type().map_err(failed)?.is_dir();
            let gone = if is_folder {
                fs::remove_dir_all(entry.path())
            } else {
                fs::remove_file(entry.path())
            };
            gone.map_err(failed)?;
        }
        Ok(())
    }

    /// Whether a demo was filled to its end here.
    ///
    /// # Errors
    /// [`DemoFault::Folder`] if it cannot be read.
    pub fn is_filled(&self) -> Result<bool, DemoFault> {
        Ok(self.read(SEEDED)?.is_some())
    }

    /// What a file says; nothing if there is none.
    ///
    /// # Errors
    /// [`DemoFault::Folder`] if it cannot be read.
    pub fn read(&self, name: &str) -> Result<Option<String>, DemoFault> {
        read(&self.path_of(name))
    }

    /// Writes a file whole, for its owner's eyes only, and answers with what was written.
    ///
    /// # Errors
    /// [`DemoFault::Folder`] if it cannot be written.
    pub fn write(&self, name: &str, text: &str) -> Result<String, DemoFault> {
        let (path, new) = (self.path_of(name), self.path_of(&format!("{name}.new")));
        let failed = |source| DemoFault::Folder { path: path.clone(), source };
        let mut file =
            private().write(true).create(true).truncate(true).open(&new).map_err(failed)?;
        file.write_all(text.as_bytes()).map_err(failed)?;
        fs::rename(&new, &path).map_err(failed)?;
        Ok(text.to_owned())
    }

    /// Removes a file; it may be gone already.
    ///
    /// # Errors
    /// [`DemoFault::Folder`] if it cannot be removed.
    pub fn remove(&self, name: &str) -> Result<(), DemoFault> {
        let path = self.path_of(name);
        match fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                Err(DemoFault::Folder { path, source })
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

/// What a file says; nothing if there is none.
///
/// # Errors
/// [`DemoFault::Folder`] if it cannot be read.
pub fn read(path: &Path) -> Result<Option<String>, DemoFault> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(source) if source.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(DemoFault::Folder { path: path.to_owned(), source }),
    }
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}
