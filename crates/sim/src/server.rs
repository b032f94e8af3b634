//! Throw-away databases of a PostgreSQL server, one for each run.

use engine::ports::StoreFault;
use std::{
    path::PathBuf,
    process::{Command, Stdio},
    sync::atomic::{AtomicU64, Ordering},
};

/// A server and the program that talks to it.
#[derive(Clone, Debug)]
pub struct Server {
    /// Where it is, as somebody who may create databases.
    pub url: String,
    /// The program `psql`.
    pub psql: PathBuf,
}

/// One database; it goes when its run is over.
#[derive(Debug)]
pub struct Database {
    server: Server,
    name: String,
}

impl Server {
    /// A fresh database.
    ///
    /// # Errors
    /// [`StoreFault::Broken`] if it cannot be made.
    pub fn database(&self) -> Result<Database, StoreFault> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let nth = COUNT.fetch_add(1, Ordering::SeqCst);
        let name = format!("sim_{}_{nth}", std::process::id());
        self.say(&format!("create database {name}"))?;
        Ok(Database { server: self.clone(), name })
    }

    fn say(&self, sql: &str) -> Result<(), StoreFault> {
        let mut psql = Command::new(&self.psql);
        psql.arg(&self.url).args(["--quiet", "--no-psqlrc", "--command", sql]);
        let done = psql.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
        match done {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(StoreFault::Broken(format!("psql: {status}"))),
            Err(error) => Err(StoreFault::Broken(format!("psql: {error}"))),
        }
    }
}

impl Database {
    /// Where it is.
    #[must_use]
    pub fn url(&self) -> String {
        let base = self.server.url.rsplit_once('/').map_or(self.server.url.as_str(), |it| it.0);
        format!("{base}/{}", self.name)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let name = &self.name;
        // The server goes with all that is left in it.
        let _left = self.server.say(&format!("drop database if exists {name} with (force)"));
    }
}
